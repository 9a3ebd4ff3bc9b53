// What the page holds, in memory only: the text, what was found in it, and what is chosen at present.

import { Intended, isFlag, sentencesOf } from "./model.js";

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
  actions: {}, // what the buttons of a note and of an editor do; main.js fills them in
};

export const listOf = () => [...sentencesOf(state.doc)];
export const stops = () => listOf().map(([sentence]) => sentence).filter((sentence) =>
  isFlag(sentence, view.leaveOutQuotes) && view.shown.has(sentence.label) && !view.intended.has(sentence));

export function find(id) {
  for (const [sentence, block] of sentencesOf(state.doc)) if (sentence.id === id) return { sentence, block };
  return null;
}
