// What a whole text says of its purpose, as the service found it; and whether the text is still the one that it was found in.

import { analyseFile } from "./api.js";
import { asWebPage } from "./export.js";
import { blockText, sentencesOf } from "./model.js";

const fullText = (doc) => doc.blocks.map(blockText).join("\n");
const tidy = (text) => text.replace(/\s+/g, " ").trim();

/**
 * The profile of a report, or null from a service that knows none. The evidence are sentences of the page, by id; its words are
 * kept too, as an edit may take the sentence away.
 */
export function profileOf(report, doc) {
  if (!report.purpose) return null;
  const ids = new Map();
  for (const [sentence] of sentencesOf(doc)) {
    const words = tidy(sentence.text);
    ids.set(words, [...(ids.get(words) ?? []), sentence.id]);
  }
  const raws = new Map(report.sentences.map((raw) => [raw.index, raw]));
  const evidence = (index) => {
    const raw = raws.get(index);
    const found = ids.get(tidy(raw.text)) ?? [];
    // The same words may stand in the text several times: then it is the one that stands as often before.
    const before = report.sentences.filter((other) => other.index < index && tidy(other.text) === tidy(raw.text)).length;
    return { id: found[Math.min(before, found.length - 1)] ?? null, text: raw.text };
  };
  const answers = Object.entries(report.purpose).map(([question, one]) =>
    [question, { status: one.status, missing: one.missing, evidence: one.evidence.map(evidence) }]);
  return { answers: Object.fromEntries(answers), contradiction: report.contradiction ?? null, text: fullText(doc) };
}

/** Whether the text has been edited since. */
export const isStale = (doc) => doc.profile !== null && doc.profile.text !== fullText(doc);

/** Ask the service again, for the text as it now stands: all of it, as what a text says of its purpose lies in the whole. */
export async function askAgain(doc) {
  const text = fullText(doc);
  const report = await analyseFile(new File([asWebPage(doc)], "draft.html", { type: "text/html" }));
  doc.profile = { ...profileOf(report, doc), text };
}
