"""Calls into PDFium for the characters of one page, as few as will do.

PDFium gives a page's characters at one go, but geometry only one character a call. A word needs two or three calls:
where it starts, where it ends, and, when it begins a new text object, that object's style.
"""

from __future__ import annotations

import ctypes
import math
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

__all__ = ["Glyphs", "Piece", "Style", "is_note", "pieces", "turned"]

_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_NOTE = re.compile(r"[\d,*\u2020\u2021\u00a7\[\]()]+$")
_FILL_STROKE = 2  # drawing a letter's outline too is how writers without a bold font make one


class Style(NamedTuple):
    """Size in points, quarter turns (None when neither upright nor lying) and weight of a text object."""

    size: float
    turn: int | None
    bold: bool


@dataclass(slots=True)
class Piece:
    """Neighbouring characters of one token with one size and base line."""

    start: int
    end: int
    x: float
    y: float
    style: Style


@dataclass(slots=True)
class Glyphs:
    """A page's characters, with the styles of its text objects kept."""

    page: Any
    styles: dict[int, Style] = field(default_factory=dict)
    fonts: dict[int, bool] = field(default_factory=dict)
    x: Any = field(default_factory=ctypes.c_double)
    y: Any = field(default_factory=ctypes.c_double)
    edges: tuple[Any, ...] = field(default_factory=lambda: tuple(ctypes.c_double() for _ in range(4)))

    def text(self, count: int) -> str:
        """All characters, one for each index."""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self.page, 0, count, buffer)
        text = bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "surrogatepass")
        if len(text) != count or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
            # Characters without a meaning are left out of the text but counted, and those beyond 16 bits are two.
            text = "".join(chr(min(pdfium.FPDFText_GetUnicode(self.page, at), 0x10FFFF)) for at in range(count))
        return text

    def style(self, at: int) -> Style | None:
        """Size, direction and weight of a character; None for a space that PDFium made up."""
        text_object = pdfium.FPDFText_GetTextObject(self.page, at)
        key = ctypes.c_void_p.from_buffer(text_object).value
        if key is None:
            return None
        if key not in self.styles:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFText_GetMatrix(self.page, at, matrix)
            size = pdfium.FPDFText_GetFontSize(self.page, at) * math.hypot(matrix.c, matrix.d)
            quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
            straight = abs(quarters - round(quarters)) < 0.1  # a scan may lie a little askew
            self.styles[key] = Style(
                max(1.0, round(size, 2)), round(quarters) % 4 if straight else None, self._is_bold(text_object)
            )
        return self.styles[key]

    def piece(self, at: int, style: Style) -> Piece:
        """Take one character, at its place on the upright page."""
        pdfium.FPDFText_GetCharOrigin(self.page, at, self.x, self.y)
        return Piece(at, at + 1, *turned(self.x.value, self.y.value, style.turn or 0), style)

    def end(self, at: int, turn: int) -> float:
        """Right edge of a character."""
        left, right, bottom, top = self.edges
        pdfium.FPDFText_GetCharBox(self.page, at, left, right, bottom, top)
        if turn == 0:
            return float(right.value)
        return max(turned(left.value, bottom.value, turn)[0], turned(right.value, top.value, turn)[0])

    def _is_bold(self, text_object: Any) -> bool:
        if pdfium.FPDFTextObj_GetTextRenderMode(text_object) == _FILL_STROKE:
            return True
        font = pdfium.FPDFTextObj_GetFont(text_object)
        key = ctypes.cast(font, ctypes.c_void_p).value
        if key is None:
            return False
        if key not in self.fonts:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("latin-1")
            flags = max(0, pdfium.FPDFFont_GetFlags(font))
            self.fonts[key] = bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD)
        return self.fonts[key]


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Move a point to where it is on a page turned so that text of this direction runs to the right."""
    if turn == 0:
        return x, y
    return ((y, -x), (-x, -y), (-y, x))[turn - 1]


def pieces(reader: Glyphs, text: str, start: int, end: int) -> list[Piece]:
    """Divide a token where its characters stand on different lines or are a note reference."""
    first, last = reader.style(start), reader.style(end - 1)
    if first is not None and first is last:  # one text object, so nothing can have changed in between
        piece = reader.piece(start, first)
        piece.end = end
        return [piece]
    runs: list[Piece] = []
    for at in range(start, end):
        style = reader.style(at)
        if style is None:
            if runs:
                runs[-1].end = at + 1
            continue
        if runs and runs[-1].style is style:
            runs[-1].end = at + 1
            continue
        runs.append(reader.piece(at, style))
    if not runs:
        return []
    base = max(runs, key=lambda run: (run.style.size, run.end - run.start))
    merged: list[Piece] = []
    for run in runs:
        # Two text objects of one word differ in kerning only, or in size for small capitals and "1st".
        if merged and _belongs(merged[-1], run, base, text):
            merged[-1].end = run.end
            if run.style.size > merged[-1].style.size:
                merged[-1].style, merged[-1].y = run.style, run.y
        else:
            merged.append(run)
    return merged


def _belongs(left: Piece, right: Piece, base: Piece, text: str) -> bool:
    """Whether two pieces of a token are parts of one printed word."""
    size = base.style.size
    if left.style.turn != right.style.turn or abs(left.y - right.y) > 0.7 * size or right.x < left.x - 0.1 * size:
        return False
    return is_note(left, base, text) == is_note(right, base, text)


def is_note(piece: Piece, base: Piece, text: str) -> bool:
    """Whether a piece of a token is a note reference: raised, small, and of digits or daggers."""
    small = piece.style.size < 0.86 * base.style.size and piece.y > base.y + 0.12 * base.style.size
    return small and _NOTE.match(text[piece.start : piece.end]) is not None
