// The strip: the whole document from left to right, a mark for each flag; a slider for the keyboard.

import { svg } from "./dom.js";
import { isFlag, sentencesOf } from "./model.js";
import { isShown } from "./state.js";

const ROW = { blame: 0, learning: 14, accountability: 28 };

/** Draw it. Gives each sentence's place, 0 to 1, by which a click finds the nearest. */
export function drawStrip(element, doc, { decisions, leaveOutQuotes }) {
  const list = [...sentencesOf(doc)];
  const total = Math.max(1, list.reduce((sum, [sentence]) => sum + sentence.text.length, 0));
  const places = new Map();
  const marks = [];
  const stripes = [];
  let at = 0;
  let section;
  let from = 0;
  let odd = false;
  const stripe = (to) => {
    if (odd) stripes.push(svg("rect", { class: "stripe", x: from.toFixed(2), y: 0, width: Math.max(0, to - from).toFixed(2), height: 40 }));
    odd = !odd;
    from = to;
  };
  for (const [sentence, block] of list) {
    const left = (1000 * at) / total;
    if (section !== undefined && block.section !== section) stripe(left);
    section = block.section;
    const width = (1000 * sentence.text.length) / total;
    places.set(sentence.id, { id: sentence.id, from: left / 1000, to: (left + width) / 1000 });
    if (isFlag(sentence, leaveOutQuotes)) {
      const quiet = decisions.settles(sentence) || !isShown(sentence);
      marks.push(svg("rect", { class: `fill-${sentence.label}${quiet ? " quiet" : ""}`, x: left.toFixed(2), y: ROW[sentence.label],
        width: Math.max(width, 2).toFixed(2), height: 12 }));
    }
    at += sentence.text.length;
  }
  stripe(1000);
  element.replaceChildren(svg("svg", { viewBox: "0 0 1000 40", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    ...stripes, svg("rect", { class: "seen", x: 0, y: 0, width: 0, height: 40 }), ...marks,
    svg("rect", { class: "here", x: 0, y: 0, width: 0, height: 40 })));
  return places;
}

/** Frame the current sentence's place, or none. */
export function showHere(element, place) {
  const here = element.querySelector(".here");
  if (!here) return;
  here.setAttribute("x", place ? Math.max(0, 1000 * place.from - 1).toFixed(2) : 0);
  here.setAttribute("width", place ? (Math.max(1000 * (place.to - place.from), 2) + 2).toFixed(2) : 0);
}

/** Show which part of the document is on the screen. */
export function showSeen(element, from, to) {
  const seen = element.querySelector(".seen");
  if (!seen) return;
  seen.setAttribute("x", (1000 * from).toFixed(1));
  seen.setAttribute("width", Math.max(0, 1000 * (to - from)).toFixed(1));
}

/** The sentence at a place between 0 and 1. */
export const sentenceAt = (places, where) =>
  ([...places.values()].find((place) => where < place.to) ?? [...places.values()].at(-1))?.id ?? null;
