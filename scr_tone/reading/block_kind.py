"""Which kind of block a paragraph makes, from its style, its place and the number in front of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from scr_tone.lines import printed_number
from scr_tone.marks import without_marks
from scr_tone.records import Block, Kind

__all__ = ["Mark", "kind_of"]

# "4.12" or "Recommendation 3:" number the paragraphs of a report; "1.", "(b)" and "iv)" number the items of a list.
_PARAGRAPH_NUMBER = re.compile(r"\(?\d+(?:\.\d+)+[.)]?|.*[A-Za-z]{3}.*\d.*")
_PLAIN_NUMBER = re.compile(r"\(?\d+[.):]?")
_SENTENCE_END = re.compile(r"[.!?][\"'\u2019\u201d)\]]*$")
_ITEM_WORDS = 12
_LONG_WORDS = 40  # beyond this it is a paragraph, whatever its style calls it


class Mark(NamedTuple):
    """What is printed in front of a list item; an empty text where nothing is."""

    text: str
    bullet: bool


def kind_of(text: str, mark: Mark | None, place: Kind | None, hint: Kind, level: int | None, page: int | None) -> Block:
    """Make the block.

    Parameters
    ----------
    text : str
        Tidied, without its number; not empty.
    mark : Mark or None
        What a list prints in front; None if it is in no list.
    place : Kind or None
        "footnote", "contents" or "table_cell", which no style overrules.
    hint : Kind
        What its style says.
    level : int or None
        Heading level.
    page : int or None

    Examples
    --------
    >>> kind_of("The nurse rang.", Mark("4.12", False), None, "body", None, None)
    Block(text='4.12 The nurse rang.', kind='body', page=None, number='4.12', level=None)
    """
    number = mark.text if mark and mark.text and not mark.bullet else None
    whole = f"{mark.text} {text}" if mark and mark.text else text
    if number is None and not (mark and mark.bullet):
        number = printed_number(text)
    kind = place or hint
    if kind == "heading" and len(text.split()) > _LONG_WORDS:
        kind = "body"  # numbered paragraphs are often given a heading's style for the sake of its number
    if mark and mark.text and kind in ("body", "list_item"):
        kind = "body" if not mark.bullet and _is_paragraph(mark.text, text) else "list_item"
    return Block(whole, kind, page, number, level if kind == "heading" else None)


def _is_paragraph(mark: str, text: str) -> bool:
    words = len(text.split())
    if _PARAGRAPH_NUMBER.fullmatch(mark):
        return words > _ITEM_WORDS or _SENTENCE_END.search(without_marks(text).rstrip()) is not None
    return _PLAIN_NUMBER.fullmatch(mark) is not None and words > _LONG_WORDS
