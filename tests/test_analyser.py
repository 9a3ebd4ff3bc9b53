"""`ToneAnalyser` and `Report` as a library user meets them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scr_tone
from scr_tone.records import LABELS, Block, Document
from scr_tone.rendering.table import COLUMNS, json_lines

TEXT = (
    "1. Findings\n\nThe nurse failed to call back. Caseloads were high and nobody covered.\n\nWhat the Trust says\n\n"
    "The Trust accepts that its response was too slow and has apologised to the family. The family moved in May.\n"
)


@pytest.fixture(scope="module")
def report(tone: scr_tone.ToneAnalyser) -> scr_tone.Report:
    return tone.analyse(TEXT)


@pytest.fixture(scope="module")
def validator(root: Path) -> jsonschema.Draft202012Validator:
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_four_labels_on_plain_cases(report: scr_tone.Report) -> None:
    found = {s.text: s.label for s in report.sentences}
    assert found["The nurse failed to call back."] == "blame"
    assert found["Caseloads were high and nobody covered."] == "learning"
    assert (
        found["The Trust accepts that its response was too slow and has apologised to the family."] == "accountability"
    )
    assert found["The family moved in May."] == "neutral"


def test_offsets_and_sections(report: scr_tone.Report) -> None:
    for sentence in report.sentences:
        assert report.document.text[sentence.start : sentence.end] == sentence.text
        for cue in sentence.cues:
            assert report.document.text[cue.start : cue.end] == cue.text
            assert sentence.start <= cue.start < cue.end <= sentence.end
        assert abs(sum(sentence.scores.values()) - 1) < 1e-5
        assert sentence.label == max(sentence.scores, key=lambda name: sentence.scores[name])
    assert [s.section for s in report.sentences][-1] == "What the Trust says"


def test_cues_name_the_words(report: scr_tone.Report) -> None:
    blame = next(s for s in report.sentences if s.label == "blame")
    assert ("failed to", "failure verbs") in [(cue.text, cue.family) for cue in blame.cues]
    assert all(cue.weight > 0 for cue in blame.cues)
    assert all(s.cues == () and s.target is None and s.voice is None for s in report.sentences if s.label == "neutral")
    assert blame.target == "practitioner"
    assert blame.voice == "review"


def test_summary_adds_up(report: scr_tone.Report) -> None:
    summary = report.summary
    assert summary["sentences"] == sum(row["count"] for row in summary["labels"].values()) == len(report.sentences)
    assert summary["flagged"] == len(report.flagged) == 1
    assert summary["flagged_per_1000_words"] == round(1000 / summary["words"], 2)
    assert sum(row["sentences"] for row in summary["sections"]) == summary["sentences"]
    assert sum(row["words"] for row in summary["sections"]) == summary["words"]


def test_json_follows_the_published_schema(
    report: scr_tone.Report, validator: jsonschema.Draft202012Validator, tone: scr_tone.ToneAnalyser
) -> None:
    validator.validate(json.loads(report.to_json()))
    document = Document.from_blocks(
        [Block("A heading", "heading", 1, None, 1), Block("\u201cShe lied.\u201d", "quote", 2)], format="pdf"
    )
    validator.validate(json.loads(tone.analyse(document, skip_quotes=True).to_json(indent=None)))
    broken = json.loads(report.to_json())
    broken["sentences"][0]["label"] = "guilty"
    assert not validator.is_valid(broken)


def test_frame(report: scr_tone.Report) -> None:
    frame = report.to_frame()
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == len(report.sentences)
    assert frame["page"].isna().all()
    assert str(frame["page"].dtype) == "Int64"
    assert np.allclose(frame[[f"score_{label}" for label in LABELS]].sum(axis=1), 1, atol=1e-5)


def test_csv_is_safe_in_a_spreadsheet(tone: scr_tone.ToneAnalyser) -> None:
    text = '=HYPERLINK(1) is what the nurse wrote.\n\n- She failed to call, "twice".'
    rows = list(csv.DictReader(io.StringIO(tone.analyse(text).to_csv())))
    assert rows[0]["text"].startswith("'=HYPERLINK")
    assert rows[1]["text"] == '\'- She failed to call, "twice".'


def test_json_lines_stand_by_themselves(report: scr_tone.Report) -> None:
    lines = json_lines(report.to_dict()).splitlines()
    assert len(lines) == len(report.sentences)
    assert json.loads(lines[0])["model"]["name"]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".html"])
def test_save(report: scr_tone.Report, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"report{suffix}"
    report.save(path)
    assert "failed to call back" in path.read_text(encoding="utf-8").replace("<b>", "").replace("</b>", "")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_save_says_what_it_cannot(report: scr_tone.Report, tmp_path: Path) -> None:
    with pytest.raises(scr_tone.ConfigError, match=r"names no form; use \.json, \.jsonl, \.csv, \.html"):
        report.save(tmp_path / "report.xyz")
    with pytest.raises(scr_tone.ConfigError, match="cannot be written"):
        report.save(tmp_path / "no" / "such" / "report.json")
    with pytest.raises(scr_tone.ConfigError, match="is a folder"):
        (tmp_path / "x.json").mkdir()
        report.save(tmp_path / "x.json")


def test_headings_of_the_file_and_quotes_are_left_out(tone: scr_tone.ToneAnalyser) -> None:
    document = Document.from_blocks(
        [
            Block("Failures by the school", "heading", level=1),
            Block("The school failed to ring."),
            Block("The school failed us.", "quote"),
            Block("\u201cThey failed us.\u201d"),
            Block("1 Failures ....... 3", "contents"),
            Block("All", "table_cell"),
        ]
    )
    plain, quiet = tone.analyse(document), tone.analyse(document, skip_quotes=True)
    assert [s.skipped for s in plain.sentences] == ["heading", None, None, None, "fragment"]
    assert [s.skipped for s in quiet.sentences] == ["heading", None, "quote", "quote", "fragment"]
    assert quiet.summary["skipped"] == {"heading": 1, "fragment": 1, "quote": 2}
    assert quiet.summary["sentences"] == 1


def test_a_line_without_its_full_stop_is_still_judged(tone: scr_tone.ToneAnalyser) -> None:
    assert tone.analyse("The nurse failed to call back").flagged


def test_label_keeps_order_and_length(tone: scr_tone.ToneAnalyser) -> None:
    found = tone.label(["The family moved in May.", "The nurse failed to call back.", ""])
    assert [p.label for p in found][:2] == ["neutral", "blame"]
    assert len(found) == 3
    assert tone.label([]) == []
    assert tone.label(iter(["The nurse failed to call back."]))[0].cues[-1].text == "failed to"


@pytest.mark.parametrize("bad", ["one string", [3], [None], [b"bytes"]])
def test_label_refuses_what_is_no_list_of_strings(tone: scr_tone.ToneAnalyser, bad: object) -> None:
    with pytest.raises(scr_tone.InputError):
        tone.label(bad)  # type: ignore[arg-type]


def test_label_frame(tone: scr_tone.ToneAnalyser) -> None:
    frame = pd.DataFrame(
        {"text": ["The nurse failed to call back.", None, "It rained."], "id": [1, 2, 3]}, index=[7, 7, 9]
    )
    made = tone.label_frame(frame)
    assert list(made.index) == [7, 7, 9]
    assert "label" not in frame.columns
    assert made["label"].tolist()[0] == "blame"
    assert made["label"].isna().tolist() == [False, True, False]
    assert made["score_blame"].iloc[0] > 0.5
    unique = tone.label_frame(frame.reset_index(drop=True))
    assert unique["label"].isna().tolist() == [False, True, False]
    assert unique.dtypes["label"] == made.dtypes["label"]
    gold = frame.assign(label="neutral")
    with pytest.warns(UserWarning, match="replaced in the copy: label; pass prefix="):
        assert tone.label_frame(gold)["label"].tolist()[0] == "blame"
    assert tone.label_frame(gold, prefix="tone_")[["label", "tone_label"]].iloc[0].tolist() == ["neutral", "blame"]
    with pytest.raises(scr_tone.InputError, match="no column 'sentence'"):
        tone.label_frame(frame, column="sentence")
    assert tone.label_frame(frame.iloc[:0])["label"].tolist() == []


def test_the_label_does_not_hang_on_the_neighbours(tone: scr_tone.ToneAnalyser) -> None:
    alone = {s.text: s.scores for s in tone.analyse("The nurse failed to call back.").sentences}
    among = {s.text: s.scores for s in tone.analyse(TEXT).sentences}
    assert among["The nurse failed to call back."] == alone["The nurse failed to call back."]


def test_another_language_is_warned_about_and_labelled(tone: scr_tone.ToneAnalyser) -> None:
    french = (
        "L'infirmi\u00e8re n'a pas rappel\u00e9 la m\u00e8re. "
        "Personne ne savait qui devait le faire, et le dossier est rest\u00e9 ferm\u00e9 jusqu'au printemps."
    )
    report = tone.analyse(french)
    assert report.sentences
    assert any("English" in warning for warning in report.warnings)
    assert not tone.analyse(TEXT).warnings


@pytest.mark.parametrize("empty", ["", "   \n", "12 34 --", "\x00"])
def test_a_text_without_words_is_an_input_error(tone: scr_tone.ToneAnalyser, empty: str) -> None:
    with pytest.raises(scr_tone.InputError, match="holds no words"):
        tone.analyse(empty)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_report_or_an_input_error(tone: scr_tone.ToneAnalyser, text: str) -> None:
    try:
        report = tone.analyse(text)
    except scr_tone.InputError:
        return
    assert report.document.text == text
    for sentence in report.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
    report.to_json().encode("utf-8")
    report.to_csv()
    report.to_html().encode("utf-8")


def test_wrong_types_and_words_are_said(tone: scr_tone.ToneAnalyser) -> None:
    with pytest.raises(scr_tone.InputError, match="not NoneType; read files with"):
        tone.analyse(None)  # type: ignore[arg-type]
    with pytest.raises(scr_tone.ConfigError, match="prior: is 'natura'"):
        scr_tone.load(prior="natura")


def test_the_repr_of_a_report_holds_no_text(report: scr_tone.Report) -> None:
    assert repr(report) == f"Report(None, {len(report.sentences)} sentences, 1 flagged)"


def test_a_monster_sentence(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse("The nurse " + "and the nurse " * 8_000 + "failed to ring.")
    assert len(report.sentences) == 1
    assert len(report.sentences[0].text) > 100_000
    assert tone.analyse("a" * 100_000).sentences[0].label in LABELS


@pytest.mark.parametrize(
    "text", ["\u201cThey failed him.\u201d", "4.3 \u201cThey failed him.\u201d", "(a) 'They failed him.'"]
)
def test_a_quotation_is_one_behind_its_number_too(tone: scr_tone.ToneAnalyser, text: str) -> None:
    report = tone.analyse(text, skip_quotes=True)
    assert [sentence.skipped for sentence in report.sentences] == ["quote"]


def test_attributes_for_every_sentence(tone: scr_tone.ToneAnalyser) -> None:
    classes, shares = tone.attribute_matrix(["He was seen on 3 May.", "The nurse failed to ring."], "target")
    assert shares.shape == (2, len(classes))
    assert np.allclose(shares.sum(axis=1), 1)
    for name in ("label", "factors", "nothing"):  # several factors may hold at once, so they are no distribution
        with pytest.raises(scr_tone.ConfigError, match="use target, voice, culpability"):
            tone.attribute_matrix(["He was seen."], name)
