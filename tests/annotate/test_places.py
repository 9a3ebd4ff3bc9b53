"""Where a comment stands, for words in every kind of place."""

from __future__ import annotations

import pytest

from tests.annotate.bodies import FOOTNOTES, TORTURE, dele, ins
from tests.annotate.helpers import W, body_of, check_anchors, commented, comments_of, document_of, find, ranges_of
from tests.reading.docx_builder import docx, p, run, style
from tests.reading.test_docx import box, field


def marked(data: bytes, words: str) -> str:
    """The text of the range of a comment on these words."""
    root = body_of(commented(data, [find(document_of(data), words)]))
    check_anchors(root)
    return ranges_of(root)["1"]


@pytest.mark.parametrize(
    ("body", "words", "expected"),
    [
        pytest.param(p("The nurse failed to ring."), "failed to", "failed to", id="in-a-run"),
        pytest.param(p(run("The nurse fai") + run("led to ring.", "<w:b/>")), "failed to", "failed to", id="two-runs"),
        pytest.param(p(run("The nurse") + run(" failed to ring.")), "nurse", "nurse", id="up-to-a-runs-end"),
        pytest.param(
            p(run("A ") + ins(run("nurse")) + run(" failed.")), "nurse failed", "nurse failed", id="insertion"
        ),
        pytest.param(p(run("nurse ") + dele("badly ") + run("failed.")), "nurse failed", "nurse failed", id="deletion"),
        pytest.param(
            p(run("He ") + field("REF x", run("failed to")) + run(" ring.")), "to ring", "failed to ring", id="field"
        ),
        pytest.param(
            p(run("He ") + f'<w:fldSimple w:instr="x">{run("failed to")}</w:fldSimple>' + run(" ring.")),
            "to ring",
            "failed to ring",
            id="simple-field",
        ),
        pytest.param(
            p(run("He ") + ins(field("REF x", run("failed to"))) + run(" ring.")),
            "failed",
            "failed to",
            id="field-inserted",
        ),
        pytest.param(
            p(f"<w:sdt><w:sdtPr><w:date/></w:sdtPr><w:sdtContent>{run('On 3 May.')}</w:sdtContent></w:sdt>"),
            "May",
            "On 3 May.",
            id="control-that-word-fills",
        ),
        pytest.param(
            p(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('On 3 May.')}</w:sdtContent></w:sdt>"), "May", "May", id="control"
        ),
        pytest.param(
            p("<m:oMath><m:r><m:t>x = 2 failures</m:t></m:r></m:oMath>" + run(" too many")),
            "failures",
            "x = 2 failures",
            id="maths",
        ),
        pytest.param(
            p(
                f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('above')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:r>"
            ),
            "bas",
            "abovebase",
            id="ruby",
        ),
        pytest.param(p("Of 😀 the 𝒩urse 😀 failed."), "𝒩urse 😀", "𝒩urse 😀", id="astral"),
        pytest.param(
            p("He rang 👩\u200d👩\ufe0f twice."),
            "rang 👩👩",
            "rang 👩\u200d👩\ufe0f",
            id="what-prints-nothing-stays-with-its-letter",
        ),
        pytest.param(p("A \u00a0 \t late   call."), "late call", "late   call", id="white-space"),
        pytest.param(p("<w:r><w:t>late</w:t><w:tab/><w:t>call.</w:t></w:r>"), "late call", "late call", id="tab"),
    ],
)
def test_the_range_holds_the_words(body: str, words: str, expected: str) -> None:
    assert marked(docx(body), words) == expected


def test_both_halves_of_a_run_keep_its_properties_and_its_spaces() -> None:
    body = '<w:p><w:r w:rsidR="00AB12CD"><w:rPr><w:b/><w:sz w:val="40"/></w:rPr><w:t>The nurse failed to ring.</w:t></w:r></w:p>'
    root = body_of(commented(docx(body), [(10, 16)]))
    runs = [r for r in root.iter(W + "r") if r.find(W + "t") is not None]
    assert [r.find(W + "t").text for r in runs] == ["The nurse ", "failed", " to ring."]
    assert {r.get(W + "rsidR") for r in runs} == {"00AB12CD"}
    assert {r.find(W + "rPr/" + W + "sz").get(W + "val") for r in runs} == {"40"}
    space = "{http://www.w3.org/XML/1998/namespace}space"
    assert [r.find(W + "t").get(space) for r in runs] == ["preserve", None, "preserve"]


def test_the_mark_stands_outside_of_an_insertion() -> None:
    root = body_of(commented(docx(p(ins(run("The nurse failed to ring.")))), [(4, 16)]))
    reference = next(root.iter(W + "commentReference")).getparent()
    assert reference.getparent().tag == W + "p"
    assert len(list(root.iter(W + "ins"))) == 1


@pytest.mark.parametrize(
    ("words", "where"),
    [("visitor failed", "the footnote"), ("ward failed", "the text box")],
)
def test_what_cannot_hold_a_comment_has_it_at_its_mark_and_says_so(words: str, where: str) -> None:
    made = commented(TORTURE, [find(document_of(TORTURE), words)])
    root = body_of(made)
    check_anchors(root)
    start = next(e for e in root.iter(W + "commentRangeStart") if e.get(W + "id") == "1")
    assert start.getnext().tag == W + "r"
    assert next(start.getnext().iter(W + "footnoteReference", W + "txbxContent"), None) is not None
    _, lines = comments_of(made)["1"]
    assert lines[0] == f"On a sentence in {where}: \u201c{words}\u201d"


def test_endnotes_and_boxes_in_boxes() -> None:
    body = p(run("A") + '<w:r><w:endnoteReference w:id="1"/></w:r>' + run(".")) + p(
        run("B") + box(p(run("outer") + box(p("inner failed"))))
    )
    data = docx(body, endnotes=f'<w:endnote w:id="1">{p("The end failed.")}</w:endnote>')
    document = document_of(data)
    made = commented(data, [find(document, "end failed"), find(document, "inner failed")])
    check_anchors(body_of(made))
    first = [lines[0] for _, lines in comments_of(made).values()]
    assert first[1:] == [
        "On a sentence in the endnote: \u201cend failed\u201d",
        "On a sentence in the text box: \u201cinner failed\u201d",
    ]


def test_a_note_with_a_mark_of_the_authors_own_keeps_it() -> None:
    """The reader takes the rest of that run for the mark, so the run must stay whole."""
    body = p(
        '<w:r><w:t>Not shared</w:t><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
        + run(" then.")
    )
    data = docx(body, footnotes=FOOTNOTES)
    made = commented(data)
    assert document_of(made) == document_of(data)


def test_several_notes_and_findings_at_one_mark() -> None:
    note = f'<w:footnote w:id="2">{p("The first failed. The second failed.")}{p("The third failed.")}</w:footnote>'
    data = docx(p(run("A") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(".")), footnotes=note)
    made = commented(data)
    check_anchors(body_of(made))
    assert len(comments_of(made)) == 5


def test_a_list_number_counts_as_the_text_behind_it() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="4.%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    data = docx(p("The nurse failed to ring anybody at all that day or on the next.", item), numbering=numbering)
    document = document_of(data)
    assert document.text.startswith("4.1 The nurse")
    assert marked(data, "4.1 The nurse") == "The nurse"
    assert marked(data, "4.1") == "T"
    assert marked(data, "nurse failed") == "nurse failed"


def test_the_summary_stands_at_the_first_words() -> None:
    assert ranges_of(body_of(commented(TORTURE, [])))["0"] == "A draft review"
    words = "A first paragraph that is no title goes on and on, for longer than sixty characters."
    head = ranges_of(body_of(commented(docx(p(words)), [])))["0"]
    assert head == "A first paragraph that is no title goes on and on, for"
    boxed = docx(p(box(p("Only a box."))))
    assert "Only a box." in ranges_of(body_of(commented(boxed, [])))["0"]


def test_comments_use_the_styles_that_the_document_has_whatever_their_ids() -> None:
    styles = style("Kommentartext", "annotation text") + style("Zeichen", "annotation reference", kind="character")
    from tests.annotate.helpers import parts_of

    with_styles = parts_of(commented(docx(p("The nurse rang."), styles=styles)))
    assert b'pStyle w:val="Kommentartext"' in with_styles["word/comments.xml"]
    assert b'rStyle w:val="Zeichen"' in with_styles["word/document.xml"]
    without = parts_of(commented(docx(p("The nurse rang."))))
    assert b"Style" not in without["word/comments.xml"] + without["word/document.xml"]
