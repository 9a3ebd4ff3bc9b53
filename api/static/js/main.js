// The page: what a click or a key does. Text is held in memory only.

import { Problem, offers } from "./api.js";
import { checkFile, checkText, loadDecisions } from "./checking.js";
import { drawDocument, redraw } from "./document.js";
import { $, h, plural } from "./dom.js";
import { getCsv, getDecisions, getDocx, getHtml, getText } from "./downloads.js";
import { checkBlock, close, decide, edit, editBlock, leaveEdit, restore } from "./editing.js";
import { hideError, say, show, showError, showOffers } from "./faces.js";
import { FLAGS, isTelling } from "./model.js";
import { labelName } from "./notes.js";
import { nameOf, toOverview } from "./overview.js";
import { clearFactor, refresh } from "./result.js";
import { holdStill, seenSoon } from "./scrolling.js";
import { find, narrow, state, stops, view } from "./state.js";
import { goTo, select, step, stripClick, stripKey } from "./stepping.js";

view.actions = { decide, edit, close, editBlock, leaveEdit, checkBlock, putBack: restore, goTo, chooseFactor };

/** Show only the sentences that name a factor, or with the same one again, all of what was shown before. */
function chooseFactor(factor) {
  holdStill(() => {
    const same = view.factor === factor;
    clearFactor();
    if (!same) {
      view.factor = factor;
      view.shownBefore = view.shown;
      view.shown = new Set(["learning"]);
    }
    drawDocument($("document"), state.doc, view);
    refresh();
  }, "factors");
  document.querySelector(`.factor[data-factor="${factor}"]`)?.focus({ preventScroll: true });
  say(view.factor === null ? "All factors are shown again." : `Only ${nameOf(factor).toLowerCase()}: ${plural(stops().length, "sentence")}. Press n for the first.`);
}

const menus = ["downloads", "decisions"];

/** Close them as Escape does, with the keyboard back on the button of the one that had it. */
function closeMenus() {
  for (const id of menus) {
    if (!$(id).open) continue;
    if ($(id).contains(document.activeElement)) $(id).querySelector("summary").focus();
    $(id).open = false;
  }
}

function openHelp() {
  $("help").showModal();
  $("help").scrollTop = 0;
}

/** What the page says about where the text goes must be true also where the service is reached over a network. */
function tellWhere() {
  if (["localhost", "[::1]"].includes(location.hostname) || location.hostname.startsWith("127.")) return;
  for (const element of document.querySelectorAll("[data-where]")) {
    element.textContent = `Your text goes to ${location.host} and nowhere else.`;
  }
}

const EXAMPLE = `4.11 Child P was eleven months old when the health visitor called on 3 March. Nobody answered, and a card was left.

4.12 The health visitor failed to follow up the missed visit and should have told the social worker. It was naive to rely on a card through the door.

4.13 She covered two caseloads that spring, forty-six families in all, and the recording system showed missed visits only to the person who had entered them. To her, the family were moving house and had said so.

4.14 The Trust accepts that its cover for vacancies was not safe and has apologised to the family. The Director of Nursing will report to the Board each quarter on how many first visits are late.

4.15 Mother told the review: “They let us down, all of them.” She chose to stay with a violent partner and failed to protect her daughter.`;

function wire() {
  $("paste").addEventListener("submit", (event) => { event.preventDefault(); checkText($("text").value); });
  $("example").addEventListener("click", () => { $("text").value = EXAMPLE; $("text").focus(); say("An invented example is in the box."); });
  $("drop").addEventListener("submit", (event) => event.preventDefault());
  $("file").addEventListener("change", () => {
    const [file] = $("file").files;
    $("file").value = "";
    if (file) checkFile(file);
  });
  $("cancel").addEventListener("click", () => state.running?.abort());
  $("again").addEventListener("click", () => {
    if (state.unsaved && !window.confirm("Your edits have not been downloaded. Leave them?")) return;
    state.doc = null;
    state.given = null;
    state.unsaved = false;
    $("document").replaceChildren();
    $("made-by").textContent = "";
    hideError();
    show("start");
    document.title = "scr-tone: how will this draft sound?";
    say("");
    $("text").focus();
  });

  // Files dropped anywhere on the page.
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.classList.remove("dropping");
    const [file, ...others] = event.dataTransfer.files;
    if (!file) return;
    checkFile(file);
    if (others.length) say(`Only one file at a time: ${file.name} is being read.`);
  });

  for (const label of FLAGS) {
    const input = h("input", { type: "checkbox", value: label, id: `show-${label}` });
    input.checked = view.shown.has(label);
    input.addEventListener("change", () => {
      holdStill(() => {
        if (view.factor !== null) {
          clearFactor({ back: false });
          drawDocument($("document"), state.doc, view);
        }
        if (input.checked) view.shown.add(label); else view.shown.delete(label);
        refresh();
      });
      say(`${plural(stops().length, "flag")} shown.`);
    });
    $("filters").append(h("label", { class: `check pill ${label}` }, input, " ", h("span", { class: "line", "aria-hidden": "true" }),
      h("span", {}, labelName(label)), " ", h("span", { class: "count", id: `count-${label}` }, "0")));
  }
  $("quotes").addEventListener("change", () => {
    view.leaveOutQuotes = $("quotes").checked;
    holdStill(refresh);
    say(view.leaveOutQuotes ? "Quotations and sentences wholly in quotation marks are left out." : "Quoted speech counts again.");
  });
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("strip").addEventListener("click", stripClick);
  $("strip").addEventListener("keydown", stripKey);
  $("document").addEventListener("click", (event) => {
    if (event.target.closest(".more, .paper, button:not(.tag), a, textarea")) return;
    if (window.getSelection()?.toString()) return; // somebody is selecting text
    const id = Number(event.target.closest("[data-sentence]")?.dataset.sentence);
    if (!id) return;
    const found = find(id);
    if (!found || !($("document").classList.contains(`show-${found.sentence.label}`))) return;
    const isOpen = view.open && view.current === id;
    holdStill(() => select(id, { open: !isOpen, scroll: false }), `sentence-${id}`);
  });
  document.addEventListener("click", (event) => {
    for (const id of menus) if (event.isTrusted && !event.target.closest(`#${id}`)) $(id).open = false;
  });
  $("load-decisions").addEventListener("change", () => {
    const [file] = $("load-decisions").files;
    $("load-decisions").value = "";
    if (file) loadDecisions(file);
  });
  $("forget").addEventListener("click", () => {
    if (view.decisions.unsaved && !window.confirm("Your decisions have not been downloaded. Forget them?")) return;
    view.decisions.forget();
    holdStill(() => {
      drawDocument($("document"), state.doc, view);
      refresh();
    });
    $("decisions").querySelector("summary").focus();
    say("All decisions are forgotten.");
  });
  $("only").addEventListener("click", () => {
    chooseFactor(view.factor);
    $("next").focus({ preventScroll: true });
  });
  $("get-html").addEventListener("click", getHtml);
  $("get-csv").addEventListener("click", getCsv);
  $("get-docx").addEventListener("click", getDocx);
  $("get-decisions").addEventListener("click", getDecisions);
  $("get-text").addEventListener("click", getText);
  $("get-print").addEventListener("click", () => window.print());

  // Paper cannot be opened: it has the overview whole.
  const folded = () => [...document.querySelectorAll("#overview details")];
  window.addEventListener("beforeprint", () => { for (const one of folded()) { one.dataset.was = String(one.open); one.open = true; } });
  window.addEventListener("afterprint", () => { for (const one of folded()) one.open = one.dataset.was === "true"; });

  const help = $("help");
  $("help-open").addEventListener("click", openHelp);
  $("help-close").addEventListener("click", () => help.close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || help.open) return;
    const inField = event.target.closest("textarea, input:not([type=checkbox]), select");
    if (event.key === "Escape") {
      if (state.running) state.running.abort();
      else if (menus.some((id) => $(id).open)) closeMenus();
      else if (state.doc && view.open) close(find(view.current).sentence);
      return;
    }
    if (inField || !$("keys").checked) return;
    if (event.key === "?") {
      event.preventDefault();
      openHelp();
      return;
    }
    if (!state.doc || $("result").hidden) return;
    const found = find(view.current);
    const verdict = (which) => found && isTelling(found.sentence) && decide(found.sentence, which);
    const act = {
      n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
      i: () => verdict("intended"), w: () => verdict("wrong"), h: () => verdict("helpful"), o: toOverview,
      e: () => found && editBlock(found.block),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  narrow.addEventListener("change", () => {
    view.narrow = narrow.matches;
    const found = state.doc && find(view.current);
    if (found) redraw(found.block, view);
  });
  window.addEventListener("scroll", seenSoon, { passive: true });
  window.addEventListener("resize", seenSoon, { passive: true });
  window.addEventListener("beforeunload", (event) => { if (state.unsaved || view.decisions.unsaved || view.drafts.size) event.preventDefault(); });
}

try {
  wire();
  tellWhere();
  $("sections-box").open = window.matchMedia("(min-width: 72.01rem)").matches; // above the text it would push it down
  show("start");
  document.body.dataset.ready = "yes";
  state.service = await offers();
  showOffers();
} catch (error) {
  showError(error instanceof Problem ? error : new Problem("The page could not start", "Is “scr-tone serve” still running? Reload the page."));
}
