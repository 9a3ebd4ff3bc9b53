// What was found, as a whole: counts, sections, warnings.

import { drawDocument } from "./document.js";
import { $, bar, h, number, plural } from "./dom.js";
import { say, show, showOffers } from "./faces.js";
import { FLAGS, summary } from "./model.js";
import { labelName } from "./notes.js";
import { seen } from "./scrolling.js";
import { state, view } from "./state.js";
import { goToSection, place } from "./stepping.js";
import { drawStrip } from "./strip.js";

export function start() {
  view.current = null;
  view.open = false;
  view.drafts.clear();
  view.troubles.clear();
  view.busy = null;
  const name = state.doc.name ?? "Your text";
  $("result-title").replaceChildren(...name.split(/(?<=[_.-])/).flatMap((part) => [part, h("wbr")])); // long names may break
  document.title = "scr-tone: checked"; // not the draft's name: browsers write titles into their history
  $("warnings").replaceChildren(...state.doc.warnings.map((warning) => h("p", { class: "warning" }, `Note: ${warning}.`)));
  $("made-by").textContent = `Made by ${state.doc.software.name} ${state.doc.software.version} with the model ${state.doc.model.name} (${state.doc.model.sha256.slice(0, 12)}).`;
  showOffers();
  $("downloads").open = false;
  $("downloads-note").textContent = "";
  show("result");
  $("document").classList.remove("noted");
  drawDocument($("document"), state.doc, view);
  refresh();
  window.scrollTo(0, 0);
  $("result-title").focus();
  const found = summary(state.doc, view.intended, view.leaveOutQuotes);
  say(`Done. ${plural(found.labels.blame, "sentence")} of ${number(found.sentences)} ${found.labels.blame === 1 ? "reads" : "read"} as blame. Press n for the first.`, { seen: false });
}

/** Everything that counts: after a check, an edit, a filter. */
export function refresh() {
  const found = summary(state.doc, view.intended, view.leaveOutQuotes);
  const rate = found.words ? (1000 * found.labels.blame) / found.words : 0;
  const kept = found.kept ? ` ${plural(found.kept, "flag")} kept as intended.` : "";
  $("result-counts").textContent = `${plural(found.sentences, "sentence")}, ${plural(found.words, "word")}. `
    + (found.labels.blame
      ? `${number(found.labels.blame)} ${found.labels.blame === 1 ? "sentence reads" : "sentences read"} as blame: ${rate.toFixed(1)} in every 1,000 words.`
      : "No sentence reads as blame to this tool, which does not mean that nobody will read one so.") + kept;
  $("get-decisions").hidden = !view.intended.size;
  for (const label of FLAGS) {
    $("document").classList.toggle(`show-${label}`, view.shown.has(label));
    $(`count-${label}`).textContent = number(found.labels[label]);
  }
  $("document").classList.toggle("no-quotes", view.leaveOutQuotes);
  drawSections(found);
  state.places = drawStrip($("strip"), state.doc, view);
  place();
  seen();
}

function drawSections(found) {
  const nav = $("sections");
  nav.hidden = found.sections.length < 2;
  state.sectionButtons = [];
  $("section-list").replaceChildren(...found.sections.map((section) => {
    const counted = FLAGS.filter((label) => section.labels[label] && (label === "blame" || view.shown.has(label)))
      .map((label) => `${section.labels[label]} ${labelName(label).toLowerCase()}`);
    const button = h("button", { type: "button", class: "section", onclick: () => goToSection(section.block) },
      h("span", { class: "section-name" }, section.name ?? "Before the first heading"),
      bar(FLAGS.filter((label) => view.shown.has(label)).map((label) => [label, section.labels[label] / section.sentences])),
      h("span", { class: "small" }, `${counted.length ? counted.join(", ") : "no blame"} in ${plural(section.sentences, "sentence")}`));
    state.sectionButtons.push([section.name, button]);
    return h("li", {}, button);
  }));
}
