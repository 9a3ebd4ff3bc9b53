// The text as a whole: what it says of its purpose, which parts of the system its learning points at, where it blames honest acts.

import { bar, $, h, number, plural } from "./dom.js";
import { say } from "./faces.js";
import { counts, sentencesOf } from "./model.js";
import { askAgain, isStale } from "./profile.js";
import { bring } from "./scrolling.js";
import { find, state, view } from "./state.js";
import words from "./words.js";

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** Draw all of it, as the text now stands. */
export function drawOverview() {
  drawProfile();
  drawFactors();
  drawClaims();
  $("overview").hidden = ["contradiction", "profile", "factors", "claims"].every((id) => $(id).hidden);
}

/** A sentence that a click leads to; one that is no more in the text is shown without. */
function jump(id, text) {
  const found = id === null ? null : find(id);
  if (!found) return h("p", { class: "gone" }, h("q", {}, text), h("span", { class: "soft" }, " (changed since)"));
  const place = found.block.page ? `page ${found.block.page}` : found.block.section ?? "";
  return h("button", { type: "button", class: "jump", onclick: () => view.actions.goTo(id) },
    h("span", { class: "said" }, text), place ? h("span", { class: "soft small" }, ` ${place}`) : "");
}

const worth = (profile, sentences) =>
  profile && (sentences >= words.purpose.whole || Object.values(profile.answers).some((one) => one.status !== "not_found"));

function drawProfile() {
  const { profile } = state.doc;
  const counted = [...sentencesOf(state.doc)].filter(([sentence]) => counts(sentence, true)).length;
  const shown = worth(profile, counted);
  $("profile").hidden = !shown;
  $("contradiction").hidden = !profile?.contradiction;
  $("contradiction").replaceChildren();
  $("profile-glance").replaceChildren();
  $("profile-body").replaceChildren();
  if (!shown) return;
  const stale = isStale(state.doc);
  const asked = Object.keys(words.purpose.questions).filter((question) => profile.answers[question]);
  const sign = (status) => h("span", { class: `sign ${status}`, "aria-hidden": "true" }, words.purpose.sign[status]);
  $("profile-glance").append(...asked.map((question) => {
    const { status } = profile.answers[question];
    return h("span", { class: "chip" }, sign(status), ` ${words.purpose.short[question]}: ${words.purpose.status[status]}`);
  }), ...(stale ? [h("span", { class: "chip stale" }, "before your edits")] : []));
  if (stale) $("profile-body").append(staleNote());
  $("profile-body").append(h("p", { class: "soft small" }, words.purpose.note), ...asked.map((question) => {
    const { status, evidence, missing } = profile.answers[question];
    return h("section", { class: `answer ${status}` },
      h("h3", {}, words.purpose.questions[question], " ", h("span", { class: "status-word" }, sign(status), ` ${words.purpose.status[status]}`)),
      evidence.length ? h("ul", { class: "evidence" }, evidence.map(({ id, text }) => h("li", {}, jump(id, text)))) : "",
      missing ? h("p", { class: "missing" }, h("strong", {}, "What is missing: "), `${missing}.`) : "");
  }));
  if (profile.contradiction) drawContradiction(profile, stale);
}

function drawContradiction(profile, stale) {
  const claim = profile.answers.positive?.evidence.find(({ id }) => id !== null && find(id));
  const aside = [stale ? "Counted before your edits." : "", view.decisions.size ? "It leaves your decisions aside." : ""].filter(Boolean);
  $("contradiction").append(h("p", {}, h("strong", {}, "Learning claimed, blame found. "), profile.contradiction,
    aside.length ? ` ${aside.join(" ")}` : ""));
  if (claim) {
    $("contradiction").append(h("p", { class: "actions" },
      h("button", { type: "button", class: "plain", onclick: () => view.actions.goTo(claim.id) }, "Show where it says so")));
  }
}

function staleNote() {
  const trouble = view.troubles.get("profile");
  return h("div", { class: "warning" },
    h("p", {}, "You have edited the text since.", h("span", { class: "on-screen" }, " What a text says of its purpose lies in the whole of it: to check it again, all of the text goes to the service once more, which keeps none of it.")),
    trouble ? h("p", { class: "error", role: "alert" }, trouble) : "",
    h("p", { class: "actions" }, h("button", { type: "button", id: "ask-again", "aria-disabled": view.asking ? "true" : null, onclick: again },
      view.asking ? "Checking…" : "Check the purpose again")));
}

async function again() {
  if (view.asking) return;
  const { doc } = state;
  view.asking = true;
  view.troubles.delete("profile");
  drawOverview();
  $("ask-again")?.focus();
  say("Checking what the text says of its purpose.");
  let failed = null;
  try {
    await askAgain(doc);
  } catch (error) {
    failed = error;
  }
  view.asking = false;
  if (state.doc !== doc) return; // another text has come meanwhile
  if (failed) view.troubles.set("profile", `${failed.message}. ${failed.detail ?? ""}`);
  drawOverview();
  (failed ? $("ask-again") : $("profile").querySelector("summary"))?.focus();
  if (!failed) say(`Checked again. ${glance()}`, { seen: false });
}

const glance = () => Object.entries(state.doc.profile.answers)
  .map(([question, { status }]) => `${capital(words.purpose.short[question])}: ${words.purpose.status[status]}.`).join(" ");

/** Sentences that take part, with what is settled left out, as in the library's counts. */
const counted = () => [...sentencesOf(state.doc)].map(([sentence]) => sentence)
  .filter((sentence) => counts(sentence, view.leaveOutQuotes) && !view.decisions.settles(sentence));

function drawFactors() {
  const learning = counted().filter((sentence) => sentence.label === "learning");
  const found = new Map();
  for (const sentence of learning) for (const factor of sentence.factors) found.set(factor, (found.get(factor) ?? 0) + 1);
  const ranked = [...found].sort((one, other) => other[1] - one[1]);
  $("factors").hidden = !ranked.length;
  $("only").hidden = view.factor === null;
  if (view.factor !== null) $("only-name").textContent = nameOf(view.factor);
  if (!ranked.length) return;
  const top = ranked.slice(0, 3).map(([factor, count]) => h("span", { class: "chip" }, `${nameOf(factor)} ${number(count)}`));
  $("factors-glance").replaceChildren(...top, ...(ranked.length > 3 ? [h("span", { class: "chip" }, `and ${ranked.length - 3} more`)] : []));
  const silent = Object.keys(words.factors.names).filter((factor) => !found.has(factor)).map((factor) => nameOf(factor).toLowerCase());
  $("factors-body").replaceChildren(
    h("p", { class: "soft small" }, words.factors.note, h("span", { class: "on-screen" }, " Press one to see only its sentences.")),
    h("ul", { class: "factor-list" }, ranked.map(([factor, count]) => h("li", {},
      h("button", { type: "button", class: "factor", "data-factor": factor, "aria-pressed": String(view.factor === factor), onclick: () => view.actions.chooseFactor(factor) },
        h("span", { class: "factor-name" }, nameOf(factor), " ", h("span", { class: "soft small" }, words.factors.names[factor]?.[1] ?? "")),
        h("span", { class: "n" }, number(count), h("span", { class: "hidden" }, count === 1 ? " sentence" : " sentences")), bar([["learning", count / ranked[0][1]]]))))),
    silent.length ? h("p", { class: "soft small" }, `${words.factors.silent}: ${silent.join(", ")}.`) : "");
}

export const nameOf = (factor) => words.factors.names[factor]?.[0] ?? factor;

/**
 * Blame for what the sentence itself describes as a mistake or a usual shortcut, where the advice has something to say. What other
 * sentences claim of how an act was meant is not listed: the model is too often wrong there to be quoted about people.
 */
function drawClaims() {
  const blamed = counted().filter((sentence) => sentence.label === "blame" && !sentence.unsure && sentence.advice?.note);
  $("claims").hidden = !blamed.length;
  if (!blamed.length) return;
  $("claims-glance").replaceChildren(h("span", { class: "chip" }, plural(blamed.length, "sentence")));
  $("claims-body").replaceChildren(
    h("p", { class: "soft small" }, "These sentences seem to blame for what they describe themselves as a mistake without intent, or as a shortcut that was usual. The note at each says why that is worth another look."),
    h("ul", { class: "evidence" }, blamed.map((sentence) => h("li", {}, jump(sentence.id, sentence.text)))));
}

/** Back from a sentence to the overview. */
export function toOverview() {
  const open = [...document.querySelectorAll("#overview details:not([hidden])")];
  const target = open.find((one) => one.open) ?? open[0];
  if (!target) {
    say("There is no overview of this text: it is too short to say anything of its purpose.");
    return;
  }
  bring(target);
  target.querySelector("summary").focus({ preventScroll: true });
}
