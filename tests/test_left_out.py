"""What is left out of counts and flags: places, phrases, marks, and terms whose words do not count. All of it is counted."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scr_tone
from scr_tone.cli import main
from scr_tone.left_out import LeftOut
from scr_tone.marks import Place, without_marks
from scr_tone.marks import accepted as accepted_among
from scr_tone.masking import Masks
from scr_tone.project import Project
from scr_tone.records import REASONS, SKIPS, Block, Cue, Document
from scr_tone.rendering.skipped import left_out, reason_in_words

BLAME = "The nurse failed to call back that day."


def reasons(document: Document, **asked) -> dict[str, str | None]:
    rules = LeftOut(document, **asked)
    return {
        document.text[stretch.start : stretch.end]: rules.reason(index, document.text[stretch.start : stretch.end])
        for index, stretch in enumerate(document.stretches)
    }


# ---- sections ----


@pytest.mark.parametrize(
    ("heading", "appendix", "glossary"),
    [
        ("Appendix A", True, False),
        ("7 Appendix 1: Terms of reference", True, False),
        ("APPENDICES", True, False),
        ("Annex B \u2013 Glossary", True, True),
        ("Appendix 2: Abbreviations", True, True),
        ("References", True, False),
        ("8. Bibliography", True, False),
        ("Glossary of terms and abbreviations", False, True),
        ("List of acronyms", False, True),
        ("Abbreviations used in this report", False, True),
        ("Annexation of the ward", False, False),
        ("References to the father", False, False),
        ("Abbreviations were not explained to the family", False, False),
        ("Findings", False, False),
    ],
)
def test_headings_of_appendices_and_glossaries(heading: str, appendix: bool, glossary: bool) -> None:
    document = Document.from_blocks([Block(heading, "heading", level=1), Block(BLAME)])
    assert reasons(document)[BLAME] is None
    assert reasons(document, skip=["appendices"])[BLAME] == ("appendix" if appendix else None)
    assert reasons(document, skip=["glossary"])[BLAME] == ("glossary" if glossary else None)


def test_a_section_goes_to_the_next_heading_of_its_level_or_above() -> None:
    document = Document.from_blocks(
        [
            Block("Findings", "heading", level=1),
            Block("one"),
            Block("Appendix A", "heading", level=2),
            Block("two"),
            Block("Below it", "heading", level=3),
            Block("three"),
            Block("Beside it", "heading", level=2),
            Block("four"),
            Block("Annex", "heading", level=2),
            Block("five"),
            Block("Last", "heading", level=1),
            Block("six"),
        ]
    )
    found = reasons(document, skip=["appendices"])
    assert {word: found[word] for word in ("one", "two", "three", "four", "five", "six")} == {
        "one": None,
        "two": "appendix",
        "three": "appendix",
        "four": None,
        "five": "appendix",
        "six": None,
    }


def test_in_plain_text_numbers_give_the_level_and_an_unnumbered_heading_ends_it() -> None:
    text = (
        "3 Appendix A\n\nThe first sentence stands here.\n\n3.1 Detail\n\nThe second sentence stands here.\n\n"
        "4 Findings\n\nThe third sentence stands here.\n"
    )
    found = reasons(scr_tone.from_text(text), skip=["appendices"])
    assert [found[f"The {which} sentence stands here."] for which in ("first", "second", "third")] == [
        "appendix",
        "appendix",
        None,
    ]
    bare = scr_tone.from_text(text.replace("4 Findings", "Findings"))
    assert reasons(bare, skip=["appendices"])["The third sentence stands here."] is None


@pytest.mark.parametrize(
    ("pattern", "out"),
    [
        ("Terms of reference", True),
        ("terms *", True),
        ("2.1 Terms*", True),
        ("Terms", False),
        ("*of the*", False),
        ("term? of\u00a0reference", True),
    ],
)
def test_sections_by_pattern(pattern: str, out: bool) -> None:
    document = Document.from_blocks([Block("2.1 Terms of reference", "heading", level=2), Block(BLAME)])
    (pattern,) = Project(sections=[pattern]).sections  # type: ignore[arg-type]
    assert reasons(document, sections=[pattern])[BLAME] == ("section" if out else None)


# ---- kinds and phrases ----


def test_tables_footnotes_and_quotes_where_asked_for() -> None:
    document = Document.from_blocks(
        [
            Block("The cell failed to say so.", "table_cell"),
            Block("All", "table_cell"),
            Block("The note failed to say so.", "footnote"),
            Block("The quote failed to say so.", "quote"),
            Block("2.3 \u201cThey failed us.\u201d"),
        ]
    )
    assert list(reasons(document).values()) == [None, "fragment", None, None, None]
    assert list(reasons(document, skip=SKIPS).values()) == ["table", "fragment", "footnote", "quote", "quote"]


@pytest.mark.parametrize(
    ("phrase", "out"),
    [
        ("call back", True),
        ("CALL  back", True),
        ("nurse\u2019s", True),
        ("nurse's", True),
        ("all back", False),
        ("call", True),
        ("cal", False),
        ("c.ll", False),
        ("step-down", True),
    ],
)
def test_phrases_are_whole_words_whatever_their_typeface(phrase: str, out: bool) -> None:
    text = "The nurse\u2019s team failed to Call back from the step\u2011down ward."
    document = Document.from_blocks([Block(text)])
    assert reasons(document, phrases=Project(phrases=[phrase]).phrases)[text] == ("phrase" if out else None)  # type: ignore[arg-type]


# ---- marks ----

MARKED = "She failed to ring. [tone: intended] He failed to write."


def accepted(tone: scr_tone.ToneAnalyser, source: str | Document) -> list[str]:
    report = tone.analyse(source)
    for sentence in report.sentences:
        assert report.document.text[sentence.start : sentence.end] == sentence.text
        for cue in sentence.cues:
            assert report.document.text[cue.start : cue.end] == cue.text
    return [s.text for s in report.sentences if s.skipped == "accepted"]


@pytest.mark.parametrize(
    "text",
    [
        "She failed to ring. [tone: intended]",
        "She failed to ring. [Tone:intended]",
        "She failed to ring.[ tone : INTENDED ]",
        "She failed to ring.\n[tone: intended]",
        "She failed to ring.\n\n[tone: intended]\n\nIt rained.",
        "She failed to ring. [tone:\nintended] It rained.",
        MARKED,
        f"It rained. {MARKED} It rained. [tone: intended]"[:-17],
    ],
)
def test_a_mark_accepts_the_sentence_before_it(tone: scr_tone.ToneAnalyser, text: str) -> None:
    assert accepted(tone, text) == ["She failed to ring."]
    assert accepted(tone, scr_tone.read_bytes(text.encode(), name="draft.txt")) == ["She failed to ring."]


def test_a_mark_changes_nothing_else(tone: scr_tone.ToneAnalyser) -> None:
    bare, marked = (
        tone.analyse("1. Findings\n\nShe failed to ring. It rained."),
        tone.analyse("1. Findings\n\nShe failed to ring. [tone: intended] It rained. [tone: intended]"),
    )
    for one, other in zip(bare.sentences, marked.sentences, strict=True):
        assert (one.text, one.id, one.scores, one.kind, one.section) == (
            other.text,
            other.id,
            other.scores,
            other.kind,
            other.section,
        )
    assert [s.skipped for s in marked.sentences] == [None, "accepted", "accepted"]


def test_a_mark_before_the_full_stop_is_not_read(tone: scr_tone.ToneAnalyser) -> None:
    (bare,) = tone.analyse("She failed to ring.").sentences
    (marked,) = tone.analyse("She failed to ring [tone: intended].").sentences
    assert (marked.text, marked.skipped) == ("She failed to ring [tone: intended].", "accepted")
    assert (marked.id, marked.scores) == (bare.id, bare.scores)
    assert [cue.text for cue in marked.cues] == [cue.text for cue in bare.cues]


def test_comments_in_markdown_and_on_web_pages_are_marks(tone: scr_tone.ToneAnalyser) -> None:
    markdown = "# One\n\nShe failed to ring. <!-- tone: intended -->\n\nHe failed to write.\n<!-- tone: intended -->\n\nThey failed.\n"
    wanted = ["She failed to ring.", "He failed to write."]
    assert accepted(tone, scr_tone.read_bytes(markdown.encode(), name="draft.md")) == wanted
    page = "<p>She failed to ring.<!--tone: intended--> It rained.</p><p>He failed to write. <!-- TONE: intended --></p><p>They failed.</p>"
    assert accepted(tone, scr_tone.read_bytes(f"<!doctype html>{page}".encode(), name="d.html")) == wanted


def test_marks_survive_word_and_pdf(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_heading("Findings", 1)
    made.add_paragraph(MARKED)
    made.add_paragraph("They failed to act. ").add_run("[tone: intended]").italic = True
    made.save(str(tmp_path / "draft.docx"))
    wanted = ["She failed to ring.", "They failed to act."]
    assert accepted(tone, scr_tone.read(tmp_path / "draft.docx")) == wanted

    canvas = pytest.importorskip("reportlab.platypus")
    styles = pytest.importorskip("reportlab.lib.styles").getSampleStyleSheet()["BodyText"]
    filler = "The visit took place on a Monday and the notes of it were written up on the same day by the student. " * 3
    parts = [
        canvas.Paragraph(text, styles) for text in (filler + MARKED, "They failed to act. [tone: intended]", filler)
    ]
    canvas.SimpleDocTemplate(str(tmp_path / "draft.pdf")).build(parts)
    assert accepted(tone, scr_tone.read(tmp_path / "draft.pdf")) == wanted


def test_a_mark_at_the_head_of_a_line_belongs_to_the_sentence_before_it_in_its_paragraph_only() -> None:
    text = "One. Two.\n\nThree.\n[tone: intended] Four.\n\n[tone: intended] Five."
    places = [
        Place(text.index(word), text.index(word) + len(word), stretch)
        for word, stretch in (("One.", 0), ("Two.", 0), ("Three.", 1), ("Four.", 1), ("Five.", 2))
    ]
    found, notes = accepted_among(text, places)
    assert found == {
        2
    }  # the mark goes on in the paragraph of the third; the other stands before the only one of its own
    assert len(notes) == 1
    assert "before its sentence" in notes[0]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("It rained.\n\n[tone: intended] She failed to ring.", "stands before its sentence and does nothing"),
        ("[tone: intended] She failed to ring.", "stands before its sentence and does nothing"),
        (
            "She failed to ring. [tone: intented]",
            r"[tone: intented] is not understood and does nothing; write [tone: intended]",
        ),
    ],
)
def test_a_mark_that_does_nothing_is_said(tone: scr_tone.ToneAnalyser, text: str, note: str) -> None:
    for source in (text, scr_tone.read_bytes(text.encode(), name="draft.txt")):
        report = tone.analyse(source)
        assert report.summary["skipped"] == {}
        assert [note in warning for warning in report.warnings] == [True]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["She rang.", " ", "\n", "\n\n", "[tone: intended]", "[tone:\n intended ]", "4.1 ", "(", "\u201c"]
        )
    )
)
def test_marks_keep_every_offset(parts: list[str]) -> None:
    text = "".join(parts)
    assert len(without_marks(text)) == len(text)
    if "She" in text:
        from scr_tone.units import units_of

        document = scr_tone.from_text(text)
        units, _ = units_of(document)
        for unit in units:
            assert document.text[unit.start : unit.end] == unit.masked.source == unit.masked.source.strip() != ""
            assert "tone" not in unit.masked.text


# ---- house terms ----


@pytest.mark.parametrize("model", ["tone", "standard"])
def test_a_house_term_does_not_count(model: str, request: pytest.FixtureRequest) -> None:
    tone = request.getfixturevalue(model)
    text = "Her consultant was a member of the Serious Failings Board. The Serious  failings board failed to call back."
    plain = tone.analyse(text)
    if model == "tone":
        assert plain.sentences[0].label == "blame"
    quiet = tone.analyse(text, project=Project(terms=["Serious Failings Board"]))  # type: ignore[arg-type]
    other = tone.analyse(text.replace("Serious Failings Board", "clinic").replace("Serious  failings board", "clinic"))
    assert [s.label for s in quiet.sentences] == ["neutral", "blame"]
    assert [s.scores for s in quiet.sentences] == [s.scores for s in other.sentences]
    assert [(s.text, s.id) for s in quiet.sentences] == [(s.text, s.id) for s in plain.sentences]
    assert "failed to" in [cue.text for cue in quiet.sentences[1].cues if cue.family]
    for sentence in quiet.sentences:
        for cue in sentence.cues:
            assert text[cue.start : cue.end] == cue.text
            assert cue.text.lower() not in ("failings", "serious", "board")


def test_cues_are_cut_at_a_term() -> None:
    source = "4.1 The Heart Failure Team failed to ring the Heart\nFailure Team."
    masked = Masks(["Heart Failure Team", "Failure"]).masked(source)
    assert masked.text == "4.1 The clinic failed to ring the clinic."

    def traced(words: str) -> str | None:
        start = masked.text.index(words)
        cue = masked.traced(Cue(start, start + len(words), words, None, 1.0))
        assert cue is None or source[cue.start : cue.end] == cue.text
        return cue.text if cue else None

    assert traced("clinic") is None
    assert traced("clinic failed") == traced("failed") == "failed"
    assert traced("ring the cli") == "ring the"
    assert traced("The clinic failed") == "The Heart Failure Team failed"


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("The HEART FAILURE TEAM rang.", "The clinic rang."),
        ("The heart\u2011failure clinic rang.", "The heart\u2011failure clinic rang."),
        ("Heart failures are common.", "Heart failures are common."),
        ("The Children\u2019s Abuse Team\u2019s nurse rang.", "The clinic\u2019s nurse rang."),
    ],
)
def test_terms_whatever_their_case_and_typeface(sentence: str, read: str) -> None:
    assert Masks(["Heart Failure Team", "Children's Abuse Team"]).masked(sentence).text == read


# ---- counted and listable ----


def test_every_reason_is_in_the_schema_and_has_words(root: Path) -> None:
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["sentence"]["properties"]["skipped"]["enum"] == [*REASONS, None]
    assert schema["properties"]["summary"]["properties"]["skipped"]["propertyNames"]["enum"] == [*REASONS]
    assert schema["properties"]["settings"]["properties"]["skip"]["items"]["enum"] == [*SKIPS]
    for reason in REASONS:
        assert reason_in_words(reason) in left_out({reason: 1})
        assert left_out({reason: 2}).startswith("2 ")


def test_all_that_is_left_out_is_listed_with_its_reason(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        f"# One\n\n{BLAME} [tone: intended]\n\n> The quote failed to say so.\n\n| a |\n|---|\n| The cell failed to say so. |\n\n"
        "The so-called team failed.\n\n# Glossary\n\nThe words failed us.\n\n# Appendix\n\nThe rest failed us.\n\n# Two\n\nThey failed.\n",
        encoding="utf-8",
    )
    (tmp_path / "scr-tone.toml").write_text("[skip]\nphrases = ['so-called']\nsections = ['T?o']", encoding="utf-8")
    skip = "--skip=quotes,tables,appendices,glossary,footnotes"
    assert main(["check", str(draft), skip, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)
    assert report["summary"]["sentences"] == 0
    assert report["summary"]["skipped"] == {
        "heading": 4, "accepted": 1, "quote": 1, "fragment": 1, "table": 1, "phrase": 1, "glossary": 1, "appendix": 1, "section": 1,
    }  # fmt: skip
    assert main(["check", str(draft), skip]) == 0
    assert "failed" not in capsys.readouterr().out
    assert main(["check", str(draft), skip, "--show", "skipped"]) == 0
    out = capsys.readouterr().out
    assert out.count("left out: ") == len(report["sentences"])
    for reason in ("accepted as intended", "quotation", "in a table", "with an ignored phrase", "in a glossary"):
        assert f"left out: {reason}" in out
