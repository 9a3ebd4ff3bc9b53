// A whole text or file goes to the service; a file of decisions is read here.

import { Problem, analyseFile, analyseText } from "./api.js";
import { Decisions } from "./decisions.js";
import { drawDocument } from "./document.js";
import { $, plural } from "./dom.js";
import { hideError, say, show, showError } from "./faces.js";
import { fromReport, sentencesOf } from "./model.js";
import { profileOf } from "./profile.js";
import { refresh, start } from "./result.js";
import { state, view } from "./state.js";

const ANNOUNCE = 15; // seconds after which a screen reader is told that it still works

async function check(what, send) {
  if (state.running) return;
  hideError();
  const face = document.body.dataset.face;
  state.running = new AbortController();
  const begun = performance.now();
  $("working-what").textContent = what;
  $("working-time").textContent = "";
  const clock = setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    $("working-time").textContent = `${seconds} s so far. A long report takes a few seconds, a PDF longer.`;
    if (seconds % ANNOUNCE === 0) say(`Still working: ${seconds} seconds so far.`, { seen: false });
  }, 1000);
  show("working");
  $("working-title").focus();
  say(what, { seen: false });
  try {
    const { report, text, source } = await send(state.running.signal);
    const doc = fromReport(report, text);
    doc.profile = profileOf(report, doc);
    state.doc = doc;
    state.given = source;
    state.unsaved = false;
    start();
  } catch (error) {
    show(face === "result" && state.doc ? "result" : "start");
    if (error.name === "AbortError") {
      say("Cancelled. Nothing was kept.");
      (face === "result" ? $("again") : $("text")).focus();
    } else {
      say("");
      showError(error, () => check(what, send));
    }
  } finally {
    clearInterval(clock);
    state.running = null;
  }
}

export function checkText(text) {
  if (!text.trim()) {
    showError(new Problem("There is no text yet", "Paste some into the box, or choose a file."));
    return;
  }
  const words = text.trim().split(/\s+/).length;
  check(`Reading ${plural(words, "word")} sentence by sentence.`, async (signal) =>
    ({ report: await analyseText(text, signal), text, source: new File([text], "text.txt", { type: "text/plain" }) }));
}

/** Decisions that were made on an earlier draft, or by scr-tone decide. */
export async function loadDecisions(file) {
  hideError();
  const found = view.decisions.load(await file.text());
  if (found === null) {
    showError(new Problem("This is no file of decisions", "Such a file comes from “Decisions” on this page, or from scr-tone decide."));
    return;
  }
  if (state.doc) {
    drawDocument($("document"), state.doc, view);
    refresh();
  }
  const known = new Set(found);
  const here = state.doc && new Set([...sentencesOf(state.doc)].map(([sentence]) => Decisions.key(sentence)).filter((id) => known.has(id))).size;
  say(`${plural(known.size, "decision")} loaded from ${file.name}${state.doc
    ? `; ${here === 1 ? "one is" : `${here} are`} about sentences of this text.` : ". They hold for the texts that you check now."}`);
}

export function checkFile(file) {
  if (/\.json$/i.test(file.name)) {
    loadDecisions(file);
    return;
  }
  if (state.doc && state.unsaved && !window.confirm("Your edits to the present text have not been downloaded. Check the new file all the same?")) return;
  check(`Reading ${file.name} sentence by sentence.`, async (signal) =>
    ({ report: await analyseFile(file, signal), text: null, source: file }));
}
