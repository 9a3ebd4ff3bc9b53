"""List numbers of Word documents, as Word prints them."""

from __future__ import annotations

import pytest

from scr_tone.reading.docx import read_docx
from scr_tone.reading.limits import Limits
from scr_tone.records import Block
from tests.reading.docx_builder import docx, p, style


def level(at: int, text: str, fmt: str = "decimal", inner: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{inner}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(identity: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{identity}">{"".join(levels)}</w:abstractNum>'


def num(identity: int, abstract_id: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{abstract_id}"/>{overrides}</w:num>'


def item(at: int, text: str = "x", num_id: int = 1, properties: str = "") -> str:
    return p(text, f'{properties}<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num_id}"/></w:numPr>')


def read(body: str, numbering: str, styles: str | None = None) -> list[Block]:
    return read_docx(docx(body, numbering=numbering, styles=styles), Limits())[0]


def marks(levels_used: str, *levels: str) -> list[str | None]:
    """Marks of a list whose paragraphs have these levels, one digit each."""
    body = "".join(item(int(at)) for at in levels_used)
    return [block.number for block in read(body, abstract(0, *levels) + num(1, 0))]


CUSTOM = (
    '<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent><mc:Choice Requires="w14">'
    '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>'
    '</mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
)
LEGAL = (level(0, "%1"), level(1, "%1.%2"), level(2, "%1.%2.%3"))


@pytest.mark.parametrize(
    ("fmt", "start", "expected"),
    [
        ("decimal", 9, ["9.", "10."]),
        ("decimalZero", 9, ["09.", "10."]),
        ("lowerLetter", 26, ["z.", "aa."]),
        ("upperLetter", 27, ["AA.", "BB."]),
        ("lowerRoman", 3, ["iii.", "iv."]),
        ("upperRoman", 49, ["XLIX.", "L."]),
        ("ordinal", 21, ["21st.", "22nd."]),
        ("cardinalText", 20, ["Twenty.", "Twenty-one."]),
        ("ordinalText", 11, ["Eleventh.", "Twelfth."]),
        ("decimal", 0, ["0.", "1."]),
        ("strange", 1, ["1.", "2."]),
        ("none", 1, [".", "."]),
    ],
)
def test_formats(fmt: str, start: int, expected: list[str]) -> None:
    assert marks("00", level(0, "%1.", fmt, start=start)) == expected


@pytest.mark.parametrize(
    ("levels_used", "levels", "expected"),
    [
        pytest.param("0112012", LEGAL, ["1", "1.1", "1.2", "1.2.1", "2", "2.1", "2.1.1"], id="nested"),
        pytest.param("1101", LEGAL, ["1.1", "1.2", "2", "2.1"], id="starts-below-the-top"),
        pytest.param(
            "0101",
            (level(0, "%1"), level(1, "%2)", inner='<w:lvlRestart w:val="0"/>')),
            ["1", "1)", "2", "2)"],
            id="no-restart",
        ),
        pytest.param(
            "01212012",
            (LEGAL[0], LEGAL[1], level(2, "(%3)", "lowerLetter", '<w:lvlRestart w:val="1"/>')),
            ["1", "1.1", "(a)", "1.2", "(b)", "2", "2.1", "(a)"],
            id="restart-after-the-top-only",
        ),
        pytest.param(
            "01",
            (level(0, "%1", "upperRoman"), level(1, "%1.%2", inner="<w:isLgl/>")),
            ["I", "1.1"],
            id="legal",
        ),
        pytest.param("01", (level(0, "%1", "upperRoman"), level(1, "%1.%2")), ["I", "I.1"], id="not-legal"),
        pytest.param("00", (level(0, "Recommendation %1:"),), ["Recommendation 1:", "Recommendation 2:"], id="words"),
        pytest.param("0", (level(0, "%1.", inner="<w:rPr><w:vanish/></w:rPr>"),), [None], id="hidden"),
        pytest.param(
            "00",
            (CUSTOM,),
            ["007", "008"],
            id="custom",
        ),
    ],
)
def test_levels(levels_used: str, levels: tuple[str, ...], expected: list[str | None]) -> None:
    assert marks(levels_used, *levels) == expected


def test_bullets() -> None:
    numbering = abstract(0, level(0, "\uf0b7", "bullet"), level(1, "o", "bullet"), level(2, "", "bullet")) + num(1, 0)
    assert read(item(0) + item(1) + item(2), numbering) == [
        Block("\u2022 x", "list_item"),
        Block("\u2022 x", "list_item"),
        Block("x"),
    ]


def test_lists_of_one_definition_count_on_unless_they_start_anew() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = abstract(0, level(0, "%1."), level(1, "%1.%2")) + num(1, 0) + num(2, 0) + num(3, 0, override)
    body = item(0, num_id=1) + item(0, num_id=2) + item(0, num_id=3) + item(1, num_id=3) + item(0, num_id=3) + item(0)
    assert [block.number for block in read(body, numbering)] == ["1.", "2.", "5.", "5.1", "6.", "7."]


def test_levels_of_a_lists_own() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "(%1)", "lowerRoman")}</w:lvlOverride>'
    numbering = abstract(0, level(0, "%1.")) + num(1, 0) + num(2, 0, override)
    assert [block.number for block in read(item(0) + item(0, num_id=2), numbering)] == ["1.", "(ii)"]


def test_numbering_through_styles() -> None:
    number = '<w:pPr><w:numPr>{}<w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("H1", "heading 1", number.format(""))
        + style("H2", "heading 2", '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>')
        + style("Para", "Numbered para", number.format(""))
        + style("Own", "Own", '<w:basedOn w:val="Para"/>')
    )
    numbering = abstract(
        0,
        level(0, "%1", inner='<w:pStyle w:val="H1"/>'),
        level(1, "%1.%2", inner='<w:pStyle w:val="H2"/>'),
        level(2, "%1.%2.%3", inner='<w:pStyle w:val="Para"/>'),
    ) + num(1, 0)
    body = "".join(
        p(text, f'<w:pStyle w:val="{name}"/>')
        for name, text in (("H1", "Intro"), ("H2", "Scope"), ("Para", "The nurse rang."), ("Own", "She rang again."))
    )
    body += p("Not numbered", '<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>') + p(
        "Next", '<w:pStyle w:val="H2"/>'
    )
    assert read(body, numbering, styles) == [
        Block("1 Intro", "heading", number="1", level=1),
        Block("1.1 Scope", "heading", number="1.1", level=2),
        Block("1.1.1 The nurse rang.", "body", number="1.1.1"),
        Block("1.1.2 She rang again.", "body", number="1.1.2"),
        Block("Not numbered", "heading", level=2),
        Block("1.2 Next", "heading", number="1.2", level=2),
    ]


@pytest.mark.parametrize("linked", [True, False])
def test_list_styles(linked: bool) -> None:
    """A definition that stands for a list style, which names the real one by a link back or by its number."""
    back = '<w:styleLink w:val="S"/>' if linked else ""
    numbering = (
        (
            '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="S"/></w:abstractNum>'
            f'<w:abstractNum w:abstractNumId="1">{back}{level(0, "(%1)", "lowerLetter")}</w:abstractNum>'
        )
        + num(1, 0)
        + num(2, 1)
    )
    styles = style("S", "My list", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>', "numbering")
    assert [block.number for block in read(item(0) + item(0), numbering, styles)] == ["(a)", "(b)"]


def test_style_link_to_itself_ends() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="S"/><w:styleLink w:val="S"/></w:abstractNum>'
        + num(1, 0)
    )
    assert read(item(0), numbering)[0].text == "x"


def test_empty_paragraphs_count_and_deleted_or_hidden_ones_do_not() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    body = (
        item(0, "one")
        + item(0, "<w:r/>")
        + item(0, deleted, properties="<w:rPr><w:del/></w:rPr>")
        + item(0, hidden)
        + item(0, "three")
    )
    assert [block.text for block in read(body, abstract(0, level(0, "%1.")) + num(1, 0))] == ["1. one", "3. three"]


@pytest.mark.parametrize(
    ("pattern", "text", "kind"),
    [
        ("%1.%2", "The nurse rang.", "body"),
        ("%1.%2", "Agree a plan", "list_item"),
        ("%1.%2.", "She said \u201cno.\u201d", "body"),
        ("(%2)", "The nurse rang.", "list_item"),
        ("%2.", "The nurse rang.", "list_item"),
        ("%2.", "The nurse rang. " * 20, "body"),
        ("Finding %2:", "The nurse rang.", "body"),
    ],
)
def test_kind_by_number(pattern: str, text: str, kind: str) -> None:
    (block,) = read(item(1, text), abstract(0, level(0, "%1"), level(1, pattern)) + num(1, 0))
    assert block.kind == kind


def test_unknown_lists_are_no_lists() -> None:
    body = item(0, num_id=9) + item(5) + p("x", '<w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr>')
    assert [block.number for block in read(body, abstract(0, level(0, "%1.")) + num(1, 0))] == [None, None, "1."]


def test_heading_and_cell_with_numbers() -> None:
    numbering = abstract(0, level(0, "%1.")) + num(1, 0)
    heading = item(0, "Findings", properties='<w:outlineLvl w:val="0"/>')
    table = f"<w:tbl><w:tr><w:tc>{item(0, 'Agree it')}</w:tc></w:tr></w:tbl>"
    assert read(heading + table, numbering) == [
        Block("1. Findings", "heading", number="1.", level=1),
        Block("2. Agree it", "table_cell", number="2."),
    ]


def test_a_long_pattern_does_not_multiply_text() -> None:
    (block,) = read(item(0), abstract(0, level(0, "y" * 100_000)) + num(1, 0))
    assert len(block.text) < 200
