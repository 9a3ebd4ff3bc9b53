// What is on the screen: brought there, held still while something changes, and shown on the strip and among the sections.

import { $ } from "./dom.js";
import { state, view } from "./state.js";
import { showSeen } from "./strip.js";

/** What sticks to the top: the whole bar, on a small screen only the strip, on a low one nothing. */
const stuck = () => [$("controls"), $("strip")].find((element) =>
  getComputedStyle(element).position === "sticky" && getComputedStyle(element).display !== "contents");

/** Bring it below what sticks to the top, with room for its note. */
export function bring(element) {
  const barHeight = stuck()?.offsetHeight ?? 0;
  const top = element.getBoundingClientRect().top + window.scrollY;
  window.scrollTo({ top: Math.max(0, top - barHeight - Math.min(120, window.innerHeight * 0.12)) });
}

/** Change what is shown while one element stays where it is: the one given, else the current sentence, else what is on top. */
export function holdStill(change, id = null) {
  const edge = stuck()?.getBoundingClientRect().bottom ?? 0;
  const current = $(`sentence-${view.current}`)?.getBoundingClientRect();
  const inSight = current && current.bottom > edge && current.top < window.innerHeight;
  const held = id ?? (inSight ? `sentence-${view.current}` : null) ?? [...document.querySelectorAll("#document .row")].find((row) => row.getBoundingClientRect().bottom > edge)?.id;
  const before = $(held)?.getBoundingClientRect().top;
  change();
  const after = $(held)?.getBoundingClientRect().top;
  if (window.scrollY > 0 && before !== undefined && after !== undefined) window.scrollBy(0, after - before);
  seen();
}

export function seen() {
  if (!state.doc || $("result").hidden) return;
  const rows = document.querySelectorAll("#document .row");
  if (!rows.length) return;
  const top = stuck()?.getBoundingClientRect().bottom ?? 0;
  const firstBelow = (edge) => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > edge) high = middle; else low = middle + 1;
    }
    return Math.min(low, rows.length - 1);
  };
  const first = firstBelow(Math.max(0, top));
  const last = firstBelow(window.innerHeight);
  const edge = (index, from) => {
    for (let row = index; row >= 0 && row < state.doc.blocks.length; row += from ? 1 : -1) {
      const list = state.doc.blocks[row].sentences;
      if (list.length) {
        const id = (from ? list[0] : list[list.length - 1]).id;
        const found = state.places.get(id);
        if (found) return from ? found.from : found.to;
      }
    }
    return from ? 0 : 1;
  };
  showSeen($("strip"), edge(first, true), edge(last, false));
  const section = state.doc.blocks[firstBelow(Math.max(0, top) + Math.min(160, window.innerHeight * 0.2))]?.section;
  for (const [name, button] of state.sectionButtons) {
    const here = name === section;
    if (here === button.hasAttribute("aria-current")) continue;
    if (here) {
      button.setAttribute("aria-current", "location");
      follow(button);
    } else button.removeAttribute("aria-current");
  }
}

/** Keep the present section in sight in its list, unless somebody is using the list. */
function follow(button) {
  const box = [$("sections"), $("section-list")].find((one) => one.scrollHeight > one.clientHeight + 1);
  if (!box || box.contains(document.activeElement) || box.matches(":hover")) return;
  const away = button.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (away < 0 || away > box.clientHeight - button.offsetHeight) box.scrollTop += away - box.clientHeight / 3;
}

let waiting = false;
export const seenSoon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; seen(); });
};
