"""Which stretch of a sentence to point at: where readers of reviews would put a comment, learned from marked sentences.

The words that weigh most in a label (`scr_tone.explain`) say what moved the model. They are often part of a phrase, or the stock
verb beside a heavier charge, and an author needs the phrase. So a head of the encoder says of each token how likely a reader who
marked words for the label (``data/telling.jsonl``) would have marked it, begun there or ended there; here that becomes one stretch
of whole words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scr_tone.records import LABELS, Cue

__all__ = ["PARTS", "POINTED", "POINTER", "WordOdds", "parts_of", "pointed"]

#: Name of the head.
POINTER = "telling"
#: Labels whose words are pointed at.
POINTED = tuple(label for label in LABELS if label != "neutral")
#: What the head says of a token, for each of `POINTED`.
PARTS = ("inside", "begins", "ends")
#: How much the ends of a stretch count beside each of its words, and what is added for each word: a stretch is else too short, as each
#: word by itself is marked less often than not. By the shared words on held-out cases (tests/benchmarks/README.md).
_EDGES, _LONGER = 1.0, 0.6
#: Log-odds of a stretch that begins or ends within what is one word to the model.
_NEVER = -30.0
#: A stretch is at most so many words.
_MOST = 16
_WORD = re.compile(r"\d+(?:[.,:/]\d+)+|\w+(?:['\u2019\u2010\u2011-]\w+)*")
_PAIRED = re.compile("[(\u201c]|[)\u201d]|(?<!\\w)\u2018|\u2019(?!\\w)")
_CLOSES = {")": "(", "\u201d": "\u201c", "\u2019": "\u2018"}
#: Where a sentence or a clause of its own ends.
_STOP = re.compile(r"[;!?:\t\n\v]|\.\s")


class WordOdds(NamedTuple):
    """Where a word or a part of one stands in a sentence, and the log-odds that a stretch is over it, begins and ends with it."""

    start: int
    end: int
    inside: float
    begins: float
    ends: float


def parts_of(label: str) -> tuple[str, ...]:
    """Classes of the head that are about a label, in the order of `PARTS`.

    Examples
    --------
    >>> parts_of("blame")
    ('blame inside', 'blame begins', 'blame ends')
    """
    return tuple(f"{label} {part}" for part in PARTS)


def pointed(odds: Sequence[WordOdds], sentence: str, cues: Sequence[Cue] = ()) -> Cue | None:
    """The likeliest stretch, if it were that words are marked, and stretches begin and end, independently of each other.

    Parameters
    ----------
    odds : sequence of WordOdds
        In reading order, with offsets into `sentence`.
    sentence : str
    cues : sequence of Cue
        Of the sentence; those in the stretch give it its family and its weight.

    Returns
    -------
    Cue or None
        None where nothing is known of any word.

    Examples
    --------
    >>> text = "The nurse failed to ring."
    >>> likely = {"failed": (2.0, 3.0, -3.0), "to": (2.0, -3.0, -3.0), "ring": (2.0, -3.0, 3.0)}
    >>> odds = [
    ...     WordOdds(word.start(), word.end(), *likely.get(word.group(), (-2.0, -3.0, -3.0)))
    ...     for word in re.finditer("[a-z]+", text)
    ... ]
    >>> pointed(odds, text).text
    'failed to ring'
    """
    words = _words(odds, sentence)
    best: tuple[float, int, int] | None = None
    for first, word in enumerate(words):
        total = 0.0
        for last in words[first : first + _MOST]:
            total += last.inside + _LONGER
            score = total + _EDGES * (word.begins + last.ends)
            if (best is None or score > best[0]) and _whole(sentence[word.start : last.end]):
                best = score, word.start, last.end
    if best is None:
        return None
    _, start, end = best
    inside = [cue for cue in cues if cue.start < end and cue.end > start]
    families = [cue for cue in inside if cue.family]
    family = max(families, key=lambda cue: cue.weight).family if families else None
    return Cue(start, end, sentence[start:end], family, sum(cue.weight for cue in inside))


def _words(odds: Sequence[WordOdds], sentence: str) -> list[WordOdds]:
    """The same for whole words: the mean over the parts of one, where its first part begins and its last part ends.

    What is one to the model may be several words (a name), of which none begins or ends a stretch within it.
    """
    found: list[WordOdds] = []
    at = 0
    for word in _WORD.finditer(sentence):
        start, end = word.span()
        while at < len(odds) and odds[at].end <= start:
            at += 1
        parts = []
        for part in odds[at:]:
            if part.start >= end:
                break
            parts.append(part)
        if parts:
            inside = sum(part.inside for part in parts) / len(parts)
            begins = parts[0].begins if parts[0].start >= start else _NEVER
            ends = parts[-1].ends if parts[-1].end <= end else _NEVER
            found.append(WordOdds(start, end, inside, begins, ends))
    return found


def _whole(text: str) -> bool:
    """Whether no sentence ends inside, and quotation marks and brackets are in pairs; an apostrophe is no mark."""
    if _STOP.search(text) or text.count('"') % 2:
        return False
    opened: list[str] = []
    for mark in _PAIRED.finditer(text):
        closes = _CLOSES.get(mark.group())
        if closes is None:
            opened.append(mark.group())
        elif opened and opened[-1] == closes:
            opened.pop()
        elif mark.group() != "\u2019":  # which also makes a genitive: "the parents\u2019 house"
            return False
    return not opened
