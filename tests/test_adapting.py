"""A model adapted to own labels: what is learned, what is held out, what is said about it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import scr_tone
from scr_tone import paired
from scr_tone.artefact import load, pin, save
from scr_tone.cli import main
from scr_tone.evaluation import metrics
from scr_tone.labelled import LabelledSentence, group_of
from scr_tone.paired import paired_difference
from scr_tone.records import LABELS
from scr_tone.scorer import TextModel, softmax
from scr_tone.training.adapt import recalibrated, retrained
from scr_tone.training.own import held_out_groups, sampling_weights
from scr_tone.training.recalibrate import fit_map, label_logits, with_map

WHO = ["nurse", "school", "ward", "police", "council", "doctor", "teacher", "manager", "clinic", "team"]


def own(n: int = 240, *, wrong: float = 0.3, seed: int = 0) -> list[LabelledSentence]:
    """Sentences that the tiny model is too sure of: what reads as learning is by house rule neutral in some."""
    rng = np.random.default_rng(seed)
    patterns = {
        "blame": "The {} failed to ring on day {}.",
        "learning": "Caseloads in the {} were high on day {}.",
        "accountability": "The {} accepts this and apologises on day {}.",
        "neutral": "The {} visited on 3 May on day {}.",
    }
    found = []
    for at in range(n):
        label = str(rng.choice(LABELS, p=[0.1, 0.3, 0.1, 0.5]))
        text = patterns[label].format(rng.choice(WHO), at)
        said = "neutral" if label == "learning" and rng.random() < 2 * wrong else label
        found.append(LabelledSentence(text, said, "own.jsonl", {"document": f"d{at % 24}"}))
    return found


def written(sentences: list[LabelledSentence], path: Path) -> Path:
    lines = [json.dumps({"text": s.text, "label": s.label, **s.extra}) for s in sentences]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def base(tiny_model: TextModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "base"
    data = {"sentences": 120, "sha256": "0" * 64}
    save(tiny_model, folder, name="base", features={"ngrams": 1}, data=data, scores={})
    return folder


def test_recalibrating_helps_where_the_scores_are_off(base: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    data = written(own(), tmp_path / "own.jsonl")
    found = recalibrated(data, tmp_path / "mine", base=base, trusted=True)
    assert found.difference["log_loss"]["verdict"] == "better"
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before
    with pytest.raises(scr_tone.ModelError, match="trust"):
        scr_tone.load(tmp_path / "mine")
    mine, old = scr_tone.load(tmp_path / "mine", trusted=True), scr_tone.load(base, trusted=True)
    fresh = own(200, seed=9)
    texts, truth = [s.text for s in fresh], np.array([LABELS.index(s.label) for s in fresh])
    losses = [-np.log(t.score_matrix(texts)[np.arange(200), truth]).mean() for t in (mine, old)]
    assert losses[0] < losses[1] - 0.05
    for name in ("target",):  # only the label is touched
        assert np.array_equal(mine.attribute_matrix(texts, name)[1], old.attribute_matrix(texts, name)[1])
    assert mine.label(["The nurse failed to ring."])[0].cues
    # Its prior is that of the labels it was adapted to.
    assert scr_tone.load(tmp_path / "mine", trusted=True, prior="natural") is not None
    shares = load(tmp_path / "mine", trusted=True).manifest["shares"]
    assert shares["neutral"] > 0.6 and sum(shares.values()) == pytest.approx(1, abs=1e-3)


def test_manifest_and_card_say_what_it_was_adapted_on(base: Path, tmp_path: Path) -> None:
    sentences = own()
    data = written(sentences, tmp_path / "own.jsonl")
    found = recalibrated(data, tmp_path / "mine", base=base, trusted=True)
    adapted = found.manifest["data"]["adapted"]
    assert (adapted["base"], adapted["base_sha256"]) == ("base", pin(base))
    assert (adapted["sentences"], adapted["documents"]) == (240, 24)
    assert 40 <= adapted["held_out"] <= 80
    assert adapted["held_out"] + len(adapted["learned_from"]) == 240
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    assert "**Adapted to other texts.** recalibrated" in card
    assert "240 labelled sentences of 24 documents" in card
    assert "**own sentences, held-out documents**" in card
    text = json.dumps(found.manifest) + card
    assert not any(sentence.text in text for sentence in sentences)
    assert "Adapted" not in (base / "README.md").read_text(encoding="utf-8")
    again = recalibrated(data, tmp_path / "again", base=base, trusted=True)
    assert again.manifest["data"] == found.manifest["data"]


def test_evaluating_leaves_out_what_a_model_learned_from(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = written(own(), tmp_path / "own.jsonl")
    mine = tmp_path / "mine"
    assert main(["train", "--data", str(data), "--base", str(base), "--trust-model", "--output", str(mine)]) == 0
    out = capsys.readouterr().out
    assert "that it did not learn from" in out and "its scores are better" in out and "--trust-model" in out
    held = load(mine, trusted=True).manifest["data"]["adapted"]["held_out"]
    command = ["evaluate", str(data), "--model", str(mine), "--trust-model", "--against", str(base)]
    assert main([*command, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert figures["n"] == figures["against"]["n"] == held
    assert figures["against"]["log_loss"]["verdict"] == "better"
    assert f"{240 - held} sentences that a model was adapted to are left out" in err
    assert main(command) == 0
    assert "mine against base: its labels are" in capsys.readouterr().out
    learned = set(load(mine, trusted=True).manifest["data"]["adapted"]["learned_from"])
    from scr_tone.training.own import sentence_ids

    rest = [s for s, name in zip(own(), sentence_ids(own()), strict=True) if name in learned]
    only = written(rest, tmp_path / "only.jsonl")
    assert main(["evaluate", str(only), "--model", str(mine), "--trust-model"]) == 3
    assert "only sentences that the model was adapted to" in capsys.readouterr().err


def test_ngrams_of_own_sentences(tmp_path: Path) -> None:
    data = written(own(wrong=0.0), tmp_path / "own.jsonl")
    found = retrained(data, tmp_path / "mine", folds=3, max_iter=40, min_count=2)
    assert found.manifest["features"]["ngrams"] > 100
    assert found.manifest["data"]["adapted"]["method"] == "n-grams, own sentences alone"
    tone = scr_tone.load(tmp_path / "mine", trusted=True)
    assert tone.label(["Caseloads in the ward were high."], cues=False)[0].label == "learning"


def test_own_sentences_weigh_more_beside_ours(tmp_path: Path) -> None:
    ours = tmp_path / "data" / "authored"
    ours.mkdir(parents=True)
    say = ["Caseloads in the {} were high on day {}.", "The {} visited on 3 May on day {}."]
    theirs = [
        LabelledSentence(
            say[at % 2].format(WHO[at % 10], 500 + at), ("learning", "neutral")[at % 2], "", {"case": str(at)}
        )
        for at in range(60)
    ]
    written(theirs, ours / "a.jsonl")
    data = written(own(wrong=0.5), tmp_path / "own.jsonl")  # who says that all of that is neutral
    settings = {"folds": 0, "max_iter": 40, "min_count": 2}
    light = retrained(data, tmp_path / "l", ours=tmp_path / "data", own_weight=0.05, **settings)
    heavy = retrained(data, tmp_path / "h", ours=tmp_path / "data", own_weight=20, **settings)
    assert "with ours, own weighing 20" in heavy.manifest["data"]["adapted"]["method"]
    assert light.manifest["data"]["sentences"] == heavy.manifest["data"]["sentences"] > 200
    at = LABELS.index("learning")
    scores = [
        scr_tone.load(tmp_path / n, trusted=True).score_matrix(["Caseloads in the ward were high."])[0, at]
        for n in "lh"
    ]
    assert scores[0] > 0.5 > scores[1]


def test_too_little_is_refused(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = written(own(60), tmp_path / "few.jsonl")
    with pytest.raises(scr_tone.InputError, match="60 sentences of 24 documents"):
        recalibrated(few, tmp_path / "mine", base=base, trusted=True)
    data = written(own(), tmp_path / "own.jsonl")
    with pytest.raises(scr_tone.ModelError, match="is the model that is adapted"):
        recalibrated(data, base, base=base, trusted=True)
    assert main(["train", "--data", str(data)]) == 2
    assert "--output" in capsys.readouterr().err
    assert main(["train", "--data", str(data), "--output", str(tmp_path / "x"), "--held-out", "1.5"]) == 2
    assert not (tmp_path / "mine").exists() and not (tmp_path / "x").exists()


def test_whole_documents_are_held_out() -> None:
    sentences = own(300)
    held = held_out_groups(sentences, share=0.25, seed=1)
    groups: dict[str, set[bool]] = {}
    for sentence, out in zip(sentences, held, strict=True):
        groups.setdefault(group_of(sentence), set()).add(bool(out))
    assert all(len(found) == 1 for found in groups.values())
    assert 0.2 <= held.mean() <= 0.3
    two = [LabelledSentence("A.", "blame", "", {"document": "a"})] * 9 + [
        LabelledSentence("B.", "blame", "", {"document": "b"})
    ]
    assert 0 < held_out_groups(two, share=0.25).sum() < 10


def test_a_sample_that_favours_rare_labels_does_not_teach_that_they_are_common() -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice(4, 8000, p=[0.05, 0.2, 0.05, 0.7])
    logits = np.eye(4)[truth] * 2 + rng.normal(0, 1, (8000, 4))  # calibrated for even shares, so off for these
    chance = np.array([0.5, 0.1, 0.5, 0.03])[truth]
    chosen = rng.random(8000) < chance
    drawn = zip(truth[chosen], chance[chosen], strict=True)
    sample = [LabelledSentence("x", LABELS[at], "", {"inclusion_probability": float(p)}) for at, p in drawn]
    weight = sampling_weights(sample)
    assert weight.mean() == pytest.approx(1)
    groups = list(range(int(chosen.sum())))
    weighted = fit_map(logits[chosen], truth[chosen], weight, groups)
    plain = fit_map(logits[chosen], truth[chosen], np.ones(len(weight)), groups)
    shares = [softmax(found(logits[~chosen]))[:, 3].mean() for found in (weighted, plain)]
    assert abs(shares[0] - 0.7) < 0.06 < abs(shares[1] - 0.7)


def test_the_map_is_what_the_new_head_computes(tiny_model: TextModel) -> None:
    sentences = own()
    texts = [s.text for s in sentences]
    classes = tiny_model.heads["label"].classes
    truth = np.array([classes.index(s.label) for s in sentences])
    logits = label_logits(tiny_model, texts)
    found = fit_map(logits, truth, np.ones(len(truth)), [group_of(s) for s in sentences])
    adapted = with_map(tiny_model, found, truth, np.ones(len(truth)))
    assert np.allclose(label_logits(adapted, texts), found(logits), atol=1e-4)


def test_paired_differences_are_those_of_the_figures() -> None:
    rng = np.random.default_rng(4)
    truth = rng.choice(4, 400)
    good, bad = (softmax(np.eye(4)[truth] * pull + rng.normal(0, 1, (400, 4))) for pull in (3.0, 1.0))
    names, groups = [LABELS[at] for at in truth], [at // 10 for at in range(400)]
    found = paired_difference(names, good, bad, groups=groups)
    one, other = metrics(names, good, resamples=0), metrics(names, bad, resamples=0)
    assert (found["macro_f1"]["one"], found["macro_f1"]["other"]) == pytest.approx((one["macro_f1"], other["macro_f1"]))
    assert found["accuracy"]["difference"] == pytest.approx(one["accuracy"] - other["accuracy"])
    assert found["blame_f1"]["one"] == pytest.approx(one["per_label"]["blame"]["f1"])
    assert {found[name]["verdict"] for name in ("macro_f1", "accuracy", "blame_f1", "log_loss")} == {"better"}
    assert found["groups"] == 40
    turned = paired_difference(names, bad, good, groups=groups)
    assert turned["log_loss"]["verdict"] == "worse"
    same = paired_difference(names, good, good)
    assert same["macro_f1"]["difference"] == 0 and same["macro_f1"]["verdict"] == "cannot be told"
    noisy = softmax(np.log(good) + rng.normal(0, 0.02, good.shape))
    assert paired_difference(names, good, noisy)["macro_f1"]["verdict"] == "cannot be told"


def test_the_paired_interval_is_that_of_the_mean_of_differences() -> None:
    rng = np.random.default_rng(8)
    truth = rng.choice(4, 600)
    one, other = (softmax(np.eye(4)[truth] * pull + rng.normal(0, 1, (600, 4))) for pull in (2.0, 1.6))
    found = paired_difference([LABELS[at] for at in truth], one, other, resamples=4000)["accuracy"]
    each = (one.argmax(axis=1) == truth).astype(float) - (other.argmax(axis=1) == truth)
    low, high = each.mean() - 1.96 * each.std() / 600**0.5, each.mean() + 1.96 * each.std() / 600**0.5
    assert found["ci"] == pytest.approx([low, high], abs=0.004)


def test_paired_draws_in_parts_are_the_same_draws_and_take_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    names = list(LABELS) * 10
    one, other = rng.dirichlet(np.ones(4), 40), rng.dirichlet(np.ones(4), 40)
    whole = paired_difference(names, one, other, resamples=100)
    sizes = []
    real = paired._measures
    monkeypatch.setattr(paired, "_measures", lambda rows, *rest: sizes.append(len(rows)) or real(rows, *rest))
    monkeypatch.setattr(paired, "_AT_ONCE", 40 * 30)
    assert paired_difference(names, one, other, resamples=100) == whole
    assert sizes == [30, 30, 30, 30, 30, 30, 10, 10, 1, 1]
