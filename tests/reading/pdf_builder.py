"""A small pen for test PDFs: text set line by line, so that a test knows what stands where."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from unittest import mock

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT, TOP, BOTTOM = 72.0, 523.0, 770.0, 72.0
BODY, BOLD = "Helvetica", "Helvetica-Bold"
LEADING = 14.0

Furniture = Callable[["Pen", int], None]


# Letters that no test needs lend their shapes to characters that the font lacks.
STAND_INS = [chr(code) for code in range(0xC0, 0x100)]


def unicode_font() -> str:
    """Register the TrueType font that comes with reportlab; `Pen` makes it carry any character."""
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    return "Vera"


class Pen:
    """Writes down the page from the top margin; `y` is the next base line."""

    def __init__(
        self,
        furniture: Furniture | None = None,
        *,
        size: tuple[float, float] = A4,
        encrypt: StandardEncryption | None = None,
        leading: float = LEADING,
    ) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=size, encrypt=encrypt, invariant=1)
        self._furniture = furniture
        self.leading = leading
        self.page = 1
        self.y = TOP
        self._aliases: dict[int, int] = {}

    def at(self, x: float, y: float, text: str, font: str = BODY, size: float = 11) -> None:
        """Set one piece of text at a place."""
        self.canvas.setFont(font, size)
        if font == "Vera":
            text = "".join(self._lend(char) for char in text)
        self.canvas.drawString(x, y, text)

    def _lend(self, char: str) -> str:
        """Return a character that the font can draw and that the file will say is this one."""
        code = ord(char)
        if code in pdfmetrics.getFont("Vera").face.charToGlyph and code != 0xAD:
            return char
        if code not in self._aliases:
            self._aliases[code] = ord(STAND_INS[len(self._aliases)])
        return chr(self._aliases[code])

    def line(self, text: str, font: str = BODY, size: float = 11, x: float = LEFT) -> None:
        """Set one line and move down."""
        self.at(x, self.y, text, font, size)
        self.y -= max(self.leading, 1.25 * size)

    def gap(self, points: float = 8) -> None:
        """Leave white."""
        self.y -= points

    def paragraph(
        self,
        text: str,
        *,
        x: float = LEFT,
        right: float = RIGHT,
        first: float | None = None,
        mark: str | None = None,
        font: str = BODY,
        size: float = 11,
        gap: float = 8,
    ) -> list[str]:
        """Fill lines between two edges, as any word processor does, and return them.

        `first` is where the first line starts, `mark` a number hung in front of it at `first`.
        """
        lines: list[str] = []
        start = x if first is None or mark else first
        for word in text.split():
            joined = f"{lines[-1]} {word}" if lines else word
            edge = start if len(lines) < 2 else x
            if lines and edge + pdfmetrics.stringWidth(joined, font, size) <= right:
                lines[-1] = joined
            else:
                lines.append(word)
        for number, line in enumerate(lines):
            if self.y < BOTTOM:
                self.new_page()
            if number == 0 and mark:
                self.at(x if first is None else first, self.y, mark, font, size)
            self.at(start if number == 0 else x, self.y, line, font, size)
            self.y -= self.leading * size / 11
        self.y -= gap
        return lines

    def columns(self, texts: Sequence[str], *, shift: float = 0.0, gutter: float = 24.0) -> None:
        """Set two columns of paragraphs; the second starts `shift` points lower."""
        middle = (LEFT + RIGHT) / 2
        top = self.y
        lowest = top
        for number, text in enumerate(texts):
            self.y = top - shift * number
            x = LEFT if number == 0 else middle + gutter / 2
            right = middle - gutter / 2 if number == 0 else RIGHT
            for paragraph in re.split(r"\n", text):
                self.paragraph(paragraph, x=x, right=right, gap=6)
            lowest = min(lowest, self.y)
        self.y = lowest

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, ruled: bool = True, padding: float = 4
    ) -> None:
        """Set a table whose cells wrap, with or without lines around them."""
        for row in rows:
            x, top, lowest = LEFT, self.y + self.leading, self.y
            for text, width in zip(row, widths, strict=True):
                self.y = top - self.leading - padding
                self.paragraph(text, x=x + padding, right=x + width - padding, gap=0)
                lowest = min(lowest, self.y)
                x += width
            bottom = lowest + self.leading - 3 - padding
            if ruled:
                x = LEFT
                for width in widths:
                    self.canvas.rect(x, bottom, width, top - bottom)
                    x += width
            self.y = bottom - self.leading
        self.gap()

    def reference(self, x: float, text: str, mark: str, rest: str) -> None:
        """Set a line in which a raised note mark stands."""
        spot = self.canvas.beginText(x, self.y)
        spot.setFont(BODY, 11)
        spot.textOut(text)
        spot.setRise(4)
        spot.setFont(BODY, 7)
        spot.textOut(mark)
        spot.setRise(0)
        spot.setFont(BODY, 11)
        spot.textOut(rest)
        self.canvas.drawText(spot)
        self.y -= self.leading

    def slanted(self, text: str, angle: float = 45, size: float = 60) -> None:
        """Write a stamp across the page."""
        self.canvas.saveState()
        self.canvas.translate(200, 300)
        self.canvas.rotate(angle)
        self.at(0, 0, text, BOLD, size)
        self.canvas.restoreState()

    def picture(self) -> None:
        """Put a grey picture over the whole page, as a scanner does."""
        from PIL import Image

        image = ImageReader(Image.new("L", (40, 60), 200))
        self.canvas.drawImage(image, 0, 0, 595, 842)

    def new_page(self) -> None:
        """Finish this page."""
        if self._furniture is not None:
            self._furniture(self, self.page)
        self.canvas.showPage()
        self.page += 1
        self.y = TOP

    def pdf(self) -> bytes:
        """Finish the file and return it."""
        if self._furniture is not None:
            self._furniture(self, self.page)
        self.canvas.showPage()
        lent = {shape: code for code, shape in self._aliases.items()}
        make = ttfonts.makeToUnicodeCMap
        with mock.patch.object(
            ttfonts, "makeToUnicodeCMap", lambda name, codes: make(name, [lent.get(code, code) for code in codes])
        ):
            self.canvas.save()
        return self._buffer.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """Assemble a PDF from the bodies of its objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
