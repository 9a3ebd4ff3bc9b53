"""What is fuzzed: one function for each reader that takes any bytes, and holds it to what it promises.

A reader gives blocks that are sound, or raises `InputError` with a remedy. Anything else is a finding. The functions run in this
process, so that a finding has a traceback; in the product the readers of DOCX, PDF and HTML run in a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from scr_tone.errors import InputError
from scr_tone.reading.docx import read_docx
from scr_tone.reading.html import read_html
from scr_tone.reading.limits import Limits
from scr_tone.reading.markdown import markdown_blocks
from scr_tone.reading.pdf import read_pdf
from scr_tone.reading.text import decode, text_blocks, text_document
from scr_tone.records import KINDS, Block, Document
from tests.reading.docx_builder import docx, p, part, run, style
from tests.reading.pdf_builder import Pen, raw_pdf

__all__ = ["FOLDER", "REGRESSIONS", "TARGETS", "seeds"]

FOLDER = Path(__file__).parent
REGRESSIONS = FOLDER / "regressions"
EXAMPLES = FOLDER.parents[1] / "examples"
LIMITS = Limits(text_chars=1_000_000, unpacked_bytes=20_000_000, pages=50)

# What the bytes of `docx_tree` stand for: the elements that mean something to the reader, in any order and depth.
_IN_W = """
    p r t br tab sym tbl tr tc sdt sdtContent sdtPr ins del moveFrom hyperlink drawing pPr rPr tcPr trPr numPr pStyle rStyle
    numId ilvl outlineLvl vMerge hMerge b vanish hidden fldChar fldSimple instrText footnoteReference endnoteReference
    txbxContent lastRenderedPageBreak noBreakHyphen cellDel altChunk sectPr showingPlcHdr
"""
_ELEMENTS = (
    *(f"w:{name}" for name in _IN_W.split()),
    *("m:oMath", "m:r", "m:t", "mc:AlternateContent", "mc:Choice", "mc:Fallback", "wps:txbx", "dgm:relIds"),
)
_VALUES = (
    "0",
    "1",
    "-1",
    "9",
    "99999999999",
    "Heading1",
    "h",
    "continue",
    "restart",
    "x",
    "",
    "\u00b2",
    "\u0661",
    "1e9",
    "off",
)
_ATTRIBUTES = ("w:val", "w:id", "w:fldCharType", "w:instr", "w:char", "w:font", "w:type", "Requires")
_WORDS = (
    "The nurse rang. ",
    " ",
    "4.12 ",
    "(b) ",
    "\n",
    "TOC \\o",
    "begin",
    "separate",
    "end",
    "\u200b",
    "\U0001f600",
    "\u202e",
)
_STYLES = style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>') + style(
    "h", "list", '<w:basedOn w:val="h"/>'
)
_LEVEL = '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:lvlText w:val="%1.%2"/></w:lvl>'
_NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{_LEVEL.format(0, "decimal")}{_LEVEL.format(1, "lowerRoman")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def _sound(blocks: Iterable[Block]) -> Document:
    blocks = list(blocks)
    for block in blocks:
        assert block.kind in KINDS
        assert block.text.strip(), "a block without text"
        assert block.page is None or block.page >= 1
    document = Document.from_blocks(blocks)
    for stretch in document.stretches:
        assert 0 <= stretch.start < stretch.end <= len(document.text)
    return document


def _held(read: Callable[[], Iterable[Block]]) -> None:
    try:
        _sound(read())
    except InputError as error:
        assert error.remedy, "no remedy"
        assert "\n" not in str(error), "a message of several lines"


def _docx(data: bytes) -> None:
    _held(lambda: read_docx(data, LIMITS)[0])


def _docx_tree(data: bytes) -> None:
    body = _grown(data)
    cut = len(body) // 2
    notes = f'<w:footnote w:id="1">{_grown(data[::-1])}</w:footnote>'
    _docx(docx(p("Start.") + body, styles=_STYLES, numbering=_NUMBERING, footnotes=notes if cut % 2 else None))


def _docx_parts(data: bytes) -> None:
    """The parts beside the text, grown from the bytes."""
    inner = _grown(data).replace("w:p>", "w:style>").replace("w:tbl", "w:abstractNum").replace("w:tr", "w:lvl")
    words = p("Start.", '<w:pStyle w:val="h"/><w:numPr><w:numId w:val="1"/></w:numPr>') * 2
    _docx(docx(words, styles=_STYLES + inner, numbering=_NUMBERING + inner.replace("w:tc", "w:num")))


def _grown(data: bytes) -> str:
    """Well-formed XML from any bytes, so that the fuzzer gets past the parser."""
    out: list[str] = []
    opened: list[str] = []
    read = iter(data[:4000])
    for byte in read:
        if byte < 160:
            name = _ELEMENTS[byte % len(_ELEMENTS)]
            given = next(read, 0)
            attributes = f' {_ATTRIBUTES[given % 8]}="{_VALUES[(given >> 3) % len(_VALUES)]}"' if given else ""
            if len(opened) < 40:
                out.append(f"<{name}{attributes}>")
                opened.append(name)
        elif byte < 208:
            out.append(escape(_WORDS[byte % len(_WORDS)]))
        elif opened:
            out.append(f"</{opened.pop()}>")
    return "".join(out) + "".join(f"</{name}>" for name in reversed(opened))


def _pdf(data: bytes) -> None:
    _held(lambda: read_pdf(data, LIMITS)[0])


def _pdf_page(data: bytes) -> None:
    """Two pages with these drawing operators."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> >>"
    _pdf(
        raw_pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            page,
            page,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        )
    )


def _html(data: bytes) -> None:
    _held(lambda: read_html(b"<html><body>" + data, LIMITS)[0])


def _decoded(data: bytes) -> str:
    try:
        return decode(data)[0]
    except InputError:
        return data.decode("utf-8", "replace")


def _markdown(data: bytes) -> None:
    _held(lambda: markdown_blocks(_decoded(data)))


def _text(data: bytes) -> None:
    text = _decoded(data)
    _held(lambda: text_blocks(text))
    try:
        document = text_document(text)
    except InputError:
        return
    assert document.text == text
    for stretch in document.stretches:
        assert 0 <= stretch.start <= stretch.end <= len(text)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "docx": _docx,
    "docx_tree": _docx_tree,
    "docx_parts": _docx_parts,
    "pdf": _pdf,
    "pdf_page": _pdf_page,
    "html": _html,
    "markdown": _markdown,
    "text": _text,
}


def seeds(target: str) -> list[bytes]:
    """What a fuzzer begins with."""
    if target == "docx":
        note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
        small = docx(
            p(run("She rang.") + note), footnotes=f'<w:footnote w:id="1">{p("A note.")}</w:footnote>', compression=0
        )
        odd = docx(p("A"), extra={"word/header1.xml": part("hdr", p("Head"))}, strict=True, compression=0)
        return [small, odd]
    if target == "pdf":
        pen = Pen()
        pen.columns(["The nurse rang and nobody came to the door. " * 3, "4.1 A plan was made. " * 4])
        pen.new_page()
        pen.table([["Date", "Event"], ["3 May", "A visit was made."]], [100, 200])
        return [pen.pdf(), raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>")]
    if target == "pdf_page":
        return [
            b"BT /F1 11 Tf 14 TL 72 770 Td (The nurse rang.) Tj T* (Nobody came.) Tj ET",
            b"72 700 m 400 700 l S 72 600 200 100 re S BT /F1 9 Tf 1 0 0 1 80 650 Tm [(cell) -300 (cell)] TJ ET",
        ]
    if target in ("docx_tree", "docx_parts"):
        return [bytes([0, 0, 1, 0, 2, 0, 160, 230, 230, 230]), bytes(range(256)), bytes(range(0, 256, 3)) * 4]
    written = [path.read_bytes()[:2000] for path in sorted((EXAMPLES / "src").glob("*.md"))]
    page = b"<h1>A</h1><ol start=4><li>x<table><tr><td>y</table></ol><pre>z</pre><p style='mso-list:l0'>q<sup>1</sup>"
    return (
        [page]
        if target == "html"
        else [*written, b"> - a\n\n1. b\n\n|a|b|\n|-|-|\n|c|d|\n", "caf\u00e9".encode("utf-16")]
    )
