"""Text as editors send it: plain, or cut into text and markup. Offsets go back to the whole, in UTF-16 units."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from .problems import ProblemError

__all__ = ["SourceText", "Utf16", "from_annotation", "from_plain"]

_DETAIL = 'data must be JSON like {"annotation": [{"text": "A "}, {"markup": "<b>"}, {"text": "word"}]}'
_MOST_PIECES = 1_000_000


class Utf16:
    """Offsets of a text in UTF-16 units, which Java, JavaScript and LibreOffice count.

    Examples
    --------
    >>> Utf16("a\\U0001f600b").at(2)
    3
    """

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [place for place, c in enumerate(text) if c > "\uffff"]

    def at(self, offset: int) -> int:
        """The offset of a code point, in UTF-16 units."""
        return offset + bisect_left(self._astral, offset)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the plain text: where it came from, and whether it stands for markup."""

    start: int
    source_start: int
    source_length: int
    is_markup: bool


class SourceText:
    """The text to read, and where each part of it stands in what was sent.

    Parameters
    ----------
    plain : str
        What is read.
    pieces : list of _Piece
        In order, without empty ones.
    """

    def __init__(self, plain: str, pieces: list[_Piece]) -> None:
        self.plain = plain
        self.units = Utf16(plain)
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length in UTF-16 units of what was sent, for a stretch of the plain text that is not empty.

        Markup inside the stretch is part of it, markup at its edges is not, except where the stretch begins or ends in what
        the markup stands for.
        """
        first = self._piece(start)
        last = self._piece(end - 1)
        begin = first.source_start + (0 if first.is_markup else self._between(first.start, start))
        finish = last.source_start + (last.source_length if last.is_markup else self._between(last.start, end))
        return begin, finish - begin

    def _piece(self, offset: int) -> _Piece:
        return self._pieces[bisect_right(self._starts, offset) - 1]

    def _between(self, start: int, end: int) -> int:
        return self.units.at(end) - self.units.at(start)


def from_plain(text: str) -> SourceText:
    """Take a text as it stands.

    Examples
    --------
    >>> from_plain("\\U0001f600 She failed to ring.").span(2, 5)
    (3, 3)
    """
    return SourceText(text, [_Piece(0, 0, 0, False)])


def from_annotation(data: str) -> SourceText:
    """Take the text out of annotated markup.

    Parameters
    ----------
    data : str
        JSON with a list ``annotation`` of objects that have ``text``, or ``markup`` and perhaps ``interpretAs``, which is
        what the markup means to a reader (a line break, a word in its place).

    Raises
    ------
    ProblemError
        400 if it is nothing of the kind.

    Examples
    --------
    >>> from_annotation('{"annotation": [{"text": "A "}, {"markup": "<b>"}, {"text": "big"}]}').span(2, 5)
    (5, 3)
    """
    parts = _checked(data)
    texts = [part.get("text", part.get("interpretAs", "")) for part in parts]
    sources = [part.get("text", part.get("markup", "")) for part in parts]
    starts = accumulate(map(len, texts), initial=0)
    # The length in UTF-16 units without walking through each character in Python.
    lengths = [len(source) if source.isascii() else Utf16(source).at(len(source)) for source in sources]
    places = accumulate(lengths, initial=0)
    pieces = [
        _Piece(start, place, length, "text" not in part)
        for part, text, start, place, length in zip(parts, texts, starts, places, lengths, strict=False)
        if text
    ]
    return SourceText("".join(texts), pieces)


def _checked(data: str) -> list[dict[str, str]]:
    try:
        found: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise ProblemError(400, _DETAIL) from None
    parts = found.get("annotation") if isinstance(found, dict) else None
    if parts is None and isinstance(found, dict) and isinstance(found.get("text"), str):
        return [{"text": found["text"]}]  # LanguageTool takes {"text": ...} as well
    if not isinstance(parts, list) or len(parts) > _MOST_PIECES:
        raise ProblemError(400, _DETAIL)
    for part in parts:
        known = isinstance(part, dict) and ("text" in part) != ("markup" in part)
        if not known or not all(isinstance(part.get(key, ""), str) for key in ("text", "markup", "interpretAs")):
            raise ProblemError(400, _DETAIL)
    return parts
