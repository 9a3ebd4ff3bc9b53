"""A whole document read through once: what its sentences show, and little else kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from scr_tone.purpose.model import ALL_KINDS, Scores
from scr_tone.purpose.places import Places
from scr_tone.purpose.rules import Reading, denies, readings

__all__ = ["DocumentRead", "read_through"]

_STRETCH = 32  # sentences scored together; few, so that what is read is soon let go
_FAINT = 0.1  # a sentence that shows every kind less than this is not kept


@dataclass(frozen=True)
class DocumentRead:
    """What came of reading a document.

    Attributes
    ----------
    scores : array of shape (n_sentences, n_kinds)
        How much each sentence shows each kind, 0 to 1.
    readings : mapping of index to Reading
        Of the sentences that show anything.
    denials : frozenset of int
        Sentences that say that there was no process of the kinds that complicate a purpose.
    findings : int
        Where the findings begin; the number of sentences if nothing says where.
    """

    scores: Scores
    readings: dict[int, Reading]
    denials: frozenset[int]
    findings: int


def read_through(
    sentences: Sequence[str], sections: Sequence[str | None] | None, score: Callable[[Sequence[Reading]], Scores]
) -> DocumentRead:
    """Read a document, sentence by sentence.

    Parameters
    ----------
    sentences : sequence of str
    sections : sequence of str or None, or None
    score : callable
        How much each sentence of a stretch shows each kind.

    Examples
    --------
    >>> from scr_tone.purpose.model import ruled_scores
    >>> read = read_through(["The aim of this review is to learn.", "It rained."], None, ruled_scores)
    >>> list(read.readings), read.findings
    ([0], 2)
    """
    places = Places()
    scores = np.zeros((len(sentences), len(ALL_KINDS)))
    kept: dict[int, Reading] = {}
    denials: set[int] = set()
    reading = readings(sentences, sections, places)
    for start in range(0, len(sentences), _STRETCH):
        stretch = list(islice(reading, _STRETCH))
        found = scores[start : start + len(stretch)] = score(stretch)
        denials.update(start + at for at, one in enumerate(stretch) if denies(one.tags))
        kept.update((start + int(at), stretch[at]) for at in np.flatnonzero(found.max(axis=1) >= _FAINT))
    return DocumentRead(scores, kept, frozenset(denials), places.findings())
