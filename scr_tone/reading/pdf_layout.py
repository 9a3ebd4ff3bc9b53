"""Reading order of one page: regions from the top, columns in them from the left, lines in those."""

from __future__ import annotations

from dataclasses import dataclass, field

from scr_tone.reading.pdf_columns import column_bounds, column_of, regions, usual_pitch
from scr_tone.reading.pdf_lines import Line, Row, make_line, rows_of, settle, split_row
from scr_tone.reading.pdf_tables import Table
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["page_lines"]

_DEPTH = 3  # columns in columns in columns are no layout that anybody would print


@dataclass(slots=True)
class _Page:
    """A page under way: what is set so far, and the last numbers given to lanes, columns, tables and cells."""

    box: Box
    tables: list[Table]
    lines: list[Line] = field(default_factory=list)
    lane: int = 0
    column: int = 0
    table: int = 0
    cell: int = 0


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
    made = _Page(box, tables)
    _lay(made, rows, 0, 0)
    _edges(made.lines)
    for line in made.lines:
        line.page = page
    return made.lines


def _lay(made: _Page, rows: list[Row], column: int, depth: int) -> None:
    """Set rows that share one column of the page (0 is the page itself)."""
    if not rows:
        return
    pitch = usual_pitch(rows)
    for region in regions(rows, pitch, made.box):
        part = rows[region.first : region.last]
        if not region.bounds:
            made.lane += 1
            for row in part:
                _add(made, [line for line, _ in split_row(row)], row, column)
        elif depth < _DEPTH and (bounds := column_bounds(part, region.bounds)):
            for number in range(len(bounds) + 1):
                made.column += 1
                _lay(made, _column_rows(part, bounds, number), made.column, depth + 1)
        else:
            _lay_table(made, part, region.bounds, column, pitch)


def _column_rows(rows: list[Row], bounds: list[float], number: int) -> list[Row]:
    """Take the part of each row that stands in one column."""
    taken: list[Row] = []
    for row in rows:
        words = [word for word in row.words if column_of(word, bounds) == number]
        if words:
            taken.append(Row(words, row.y, row.size, row.table))
            settle(taken[-1])
    return taken


def _lay_table(made: _Page, rows: list[Row], bounds: list[float], column: int, pitch: float) -> None:
    """Set a table without rules, lane by lane; its cells are sorted by row when they are whole."""
    made.table += 1
    lanes: list[list[Line]] = []
    for number in range(len(bounds) + 1):
        made.lane += 1
        before = len(made.lines)
        for at, row in enumerate(rows):
            words = [word for word in row.words if column_of(word, bounds) == number]
            if not words:
                continue
            lines = [line] if row.table is None and (line := make_line(words, row)) else []
            for line in lines:
                line.flow = "cell"
                line.row, line.table, line.starts = at, made.table, _starts(rows, at, bounds, pitch)
            _add(made, lines, row, column)
        lanes.append(made.lines[before:])
    for lane, following in zip(lanes, [*lanes[1:], []], strict=True):
        # A cell is wider than what is in it: it reaches to the next, but for some white between them.
        left = min((line.x0 for line in lane), default=0.0)
        right = max((line.x1 for line in lane), default=0.0)
        reach = min((line.x0 - 0.9 * line.size for line in following), default=right)
        for line in lane:
            if not line.cell:
                line.left, line.right = left, max(right, reach)


def _starts(rows: list[Row], at: int, bounds: list[float], pitch: float) -> bool:
    """Whether a row of a table's text begins a new row of the table."""
    if not any(column_of(word, bounds) == 0 for word in rows[at].words):
        return False
    if at == 0 or rows[at - 1].y - rows[at].y > 1.15 * pitch:
        return True
    return not any(column_of(word, bounds) == 0 for word in rows[at - 1].words)


def _add(made: _Page, lines: list[Line], row: Row, column: int) -> None:
    """Add lines of a row, or the ruled table that stands in its place."""
    if row.table is not None:
        lines = _table_lines(made.tables[row.table], made.cell)
        made.cell += len(made.tables[row.table].cells)
    for line in lines:
        line.lane, line.column = made.lane, column
    made.lines += lines


def _table_lines(table: Table, before: int) -> list[Line]:
    """Lines of a ruled table, cell by cell."""
    lines: list[Line] = []
    for number, (box, words) in enumerate(table.cells, start=before + 1):
        for row in rows_of(words):
            line = make_line(row.words, row)
            if line is not None:
                line.flow, line.cell, line.left, line.right = "cell", number, box.left, box.right
                lines.append(line)
    # The white that a cell keeps to its right is not room for another word.
    padding = min((line.right - line.x1 for line in lines), default=0.0)
    for line in lines:
        line.right -= max(0.0, padding)
    return lines


def _edges(lines: list[Line]) -> None:
    """Give lines outside tables the edges of their column of the page."""
    edges: dict[int, tuple[float, float]] = {}
    for line in lines:
        if not line.cell and not line.table:
            left, right = edges.get(line.column, (line.x0, line.x1))
            edges[line.column] = min(left, line.x0), max(right, line.x1)
    for line in lines:
        if not line.cell and not line.table:
            line.left, line.right = edges[line.column]
