// What was found, as a whole: counts, sections, warnings.

import { drawDocument } from "./document.js";
import { $, bar, h, number, plural } from "./dom.js";
import { say, show, showOffers } from "./faces.js";
import { FLAGS, summary } from "./model.js";
import { labelName } from "./notes.js";
import { drawOverview, nameOf } from "./overview.js";
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
  view.asking = false;
  clearFactor();
  const name = state.doc.name ?? "Your text";
  $("result-title").replaceChildren(...name.split(/(?<=[_.-])/).flatMap((part) => [part, h("wbr")])); // long names may break
  document.title = "scr-tone: checked"; // not the draft's name: browsers write titles into their history
  $("warnings").replaceChildren(...state.doc.warnings.map((warning) => h("p", { class: "warning" }, `Note: ${warning}.`)));
  $("made-by").textContent = `Made by ${state.doc.software.name} ${state.doc.software.version} with the model ${state.doc.model.name} (${state.doc.model.sha256.slice(0, 12)}).`;
  showOffers();
  for (const id of ["downloads", "decisions", "profile", "factors", "claims"]) $(id).open = false;
  for (const id of ["downloads-note", "decisions-note"]) $(id).textContent = "";
  show("result");
  $("document").classList.remove("noted");
  drawDocument($("document"), state.doc, view);
  refresh();
  window.scrollTo(0, 0);
  $("result-title").focus();
  const found = summary(state.doc, view.decisions, view.leaveOutQuotes);
  say(`Done. ${plural(found.labels.blame, "sentence")} of ${number(found.sentences)} ${found.labels.blame === 1 ? "reads" : "read"} as blame. Press n for the first.`, { seen: false });
}

/** Everything that counts: after a check, an edit, a filter. */
export function refresh() {
  const found = summary(state.doc, view.decisions, view.leaveOutQuotes, view.factor);
  const rate = found.words ? (1000 * found.labels.blame) / found.words : 0;
  const settled = [[found.settled.intended, "kept as intended"], [found.settled.wrong, "marked as wrong"]]
    .filter(([count]) => count).map(([count, how]) => `${plural(count, "flag")} ${how}`);
  $("result-counts").textContent = `${plural(found.sentences, "sentence")}, ${plural(found.words, "word")}. `
    + (found.labels.blame
      ? `${number(found.labels.blame)} ${found.labels.blame === 1 ? "sentence reads" : "sentences read"} as blame: ${rate.toFixed(1)} in every 1,000 words.`
      : "No sentence reads as blame to this tool, which does not mean that nobody will read one so.")
    + (settled.length ? ` ${settled.join(", ")}.` : "")
    + (found.unsure ? ` ${number(found.unsure)} more may be blame and ${found.unsure === 1 ? "is" : "are"} not marked: too unsure, a court’s words, a denial of fault, or a fault that is owned.` : "");
  drawDecisions();
  drawOverview();
  for (const label of FLAGS) {
    $("document").classList.toggle(`show-${label}`, view.shown.has(label));
    $(`show-${label}`).checked = view.shown.has(label);
    $(`count-${label}`).textContent = number(found.labels[label]);
  }
  $("document").classList.toggle("no-quotes", view.leaveOutQuotes);
  drawSections(found);
  state.places = drawStrip($("strip"), state.doc, view);
  place();
  seen();
}

function drawDecisions() {
  const tally = Object.entries(view.decisions.tally()).filter(([, count]) => count).map(([verdict, count]) => `${number(count)} ${verdict}`);
  $("decisions-size").textContent = view.decisions.size ? ` ${number(view.decisions.size)}` : "";
  $("decisions-count").textContent = view.decisions.size
    ? `You have decided on ${plural(view.decisions.size, "flag")}: ${tally.join(", ")}.`
    : "None yet. Open a flag and say whether it is intended, wrong or helpful; or load what you decided on an earlier draft.";
  for (const id of ["get-decisions", "forget"]) $(id).hidden = !view.decisions.size;
}

/** Show all learning sentences again, or what was shown before one factor was chosen. */
export function clearFactor({ back = true } = {}) {
  if (view.factor === null) return;
  view.factor = null;
  if (back) view.shown = view.shownBefore;
  view.shownBefore = null;
}

function drawSections(found) {
  const nav = $("sections");
  nav.hidden = found.sections.length < 2;
  state.sectionButtons = [];
  $("section-list").replaceChildren(...found.sections.map((section) => {
    const counted = FLAGS.filter((label) => section.labels[label] && (label === "blame" || view.shown.has(label)))
      .map((label) => `${section.labels[label]} ${labelName(label).toLowerCase()}`);
    const whole = plural(section.sentences, "sentence");
    const only = view.factor === null ? null : `${section.factor ? `${nameOf(view.factor)} in ${number(section.factor)}` : "none"} of ${whole}`;
    const button = h("button", { type: "button", class: "section", onclick: () => goToSection(section.block) },
      h("span", { class: "section-name" }, section.name ?? "Before the first heading"),
      bar(only === null ? FLAGS.filter((label) => view.shown.has(label)).map((label) => [label, section.labels[label] / section.sentences])
        : [["learning", section.factor / section.sentences]]),
      h("span", { class: "small" }, only ?? `${counted.length ? counted.join(", ") : "no blame"} in ${whole}`));
    state.sectionButtons.push([section.name, button]);
    return h("li", {}, button);
  }));
}
