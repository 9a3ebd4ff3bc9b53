"""PDF files: text with its layout, through PDFium.

Meant for a child process with limits on memory and time (`scr_tone.reading.child`): PDFium is a large C++ library,
and what it is given comes from anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

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
from scr_tone.reading.pdf_paragraphs import level_sizes, measure
from scr_tone.reading.pdf_tables import Rule, page_rules, ruled_tables
from scr_tone.reading.pdf_text import vocabulary
from scr_tone.reading.pdf_words import Box, Word, page_words
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


@dataclass(slots=True)
class _Pages:
    """What was found page by page."""

    words: list[list[Word]] = field(default_factory=list)
    rules: list[tuple[list[Rule], list[Rule]]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    chars: list[int] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)
    garbage: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    slanted: dict[int, str] = field(default_factory=dict)


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
        pages = _Pages()
        for page in range(count):
            _read_page(document, page, pages, limits)
        is_form = document.get_formtype() != pdfium_c.FORMTYPE_NONE
    _check(pages)
    lines = _lay_out(pages)
    level_sizes(lines)
    usual = measure(lines)
    words = vocabulary(line.text for page in lines for line in page)
    blocks = blocks_of(document_paragraphs(lines, usual), usual, words)
    if not blocks:
        raise InputError("it holds no text", remedy=_NO_TEXT)
    return blocks, list(_warnings(pages, is_form))


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


def _read_page(document: pdfium.PdfDocument, number: int, pages: _Pages, limits: Limits) -> None:
    """Add one page to what was found."""
    pages.words.append([])
    pages.rules.append(([], []))
    pages.boxes.append(Box(0, 0, 1, 1))
    pages.chars.append(0)
    pages.letters.append(0)
    pages.garbage.append(0)
    try:
        page = document[number]
    except pdfium.PdfiumError:
        pages.unreadable.append(number)
        return
    with closing(page):
        try:
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            pages.unreadable.append(number)
            return
        with closing(text_page):
            count = max(0, pdfium_c.FPDFText_CountChars(text_page))
            if count + sum(pages.chars) > limits.text_chars:
                raise InputError(
                    f"it holds more than {limits.text_chars:,} characters of text", remedy="split it into parts"
                )
            found = page_words(page, text_page, count)
        pages.boxes[number], pages.chars[number] = found.box, found.chars
        pages.letters[number], pages.garbage[number] = found.letters, found.garbage
        if found.chars < _FEW_CHARS and _has_pictures(page):
            pages.pictures.append(number)
        pages.words[number] = found.words
        pages.rules[number] = page_rules(page, found.turn, found.box)
    if found.slanted:
        pages.slanted[number] = found.slanted


def _lay_out(pages: _Pages) -> list[list[Line]]:
    """Put what is no running header or footer into lines, page by page, in reading order."""
    kept = without_furniture([rows_of(words) for words in pages.words], pages.boxes)
    lines: list[list[Line]] = []
    for number, (words, rules, box) in enumerate(zip(kept, pages.rules, pages.boxes, strict=True)):
        tables, rest = ruled_tables(words, *rules)
        lines.append(page_lines(number, rest, tables, box))
    return lines


def _has_pictures(page: Any) -> bool:
    """Whether a page shows anything but text: a scan, or text drawn as outlines."""
    kinds = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING)
    return next(iter(page.get_objects(filter=kinds, max_depth=5)), None) is not None


def _check(pages: _Pages) -> None:
    """Refuse a document that holds no text worth the name."""
    chars, garbage = sum(pages.chars), sum(pages.garbage)
    if len(pages.unreadable) == len(pages.chars):
        raise InputError("none of its pages can be read", remedy=_RESAVE)
    full = len(pages.chars) - len(pages.pictures) - len(pages.unreadable)
    if pages.pictures and (chars == 0 or not any(count >= _FEW_CHARS for count in pages.chars)):
        raise InputError("it holds no text, only pictures of pages (a scan)", remedy=_OCR)
    if chars == 0 or full <= 0:
        raise InputError("it holds no text", remedy=_NO_TEXT)
    if garbage > _GARBAGE * chars or (chars > _ENOUGH and sum(pages.letters) < _LETTERS * chars):
        raise InputError(
            "its text cannot be read: the fonts do not say which letters they show",
            remedy="ask for the Word file, or " + _OCR.partition(", or")[0],
        )


def _warnings(pages: _Pages, is_form: bool) -> Iterator[str]:
    if pages.pictures:
        yield f"{_list_pages(pages.pictures)} no text, only pictures; what they say is not checked"
    if pages.unreadable:
        yield f"{_list_pages(pages.unreadable)} nothing that can be read and left out"
    broken = [
        page
        for page, (chars, garbage) in enumerate(zip(pages.chars, pages.garbage, strict=True))
        if garbage > _GARBAGE * chars
    ]
    if broken:
        yield f"{_list_pages(broken)} text in a font that does not say which letters it shows; some of it is lost"
    # A stamp such as DRAFT comes on many pages or is short; anything else may matter.
    often = Counter(pages.slanted.values())
    turned = [page for page, text in pages.slanted.items() if len(text) > _STAMP and often[text] < 3]
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
