"""Read a Word document into blocks.

An own model of the text, on zipfile and lxml: python-docx's ``paragraph.text`` loses tracked insertions, content
controls, notes, text boxes and list numbers. What comes out is what the page would show with all tracked changes
accepted. Parts: `docx_package` (the ZIP), `docx_xml` (safe XML), `docx_styles`, `docx_numbering`, `docx_fields`,
`docx_pages`, `docx_inline` (the content of a paragraph); here are the order of paragraphs and what each is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scr_tone.errors import InputError
from scr_tone.reading.block_kind import kind_of
from scr_tone.reading.docx_fields import Fields, unended
from scr_tone.reading.docx_inline import Inline, InlineReader, one_branch
from scr_tone.reading.docx_numbering import Numbering
from scr_tone.reading.docx_origin import Origin
from scr_tone.reading.docx_package import Package
from scr_tone.reading.docx_pages import Pages
from scr_tone.reading.docx_styles import Styles, level_of
from scr_tone.reading.docx_xml import MC, W, child, is_on, val
from scr_tone.reading.limits import Limits
from scr_tone.reading.tidy import tidy
from scr_tone.records import Block, Kind

__all__ = ["read_docx", "trace_docx"]

_SKIPPED = frozenset(
    W + name
    for name in ("sectPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "sdtEndPr", "customXmlPr", "del")
) | {W + "moveFrom"}
_PARTS = ("styles", "numbering", "footnotes", "endnotes")
_BREAK = W + "lastRenderedPageBreak"
# A short bold paragraph without a stop is a heading, below any that a style marks.
_BOLD_LEVEL, _BOLD_WORDS = 4, 12


def read_docx(data: bytes, limits: Limits) -> tuple[list[Block], list[str]]:
    """Read a Word document (.docx, .docm, .dotx; transitional or strict).

    Parameters
    ----------
    data : bytes
        The file.
    limits : Limits
        `unpacked_bytes` and `text_chars` are heeded here; time and memory are the child process's.

    Returns
    -------
    blocks : list of Block
        In reading order: notes and text boxes after the paragraph that they hang on.
    warnings : list of str

    Raises
    ------
    InputError
        If it is no Word document, is encrypted, damaged, too large, or holds no text.
    """
    package = Package(data, limits)
    walk = _walked(package, package.root(package.main), limits)
    return walk.blocks, walk.warnings()


def trace_docx(package: Package, root: Any, limits: Limits) -> tuple[list[Block], list[Origin]]:
    """Give the blocks of `read_docx`, and an origin for each, which points into the tree under `root`."""
    origins: list[Origin] = []
    return _walked(package, root, limits, origins).blocks, origins


def _walked(package: Package, root: Any, limits: Limits, origins: list[Origin] | None = None) -> _Walk:
    body = child(root, "body")
    if body is None:
        raise package.foreign()
    parts = {relation.kind: relation.target for relation in package.relations(package.main)}
    roots: dict[str, Any] = {kind: package.root(parts[kind]) for kind in _PARTS if kind in parts}
    walk = _Walk(root, roots, limits, origins)
    walk.flow(body)
    if not walk.blocks:
        pictures = next(root.iter(W + "drawing", W + "pict"), None) is not None
        raise InputError(
            "holds pictures but no text" if pictures else "holds no text",
            remedy="run text recognition (OCR) and save the result as DOCX" if pictures else "check the file",
        )
    return walk


@dataclass(slots=True)
class _Flow:
    """A run of paragraphs that belong together: the body, a cell, a note, a text box."""

    fields: Fields
    cell: bool = False
    note: Any = None  # the reference in the body to the note that this is, or is in
    page: int | None = None
    pages: Pages | None = None
    # The content of a paragraph whose end has been deleted, and its properties.
    pending: tuple[Inline, Any] | None = None


class _Walk:
    """Goes through a document once. No recursion: how deep a file nests is for its author to say, not ours to bear."""

    def __init__(self, root: Any, roots: dict[str, Any], limits: Limits, origins: list[Origin] | None) -> None:
        self.blocks: list[Block] = []
        self._origins = origins
        self._notices: dict[str, None] = {}
        self._styles = Styles(roots.get("styles"))
        self._numbering = Numbering(roots.get("numbering"), roots.get("styles"))
        self._pages = Pages(next(root.iter(_BREAK), None) is not None)
        texts = [part for kind, part in roots.items() if kind in ("footnotes", "endnotes") and part is not None]
        self._notes = {(note.tag.removeprefix(W), note.get(W + "id") or ""): note for part in texts for note in part}
        self._broken = set().union(*(unended(part) for part in (root, *texts)))
        hides = self._styles.any_hidden or any(next(p.iter(W + "vanish"), None) is not None for p in (root, *texts))
        self._inline = InlineReader(self._styles, hides=hides)
        self._left = limits.text_chars
        self._limit = limits.text_chars
        # What is still to be walked: elements, the flow they belong to, and whether the flow or row ends with them.
        self._stack: list[tuple[Iterator[Any], _Flow, str]] = []

    def warnings(self) -> list[str]:
        """Tell what the reader should know."""
        if self._inline.diagram:
            self._notices["the words in its SmartArt diagrams were not read"] = None
        return list(self._notices)

    def flow(self, body: Any) -> None:
        """Walk the body and all that hangs on it."""
        self._push(body, _Flow(Fields(self._broken), pages=self._pages), "flow")
        while self._stack:
            elements, flow, ends = self._stack[-1]
            element = next(elements, None)
            if element is not None:
                self._element(element, flow)
                continue
            self._stack.pop()
            if ends == "flow":
                self._flush(flow)
            elif ends == "row" and flow.pages is not None:
                flow.pages.leave_row()

    def _push(self, elements: Any, flow: _Flow, ends: str = "") -> None:
        self._stack.append((iter(elements), flow, ends))

    def _element(self, element: Any, flow: _Flow) -> None:
        tag = element.tag
        if tag == W + "p":
            self._paragraph(element, flow)
        elif tag in _SKIPPED:
            return
        elif tag == W + "tbl":
            self._flush(flow)
            self._push(element, flow)
        elif tag == W + "tr":
            properties = child(element, "trPr")
            if child(properties, "del") is None and is_on(child(properties, "hidden")) is not True:
                if flow.pages is not None:
                    flow.pages.enter_row()
                self._push(element, flow, "row")
        elif tag == W + "tc":
            self._cell(element, flow)
        elif tag == W + "sdt":
            if is_on(child(child(element, "sdtPr"), "showingPlcHdr")) is not True:
                self._push(element, flow)
        elif tag == MC + "AlternateContent":
            self._push(one_branch(element), flow)
        elif tag in (W + "altChunk", W + "subDoc"):
            self._notices[
                "a part that is kept in another file inside or beside it was not read; "
                "open it in Word and save it again to take the part in"
            ] = None
        elif len(element):
            self._push(element, flow)

    def _cell(self, cell: Any, flow: _Flow) -> None:
        properties = child(cell, "tcPr")
        if flow.pages is not None:
            flow.pages.enter_cell()
        for name in ("vMerge", "hMerge"):
            merge = child(properties, name)
            if merge is not None and val(merge) != "restart":
                return  # covered by the cell above or before it
        if child(properties, "cellDel") is None:
            self._push(cell, _Flow(Fields(self._broken), True, flow.note, flow.page, flow.pages), "flow")

    def _paragraph(self, paragraph: Any, flow: _Flow) -> None:
        properties = child(paragraph, "pPr")
        style = self._styles.paragraph(val(child(properties, "pStyle")))
        inline, _ = flow.pending or (Inline(), None)
        flow.pending = None
        self._inline.read(paragraph, inline, style, flow.fields, flow.pages)
        mark = child(properties, "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            flow.pending = inline, properties
        else:
            self._emit(inline, properties, flow, bold=_wholly_bold(paragraph))

    def _flush(self, flow: _Flow) -> None:
        """Emit a paragraph whose end has been deleted but that has nothing behind it to join."""
        if flow.pending is not None:
            inline, properties = flow.pending
            flow.pending = None
            if inline.printed or inline.boxes or inline.notes:
                self._emit(inline, properties, flow)

    def _emit(self, inline: Inline, properties: Any, flow: _Flow, *, bold: bool = False) -> None:
        """Make a block of a paragraph, and line up what hangs on it."""
        text = tidy("".join(inline.pieces))
        style = self._styles.paragraph(val(child(properties, "pStyle")))
        numbering = child(properties, "numPr")
        mark = None
        if text or not inline.concealed:  # a hidden paragraph is not counted, an empty one is
            mark = self._numbering.mark(val(child(numbering, "numId")), val(child(numbering, "ilvl")), style)
        page = flow.page if flow.pages is None else inline.page
        if text:
            outline = level_of(val(child(properties, "outlineLvl")) or "9")
            hint: Kind = "heading" if outline else style.kind
            if hint == "body" and mark is None and bold and _like_heading(text):
                hint, outline = "heading", _BOLD_LEVEL
            place: Kind | None = "footnote" if flow.note is not None else "contents" if inline.contents else None
            place = place or ("table_cell" if flow.cell else None)
            block = kind_of(text, mark, place, hint, outline or style.level, page)
            self._left -= len(block.text) + 1
            if self._left < 0:
                raise InputError(f"holds more than {self._limit:,} characters of text", remedy="split it into parts")
            self.blocks.append(block)
            if self._origins is not None:
                mark_chars = len(block.text) - len(text)
                self._origins.append(Origin(inline.pieces, inline.sources, flow.note, mark_chars))
        if inline.notes or inline.boxes:
            self._hang(inline, flow, page)

    def _hang(self, inline: Inline, flow: _Flow, page: int | None) -> None:
        """Line up text boxes and notes, to come next. A note is taken once, so that notes cannot refer in circles."""
        if page is None and flow.pages is not None:
            page = flow.pages.current
        for reference in reversed(inline.notes if flow.note is None else []):
            name = reference.tag.removeprefix(W).removesuffix("Reference")
            note = self._notes.pop((name, reference.get(W + "id") or ""), None)
            if note is not None:
                self._push(note, _Flow(Fields(self._broken), note=reference, page=page), "flow")
        for box in reversed(inline.boxes):
            self._push(box, _Flow(Fields(self._broken), note=flow.note, page=page), "flow")


def _wholly_bold(paragraph: Any) -> bool:
    """Whether every run with a printing character is set in bold by hand, as many drafts mark their headings."""
    found = False
    for run in paragraph.iter(W + "r"):
        if any((text.text or "").strip() for text in run.iterchildren(W + "t")):
            if is_on(child(child(run, "rPr"), "b")) is not True:
                return False
            found = True
    return found


def _like_heading(text: str) -> bool:
    return len(text.split()) <= _BOLD_WORDS and text[-1] not in ".,;:?!" and text[0].isupper()
