"""What the sentences beside a flagged one say already, so that nothing is asked that the reader has just read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from scr_tone.cues import find_cues
from scr_tone.records import Sentence

__all__ = ["Beside", "reasons_beside"]

#: Where the reason stands, seen from the sentence.
Beside = Literal["before", "after"]
#: `learning` that tells what is to come, what a review is for or what went well, and so no reason of what went wrong.
_NO_REASON = {"recommendation and improvement", "learning purpose", "good practice"}


def reasons_beside(sentences: Sequence[Sentence], text: str) -> Mapping[int, Beside]:
    """Which sentences have one beside them, in the same paragraph, that seems to give a reason.

    A sentence seems to give a reason if it reads as `learning`, names a contributory factor, and neither recommends nor praises.

    Parameters
    ----------
    sentences : sequence of Sentence
        Of one report, in reading order.
    text : str
        The document's text, into which their offsets are.

    Returns
    -------
    mapping of int to {"before", "after"}
        By `Sentence.index`; where there is one on either side, the one after it counts.

    Examples
    --------
    >>> import scr_tone
    >>> text = "The nurse failed to ring. With two vacancies, nobody covered the telephone on Fridays."
    >>> reasons_beside(scr_tone.load().analyse(text).sentences, text)
    {0: 'after'}
    """
    found: dict[int, Beside] = {}
    for one, other in pairwise(sentences):
        if "\n" in text[one.end : other.start]:
            continue
        if _gives_reason(one):
            found.setdefault(other.index, "before")
        if _gives_reason(other):
            found[one.index] = "after"
    return found


def _gives_reason(sentence: Sentence) -> bool:
    if sentence.label != "learning" or not sentence.factors or sentence.skipped:
        return False
    return not _NO_REASON & {match.family for match in find_cues(sentence.text, "learning")}
