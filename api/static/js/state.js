// What the page holds, in memory only: the text, what was found in it, and what is chosen at present.

import { Decisions } from "./decisions.js";
import { isFlag, sentencesOf } from "./model.js";

export const narrow = window.matchMedia("screen and (max-width: 56rem)");

export const state = {
  doc: null, // the checked text
  given: null, // the file or text as it was given
  running: null, // AbortController of the check in progress
  service: { html: false, docx: false },
  places: new Map(), // of the sentences on the strip
  sectionButtons: [], // name and button, in order
  unsaved: false,
};

export const view = {
  decisions: new Decisions(),
  shown: new Set(["blame"]),
  factor: null, // only the learning sentences that name this factor are shown
  shownBefore: null, // what was shown before a factor was chosen
  leaveOutQuotes: false,
  current: null,
  open: false,
  narrow: narrow.matches,
  drafts: new Map(),
  troubles: new Map(),
  busy: null,
  asking: false, // for the purpose again
  depths: new Map(),
  actions: {}, // what the buttons of a note and of an editor do; main.js fills them in
};

export const listOf = () => [...sentencesOf(state.doc)];
export const isShown = (sentence) => view.shown.has(sentence.label) && (view.factor === null || sentence.factors.includes(view.factor));
export const stops = () => listOf().map(([sentence]) => sentence).filter((sentence) =>
  isFlag(sentence, view.leaveOutQuotes) && isShown(sentence) && !view.decisions.settles(sentence));

export function find(id) {
  for (const [sentence, block] of sentencesOf(state.doc)) if (sentence.id === id) return { sentence, block };
  return null;
}
