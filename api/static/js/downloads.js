// What a person takes away: each button's file.

import { annotated, reportPage } from "./api.js";
import { $ } from "./dom.js";
import { asWebPage, csv, decisionsFile, plainText, save, stem } from "./export.js";
import { say } from "./faces.js";
import { anyEdits } from "./model.js";
import { state, view } from "./state.js";

async function download(what, make, noteId = "downloads-note") {
  const note = $(noteId);
  note.textContent = "Making it…";
  try {
    save(...(await make()));
    note.textContent = what;
  } catch (error) {
    note.textContent = `${error.message}. ${error.detail ?? ""}`;
  }
  say(note.textContent);
}

export const getHtml = () => download("Downloaded. This report shows every flag, also those that you have settled.", async () => {
  const edited = anyEdits(state.doc);
  const source = edited ? asWebPage(state.doc) : state.given;
  const page = await reportPage(source, edited ? `${stem(state.doc)}-edited.html` : state.given.name, view.leaveOutQuotes);
  return [page, `${stem(state.doc)}-tone.html`];
});

export const getCsv = () => download("Downloaded.", () => [csv(state.doc, view.decisions), `${stem(state.doc)}-tone.csv`]);

export const getDecisions = () => download("Downloaded. It holds no text. Load it here with the next draft, or keep it beside the draft for scr-tone check.", () => {
  view.decisions.unsaved = false;
  return decisionsFile(state.doc, view.decisions);
}, "decisions-note");

export const getText = () => download("Downloaded, with your edits.", () => {
  state.unsaved = false;
  return [plainText(state.doc), `${stem(state.doc)}${anyEdits(state.doc) ? "-edited" : ""}.txt`];
});

export const getDocx = () => download(
  anyEdits(state.doc)
    ? "Downloaded. The comments are in the file as you gave it, without the changes made on this page."
    : `Downloaded. Every sentence that is marked as blame has a comment${view.decisions.size ? ", but for those that you have settled" : ""}.`,
  async () => {
    const [decisions] = view.decisions.size ? decisionsFile(state.doc, view.decisions) : [];
    return [await annotated(state.given, view.leaveOutQuotes, decisions), `${stem(state.doc)}-comments.docx`];
  });
