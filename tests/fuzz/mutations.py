"""Damaged and hostile variants of Word documents and PDFs, the same ones for the same seed."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.reading.docx_builder import docx, p, part, run, style, zipped
from tests.reading.pdf_builder import Pen, unicode_font

__all__ = ["Mutant", "mutants"]

EXAMPLES = Path(__file__).parents[2] / "examples"
_ODD = (
    "",
    "-1",
    "0",
    "99999999999999999999",
    "\u00b2",
    "NaN",
    "true",
    "w:p",
    "\u202e",
    "x" * 5_000,
    "&#0;",
    "../../etc",
    "%s%n",
)


class Chosen(random.Random):
    """Chance, and how many characters or bytes something may have that is made large."""

    most = 3_000_000


Change = Callable[[Chosen, bytes], bytes]


class Mutant(NamedTuple):
    """A file that was made.

    Attributes
    ----------
    number : int
        With the seed it makes the same file again.
    level : str
        "ZIP", "XML" or "PDF".
    change : str
        What was done to it.
    data : bytes
    """

    number: int
    level: str
    change: str
    data: bytes


def mutants(count: int, seed: int, *, large: bool = True) -> Iterator[Mutant]:
    """So many files, of the levels and changes in turn.

    Parameters
    ----------
    count, seed : int
    large : bool
        Whether to change the example documents too, which are long, and to make things large; else small ones only.
    """
    changes = [(level, name, change) for level, found in CHANGES.items() for name, change in found.items()]
    for number in range(count):
        chosen = Chosen(f"{seed}:{number}")
        chosen.most = Chosen.most if large else 100_000
        level, name, change = changes[number % len(changes)]
        bases = _pdfs(large) if level == "PDF" else _documents(large)
        data = chosen.choice(bases)
        for _ in range(chosen.choice((1, 1, 1, 2, 3))):
            data = change(chosen, data) or b"\0"  # what was cut short to nothing can be changed again
        yield Mutant(number, level, name, data)


# --- what is changed -------------------------------------------------------------------------------------------------


@cache
def _documents(large: bool) -> list[bytes]:
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    box = f"<w:r><w:drawing><wps:txbx><w:txbxContent>{p('In a box.')}</w:txbxContent></wps:txbx></w:drawing></w:r>"
    field = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    row = "<w:tr>" + f"<w:tc>{p('A cell.')}</w:tc>" * 3 + "</w:tr>"
    table = f"<w:tbl>{row * 3}</w:tbl>"
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    rich = docx(
        p("Findings", '<w:pStyle w:val="h"/>')
        + p(run("The nurse failed to call back. ") + note + box)
        + p("First.", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>') * 3
        + f"<w:p>{field}<w:ins>{run('Added.')}</w:ins><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
        + table
        + f"<w:sdt><w:sdtContent>{p('In a control.')}</w:sdtContent></w:sdt>",
        styles=style("h", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        numbering=f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        footnotes=f'<w:footnote w:id="1">{p("A note.")}</w:footnote>',
        extra={"word/header1.xml": part("hdr", p("Head")), "word/media/image1.png": b"\x89PNG\r\n\x1a\n" * 50},
    )
    plain = docx(p("The school had no time to ring. Nobody asked why.") * 5)
    strict = docx(p("It was a missed opportunity."), styles=style("h", "heading 1"), strict=True)
    long = [(EXAMPLES / "draft_review_child_m.docx").read_bytes()] if large else []
    return [rich, rich, plain, strict, *long]


@cache
def _pdfs(large: bool) -> list[bytes]:
    pen = Pen(lambda pen, page: pen.at(300, 30, f"Page {page}"))
    pen.columns(["The nurse failed to call back. " * 4, "4.1 Nobody asked why. " * 5])
    pen.new_page()
    pen.table([["Date", "Event"], ["3 May", "A visit was made to the flat."]], [100, 200])
    pen.picture()
    other = Pen()
    other.at(72, 700, "na\u00efve caf\u00e9 \u2019", unicode_font())
    other.paragraph("The school had no time to ring. " * 30)
    long = [(EXAMPLES / "review_family_r.pdf").read_bytes()] if large else []
    return [pen.pdf(), other.pdf(), *long]


# --- any bytes -------------------------------------------------------------------------------------------------------


def _cut(chosen: Chosen, data: bytes) -> bytes:
    return data[: chosen.randrange(len(data))]


def _beheaded(chosen: Chosen, data: bytes) -> bytes:
    return data[: chosen.randrange(1, 30)] + data[chosen.randrange(len(data)) :]


def _bits(chosen: Chosen, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chosen.choice((1, 2, 5, 30, 300))):
        changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
    return bytes(changed)


def _block(chosen: Chosen, data: bytes) -> bytes:
    at, size = chosen.randrange(len(data)), chosen.choice((1, 16, 500, 5_000))
    filler = chosen.choice((b"\0" * size, b"\xff" * size, chosen.randbytes(size)))
    return data[:at] + filler + data[at + chosen.choice((0, size)) :]


def _around(chosen: Chosen, data: bytes) -> bytes:
    rubbish = chosen.randbytes(chosen.choice((1, 100, 2_000)))
    return chosen.choice((rubbish + data, data + rubbish, data + data))


# --- the archive -----------------------------------------------------------------------------------------------------


def _unzipped(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def _rezipped(parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice, which is the point
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _swapped(chosen: Chosen, data: bytes) -> bytes:
    parts = _unzipped(data)
    one, other = chosen.choices(range(len(parts)), k=2)
    parts[one], parts[other] = (parts[one][0], parts[other][1]), (parts[other][0], parts[one][1])
    return _rezipped(parts)


def _removed(chosen: Chosen, data: bytes) -> bytes:
    parts = _unzipped(data)
    if len(parts) > 1:
        parts.pop(chosen.randrange(len(parts)))
    return _rezipped(parts)


def _twice(chosen: Chosen, data: bytes) -> bytes:
    parts = _unzipped(data)
    name, content = chosen.choice(parts)
    parts.insert(chosen.randrange(len(parts)), (chosen.choice((name, name.upper(), "/" + name)), content[::-1]))
    return _rezipped(parts)


def _renamed(chosen: Chosen, data: bytes) -> bytes:
    parts = _unzipped(data)
    at = chosen.randrange(len(parts))
    odd = (
        "../" + parts[at][0],
        "C:\\x",
        "\u202e.xml",
        "a" * 3_000,
        "/",
        "word/",
        parts[at][0].swapcase(),
        "xl/workbook.xml",
    )
    parts[at] = (chosen.choice(odd), parts[at][1])
    return _rezipped(parts)


def _filled(chosen: Chosen, data: bytes) -> bytes:
    """A part that is empty, large or no XML at all."""
    parts = _unzipped(data)
    at = chosen.randrange(len(parts))
    filler = (
        b"",
        b"\0" * 100,
        b"<",
        b"a" * chosen.most,
        b"\0" * 20 * chosen.most,
        b"<?xml version='1.0'?><a/>",
        b"\xff\xfe<\0a\0",
    )
    parts[at] = (parts[at][0], chosen.choice(filler))
    return _rezipped(parts)


def _many(chosen: Chosen, data: bytes) -> bytes:
    return _rezipped(
        _unzipped(data)[:40]
        + [(f"word/x{number}.xml", b"<a/>") for number in range(chosen.choice((500, chosen.most // 250)))]
    )


def _declared(chosen: Chosen, data: bytes) -> bytes:
    """Numbers in the directory that are not so: sizes, places, methods, flags."""
    changed = bytearray(data)
    entries = [match.start() for match in re.finditer(b"PK\x01\x02", data)]
    if not entries:
        return data
    for at in chosen.sample(entries, min(len(entries), chosen.choice((1, 1, 50)))):
        where, form = chosen.choice(
            ((8, "<H"), (10, "<H"), (16, "<I"), (20, "<I"), (24, "<I"), (28, "<H"), (30, "<H"), (42, "<I"))
        )
        most = 0xFFFF if form == "<H" else 0xFFFFFFFF
        if at + where + struct.calcsize(form) <= len(changed):
            struct.pack_into(
                form, changed, at + where, chosen.choice((0, 1, 8, 14, most, most // 2, chosen.randrange(most)))
            )
    return bytes(changed)


# --- the XML ---------------------------------------------------------------------------------------------------------

_XML_PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "[Content_Types].xml")


def _in_xml(change: Callable[[Chosen, etree._Element], object]) -> Change:
    def changed(chosen: Chosen, data: bytes) -> bytes:
        parts = dict(_unzipped(data))
        there = [name for name in parts if name in _XML_PARTS or name.endswith(".rels")]
        # Mostly the text, which has most in it.
        name = "word/document.xml" if chosen.random() < 0.6 else chosen.choice(there)
        try:
            root = etree.fromstring(parts[name], etree.XMLParser(huge_tree=True))
        except etree.XMLSyntaxError:  # an earlier change
            return data
        change(chosen, root)
        return zipped({**parts, name: etree.tostring(root, encoding="UTF-8", xml_declaration=True)})

    return changed


def _any(chosen: Chosen, root: etree._Element) -> etree._Element:
    return chosen.choice(list(root.iter(etree.Element)))


def _deleted(chosen: Chosen, root: etree._Element) -> None:
    for _ in range(chosen.choice((1, 3, 20))):
        element = _any(chosen, root)
        if element.getparent() is not None:
            element.getparent().remove(element)


def _doubled(chosen: Chosen, root: etree._Element) -> None:
    element = _any(chosen, root)
    if element.getparent() is not None:
        size = len(etree.tostring(element))
        for _ in range(min(chosen.choice((1, 10, 20_000)), chosen.most // size)):
            element.addnext(deepcopy(element))


def _nested(chosen: Chosen, root: etree._Element) -> None:
    """An element inside itself, often deeper than a parser goes along."""
    element = _any(chosen, root)
    parent = element.getparent()
    if parent is None:
        return
    outer = inner = etree.Element(element.tag, dict(element.attrib))
    for _ in range(chosen.choice((0, 5, 200, 3_000))):
        inner = etree.SubElement(inner, element.tag, dict(element.attrib))
    parent.replace(element, outer)
    inner.append(element)


def _moved(chosen: Chosen, root: etree._Element) -> None:
    for _ in range(chosen.choice((1, 10))):
        element, into = _any(chosen, root), _any(chosen, root)
        if element is not root and element not in [into, *into.iterancestors()]:
            into.insert(chosen.randrange(len(into) + 1), element)


def _attributes(chosen: Chosen, root: etree._Element) -> None:
    for _ in range(chosen.choice((1, 10, 50))):
        element = _any(chosen, root)
        names = list(element.attrib) or [
            chosen.choice(("{%s}val" % (etree.QName(root).namespace or "x"), "xml", "space"))
        ]
        element.set(chosen.choice(names), chosen.choice(_ODD).replace("&#0;", "\ufffd"))


def _namespaces(chosen: Chosen, root: etree._Element) -> None:
    for _ in range(chosen.choice((1, 10, 500))):
        element = _any(chosen, root)
        name = etree.QName(element).localname
        element.tag = chosen.choice(
            (name, f"{{urn:other}}{name}", f"{{http://purl.oclc.org/ooxml/wordprocessingml/main}}{name}")
        )


def _tags(chosen: Chosen, root: etree._Element) -> None:
    for _ in range(chosen.choice((1, 10))):
        _any(chosen, root).tag = _any(chosen, root).tag


def _words(chosen: Chosen, root: etree._Element) -> None:
    odd = (
        "\u202e\u200b\u00ad",
        "\U000e0001",
        "a" * chosen.most,
        "( " * (chosen.most // 15),
        "1." * (chosen.most // 15),
        "\n" * (chosen.most // 60),
        "\ufffe",
        "[tone: ",
        "A. " * (chosen.most // 30),
    )
    element = _any(chosen, root)
    setattr(element, chosen.choice(("text", "tail")), chosen.choice(odd).replace("\ufffe", "\ufffd"))


def _prologue(chosen: Chosen, data: bytes) -> bytes:
    """What stands before the root: another encoding, a document type, entities."""
    parts = dict(_unzipped(data))
    name = chosen.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    content = parts[name]
    bomb = b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    variants = (
        content.replace(b"UTF-8", b"UTF-7", 1), content.replace(b"UTF-8", b"EBCDIC-CP-US", 1), content.replace(b"?>", b"?>" + bomb, 1),
        content.decode("utf-8", "replace").encode("utf-16"), b"\xef\xbb\xbf" * 2 + content, b" " + content, content + content,
        content.replace(b"<w:t", b"<w:t>&x;</w:t><w:t", 1), content.replace(b"?>", b"?><!--" + b"-" * 50_000, 1),
    )  # fmt: skip
    return zipped({**parts, name: chosen.choice(variants)})


# --- PDF -------------------------------------------------------------------------------------------------------------


def _xref(chosen: Chosen, data: bytes) -> bytes:
    """Places in the table of objects that are not so."""
    return re.sub(
        rb"(?m)^\d{10}(?= \d{5} [nf])",
        lambda found: b"%010d" % chosen.randrange(len(data)) if chosen.random() < 0.3 else found[0],
        data,
    )


def _startxref(chosen: Chosen, data: bytes) -> bytes:
    place = chosen.choice((0, 1, len(data), 2**31, 2**63, -1, chosen.randrange(len(data))))
    return re.sub(rb"startxref\s+-?\d+", b"startxref\n%d" % place, data)


def _numbers(chosen: Chosen, data: bytes) -> bytes:
    numbers = list(re.finditer(rb"(?<![\w.])\d{1,4}(?![\w.])", data))
    for found in sorted(chosen.sample(numbers, min(len(numbers), chosen.choice((1, 3, 20)))), key=lambda m: -m.start()):
        odd = chosen.choice((b"0", b"-1", b"99999999999", b"2147483648", b"1e9", b"%d" % chosen.randrange(20)))
        data = data[: found.start()] + odd + data[found.end() :]
    return data


def _names(chosen: Chosen, data: bytes) -> bytes:
    found = sorted(set(re.findall(rb"/[A-Z]\w+", data)))
    return (
        data.replace(chosen.choice(found), chosen.choice([*found, b"/X", b"/" + b"A" * 500]), chosen.choice((1, -1)))
        if found
        else data
    )


def _objects(chosen: Chosen, data: bytes) -> bytes:
    """An object that is missing, comes twice, or stands in another's place."""
    found = list(re.finditer(rb"(?s)\d+ \d+ obj(.*?)endobj", data))
    if len(found) < 2:
        return data
    one, other = chosen.sample(found, 2)
    new = chosen.choice((b"", b" null ", other[1], other[1] * 2, b"[" * 5_000, b"<< /A " * 2_000))
    return data[: one.start(1)] + new + data[one.end(1) :]


CHANGES: Mapping[str, Mapping[str, Change]] = {
    "ZIP": {
        "cut short": _cut,
        "bits turned": _bits,
        "bytes put over or between": _block,
        "rubbish around it": _around,
        "a hole in it": _beheaded,
        "parts swapped": _swapped,
        "a part missing": _removed,
        "a part twice": _twice,
        "a part renamed": _renamed,
        "a part with other content": _filled,
        "many parts": _many,
        "a directory that lies": _declared,
    },
    "XML": {
        "elements deleted": _in_xml(_deleted),
        "an element repeated": _in_xml(_doubled),
        "an element within itself": _in_xml(_nested),
        "elements moved": _in_xml(_moved),
        "odd attributes": _in_xml(_attributes),
        "wrong namespaces": _in_xml(_namespaces),
        "elements renamed": _in_xml(_tags),
        "odd words": _in_xml(_words),
        "another prologue": _prologue,
    },
    "PDF": {
        "cut short": _cut,
        "bits turned": _bits,
        "bytes put over or between": _block,
        "rubbish around it": _around,
        "a hole in it": _beheaded,
        "table of objects damaged": _xref,
        "wrong place of that table": _startxref,
        "odd numbers": _numbers,
        "names changed": _names,
        "objects changed": _objects,
    },
}
