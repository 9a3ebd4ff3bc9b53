"""Gutters: white strips that run down several rows and divide them into columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from scr_tone.reading.pdf_lines import Row
from scr_tone.reading.pdf_text import is_mark
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["gutters", "is_prose", "row_cover"]

_STEP = 2.0  # points to a bit
_WIDE = 0.9  # ems of white that may be a gutter
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
        start = last.x1 if last and (opens or word.x0 - last.x1 < _WIDE * row.size or _ends(word, row)) else word.x0
        first = max(0, int((start - box.left) / _STEP))
        past = max(first + 1, int((min(word.x1, box.right) - box.left) / _STEP) + 1)
        bits |= ((1 << (past - first)) - 1) << first
        wide = last is None or word.x0 - last.x1 >= _WIDE * row.size
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
        if (past - first) * _STEP >= max(6.0, (_WIDE - 0.2) * size)
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


def is_prose(rows: list[Row], bounds: list[float], pitch: float) -> bool:
    """Tell columns of running text, read one after the other, from a table, read row by row."""
    columns: list[list[tuple[float, float, float, int]]] = [[] for _ in range(len(bounds) + 1)]
    bands = 0
    for at, row in enumerate(rows):
        if at and rows[at - 1].y - row.y > 1.35 * pitch:
            bands += 1
        for number, words in _by_column(row, bounds).items():
            columns[number].append((words[0].x0, words[-1].x1, row.y, len(words)))
    if len(columns) > 4 or min(len(column) for column in columns) < 4:
        return False
    widths: list[float] = []
    breaks = 0
    for column in columns:
        left, right = min(line[0] for line in column), max(line[1] for line in column)
        widths.append(right - left)
        filled = sum(line[1] - line[0] > 0.75 * (right - left) for line in column)
        breaks = max(breaks, sum(one[2] - other[2] > 1.35 * pitch for one, other in pairwise(column)))
        if filled < 0.5 * len(column) or sum(line[3] for line in column) < 3 * len(column):
            return False
    # Rows of a table all start at one height; paragraphs in columns do so only by chance.
    return max(widths) <= 2.2 * min(widths) and not (bands >= 2 and bands >= 0.7 * breaks)


def _by_column(row: Row, bounds: list[float]) -> dict[int, list[Word]]:
    parts: dict[int, list[Word]] = {}
    for word in row.words:
        parts.setdefault(sum((word.x0 + word.x1) / 2 > bound for bound in bounds), []).append(word)
    return parts
