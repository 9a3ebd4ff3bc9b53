// What was decided about flags, by the sentence's words: here, or on an earlier draft, loaded from a file as `scr-tone decide`
// writes it (scr_tone/decisions.py). It holds the findings' ids, which the service makes, and no text; in memory only.

import { LABELS } from "./model.js";
import words from "./words.js";

export const VERDICTS = words.verdicts;

const MOST_BYTES = 20_000_000;
const ID = /^[0-9A-Za-z]{4,64}(-\d{1,6})?$/;
// A repeat of the same words has a count behind its id, and the same decision.
const bare = (id) => id.replace(/-\d+$/, "");

const isDecision = (one) => typeof one?.id === "string" && ID.test(one.id) && VERDICTS.includes(one.decision)
  && LABELS.includes(one.label) && typeof one.score === "number" && one.score >= 0 && one.score <= 1
  && ["model", "date"].every((key) => typeof (one[key] ?? "") === "string" && one[key] !== null);

export class Decisions {
  constructor() {
    this.made = new Map();
    this.unsaved = false;
  }
  static key(sentence) { return bare(sentence.finding); }
  get size() { return this.made.size; }
  verdict(sentence) { return this.made.get(Decisions.key(sentence))?.decision ?? null; }
  /** Whether the flag is quiet now: the author means the sentence, or the tool is mistaken. */
  settles(sentence) { return ["intended", "wrong"].includes(this.verdict(sentence)); }
  /** How many of each kind. */
  tally() {
    const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]));
    for (const one of this.made.values()) counts[one.decision] += 1;
    return counts;
  }
  /** Decide, or with the same verdict again take it back. Gives what holds then. */
  decide(sentence, decision, model) {
    const id = Decisions.key(sentence);
    this.unsaved = true;
    if (this.verdict(sentence) === decision) {
      this.made.delete(id);
      return null;
    }
    const date = new Date().toLocaleDateString("sv"); // as YYYY-MM-DD
    this.made.set(id, { id, decision, label: sentence.label, score: sentence.scores[sentence.label], model, date });
    return decision;
  }
  forget() {
    this.made.clear();
    this.unsaved = false;
  }
  /** Take in a file's content; of two decisions on the same words the later day's holds. Gives its ids, or null if it is no such file. */
  load(text) {
    if (text.length > MOST_BYTES) return null;
    let raw;
    try { raw = JSON.parse(text); } catch { return null; }
    if (raw?.version !== 1 || !Array.isArray(raw.decisions) || !raw.decisions.every(isDecision)) return null;
    for (const { id, decision, label, score, model = "", date = "" } of raw.decisions) {
      const before = this.made.get(bare(id));
      if (!before || before.date <= date) this.made.set(bare(id), { id: bare(id), decision, label, score, model, date });
    }
    return raw.decisions.map((one) => bare(one.id));
  }
  /** The file's content, one decision a line, so that two versions compare well. */
  toJson() {
    const lines = [...this.made.values()].sort((one, other) => (one.id < other.id ? -1 : 1)).map((one) => `    ${JSON.stringify(one)}`);
    return `{\n  "version": 1,\n  "decisions": [${lines.length ? `\n${lines.join(",\n")}\n  ` : ""}]\n}\n`;
  }
}
