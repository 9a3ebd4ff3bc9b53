"""Reading order of one page: regions from the top, columns in them from the left, lines in those."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from scr_tone.reading.pdf_columns import gutters, is_prose, row_cover
from scr_tone.reading.pdf_lines import Flow, Line, Row, make_line, rows_of
from scr_tone.reading.pdf_tables import Table
from scr_tone.reading.pdf_text import is_mark
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["LANES", "page_lines"]

LANES = 1_000
"""Lane numbers are so many to a region: 0 in it for text that is not in columns, else from 1 by column."""

_TAIL = re.compile(r"\d{1,3}$|[ivxl]{1,6}$")
_APART = 3.0  # ems between words that are not one text although on one line


@dataclass(slots=True)
class _Region:
    """Rows that share their columns; `bounds` are the edges between those, none for a single column."""

    first: int
    last: int
    bounds: list[float]


def page_lines(page: int, words: list[Word], tables: list[Table], box: Box) -> list[Line]:
    """Put a page's words into lines in reading order.

    Parameters
    ----------
    page : int
        Page index, for the lines to carry.
    words : list of Word
        Words outside ruled tables.
    tables : list of Table
        Ruled tables; each is set where its top edge is.
    box : Box
        Edges of the page.
    """
    rows = rows_of(words)
    for number, table in enumerate(tables):
        frame = Word("", table.box.left, table.box.right, table.box.top, 1.0, bold=False)
        rows.append(Row([frame], table.box.top, 1.0, number))
    rows.sort(key=lambda row: -row.y)
    if not rows:
        return []
    covers = [row_cover(row, box) for row in rows]
    pitch = _pitch(rows)
    lines: list[Line] = []
    cells = 0
    for lane, region in enumerate(_regions(rows, covers, pitch, box), start=1):
        part = rows[region.first : region.last]
        prose = not region.bounds or is_prose(part, region.bounds, pitch)
        for column in range(len(region.bounds) + 1):
            for offset, row in enumerate(part):
                here = [word for word in row.words if _column(word, region.bounds) == column]
                if not here:
                    continue
                if row.table is not None:
                    lines += _table_lines(tables[row.table], cells)
                    cells += len(tables[row.table].cells)
                    continue
                made = _split(here, row) if prose else _whole(here, row, "cell")
                before = part[offset - 1] if offset else None
                starts = before is None or not any(_column(word, region.bounds) == 0 for word in before.words)
                starts = starts and any(_column(word, region.bounds) == 0 for word in row.words)
                for line in made:
                    line.row, line.starts = region.first + offset, starts
                    line.lane = LANES * lane + column + bool(region.bounds)
                    lines.append(line)
    _edges(lines)
    for line in lines:
        line.page = page
    return lines


def _pitch(rows: list[Row]) -> float:
    """Usual distance between base lines."""
    steps = Counter(
        round(upper.y - lower.y)
        for upper, lower in pairwise(rows)
        if 0.8 * lower.size < upper.y - lower.y < 3 * lower.size
    )
    return float(max(steps, key=lambda step: (steps[step], -step), default=0)) or 1.25 * rows[0].size


def _regions(rows: list[Row], covers: list[int], pitch: float, box: Box) -> list[_Region]:
    """Divide the rows of a page where a gutter begins or ends."""
    found: list[_Region] = []
    start, union = 0, 0
    for at, cover in enumerate([*covers, None]):
        if cover is not None:
            size = rows[start].size
            shared = gutters(union | cover, box, size)
            lost = len(shared) < max(len(gutters(union, box, size)), len(gutters(cover, box, size)))
            if at == start or (shared and not (lost and _apart(rows, at - 1, at, pitch))):
                union |= cover
                continue
            if not gutters(union, box, size):
                # Nothing was divided so far, but what was may still share columns with the rows below.
                found.append(_Region(start, at, []))
                start, union = at, cover
                continue
        found += _checked(rows, start, at, gutters(union, box, rows[start].size), pitch)
        start, union = at, cover or 0
    joined: list[_Region] = []
    for region in found:
        if joined and not joined[-1].bounds and not region.bounds:
            joined[-1].last = region.last
        elif region.first < region.last:
            joined.append(region)
    return joined


def _checked(rows: list[Row], first: int, last: int, gaps: list[tuple[float, float]], pitch: float) -> list[_Region]:
    """Keep a region's columns only where rows beside each other show them, without single rows at its ends."""
    bounds = [(left + right) / 2 for left, right in gaps]
    filled = [{_column(word, bounds) for word in row.words} for row in rows[first:last]]
    # Columns with base lines of their own never share a row, but their rows overlap.
    near = [upper.y - lower.y < 0.9 * lower.size for upper, lower in pairwise(rows[first:last])]
    both = [
        len(columns) > 1 or (at < len(near) and near[at] and columns != filled[at + 1])
        for at, columns in enumerate(filled)
    ]
    size = rows[first].size if first < len(rows) else 1.0
    widest = max((right - left for left, right in gaps), default=0.0)
    enough = {0: 9e9, 1: 2.5, 2: 1.5}.get(sum(both), 0.9)
    if not bounds or last - first < 2 or widest < enough * size:
        return [_Region(first, last, [])] if first < last else []
    begin, end = first, last
    while not both[begin - first] and (_apart(rows, begin, begin + 1, pitch) or 0 in filled[begin - first]):
        begin += 1
    while not both[end - 1 - first] and _apart(rows, end - 2, end - 1, pitch):
        end -= 1
    return [_Region(first, begin, []), _Region(begin, end, bounds), _Region(end, last, [])]


def _apart(rows: list[Row], upper: int, lower: int, pitch: float) -> bool:
    """Whether two rows are set off from each other, by white or by type."""
    one, other = rows[upper], rows[lower]
    return one.y - other.y > 1.35 * pitch or abs(one.size - other.size) > 0.08 * other.size


def _column(word: Word, bounds: list[float]) -> int:
    centre = (word.x0 + word.x1) / 2
    return sum(centre > bound for bound in bounds)


def _whole(words: list[Word], row: Row, flow: Flow) -> list[Line]:
    line = make_line(words, row)
    if line is None:
        return []
    line.flow = flow
    return [line]


def _split(words: list[Word], row: Row) -> list[Line]:
    """Divide a row at wide gaps, other than behind a mark; a number at its right end may be a page's."""
    pieces: list[list[Word]] = [[words[0]]]
    for word in words[1:]:
        gap = word.x0 - pieces[-1][-1].x1
        marked = len(pieces[-1]) == 1 and (is_mark(pieces[-1][0].text) or pieces[-1][0].text.isdecimal())
        if gap > (2 * _APART if marked else _APART) * row.size or (_is_tail(word, words) and gap > 1.5 * row.size):
            pieces.append([word])
        else:
            pieces[-1].append(word)
    tail = pieces.pop() if len(pieces) == 2 and len(pieces[1]) == 1 and _is_tail(pieces[1][0], words) else []
    lines = [line for piece in pieces if (line := make_line(piece, row)) is not None]
    if tail and lines:
        lines[-1].tail = tail[0].text
        lines[-1].x1 = tail[0].x1
    for line in lines:
        line.flow = "alone" if len(lines) > 1 or tail else "prose"
    return lines


def _is_tail(word: Word, words: list[Word]) -> bool:
    return word is words[-1] and _TAIL.match(word.text) is not None


def _table_lines(table: Table, before: int) -> list[Line]:
    """Lines of a ruled table, cell by cell."""
    lines: list[Line] = []
    for number, (box, words) in enumerate(table.cells, start=before + 1):
        for row in rows_of(words):
            for line in _whole(row.words, row, "cell"):
                line.cell, line.left, line.right = number, box.left, box.right
                lines.append(line)
    # The white that a cell keeps to its right is not room for another word.
    padding = min((line.right - line.x1 for line in lines), default=0.0)
    for line in lines:
        line.right -= max(0.0, padding)
    return lines


def _edges(lines: list[Line]) -> None:
    """Give lines outside ruled cells the edges of their column, which undivided regions share."""
    edges: dict[int, list[float]] = {}
    for line in lines:
        if line.cell:
            continue
        left_right = edges.setdefault(line.lane if line.lane % LANES else 0, [line.x0, line.x1])
        left_right[0], left_right[1] = min(left_right[0], line.x0), max(left_right[1], line.x1)
    for line in lines:
        if not line.cell:
            line.left, line.right = edges[line.lane if line.lane % LANES else 0]
