// The page: what is chosen, what is shown, what a click or a key does. Text is held in memory only.

import { Problem, analyseFile, analyseText, annotated, offers, reportPage, setKey } from "./api.js";
import { drawDocument, redraw, replaceRow } from "./document.js";
import { $, bar, h, number, plural } from "./dom.js";
import { asWebPage, csv, decisionsFile, plainText, save, stem } from "./export.js";
import { FLAGS, Intended, anyEdits, blockText, counts, fromReport, isFlag, isHeading, putBack, sentencesOf, splice, summary } from "./model.js";
import { labelName } from "./notes.js";
import { drawStrip, sentenceAt, showHere, showSeen } from "./strip.js";

const narrow = window.matchMedia("screen and (max-width: 56rem)");

let doc = null; // the checked text
let given = null; // the file or text as it was given
let running = null; // AbortController of the check in progress
let service = { html: false, docx: false };
let places = new Map(); // of the sentences on the strip
let unsaved = false;

const view = {
  intended: new Intended(),
  shown: new Set(["blame"]),
  leaveOutQuotes: false,
  current: null,
  open: false,
  narrow: narrow.matches,
  drafts: new Map(),
  troubles: new Map(),
  busy: null,
  depths: new Map(),
  actions: { keep, edit, close, editBlock, leaveEdit, checkBlock, putBack: restore },
};

/** Tell a screen reader, and for a few seconds the eye too, unless the page shows it anyway. */
let fading = null;
const say = (text, { seen: alsoSeen = true } = {}) => {
  const status = $("status");
  status.textContent = text;
  status.classList.toggle("unseen", !alsoSeen);
  clearTimeout(fading);
  if (alsoSeen) fading = setTimeout(() => status.classList.add("unseen"), 6000);
};

// ---- the three faces of the page ----

function show(which) {
  for (const id of ["start", "working", "result"]) $(id).hidden = id !== which;
  document.body.dataset.face = which;
}

function hideError() {
  $("error").hidden = true;
  $("error").replaceChildren();
}

function showError(problem, retry = null) {
  const box = $("error");
  const title = problem instanceof Problem ? problem.message : "Something went wrong on this page";
  const detail = problem instanceof Problem ? problem.detail : "Reload the page and try again. Nothing was kept.";
  box.replaceChildren(h("p", {}, h("strong", {}, `${title}.`), " ", detail));
  if (problem.status === 401) {
    const input = h("input", { type: "password", id: "key", autocomplete: "off" });
    box.append(h("form", { onsubmit: (event) => { event.preventDefault(); useKey(input.value, retry); } },
      h("label", { for: "key" }, "Key "), input, " ", h("button", { type: "submit" }, "Use this key")));
  }
  box.hidden = false;
  box.focus();
}

async function useKey(value, retry) {
  setKey(value);
  hideError();
  service = await offers();
  showOffers();
  retry?.();
}

function showOffers() {
  $("get-html").hidden = !service.html;
  $("get-docx").hidden = !(service.docx && doc?.format === "docx");
}

// ---- checking a whole text ----

async function check(what, send) {
  if (running) return;
  hideError();
  const face = document.body.dataset.face;
  running = new AbortController();
  const begun = performance.now();
  $("working-what").textContent = what;
  $("working-time").textContent = "";
  const clock = setInterval(() => {
    $("working-time").textContent = `${Math.round((performance.now() - begun) / 1000)} s so far. A long report takes a few seconds, a PDF longer.`;
  }, 1000);
  show("working");
  $("working-title").focus();
  say(what, { seen: false });
  try {
    const { report, text, source } = await send(running.signal);
    doc = fromReport(report, text);
    given = source;
    unsaved = false;
    start();
  } catch (error) {
    show(face === "result" && doc ? "result" : "start");
    if (error.name === "AbortError") {
      say("Cancelled. Nothing was kept.");
      (face === "result" ? $("again") : $("text")).focus();
    } else {
      say("");
      showError(error, () => check(what, send));
    }
  } finally {
    clearInterval(clock);
    running = null;
  }
}

function checkText(text) {
  if (!text.trim()) {
    showError(new Problem("There is no text yet", "Paste some into the box, or choose a file."));
    return;
  }
  const words = text.trim().split(/\s+/).length;
  check(`Reading ${plural(words, "word")} sentence by sentence.`, async (signal) =>
    ({ report: await analyseText(text, signal), text, source: new File([text], "text.txt", { type: "text/plain" }) }));
}

/** Decisions that were made on an earlier draft, or by scr-tone decide. */
async function loadDecisions(file) {
  hideError();
  const found = view.intended.load(await file.text());
  if (found === null) {
    showError(new Problem("This is no file of decisions", "Such a file comes from “Your decisions” under Download, or from scr-tone decide."));
    return;
  }
  if (doc) {
    drawDocument($("document"), doc, view);
    refresh();
  }
  say(`${plural(found, "decision")} loaded from ${file.name}.${doc ? "" : " They hold for the texts that you check now."}`);
}

function checkFile(file) {
  if (/\.json$/i.test(file.name)) {
    loadDecisions(file);
    return;
  }
  if (doc && unsaved && !window.confirm("Your edits to the present text have not been downloaded. Check the new file all the same?")) return;
  check(`Reading ${file.name} sentence by sentence.`, async (signal) =>
    ({ report: await analyseFile(file, signal), text: null, source: file }));
}

// ---- the result ----

function start() {
  view.current = null;
  view.open = false;
  view.drafts.clear();
  view.troubles.clear();
  view.busy = null;
  const name = doc.name ?? "Your text";
  $("result-title").replaceChildren(...name.split(/(?<=[_.-])/).flatMap((part) => [part, h("wbr")])); // long names may break
  document.title = "scr-tone: checked"; // not the draft's name: browsers write titles into their history
  $("warnings").replaceChildren(...doc.warnings.map((warning) => h("p", { class: "warning" }, `Note: ${warning}.`)));
  $("made-by").textContent = `Made by ${doc.software.name} ${doc.software.version} with the model ${doc.model.name} (${doc.model.sha256.slice(0, 12)}).`;
  showOffers();
  $("downloads").open = false;
  $("downloads-note").textContent = "";
  show("result");
  $("document").classList.remove("noted");
  drawDocument($("document"), doc, view);
  refresh();
  window.scrollTo(0, 0);
  $("result-title").focus();
  const found = summary(doc, view.intended, view.leaveOutQuotes);
  say(`Done. ${plural(found.labels.blame, "sentence")} of ${number(found.sentences)} ${found.labels.blame === 1 ? "reads" : "read"} as blame. Press n for the first.`, { seen: false });
}

/** Everything that counts: after a check, an edit, a filter. */
function refresh() {
  const found = summary(doc, view.intended, view.leaveOutQuotes);
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
  places = drawStrip($("strip"), doc, view);
  place();
  seen();
}

let sectionButtons = []; // name and button, in order

function drawSections(found) {
  const nav = $("sections");
  nav.hidden = found.sections.length < 2;
  sectionButtons = [];
  $("section-list").replaceChildren(...found.sections.map((section) => {
    const counted = FLAGS.filter((label) => section.labels[label] && (label === "blame" || view.shown.has(label)))
      .map((label) => `${section.labels[label]} ${labelName(label).toLowerCase()}`);
    const button = h("button", { type: "button", class: "section", onclick: () => goToSection(section.block) },
      h("span", { class: "section-name" }, section.name ?? "Before the first heading"),
      bar(FLAGS.filter((label) => view.shown.has(label)).map((label) => [label, section.labels[label] / section.sentences])),
      h("span", { class: "small" }, `${counted.length ? counted.join(", ") : "no blame"} in ${plural(section.sentences, "sentence")}`));
    sectionButtons.push([section.name, button]);
    return h("li", {}, button);
  }));
}

// ---- going from flag to flag ----

const listOf = () => [...sentencesOf(doc)];
const stops = () => listOf().map(([sentence]) => sentence).filter((sentence) =>
  isFlag(sentence, view.leaveOutQuotes) && view.shown.has(sentence.label) && !view.intended.has(sentence));

function find(id) {
  for (const [sentence, block] of sentencesOf(doc)) if (sentence.id === id) return { sentence, block };
  return null;
}

function place() {
  const flags = stops();
  const index = flags.findIndex((sentence) => sentence.id === view.current);
  $("place").textContent = index >= 0 ? `${index + 1} of ${flags.length}` : plural(flags.length, "flag");
  for (const id of ["previous", "next"]) $(id).setAttribute("aria-disabled", String(!flags.length));
  const list = listOf();
  const at = list.findIndex(([sentence]) => sentence.id === view.current);
  const strip = $("strip");
  showHere(strip, places.get(view.current));
  strip.setAttribute("aria-valuemin", "0");
  strip.setAttribute("aria-valuemax", String(list.length));
  strip.setAttribute("aria-valuenow", String(at + 1));
  strip.setAttribute("aria-valuetext", at < 0 ? `At the start; ${plural(flags.length, "flag")} shown` : describe(list[at], at, list.length));
}

function describe([sentence, block], at, count) {
  const reads = isFlag(sentence, view.leaveOutQuotes) ? `, reads as ${labelName(sentence.label).toLowerCase()}` : "";
  return `Sentence ${at + 1} of ${count}${block.section ? `, in ${block.section}` : ""}${reads}: ${sentence.text}`;
}

/** Make a sentence the current one. `open` opens its note, `focus` moves the keyboard there. */
function select(id, { open = true, focus = true, scroll = true } = {}) {
  const before = find(view.current);
  const now = find(id);
  view.current = id;
  view.open = open && now !== null && now.sentence.label !== "neutral";
  if (before && before.block !== now?.block) redraw(before.block, view);
  if (now) redraw(now.block, view);
  $("document").classList.toggle("noted", view.open);
  place();
  const element = now && $(`sentence-${id}`);
  if (!element) return;
  if (scroll) bring(element);
  if (focus) element.querySelector("button.tag")?.focus({ preventScroll: true });
  seen();
}

/** What sticks to the top: the whole bar, on a small screen only the strip, on a low one nothing. */
const stuck = () => [$("controls"), $("strip")].find((element) =>
  getComputedStyle(element).position === "sticky" && getComputedStyle(element).display !== "contents");

/** Bring it below what sticks to the top, with room for its note. */
function bring(element) {
  const barHeight = stuck()?.offsetHeight ?? 0;
  const top = element.getBoundingClientRect().top + window.scrollY;
  window.scrollTo({ top: Math.max(0, top - barHeight - Math.min(120, window.innerHeight * 0.12)) });
}

function step(by, options = {}) {
  const flags = stops();
  if (!flags.length) {
    say(view.shown.size ? "No flags of the kinds that are shown." : "Choose at least one kind to show.");
    return;
  }
  const order = listOf().map(([sentence]) => sentence.id);
  const at = order.indexOf(view.current);
  const ahead = flags.map((sentence) => order.indexOf(sentence.id));
  let index;
  if (by > 0) {
    index = ahead.findIndex((where) => where > at);
    if (index < 0) index = 0;
  } else {
    index = ahead.findLastIndex((where) => at >= 0 && where < at);
    if (index < 0) index = flags.length - 1;
  }
  const sentence = flags[index];
  select(sentence.id, options);
  const round = by > 0 ? at >= 0 && order.indexOf(sentence.id) <= at : at >= 0 && order.indexOf(sentence.id) >= at;
  say(`${index + 1} of ${flags.length}${round && flags.length > 1 ? ", from the other end" : ""}. ${labelName(sentence.label)}.`, { seen: round });
}

function goToSection(block) {
  const row = $(`block-${block.id}`);
  if (!row) return;
  const heading = headingOf(block) ?? row;
  bring(heading);
  const target = heading.querySelector(".para") ?? heading;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  seen();
}

/** The row of the heading that a section's first counted paragraph stands under. */
function headingOf(block) {
  for (let index = doc.blocks.findIndex((other) => other.id === block.id); index >= 0; index -= 1) {
    const other = doc.blocks[index];
    if (other.section !== block.section) break;
    if (other.kind === "heading") return $(`block-${other.id}`);
  }
  return null;
}

/** Change what is shown while one element stays where it is: the one given, else the current sentence, else what is on top. */
function holdStill(change, id = null) {
  const edge = stuck()?.getBoundingClientRect().bottom ?? 0;
  const current = $(`sentence-${view.current}`)?.getBoundingClientRect();
  const inSight = current && current.bottom > edge && current.top < window.innerHeight;
  const held = id ?? (inSight ? `sentence-${view.current}` : null) ?? [...document.querySelectorAll("#document .row")].find((row) => row.getBoundingClientRect().bottom > edge)?.id;
  const before = $(held)?.getBoundingClientRect().top;
  change();
  const after = $(held)?.getBoundingClientRect().top;
  if (window.scrollY > 0 && before !== undefined && after !== undefined) window.scrollBy(0, after - before);
  seen();
}

// ---- the strip and what is on the screen ----

function seen() {
  if (!doc || $("result").hidden) return;
  const rows = document.querySelectorAll("#document .row");
  if (!rows.length) return;
  const top = stuck()?.getBoundingClientRect().bottom ?? 0;
  const firstBelow = (edge) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > edge) high = middle; else low = middle + 1;
    }
    return Math.min(low, rows.length - 1);
  };
  const first = firstBelow(Math.max(0, top));
  const last = firstBelow(window.innerHeight);
  const edge = (index, from) => {
    for (let row = index; row >= 0 && row < doc.blocks.length; row += from ? 1 : -1) {
      const list = doc.blocks[row].sentences;
      if (list.length) {
        const id = (from ? list[0] : list[list.length - 1]).id;
        const found = places.get(id);
        if (found) return from ? found.from : found.to;
      }
    }
    return from ? 0 : 1;
  };
  showSeen($("strip"), edge(first, true), edge(last, false));
  const section = doc.blocks[firstBelow(Math.max(0, top) + Math.min(160, window.innerHeight * 0.2))]?.section;
  for (const [name, button] of sectionButtons) {
    const here = name === section;
    if (here === button.hasAttribute("aria-current")) continue;
    if (here) {
      button.setAttribute("aria-current", "location");
      follow(button);
    } else button.removeAttribute("aria-current");
  }
}

/** Keep the present section in sight in its list, unless somebody is using the list. */
function follow(button) {
  const box = [$("sections"), $("section-list")].find((one) => one.scrollHeight > one.clientHeight + 1);
  if (!box || box.contains(document.activeElement) || box.matches(":hover")) return;
  const away = button.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (away < 0 || away > box.clientHeight - button.offsetHeight) box.scrollTop += away - box.clientHeight / 3;
}

let waiting = false;
const seenSoon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; seen(); });
};

function stripClick(event) {
  const box = $("strip").getBoundingClientRect();
  const where = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
  const flags = new Set(stops().map((sentence) => sentence.id));
  const reach = Math.max(6 / box.width, 0.004); // a finger is wider than a mark
  const near = [...places.values()].filter((one) => flags.has(one.id))
    .map((one) => ({ id: one.id, away: Math.max(one.from - where, where - one.to, 0) }))
    .sort((a, b) => a.away - b.away)[0];
  if (near && near.away <= reach) select(near.id, { focus: false });
  else select(sentenceAt(places, where), { open: false, focus: false });
}

function stripKey(event) {
  const flags = stops();
  const stay = { focus: false };
  const act = {
    ArrowRight: () => step(1, stay), ArrowDown: () => step(1, stay),
    ArrowLeft: () => step(-1, stay), ArrowUp: () => step(-1, stay),
    Home: () => flags.length && select(flags[0].id, stay),
    End: () => flags.length && select(flags[flags.length - 1].id, stay),
    PageDown: () => bySection(1), PageUp: () => bySection(-1),
    Enter: () => $(`sentence-${view.current}`)?.querySelector("button.tag")?.focus(),
  }[event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  act();
}

function bySection(by) {
  const list = listOf();
  const starts = list.filter(([, block], index) => index === 0 || list[index - 1][1].section !== block.section).map(([sentence]) => sentence.id);
  const order = new Map(list.map(([sentence], index) => [sentence.id, index]));
  const at = order.get(view.current) ?? -1;
  const next = by > 0 ? starts.find((id) => order.get(id) > at) : starts.findLast((id) => order.get(id) < at);
  if (next !== undefined) select(next, { open: false, focus: false });
}

// ---- what can be done with a flag ----

function keep(sentence) {
  const kept = view.intended.toggle(sentence, doc.model.sha256);
  for (const block of doc.blocks) {
    if (block.sentences.some((other) => Intended.key(other) === Intended.key(sentence))) redraw(block, view);
  }
  refresh();
  $(`sentence-${sentence.id}`)?.querySelector("button.tag")?.focus({ preventScroll: true });
  say(kept ? "Kept as intended. It stays quiet until you close the page; “Your decisions” under Download keeps it for the next draft." : "Flagged again.");
}

function close(sentence) {
  holdStill(() => select(sentence.id, { open: false, scroll: false }), `sentence-${sentence.id}`);
}

function edit(sentence) {
  const found = find(sentence.id);
  if (found) editBlock(found.block);
}

function editBlock(block) {
  if (!view.drafts.has(block.id)) view.drafts.set(block.id, blockText(block).replace(/[ \t]*\r?\n[ \t]*/g, " "));
  redraw(block, view);
  $(`edit-${block.id}`).focus();
}

function afterEdit(blocks) {
  const row = $(`block-${blocks[0].id}`);
  const buttons = [...(row?.querySelectorAll("button.tag, button") ?? [])].filter((button) => button.offsetParent !== null);
  (buttons.find((button) => button.classList.contains("tag")) ?? buttons[0])?.focus({ preventScroll: true });
}

function leaveEdit(block) {
  view.drafts.delete(block.id);
  view.troubles.delete(block.id);
  if (view.busy === block.id) view.busy = null;
  redraw(block, view);
  afterEdit([block]);
  say("Edit left; nothing was changed.");
}

async function checkBlock(block) {
  if (view.busy !== null) return;
  const text = view.drafts.get(block.id).trim();
  view.troubles.delete(block.id);
  if (text === blockText(block)) {
    leaveEdit(block);
    return;
  }
  let report = null;
  const edited = doc;
  const judged = text && /\p{L}/u.test(text) && !(isHeading(block) && block.sentences.length);
  if (judged) {
    view.busy = block.id;
    redraw(block, view);
    say("Checking the paragraph.");
    try {
      report = await analyseText(text);
    } catch (error) {
      if (doc !== edited) return; // another text has come meanwhile
      if (view.busy === block.id) view.busy = null;
      view.troubles.set(block.id, `${error.message}. ${error.detail ?? ""}`);
      redraw(block, view);
      $(`edit-${block.id}`)?.focus();
      return;
    }
    if (doc !== edited || view.busy !== block.id) return; // the edit was left meanwhile
    view.busy = null;
  }
  view.drafts.delete(block.id);
  const { blocks, changed } = splice(doc, block, text, report && { ...report, layout: undefined });
  view.current = null;
  view.open = false;
  unsaved = anyEdits(doc);
  for (const part of blocks) view.depths.set(part.origin, view.depths.get(block.origin));
  replaceRow(block.id, blocks, view);
  $("document").classList.remove("noted");
  refresh();
  afterEdit(blocks);
  say(outcome(text, report, changed));
}

function outcome(text, report, changed) {
  if (!text) return "The paragraph was taken out.";
  if (!report) return "Changed. Headings are not judged.";
  if (!changed.length) return "Checked again. No sentence is new.";
  const reads = changed.filter((sentence) => counts(sentence, view.leaveOutQuotes)).map((sentence) =>
    sentence.label === "neutral" ? "neutral" : `${labelName(sentence.label).toLowerCase()}${view.intended.has(sentence) ? ", kept as intended" : ""}`);
  return `Checked again. ${plural(changed.length, "changed sentence")} ${changed.length === 1 ? "reads" : "read"} as: ${reads.join("; ")}.`;
}

function restore(block) {
  const { block: first, gone } = putBack(doc, block);
  for (const part of gone) {
    view.drafts.delete(part.id);
    if (part.id !== first.id) $(`block-${part.id}`)?.remove();
  }
  view.current = null;
  view.open = false;
  unsaved = anyEdits(doc);
  redraw(first, view);
  refresh();
  afterEdit([first]);
  say("The original is back.");
}

// ---- downloads ----

async function download(what, make) {
  const note = $("downloads-note");
  note.textContent = "Making it…";
  try {
    save(...(await make()));
    note.textContent = what;
  } catch (error) {
    note.textContent = `${error.message}. ${error.detail ?? ""}`;
  }
  say(note.textContent);
}

const getHtml = () => download("Downloaded. This report shows every flag, also those that you keep as intended.", async () => {
  const edited = anyEdits(doc);
  const source = edited ? asWebPage(doc) : given;
  const page = await reportPage(source, edited ? `${stem(doc)}-edited.html` : given.name, view.leaveOutQuotes);
  return [page, `${stem(doc)}-tone.html`];
});

const getCsv = () => download("Downloaded.", () => [csv(doc, view.intended), `${stem(doc)}-tone.csv`]);

const getDecisions = () => download("Downloaded. It holds no text. Drop it on this page with the next draft, or keep it beside the draft for scr-tone check.",
  () => decisionsFile(doc, view.intended));

const getText = () => download("Downloaded, with your edits.", () => {
  unsaved = false;
  return [plainText(doc), `${stem(doc)}${anyEdits(doc) ? "-edited" : ""}.txt`];
});

const getDocx = () => download(
  anyEdits(doc)
    ? "Downloaded. The comments are in the file as you gave it, without the changes made on this page."
    : `Downloaded. Every sentence that reads as blame has a comment${view.intended.size ? ", but for those that you keep as intended" : ""}.`,
  async () => {
    const [decisions] = view.intended.size ? decisionsFile(doc, view.intended) : [];
    return [await annotated(given, view.leaveOutQuotes, decisions), `${stem(doc)}-comments.docx`];
  });

// ---- wiring ----

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
  $("cancel").addEventListener("click", () => running?.abort());
  $("again").addEventListener("click", () => {
    if (unsaved && !window.confirm("Your edits have not been downloaded. Leave them?")) return;
    doc = null;
    given = null;
    unsaved = false;
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
  document.addEventListener("click", (event) => { if (event.isTrusted && !event.target.closest("#downloads")) $("downloads").open = false; });
  $("get-html").addEventListener("click", getHtml);
  $("get-csv").addEventListener("click", getCsv);
  $("get-docx").addEventListener("click", getDocx);
  $("get-decisions").addEventListener("click", getDecisions);
  $("get-text").addEventListener("click", getText);
  $("get-print").addEventListener("click", () => window.print());

  const help = $("help");
  $("help-open").addEventListener("click", openHelp);
  $("help-close").addEventListener("click", () => help.close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || help.open) return;
    const inField = event.target.closest("textarea, input:not([type=checkbox]), select");
    if (event.key === "Escape") {
      if (running) running.abort();
      else if (doc && view.open) close(find(view.current).sentence);
      else $("downloads").open = false;
      return;
    }
    if (inField || !$("keys").checked) return;
    if (event.key === "?") {
      event.preventDefault();
      openHelp();
      return;
    }
    if (!doc || $("result").hidden) return;
    const found = find(view.current);
    const act = {
      n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
      i: () => found && found.sentence.label !== "neutral" && keep(found.sentence),
      e: () => found && editBlock(found.block),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  narrow.addEventListener("change", () => {
    view.narrow = narrow.matches;
    const found = doc && find(view.current);
    if (found) redraw(found.block, view);
  });
  window.addEventListener("scroll", seenSoon, { passive: true });
  window.addEventListener("resize", seenSoon, { passive: true });
  window.addEventListener("beforeunload", (event) => { if (unsaved || view.drafts.size) event.preventDefault(); });
}

try {
  wire();
  tellWhere();
  $("sections-box").open = window.matchMedia("(min-width: 72.01rem)").matches; // above the text it would push it down
  show("start");
  document.body.dataset.ready = "yes";
  service = await offers();
  showOffers();
} catch (error) {
  showError(error instanceof Problem ? error : new Problem("The page could not start", "Is “scr-tone serve” still running? Reload the page."));
}
