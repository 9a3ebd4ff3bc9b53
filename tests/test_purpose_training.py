"""What the purpose profile is trained and measured on, and that the training can be had again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import scr_tone
from scr_tone.errors import InputError
from scr_tone.labelled import FOLDS, read_labelled, read_labelled_folder
from scr_tone.purpose.model import ALL_KINDS, SentenceModel, bundled
from scr_tone.purpose.rules import readings
from scr_tone.purpose.statuses import QUESTIONS
from scr_tone.training.purpose.__main__ import errors, main, ways
from scr_tone.training.purpose.fit import fit, fit_folds
from scr_tone.training.purpose.material import ALWAYS, ONLY_AT_LAST, SETS, documents, examples
from scr_tone.training.purpose.table import STATUSES, measure, table


@pytest.fixture(scope="module")
def data(root: Path) -> Path:
    return root / "data"


@pytest.fixture(scope="module")
def texts(data: Path):
    return documents(data)


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_documents(texts) -> None:
    assert len({text.id for text in texts}) == len(texts)
    assert {text.set for text in texts} == set(SETS)
    for text in texts:
        assert set(text.statuses) == set(text.evidence) == set(QUESTIONS)
        for question in QUESTIONS:
            assert text.statuses[question] in STATUSES
            assert bool(text.evidence[question]) == (text.statuses[question] != "not_found"), (text.id, question)
            assert all(0 <= index < len(text.sentences) for index in text.evidence[question])
    assert {text.fold for text in texts} == set(range(FOLDS))


def test_what_two_readers_said_agrees(data: Path) -> None:
    for row in rows(data / "purpose.jsonl"):
        assert all(row["blind"][question] == row[question] for question in QUESTIONS), row["id"]


def test_every_sentence_of_evidence_is_of_some_kind(data: Path, texts) -> None:
    kinds = {row["id"]: row["kinds"] for row in rows(data / "purpose_kinds.jsonl")}
    assert set(kinds) == {text.id for text in texts}
    for text in texts:
        evidence = {index for found in text.evidence.values() for index in found}
        assert evidence <= {int(index) for index in kinds[text.id]}, text.id
        assert {kind for found in kinds[text.id].values() for kind in found} <= {*ALL_KINDS, "?"}


def test_sentences(data: Path) -> None:
    found = rows(data / "purpose_sentences.jsonl")
    names = [row.get("text") or row["authored"] for row in found]
    assert len(set(names)) == len(names) > 1000
    ids = {sentence.extra["id"] for sentence in read_labelled_folder(data / "authored")}
    for row in found:
        assert ("text" in row) != ("authored" in row)
        assert set(row["kinds"]) <= set(ALL_KINDS)
        assert not set(row["kinds"]) & set(row.get("unsure", ()))
        assert row.get("after") in (None, "documents")
        assert "text" in row or row["authored"] in ids


def test_nothing_is_near_an_evaluation_set_or_an_example(data: Path, texts, root: Path) -> None:
    ours = [sentence for text in texts for sentence in text.sentences]
    ours += [row["text"] for row in rows(data / "purpose_sentences.jsonl") if "text" in row]
    seen = set().union(*map(shingles, ours))
    for path in (data / "evaluation").glob("*.jsonl"):
        for sentence in read_labelled(path):
            assert not shingles(sentence.text) & seen, sentence.extra.get("id")
    for name in ("draft_review_child_m.docx", "review_family_r.pdf", "cover_letter.txt"):
        assert not shingles(scr_tone.read(root / "examples" / name).text) & seen, name


def test_what_is_always_trained_on_is_not_near_the_documents(data: Path, texts) -> None:
    seen = set().union(*(shingles(sentence) for text in texts for sentence in text.sentences))
    for row in rows(data / "purpose_sentences.jsonl"):
        if "text" in row and "after" not in row:
            assert not shingles(row["text"]) & seen, row["text"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"purpose\.jsonl: no such file"):
        documents(tmp_path)


def test_a_fold_has_seen_nothing_of_itself(monkeypatch) -> None:
    seen: list[set[int]] = []
    monkeypatch.setattr("scr_tone.training.purpose.fit.fit", lambda part, _: seen.append({one.fold for one in part}))

    class Stub:
        def __init__(self, fold: int) -> None:
            self.fold = fold

    fit_folds([Stub(fold) for fold in (*range(FOLDS), ALWAYS, ONLY_AT_LAST)])  # type: ignore[arg-type]
    assert [set(range(FOLDS)) - part for part in seen] == [{fold} for fold in range(FOLDS)]
    assert all(ALWAYS in part and ONLY_AT_LAST not in part for part in seen)


def test_the_model_is_the_same_after_writing_and_reading() -> None:
    model = bundled()
    again = SentenceModel.from_bytes(model.to_bytes())
    assert again.to_bytes() == model.to_bytes()
    read = list(readings(["The purpose of this review is to learn.", "It rained.", "Father is awaiting trial."]))
    assert np.array_equal(again.scores(read), model.scores(read))
    assert not model.scores(read)[1].any()


def test_training_measuring_and_telling(data: Path, texts) -> None:
    some = [*texts[:10], *texts[-10:]]
    known = examples(data, some)
    assert fit(known[:400]).to_bytes() == fit(known[:400]).to_bytes()
    found = ways(some, known)
    lines = table({way: measure(some, decided) for way, decided in found.items()})
    assert sum("| both |" in line for line in lines) == len(SETS) * len(QUESTIONS)
    told = errors(some, found["rules"])
    wrong = sum(found["rules"][t.id][q].status != t.statuses[q] for t in some for q in QUESTIONS)
    assert sum(not line.startswith("  ") for line in told) == wrong


@pytest.mark.minutes
def test_the_training_can_be_had_again(root: Path, tmp_path: Path, capsys) -> None:
    assert main(["--output", str(tmp_path / "x.npz"), "--about", str(tmp_path / "x.md")]) == 0
    printed = capsys.readouterr().out
    assert (tmp_path / "x.npz").read_bytes() == (root / "scr_tone" / "resources" / "purpose.npz").read_bytes()
    assert printed.strip() in (root / "models" / "PURPOSE.md").read_text(encoding="utf-8")
    accuracies = [float(line.split("|")[5].split()[0]) for line in printed.splitlines() if "| both |" in line]
    assert len(accuracies) == 6
    assert min(accuracies) >= 0.8
