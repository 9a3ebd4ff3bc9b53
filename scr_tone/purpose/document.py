"""A whole document read through once: what its sentences show, and little else kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scr_tone.purpose.lexicon import lexicon
from scr_tone.purpose.model import ALL_KINDS, Row
from scr_tone.purpose.places import Places
from scr_tone.purpose.rules import Reading, denies, readings

__all__ = ["DocumentRead", "read_through"]

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

    scores: npt.NDArray[np.float64]
    readings: dict[int, Reading]
    denials: frozenset[int]
    findings: int


def read_through(
    sentences: Sequence[str], sections: Sequence[str | None] | None, score: Callable[[Reading], Row | None]
) -> DocumentRead:
    """Read a document, sentence by sentence.

    Parameters
    ----------
    sentences : sequence of str
    sections : sequence of str or None, or None
    score : callable
        How much a sentence shows each kind; None for nothing.

    Examples
    --------
    >>> from scr_tone.purpose.model import ruled_row
    >>> read = read_through(["The aim of this review is to learn.", "It rained."], None, ruled_row)
    >>> list(read.readings), read.findings
    ([0], 2)
    """
    places, words = Places(), lexicon()
    scores = np.zeros((len(sentences), len(ALL_KINDS)))
    kept, denials = {}, set()
    for index, reading in enumerate(readings(map(words.tag, sentences), sections, places)):
        row = score(reading)
        if row is not None and denies(reading.tags):
            denials.add(index)
        if row is not None and row.max() >= _FAINT:
            scores[index] = row
            kept[index] = reading
    return DocumentRead(scores, kept, frozenset(denials), places.findings())
