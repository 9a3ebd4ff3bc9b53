// The checked text: blocks (paragraphs, headings, list items ...) of sentences. No element is touched here.
//
// The service counts in Unicode code points, a browser in UTF-16 units. Here every offset is turned into one relative to its
// own sentence, in UTF-16 units.

export const LABELS = ["blame", "learning", "accountability", "neutral"];
export const FLAGS = ["blame", "learning", "accountability"];

let lastId = 0;

/** Slices by code points. */
class Points {
  constructor(text) {
    this.text = text;
    this.list = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  }
  slice(start, end) {
    return this.list ? this.list.slice(start, end).join("") : this.text.slice(start, end);
  }
}

function toSentence(raw, before) {
  const points = new Points(raw.text);
  const unit = (offset) => points.slice(0, offset - raw.start).length;
  const rewordingOf = (words) => (words ? { ...words, start: unit(words.start), end: unit(words.end) } : null);
  return {
    id: ++lastId,
    finding: raw.id,
    before,
    text: raw.text,
    label: raw.label,
    scores: raw.scores,
    cues: raw.cues.map((cue) => ({ ...cue, start: unit(cue.start), end: unit(cue.end) })),
    target: raw.target,
    voice: raw.voice,
    culpability: raw.culpability ?? null,
    factors: raw.factors ?? [],
    advice: raw.advice ? { ...raw.advice, rewording: rewordingOf(raw.advice.rewording) } : null,
    skipped: raw.skipped,
    unsure: raw.label === "blame" && raw.unsure,
    changed: false,
  };
}

function toBlock(from, sentences, text = null, tail = "") {
  const block = { id: ++lastId, kind: from.kind, level: from.level ?? null, number: from.number, section: from.section,
    page: from.page, sentences, plain: text, tail, origin: null };
  block.origin = { block: { ...block }, text: blockText(block) };
  return block;
}

export const blockText = (block) =>
  block.sentences.length ? block.sentences.map((sentence) => sentence.before + sentence.text).join("") + block.tail : block.plain ?? "";

/** The document of a report. `text` is the text that was sent, where the page knows it. */
export function fromReport(report, text = null) {
  const layout = report.layout;
  const blocks = layout ? byLayout(report, layout) : byGuess(report, text);
  return {
    name: report.document.name,
    format: report.document.format,
    warnings: report.document.warnings,
    software: report.software,
    model: report.model,
    settings: report.settings,
    blocks,
    profile: null,
  };
}

function byLayout(report, layout) {
  const points = new Points(layout.text);
  const blocks = [];
  let next = 0;
  for (const stretch of layout.blocks) {
    const sentences = [];
    let at = stretch.start;
    while (next < report.sentences.length && report.sentences[next].start < stretch.end) {
      const raw = report.sentences[next++];
      sentences.push(toSentence(raw, sentences.length ? points.slice(at, raw.start) : ""));
      at = raw.end;
    }
    const plain = points.slice(stretch.start, stretch.end);
    // What stands behind the last sentence is the author's mark that it is intended.
    const tail = sentences.length ? points.slice(at, stretch.end) : "";
    if (sentences.length || plain.trim()) blocks.push(toBlock(stretch, sentences, plain, tail));
  }
  return blocks;
}

// Without the service's paragraphs: a line break ends one where the text is known. Else what differs in kind, number, section
// or page does, and unnumbered sentences each stand on a line of their own rather than in paragraphs made up here.
function byGuess(report, text) {
  const points = text === null ? null : new Points(text);
  const blocks = [];
  let held = [];
  let previous = null;
  const flush = (end) => {
    const tail = points && held.length ? points.slice(previous.end, end).split(/[\n\r\u2028\u2029\f]/)[0].trimEnd() : "";
    if (held.length) blocks.push(toBlock(previous, held, null, tail));
    held = [];
  };
  for (const raw of report.sentences) {
    let before = "";
    if (previous) {
      const gap = points ? points.slice(previous.end, raw.start) : null;
      const apart = gap !== null
        ? /[\n\r\u2028\u2029\f]/.test(gap)
        : raw.start - previous.end > 1 || raw.kind !== previous.kind || raw.number !== previous.number
          || raw.section !== previous.section || raw.page !== previous.page || !raw.number || raw.kind === "table_cell";
      if (apart) flush(raw.start);
      else before = gap ?? " ";
    }
    held.push(toSentence(raw, held.length ? before : ""));
    previous = raw;
  }
  flush(undefined);
  return blocks;
}

/** Whether a block's sentences are headings that are never judged. */
export const isHeading = (block) => block.kind === "heading" && block.sentences.every((sentence) => sentence.skipped === "heading");

/** Whether a block stands as it came. */
export const isEdited = (block) => blockText(block) !== block.origin.text;
export const anyEdits = (doc) => doc.blocks.some(isEdited);

/**
 * Put a newly checked text in the place of a block. Sentences that are still the same are kept as they were.
 * `report` may be null for a text that is not judged (a heading) or is empty. Gives the blocks that came of it (line breaks make
 * several) and the sentences that are new.
 */
export function splice(doc, block, text, report) {
  const old = new Map(block.sentences.map((sentence) => [sentence.text, sentence]));
  const shared = { kind: block.kind, level: block.level, section: block.section, page: block.page, origin: block.origin };
  let blocks;
  if (report === null) {
    const first = block.sentences[0] ?? block.origin.block.sentences[0];
    const sentences = text && first ? [{ ...first, id: ++lastId, before: "", text, cues: [], changed: true }] : [];
    blocks = [{ ...block, sentences, plain: text, tail: "" }];
  } else {
    blocks = byGuess(report, text).map((part) => ({ ...part, ...shared }));
    for (const part of blocks) {
      part.sentences = part.sentences.map((sentence) => {
        const same = old.get(sentence.text);
        if (same) {
          old.delete(sentence.text);
          return { ...same, before: sentence.before };
        }
        return { ...sentence, skipped: skippedBecause(block, sentence), changed: true };
      });
    }
  }
  blocks[0].id = block.id;
  blocks[0].number = block.number;
  doc.blocks.splice(doc.blocks.indexOf(block), 1, ...blocks);
  const known = new Set(block.sentences.map((sentence) => sentence.id));
  return { blocks, changed: blocks.flatMap((part) => part.sentences).filter((sentence) => !known.has(sentence.id)) };
}

/** Put a paragraph back as it came, also where edits had made several of it. */
export function putBack(doc, block) {
  const parts = doc.blocks.filter((other) => other.origin === block.origin);
  const first = { ...block.origin.block, id: parts[0].id, origin: block.origin };
  doc.blocks.splice(doc.blocks.indexOf(parts[0]), parts.length, first);
  return { block: first, gone: parts };
}

// The paragraph was sent as bare text, so what it is on the page is added again, by the library's own rules.
function skippedBecause(block, sentence) {
  if (isHeading(block) && block.sentences.length) return "heading";
  if (block.kind === "table_cell" && sentence.text.split(/\s+/).length <= 4 && !/[.!?]$/.test(sentence.text)) return "fragment";
  if (block.kind === "quote") return "quote";
  return sentence.skipped;
}

export function* sentencesOf(doc) {
  for (const block of doc.blocks) for (const sentence of block.sentences) yield [sentence, block];
}

/** Whether it takes part in counts and flags. */
export const counts = (sentence, leaveOutQuotes) =>
  sentence.skipped === null || (sentence.skipped === "quote" && !leaveOutQuotes);

/** Whether it reads as something that can be shown. */
export const isTelling = (sentence) => sentence.label !== "neutral" && !sentence.unsure;

export const isFlag = (sentence, leaveOutQuotes) => isTelling(sentence) && counts(sentence, leaveOutQuotes);

// As the library counts words.
const wordsIn = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}_]/u.test(word)).length;

/** Counts, without what was decided to be intended or wrong, or is too unsure; for each section also how many name the chosen factor. */
export function summary(doc, decisions, leaveOutQuotes, factor = null) {
  const labels = Object.fromEntries(LABELS.map((label) => [label, 0]));
  const sections = [];
  let sentences = 0;
  let words = 0;
  const settled = { intended: 0, wrong: 0 };
  let unsure = 0;
  let section = null;
  for (const block of doc.blocks) {
    const name = block.section ?? null;
    if (block.sentences.length && (!section || section.name !== name)) {
      section = { name, block, sentences: 0, page: block.page, factor: 0, labels: Object.fromEntries(LABELS.map((label) => [label, 0])) };
      sections.push(section);
    }
    for (const sentence of block.sentences) {
      if (!counts(sentence, leaveOutQuotes)) continue;
      sentences += 1;
      words += wordsIn(sentence.text);
      section.sentences += 1;
      if (sentence.unsure) {
        unsure += 1;
        continue;
      }
      if (sentence.label !== "neutral" && decisions.settles(sentence)) {
        settled[decisions.verdict(sentence)] += 1;
        continue;
      }
      section.factor += factor !== null && sentence.label === "learning" && sentence.factors.includes(factor);
      labels[sentence.label] += 1;
      section.labels[sentence.label] += 1;
    }
  }
  return { sentences, words, labels, settled, unsure, sections: sections.filter((part) => part.sentences) };
}
