// The checked text on the page: a row for each paragraph, with the text, a pencil, and the notes in the margin.

import { $, h } from "./dom.js";
import { blockText, isEdited, isHeading, isTelling } from "./model.js";
import { labelName, makeNote } from "./notes.js";
import { isShown } from "./state.js";

/**
 * @param {object} view what is chosen at present: `decisions`, `current` (a sentence's id), `open`, `narrow`, `drafts`
 *   (texts being edited, by block), `busy` (block being checked), `troubles` (messages, by block), `depths`, and `actions`.
 */
export function drawDocument(element, doc, view) {
  view.depths = headingDepths(doc);
  const parts = [];
  let group = null;
  for (const block of doc.blocks) {
    const wanted = { list_item: "list", table_cell: "cells" }[block.kind] ?? null;
    if (!wanted) group = null;
    else if (group?.dataset.of !== wanted) {
      group = h("div", { class: `group ${wanted}`, role: wanted === "list" ? "list" : null, "data-of": wanted });
      parts.push(group);
    }
    (group ?? { append: (row) => parts.push(row) }).append(makeRow(block, view));
  }
  element.replaceChildren(...parts);
}

/** Headings stand under the page's own; a level that a document leaves out is not left out here. */
function headingDepths(doc) {
  const depths = new Map();
  let before = 1;
  for (const block of doc.blocks) {
    if (block.kind !== "heading") continue;
    const depth = Math.min((block.level ?? 1) + 1, before + 1, 6);
    depths.set(block.origin, depth);
    before = depth;
  }
  return depths;
}

export function redraw(block, view) {
  const old = $(`block-${block.id}`);
  if (old) old.replaceWith(makeRow(block, view));
}

/** Put the rows of several blocks in the place of one row. */
export function replaceRow(id, blocks, view) {
  const old = $(`block-${id}`);
  if (old) old.replaceWith(...blocks.map((block) => makeRow(block, view)));
}

export function makeRow(block, view) {
  const editing = view.drafts.has(block.id);
  const row = h("div", { class: `row ${block.kind}${isEdited(block) ? " edited" : ""}`, id: `block-${block.id}`,
    role: block.kind === "list_item" ? "listitem" : null });
  const notes = h("div", { class: "notes" });
  if (editing) {
    row.append(editor(block, view));
  } else {
    row.append(textOf(block, view, notes));
    if (block.kind !== "contents") row.append(h("button", { type: "button", class: "pencil", title: "Edit",
      "aria-label": `Edit: ${start(block)}`, onclick: () => view.actions.editBlock(block) }, h("span", { "aria-hidden": "true" }, "✎")));
  }
  row.append(notes);
  return row;
}

const start = (block) => {
  const words = blockText(block).split(/\s+/);
  return words.slice(0, 6).join(" ") + (words.length > 6 ? " …" : "");
};

function textOf(block, view, notes) {
  const name = block.kind === "heading" ? `h${view.depths.get(block.origin) ?? 2}` : block.kind === "quote" ? "blockquote" : "div";
  const text = h(name, { class: "para", tabindex: block.kind === "heading" ? "-1" : null });
  const cell = h("div", { class: "cell" }, text);
  if (!blockText(block)) {
    text.append(h("span", { class: "soft" }, "(paragraph taken out) "),
      h("button", { type: "button", class: "plain", onclick: () => view.actions.putBack(block) }, "Put it back"));
    return cell;
  }
  if (!block.sentences.length) text.append(block.plain);
  for (const sentence of block.sentences) {
    // The paragraph number is no part of what is marked.
    const lead = sentence === block.sentences[0] && block.number && sentence.text.startsWith(`${block.number} `) ? block.number.length + 1 : 0;
    if (sentence.before) text.append(sentence.before.replace(/\s+/g, " "));
    const judged = isTelling(sentence) && (sentence.skipped === null || sentence.skipped === "quote");
    if (!judged) {
      const classes = [sentence.changed ? "changed" : "", view.current === sentence.id ? "chosen" : ""].filter(Boolean).join(" ");
      text.append(h("span", { id: `sentence-${sentence.id}`, class: classes || null }, sentence.text));
      continue;
    }
    const verdict = view.decisions.verdict(sentence);
    const out = view.factor !== null && !isShown(sentence);
    const open = view.open && view.current === sentence.id;
    const note = makeNote(sentence, { verdict, open, out, actions: view.actions });
    if (lead) text.append(sentence.text.slice(0, lead));
    text.append(flag(sentence, { verdict, open, out, chosen: view.current === sentence.id, lead }));
    if (open && view.narrow && name !== "div") cell.append(note); // no note inside a heading
    else if (open && view.narrow) text.append(note);
    else notes.append(note);
  }
  if (block.tail) text.append(h("span", { class: "soft" }, block.tail));
  if (isEdited(block)) {
    cell.append(h("p", { class: "edit-line small" }, "Edited. ",
      h("button", { type: "button", class: "plain", onclick: () => view.actions.putBack(block) }, "Put back the original")));
  }
  return cell;
}

function flag(sentence, { verdict, open, out, chosen, lead }) {
  const name = labelName(sentence.label);
  const settled = ["intended", "wrong"].includes(verdict);
  const tag = { intended: `${name}, kept`, wrong: `Not ${name.toLowerCase()}` }[verdict] ?? name;
  return h("span", {
    class: `flag ${sentence.label}${settled ? " kept" : ""}${out ? " out" : ""}${chosen ? " chosen" : ""}${sentence.skipped === "quote" ? " quoted" : ""}${sentence.changed ? " changed" : ""}`,
    id: `sentence-${sentence.id}`, "data-sentence": sentence.id,
  },
  h("button", { type: "button", class: "tag", "aria-expanded": String(open), "aria-controls": `note-${sentence.id}`,
    "aria-describedby": `words-${sentence.id}` }, tag),
  " ", h("mark", { id: `words-${sentence.id}` }, marked(sentence, lead)));
}

/** The sentence with the words that weighed in bold. */
function marked(sentence, lead) {
  const parts = [];
  let at = lead;
  for (const cue of sentence.cues) {
    if (cue.start < at) continue;
    parts.push(sentence.text.slice(at, cue.start), h("b", {}, sentence.text.slice(cue.start, cue.end)));
    at = cue.end;
  }
  return [...parts, sentence.text.slice(at)];
}

function editor(block, view) {
  const id = `edit-${block.id}`;
  const busy = view.busy === block.id;
  const trouble = view.troubles.get(block.id);
  const area = h("textarea", { id, rows: 3, spellcheck: "false", autocomplete: "off", autocorrect: "off", writingsuggestions: "false",
    "data-gramm": "false", "data-enable-grammarly": "false", readonly: busy,
    "aria-describedby": trouble ? `${id}-trouble` : null });
  area.value = view.drafts.get(block.id);
  const fit = () => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 4}px`; };
  area.addEventListener("input", () => { view.drafts.set(block.id, area.value); fit(); });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      view.actions.checkBlock(block);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      view.actions.leaveEdit(block);
    }
  });
  requestAnimationFrame(fit);
  return h("form", { class: "cell editor", onsubmit: (event) => { event.preventDefault(); view.actions.checkBlock(block); } },
    h("label", { for: id }, isHeading(block) && block.sentences.length ? "Edit the heading" : "Edit the paragraph"), area,
    trouble ? h("p", { class: "error", id: `${id}-trouble`, role: "alert" }, trouble) : "",
    h("p", { class: "actions" },
      h("button", { type: "submit", class: "main", "aria-disabled": busy ? "true" : null }, busy ? "Checking…" : "Check again"),
      h("button", { type: "button", class: "plain", onclick: () => view.actions.leaveEdit(block) }, "Cancel")));
}
