"""PDF files: text with its layout, through PDFium.

Meant for a child process with limits on memory and time (`scr_tone.reading.child`): PDFium is a large C++ library,
and what it is given comes from anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.reading.magic import what_is
from scr_tone.reading.pdf_flow import document_paragraphs
from scr_tone.reading.pdf_furniture import without_furniture
from scr_tone.reading.pdf_kinds import blocks_of
from scr_tone.reading.pdf_layout import page_lines
from scr_tone.reading.pdf_lines import Line, rows_of
from scr_tone.reading.pdf_pages import Page, read_pages
from scr_tone.reading.pdf_paragraphs import level_sizes, measure
from scr_tone.reading.pdf_tables import ruled_tables
from scr_tone.reading.pdf_text import vocabulary
from scr_tone.reading.pdf_words import Word
from scr_tone.records import Block

__all__ = ["read_pdf"]

_FEW_CHARS = 25  # a stamp or page number on a scanned page, rather than text
_GARBAGE = 0.3  # share of meaningless characters from which on the rest means nothing either
_LETTERS, _ENOUGH = 0.4, 400  # share of letters and digits below which so many characters are no text
_LISTED = 12
_STAMP = 40
_OCR = "run text recognition (OCR) on it, for instance with Adobe Acrobat or OCRmyPDF, or ask for the Word file"
_NO_TEXT = f"check that it is the right file; if it is a scan, {_OCR}"
_RESAVE = "ask for the Word file, or open it in a PDF viewer and save it again"


def read_pdf(data: bytes, limits: Limits) -> tuple[list[Block], list[str]]:
    """Read the text of a PDF.

    Parameters
    ----------
    data : bytes
        The file.
    limits : Limits
        How many pages and characters to accept.

    Returns
    -------
    blocks : list of Block
        Paragraphs, headings, list items, table cells and notes in reading order, without running headers, footers
        and page numbers.
    warnings : list of str
        What the user should know, such as pages without text.

    Raises
    ------
    InputError
        If it is no PDF, broken, protected by a password, scanned, or beyond the limits.
    """
    with closing(_open(data)) as document:
        count = len(document)
        if count == 0:
            raise InputError("it has no pages", remedy=_RESAVE)
        if count > limits.pages:
            raise InputError(
                f"it has {count:,} pages, more than the {limits.pages:,} allowed", remedy="split it into parts"
            )
        pages = read_pages(document, limits)
        is_form = document.get_formtype() != pdfium_c.FORMTYPE_NONE
    _check_text(pages)
    kept = without_furniture([rows_of(page.words) for page in pages], [page.box for page in pages])
    empty = _without_text(pages, kept)
    if not any(kept):  # where all that there is repeats, it is no furniture
        kept = [page.words for page in pages]
    lines: list[list[Line]] = []
    for number, (page, words) in enumerate(zip(pages, kept, strict=True)):
        tables, rest = ruled_tables(words, page.across, page.down)
        lines.append(page_lines(number, rest, tables, page.box))
    level_sizes(lines)
    usual = measure(lines)
    words_used = vocabulary(line.text for page_of in lines for line in page_of)
    blocks = blocks_of(document_paragraphs(lines, usual), usual, words_used)
    if not blocks:
        raise InputError("it holds no text", remedy=_NO_TEXT)
    return blocks, list(_warnings(pages, empty, is_form))


def _open(data: bytes) -> pdfium.PdfDocument:
    if b"%PDF-" not in data[:1024]:
        kind = what_is(data)
        raise InputError(
            f"it is not a PDF but {kind}" if kind else "it is not a PDF",
            remedy="check that the file has the right ending, and that it was downloaded whole",
        )
    # PDFium repairs what it can, and would read half a report without a word.
    if data.rfind(b"startxref") < data.rfind(b" obj"):
        raise InputError("it is cut off: its end is missing", remedy="copy or download it again")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise InputError(
                "it is protected by a password", remedy="save a copy without the password and use that"
            ) from None
        if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
            raise InputError(
                "it is encrypted in a way that cannot be read", remedy="save a copy without protection and use that"
            ) from None
        raise InputError("it is broken and cannot be opened as a PDF", remedy=_RESAVE) from None


def _check_text(pages: Sequence[Page]) -> None:
    """Refuse a document whose characters, if it has any, mean nothing."""
    if not any(page.readable for page in pages):
        raise InputError("none of its pages can be read", remedy=_RESAVE)
    chars = sum(page.chars for page in pages)
    garbage, letters = sum(page.garbage for page in pages), sum(page.letters for page in pages)
    if garbage > _GARBAGE * chars or (chars > _ENOUGH and letters < _LETTERS * chars):
        raise InputError(
            "its text cannot be read: the fonts do not say which letters they show",
            remedy="ask for the Word file, or " + _OCR.partition(", or")[0],
        )


def _without_text(pages: Sequence[Page], kept: Sequence[Sequence[Word]]) -> list[int]:
    """List pages that show pictures and no text but headers; a document of nothing else is a scan."""
    chars = [sum(len(word.text) for word in words) for words in kept]
    empty = [number for number, page in enumerate(pages) if page.pictured and chars[number] < _FEW_CHARS]
    if empty and all(count < _FEW_CHARS for count in chars):
        raise InputError("it holds no text, only pictures of pages (a scan)", remedy=_OCR)
    return empty


def _warnings(pages: Sequence[Page], empty: Sequence[int], is_form: bool) -> Iterator[str]:
    if empty:
        yield f"{_list_pages(empty)} no text, only pictures; what they say is not checked"
    unreadable = [number for number, page in enumerate(pages) if not page.readable]
    if unreadable:
        yield f"{_list_pages(unreadable)} nothing that can be read"
    broken = [number for number, page in enumerate(pages) if page.garbage > _GARBAGE * page.chars]
    if broken:
        yield f"{_list_pages(broken)} text in a font that does not say which letters it shows; some of it is lost"
    # A stamp such as DRAFT comes on many pages or is short; anything else may matter.
    often = Counter(page.slanted for page in pages)
    turned = [number for number, page in enumerate(pages) if len(page.slanted) > _STAMP and often[page.slanted] < 3]
    if turned:
        yield f"{_list_pages(turned)} text set at an angle, which was left out"
    if is_form:
        yield "this PDF is a form; what was typed into its fields is not read"


def _list_pages(pages: Sequence[int]) -> str:
    """Name pages from 1, runs of them as a range: "pages 3, 7-9 hold"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][1] == page:
            runs[-1][1] = page + 1
        else:
            runs.append([page + 1, page + 1])
    names = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    shown = ", ".join(names[:_LISTED]) + (" and others" if len(names) > _LISTED else "")
    return f"page {shown} holds" if len(pages) == 1 else f"pages {shown} hold"
