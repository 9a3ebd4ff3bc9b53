"""How the tone moved between two drafts: the rules, the contract, the views, and the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

import scr_tone
from scr_tone.cli import main
from scr_tone.pairs import STATUSES, TONES
from scr_tone.records import Block, Document
from tests.reading.docx_builder import docx, p, style
from tests.reading.pdf_builder import BOLD, Pen
from tests.test_report_views import checked

BLAME = "The midwife failed to record this."
MENDED = "The midwife did not record this, because the form had no place for it and the ward was short of staff."
LEARNING = "Caseloads were twice the recommended level and there was no cover for sickness."
NEUTRAL = "The family moved to Ellersea in May."
OWNED = "The Trust accepts that its response was too slow and has apologised to the family."
OTHER = "A second visit was made on 9 May."


def document(*texts: str, name: str = "draft.docx", kinds: dict[int, str] | None = None) -> Document:
    """A document of paragraphs; one that begins with "# " is a heading."""
    blocks = []
    for index, text in enumerate(texts):
        heading = text.startswith("# ")
        mark = re.match(r"\d+\.\d+ ", text)
        kind = "heading" if heading else (kinds or {}).get(index, "body")
        number = mark.group().strip() if mark else None
        blocks.append(Block(text.removeprefix("# "), kind, None, number, 1 if heading else None))  # type: ignore[arg-type]
    return Document.from_blocks(blocks, name=name, format="docx")


@pytest.fixture(scope="module")
def compared(tone: scr_tone.ToneAnalyser):
    def compare(old: list[str], new: list[str], **options: object) -> scr_tone.Comparison:
        return scr_tone.compare(*(tone.analyse(document(*texts), **options) for texts in (old, new)))  # type: ignore[arg-type]

    return compare


@pytest.fixture(scope="module")
def drafts(tone: scr_tone.ToneAnalyser) -> scr_tone.Comparison:
    """One of everything."""
    old = document(
        "# 1 What happened",
        f"1.1 {NEUTRAL}",
        f"1.2 {BLAME}",
        "1.3 The school should have rung the duty team, and its failure to do so was inexcusable.",
        "1.4 Nobody told the surgery.",
        "1.5 The IRO was lazy and incompetent.",
        "# 2 Findings",
        f"2.1 {LEARNING}",
        f"2.2 {OTHER}",
        "2.3 The panel met four times and agreed its findings at the last of these meetings in September.",
        name="draft 2.docx",
    )
    new = document(
        "# 1 What happened",
        f"1.1 {OTHER}",
        f"1.2 {NEUTRAL}",
        f"1.3 {MENDED}",
        "1.4 The school should have rung the duty team, and its failure to do so was inexcusable and wrong.",
        "1.5 Nobody bothered to tell the surgery, which was negligent.",
        "# 2 What we found",
        f"2.1 {LEARNING}",
        "2.2 The police failed to act.",
        "2.3 The panel met four times. It agreed its findings at the last of these meetings in September.",
        name="draft 3.docx",
    )
    return scr_tone.compare(tone.analyse(old), tone.analyse(new))


def told(comparison: scr_tone.Comparison) -> list[tuple[str, str | None]]:
    return [(pair.status, pair.tone) for pair in comparison.pairs]


def test_one_of_everything(drafts: scr_tone.Comparison) -> None:
    found = {
        (pair.old or pair.new)[0].text.split(" ", 1)[-1][:22]: (pair.status, pair.tone, pair.moved)
        for pair in drafts.pairs
    }
    assert found[NEUTRAL[:22]] == ("unchanged", None, False)
    assert found[OTHER[:22]] == ("unchanged", None, True)
    assert found[BLAME[:22]] == ("edited", "mended", False)
    assert found["The school should have"] == ("edited", "still_blame", False)
    assert found["Nobody told the surger"] == ("edited", "became_blame", False)
    assert found["The IRO was lazy and i"] == ("gone", "removed_blame", False)
    assert found["The police failed to a"] == ("new", "new_blame", False)
    assert found["The panel met four tim"][0] == "split"
    assert [pair.new[0].text for pair in drafts.worse] == [
        "1.5 Nobody bothered to tell the surgery, which was negligent.",
        "2.2 The police failed to act.",
    ]
    assert [pair.new[0].label for pair in drafts.mended] == ["learning"]
    assert drafts.summary["tone"] == {
        "became_blame": 1,
        "new_blame": 1,
        "still_blame": 1,
        "set_aside": 0,
        "mended": 1,
        "removed_blame": 1,
        "changed": 0,
    }
    assert {"old": "blame", "new": "learning", "count": 1} in drafts.summary["transitions"]
    assert {"old": None, "new": "blame", "count": 1} in drafts.summary["transitions"]
    assert {"old": "blame", "new": None, "count": 1} in drafts.summary["transitions"]
    assert "draft 2" in repr(drafts)
    assert "midwife" not in repr(drafts)


def test_renumbered_paragraphs_and_typography_are_no_edit(compared) -> None:
    found = compared(
        [f"4.12 {BLAME}", f"The \u201cflat\u201d was theirs. {NEUTRAL}"],
        [f"4.13 {BLAME}", f'The "flat" was theirs. {NEUTRAL}'],
    )
    assert told(found) == [("unchanged", "still_blame"), ("unchanged", None), ("unchanged", None)]
    assert not any(pair.moved for pair in found.pairs)


def test_the_words_that_changed(compared) -> None:
    (pair,) = compared([f"4.12 {BLAME}"], ["4.13 The midwife did not record this."]).pairs
    assert [tuple(piece) for piece in pair.changes] == [
        ("equal", "The midwife "),
        ("delete", "failed to"),
        ("insert", "did not"),
        ("equal", " record this."),
    ]


def test_a_sentence_that_is_only_left_out_now_is_not_mended(tone: scr_tone.ToneAnalyser) -> None:
    old = tone.analyse(document("The nurse was to blame for this.", NEUTRAL), skip_quotes=True)
    new = tone.analyse(document("\u201cThe nurse was to blame for this.\u201d", NEUTRAL), skip_quotes=True)
    assert new.sentences[0].skipped == "quote"
    assert told(scr_tone.compare(old, new)) == [("unchanged", "set_aside"), ("unchanged", None)]
    assert scr_tone.compare(new, old).worse  # and one that counts again is worse


def test_another_label_without_blame_is_a_change(compared) -> None:
    found = compared([OWNED], ["The Trust has a response team, which meets the family on Mondays."])
    assert told(found) in ([("edited", "changed")], [("gone", None), ("new", None)])
    assert not found.worse


def test_moved_to_another_section(compared) -> None:
    sections = ["# 1 What happened", NEUTRAL, LEARNING, "# 2 Findings", OWNED, "Minutes were kept throughout."]
    moved = ["# 1 What happened", NEUTRAL, "# 2 Findings", LEARNING, OWNED, "Minutes were kept throughout."]
    # In order, and yet elsewhere: only the heading went past it.
    assert [pair.new[0].text for pair in compared(sections, moved).pairs if pair.moved] == [LEARNING]
    renamed = [text.replace("2 Findings", "3 What we found") for text in sections]
    assert not any(pair.moved for pair in compared(sections, renamed).pairs)
    halved = [*sections[:2], "# 2 What made it likely", *sections[2:]]
    assert not any(pair.moved for pair in compared(sections, halved).pairs)


def test_sections_before_and_now(drafts: scr_tone.Comparison, compared) -> None:
    rows = drafts.to_dict()["sections"]
    assert [(row["old"]["section"], row["new"]["section"]) for row in rows] == [
        ("1 What happened", "1 What happened"),
        ("2 Findings", "2 What we found"),
    ]
    assert rows[1]["old"]["labels"]["blame"]["count"] == 0
    assert rows[1]["new"]["labels"]["blame"]["count"] == 1
    rows = compared(["# A", NEUTRAL, "# B", LEARNING], ["# A", NEUTRAL, "# C", OWNED]).to_dict()["sections"]
    assert [tuple(side and side["section"] for side in (row["old"], row["new"])) for row in rows] == [
        ("A", "A"),
        ("B", None),
        (None, "C"),
    ]


def test_every_sentence_is_in_one_pair(drafts: scr_tone.Comparison) -> None:
    for side, report in (("old", drafts.old), ("new", drafts.new)):
        indices = [sentence.index for pair in drafts.pairs for sentence in getattr(pair, side)]
        assert sorted(indices) == [sentence.index for sentence in report.sentences]


def test_reports_of_different_models_or_priors_are_refused(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse(document(NEUTRAL))
    other = replace(report, provenance={**report.provenance, "model": {"name": "standard", "sha256": "ab" * 32}})
    with pytest.raises(
        scr_tone.ConfigError, match=r"different models \(small .{8} and standard abababab\); analyse both"
    ):
        scr_tone.compare(report, other)
    shifted = scr_tone.load("small", prior="natural").analyse(document(NEUTRAL))
    with pytest.raises(scr_tone.ConfigError, match="different label shares"):
        scr_tone.compare(report, shifted)
    with pytest.raises(scr_tone.InputError, match="two reports, not str"):
        scr_tone.compare("a", report)  # type: ignore[arg-type]


def test_other_settings_and_strangers_are_said(tone: scr_tone.ToneAnalyser, compared) -> None:
    one, other = (tone.analyse(document(NEUTRAL), skip_quotes=skip) for skip in (False, True))
    assert "different settings: skip" in scr_tone.compare(one, other).warnings[0]
    assert "hardly a sentence in common" in compared([NEUTRAL, BLAME], [LEARNING, OWNED]).warnings[0]
    assert compared([NEUTRAL], [NEUTRAL]).warnings == ()


@pytest.fixture(scope="module")
def validator(root: Path) -> jsonschema.Draft202012Validator:
    schema = json.loads((root / "scr_tone/resources/comparison.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_follows_the_published_schema(
    drafts: scr_tone.Comparison, compared, validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(json.loads(drafts.to_json()))
    assert validator.schema["properties"]["schema"]["const"] == drafts.to_dict()["schema"]
    for pairs in ([NEUTRAL], [LEARNING]), (["# A", BLAME], [f"2.1 {BLAME}"]), (["\ud800 rang."], ["She rang."]):
        text = compared(*pairs).to_json(indent=None)
        text.encode()
        validator.validate(json.loads(text))
    kinds = validator.schema["$defs"]["pair"]["properties"]
    assert tuple(kinds["status"]["enum"]) == STATUSES
    assert tuple(kinds["tone"]["enum"]) == (*TONES, None)


def test_frame_has_a_row_for_each_sentence_and_what_it_became(drafts: scr_tone.Comparison) -> None:
    frame = drafts.to_frame()
    assert list(frame.columns[:5]) == ["pair", "status", "tone", "moved", "likeness"]
    assert frame["old_index"].dropna().nunique() == len(drafts.old.sentences)
    assert frame["new_index"].dropna().nunique() == len(drafts.new.sentences)
    cut = frame[frame["status"] == "split"]
    assert len(cut) == 2
    assert cut["pair"].nunique() == cut["old_index"].nunique() == 1
    assert frame.loc[frame["tone"] == "new_blame", "old_text"].isna().all()
    counted = frame[frame["old_skipped"].isna() & frame["new_skipped"].isna()]
    assert pd.crosstab(counted["old_label"], counted["new_label"]).loc["blame", "learning"] == 1


def test_text_says_first_what_became_worse(drafts: scr_tone.Comparison) -> None:
    text = drafts.to_text()
    places = [text.index(title) for title in ("\nBecame worse (2)", "\nMended (1)", "\nCut, and read as", "\nShares")]
    assert places == sorted(places)
    assert re.search(r"neutral \d+% \u2192 blame \d+% \u00b7 1\.5|paragraph 1\.5", text)
    assert "Nobody [-told-]{+bothered to tell+} the surgery{+, which was negligent+}." in text
    assert "{+The police failed to act.+}" in text.replace("2.2 ", "")
    said = " ".join(text.split())  # wherever lines are broken
    assert "1 sentence was reworded and now reads as blame." in said
    assert "1 flagged sentence was reworded and no longer reads as blame; it is now learning." in said
    assert "\x1b" not in text


def test_text_of_drafts_that_are_the_same(compared) -> None:
    text = compared([BLAME, NEUTRAL], [BLAME, NEUTRAL]).to_text()
    assert "The two drafts have the same wording." in text
    assert "Became worse" not in text
    assert "1 sentence reads as blame as before." in text


def test_text_has_colour_beside_its_marks_and_only_when_asked(
    drafts: scr_tone.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = drafts.to_text(colour=True)
    assert "\x1b[31;9m[-told-]\x1b[0m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == drafts.to_text()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in drafts.to_text(colour=True)


HOSTILE = "The nurse failed <script>alert(1)</script> to \x1b[31mring\x1b]0;title\x07 & \u202eleft \"quotes\" 'too'."


def test_views_keep_hostile_characters_out(compared) -> None:
    found = compared([f"{HOSTILE} <b>", f"# {HOSTILE}"], [f"{HOSTILE} <i>", f"# {HOSTILE} 2"])
    text = found.to_text()
    assert not set("\x1b\x07\u202e") & set(text)
    page = found.to_html()
    checked(page)
    assert "<script>" not in page
    assert "<i>" not in page.split("</style>")[1].replace('<i class="', "")


def test_html_reads_in_the_reviewers_order(drafts: scr_tone.Comparison) -> None:
    page = drafts.to_html()
    checker = checked(page)
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    places = [page.index(f'<h2 id="{part}">') for part in ("worse", "mended", "shares", "sections", "rest", "method")]
    assert places == sorted(places)
    assert "Nobody <del>told</del><ins>bothered to tell</ins> the surgery<ins>, which was negligent</ins>." in page
    assert "Was blame, is learning (1)" in checker.text
    assert "2 What we found (was 2 Findings)" in checker.text
    assert "draft 2.docx \u2192 draft 3.docx" in checker.text


def test_html_shows_the_questions_to_what_became_worse(drafts: scr_tone.Comparison) -> None:
    from scr_tone.rendering.comparison import comparison_page

    new = drafts.new.to_dict()
    advice = {
        "why": "It stops at who.",
        "questions": [{"text": "What did they know?", "sources": [{"key": "munro", "name": "Munro 2011"}]}],
        "note": None,
        "rewording": None,
    }
    for sentence in new["sentences"]:
        sentence["advice"] = advice if sentence["label"] == "blame" and not sentence["skipped"] else None
    page = comparison_page(drafts.to_dict(), old=drafts.old.to_dict(), new=new)
    text = checked(page).text
    assert text.count("What did they know? [1]") == len(drafts.worse)
    assert text.count("Munro 2011") == 1


def test_factors_and_purpose_before_and_now(
    drafts: scr_tone.Comparison, validator: jsonschema.Draft202012Validator
) -> None:
    from scr_tone.rendering.comparison import comparison_page
    from scr_tone.rendering.comparison_text import comparison_text

    data = json.loads(drafts.to_json())
    data["old"]["summary"]["factors"], data["new"]["summary"]["factors"] = (
        {"workload": 2, "tools": 1},
        {"workload": 4, "tools": 1},
    )
    data["purpose"] = {"positive": {"old": "partly", "new": "met"}, "communicated": {"old": "met", "new": "met"}}
    validator.validate(data)
    text = comparison_text(data)
    assert re.search(r"Workload +2 \u2192 4\n", text)
    assert "Tools" not in text  # as it was
    assert re.search(r"strongly and positively\? +partly \u2192 met\n", text)
    page = comparison_page(data, old=drafts.old.to_dict(), new=drafts.new.to_dict())
    checked(page)
    assert '<th scope="row">Workload</th><td class="n">2</td><td class="n"><strong>4</strong></td>' in page
    assert '<th scope="row">Tools</th><td class="n">1</td><td class="n">1</td>' in page


# The command.


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, text in (
        ("old.txt", f"{BLAME}\n\n{NEUTRAL}\n"),
        ("new.txt", f"{MENDED}\n\n{NEUTRAL}\n\nThe police failed to act.\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "old.txt"), str(tmp_path / "new.txt")


def test_the_command(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], validator) -> None:
    assert main(["compare", *files]) == 0
    out, err = capsys.readouterr()
    assert "old.txt \u2192 new.txt" in out
    assert "Became worse (1)" in out
    assert err == ""
    assert main(["compare", *files, "--format", "json"]) == 0
    validator.validate(json.loads(capsys.readouterr().out))
    page = tmp_path / "page.html"
    assert main(["compare", *files, "--output", str(page)]) == 0
    checked(page.read_text(encoding="utf-8"))
    assert capsys.readouterr().out == ""


def test_the_commands_exit_code_says_whether_it_became_worse(files: tuple[str, str]) -> None:
    assert main(["compare", *files, "--fail-on", "worse"]) == 1
    assert main(["compare", *reversed(files), "--fail-on", "worse"]) == 1  # the midwife again
    assert main(["compare", files[0], files[0], "--fail-on", "worse"]) == 0


def test_the_command_heeds_settings_and_decisions(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """One project for both drafts; decisions for each its own."""
    old, new = files
    assert main(["compare", new, new, "--format", "json"]) == 0
    (flag,) = [pair["new"][0] for pair in json.loads(capsys.readouterr().out)["pairs"] if pair["tone"] == "still_blame"]
    later = Path(new).with_name("later.txt")
    later.write_bytes(Path(new).read_bytes())
    assert main(["decide", str(later), flag["id"], "intended"]) == 0
    capsys.readouterr()
    assert main(["compare", new, str(later), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["summary"]["tone"]["set_aside"] == 1
    assert found["warnings"] == []
    project = Path(new).with_name("scr-tone.toml")
    project.write_text("[flags]\nthreshold.blame = 0.9999\n", encoding="utf-8")
    assert main(["compare", old, new, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"]["summary"]["flagged"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["{old}"], 2, "NEW"),
        (["{old}", "{missing}"], 3, "missing.txt"),
        (["{missing}", "{old}"], 3, "missing.txt"),
        (["{old}", "{new}", "--output", "{old}"], 2, "also an input"),
        (["{old}", "{new}", "--output", "{folder}/a.docx"], 2, "names no form"),
        (["{old}", "{new}", "--output", "{folder}/none/a.html"], 2, "folder does not exist"),
        (["{old}", "{new}", "--model", "nonsense"], 4, "nonsense"),
    ],
)
def test_the_command_says_what_is_wrong(
    files: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    names = {"old": files[0], "new": files[1], "missing": str(tmp_path / "missing.txt"), "folder": str(tmp_path)}
    before = sorted(tmp_path.iterdir())
    assert main(["compare", *(argument.format(**names) for argument in arguments)]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert sorted(tmp_path.iterdir()) == before


def test_drafts_of_different_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paragraphs = [
        "4.1 The nurse visited on 3 March and found the flat clean, the cot made up and the baby well.",
        f"4.2 {BLAME}",
        f"4.3 {LEARNING}",
    ]
    heading = style("Heading1", "heading 1")
    body = p("Analysis", '<w:pStyle w:val="Heading1"/>') + "".join(p(text) for text in paragraphs)
    (tmp_path / "old.docx").write_bytes(docx(body, styles=heading))
    pen = Pen()
    pen.line("Analysis", BOLD, 16)
    pen.gap()
    for text in paragraphs:
        pen.paragraph(text.replace(BLAME, MENDED))
    (tmp_path / "new.pdf").write_bytes(pen.pdf())
    assert main(["compare", str(tmp_path / "old.docx"), str(tmp_path / "new.pdf"), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["old"]["document"]["format"], found["new"]["document"]["format"]) == ("docx", "pdf")
    assert found["summary"]["status"]["unchanged"] == 2
    assert found["summary"]["tone"]["mended"] == 1
    assert found["summary"]["moved"] == 0
    assert {pair["tone"] for pair in found["pairs"]} == {None, "mended"}
    assert [pair["new"][0]["page"] for pair in found["pairs"] if pair["tone"]] == [1]


def test_the_example_drafts(root: Path, tone: scr_tone.ToneAnalyser) -> None:
    old, new = (
        tone.analyse(scr_tone.read(root / "examples" / f"draft_review_child_m{name}.docx")) for name in ("", "_v05")
    )
    found = scr_tone.compare(old, new)
    assert [pair.new[0].text for pair in found.worse] == ["The deputy head failed to ring the MASH."]
    (mended,) = found.mended
    assert "naive of FSW1" in mended.old[0].text
    assert "half-day induction" in mended.new[0].text
    assert [pair.new[0].text[:40] for pair in found.pairs if pair.moved and pair.status == "unchanged"] == [
        "6.6 The reviewers said to the deputy head"[:40]
    ]
    assert (
        found.summary["status"]["unchanged"] > 0.85 * len(old.sentences) - 130
    )  # headings and cells are no pairs that count
