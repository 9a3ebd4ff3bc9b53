// The three faces of the page (start, working, result), and what it says: messages, errors, what the service offers.

import { Problem, offers, setKey } from "./api.js";
import { $, h } from "./dom.js";
import { state } from "./state.js";

let fading = null;

/** Tell a screen reader, and for a few seconds the eye too, unless the page shows it anyway. */
export const say = (text, { seen: alsoSeen = true } = {}) => {
  const status = $("status");
  status.textContent = text;
  status.classList.toggle("unseen", !alsoSeen);
  clearTimeout(fading);
  if (alsoSeen) fading = setTimeout(() => status.classList.add("unseen"), 6000);
};

export function show(which) {
  for (const id of ["start", "working", "result"]) $(id).hidden = id !== which;
  document.body.dataset.face = which;
}

export function hideError() {
  $("error").hidden = true;
  $("error").replaceChildren();
}

export function showError(problem, retry = null) {
  const box = $("error");
  const title = problem instanceof Problem ? problem.message : "Something went wrong on this page";
  const detail = problem instanceof Problem ? problem.detail : "Reload the page and try again. Nothing was kept.";
  box.replaceChildren(h("p", {}, h("strong", {}, `${title}.`), " ", detail));
  if (problem.status === 401) {
    const input = h("input", { type: "password", id: "key", autocomplete: "off" });
    box.append(h("form", { onsubmit: (event) => { event.preventDefault(); useKey(input.value, retry); } },
      h("label", { for: "key" }, "Key "), input, " ", h("button", { type: "submit" }, "Use this key")));
  }
  box.hidden = false;
  box.focus();
}

async function useKey(value, retry) {
  setKey(value);
  hideError();
  state.service = await offers();
  showOffers();
  retry?.();
}

export function showOffers() {
  $("get-html").hidden = !state.service.html;
  $("get-docx").hidden = !(state.service.docx && state.doc?.format === "docx");
}
