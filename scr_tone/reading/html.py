"""Read a web page into blocks.

For drafts saved as a web page from Word, LibreOffice or a browser: the words of the page in order, without what a
browser does not show and without the page's furniture (menus, scripts, forms, footer). What a style sheet hides we
do not know; what an element's own ``style`` or ``hidden`` says, we do. Which element means what is in `html_rules`.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from scr_tone.errors import InputError
from scr_tone.marks import comments_as_marks
from scr_tone.reading.block_kind import Mark, kind_of
from scr_tone.reading.html_encoding import decode
from scr_tone.reading.html_rules import BLOCKS, Context, inside, is_left_out, word_mark
from scr_tone.reading.limits import Limits
from scr_tone.reading.magic import what_is
from scr_tone.reading.tidy import tidy
from scr_tone.records import Block

__all__ = ["read_html"]

_BULLET = Mark("\u2022", True)


def read_html(data: bytes, limits: Limits) -> tuple[list[Block], list[str]]:
    """Read a web page.

    Parameters
    ----------
    data : bytes
        The file.
    limits : Limits
        `text_chars` is heeded here; time and memory are the child process's.

    Returns
    -------
    blocks : list of Block
    warnings : list of str
        An encoding that had to be guessed.

    Raises
    ------
    InputError
        If it is something else, is nested absurdly deep, too large, or holds no text.
    """
    kind = what_is(data)
    text, warnings = decode(data)
    if "\x00" in text[:4096]:
        kind = "a binary file"
    if kind not in (None, "a web page", "an XML file"):
        raise InputError(f"is {kind}, not a web page", remedy="check the file, or save it as DOCX")
    page = _Page(limits)
    root = _parse(text)
    if root is not None:
        page.walk(root)
    if not page.blocks:
        raise InputError("holds no text", remedy="check the file, or save the page as DOCX")
    return page.blocks, warnings


def _parse(text: str) -> Any:
    """Root element of the page; None where there is nothing in it."""
    # The text is decoded already, and encoded again so that the parser does not guess.
    # huge_tree lifts the depth from 256, which exported mail reaches, to 2,048; HTML has no entities to blow up.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    content = comments_as_marks(text.replace("\x00", "")).encode("utf-8", "replace")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # nothing that the parser takes for an element or text, or one of the below
        root = None
    # The parser goes on after an error, and would leave out the rest without a word.
    errors = {entry.type for entry in parser.error_log}
    if etree.ErrorTypes.ERR_NO_MEMORY in errors:
        raise MemoryError
    if etree.ErrorTypes.ERR_RESOURCE_LIMIT in errors:
        raise InputError("is nested too deeply", remedy="open it in a browser or in Word and save it as DOCX")
    return root


class _Page:
    """Walks the page once, without recursion, and collects blocks."""

    def __init__(self, limits: Limits) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._mark: Mark | None = None
        self._left = self._limit = limits.text_chars

    def walk(self, root: Any) -> None:
        """Collect the blocks of the page."""
        contexts = [Context()]
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                inner = self._open(element, contexts[-1])
                contexts.append(inner or contexts[-1])
                if inner is None:
                    walker.skip_subtree()
            else:
                inner = contexts.pop()
                if element.tag in BLOCKS:
                    self._end(inner)
                if element.tag == "li":
                    self._mark = None
                if element.tail:
                    self._add(element.tail, contexts[-1])
        self._end(Context())

    def _open(self, element: Any, context: Context) -> Context | None:
        """Begin an element: what holds inside it, or None when it is left out."""
        tag = element.tag
        if is_left_out(element, tag):
            return None
        inner = context
        mark = word_mark(element, tag)
        if mark is not None:
            self._mark = mark
            return None
        if tag in BLOCKS:
            self._end(context)
            inner = inside(element, tag, context)
            if tag == "li":
                self._mark = Mark(context.counter.mark(element), False) if context.counter else _BULLET
        elif tag == "br":
            self._pieces.append("\n")
        if element.text:
            self._add(element.text, inner)
        return inner

    def _add(self, text: str, context: Context) -> None:
        self._pieces.append(text if context.pre else text.replace("\n", " ").replace("\r", " "))

    def _end(self, context: Context) -> None:
        """Make a block of the text since the last one."""
        text = tidy("".join(self._pieces))
        self._pieces.clear()
        if not text:
            return
        place = context.kind if context.kind in ("table_cell", "footnote", "contents") else None
        block = kind_of(text, self._mark, place, context.kind, context.level, None)
        self._mark = None
        self._left -= len(block.text) + 1
        if self._left < 0:
            raise InputError(f"holds more than {self._limit:,} characters of text", remedy="split it into parts")
        self.blocks.append(block)
