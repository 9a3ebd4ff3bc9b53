"""Sentences go out to be labelled and come back: sampling, the three forms, import, agreement."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import scr_tone
from scr_tone.annotation.agreement import agreement_of
from scr_tone.annotation.forms import csv_form, doccano_form, label_studio_config, label_studio_form
from scr_tone.annotation.incoming import Annotation, read_annotations
from scr_tone.annotation.sampling import METHODS, draw_sample, origin_of
from scr_tone.annotation.settling import settle
from scr_tone.cli import main
from scr_tone.labelled import read_labelled, reports_of
from scr_tone.records import LABELS
from scr_tone.tables import corpus_of


def corpus(sentences: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    scores = rng.dirichlet([0.4, 0.8, 0.3, 3], size=sentences)
    frame = pd.DataFrame(scores, columns=[f"score_{label}" for label in LABELS])
    return frame.assign(
        document=[f"d{at // 20}.docx" for at in range(sentences)],
        text=[f"Sentence {at} \u2013 it\u2019s here." for at in range(sentences)],
        label=[LABELS[at] for at in scores.argmax(axis=1)],
        page=pd.array([at // 10 if at % 3 else None for at in range(sentences)], dtype="Int64"),
        section="Findings",
        skipped=[None if at % 20 else "heading" for at in range(sentences)],
    )


# --- sampling -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", METHODS)
def test_every_sentence_is_drawn_as_often_as_it_says(by: str) -> None:
    sentences, times = corpus_of(corpus()), 200
    seen, told, sizes = Counter(), {}, []
    for seed in range(times):
        drawn = draw_sample(sentences, 30, by=by, seed=seed)
        texts, chances = drawn["text"].tolist(), drawn["inclusion_probability"].tolist()
        assert len(set(texts)) == 30
        for text, chance in zip(texts, chances, strict=True):
            assert told.setdefault(text, chance) == chance
        seen.update(texts)
        sizes.append(sum(1 / chance for chance in chances))
    for text, chance in told.items():
        error = np.sqrt(chance * (1 - chance) / times)
        assert abs(seen[text] / times - chance) <= 4.5 * error + 1e-9
    # The inverse probabilities stand for the whole corpus, headings not counted.
    assert np.mean(sizes) == pytest.approx(114, rel=0.05)


def test_the_same_seed_draws_the_same_and_context_stays_in_the_document() -> None:
    frame = corpus()
    one, again = draw_sample(frame, 50, seed=3), draw_sample(frame, 50, seed=3)
    assert one.equals(again)
    place = {text: at for at, text in enumerate(frame["text"])}
    for row in one.to_dict("records"):
        at = place[row["text"]]
        assert row["before"] == frame["text"][at - 1]  # a heading too, which is no sentence to label
        assert row["after"] == ("" if at % 20 == 19 else frame["text"][at + 1])
    origin = origin_of(one["sample"].iloc[0])
    assert origin is not None and origin[:4] == ("random", 50, 114, 3)


def test_a_table_as_corpus_writes_it() -> None:
    """With path and document_id for the document, and what repeats as categories, as Parquet gives them back."""
    frame = corpus().rename(columns={"document": "path"}).assign(document_id="c0ffee")
    frame = frame.astype(dict.fromkeys(["path", "document_id", "label", "section", "skipped"], "category"))
    drawn = draw_sample(frame, 60, by="stratified")
    assert drawn["document"].nunique() == 6 and drawn["skipped"].isna().all()
    assert json.loads(label_studio_form(drawn))[0]["data"]["document"].endswith(".docx")


def test_uneven_samples_favour_what_they_are_for() -> None:
    frame = corpus(2000)
    top = frame[[f"score_{label}" for label in LABELS]].max(axis=1).mean()
    uncertain = draw_sample(frame, 200, by="uncertain")
    assert uncertain[[f"score_{label}" for label in LABELS]].max(axis=1).mean() < top - 0.02
    rare = (frame["label"] == "accountability").mean()
    assert (draw_sample(frame, 200, by="stratified")["label"] == "accountability").mean() > 1.3 * rare


@pytest.mark.parametrize(
    ("frame", "settings", "match"),
    [
        (corpus(), {"n": 500}, "500 sentences were asked for and there are 114"),
        (corpus(), {"n": 0}, "size of 1 or more"),
        (corpus(), {"n": 5, "by": "magic"}, "use random, stratified, uncertain"),
        (corpus().drop(columns="score_blame"), {"n": 5, "by": "uncertain"}, "has no scores"),
        (corpus().drop(columns="label"), {"n": 5}, "has no column label"),
        (corpus().assign(label="anger"), {"n": 5}, "row 1 has another label"),
        (corpus().assign(score_blame=2.0), {"n": 5}, "scores that do not sum to 1"),
        (pd.concat([corpus(), corpus()]), {"n": 5}, "sentences twice|same document"),
        (corpus().assign(skipped="table"), {"n": 5}, "no sentence that counts"),
    ],
)
def test_what_cannot_be_drawn_is_said(frame: pd.DataFrame, settings: dict, match: str) -> None:
    if "twice" in match:
        frame = frame.assign(id=[f"x{at % 120}" for at in range(len(frame))])
    with pytest.raises(scr_tone.ScrToneError, match=match):
        draw_sample(frame, **settings)


# --- out ----------------------------------------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    frame = corpus()
    frame.loc[1, "text"] = '=HYPERLINK("x") was in the note.'
    sample = draw_sample(frame, 114)
    text = csv_form(sample)
    assert text.startswith("\ufeffbefore,text,after,label,annotator,note,suggested,")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert len(rows) == 114
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]
    assert all(row["label"] == row["annotator"] == "" and row["key"].startswith("#") for row in rows)
    assert {row["suggested"] for row in rows} <= set(LABELS)
    blind = csv_form(sample, blind=True)
    assert "suggested" not in blind and not set(LABELS) & set(blind.replace(",", " ").split())


def test_label_studio_tasks_fit_their_interface() -> None:
    sample = draw_sample(corpus(), 20, by="stratified")
    tasks, config = json.loads(label_studio_form(sample)), ElementTree.fromstring(label_studio_config())
    names = {element.get("name") for element in config}
    shown = {element.get("value", "")[1:] for element in config.iter("Text")}
    assert [choice.get("value") for choice in config.iter("Choice")] == list(LABELS)
    for task, row in zip(tasks, sample.to_dict("records"), strict=True):
        assert shown <= set(task["data"])
        (prediction,) = task["predictions"]
        (result,) = prediction["result"]
        assert {result["from_name"], result["to_name"]} <= names
        assert result["value"]["choices"] == [row["label"]]
        assert prediction["score"] == pytest.approx(row[f"score_{row['label']}"], abs=1e-4)
        assert task["data"]["text"] == row["text"] and "id" not in task["data"]
    assert all("predictions" not in task for task in json.loads(label_studio_form(sample, blind=True)))


def test_doccano_lines() -> None:
    sample = draw_sample(corpus(), 20)
    lines = [json.loads(line) for line in doccano_form(sample).splitlines()]
    assert [line["label"] for line in lines] == [[label] for label in sample["label"]]
    assert all(line["label"] == [] for line in map(json.loads, doccano_form(sample, blind=True).splitlines()))


# --- back ---------------------------------------------------------------------------------------------------------------


def truth_of(text: str) -> str:
    return LABELS[int(text.split()[1]) % 4]


def filled_csv(sample: pd.DataFrame, path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> None:
    rows = list(csv.DictReader(io.StringIO(csv_form(sample)[1:], newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        row["label"] = f" {truth_of(row['text']).upper()} "
        if delimiter == ";":
            row["inclusion_probability"] = row["inclusion_probability"].replace(".", ",")
        writer.writerow(row)
    path.write_bytes(out.getvalue().encode(encoding, "replace"))


def exported(sample: pd.DataFrame, form: str, folder: Path) -> Path:
    """The sample as each program gives it back."""
    path = folder / {"doccano": "anna.jsonl", "label-studio": "export.json", "min": "min.json"}.get(form, "anna.csv")
    if form == "csv":
        filled_csv(sample, path)
    elif form == "excel":
        filled_csv(sample, path, delimiter=";", encoding="cp1252")
    elif form == "doccano":
        rows = [json.loads(line) for line in doccano_form(sample).splitlines()]
        lines = [{"id": 7 + at, **row, "label": [truth_of(row["text"])], "Comments": []} for at, row in enumerate(rows)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    else:
        tasks = json.loads(label_studio_form(sample))
        for at, task in enumerate(tasks):
            chosen = {"from_name": "label", "type": "choices", "value": {"choices": [truth_of(task["data"]["text"])]}}
            note = {"from_name": "note", "type": "textarea", "value": {"text": ["not sure"]}}
            task |= {"id": at, "annotations": [{"completed_by": {"email": "anna"}, "result": [chosen, note]}]}
            task["annotations"].append({"completed_by": 2, "was_cancelled": True, "result": []})
        if form == "min":
            tasks = [
                {
                    **t["data"],
                    "id": t["id"],
                    "label": truth_of(t["data"]["text"]),
                    "annotator": "anna",
                    "lead_time": 3.1,
                }
                for t in tasks
            ]
        path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "excel", "doccano", "label-studio", "min"])
def test_what_went_out_comes_back(form: str, tmp_path: Path) -> None:
    frame = corpus()
    frame.loc[1, "text"] = "=1 1 looks like a formula."
    sample = draw_sample(frame, 60, by="uncertain", seed=2)
    incoming = read_annotations([exported(sample, form, tmp_path)])
    assert len(incoming.annotations) == 60
    expected = {(row["document"], row["id"]): row for row in sample.to_dict("records")}
    for one in incoming.annotations:
        row = expected[one.sentence]
        assert (one.label, one.annotator) == (truth_of(row["text"]), "anna")
        if form != "excel":  # whose encoding has no such dash
            assert one.text == row["text"]
        assert one.extra["inclusion_probability"] == pytest.approx(row["inclusion_probability"])
        assert one.extra["sample"] == row["sample"] and one.extra["stratum_size"] == 114
    if form == "label-studio":
        assert incoming.annotations[0].extra["note"] == "not sure"


def test_imported_lines_are_labelled_sentences_of_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = draw_sample(corpus(), 40)
    anna = exported(sample, "csv", tmp_path)
    ben = tmp_path / "ben.jsonl"
    rows = [json.loads(line) for line in doccano_form(sample).splitlines()]
    for at, row in enumerate(rows):
        row["label"] = ["blame" if at < 4 else truth_of(row["text"])] if at else []
    ben.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ties = sum(truth_of(row["text"]) != "blame" for row in rows[1:4])
    assert ties > 0
    target = tmp_path / "mine.jsonl"
    assert main(["import", str(anna), str(ben), "-o", str(target)]) == 0
    out, err = capsys.readouterr()
    assert f"{40 - ties} labelled sentences by anna, ben" in out
    assert "1 sentence without a label left out" in err
    assert f"{ties} sentences left out, as no label has most voices" in err
    mine = read_labelled(target)
    assert len(mine) == 40 - ties and reports_of(mine) == [one.extra["document"] for one in mine]
    assert main(["import", str(anna), str(ben), "-o", str(target), "--adjudicator", "ben"]) == 0
    assert len(read_labelled(target)) == 40
    again = read_annotations([target])  # what we wrote keeps both labels, so agreement can be asked of it
    both = read_annotations([anna, ben])
    assert {(o.sentence, o.annotator, o.label) for o in again.annotations} == {
        (o.sentence, o.annotator, o.label) for o in both.annotations
    }
    assert main(["import", str(anna), "-o", str(target), "--adjudicator", "zoe"]) == 2
    assert "zoe" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.csv", "text,label\nIt rained.,neutral\nShe rang.,anger\n", r"a.csv, line 3: has the label 'anger'.*blame.*--map"),
        ("a.csv", "text,label\nIt rained.,She failed to ring the nurse.\n", "line 2: has the label a longer text"),
        ("a.csv", "text,mark\nIt rained.,neutral\n", "none of the forms"),
        ("a.csv", "text,label\nIt rained.,\n", "holds no label; fill in the column label"),
        ("a.csv", "text,label,inclusion_probability\nIt rained.,neutral,1/9\n", "inclusion_probability '1/9'"),
        ("a.jsonl", '{"text": "It rained.", "label": ["blame", "neutral"]}\n', "line 1: has 2 labels"),
        ("a.jsonl", '{"text": "It rained.", "annotations": [{"label": 3}]}\n', "export from doccano as JSONL"),
        ("a.jsonl", '{"text": "It rained."\n', "line 1: is not JSON"),
        ("a.jsonl", '{"label": ["blame"]}\n', "line 1: has no text"),
        ("a.json", '[{"id": 12, "text": "A.", "label": "x", "annotator": 1}]', "task 12: has the label 'x'"),
        ("a.json", "[1]", "task 1: is no task"),
        ("a.json", "[", "is not JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, content: str, match: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(scr_tone.InputError, match=match) as caught:
        read_annotations([tmp_path / name])
    assert caught.value.remedy
    assert "failed to ring" not in str(caught.value)


def test_other_names_of_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("text,label\nIt rained.,Fakten\n", encoding="utf-8")
    target = tmp_path / "mine.jsonl"
    assert main(["import", str(tmp_path / "a.csv"), "--map", "fakten=neutral", "-o", str(target)]) == 0
    assert read_labelled(target)[0].label == "neutral"
    assert main(["import", str(tmp_path / "a.csv"), "--map", "fakten=facts", "-o", str(target)]) == 2
    assert "NAME=LABEL" in capsys.readouterr().err
    assert main(["import", str(tmp_path / "none.csv"), "-o", str(target)]) == 3


# --- agreement ----------------------------------------------------------------------------------------------------------


def said(rows: list[str]) -> list[Annotation]:
    """Annotations from strings, a letter for each annotator's label, a stop for none."""
    return [
        Annotation(f"Text {at}.", next(label for label in LABELS if label[0] == letter), f"coder {who}", str(at))
        for at, row in enumerate(rows)
        for who, letter in enumerate(row)
        if letter != "."
    ]


def test_alpha_is_that_of_the_formula_where_people_skip_sentences() -> None:
    units = ["bb.b", "ll.l", ".aaa", "aaaa", "llll", "blal", "nnnn", "bblb", "llll", ".aa.", "..bb", "...n"]
    found = agreement_of(said(units), resamples=200)
    assert (found.sentences, found.single) == (11, 1)
    assert found.alpha == pytest.approx(alpha_by_hand(units))
    assert found.interval[0] < found.alpha < found.interval[1] <= 1


def alpha_by_hand(units: list[str]) -> float:
    """Krippendorff's formula, pair by pair."""
    values = [[letter for letter in unit if letter != "."] for unit in units]
    values = [unit for unit in values if len(unit) > 1]
    everything = [letter for unit in values for letter in unit]
    total = len(everything)
    observed = sum(
        sum(one != other for at, one in enumerate(unit) for to, other in enumerate(unit) if at != to) / (len(unit) - 1)
        for unit in values
    )
    expected = sum(one != other for at, one in enumerate(everything) for to, other in enumerate(everything) if at != to)
    return 1 - (total - 1) * observed / expected


def test_agreement_by_label_and_the_disagreements() -> None:
    rows = ["bb"] * 8 + ["ll"] * 10 + ["nn"] * 20 + ["bn"] * 3 + ["ln"] + ["n."] * 5
    found = agreement_of(said(rows), resamples=100)
    assert (found.sentences, found.single) == (42, 5)
    assert found.alpha == pytest.approx(alpha_by_hand(rows))
    assert found.per_label["blame"].given == 19
    assert found.per_label["blame"].again == pytest.approx(16 / 19)
    assert found.per_label["blame"].alpha == pytest.approx(alpha_by_hand([row.replace("l", "n") for row in rows]))
    assert np.isnan(found.per_label["accountability"].alpha)
    assert dict(found.pairs) == {("blame", "neutral"): 3, ("learning", "neutral"): 1}
    assert len(found.disagreements) == 4
    json.dumps(found.to_dict(), allow_nan=False)
    perfect = agreement_of(said(["bb", "nn"] * 6), resamples=50)
    assert (perfect.alpha, perfect.disagreements) == (1.0, ())
    with pytest.raises(scr_tone.InputError, match="9 sentences were labelled by two people"):
        agreement_of(said(["bb"] * 9 + ["b."] * 30))


def test_agreement_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    sample = draw_sample(corpus(), 60)
    anna, ben = tmp_path / "anna.csv", tmp_path / "ben.csv"
    filled_csv(sample, anna)
    ben.write_text(anna.read_text(encoding="utf-8").replace("BLAME", "NEUTRAL"), encoding="utf-8")
    listed = tmp_path / "differ.csv"
    assert main(["agreement", str(anna), str(ben), "--disagreements", str(listed)]) == 0
    out = capsys.readouterr().out
    assert "Krippendorff's alpha" in out and "blame or neutral" in out and "Sentence" not in out
    rows = list(csv.DictReader(io.StringIO(listed.read_text(encoding="utf-8-sig"), newline="")))
    assert {(row["anna"], row["ben"]) for row in rows} == {("blame", "neutral")}
    # What is settled on can be filled in there and goes back with the others.
    text = listed.read_text(encoding="utf-8").replace(",blame,neutral,,,", ",blame,neutral,blame,chair,")
    listed.write_text(text, encoding="utf-8")
    target = tmp_path / "mine.jsonl"
    files = [str(anna), str(ben), str(listed)]
    assert main(["import", *files, "--adjudicator", "chair", "-o", str(target)]) == 0
    assert sum(one.label == "blame" for one in read_labelled(target)) == len(rows)
    capsys.readouterr()
    assert main(["agreement", str(anna), str(ben), "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["disagreements"]) == len(rows)
    monkeypatch.setitem(__import__("sys").modules, "krippendorff", None)
    assert main(["agreement", str(anna), str(ben)]) == 2
    assert "scr-tone[research]" in capsys.readouterr().err


def test_three_people_outvote_one() -> None:
    settled = settle(said(["bbn", "bln"]))
    assert [record["label"] for record in settled.records] == ["blame"] and len(settled.ties) == 1


# --- the commands -------------------------------------------------------------------------------------------------------


def test_sample_from_documents_and_tables(tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = [str(root / "examples" / name) for name in ("cover_letter.txt", "draft_review_child_m_v05.docx")]
    target = tmp_path / "sample.json"
    assert main(["sample", *drafts, "-n", "25", "--seed", "4", "-o", str(target)]) == 0
    assert "random 25 of" in capsys.readouterr().out
    tasks = json.loads(target.read_text(encoding="utf-8"))
    assert ElementTree.fromstring((tmp_path / "sample.xml").read_text(encoding="utf-8")).tag == "View"
    table = tmp_path / "table.csv"
    assert main(["check", *drafts, "--format", "csv", "--output", str(table)]) == 0
    assert main(["sample", str(table), "-n", "25", "--seed", "4", "-o", str(tmp_path / "again.json")]) == 0
    again = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert [task["data"]["text"] for task in again] == [task["data"]["text"] for task in tasks]
    assert main(["sample", str(table), drafts[0], "-o", str(tmp_path / "x.csv")]) == 2
    assert main(["sample", str(table), "-o", str(tmp_path / "x.docx")]) == 2
    assert main(["sample", str(tmp_path / "none.parquet"), "-o", str(tmp_path / "x.csv")]) == 3
    err = capsys.readouterr().err
    assert "mixed" in err and "--form" in err and "none.parquet" in err and "Traceback" not in err
