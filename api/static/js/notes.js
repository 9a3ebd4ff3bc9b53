// The note beside a flagged sentence: what it reads as, why, how sure, and what it could ask instead.

import { bar, h, percent } from "./dom.js";
import { LABELS } from "./model.js";
import words from "./words.js";

const NAMES = {
  blame: { name: "Blame", meaning: "Read on its own, this sentence puts the fault in somebody and stops there.", ask: "Questions to ask instead" },
  learning: { name: "Learning", meaning: "This sentence points at conditions, at the reasoning of the time, or at improvement.", ask: "Questions that take it further" },
  accountability: { name: "Accountability", meaning: "This sentence owns, answers for or fairly shares out responsibility, without condemning.", ask: "Questions that take it further" },
  neutral: { name: "Neutral" },
};
const TARGETS = { practitioner: "a practitioner", agency: "an agency or organisation", family: "the family", child: "the child",
  perpetrator: "the person who did the harm", system: "how services work" };

const VERDICTS = {
  intended: { name: "Intended", after: "kept as intended" },
  wrong: { name: "Wrong", after: "marked as wrong" },
  helpful: { name: "Helpful", after: "helpful" },
};

export const labelName = (label) => NAMES[label]?.name ?? label;

export const clues = (sentence) => sentence.cues.map((cue) => `“${cue.text}”`).join(", ");

/** The closed note: one line or two. `actions` are called with the sentence. */
export function makeNote(sentence, { verdict, open, out, actions }) {
  const name = labelName(sentence.label);
  const note = h("div", {
    class: `note ${sentence.label}${["intended", "wrong"].includes(verdict) ? " kept" : ""}${out ? " out" : ""}${open ? " open" : ""}${sentence.skipped === "quote" ? " quoted" : ""}`,
    id: `note-${sentence.id}`, role: "group", "aria-label": `Note: reads as ${name.toLowerCase()}`, "data-sentence": sentence.id,
  });
  note.append(h("p", { class: "note-head" },
    h("span", { class: "tag" }, name), " ",
    h("span", { class: "sure" }, percent(sentence.scores[sentence.label])),
    verdict ? h("span", { class: "kept-word" }, ` · ${VERDICTS[verdict].after}`) : "",
    sentence.changed ? h("span", { class: "kept-word" }, " · checked again") : "",
    sentence.cues.length ? h("span", { class: "clue" }, `${verdict || sentence.changed ? " · " : " "}${clues(sentence)}`) : ""));
  note.append(open ? more(sentence, verdict, actions) : onPaper(sentence));
  return note;
}

function more(sentence, verdict, actions) {
  const target = TARGETS[sentence.target];
  return h("div", { class: "more" },
    h("p", {}, NAMES[sentence.label].meaning),
    sentence.label === "blame" && target ? h("p", { class: "soft" }, `It seems to point at ${target}.`) : "",
    sentence.advice?.note && words.culpability.levels[sentence.culpability]
      ? h("p", { class: "claim" }, `It ${words.culpability.claim}: ${words.culpability.levels[sentence.culpability]}.`) : "",
    sentence.factors.length
      ? h("p", { class: "names" }, `What it points at in the system: ${sentence.factors.map((factor) => (words.factors.names[factor]?.[0] ?? factor).toLowerCase()).join(", ")}.`) : "",
    h("p", { class: "label" }, "Words that weighed most"),
    sentence.cues.length
      ? h("ul", { class: "clues" }, sentence.cues.map((cue) =>
        h("li", {}, h("q", {}, cue.text), cue.family ? h("span", { class: "soft" }, ` ${cue.family}`) : "")))
      : h("p", { class: "soft" }, "No single words stood out; it is the sentence as a whole."),
    sentence.advice ? asked(sentence, sentence.advice) : "",
    h("p", { class: "label", id: `decide-${sentence.id}` }, "Your decision on this flag"),
    h("div", { class: "decide", role: "group", "aria-labelledby": `decide-${sentence.id}`, "aria-describedby": `decide-note-${sentence.id}` },
      words.verdicts.map((one) => h("button", { type: "button", class: `decide-${one}`, "aria-pressed": String(verdict === one),
        onclick: () => actions.decide(sentence, one) }, VERDICTS[one].name))),
    h("p", { class: "soft small", id: `decide-note-${sentence.id}` },
      "Intended: the sentence stays as it is. Wrong: the tool is mistaken. Both make the flag quiet. Helpful: good to have been told."),
    h("p", { class: "note-actions" },
      h("button", { type: "button", class: "change", onclick: () => actions.edit(sentence) }, "Edit"),
      h("button", { type: "button", class: "shut", onclick: () => actions.close(sentence) }, "Close")),
    h("p", { class: "label" }, "How it reads, by the tool’s estimate"),
    h("dl", { class: "scores" }, LABELS.map((label) => h("div", {},
      h("dt", {}, labelName(label)), h("dd", { class: "bar-cell" }, bar([[label, sentence.scores[label]]])),
      h("dd", { class: "n" }, percent(sentence.scores[label]))))),
    sentence.advice ? h("p", { class: "sources" }, `The questions are after: ${sourcesOf(sentence.advice).join("; ")}.`) : "");
}

const sourcesOf = ({ questions }) => [...new Set(questions.flatMap((question) => question.sources.map((source) => source.name)))];

/** What the service advises: why, questions, and words that could stand in the place of others. */
function asked(sentence, { why, note, questions, rewording }) {
  return [
    h("p", { class: "label" }, NAMES[sentence.label].ask),
    h("p", {}, why),
    h("ul", { class: "questions" }, questions.map((question) => h("li", {}, question.text))),
    note ? h("p", { class: "ladder" }, note) : "",
    rewording ? h("p", { class: "rewording" }, "It could say ", h("q", {}, rewording.text), " in place of ",
      h("q", {}, sentence.text.slice(rewording.start, rewording.end)), ", if that is what happened.") : "",
  ];
}

/** For paper, where nothing can be opened: the first two questions. */
function onPaper({ advice }) {
  return advice
    ? h("ul", { class: "questions paper" }, advice.questions.slice(0, 2).map((question) => h("li", {}, question.text)))
    : "";
}
