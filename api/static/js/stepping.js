// Going from flag to flag, from section to section, and along the strip.

import { redraw } from "./document.js";
import { $, plural } from "./dom.js";
import { say } from "./faces.js";
import { isFlag, isTelling } from "./model.js";
import { labelName } from "./notes.js";
import { bring, seen } from "./scrolling.js";
import { find, isShown, listOf, state, stops, view } from "./state.js";
import { sentenceAt, showHere } from "./strip.js";

export function place() {
  const flags = stops();
  const index = flags.findIndex((sentence) => sentence.id === view.current);
  $("place").textContent = index >= 0 ? `${index + 1} of ${flags.length}` : plural(flags.length, "flag");
  for (const id of ["previous", "next"]) $(id).setAttribute("aria-disabled", String(!flags.length));
  const list = listOf();
  const at = list.findIndex(([sentence]) => sentence.id === view.current);
  const strip = $("strip");
  showHere(strip, state.places.get(view.current));
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
export function select(id, { open = true, focus = true, scroll = true } = {}) {
  const before = find(view.current);
  const now = find(id);
  view.current = id;
  view.open = open && now !== null && isTelling(now.sentence);
  if (before && before.block !== now?.block) redraw(before.block, view);
  if (now) redraw(now.block, view);
  $("document").classList.toggle("noted", view.open);
  place();
  const element = now && $(`sentence-${id}`);
  if (!element) return;
  if (scroll) bring(element);
  if (focus) {
    const tag = element.querySelector("button.tag");
    const target = tag?.offsetParent ? tag : element; // a sentence without a mark takes the keyboard itself
    if (target === element) element.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  }
  seen();
}

/** Go to a sentence that is spoken of elsewhere on the page; its note opens if it is marked at present. */
export function goTo(id) {
  const { sentence } = find(id);
  select(id, { open: isFlag(sentence, view.leaveOutQuotes) && isShown(sentence) });
  say("Press o to go back to the overview.");
}

export function step(by, options = {}) {
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

export function goToSection(block) {
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
  for (let index = state.doc.blocks.findIndex((other) => other.id === block.id); index >= 0; index -= 1) {
    const other = state.doc.blocks[index];
    if (other.section !== block.section) break;
    if (other.kind === "heading") return $(`block-${other.id}`);
  }
  return null;
}

export function stripClick(event) {
  const box = $("strip").getBoundingClientRect();
  const where = Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
  const flags = new Set(stops().map((sentence) => sentence.id));
  const reach = Math.max(6 / box.width, 0.004); // a finger is wider than a mark
  const near = [...state.places.values()].filter((one) => flags.has(one.id))
    .map((one) => ({ id: one.id, away: Math.max(one.from - where, where - one.to, 0) }))
    .sort((a, b) => a.away - b.away)[0];
  if (near && near.away <= reach) select(near.id, { focus: false });
  else select(sentenceAt(state.places, where), { open: false, focus: false });
}

export function stripKey(event) {
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
