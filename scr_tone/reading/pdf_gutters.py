"""White strips in rows of words, kept as bits so that many rows are compared at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scr_tone.reading.pdf_lines import Row
from scr_tone.reading.pdf_text import is_mark
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["WIDE", "gutters", "row_cover"]

WIDE = 0.9
"""Ems of white that may be a gutter."""

_STEP = 2.0  # points to a bit
_FAR = 14_400.0  # points: the largest page there can be. A damaged file may set type a thousand miles wide.
_TAIL = re.compile(r"\d{1,3}$")


def row_cover(row: Row, box: Box) -> int:
    """Mark where a row has ink, a bit for every two points from the left edge.

    White that is no wider than between words counts as ink, and so does the white behind a paragraph number or
    bullet and before a page number at the right end of a line of contents: those are not columns.
    """
    bits = 0
    last: Word | None = None
    opens = True
    for word in row.words:
        start = last.x1 if last and (opens or word.x0 - last.x1 < WIDE * row.size or _ends(word, row)) else word.x0
        first = max(0, int(min(start - box.left, _FAR) / _STEP))
        past = max(first + 1, int(min(word.x1 - box.left, box.right - box.left, _FAR) / _STEP) + 1)
        bits |= ((1 << (past - first)) - 1) << first
        wide = last is None or word.x0 - last.x1 >= WIDE * row.size
        opens = wide and (is_mark(word.text) or (word.text.isdecimal() and last is None))
        last = word
    return bits


def _ends(word: Word, row: Row) -> bool:
    return word is row.words[-1] and len(row.words) > 2 and _TAIL.match(word.text) is not None


def gutters(cover: int, box: Box, size: float) -> list[tuple[float, float]]:
    """List the white strips inside a cover, each from where to where."""
    return [
        (box.left + first * _STEP, box.left + past * _STEP)
        for first, past in _gaps(cover)
        if (past - first) * _STEP >= max(6.0, (WIDE - 0.2) * size)
    ]


def _gaps(cover: int) -> Iterator[tuple[int, int]]:
    """Yield runs of zero bits between the lowest and the highest one bit."""
    if not cover:
        return
    at = (cover & -cover).bit_length() - 1
    cover >>= at
    while True:
        ones = (~cover & (cover + 1)).bit_length() - 1
        cover >>= ones
        at += ones
        if not cover:
            return
        zeros = (cover & -cover).bit_length() - 1
        yield at, at + zeros
        cover >>= zeros
        at += zeros
