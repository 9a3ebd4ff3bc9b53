// What a person takes away: made here, in memory, and handed to the browser's own download.

import { LABELS, blockText } from "./model.js";

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const stem = (doc) => (doc.name ?? "text").replace(/\.[a-z0-9]{1,8}$/i, "") || "text";

/** A cell that a spreadsheet would run as a formula gets an apostrophe (OWASP: CSV injection). */
function cell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(doc, decisions) {
  const head = ["document", "index", "text", "label", "score", ...LABELS.map((label) => `score_${label}`), "target", "voice",
    "cues", "kind", "page", "section", "number", "skipped", "decision", "checked_again", "software", "model"];
  const made = [doc.software, doc.model].map((part) => [part?.name, part?.version].filter(Boolean).join(" "));
  const rows = [head];
  let index = 0;
  for (const block of doc.blocks) {
    for (const sentence of block.sentences) {
      rows.push([doc.name ?? "", index++, sentence.text, sentence.label, sentence.scores[sentence.label],
        ...LABELS.map((label) => sentence.scores[label]), sentence.target, sentence.voice,
        sentence.cues.map((cue) => cue.text).join(" | "), block.kind, block.page, block.section, block.number, sentence.skipped,
        decisions.verdict(sentence), sentence.changed ? "yes" : "no", ...made]);
    }
  }
  // The mark in front lets spreadsheets see that it is UTF-8.
  return new Blob([`\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
}

/** Beside the draft, scr-tone looks for its name with .tone.json behind it. */
export const decisionsFile = (doc, decisions) =>
  [new Blob([decisions.toJson()], { type: "application/json" }), `${doc?.name ?? "text"}.tone.json`];

export const plainText = (doc) =>
  new Blob([`${doc.blocks.map(blockText).filter(Boolean).join("\n\n")}\n`], { type: "text/plain;charset=utf-8" });

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The text as a bare web page, so that the service can read its headings, lists and quotations again after edits. */
export function asWebPage(doc) {
  const parts = doc.blocks.map((block) => {
    const text = escape(blockText(block));
    if (!text) return "";
    switch (block.kind) {
      case "heading": return `<h${Math.min(block.level ?? 2, 6)}>${text}</h${Math.min(block.level ?? 2, 6)}>`;
      case "quote": return `<blockquote><p>${text}</p></blockquote>`;
      case "table_cell": return `<table><tr><td>${text}</td></tr></table>`;
      case "contents": return "";
      default: return `<p>${text}</p>`;
    }
  });
  const page = `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title></title></head><body>\n${parts.join("\n")}\n</body></html>`;
  return new Blob([page], { type: "text/html;charset=utf-8" });
}
