"""What editors show: one rule a label, and words that an author who is tired or hurt can still accept."""

from __future__ import annotations

from dataclasses import dataclass

from scr_tone.advice import advise, families_of
from scr_tone.around import Beside
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


def message(sentence: Sentence, label: str, cues: tuple[Cue, ...], *, beside: Beside | None = None) -> str:
    """What to tell the author about a sentence, with the words that it rests on.

    Parameters
    ----------
    sentence : Sentence
    label : str
        The rule's label, which for a borderline case is not the sentence's own.
    cues : tuple of Cue
        The words to name.
    beside : {"before", "after", "owned"}, optional
        See `scr_tone.advice.advise`.

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
    return (
        f"{heard}{named} It may well be true. {_question(sentence, cues, beside)} If it says what you mean, leave it."
    )


def _question(sentence: Sentence, cues: tuple[Cue, ...], beside: Beside | None) -> str:
    """The first question of the library's advice; an editor's bubble has room for one."""
    advice = advise(
        "blame",
        families=families_of(cues, sentence.telling if sentence.label == "blame" else None),
        target=sentence.target,
        voice=sentence.voice,
        culpability=sentence.culpability,
        text=sentence.text,
        beside=beside,
    )
    return advice.questions[0].text if advice else ""
