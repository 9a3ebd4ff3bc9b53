"""What editors show: one rule a label, and words that an author who is tired or hurt can still accept."""

from __future__ import annotations

from dataclasses import dataclass

from scr_tone.records import Cue, Sentence

__all__ = ["CATEGORY", "RULES", "Rule", "message"]

CATEGORY = {"id": "STYLE", "name": "How it will sound"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the LanguageTool protocol.

    Attributes
    ----------
    id, label : str
    on : bool
        Whether it is on unless asked for. Only blame is: nobody needs an underline under what is fine.
    short : str
        For a menu.
    description : str
    about : str
        What the link from the editor explains.
    """

    id: str
    label: str
    on: bool
    short: str
    description: str
    about: str


RULES = {
    "blame": Rule(
        "SCR_BLAME",
        "blame",
        True,
        "May be heard as blame",
        "A sentence that readers may hear as blame",
        "The sentence puts the fault in a person, a group or an organisation and stops there. That may be true and fair. "
        "But a reader learns who, and not why; and people who are blamed stop telling what went wrong. Ask of it: What "
        "was known, seen and pressing at the time? What made this seem right, or made the right thing hard? What would "
        "help next time? The tool judges wording, never people, and it makes mistakes: if the sentence says what you "
        "mean, leave it as it is.",
    ),
    "learning": Rule(
        "SCR_LEARNING",
        "learning",
        False,
        "Helps readers to learn",
        "A sentence that points at conditions, at the reasoning of the time, or at what would help",
        "The sentence says what made things likely, how they looked at the time, or what would help. There is nothing to "
        "mend. It is shown only because you asked for this rule.",
    ),
    "accountability": Rule(
        "SCR_ACCOUNTABILITY",
        "accountability",
        False,
        "Takes responsibility fairly",
        "A sentence that owns or fairly apportions responsibility, without condemning",
        "The sentence answers for what happened, or says who will and how we shall know, without condemning anybody. There "
        "is nothing to mend. It is shown only because you asked for this rule.",
    ),
}

_QUESTIONS = {
    "failure verbs": "What was done instead, and what made that seem right at the time?",
    "counterfactuals and hindsight": "What did people know, see and have to weigh up then?",
    "character and competence": "Can it say what was done and known, rather than what somebody was like?",
    "guilt and punishment": "Fault is decided elsewhere; what could be learnt here?",
    "measured against a norm": "Which standard is meant, and what stood between it and everyday work?",
    "victim-blaming": "What was happening to the child or family at the time, and who did it?",
}
_ANY_QUESTION = "What made this likely, and what would help next time?"
_PERPETRATOR = "If it is about the person who did the harm, it may say just what you mean."
_REPORTED = "It seems to be somebody else\u2019s view; is it clear whose, and what the review makes of it?"


def message(sentence: Sentence, label: str, cues: tuple[Cue, ...]) -> str:
    """What to tell the author about a sentence, with the words that it rests on.

    Parameters
    ----------
    sentence : Sentence
    label : str
        The rule's label, which for a borderline case is not the sentence's own.
    cues : tuple of Cue
        The words to name.

    Returns
    -------
    str
        Never a verdict: the author may know well that the sentence is true, and that it is needed.
    """
    words = ", ".join(f"\u201c{' '.join(cue.text.split())}\u201d" for cue in cues)
    listed = any(cue.family for cue in cues)
    named = f": {words}." if listed else f"; {words} weighed most." if words else "."
    if label != "blame":
        return f"{RULES[label].description}{named} Nothing to mend; shown because you asked."
    heard = (
        "Some readers may hear blame in this" if sentence.label == "blame" else "A few readers may hear blame in this"
    )
    return f"{heard}{named} It may well be true. {_question(sentence, cues)} If it says what you mean, leave it."


def _question(sentence: Sentence, cues: tuple[Cue, ...]) -> str:
    if sentence.target == "perpetrator":
        return _PERPETRATOR
    if sentence.voice == "reported":
        return _REPORTED
    by_weight = sorted(cues, key=lambda cue: -cue.weight)
    return next((_QUESTIONS[cue.family] for cue in by_weight if cue.family in _QUESTIONS), _ANY_QUESTION)
