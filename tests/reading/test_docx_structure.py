"""What the paragraphs of a Word document are: cells, headings, quotes, and on which page."""

from __future__ import annotations

import io

import docx as python_docx
import pytest

from scr_tone.reading.docx import read_docx
from scr_tone.reading.limits import Limits
from scr_tone.records import Block
from tests.reading.docx_builder import docx, p, run, style

LIMITS = Limits()


def blocks(body: str, **parts: str) -> list[Block]:
    return read_docx(docx(body, **parts), LIMITS)[0]  # type: ignore[arg-type]


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts)]


def kinds(body: str, **parts: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(body, **parts)]


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(instruction: str, result: str) -> str:
    return (
        FIELD.format("begin")
        + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        + FIELD.format("separate")
        + result
        + FIELD.format("end")
    )


# --- tables ----------------------------------------------------------------------------------------------------------


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def test_table_cells_in_reading_order() -> None:
    nested = table(row(cell(p("inner 1")), cell(p("inner 2"))))
    body = p("Before.") + table(
        row(cell(p("a1") + p("a2"), '<w:gridSpan w:val="2"/>')),
        row(cell(p("b1"), '<w:vMerge w:val="restart"/>'), cell(nested + p("b2"))),
        row(cell(p("covered"), "<w:vMerge/>"), cell(p("c2"))),
    )
    assert kinds(body + p("After.")) == [
        ("body", "Before."),
        *(("table_cell", text) for text in ("a1", "a2", "b1", "inner 1", "inner 2", "b2", "c2")),
        ("body", "After."),
    ]


def test_deleted_rows_and_cells_are_dropped() -> None:
    body = table(
        row(cell(p("kept")), cell(p("cell gone"), "<w:cellDel/>")),
        row(cell(p("row gone")), properties="<w:del/>"),
        row(cell(p("hidden")), properties="<w:hidden/>"),
        row(cell(p("inserted")), properties="<w:ins/>"),
    )
    assert texts(body) == ["kept", "inserted"]


def test_content_controls_around_rows_and_cells() -> None:
    body = (
        "<w:tbl><w:sdt><w:sdtContent>"
        + row(f"<w:sdt><w:sdtContent>{cell(p('a'))}</w:sdtContent></w:sdt>", cell(p("b")))
        + "</w:sdtContent></w:sdt></w:tbl>"
    )
    assert kinds(body) == [("table_cell", "a"), ("table_cell", "b")]


# --- kinds -----------------------------------------------------------------------------------------------------------


def outline(level: int) -> str:
    return f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>'


STYLES = "".join(
    (
        style("berschrift2", "heading 2"),
        style("Report", "Report heading", '<w:basedOn w:val="berschrift2"/>'),
        style("Outlined", "Numbered para", outline(3)),
        style("Flat", "Flat", '<w:basedOn w:val="berschrift2"/>' + outline(9)),
        style("T", "Title"),
        style("S", "Subtitle"),
        style("Verzeichnis1", "toc 1"),
        style("Zitat", "Quote"),
        style("IQ", "Intense Quote"),
        style("MyQuote", "Family voice", '<w:basedOn w:val="Zitat"/>'),
        style("BT", "Block Text"),
        style("C", "caption"),
        style("LB", "List Bullet 2"),
        style("LP", "List Paragraph"),
        style("Loop1", "Loop 1", '<w:basedOn w:val="Loop2"/>'),
        style("Loop2", "Loop 2", '<w:basedOn w:val="Loop1"/>'),
    )
)


@pytest.mark.parametrize(
    ("identity", "kind", "level"),
    [
        ("berschrift2", "heading", 2),
        ("Report", "heading", 2),
        ("Outlined", "heading", 4),
        ("Flat", "body", None),
        ("T", "heading", 1),
        ("S", "heading", 2),
        ("Verzeichnis1", "contents", None),
        ("Zitat", "quote", None),
        ("IQ", "quote", None),
        ("MyQuote", "quote", None),
        ("BT", "quote", None),
        ("C", "body", None),
        ("LB", "list_item", None),
        ("LP", "body", None),
        ("Loop1", "body", None),
        ("Heading3", "heading", 3),  # used without a definition
        ("Unknown", "body", None),
    ],
)
def test_kind_by_style(identity: str, kind: str, level: int | None) -> None:
    (block,) = blocks(p("Some words", f'<w:pStyle w:val="{identity}"/>'), styles=STYLES)
    assert (block.kind, block.level) == (kind, level)


def test_outline_level_of_a_paragraph() -> None:
    (block,) = blocks(p("Findings", '<w:outlineLvl w:val="1"/>'))
    assert (block.kind, block.level) == ("heading", 2)


def test_a_paragraph_in_a_heading_style_is_body() -> None:
    (block,) = blocks(p("The nurse did not ring back. " * 10, '<w:pStyle w:val="berschrift2"/>'), styles=STYLES)
    assert (block.kind, block.level) == ("body", None)


def test_table_of_contents_by_field() -> None:
    body = (
        p(
            FIELD.format("begin")
            + '<w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
            + FIELD.format("separate")
            + run("1 Introduction 4")
        )
        + p(run("2 Findings") + field(" PAGEREF _Toc1 ", "<w:r><w:tab/></w:r>" + run("9")))
        + p(FIELD.format("end"))
        + p("Introduction")
    )
    assert kinds(body) == [("contents", "1 Introduction 4"), ("contents", "2 Findings 9"), ("body", "Introduction")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4.12\tThe nurse rang.", "4.12"),
        ("(b)\tthe plan", "(b)"),
        ("Two visits took place.", None),
        ("2 children were seen.", None),
    ],
)
def test_typed_number(text: str, number: str | None) -> None:
    (block,) = blocks(p(text))
    assert (block.number, block.kind, block.text) == (number, "body", text.replace("\t", " "))


# --- pages -----------------------------------------------------------------------------------------------------------

TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"


def test_pages() -> None:
    body = p("one") + p(TURN + run("two")) + p(run("two, goes") + TURN + run(" on")) + p("three")
    assert [block.page for block in blocks(body)] == [1, 2, 2, 3]
    assert [block.page for block in blocks(p("one") + p('<w:r><w:br w:type="page"/></w:r>') + p("two"))] == [None, None]


def test_pages_in_tables() -> None:
    body = p("one") + table(
        row(cell(p(TURN + run("a2"))), cell(p("b2"))),  # the row begins on page 2
        row(cell(p(run("c2") + TURN + run("c3"))), cell(p("d2") + p(TURN + run("d3")))),  # goes over the page end
        row(cell(p("e3")), cell(p("f3"))),
    )
    found = {block.text: block.page for block in blocks(body + p("last3"))}
    assert found == {"one": 1, "a2": 2, "b2": 2, "c2c3": 2, "d2": 2, "d3": 3, "e3": 3, "f3": 3, "last3": 3}


def test_pages_of_notes_and_deletions() -> None:
    body = p(run("a") + f"<w:del>{TURN}</w:del>") + p(run("b") + '<w:r><w:footnoteReference w:id="1"/></w:r>')
    found = blocks(body, footnotes=f'<w:footnote w:id="1">{p("note")}</w:footnote>')
    assert [(block.text, block.page) for block in found] == [("a", 1), ("b", 2), ("note", 2)]


def test_written_by_python_docx() -> None:
    document = python_docx.Document()
    document.add_heading("Serious Case Review", 0)
    document.add_heading("Findings", 1)
    document.add_paragraph("No visit took place.")
    document.add_paragraph("agree the plan", style="List Bullet")
    document.add_paragraph("share it", style="List Number")
    document.add_paragraph("I was never asked.", style="Quote")
    document.add_table(1, 2).cell(0, 1).text = "Owner"
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_docx(buffer.getvalue(), LIMITS)[0] == [
        Block("Serious Case Review", "heading", level=1),
        Block("Findings", "heading", level=1),
        Block("No visit took place."),
        Block("\u2022 agree the plan", "list_item"),
        Block("1. share it", "list_item", number="1."),
        Block("I was never asked.", "quote"),
        Block("Owner", "table_cell"),
    ]
