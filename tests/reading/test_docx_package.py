"""Word documents as packages: what is refused, and which variants are read."""

from __future__ import annotations

import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scr_tone.errors import InputError
from scr_tone.reading.docx import read_docx
from scr_tone.reading.limits import Limits
from scr_tone.records import Block
from tests.reading.docx_builder import NAMESPACES, docx, ole, p, part, run, style, zipped

LIMITS = Limits()


def blocks(body: str, **parts: str) -> list[Block]:
    return read_docx(docx(body, **parts), LIMITS)[0]  # type: ignore[arg-type]


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts)]


# --- safety ----------------------------------------------------------------------------------------------------------


def refusal(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(InputError) as caught:
        read_docx(data, limits)
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(ole("EncryptedPackage"), "is password protected; remove the password in Word", id="encrypted"),
        pytest.param(ole("WordDocument"), "is in the old .doc format", id="doc"),
        pytest.param(ole("Workbook"), "is an old Office file", id="xls"),
        pytest.param(zipped({"_rels/.rels": "<a/>", "xl/workbook.xml": "<a/>"}), "is an Excel workbook", id="xlsx"),
        pytest.param(zipped({"ppt/presentation.xml": "<a/>"}), "is a PowerPoint presentation", id="pptx"),
        pytest.param(
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "is an OpenDocument text (.odt), not a Word document; open it in the program it comes from and save",
            id="odt",
        ),
        pytest.param(zipped({"photo.jpg": b"x"}), "is a ZIP archive", id="zip"),
        pytest.param(zipped({"word/styles.xml": "<a/>"}), "main part word/document.xml is missing", id="no-main-part"),
        pytest.param(docx(p("Text."))[:-400], "is cut short or damaged", id="truncated"),
        pytest.param(docx(p("Text."))[:60], "is cut short or damaged", id="very-truncated"),
        pytest.param(b"%PDF-1.7\n%...", "is a PDF", id="pdf"),
        pytest.param(b"{\\rtf1 text}", "is an RTF text", id="rtf"),
        pytest.param(b"<html><body>text", "is a web page", id="html"),
        pytest.param(b"The nurse rang.", "is not a Word document", id="plain-text"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(docx("<w:p><w:r>"), "word/document.xml is broken", id="broken-xml"),
        pytest.param(docx(p()), "holds no text", id="no-text"),
        pytest.param(docx(p("<w:r><w:drawing/></w:r>")), "holds pictures but no text", id="scanned"),
        pytest.param(docx(p("x"), styles="<w:style>"), "word/styles.xml is broken", id="broken-styles"),
        pytest.param(docx("<w:sdt>" * 300 + "</w:sdt>" * 300), "nested too deeply", id="deep"),
        pytest.param(docx(p("x"), compression=zipfile.ZIP_LZMA), "packed in a way", id="odd-compression"),
        pytest.param(docx(p("x"), extra={"WORD/Document.xml": "x"}), "two parts with the name", id="duplicate"),
        pytest.param(zipped({f"{i}": b"" for i in range(10_001)}), "more than 10,000 parts", id="many-parts"),
    ],
)
def test_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_deepest_nesting_is_read() -> None:
    depth = 240
    assert texts("<w:sdt>" * depth + p("Deep.") + "</w:sdt>" * depth) == ["Deep."]
    assert texts(p("<w:smartTag>" * depth + run("Deep.") + "</w:smartTag>" * depth)) == ["Deep."]


def test_bomb_by_ratio() -> None:
    data = docx(p("x"), extra={"word/comments.xml": b" " * 20_000_000})
    assert len(data) < 50_000
    assert "times its size" in refusal(data)


def test_blank_picture_is_no_bomb() -> None:
    assert read_docx(docx(p("x"), extra={"word/media/blank.bmp": b"\xff" * 8_000_000}), LIMITS)[0][0].text == "x"


def test_bomb_by_size() -> None:
    limits = Limits(unpacked_bytes=100_000)
    assert "unpacks to more" in refusal(docx(p("x"), extra={"word/media/a.bin": b"\xff" * 200_000}), limits)


def test_bomb_that_lies_about_its_size() -> None:
    body = p("x" * 300_000)
    data = docx(body)
    real = struct.pack("<I", len(part("document", f"<w:body>{body}<w:sectPr/></w:body>").encode()))
    assert data.count(real) == 2
    assert "word/document.xml is cut short or damaged" in refusal(data.replace(real, struct.pack("<I", 1000)))


def test_encrypted_entries() -> None:
    data = bytearray(docx(p("x")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "is password protected" in refusal(bytes(data))


def test_overlapping_entries() -> None:
    data = bytearray(docx(p("x")))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert "lie over each other" in refusal(bytes(data))


ENTITIES = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(encoding: str) -> None:
    document = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [{ENTITIES}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f"<w:document {NAMESPACES}><w:body>{p(run('&l9;&x;'))}</w:body></w:document>"
    )
    assert "defines XML entities" in refusal(docx("", extra={"word/document.xml": document.encode(encoding)}))


def test_text_limit() -> None:
    assert "more than 1,000 characters" in refusal(docx(p("word " * 100) * 3), Limits(text_chars=1000))


# --- packages --------------------------------------------------------------------------------------------------------


def test_utf16_part() -> None:
    document = (
        f'<?xml version="1.0" encoding="UTF-16"?><w:document {NAMESPACES}><w:body>{p("Naïve.")}</w:body></w:document>'
    )
    data = docx("", extra={"word/document.xml": document.encode("utf-16")})
    assert read_docx(data, LIMITS)[0] == [Block("Naïve.")]


def test_main_part_by_relationship() -> None:
    data = docx(p("Here.", '<w:pStyle w:val="h"/>'), styles=style("h", "heading 1"), main="office/main7.xml")
    assert read_docx(data, LIMITS)[0] == [Block("Here.", "heading", level=1)]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_other_word_types(content_type: str) -> None:
    assert read_docx(docx(p("Text."), content_type=content_type), LIMITS)[0] == [Block("Text.")]


def test_strict_namespaces() -> None:
    data = docx(
        p("Findings", '<w:pStyle w:val="h"/>') + p(run("A") + '<w:r><w:footnoteReference w:id="1"/></w:r>'),
        styles=style("h", "heading 1"),
        footnotes=f'<w:footnote w:id="1">{p("http://purl.oclc.org/ooxml/wordprocessingml/main")}</w:footnote>',
        strict=True,
    )
    found = read_docx(data, LIMITS)[0]
    assert [(block.kind, block.text) for block in found][:2] == [("heading", "Findings"), ("body", "A")]
    assert found[2].text == "http://purl.oclc.org/ooxml/wordprocessingml/main"  # running text is not touched


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused(data: st.DataObject) -> None:
    good = docx(p("The nurse rang.") * 3, styles=style("h", "heading 1"))
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] + data.draw(st.binary(max_size=6)) + good[at + data.draw(st.integers(0, 6)) :]
    try:
        read_docx(bad, LIMITS)
    except InputError as error:
        assert error.remedy
