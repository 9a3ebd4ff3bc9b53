"""What each paragraph of a PDF is: heading, list item, quotation, contents line, table cell, or running text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scr_tone.reading.pdf_paragraphs import Measures, Paragraph, ends_sentence
from scr_tone.reading.pdf_text import Vocabulary, leader
from scr_tone.records import Block, Kind

__all__ = ["blocks_of"]

_BULLET = "\u2022"
_LIST = re.compile(r"\(.+\)$|\w{1,6}[.)]$")
_TITLE_WORD = re.compile(
    r"(?:appendix|annex|chapter|part|section|finding|theme|recommendation)\s+[\dA-Z]+\b", re.IGNORECASE
)
_CONTENTS = re.compile(r"(?:table of )?contents$", re.IGNORECASE)
_ENTRY = re.compile(r"(\d{1,3}(?:\.\d{1,3})*\.?)\s+\D")
_MOST_LEVELS = 6


def blocks_of(made: Sequence[Paragraph], usual: Measures, words: Vocabulary) -> list[Block]:
    """Turn paragraphs into blocks.

    Parameters
    ----------
    made : sequence of Paragraph
        In reading order.
    usual : Measures
        Of the document.
    words : Vocabulary
        Its vocabulary, for words cut at line ends.
    """
    texts = [paragraph.text(words) for paragraph in made]
    kinds: list[Kind] = []
    for at in range(len(made)):
        kinds.append(_kind(made, at, texts[at], usual, kinds))
    _list_contents(made, texts, kinds)
    levels = _levels(made, kinds)
    blocks: list[Block] = []
    for at, paragraph in enumerate(made):
        text, kind, tail = texts[at], kinds[at], paragraph.last.tail
        if kind == "contents":
            text = " ".join(leader(text) or (text, tail))
        page = paragraph.first.page + 1
        number = _number(paragraph)
        if kind == "contents" and number is None and (match := _ENTRY.match(text)):
            number = match[1]
        blocks.append(Block(text, kind, page, number, levels.get(at)))
        if tail and kind != "contents":
            blocks.append(Block(tail, "table_cell", page))
    return blocks


def _number(paragraph: Paragraph) -> str | None:
    return None if paragraph.number == _BULLET else paragraph.number


def _kind(made: Sequence[Paragraph], at: int, text: str, usual: Measures, before: Sequence[Kind]) -> Kind:
    paragraph = made[at]
    if paragraph.note:
        return "footnote"
    if leader(text):
        return "contents"
    if paragraph.first.flow != "prose":
        return "table_cell"
    number = paragraph.number
    if number != _BULLET and _is_heading(made, at, text, usual):
        return "heading"
    if number and (number == _BULLET or _LIST.match(number)):
        return "list_item"
    if number is None and _is_quote(paragraph, text, usual, made[at - 1] if at and before[-1] == "list_item" else None):
        return "quote"
    return "body"


def _is_heading(made: Sequence[Paragraph], at: int, text: str, usual: Measures) -> bool:
    paragraph = made[at]
    first = paragraph.first
    count = len(text.split())
    if len(paragraph.lines) > 4 or count > 25 or text[-1] in ",;":
        return False
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 3:
        return False
    large = first.size / usual.size
    stopped = text[-1] == "."
    if (large >= 1.3 and not stopped) or (large >= 1.12 and count <= 16 and not stopped):
        return True
    set_off = text[-1] not in ".!" and all(line.bold for line in paragraph.lines) and not usual.bold
    if set_off and large > 0.93 and count <= 20:
        return True
    if stopped or text[-1] == ":" or (ends_sentence(text) and text[-1] != "?"):
        return False
    alone = paragraph.last.x1 < first.right - 0.15 * (first.right - first.left)
    if all(char.isupper() for char in letters) and count <= 14 and any(len(word) > 3 for word in text.split()):
        return True
    if count > 12 or len(paragraph.lines) > 1 or not alone or text[-1] == "?":
        return False
    if _TITLE_WORD.match(text) and count <= 8:
        return True
    return paragraph.number is not None and _is_numbered_heading(made, at, text)


def _is_numbered_heading(made: Sequence[Paragraph], at: int, text: str) -> bool:
    """Whether a short numbered line without a full stop is a heading rather than an item in a list."""
    number = made[at].number or ""
    if not number[:1].isdigit() or number.endswith(")"):
        return False
    rest = text[len(number) :].lstrip()
    if not rest[:1].isupper():
        return False
    near = [made[other].number for other in (at - 1, at + 1) if 0 <= other < len(made)]
    return not any(other and abs(_step(number, other)) == 1 for other in near)


def _step(number: str, other: str) -> int:
    """How far apart two numbers with the same stem are; 0 where the stems differ."""
    (stem, _, end), (other_stem, _, other_end) = (part.rstrip(".").rpartition(".") for part in (number, other))
    return int(other_end) - int(end) if stem == other_stem and end.isdecimal() and other_end.isdecimal() else 0


def _is_quote(paragraph: Paragraph, text: str, usual: Measures, item: Paragraph | None) -> bool:
    """Whether a paragraph is set in from both sides; one set in below a list item belongs to that."""
    first = paragraph.first
    left = usual.left if first.column == 0 else first.left
    set_in = 1.5 * first.size
    x0 = min(line.x0 for line in paragraph.lines)
    if x0 < left + set_in or first.size > 1.1 * usual.size:
        return False
    room = first.right - max(line.x1 for line in paragraph.lines)
    if (
        item is not None
        and abs(item.first.text_x - x0) < first.size
        and (len(paragraph.lines) < 3 or room < 2 * set_in)
    ):
        return False
    quoted = text[0] in "\"'\u2018\u201c"
    if len(paragraph.lines) == 1:
        return quoted and room > set_in
    return room > (set_in if len(paragraph.lines) > 2 or quoted else 2.2 * first.size)


def _list_contents(made: Sequence[Paragraph], texts: Sequence[str], kinds: list[Kind]) -> None:
    """Make contents lines of runs of lines that end in page numbers without leaders."""
    at = 0
    while at < len(made):
        run = at
        while run < len(made) and made[run].last.tail and made[run].last.page == made[at].last.page:
            run += 1
        tails = [made[place].last.tail for place in range(at, run)]
        pages = [int(tail) for tail in tails if tail.isdecimal()]
        headed = at > 0 and _CONTENTS.search(texts[at - 1]) is not None
        if (headed or run - at > 2) and pages == sorted(pages):
            kinds[at:run] = ["contents"] * (run - at)
        at = max(run, at + 1)


def _levels(made: Sequence[Paragraph], kinds: Sequence[Kind]) -> dict[int, int]:
    """Levels of headings: by their number, else by size and weight as compared with other headings."""
    places = [at for at, kind in enumerate(kinds) if kind == "heading"]
    styles = {(round(made[at].first.size * 2), made[at].first.bold) for at in places}
    ranks = {style: rank for rank, style in enumerate(sorted(styles, reverse=True), start=1)}
    levels: dict[int, int] = {}
    for at in places:
        number = made[at].number
        if number and number[0].isdigit():
            levels[at] = min(_MOST_LEVELS, len(number.rstrip(".)").split(".")))
        else:
            levels[at] = min(_MOST_LEVELS, ranks[round(made[at].first.size * 2), made[at].first.bold])
    return levels
