// What can be done with a flag: decide on it, close its note, edit its paragraph and have that checked again.

import { analyseText } from "./api.js";
import { Decisions } from "./decisions.js";
import { redraw, replaceRow } from "./document.js";
import { $, plural } from "./dom.js";
import { say } from "./faces.js";
import { anyEdits, blockText, counts, isHeading, isTelling, putBack, splice } from "./model.js";
import { labelName } from "./notes.js";
import { refresh } from "./result.js";
import { holdStill } from "./scrolling.js";
import { find, state, view } from "./state.js";
import { select } from "./stepping.js";

const SAID = {
  intended: "Intended: the sentence stays, and the flag is quiet.",
  wrong: "Wrong: the tool is mistaken here, and the flag is quiet.",
  helpful: "Helpful: noted. The flag stays until the sentence is changed.",
};

/** Decide on a flag; with the same verdict again, take it back. */
export function decide(sentence, verdict) {
  const now = view.decisions.decide(sentence, verdict, state.doc.model.sha256);
  holdStill(() => {
    for (const block of state.doc.blocks) {
      if (block.sentences.some((other) => Decisions.key(other) === Decisions.key(sentence))) redraw(block, view);
    }
    refresh();
  }, `sentence-${sentence.id}`);
  $(`sentence-${sentence.id}`)?.querySelector("button.tag")?.focus({ preventScroll: true });
  say(now ? SAID[now] + (view.decisions.size === 1 ? " It is kept until you close the page; “Decisions” saves it." : "") : "Taken back. No decision on this flag.");
}

export function close(sentence) {
  holdStill(() => select(sentence.id, { open: false, scroll: false }), `sentence-${sentence.id}`);
}

export function edit(sentence) {
  const found = find(sentence.id);
  if (found) editBlock(found.block);
}

export function editBlock(block) {
  if (!view.drafts.has(block.id)) view.drafts.set(block.id, blockText(block).replace(/[ \t]*\r?\n[ \t]*/g, " "));
  redraw(block, view);
  $(`edit-${block.id}`).focus();
}

function afterEdit(blocks) {
  const row = $(`block-${blocks[0].id}`);
  const buttons = [...(row?.querySelectorAll("button.tag, button") ?? [])].filter((button) => button.offsetParent !== null);
  (buttons.find((button) => button.classList.contains("tag")) ?? buttons[0])?.focus({ preventScroll: true });
}

export function leaveEdit(block) {
  view.drafts.delete(block.id);
  view.troubles.delete(block.id);
  if (view.busy === block.id) view.busy = null;
  redraw(block, view);
  afterEdit([block]);
  say("Edit left; nothing was changed.");
}

export async function checkBlock(block) {
  if (view.busy !== null) return;
  const text = view.drafts.get(block.id).trim();
  view.troubles.delete(block.id);
  if (text === blockText(block)) {
    leaveEdit(block);
    return;
  }
  let report = null;
  const edited = state.doc;
  const judged = text && /\p{L}/u.test(text) && !(isHeading(block) && block.sentences.length);
  if (judged) {
    view.busy = block.id;
    redraw(block, view);
    say("Checking the paragraph.");
    try {
      report = await analyseText(text);
    } catch (error) {
      if (state.doc !== edited) return; // another text has come meanwhile
      if (view.busy === block.id) view.busy = null;
      view.troubles.set(block.id, `${error.message}. ${error.detail ?? ""}`);
      redraw(block, view);
      $(`edit-${block.id}`)?.focus();
      return;
    }
    if (state.doc !== edited || view.busy !== block.id) return; // the edit was left meanwhile
    view.busy = null;
  }
  view.drafts.delete(block.id);
  const { blocks, changed } = splice(state.doc, block, text, report && { ...report, layout: undefined });
  view.current = null;
  view.open = false;
  state.unsaved = anyEdits(state.doc);
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
    !isTelling(sentence) ? "neutral" : `${labelName(sentence.label).toLowerCase()}${view.decisions.settles(sentence) ? ", settled" : ""}`);
  return `Checked again. ${plural(changed.length, "changed sentence")} ${changed.length === 1 ? "reads" : "read"} as: ${reads.join("; ")}.`;
}

export function restore(block) {
  const { block: first, gone } = putBack(state.doc, block);
  for (const part of gone) {
    view.drafts.delete(part.id);
    if (part.id !== first.id) $(`block-${part.id}`)?.remove();
  }
  view.current = null;
  view.open = false;
  state.unsaved = anyEdits(state.doc);
  redraw(first, view);
  refresh();
  afterEdit([first]);
  say("The original is back.");
}
