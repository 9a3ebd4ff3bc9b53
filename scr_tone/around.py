"""What the sentences near a flagged one may say already, so that it is not asked for as if nobody had thought of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from scr_tone.cues import find_cues
from scr_tone.guidance import holding
from scr_tone.records import Sentence

__all__ = ["Beside", "reasons_beside"]

#: Where the reason stands, seen from the sentence; or that the next lines own what it says.
Beside = Literal["before", "after", "owned"]
#: How many sentences on either side are looked at.
_LINES = 2
#: A standard beside which the work is held shows the fault, and not its reason.
_FELL_SHORT = re.compile(r"n['\u2019]t\b|\b(?:not|never|no|nobody|without)\b", re.IGNORECASE)
#: What before a word of owning makes it the contrary: "has not apologised", "no one has accepted".
_DENIES = re.compile(
    r"(?:n['\u2019]t|\b(?:not|never|nobody|no one|none|refus\w+ to|declin\w+ to|without))(?: \w+){0,5} $", re.IGNORECASE
)
#: `learning` that tells what is to come, what a review is for or what went well, and so no reason of what went wrong.
_NO_REASON = {"recommendation and improvement", "learning purpose", "good practice"}


def reasons_beside(sentences: Sequence[Sentence], text: str) -> Mapping[int, Beside]:
    """Which sentences of blame have one near them, of two on either side in the same paragraph, that may give a reason or own it.

    A sentence may give a reason if it reads as `learning`, names a contributory factor, and neither recommends, praises, blames nor
    holds the work beside a standard. It may own it if it follows, reads as `accountability`, and has words of owning. It may still be
    about something else, so what is asked begins with whether it does.

    Parameters
    ----------
    sentences : sequence of Sentence
        Of one report, in reading order.
    text : str
        The document's text, into which their offsets are.

    Returns
    -------
    mapping of int to {"before", "after", "owned"}
        By `Sentence.index`; a reason after it counts before one that owns it, and that before a reason in front.

    Examples
    --------
    >>> import scr_tone
    >>> text = "The nurse failed to ring. With two vacancies, nobody covered the telephone on Fridays."
    >>> reasons_beside(scr_tone.load("standard").analyse(text).sentences, text)
    {0: 'after'}
    """
    found: dict[int, Beside] = {}

    @cache
    def near(place: int) -> bool:
        return _gives_reason(sentences[place])

    for place, sentence in enumerate(sentences):
        if sentence.label != "blame":  # the others are asked nothing about it
            continue
        before = range(max(0, place - _LINES), place)
        after = range(place + 1, min(place + 1 + _LINES, len(sentences)))
        if any("\n" not in text[sentence.end : sentences[at].start] and near(at) for at in after):
            found[sentence.index] = "after"
        elif any("\n" not in text[sentence.end : sentences[at].start] and _owns(sentences[at]) for at in after):
            found[sentence.index] = "owned"
        elif any("\n" not in text[sentences[at].end : sentence.start] and near(at) for at in before):
            found[sentence.index] = "before"
    return found


def _gives_reason(sentence: Sentence) -> bool:
    if sentence.label != "learning" or not sentence.factors or sentence.skipped:
        return False
    if _NO_REASON & {match.family for match in find_cues(sentence.text, "learning")}:
        return False
    if find_cues(sentence.text, "blame"):
        return False
    return not (_FELL_SHORT.search(sentence.text) and "standard named" in holding(sentence.text))


def _owns(sentence: Sentence) -> bool:
    if sentence.label != "accountability" or sentence.skipped or sentence.target in ("family", "child", "perpetrator"):
        return False
    return any(
        match.family == "owning" and not _DENIES.search(sentence.text[: match.start])
        for match in find_cues(sentence.text, "accountability")
    )
