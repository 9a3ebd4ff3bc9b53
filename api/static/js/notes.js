// The note beside a flagged sentence: what it reads as, why, how sure, and what it could ask instead.

import { bar, h, percent } from "./dom.js";
import { LABELS } from "./model.js";

let data = null;

export async function loadQuestions() {
  const reply = await fetch(new URL("static/questions.json", document.baseURI));
  data = await reply.json();
  return data;
}

export const labelName = (label) => (label === "neutral" ? "Neutral" : data?.labels[label]?.name ?? label);

/** The family of the heaviest words that the questions know. */
function familyOf(sentence) {
  const known = data.labels[sentence.label].families;
  const named = sentence.cues.filter((cue) => cue.family && known[cue.family]).sort((a, b) => b.weight - a.weight);
  return named[0]?.family ?? null;
}

export function advice(sentence) {
  const label = data.labels[sentence.label];
  const family = familyOf(sentence);
  const chosen = family ? label.families[family] : label.general;
  const questions = [...chosen.questions];
  const sources = [...chosen.sources];
  const target = data.targets[sentence.target];
  if (sentence.label === "blame" && target?.blame && family !== "victim-blaming") {
    questions.push(target.blame);
    sources.push(...target.sources);
  }
  if (sentence.voice === "reported" && sentence.label === "blame") questions.push(data.voices.reported);
  return { meaning: label.meaning, ask: label.ask, why: chosen.why, questions, family,
    sources: [...new Set(sources)].map((source) => data.sources[source]) };
}

export const allSources = () => Object.values(data.sources);

export const clues = (sentence) => sentence.cues.map((cue) => `“${cue.text}”`).join(", ");

/** The closed note: one line or two. `actions` are called with the sentence. */
export function makeNote(sentence, { intended, open, actions }) {
  const name = labelName(sentence.label);
  const note = h("div", {
    class: `note ${sentence.label}${intended ? " kept" : ""}${open ? " open" : ""}${sentence.skipped === "quote" ? " quoted" : ""}`,
    id: `note-${sentence.id}`, role: "group", "aria-label": `Note: reads as ${name.toLowerCase()}`, "data-sentence": sentence.id,
  });
  note.append(h("p", { class: "note-head" },
    h("span", { class: "tag" }, name), " ",
    h("span", { class: "sure" }, percent(sentence.scores[sentence.label])),
    intended ? h("span", { class: "kept-word" }, " · kept as intended") : "",
    sentence.changed ? h("span", { class: "kept-word" }, " · checked again") : "",
    sentence.cues.length ? h("span", { class: "clue" }, `${intended || sentence.changed ? " · " : " "}${clues(sentence)}`) : ""));
  note.append(open ? more(sentence, intended, actions) : onPaper(sentence));
  return note;
}

function more(sentence, intended, actions) {
  const { meaning, ask, why, questions, sources } = advice(sentence);
  const target = data.targets[sentence.target]?.name;
  return h("div", { class: "more" },
    h("p", {}, meaning),
    sentence.label === "blame" && target ? h("p", { class: "soft" }, `It seems to point at ${target}.`) : "",
    h("p", { class: "label" }, "Words that weighed most"),
    sentence.cues.length
      ? h("ul", { class: "clues" }, sentence.cues.map((cue) =>
        h("li", {}, h("q", {}, cue.text), cue.family ? h("span", { class: "soft" }, ` ${cue.family}`) : "")))
      : h("p", { class: "soft" }, "No single words stood out; it is the sentence as a whole."),
    h("p", { class: "label" }, "How it reads, by the tool’s estimate"),
    h("dl", { class: "scores" }, LABELS.map((label) => h("div", {},
      h("dt", {}, labelName(label)), h("dd", { class: "bar-cell" }, bar([[label, sentence.scores[label]]])),
      h("dd", { class: "n" }, percent(sentence.scores[label]))))),
    h("p", { class: "label" }, ask),
    h("p", {}, why),
    h("ul", { class: "questions" }, questions.map((question) => h("li", {}, question))),
    h("p", { class: "sources" }, `After: ${sources.join("; ")}.`),
    h("p", { class: "note-actions" },
      h("button", { type: "button", class: "keep", "aria-pressed": String(intended), onclick: () => actions.keep(sentence) },
        intended ? "Flag it again" : "Intended: keep it"),
      h("button", { type: "button", class: "change", onclick: () => actions.edit(sentence) }, "Edit"),
      h("button", { type: "button", class: "shut", onclick: () => actions.close(sentence) }, "Close")));
}

/** For paper, where nothing can be opened: the first two questions. */
function onPaper(sentence) {
  const { questions } = advice(sentence);
  return h("ul", { class: "questions paper" }, questions.slice(0, 2).map((question) => h("li", {}, question)));
}
