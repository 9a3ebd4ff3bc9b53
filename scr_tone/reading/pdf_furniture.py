"""Running headers, footers and page numbers: found across pages and taken out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from scr_tone.reading.pdf_columns import usual_pitch
from scr_tone.reading.pdf_lines import Line, Row, split_row
from scr_tone.reading.pdf_words import Box, Word

__all__ = ["without_furniture"]

_DEPTH = 5  # rows from an edge that may be furniture
_LONGEST = 60  # characters of a page number with all its trimmings
_SAME_HEIGHT = 4.0
_DIGITS = re.compile(r"\d+")
_TELLING = 18  # digits that are looked at; Python makes no number of 5,000
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$", re.IGNORECASE | re.ASCII)
_PAGE_WORD = r"(?:p\s*a\s*g\s*e|p\.?|pg\.?)"
_PAGE_NUMBER = re.compile(
    rf"[\s|\u2013\u2014\[(-]*(?P<word>{_PAGE_WORD})?[\s|:\u2013\u2014-]*(?P<number>\d{{1,4}}|[ivxl]{{1,7}})"
    rf"(?P<total>\s*(?:of|/)\s*\d{{1,4}})?[\s|\u2013\u2014\])-]*(?P<after>{_PAGE_WORD})?[\s|]*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Strip:
    """A row near an edge of a page, with its distances to that edge and to the row further in."""

    page: int
    pieces: list[tuple[Line, list[Word]]]
    depth: float
    white: float = 9e9

    @property
    def lines(self) -> list[Line]:
        return [line for line, _ in self.pieces]


def without_furniture(pages: list[list[Row]], boxes: list[Box]) -> list[list[Word]]:
    """Leave out what is printed on page after page, and page numbers.

    Parameters
    ----------
    pages : list of list of Row
        Rows of each page, from the top.
    boxes : list of Box
        Edges of each page.

    Returns
    -------
    list of list of Word
        The other words of each page. In a document of one or two pages only bare page numbers go.
    """
    sizes: Counter[float] = Counter()
    for row in (row for rows in pages for row in rows):
        sizes[round(row.size * 2) / 2] += len(row.words)
    body_size = max(sizes, key=lambda size: sizes[size], default=11.0)
    pitch = median([usual_pitch(rows) for rows in pages if rows] or [body_size])
    dropped: set[int] = set()
    for top in (True, False):
        strips = [_strips(rows, box, page, top) for page, (rows, box) in enumerate(zip(pages, boxes, strict=True))]
        repeated = _repeated(strips, body_size, pitch) if len(pages) > 2 else set()
        shift = _page_shift(strips)
        if len(pages) > 2:
            repeated |= _in_place(strips, repeated, shift, pitch)
        for page_strips in strips:
            for strip in page_strips:
                rest = [line for line in strip.lines if id(line) not in repeated]
                whole = not rest or _is_page_number(strip, rest, shift, boxes[strip.page], pitch, len(pages))
                # Half of a row may be a header; what stands further in is then the page's own text.
                for line, words in strip.pieces:
                    if whole or id(line) in repeated:
                        dropped.update(id(word) for word in words)
                if not whole:
                    break
    dropped |= _stamps(pages, body_size)
    return [[word for row in rows for word in row.words if id(word) not in dropped] for rows in pages]


def _strips(rows: list[Row], box: Box, page: int, top: bool) -> list[_Strip]:
    """Rows of a page from one edge inwards."""
    strips: list[_Strip] = []
    for row in rows if top else reversed(rows):
        pieces = split_row(row)
        if pieces:
            strips.append(_Strip(page, pieces, box.top - row.y if top else row.y - box.bottom))
        if len(strips) > _DEPTH:
            break
    for outer, inner in pairwise(strips):
        outer.white = inner.depth - outer.depth
    return strips[:_DEPTH]


def _repeated(strips: list[list[_Strip]], body_size: float, pitch: float) -> set[int]:
    """Identities of lines whose text stands at the same height on enough pages."""
    by_text: defaultdict[str, list[tuple[_Strip, Line]]] = defaultdict(list)
    for page_strips in strips:
        for strip in page_strips:
            for line in strip.lines:
                by_text[_DIGITS.sub("#", line.text.lower())].append((strip, line))
    groups: list[list[tuple[_Strip, Line]]] = []
    for members in by_text.values():
        members.sort(key=lambda member: member[0].depth)
        group = members[:1]
        for member in members[1:]:
            if member[0].depth - group[-1][0].depth > _SAME_HEIGHT:
                groups.append(group)
                group = []
            group.append(member)
        groups.append(group)
    groups = [group for group in groups if len({strip.page for strip, _ in group}) > 2]
    candidates = {id(line) for group in groups for _, line in group}
    # How far out the text of each page reaches, other than by what may be furniture itself.
    reach = [
        min(
            (strip.depth for strip in page_strips if any(id(line) not in candidates for line in strip.lines)),
            default=9e9,
        )
        for page_strips in strips
    ]
    accepted: set[int] = set()
    for group in groups:
        if _is_running(group, reach, body_size, pitch):
            accepted.update(id(line) for _, line in group)
    return accepted


def _is_running(group: list[tuple[_Strip, Line]], reach: list[float], body_size: float, pitch: float) -> bool:
    """Whether lines with one text at one height are a running header or footer, not the body's own words."""
    pages = sorted({strip.page for strip, _ in group})
    span = pages[-1] - pages[0] + 1
    alternate = len({page % 2 for page in pages}) == 1 and len(pages) >= 0.8 * ((span + 1) // 2)
    if len(pages) < 0.5 * span and not alternate:
        return False
    text = group[0][1].text
    if text[:1].islower() and text.endswith("."):
        return False  # the end of a sentence
    varied = {line.text for _, line in group}
    if len(varied) > 1:
        # The digits differ; those of a page number go with the pages.
        shifts = Counter(
            int(digits[:_TELLING]) - strip.page for strip, line in group for digits in set(_DIGITS.findall(line.text))
        )
        if max(shifts.values()) < 0.7 * len(pages):
            return False
    small = median(line.size for _, line in group) < 0.95 * body_size
    if small or (len(pages) >= 0.6 * len(reach) and len(reach) > 5):
        return True
    depth = median(strip.depth for strip, _ in group)
    members = set(pages)
    intruders = sum(reach[page] <= depth + 3 for page in range(len(reach)) if page not in members)
    apart = median(strip.white for strip, _ in group) > 1.25 * pitch or any(
        _number(line.text) is not None for _, line in group
    )
    return intruders <= max(1, 0.1 * len(reach)) and (apart or len(pages) >= 0.6 * len(reach))


def _text(lines: list[Line]) -> str:
    return " ".join(f"{line.text} {line.tail}".strip() for line in sorted(lines, key=lambda line: line.x0))


def _number(text: str) -> int | None:
    match = _PAGE_NUMBER.match(text) if len(text) < _LONGEST else None
    if not match:
        return None
    number = match["number"]
    if number.isdecimal():
        return int(number)
    if not _ROMAN.match(number):
        return None
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[char] for char in number.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _in_place(strips: list[list[_Strip]], repeated: set[int], shift: int | None, pitch: float) -> set[int]:
    """Identities of outermost lines that stand where other pages have a running header, such as a chapter's title."""
    places: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for page_strips in strips:
        for strip in page_strips[:1]:
            numbered = shift is not None and any(
                part.isdecimal() and int(part[:_TELLING]) - strip.page == shift
                for line in strip.lines
                for part in (line.text, line.tail)
            )
            if numbered or any(id(line) in repeated for line in strip.lines):
                places[round(strip.depth), round(strip.lines[0].size)].add(strip.page)
    usual = [place for place, pages in places.items() if len(pages) > 2 and len(pages) >= 0.5 * len(strips)]
    return {
        id(line)
        for page_strips in strips
        for strip in page_strips[:1]
        for line in strip.lines
        if strip.white > 1.25 * pitch
        and any(abs(strip.depth - depth) < 1.5 and round(line.size) == size for depth, size in usual)
    }


def _page_shift(strips: list[list[_Strip]]) -> int | None:
    """Difference between printed and counted page numbers that most pages share."""
    shifts = Counter(
        number - strip.page
        for page_strips in strips
        for strip in page_strips[:2]
        for part in {_text(strip.lines), *(line.text for line in strip.lines), *(line.tail for line in strip.lines)}
        if (number := _number(part)) is not None
    )
    shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
    return shift if count > 1 else None


def _is_page_number(
    strip: _Strip, lines: list[Line], shift: int | None, box: Box, pitch: float, page_count: int
) -> bool:
    """Whether all that is left of a row is the number of its page."""
    text = _text(lines)
    number = _number(text)
    if number is None:
        return False
    match = _PAGE_NUMBER.match(text)
    if match and ((match["total"] and (match["word"] or page_count > 2)) or match["word"] or match["after"]):
        return strip.depth < 0.2 * (box.top - box.bottom)
    if shift is not None and number - strip.page == shift:
        return True
    if len(text) == 1 and text.isalpha():
        return False
    return strip.depth < 0.12 * (box.top - box.bottom) and strip.white > 1.5 * pitch


def _stamps(pages: list[list[Row]], body_size: float) -> set[int]:
    """Identities of large words that lie across most pages at one place, such as DRAFT."""
    found: defaultdict[tuple[str, int], list[tuple[int, Word]]] = defaultdict(list)
    for page, rows in enumerate(pages):
        for word in (word for row in rows for word in row.words):
            if word.size > 1.8 * body_size:
                found[word.text, round(word.y / 4)].append((page, word))
    return {
        id(word)
        for group in found.values()
        if len(pages) > 2 and len({page for page, _ in group}) >= max(3, 0.6 * len(pages))
        for _, word in group
    }
