"""Corrected shares: intervals that cover, weights that are heeded, samples that are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scr_tone
from scr_tone.annotation.sampling import METHODS, draw_sample, inclusion_by_doubt
from scr_tone.cli import main
from scr_tone.estimation.adjusted import adjusted_shares
from scr_tone.estimation.design import Design
from scr_tone.estimation.predicted import shares_of
from scr_tone.records import LABELS

BASE = np.array([0.08, 0.23, 0.06, 0.63])
CONFUSION = np.array(
    [[0.75, 0.08, 0.05, 0.12], [0.08, 0.75, 0.04, 0.13], [0.06, 0.1, 0.74, 0.1], [0.03, 0.05, 0.02, 0.9]]
)
DOCUMENTS, SIZE, LABELLED = 50, 24, 160


def world(rng: np.random.Generator, *, alike: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Documents, true labels and a model's scores; `alike` is how much sentences of one document resemble each other."""
    shares = rng.dirichlet(BASE * (1 / alike - 1), size=DOCUMENTS) if alike else np.tile(BASE, (DOCUMENTS, 1))
    document = np.repeat(np.arange(DOCUMENTS), SIZE)
    truth = (rng.random(len(document))[:, None] > np.cumsum(shares[document], axis=1)).sum(axis=1).clip(0, 3)
    scores = np.exp(np.log(CONFUSION)[truth] + rng.normal(0, 1, (len(document), 4)))
    return document, truth, scores / scores.sum(axis=1, keepdims=True)


def drawn(
    rng: np.random.Generator, by: str, document: np.ndarray, truth: np.ndarray, scores: np.ndarray
) -> tuple[Design, np.ndarray]:
    """A design as `scr_tone.estimation.matching` makes it, by the same functions that draw the sample."""
    from scr_tone.annotation.sampling import _spread, _systematic

    stratum = scores.argmax(axis=1) if by == "stratified" else np.zeros(len(truth), dtype=int)
    size = np.bincount(stratum)
    if by == "uncertain":
        chance = inclusion_by_doubt(scores, LABELLED)
        rows = _systematic(chance, rng)
    else:
        takes = _spread(size, LABELLED)
        chance = (takes / size)[stratum]
        rows = np.concatenate(
            [rng.choice(np.flatnonzero(stratum == h), takes[h], replace=False) for h in range(len(size))]
        )
    return Design(scores, document, rows, np.eye(4)[truth[rows]], chance[rows], stratum[rows], size, stratum)


@pytest.mark.parametrize(
    ("by", "about", "alike"),
    [
        ("random", "documents", 0.0),
        ("random", "documents", 0.15),
        ("uncertain", "documents", 0.15),
        ("random", "corpus", 0.15),
        ("stratified", "corpus", 0.15),
        ("uncertain", "corpus", 0.15),
    ],
)
def test_intervals_cover(by: str, about: str, alike: float) -> None:
    rng = np.random.default_rng(7)
    covered, adjusted, naive, times = np.zeros(4), np.zeros(4), np.zeros(4), 500
    for _ in range(times):
        document, truth, scores = world(rng, alike=alike)
        design, target = drawn(rng, by, document, truth, scores), BASE
        if about == "corpus":
            target = np.bincount(truth, minlength=4) / len(truth)
        found = shares_of(design, about=about)  # type: ignore[arg-type]
        covered += (found.low <= target) & (target <= found.high)
        found = adjusted_shares(design, about=about)  # type: ignore[arg-type]
        adjusted += (found.low <= target) & (target <= found.high)
        if alike and about == "documents":
            alone = replace(design, document=np.arange(len(truth)))
            found = shares_of(alone)
            naive += (found.low <= target) & (target <= found.high)
    assert 0.93 <= covered.mean() / times <= 0.97, covered / times
    assert covered.min() / times >= 0.915, covered / times
    assert 0.92 <= adjusted.mean() / times <= 0.97, adjusted / times
    if alike and about == "documents":
        assert naive.mean() / times < 0.9, "sentences of one document are not independent, and it must show"


def test_it_is_what_ppi_python_gives() -> None:
    """With independent sentences and a large corpus: figures of ppi_py.ppi_mean_ci (0.2.3), lam=None, on the same numbers."""
    rng = np.random.default_rng(5)
    size, n = 100_000, 300
    truth = rng.random(size) < 0.2
    score = np.clip(0.15 + 0.5 * truth + rng.normal(0, 0.15, size), 0.01, 0.99)
    predicted, right = np.stack([score, 1 - score], axis=1), np.stack([truth, ~truth], axis=1).astype(float)
    one = np.zeros(size, dtype=int)
    design = Design(
        predicted, np.arange(size), np.arange(n), right[:n], np.full(n, n / size), one[:n], np.array([size]), one
    )
    found = shares_of(design)
    assert found.share == pytest.approx([0.18299508, 0.81700492], abs=2e-4)
    assert found.error == pytest.approx([0.01346478, 0.01346478], rel=5e-3)


def test_shares_sum_to_one_and_a_useless_model_is_not_heeded() -> None:
    rng = np.random.default_rng(3)
    document, truth, scores = world(rng, alike=0.1)
    design = drawn(rng, "stratified", document, truth, scores)
    assert shares_of(design).share.sum() == pytest.approx(1)
    assert adjusted_shares(design).share.sum() == pytest.approx(1)
    noise = rng.dirichlet(np.ones(4), size=len(truth))
    useless = replace(design, predicted=noise)
    assert shares_of(useless).factor < 0.15
    assert shares_of(design).factor > 0.5
    constant = replace(design, predicted=np.tile(BASE, (len(truth), 1)))
    assert shares_of(constant).factor == 0


def table(sentences: int = 2000, documents: int = 40, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """A corpus as a model labelled it, and the truth; every sentence with other words."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, sentences, p=BASE)
    scores = np.exp(np.log(CONFUSION)[truth] + rng.normal(0, 1, (sentences, 4)))
    scores /= scores.sum(axis=1, keepdims=True)
    frame = pd.DataFrame(scores, columns=[f"score_{label}" for label in LABELS])
    frame.insert(0, "label", [LABELS[at] for at in scores.argmax(axis=1)])
    frame.insert(0, "text", [f"Sentence number {at} is here." for at in range(sentences)])
    frame.insert(0, "document", [f"d{at * documents // sentences}.docx" for at in range(sentences)])
    return frame, truth


def labelled(
    frame: pd.DataFrame, truth: np.ndarray, n: int = 200, by: str = "random"
) -> list[scr_tone.LabelledSentence]:
    place = {text: at for at, text in enumerate(frame["text"])}
    sample = draw_sample(frame, n, by=by, seed=1)
    return [
        scr_tone.LabelledSentence(row["text"], LABELS[truth[place[row["text"]]]], "mine.jsonl", row)
        for row in sample.to_dict("records")
    ]


@pytest.mark.parametrize("by", METHODS)
def test_from_a_table_to_shares(by: str) -> None:
    frame, truth = table()
    mine = labelled(frame, truth, by=by)
    found = scr_tone.prevalence(frame, mine, about="corpus", confidence=0.999)
    target = np.bincount(truth, minlength=4) / len(truth)
    assert (found.corrected.low <= target).all() and (target <= found.corrected.high).all()
    assert np.allclose(found.counted, frame["label"].value_counts(normalize=True)[list(LABELS)])
    assert (found.worth > found.labelled).all(), (
        "the model knows something, so the correction is sharper than by hand alone"
    )
    wide = scr_tone.prevalence(frame, mine)
    assert (wide.documents, wide.documents_labelled, wide.about) == (40, 40, "documents")
    assert list(found.to_frame()["label"]) == list(LABELS)
    assert json.loads(json.dumps(found.to_dict()))["labels"][0]["corrected"] == pytest.approx(found.corrected.share[0])


def test_an_uneven_sample_would_mislead_without_its_weights() -> None:
    frame, truth = table()
    mine = labelled(frame, truth, n=300, by="uncertain")
    raw = np.mean([one.label == "neutral" for one in mine])
    share = (truth == 3).mean()
    found = scr_tone.prevalence(frame, mine, about="corpus")
    assert raw < share - 0.05
    assert abs(found.by_hand.share[3] - share) < 0.05
    assert abs(found.corrected.share[3] - share) < 0.05


def refuse(match: str, frame: pd.DataFrame, mine: list[scr_tone.LabelledSentence], **settings: object) -> None:
    with pytest.raises(scr_tone.InputError, match=match):
        scr_tone.prevalence(frame, mine, **settings)  # type: ignore[arg-type]


def test_samples_that_say_nothing_are_refused() -> None:
    frame, truth = table()
    mine = labelled(frame, truth)
    bare = [scr_tone.LabelledSentence(s.text, s.label, "", {"document": s.extra["document"]}) for s in mine]
    refuse("49 labelled sentences are too few", frame, mine[:49])
    refuse("does not say how its sentences were drawn", frame, bare)
    refuse("drawn from another corpus", frame[:1990], [s for s in mine if s.text in set(frame["text"][:1990])])
    refuse(
        "200 of 200 labelled sentences are not in the corpus", frame.assign(text=frame["text"] + "x"), bare, random=True
    )
    refuse("labelled twice", frame, [*mine, mine[0]])
    refuse("mixes sentences of 2 samples", frame, mine[:100] + labelled(frame, truth, n=150)[:20])
    few = frame.assign(document=["a", "b"] * 1000)
    refuse("labels in 2 documents, and it takes 10", few, labelled(few, truth))
    stratified = labelled(frame, truth, by="stratified")
    one = stratified[0].extra["stratum"]
    refuse("whole stratum", frame, [s for s in stratified if s.extra["stratum"] != one])
    with pytest.raises(scr_tone.ConfigError, match="about"):
        scr_tone.prevalence(frame, mine, about="everything")  # type: ignore[arg-type]
    with pytest.raises(scr_tone.ConfigError, match="confidence"):
        scr_tone.prevalence(frame, mine, confidence=95)


def test_sentences_that_somebody_picked_are_found_out() -> None:
    frame, truth = table()
    by_blame = frame["score_blame"].to_numpy().argsort()[::-1][:200]
    picked = [
        scr_tone.LabelledSentence(frame["text"][at], LABELS[truth[at]], "", {"document": frame["document"][at]})
        for at in by_blame
    ]
    refuse("no random sample of the corpus: its mean score for blame", frame, picked, random=True)
    rng = np.random.default_rng(2)
    fair = [
        scr_tone.LabelledSentence(frame["text"][at], LABELS[truth[at]], "", {"document": frame["document"][at]})
        for at in rng.choice(len(frame), 200, replace=False)
    ]
    assert scr_tone.prevalence(frame, fair, random=True).labelled == 200


def test_notes_say_what_to_doubt() -> None:
    frame, truth = table()
    mine = labelled(frame, truth)
    notes = " ".join(
        scr_tone.prevalence(frame.drop(columns="document"), labelled(frame.drop(columns="document"), truth)).notes
    )
    assert "names no documents" in notes
    assert "200 sentences were drawn and 150 have a label" in " ".join(scr_tone.prevalence(frame, mine[:150]).notes)


def test_the_table_and_the_labelled_file_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame, truth = table()
    frame.to_csv(tmp_path / "corpus.csv", index=False)
    mine = labelled(frame, truth)
    lines = [
        json.dumps(
            {
                "text": s.text,
                "label": s.label,
                **{
                    k: v
                    for k, v in s.extra.items()
                    if k in ("document", "id", "inclusion_probability", "stratum", "stratum_size", "sample")
                },
            }
        )
        for s in mine
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = ["prevalence", str(tmp_path / "corpus.csv"), "--labelled", str(tmp_path / "mine.jsonl")]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "2,000 sentences in 40 documents; 200 of them labelled by hand" in out and err == ""
    direct = scr_tone.prevalence(tmp_path / "corpus.csv", tmp_path / "mine.jsonl")
    assert main([*command, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == direct.to_dict()
    assert main([*command, "--output", str(tmp_path / "shares.csv")]) == 0
    assert pd.read_csv(tmp_path / "shares.csv")["corrected"].tolist() == pytest.approx(direct.corrected.share.tolist())
    assert main([*command[:2], "--labelled", str(tmp_path / "none.jsonl")]) == 3
    assert "no such file" in capsys.readouterr().err
