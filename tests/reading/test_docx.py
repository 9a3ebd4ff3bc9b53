"""The text of Word documents: each feature with a file made for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scr_tone.reading.docx import read_docx
from scr_tone.reading.limits import Limits
from scr_tone.records import KINDS, Block
from tests.reading.docx_builder import docx, p, part, run, style

LIMITS = Limits()


def blocks(body: str, **parts: str) -> list[Block]:
    return read_docx(docx(body, **parts), LIMITS)[0]  # type: ignore[arg-type]


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts)]


def kinds(body: str, **parts: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(body, **parts)]


# --- text ------------------------------------------------------------------------------------------------------------

DELETED_MARK = "<w:rPr><w:del/></w:rPr>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(instruction: str, result: str) -> str:
    return (
        FIELD.format("begin")
        + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        + FIELD.format("separate")
        + result
        + FIELD.format("end")
    )


def box(content: str) -> str:
    """A text box as Word writes it: twice, for new and for old versions."""
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><wps:wsp><wps:txbx>"
        f"<w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(p("No visit took place."), ["No visit took place."], id="plain"),
        pytest.param(p("<w:r><w:t>A</w:t><w:tab/><w:t>B</w:t></w:r>"), ["A B"], id="tab"),
        pytest.param(p("<w:r><w:t>A</w:t><w:br/><w:t>B</w:t><w:cr/><w:t>C</w:t></w:r>"), ["A\nB\nC"], id="breaks"),
        pytest.param(p('<w:r><w:t>A</w:t><w:br w:type="page"/><w:t>B</w:t></w:r>'), ["A B"], id="page-break"),
        pytest.param(p('<w:r><w:t>A</w:t><w:br w:type="column"/></w:r>'), ["A"], id="column-break"),
        pytest.param(
            p("<w:r><w:t>follow</w:t><w:noBreakHyphen/><w:t>up safe</w:t><w:softHyphen/><w:t>guarding</w:t></w:r>"),
            ["follow-up safeguarding"],
            id="hyphens",
        ),
        pytest.param(
            p('<w:r><w:sym w:font="Wingdings" w:char="F0E0"/><w:sym w:font="X" w:char="F04A"/><w:t> plan</w:t></w:r>'),
            ["\u2192 plan"],
            id="symbols",
        ),
        pytest.param(p("A\u00a0B\u2003C\u200b\u200dD\u00ad\u202eE"), ["A B CDE"], id="unicode-spaces"),
        pytest.param(
            p("<w:r><w:t>\n   The nurse\n   rang. </w:t></w:r>"), ["The nurse rang."], id="source-line-breaks"
        ),
        pytest.param(
            p(run("The ") + f"<w:ins>{run('social ')}</w:ins>" + run("worker")), ["The social worker"], id="insertion"
        ),
        pytest.param(
            p(run("The ") + "<w:del><w:r><w:delText>bad </w:delText></w:r></w:del>" + run("worker")),
            ["The worker"],
            id="deletion",
        ),
        pytest.param(
            p(run("A") + f"<w:ins><w:del>{run('B')}</w:del></w:ins>" + run("C")), ["AC"], id="insertion-deleted"
        ),
        pytest.param(
            p(f"<w:moveFrom>{run('Moved.')}</w:moveFrom>" + run("Stays.")) + p(f"<w:moveTo>{run('Moved.')}</w:moveTo>"),
            ["Stays.", "Moved."],
            id="move",
        ),
        pytest.param(
            p("No visit", DELETED_MARK) + p(" took place.") + p("Next."),
            ["No visit took place.", "Next."],
            id="deleted-mark",
        ),
        pytest.param(
            p("Last", "<w:rPr><w:moveFrom/></w:rPr>") + "<w:tbl><w:tr><w:tc>" + p("cell") + "</w:tc></w:tr></w:tbl>",
            ["Last", "cell"],
            id="deleted-mark-before-table",
        ),
        pytest.param(
            p(f'<w:hyperlink r:id="x">{run("the guidance")}</w:hyperlink>' + run(" says")),
            ["the guidance says"],
            id="hyperlink",
        ),
        pytest.param(
            p(f"<w:smartTag><w:smartTagPr/>{run('Leeds')}</w:smartTag>" + run(" City")), ["Leeds City"], id="smart-tag"
        ),
        pytest.param(
            p(
                f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('Child J')}</w:sdtContent></w:sdt>"
                + run(" died")
            ),
            ["Child J died"],
            id="content-control-inline",
        ),
        pytest.param(
            f"<w:sdt><w:sdtContent>{p('One.')}<w:sdt><w:sdtContent>{p('Two.')}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
            ["One.", "Two."],
            id="content-control-block",
        ),
        pytest.param(
            p(
                f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click to enter text')}</w:sdtContent>"
                "</w:sdt>" + run("Kept")
            ),
            ["Kept"],
            id="content-control-prompt",
        ),
        pytest.param(
            p(f'<w:fldSimple w:instr=" REF x ">{run("Section 3")}</w:fldSimple>' + run(" says")),
            ["Section 3 says"],
            id="simple-field",
        ),
        pytest.param(
            p(run("See ") + field(' HYPERLINK "http://x" ', run("here")) + run(".")), ["See here."], id="complex-field"
        ),
        pytest.param(
            p(
                field(
                    "IF " + "</w:instrText></w:r>" + field("REF a", run("inner")) + "<w:r><w:instrText> = 1",
                    run("shown"),
                )
            ),
            ["shown"],
            id="nested-field",
        ),
        pytest.param(
            p(FIELD.format("begin") + "<w:r><w:instrText>REF x</w:instrText></w:r>" + run("Kept.")) + p("Also kept."),
            ["Kept.", "Also kept."],
            id="field-without-end",
        ),
        pytest.param(
            p(run("Shared") + field(" NOTEREF _Ref1 \\f \\h ", run("3")) + run(" late")),
            ["Shared late"],
            id="note-reference-field",
        ),
        pytest.param(
            p(
                f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('above')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:r>"
            ),
            ["base"],
            id="ruby",
        ),
        pytest.param(
            p(run("Text.") + box(p("In the box.") + p("Twice?"))) + p("After."),
            ["Text.", "In the box.", "Twice?", "After."],
            id="text-box-once-after-its-paragraph",
        ),
        pytest.param(
            p(
                run("A")
                + "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
                + p("Old box.")
                + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
            ),
            ["A", "Old box."],
            id="text-box-old",
        ),
        pytest.param(
            p(run("A") + box(p(run("outer") + box(p("inner"))))), ["A", "outer", "inner"], id="text-box-nested"
        ),
        pytest.param(p(run("A") + "<w:del>" + box(p("gone")) + "</w:del>"), ["A"], id="text-box-deleted"),
        pytest.param(p(run("Shown ") + run("hidden ", "<w:vanish/>") + run("too")), ["Shown too"], id="hidden-run"),
        pytest.param(
            p(run("Shown ") + run("not hidden", '<w:vanish w:val="0"/>')), ["Shown not hidden"], id="hidden-off"
        ),
        pytest.param(
            p(
                '<w:commentRangeStart w:id="0"/>'
                + run("Text")
                + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            ),
            ["Text"],
            id="comment",
        ),
        pytest.param(
            p("<m:oMathPara><m:oMath><m:r><m:rPr/><m:t>x=2</m:t></m:r></m:oMath></m:oMathPara>"), ["x=2"], id="maths"
        ),
        pytest.param(
            f"<w:customXml w:element='e'><w:customXmlPr/>{p('Inside.')}</w:customXml>", ["Inside."], id="custom-xml"
        ),
        pytest.param(p('<w:bdo w:val="rtl"><w:dir>' + run("Both") + "</w:dir></w:bdo>"), ["Both"], id="direction"),
    ],
)
def test_text(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_hidden_by_style() -> None:
    styles = (
        style("Ghost", "Ghost", "<w:rPr><w:vanish/></w:rPr>")
        + style("GhostRun", "Ghost Run", '<w:basedOn w:val="GhostBase"/>', "character")
        + style("GhostBase", "Ghost Base", "<w:rPr><w:vanish/></w:rPr>", "character")
    )
    body = (
        p("All hidden.", '<w:pStyle w:val="Ghost"/>')
        + p(run("Seen, ") + run("unseen, ", '<w:rStyle w:val="GhostRun"/>') + run("seen"))
        + p(run("shown again", '<w:vanish w:val="false"/>'), '<w:pStyle w:val="Ghost"/>')
    )
    assert texts(body, styles=styles) == ["Seen, seen", "shown again"]


def test_notes_follow_their_paragraph() -> None:
    body = p(
        run("Not shared")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + run(" until May.")
        + '<w:r><w:endnoteReference w:id="2"/></w:r>'
    ) + p(run("Next") + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="3"/><w:t>*</w:t></w:r>' + run("."))
    footnotes = (
        f'<w:footnote w:type="separator" w:id="-1">{p("line")}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + run(" See the") + run(" minutes."))}'
        f"{p('Second.')}</w:footnote>"
        f'<w:footnote w:id="3">{p("Starred.")}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="2">{p("At the end.")}</w:endnote>'
    assert kinds(body, footnotes=footnotes, endnotes=endnotes) == [
        ("body", "Not shared until May."),
        ("footnote", "See the minutes."),
        ("footnote", "Second."),
        ("footnote", "At the end."),
        ("body", "Next."),
        ("footnote", "Starred."),
    ]


def test_notes_that_refer_to_themselves_end() -> None:
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    footnotes = f'<w:footnote w:id="1">{p(run("Note.") + reference)}</w:footnote>'
    assert texts(p(run("A.") + reference) + p(run("B.") + reference), footnotes=footnotes) == ["A.", "Note.", "B."]


def test_headers_footers_and_comments_are_left_out() -> None:
    extra = {f"word/{name}.xml": part(name[:3], p(f"{name} text")) for name in ("header1", "footer1", "comments")}
    data = docx(p("Body."), extra=extra)
    assert [block.text for block in read_docx(data, LIMITS)[0]] == ["Body."]


def test_parts_elsewhere_are_warned_of() -> None:
    found, warnings = read_docx(
        docx(
            '<w:altChunk r:id="x"/>'
            + p(run("A") + "<w:r><w:drawing><a:graphic><dgm:relIds/></a:graphic></w:drawing></w:r>")
        ),
        LIMITS,
    )
    assert [block.text for block in found] == ["A"]
    assert "another file" in warnings[0]
    assert "SmartArt" in warnings[1]


TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"

# --- anything at all -------------------------------------------------------------------------------------------------

FRAGMENTS = st.recursive(
    st.sampled_from(
        [run("word "), TURN, *(FIELD.format(kind) for kind in ("begin", "separate", "end")), "<w:r><w:br/></w:r>"]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["ins", "del", "hyperlink", "sdt", "p", "tbl", "tr", "tc", "moveFrom"]),
        st.lists(inner, max_size=4),
    ).map(lambda pair: f"<w:{pair[0]}>{''.join(pair[1])}</w:{pair[0]}>"),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FRAGMENTS, max_size=5))
def test_any_nesting_of_elements_is_read(fragments: list[str]) -> None:
    found = read_docx(docx(p("Start.") + "".join(fragments)), LIMITS)[0]
    assert found[0].text == "Start."
    assert all(block.kind in KINDS and block.text.strip() == block.text != "" for block in found)


def test_short_bold_paragraphs_are_headings_and_bold_sentences_are_not(tmp_path: Path) -> None:
    import docx as python_docx

    document = python_docx.Document()
    document.add_paragraph().add_run("Manually bold heading").bold = True
    document.add_paragraph("The nurse rang.")
    document.add_paragraph().add_run("This sentence is bold and ends with a stop.").bold = True
    partly = document.add_paragraph()
    partly.add_run("Partly").bold = True
    partly.add_run(" bold words")
    document.save(str(tmp_path / "x.docx"))
    blocks, _ = read_docx((tmp_path / "x.docx").read_bytes(), Limits())
    assert [block.kind for block in blocks] == ["heading", "body", "body", "body"]
