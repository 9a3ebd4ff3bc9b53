"""Words into rows, and rows into lines of text that know their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scr_tone.reading.pdf_text import BULLETS, HYPHEN, clean, is_mark, mark_at
from scr_tone.reading.pdf_words import Word

__all__ = ["Flow", "Line", "Row", "make_line", "rows_of", "settle", "split_row"]

Flow = Literal["prose", "cell", "alone"]

_NOTE = re.compile(r"[\d,*\u2020\u2021\u00a7]+$")
_CLOSE = re.compile(r"^(\d{1,3}(?:\.\d{1,3})*\.?|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})\))(?=[A-Z][a-z' ])")
_TAIL = re.compile(r"\d{1,3}$|[ivxl]{1,6}$")
_APART = 3.0  # ems between words that are not one text although on one line
_SMALL = 0.86  # a note reference is at most this large beside its text


@dataclass(slots=True)
class Row:
    """Words on one base line, from the left, wherever they belong."""

    words: list[Word]
    y: float
    size: float
    table: int | None = None

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)


@dataclass(slots=True)
class Line:
    """Words that belong together on one base line.

    Attributes
    ----------
    text : str
        A hyphen at its end may be `HYPHEN`.
    x0, x1, y, size : float
        Its place and type size in points.
    bold : bool
        Whether all of it is.
    mark : str or None
        What looks like a number or bullet at its start.
    tab : bool
        Whether the mark stands off more than a space.
    text_x : float
        Where the text behind the mark starts.
    first_width : float
        Width of the first word, to tell whether it would have fitted on the line above.
    noted : bool
        Whether it starts with a raised note mark.
    tail : str
        A number set off at the right end, as in a table of contents.
    page : int
        Page index.
    lane, column : int
        Lines of one lane follow each other; column of the page, 0 for text as wide as that.
    table, row, cell : int
        Table without rules and row in it, or cell of a ruled table; 0 for none.
    left, right : float
        Edges of its column.
    flow : Flow
        "prose" goes on from line to line, "cell" does so within a cell, "alone" never.
    starts : bool
        Whether a new table row begins here.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    mark: str | None
    tab: bool
    text_x: float
    first_width: float
    noted: bool
    tail: str = ""
    page: int = 0
    lane: int = 0
    column: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0
    left: float = 0.0
    right: float = 0.0
    flow: Flow = "prose"
    starts: bool = False


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Sort words into rows from the top; raised ones join the row they are raised from."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (-word.y, word.x0)):
        if rows and rows[-1].y - word.y <= 0.3 * min(word.size, rows[-1].size):
            rows[-1].words.append(word)
        else:
            rows.append(Row([word], word.y, word.size))
    for row in rows:
        settle(row)
    merged: list[Row] = []
    for row in rows:
        if not merged or not _absorb(merged[-1], row):
            merged.append(row)
            continue
        merged[-1] = Row(merged[-1].words + row.words, row.y, row.size)
        settle(merged[-1])
    return merged


def settle(row: Row) -> None:
    """Set a row's size and base line to those of most of its text, and its words in order."""
    row.words.sort(key=lambda word: word.x0)
    sizes: Counter[float] = Counter()
    heights: Counter[float] = Counter()
    for word in row.words:
        sizes[word.size] += len(word.text)
        heights[word.y] += len(word.text)
    row.size = max(sizes, key=lambda size: (sizes[size], size))
    row.y = max(heights, key=lambda y: (heights[y], -y))
    for word in row.words:
        if word.size <= _SMALL * row.size and word.y > row.y + 0.12 * row.size and _NOTE.match(word.text):
            word.raised = True


def _absorb(upper: Row, lower: Row) -> bool:
    """Whether two rows are one on the page: raised signs over their text, or a margin number a little off."""
    if upper.y - lower.y > 0.65 * lower.size:
        return False
    if all(word.size <= _SMALL * lower.size and len(word.text) <= 4 for word in upper.words):
        for word in upper.words:
            word.raised = _NOTE.match(word.text) is not None
            word.glued = not word.raised
        return True
    if len(upper.words) == 1 and is_mark(upper.words[0].text) and upper.x1 <= lower.x0:
        return True
    return len(lower.words) == 1 and is_mark(lower.words[0].text) and lower.x1 <= upper.x0


def make_line(words: list[Word], row: Row) -> Line | None:
    """Set words of one row, in order, as a line of text; None when nothing in them prints."""
    parts: list[str] = []
    kept: list[Word] = []
    for word in words:
        if kept and word.raised:
            continue  # a note reference is no part of the sentence
        last = kept[-1] if kept else None
        if last and word.text == last.text and abs(word.x0 - last.x0) < 0.2 * word.size:
            continue  # printed twice to look bold, or for its shadow
        text = word.text
        if last is None or (word.glued and not last.raised):
            parts.append(text)
        elif parts[-1].endswith(HYPHEN) and word.x0 - last.x1 < 0.15 * word.size:
            parts[-1] = parts[-1][:-1] + "-" + text
        else:
            parts += [" ", text]
        kept.append(word)
    raw = "".join(parts)
    cut = raw.endswith((HYPHEN, "\u00ad"))
    text = clean(raw[:-1] if cut else raw)
    if not text and not any(char in BULLETS for char in raw):
        return None
    # A long list number may leave no room for a space behind it.
    text = _CLOSE.sub(r"\1 ", text)
    first, second = kept[0], kept[1] if len(kept) > 1 else None
    gap = second.x0 - first.x1 if second else 0.0
    tab = gap > 0.55 * row.size
    sign, _, rest = text.partition(" ")
    if first.text[:1] in BULLETS:
        # Some bullets are private characters, which `clean` has dropped, and some stand close to their word.
        rest = clean(raw[1:])
        sign, text = first.text[0], f"\u2022 {rest}"
        text_x = second.x0 if len(first.text) == 1 and second else first.x0
        tab = True
    else:
        text_x = second.x0 if second else first.x0
    mark = mark_at(sign, rest, tab=tab)
    bold = sum(len(word.text) for word in kept if word.bold) >= 0.95 * sum(len(word.text) for word in kept)
    return Line(
        text + HYPHEN if cut else text,
        first.x0, max(word.x1 for word in kept), row.y, row.size, bold,
        mark, tab, text_x if mark else first.x0, first.x1 - first.x0, first.raised,
    )  # fmt: skip


def split_row(row: Row) -> list[tuple[Line, list[Word]]]:
    """Divide a row at wide gaps, other than behind a mark, into lines with the words of each.

    A number at the right end, as in a table of contents, becomes the `tail` of its line.
    """
    if row.table is not None:
        return []
    pieces: list[list[Word]] = [[row.words[0]]]
    for word in row.words[1:]:
        gap = word.x0 - pieces[-1][-1].x1
        marked = len(pieces[-1]) == 1 and (is_mark(pieces[-1][0].text) or pieces[-1][0].text.isdecimal())
        ends = word is row.words[-1] and _TAIL.match(word.text) is not None and gap > 1.5 * row.size
        if ends or gap > (2 * _APART if marked else _APART) * row.size:
            pieces.append([word])
        else:
            pieces[-1].append(word)
    tail = pieces.pop() if len(pieces) == 2 and len(pieces[1]) == 1 and _TAIL.match(pieces[1][0].text) else []
    made = [(line, piece) for piece in pieces if (line := make_line(piece, row)) is not None]
    if tail and made:
        line, piece = made[-1]
        line.tail, line.x1 = tail[0].text, tail[0].x1
        made[-1] = line, piece + tail
    for line, _ in made:
        line.flow = "alone" if len(made) > 1 or tail else "prose"
    return made
