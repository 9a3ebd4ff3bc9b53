"""The data: well-formed, split by case, described by what is counted, and without a leak into the evaluation sets."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import scr_tone
from scr_tone.labelled import FOLDS, fold_of, group_of, read_labelled, read_labelled_folder
from scr_tone.records import LABELS
from scr_tone.training.examples import CLASSES
from scr_tone.training.pointing import marked

TARGETS = {"practitioner", "agency", "family", "child", "perpetrator", "system", "none"}


@pytest.fixture(scope="module")
def authored(root: Path):
    return read_labelled_folder(root / "data" / "authored")


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_fields(authored) -> None:
    assert len(authored) > 20_000
    assert len({s.extra["id"] for s in authored}) == len(authored)
    assert len({s.text for s in authored}) == len(authored)
    for sentence in authored:
        assert sentence.extra["label_blind"] in LABELS
        assert sentence.extra["second_choice"] in {*LABELS, "-"}
        assert sentence.extra["target"] in TARGETS
        assert sentence.extra["voice"] in {"review", "reported"}


def test_every_learning_sentence_has_its_factors_and_no_other_has(authored, root: Path) -> None:
    learning = {s.extra["id"] for s in authored if s.label == "learning"}
    for name in ("factors.jsonl", "factors_again.jsonl"):
        rows = [json.loads(line) for line in (root / "data" / name).read_text(encoding="utf-8").splitlines()]
        ids = {row["id"] for row in rows}
        assert len(ids) == len(rows)
        assert ids == learning if name == "factors.jsonl" else ids < learning
        assert all(set(row["factors"]) <= set(CLASSES["factors"]) for row in rows)


def test_the_factors_of_the_evaluation_set_are_by_two_readers(root: Path) -> None:
    learning = {
        s.extra["id"] for s in read_labelled(root / "data/evaluation/review_dev.jsonl") if s.label == "learning"
    }
    rows = [json.loads(line) for line in (root / "data/factors_eval.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["id"] for row in rows} == learning
    assert len(rows) == len(learning)
    for row in rows:
        assert set(row["factors"]) | set(row["factors_blind"]) <= set(CLASSES["factors"])
    same = sum(set(row["factors"]) == set(row["factors_blind"]) for row in rows)
    assert same / len(rows) > 0.9


def test_marked_words_are_in_their_sentences(authored, root: Path) -> None:
    review = read_labelled(root / "data/evaluation/review_dev.jsonl")
    for name, sentences in (("telling", authored), ("telling_eval", review), ("telling_again", [*authored, *review])):
        rows = [json.loads(line) for line in (root / f"data/{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        assert len({row["id"] for row in rows}) == len(rows)
        found = marked(root / f"data/{name}.jsonl", sentences)
        assert len(found) == len(rows)
        assert {sentence.label for sentence in found} == set(LABELS) - {"neutral"}
        for sentence in found:
            assert all(sentence.text.count(sentence.text[start:end]) == 1 for start, end in sentence.places)
            assert all(len(sentence.text[start:end].split()) <= 20 for start, end in sentence.places)


def test_what_was_set_aside_is_not_trained_on(authored, root: Path) -> None:
    files = {s.file for s in authored}
    trained = {key for s in authored for key in (s.extra["id"], s.extra["case"] + s.text)}
    for sentence in read_labelled(root / "data" / "disputed.jsonl"):
        extra = sentence.extra
        assert extra["file"] in files
        assert (sentence.label == extra["label_blind"]) == ("why" in extra)
        assert not {extra["id"], extra["case"] + sentence.text} & trained


def test_the_split_keeps_cases_and_contrast_sets_together(authored, root: Path) -> None:
    split = json.loads((root / "data" / "split.json").read_text(encoding="utf-8"))
    folds_of_case = defaultdict(set)
    for sentence in authored:
        fold = split["groups"][group_of(sentence)]
        assert fold == fold_of(group_of(sentence))
        key = (sentence.file, sentence.extra["set"]) if "set" in sentence.extra else sentence.extra["case"]
        folds_of_case[key].add(fold)
    assert all(len(folds) == 1 for folds in folds_of_case.values())
    sizes = [sum(fold_of(group_of(s)) == fold for s in authored) for fold in range(FOLDS)]
    assert min(sizes) > 0.8 * len(authored) / FOLDS


def test_no_evaluation_sentence_leaks_into_training(authored, root: Path) -> None:
    ours = [*authored, *read_labelled(root / "data" / "disputed.jsonl")]
    seen = set().union(*(shingles(s.text) for s in ours))
    short = {" ".join(re.findall(r"[a-z0-9']+", s.text.lower())) for s in ours}
    paths = [*(root / "data" / "evaluation").glob("*.jsonl"), *(root.parent / "shared" / "data").glob("*_dev.jsonl")]
    assert paths
    for path in paths:
        for sentence in read_labelled(path):
            assert not shingles(sentence.text) & seen, (path.name, sentence.extra.get("id"))
            assert " ".join(re.findall(r"[a-z0-9']+", sentence.text.lower())) not in short


def test_no_example_leaks_into_training(authored, root: Path) -> None:
    seen = set().union(*(shingles(s.text) for s in authored))
    for name in ("draft_review_child_m.docx", "review_family_r.pdf", "cover_letter.txt"):
        assert not shingles(scr_tone.read(root / "examples" / name).text) & seen, name


def test_the_datasheet_is_up_to_date(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "describe_data.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no labelled sentence"),
        ("not json", "line 1: is not JSON"),
        ('{"text": "A.", "label": "neutral"}\n{"label": "neutral"}', 'line 2: has no "text"'),
        ('{"text": "A.", "label": "guilty"}', "has another label; use one of blame"),
        ("[1]", 'has no "text"'),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "x.jsonl").write_text(content)
    with pytest.raises(scr_tone.InputError, match=message):
        read_labelled(tmp_path / "x.jsonl")


def test_missing_and_undecodable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(scr_tone.InputError, match="no such file"):
        read_labelled(tmp_path / "x.jsonl")
    (tmp_path / "x.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(scr_tone.InputError, match="not UTF-8"):
        read_labelled(tmp_path / "x.jsonl")
    with pytest.raises(scr_tone.InputError, match="holds no .jsonl"):
        read_labelled_folder(tmp_path / "empty")
