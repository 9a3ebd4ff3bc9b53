"""Lines into paragraphs, over the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scr_tone.marks import without_marks
from scr_tone.reading.pdf_lines import Line
from scr_tone.reading.pdf_text import HYPHEN, Vocabulary, leader, seam_of

__all__ = [
    "Measures",
    "Paragraph",
    "ends_sentence",
    "is_short",
    "level_sizes",
    "measure",
    "paragraphs",
    "runs_on",
    "same_style",
]

# A note mark may stand behind the stop, but "22.14" ends nothing.
_ENDED = re.compile(r"[.!?:;\u2026][\"'\u2019\u201d)\]]*(?:(?<!\d\.)\d{1,3})?$")
_STOPPED = re.compile(r"[.!?\u2026][\"'\u2019\u201d)\]]*(?:(?<!\d\.)\d{1,3})?$")
_BULLET = "\u2022"


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: type size, weight, distance between lines in ems, and edges of the text."""

    size: float
    bold: bool
    leading: float
    left: float
    right: float


@dataclass(slots=True)
class Paragraph:
    """Lines that make up one block.

    `note` marks a footnote; `number` is the mark in front, once it is sure that it is one.
    """

    lines: list[Line]
    note: bool = False
    number: str | None = None

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    def text(self, words: Vocabulary) -> str:
        """Its lines in one, cut words mended."""
        parts: list[str] = []
        for line in self.lines:
            if parts:
                parts[-1], seam = seam_of(parts[-1], line.text, words)
                parts.append(seam)
            parts.append(line.text)
        return "".join(parts).replace(HYPHEN, "-")


def measure(pages: Iterable[list[Line]]) -> Measures:
    """Take the measures of a document's running text."""
    sizes: Counter[float] = Counter()
    bold = chars = 0
    lines = [line for page in pages for line in page]
    for line in lines:
        weight = len(line.text) if not line.cell else len(line.text) // 2
        sizes[round(line.size * 2) / 2] += weight
        bold += weight * line.bold
        chars += weight
    size = max(sizes, key=lambda size: sizes[size], default=11.0)
    usual = [line for line in lines if abs(line.size - size) < 0.6 and line.flow == "prose"]
    lefts = Counter(round(line.x0 / 3) for line in usual)
    rights = sorted(line.x1 for line in usual)
    steps: Counter[float] = Counter()
    for upper, lower in pairwise(usual):
        step = (upper.y - lower.y) / size
        # The step from a full line to the next is that within a paragraph.
        if upper.page == lower.page and upper.lane == lower.lane and 0.9 < step < 3.2:
            full = upper.x1 > upper.right - 0.15 * (upper.right - upper.left)
            steps[round(step, 1)] += 1 + 3 * (full and not lower.mark)
    return Measures(
        size,
        bold > 0.5 * chars,
        max(steps, key=lambda step: (steps[step], -step), default=1.2),
        3.0 * max(lefts, key=lambda left: lefts[left], default=0),
        rights[int(0.95 * (len(rights) - 1))] if rights else 0.0,
    )


def level_sizes(pages: Iterable[list[Line]]) -> None:
    """Even out type sizes that differ from line to line, as text recognition guesses them."""
    lines = [line for page in pages for line in page]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    if not sizes:
        return
    # The middle size by amount of text; in a document that was typed, most text has it.
    total, middle = 0, 0.0
    for size in sorted(sizes):
        total += sizes[size]
        if total >= sizes.total() / 2:
            middle = size
            break
    if sum(count for size, count in sizes.items() if abs(size - middle) <= 0.5) < 0.5 * sizes.total():
        for line in lines:
            if abs(line.size - middle) <= 0.25 * middle:
                line.size = middle


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a full stop or the like."""
    return _ENDED.search(without_marks(text).rstrip()) is not None


def runs_on(upper: Line, lower: Line) -> bool:
    """Whether a sentence plainly goes on from one line to the other, wherever that stands."""
    return not _STOPPED.search(upper.text) and lower.text[:1].islower()


def paragraphs(lines: list[Line], usual: Measures) -> list[Paragraph]:
    """Group lines.

    Parameters
    ----------
    lines : list of Line
        In reading order, of one page or several.
    usual : Measures
        Of the document.
    """
    made: list[Paragraph] = []
    for line in lines:
        now = made[-1] if made else None
        if now is not None and not _starts_new(now, line, usual):
            now.lines.append(line)
            continue
        made.append(Paragraph([line], number=line.mark if _is_real_mark(now, line, usual) else None))
        if made[-1].number == _BULLET:
            line.text = f"{_BULLET} {line.text.partition(' ')[2]}"  # also where it is printed as "o" or "-"
    return made


def _is_real_mark(now: Paragraph | None, line: Line, usual: Measures) -> bool:
    """Whether what looks like a number or bullet is one, and not a number at which a line happened to break."""
    if line.mark is None:
        return False
    if now is None or line.tab or line.flow != "prose":
        return True
    if line.mark == _BULLET and now.number == _BULLET and abs(line.x0 - now.first.x0) < line.size:
        return True
    last = now.last
    if last.lane != line.lane or last.page != line.page:
        return ends_sentence(last.text) or not same_style(last, line) or is_short(last, line, 0.0)
    # A dash fits on any line, so that there being room for it says little.
    slack = 0.15 if line.mark == _BULLET and not line.text.startswith(_BULLET) else 0.0
    return ends_sentence(last.text) or is_short(last, line, slack) or _gap(last, line) > 1.3 * usual.leading


def _gap(upper: Line, lower: Line) -> float:
    """Distance between two lines in ems of the lower."""
    return (upper.y - lower.y) / min(upper.size, lower.size)


def is_short(upper: Line, lower: Line, slack: float) -> bool:
    """Whether the first word of the lower line would have fitted on the upper, with some room to spare."""
    room = upper.right - upper.x1
    return room > lower.first_width + 0.3 * lower.size + slack * (upper.right - upper.left)


def _starts_new(now: Paragraph, line: Line, usual: Measures) -> bool:
    last = now.last
    if line.flow == "alone" or last.flow == "alone" or line.cell != last.cell or line.flow != last.flow:
        return True
    if line.flow == "cell" and ((line.starts and line.row != last.row) or line.lane != last.lane):
        return True
    if leader(last.text):
        return True
    if len(now.lines) == 1 and now.number and now.number == last.text and 0 < _gap(last, line) < 1.6 * usual.leading:
        return False  # a number alone in the margin, its text a line lower
    if line.mark and _is_real_mark(now, line, usual):
        return True
    open_end = not ends_sentence(last.text)
    unbroken = open_end and runs_on(last, line)
    if line.page != last.page or line.lane != last.lane or line.y >= last.y:
        # The next page or column, or text below a table.
        return line.flow == "cell" or not (
            (runs_on(last, line) and same_style(last, line)) or (open_end and _goes_on(now, line))
        )
    if not same_style(last, line):
        return not (unbroken and 0.85 < line.size / last.size < 1.18)
    gap = _gap(last, line)
    short = is_short(last, line, 0.0)
    if line.flow == "cell" and is_short(last, line, 0.25 if unbroken else 0.05):
        return True
    if unbroken and not short and gap < 3 * usual.leading:
        return False
    if gap > (1.35 if line.flow == "prose" else 1.15) * usual.leading:
        return True
    if short and (not open_end or (not line.text[:1].islower() and is_short(last, line, 0.2))):
        return True
    if not open_end and gap > 1.12 * usual.leading:
        return True
    # A first line set in, or the end of a hanging indent.
    indent = line.x0 - min(now.first.text_x if len(now.lines) == 1 else last.x0, last.text_x)
    return not open_end and (indent > 0.9 * line.size or (len(now.lines) > 1 and indent < -0.9 * line.size))


def same_style(upper: Line, lower: Line) -> bool:
    """Whether two lines are of one size and weight."""
    return abs(upper.size - lower.size) <= 0.07 * upper.size and upper.bold == lower.bold


def _goes_on(now: Paragraph, line: Line) -> bool:
    """Whether a full line in the same style goes on elsewhere although the next word has a capital or is a number."""
    last = now.last
    right = max(one.x1 for one in now.lines) if len(now.lines) > 2 else last.right
    # A page with nothing but a short line on it makes that line no full one.
    full = last.x1 > right - 0.12 * (last.right - last.left) and last.x1 - last.x0 > 14 * last.size
    return full and same_style(last, line) and not last.bold and last.flow == "prose"
