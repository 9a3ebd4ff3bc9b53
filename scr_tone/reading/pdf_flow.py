"""Paragraphs of a whole document in order: footnotes at the ends of pages, tables row by row, page breaks mended."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby

from scr_tone.reading.pdf_lines import Line
from scr_tone.reading.pdf_paragraphs import Measures, Paragraph, ends_sentence, paragraphs, runs_on

__all__ = ["document_paragraphs"]

# The mark may stand close to its note: "1Working Together", "\u00b9 Ibid.".
_NOTE = re.compile(
    r"(?P<mark>\d{1,3}(?=\s+\S|[^\W\d_]|[\"'(\u2018\u201c])|[*\u2020\u2021\u00a7]{1,3}(?!\w*[*])|\[\d{1,3}\]"
    r"|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)\s*(?=\S)"
)
_SMALL = 0.93


def document_paragraphs(pages: list[list[Line]], usual: Measures) -> list[Paragraph]:
    """Group all lines of a document into paragraphs in reading order.

    Parameters
    ----------
    pages : list of list of Line
        Lines of each page, without running headers and footers.
    usual : Measures
        Of the document.
    """
    body: list[Line] = []
    notes: dict[int, list[Paragraph]] = {}
    expected = 1
    for page, lines in enumerate(pages):
        _widen(lines, usual)
        kept, note_lines = _without_notes(lines, usual, expected, page - 1 in notes)
        body += kept
        if note_lines:
            notes[page] = _note_paragraphs(note_lines, expected)
            if notes[page][0].number is None and notes.get(page - 1):
                # The rest of a note that was too long for its page.
                notes[page - 1][-1].lines += notes[page].pop(0).lines
            numbers = [int(note.number) for note in notes[page] if note.number and note.number.isdecimal()]
            expected = numbers[-1] + 1 if numbers else expected
    made = _mend_cells(_by_table_row(paragraphs(body, usual)))
    ordered: list[Paragraph] = []
    waiting = sorted(notes)
    for paragraph in made:
        while waiting and waiting[0] < paragraph.first.page:
            ordered += notes[waiting.pop(0)]
        ordered.append(paragraph)
    for page in waiting:
        ordered += notes[page]
    return ordered


def _widen(lines: list[Line], usual: Measures) -> None:
    """Let a page with little on it have the right edge that the other pages show."""
    for line in lines:
        if not line.column and not line.cell and not line.table and 0.7 * usual.right < line.right < usual.right:
            line.right = usual.right


def _without_notes(
    lines: list[Line], usual: Measures, expected: int, after_notes: bool
) -> tuple[list[Line], list[Line]]:
    """Take the footnotes from a page: smaller type at the foot of a column, from the first note mark on."""
    lanes: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.flow == "prose":
            lanes[line.lane].append(line)
    taken: set[int] = set()
    found: list[Line] = []
    for lane in lanes.values():
        run = _small_run(sorted(lane, key=lambda line: line.y), usual)
        if not run or len(run) == len(lines):
            continue
        if any(other.y < run[-1].y and other.x0 < run[-1].x1 and run[-1].x0 < other.x1 for other in lines):
            continue
        start = next((at for at, line in enumerate(run) if _note_mark(line, expected)), None)
        if after_notes and start != 0 and run[0].text[:1].islower():
            start = 0  # a note that began on the page before
        if start is not None:
            found += run[start:]
            taken.update(id(line) for line in run[start:])
    return [line for line in lines if id(line) not in taken], found


def _small_run(upwards: list[Line], usual: Measures) -> list[Line]:
    """Lines in smaller type at the foot of a column, top first."""
    run: list[Line] = []
    for line in upwards:
        if line.size > _SMALL * usual.size or (line.bold and not line.noted):
            break
        run.insert(0, line)
    return run


def _note_mark(line: Line, expected: int) -> str | None:
    """Return the mark that a footnote begins with; the number that is due may touch a number behind it."""
    if line.noted:
        return line.text.partition(" ")[0]
    due, run = str(expected), re.match(r"\d*", line.text)
    digits = run.group() if run else ""
    if digits.startswith(due) and len(digits) > max(3, len(due) + 1):
        return due
    match = _NOTE.match(line.text)
    return match["mark"] if match else None


def _note_paragraphs(lines: list[Line], expected: int) -> list[Paragraph]:
    made: list[Paragraph] = []
    for line in lines:
        mark = _note_mark(line, expected)
        # A number at a line start inside a note is not the next one.
        in_order = mark is not None and (not mark.isdecimal() or int(mark) == expected)
        if made and not line.noted and not in_order:
            made[-1].lines.append(line)
            continue
        if mark:
            line.text = f"{mark} {line.text[len(mark) :].lstrip()}"
        if mark and mark.isdecimal():
            expected = int(mark) + 1
        made.append(Paragraph([line], note=True, number=mark))
    return made


def _by_table_row(made: list[Paragraph]) -> list[Paragraph]:
    """Put the cells of tables without rules, found column by column, in the order of their rows."""
    ordered: list[Paragraph] = []
    for _, group in groupby(made, key=_table):
        cells = list(group)
        if _table(cells[0]):
            cells.sort(key=lambda paragraph: (paragraph.first.row, paragraph.first.lane))
        ordered += cells
    return ordered


def _table(paragraph: Paragraph) -> tuple[int, int] | None:
    first = paragraph.first
    return (first.page, first.table) if first.table else None


def _mend_cells(made: list[Paragraph]) -> list[Paragraph]:
    """Join a cell's text that goes on at the top of the next page, in the same column of the table."""
    open_cells: dict[int, Paragraph] = {}
    kept: list[Paragraph] = []
    page = -1
    fresh: set[int] = set()
    split_row = False
    for paragraph in made:
        first = paragraph.first
        on_top = first.page != page
        if on_top:
            page, fresh = first.page, set(open_cells)
        column = _cell_column(paragraph, open_cells, on_top)
        if column is None:
            open_cells, fresh = {}, set()
            kept.append(paragraph)
            continue
        if on_top:
            # When the leftmost cell has nothing here, the row is one that began on the page before.
            split_row = bool(open_cells) and column != min(open_cells)
        elif open_cells and column == min(open_cells):
            split_row = False
        above = open_cells.get(column)
        if (
            above is not None
            and column in fresh
            and above.last.page == page - 1
            and (runs_on(above.last, first) or (split_row and not ends_sentence(above.last.text)))
        ):
            above.lines += paragraph.lines
        else:
            kept.append(paragraph)
            if first.flow == "cell":
                open_cells[column] = paragraph
        fresh.discard(column)
    return kept


def _cell_column(paragraph: Paragraph, open_cells: dict[int, Paragraph], on_top: bool) -> int | None:
    """Find the column that a cell stands in, by its left edge; None for text outside tables.

    The rest of a single cell at the top of a page looks like text outside, but is set in like its column.
    """
    first = paragraph.first
    if first.flow == "cell":
        return next((left for left in open_cells if abs(left - first.x0) < 6), round(first.x0))
    if on_top and first.flow == "prose" and open_cells:
        for left, above in open_cells.items():
            if left != min(open_cells) and abs(above.last.x0 - first.x0) < 3:
                return left
    return None
