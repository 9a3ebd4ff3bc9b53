"""Jobs for the child's work, and looks into what came of them."""

from __future__ import annotations

import copy
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from typing import Any

from lxml import etree

from scr_tone.annotate.identity import digest, finding_words
from scr_tone.annotate.job import do
from scr_tone.finding_ids import finding_ids
from scr_tone.reading.docx import read_docx
from scr_tone.reading.docx_xml import parse_part
from scr_tone.reading.limits import Limits
from scr_tone.records import Document
from scr_tone.units import units_of

LIMITS = Limits()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
START, END, REFERENCE = W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference"
WHEN = "2026-01-02T03:04:05Z"


def document_of(data: bytes) -> Document:
    return Document.from_blocks(read_docx(data, LIMITS)[0], format="docx")


def spans_of(document: Document) -> list[tuple[int, int]]:
    """All sentences."""
    return [(unit.start, unit.end) for unit in units_of(document)[0]]


def job_for(document: Document, spans: Iterable[tuple[int, int]] | None = None) -> dict[str, Any]:
    """A comment on each of the spans, which says what it is about."""
    spans = spans_of(document) if spans is None else list(spans)
    texts = [document.text[start:end] for start, end in spans]
    return {
        "digest": digest(document.text),
        "when": WHEN,
        "summary": [("plain", "Summary."), ("small", "made by")],
        "remarks": [
            {"finding": name, "start": start, "end": end, "sentence": text, "lines": [("small", finding_words(name))]}
            for (start, end), text, name in zip(spans, texts, finding_ids(texts), strict=True)
        ],
    }


def commented(data: bytes, spans: Iterable[tuple[int, int]] | None = None) -> bytes:
    """The document with a comment on each of the spans."""
    return do(data, job_for(document_of(data), spans), LIMITS)[0]


def find(document: Document, words: str) -> tuple[int, int]:
    start = document.text.index(words)
    return start, start + len(words)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def body_of(data: bytes, main: str = "word/document.xml") -> Any:
    return parse_part(parts_of(data)[main], main)


def comments_of(data: bytes, name: str = "word/comments.xml") -> dict[str, tuple[str, list[str]]]:
    """Author and paragraphs of each comment, by its id."""
    root = parse_part(parts_of(data)[name], name)
    return {
        comment.get(W + "id"): (
            comment.get(W + "author"),
            ["".join(t.text or "" for t in p.iter(W + "t")) for p in comment.iterfind(W + "p")],
        )
        for comment in root
    }


def ranges_of(root: Any) -> dict[str, str]:
    """The text in the range of each comment, as it is seen with all changes accepted; tabs and breaks as spaces."""
    opened: dict[str, list[str]] = {}
    closed: dict[str, str] = {}
    for element in root.iter(etree.Element):
        name = element.get(W + "id")
        if element.tag == START:
            opened[name] = []
        elif element.tag == END:
            closed[name] = "".join(opened.pop(name))
        elif opened:
            text = _text(element)
            for pieces in opened.values():
                pieces.append(text)
    assert not opened
    return closed


def _text(element: Any) -> str:
    gone = next(element.iterancestors(W + "del", W + "moveFrom"), None)
    if gone is not None:
        return ""
    if element.tag in (W + "t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"):
        return str(element.text or "")
    if element.tag == W + "noBreakHyphen":
        return "-"
    return " " if element.tag in (W + "tab", W + "br", W + "cr", W + "ptab", W + "p") else ""


def check_anchors(root: Any) -> None:
    """Each comment has one start, one end behind it, and one mark behind that; all of them where the schema has them."""
    inline = {
        W + name for name in ("p", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo")
    }
    seen: Counter[tuple[str, str]] = Counter()
    for mark in root.iter(START, END, REFERENCE):
        name = mark.get(W + "id")
        seen[mark.tag, name] += 1
        parent = mark.getparent()
        if mark.tag == END:
            assert seen[START, name] == 1
        if mark.tag == REFERENCE:
            assert seen[END, name] == 1
            assert parent.tag == W + "r"
            assert [e.tag for e in parent if e.tag != W + "rPr"] == [REFERENCE]
            parent = parent.getparent()
            assert parent.tag == W + "p"
        assert parent.tag in inline
    assert set(seen.values()) <= {1}
    assert len(seen) % 3 == 0
    for run in root.iter(W + "r"):
        properties = [at for at, element in enumerate(run) if element.tag == W + "rPr"]
        assert properties in ([], [0])


def bare(root: Any, ids: Iterable[str] | None = None) -> str:
    """A part without comments (those with the ids), its runs taken apart into characters: what must not change.

    A run that was cut in two is the same as before; one that has lost a property, a character or a neighbour is not.
    """
    root = copy.deepcopy(root)
    for mark in list(root.iter(START, END, REFERENCE)):
        if ids is None or mark.get(W + "id") in ids:
            parent = mark.getparent()
            parent.remove(mark)
            if mark.tag == REFERENCE and all(e.tag == W + "rPr" for e in parent):
                parent.getparent().remove(parent)
    for run in list(root.iter(W + "r")):
        _take_apart(run)
    return str(etree.canonicalize(etree.tostring(root).decode()))


def _take_apart(run: Any) -> None:
    if next(run.iterdescendants(W + "r"), None) is not None:  # one that holds a text box stays whole
        return
    properties = run.find(W + "rPr")
    at = run
    for child in [e for e in run if e.tag != W + "rPr"]:
        letters = (list(child.text or "") or [""]) if child.tag == W + "t" and not len(child) else [None]
        for letter in letters:
            single = etree.Element(W + "r", dict(run.attrib))
            if properties is not None:
                single.append(copy.deepcopy(properties))
            if letter is None:
                single.append(copy.deepcopy(child))
            else:
                etree.SubElement(single, W + "t").text = letter
            at.addnext(single)
            at = single
    run.getparent().remove(run)
