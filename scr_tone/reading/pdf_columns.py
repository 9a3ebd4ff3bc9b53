"""Columns: where a white strip runs down several rows, and whether what it divides is running text or a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from scr_tone.reading.pdf_gutters import WIDE, gutters, row_cover
from scr_tone.reading.pdf_lines import Row
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["Region", "column_bounds", "column_of", "regions", "usual_pitch"]


@dataclass(slots=True)
class Region:
    """Rows that share their columns; `bounds` are the edges between those, none for a single column."""

    first: int
    last: int
    bounds: list[float]


def usual_pitch(rows: list[Row]) -> float:
    """Find the usual distance between base lines."""
    steps = Counter(
        round(upper.y - lower.y)
        for upper, lower in pairwise(rows)
        if 0.8 * lower.size < upper.y - lower.y < 3 * lower.size
    )
    return float(max(steps, key=lambda step: (steps[step], -step), default=0)) or 1.25 * rows[0].size


def column_of(word: Word, bounds: list[float]) -> int:
    """Tell which column a word stands in."""
    centre = (word.x0 + word.x1) / 2
    return sum(centre > bound for bound in bounds)


def regions(rows: list[Row], pitch: float, box: Box) -> list[Region]:
    """Divide rows where a gutter begins or ends."""
    covers = [row_cover(row, box) for row in rows]
    found: list[Region] = []
    start, union = 0, 0
    for at, cover in enumerate([*covers, None]):
        if cover is not None:
            if at == start or (
                gutters(union | cover, box, rows[start].size)
                and not _crosses(rows, start, at, union, cover, pitch, box)
            ):
                union |= cover
                continue
            if not gutters(union, box, rows[start].size):
                # Nothing was divided so far, but this row may share columns with the rows below.
                found.append(Region(start, at, []))
                start, union = at, cover
                continue
        found += _checked(rows, covers, start, at, pitch, box)
        start, union = at, cover or 0
    joined: list[Region] = []
    for region in found:
        if joined and not joined[-1].bounds and not region.bounds:
            joined[-1].last = region.last
            continue
        # Rows above that keep within a later column of a table belong to a cell that began on the page before.
        while joined and region.bounds and joined[-1].first < joined[-1].last and _within(rows, region, pitch):
            joined[-1].last -= 1
            region.first -= 1
        if joined and joined[-1].first == joined[-1].last:
            joined.pop()
        if region.first < region.last:
            joined.append(region)
    return joined


def _crosses(rows: list[Row], start: int, at: int, union: int, cover: int, pitch: float, box: Box) -> bool:
    """Whether a row set off from those above runs across the gutter in their middle, as a note below columns does."""
    if at - start < 4 or not _apart(rows, at - 1, at, pitch):
        return False
    left, right = min(row.x0 for row in rows[start:at]), max(row.x1 for row in rows[start:at])

    def central(strips: list[tuple[float, float]]) -> bool:
        return any(abs(one + other - left - right) < 0.1 * (right - left) for one, other in strips)

    size = rows[start].size
    return central(gutters(union, box, size)) and not central(gutters(union | cover, box, size))


def _within(rows: list[Row], region: Region, pitch: float) -> bool:
    """Whether the row above a region stands in one of its columns but the first, close to what is below."""
    row = rows[region.first - 1]
    columns = {column_of(word, region.bounds) for word in row.words}
    if len(columns) > 1 or 0 in columns or _apart(rows, region.first - 1, region.first, pitch):
        return False
    lefts = [word.x0 for below in rows[region.first : region.last] for word in below.words]
    return any(abs(left - row.x0) < 2 for left in lefts) and all(
        not word.x0 < bound < word.x1 for word in row.words for bound in region.bounds
    )


def _checked(rows: list[Row], covers: list[int], start: int, stop: int, pitch: float, box: Box) -> list[Region]:
    """Keep a region's columns only where rows beside each other show them, without single rows at its ends."""
    if start == stop:
        return []
    size = rows[start].size
    first, last = start, stop

    def shared(begin: int, end: int) -> list[tuple[float, float]]:
        union = 0
        for cover in covers[begin:end]:
            union |= cover
        return gutters(union, box, size)

    gaps = shared(first, last)
    # A header set off above a table must not hide the table's columns.
    while last - first > 2 and _apart(rows, first, first + 1, pitch) and len(shared(first + 1, last)) > len(gaps):
        first += 1
        gaps = shared(first, last)
    while last - first > 2 and _apart(rows, last - 2, last - 1, pitch) and len(shared(first, last - 1)) > len(gaps):
        last -= 1
        gaps = shared(first, last)
    bounds = [(left + right) / 2 for left, right in gaps]
    filled = [{column_of(word, bounds) for word in row.words} for row in rows[first:last]]
    # Columns with base lines of their own never share a row, but their rows overlap.
    near = [upper.y - lower.y < 0.9 * lower.size for upper, lower in pairwise(rows[first:last])]
    both = [
        len(columns) > 1 or (at < len(near) and near[at] and columns != filled[at + 1])
        for at, columns in enumerate(filled)
    ]
    widest = max((right - left for left, right in gaps), default=0.0)
    enough = {0: 9e9, 1: 2.5, 2: 1.5}.get(sum(both), WIDE)
    if not bounds or last - first < 2 or widest < enough * size:
        return [Region(start, stop, [])]
    begin, end = first, last
    while not both[begin - first] and (_apart(rows, begin, begin + 1, pitch) or 0 in filled[begin - first]):
        begin += 1
    while not both[end - 1 - first] and _apart(rows, end - 2, end - 1, pitch):
        end -= 1
    if (begin, end) != (first, last):
        bounds = [(left + right) / 2 for left, right in shared(begin, end)]
    return [Region(start, begin, []), Region(begin, end, bounds), Region(end, stop, [])]


def _apart(rows: list[Row], upper: int, lower: int, pitch: float) -> bool:
    """Whether two rows are set off from each other, by white or by type."""
    one, other = rows[upper], rows[lower]
    return one.y - other.y > 1.35 * pitch or abs(one.size - other.size) > 0.08 * other.size


def column_bounds(rows: list[Row], bounds: list[float]) -> list[float]:
    """Find the bounds between columns that are read one after the other; none for a table, read row by row."""
    if len(bounds) <= 2 and _is_prose(rows, bounds):
        return bounds
    left = min(row.words[0].x0 for row in rows)
    right = max(row.x1 for row in rows)
    middle = min(bounds, key=lambda bound: abs(bound - (left + right) / 2))
    # Two columns of a page may hold tables all the way down, which look like one wide table.
    if len(bounds) > 2 and abs(middle - (left + right) / 2) < 0.05 * (right - left):
        return [middle] if _is_prose(rows, [middle]) else []
    return []


class _Span(NamedTuple):
    """What a row has in one column."""

    x0: float
    x1: float
    y: float
    words: int
    table: bool


def _is_prose(rows: list[Row], bounds: list[float]) -> bool:
    columns: list[list[_Span]] = [[] for _ in range(len(bounds) + 1)]
    for row in rows:
        parts: dict[int, list[Word]] = {}
        for word in row.words:
            parts.setdefault(column_of(word, bounds), []).append(word)
        for number, words in parts.items():
            right = max(word.x1 for word in words)
            columns[number].append(_Span(words[0].x0, right, row.y, len(words), row.table is not None))
    for column in columns:
        framed = any(span.table for span in column)
        if len(column) < 3 and not framed:
            return False
        if sum(span.words + span.table for span in column) < 2 * len(column):
            return False
    widths = [max(span.x1 for span in column) - min(span.x0 for span in column) for column in columns]
    fills = [
        sum(span.x1 - span.x0 > 0.75 * width for span in column) / len(column)
        for column, width in zip(columns, widths, strict=True)
    ]
    # Rows of a table all start at one height; paragraphs in columns do so only by chance, and not below the end of
    # the shorter column.
    lowest = max(column[-1].y for column in columns)
    heights = [[span.y for span in column if span.y >= lowest] for column in columns]
    pitch = min(_mode_step(ys) for ys in heights)
    breaks = [_breaks(ys, pitch) for ys in heights]
    beside = [row.y for row in rows if row.y >= lowest]
    if sum(map(len, heights)) < 1.3 * len(beside) and min(map(len, heights)) > 3:
        return True  # cells of a table share their base lines
    bands = _breaks(beside, pitch)
    ratio = max(widths) / min(widths)
    alike = ratio <= 1.1 and min(fills) >= 0.5
    if bands >= 2 and bands >= (0.9 if alike else 0.7) * max(breaks) and min(breaks) >= 0.6 * bands:
        return False
    # A column of the page may itself hold a table and be far from filled, but then it is as wide as its neighbour.
    independent = max(breaks) >= 1 and bands < 0.5 * max(breaks)
    return ratio <= 2.2 if min(fills) >= 0.5 else ratio <= 1.3 and (max(fills) >= 0.5 or independent)


def _mode_step(ys: list[float]) -> float:
    steps = Counter(round(one - other) for one, other in pairwise(ys))
    return float(max(steps, key=lambda step: (steps[step], -step), default=9e9))


def _breaks(ys: list[float], pitch: float) -> int:
    return sum(one - other > 1.35 * pitch for one, other in pairwise(ys))
