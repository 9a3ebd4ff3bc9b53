"""Tables whose cells are ruled off: from the lines drawn on a page to the words in each cell."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from scr_tone.reading.pdf_glyphs import turned
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["Rule", "Table", "page_rules", "ruled_tables"]

_THIN = 3.0
_MOST_RULES = 4_000  # more are a drawing, not a table
_MOST_CELLS = 1_000
_MOST_SEGMENTS = 400
_REACH = 2.5  # how far apart two rules may end and still meet


class Rule(NamedTuple):
    """A horizontal or vertical line: where it lies on the other axis, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Table:
    """Cells of a ruled table, each with its words, row by row."""

    box: Box
    cells: list[tuple[Box, list[Word]]]


def page_rules(page: Any, turn: int, box: Box) -> tuple[list[Rule], list[Rule]]:
    """Find the horizontal and vertical lines of a page, in coordinates turned like those of its words."""
    across: list[Rule] = []
    down: list[Rule] = []
    edges = tuple(ctypes.c_float() for _ in range(4))
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(item, *edges):
            continue
        (x0, y0), (x1, y1) = turned(edges[0].value, edges[1].value, turn), turned(edges[2].value, edges[3].value, turn)
        bounds = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        width, height = bounds.right - bounds.left, bounds.top - bounds.bottom
        if width <= _THIN or height <= _THIN:
            _add(bounds, across, down)
        elif width * height < 0.6 * (box.right - box.left) * (box.top - box.bottom):
            for piece in _segments(item, turn) or _outline(bounds):
                _add(piece, across, down)
        if len(across) + len(down) > _MOST_RULES:
            return [], []
    return _merged(across), _merged(down)


def _add(bounds: Box, across: list[Rule], down: list[Rule]) -> None:
    width, height = bounds.right - bounds.left, bounds.top - bounds.bottom
    if height <= _THIN and width > height:
        across.append(Rule((bounds.bottom + bounds.top) / 2, bounds.left, bounds.right))
    elif width <= _THIN and height > width:
        down.append(Rule((bounds.left + bounds.right) / 2, bounds.bottom, bounds.top))


def _outline(bounds: Box) -> list[Box]:
    """Sides of a framed or shaded rectangle."""
    left, bottom, right, top = bounds
    return [
        Box(left, bottom, right, bottom), Box(left, top, right, top),
        Box(left, bottom, left, top), Box(right, bottom, right, top),
    ]  # fmt: skip


def _segments(item: Any, turn: int) -> list[Box]:
    """Straight strokes of a path that draws a whole grid at once; empty for a plain rectangle or a curve."""
    count = pdfium.FPDFPath_CountSegments(item)
    if not 5 < count <= _MOST_SEGMENTS:
        return []
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    strokes: list[Box] = []
    before: tuple[float, float] | None = None
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = turned(
            matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f, turn
        )
        if kind == pdfium.FPDF_SEGMENT_LINETO and before is not None:
            (x0, x1), (y0, y1) = sorted((before[0], here[0])), sorted((before[1], here[1]))
            strokes.append(Box(x0, y0, x1, y1))
        before = here if kind != pdfium.FPDF_SEGMENT_BEZIERTO else None
    return strokes


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join the parts of one line, which writers draw cell by cell."""
    merged: list[Rule] = []
    group: list[Rule] = []
    for rule in [*sorted(rules), None]:
        if rule is not None and (not group or rule.at - group[0].at <= 1.5):
            group.append(rule)
            continue
        at = group[0].at if group else 0.0
        start = end = None
        for part in sorted(group, key=lambda part: part.start):
            if start is None or end is None or part.start > end + _REACH:
                if start is not None and end is not None:
                    merged.append(Rule(at, start, end))
                start, end = part.start, part.end
            else:
                end = max(end, part.end)
        if start is not None and end is not None:
            merged.append(Rule(at, start, end))
        group = [rule] if rule is not None else []
    return merged


def _meets(rule: Rule, others: Iterable[Rule]) -> bool:
    return any(
        rule.start - _REACH <= other.at <= rule.end + _REACH and other.start - _REACH <= rule.at <= other.end + _REACH
        for other in others
    )


def ruled_tables(words: list[Word], across: list[Rule], down: list[Rule]) -> tuple[list[Table], list[Word]]:
    """Sort words into the cells around them.

    Returns
    -------
    tables : list of Table
    rest : list of Word
        Words outside any table, and in boxes without a neighbour, which are running text with a frame.
    """
    down = [rule for rule in down if rule.end - rule.start > 6]
    if len(across) * len(down) > 100_000:
        return [], words
    # Underlined words and change bars are rules too, but touch no others.
    across = [rule for rule in across if rule.end - rule.start > 10 and _meets(rule, down)]
    down = [rule for rule in down if _meets(rule, across)]
    if len(across) < 2 or not down:
        return [], words
    cells: dict[Box, list[Word]] = {}
    rest: list[Word] = []
    for word in words:
        cell = _around(word, across, down)
        if cell is None:
            rest.append(word)
        else:
            cells.setdefault(cell, []).append(word)
    if len(cells) > _MOST_CELLS:
        return [], words
    tables: list[Table] = []
    for group in _touching(list(cells)):
        if any(_beside(one, other) for one in group for other in group):
            group.sort(key=lambda cell: (-round(cell.top), cell.left))
            box = Box(
                min(cell.left for cell in group), min(cell.bottom for cell in group),
                max(cell.right for cell in group), max(cell.top for cell in group),
            )  # fmt: skip
            tables.append(Table(box, [(cell, cells[cell]) for cell in group]))
        else:
            rest += [word for cell in group for word in cells[cell]]
    return tables, rest


def _around(word: Word, across: list[Rule], down: list[Rule]) -> Box | None:
    """Find the cell that a word stands in, by the nearest rules on its four sides."""
    x, y = (word.x0 + word.x1) / 2, word.y + 0.3 * word.size
    middle = bisect_left(across, (y,))
    below = next((r for r in reversed(across[:middle]) if r.start - 1 <= x <= r.end + 1), None)
    above = next((r for r in across[middle:] if r.start - 1 <= x <= r.end + 1), None)
    if below is None or above is None:
        return None
    centre = bisect_left(down, (x,))
    left = next((r for r in reversed(down[:centre]) if r.start - 1 <= y <= r.end + 1), None)
    right = next((r for r in down[centre:] if r.start - 1 <= y <= r.end + 1), None)
    if left is None and right is None:
        return None
    # The outer sides of a table are often left open.
    x0 = left.at if left else max(above.start, below.start)
    x1 = right.at if right else min(above.end, below.end)
    return Box(round(x0, 1), round(below.at, 1), round(x1, 1), round(above.at, 1))


def _beside(one: Box, other: Box) -> bool:
    """Whether two cells stand side by side, with a rule between them."""
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 4 and abs(one.right - other.left) < _REACH


def _touching(cells: list[Box]) -> list[list[Box]]:
    """Group cells that share an edge."""
    groups: list[list[Box]] = []
    for cell in cells:
        near = [
            group
            for group in groups
            if any(
                cell.left - _REACH <= other.right and other.left - _REACH <= cell.right
                and cell.bottom - _REACH <= other.top and other.bottom - _REACH <= cell.top
                for other in group
            )
        ]  # fmt: skip
        joined = [cell]
        for group in near:
            groups.remove(group)
            joined += group
        groups.append(joined)
    return groups
