"""What PDFium finds on each page, before anybody asks what it means."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.reading.pdf_tables import Rule, page_rules
from scr_tone.reading.pdf_words import Box, Word, page_words

__all__ = ["Page", "read_pages"]

_LITTLE = 300  # characters up to which a page may be a picture with a header over it
_COVERED = 0.2  # share of a page that its pictures cover when they are what it shows
_OUTLINES = 30  # paths that letters drawn as outlines make, and a ruled header does not
_MOST_OBJECTS = 5_000
_NOWHERE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(slots=True)
class Page:
    """One page.

    Attributes
    ----------
    words : list of Word
    across, down : list of Rule
        Lines drawn on it.
    box : Box
        Its edges.
    chars, letters, garbage : int
        Printing characters, and those among them that are letters or digits, or that mean nothing.
    slanted : str
        Text left out because it runs another way than the rest.
    pictured : bool
        Whether it shows a picture and little text.
    readable : bool
        Whether PDFium could open it.
    """

    words: list[Word] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    box: Box = _NOWHERE
    chars: int = 0
    letters: int = 0
    garbage: int = 0
    slanted: str = ""
    pictured: bool = False
    readable: bool = True


def read_pages(document: pdfium.PdfDocument, limits: Limits) -> list[Page]:
    """Read all pages.

    Raises
    ------
    InputError
        If they hold more text than allowed.
    """
    pages: list[Page] = []
    left = limits.text_chars
    for number in range(len(document)):
        try:
            with closing(document[number]) as page, closing(page.get_textpage()) as text_page:
                count = max(0, pdfium_c.FPDFText_CountChars(text_page))
                left -= count
                if left < 0:
                    raise InputError(
                        f"it holds more than {limits.text_chars:,} characters of text", remedy="split it into parts"
                    )
                pages.append(_read(page, text_page, count))
        except pdfium.PdfiumError:
            pages.append(Page(readable=False))
    return pages


def _read(page: Any, text_page: Any, count: int) -> Page:
    found = page_words(page, text_page, count)
    across, down = page_rules(page, found.turn, found.box)
    pictured = found.chars < _LITTLE and _is_picture(page)
    return Page(
        found.words, across, down, found.box, found.chars, found.letters, found.garbage, found.slanted, pictured
    )


def _is_picture(page: Any) -> bool:
    """Whether pictures are what a page shows: a scan, or text drawn as outlines."""
    width, height = page.get_size()
    area, outlines = 0.0, 0
    for item in islice(page.get_objects(max_depth=5), _MOST_OBJECTS):
        if item.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            outlines += 1
        elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            if item.level > 0:  # its place is that in the form around it, which says nothing of its size here
                return True
            left, bottom, right, top = item.get_bounds()
            area += (right - left) * (top - bottom)
        elif item.type == pdfium_c.FPDF_PAGEOBJ_SHADING:
            return True
    return area > _COVERED * width * height or outlines > _OUTLINES
