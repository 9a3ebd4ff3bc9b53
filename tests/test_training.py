"""What feeds the encoder's training, without PyTorch: targets, the held-out cases, calibration, the shorter vocabulary."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import RobertaProcessing

import scr_tone
from scr_tone.artefact import load
from scr_tone.cli import main
from scr_tone.errors import ModelError
from scr_tone.labelled import FOLDS, LabelledSentence, fold_of, group_of
from scr_tone.training.examples import CLASSES, held_out, load_examples
from scr_tone.training.figures import factors_by_id
from scr_tone.training.finish import calibrate_again
from scr_tone.training.heads import Layer, calibrated, factor_shift, fitted_temperature, refitted
from scr_tone.training.mixture import times_in_a_pass
from scr_tone.training.train import WRITTEN_FREELY
from scr_tone.training.vocabulary import kept_tokens, shorten


@pytest.fixture(scope="module")
def examples(root: Path):
    return load_examples(root / "data")


def test_targets_are_distributions_where_they_are_known(examples) -> None:
    for name, target in examples.targets.items():
        assert target.shape == (len(examples.texts), len(CLASSES[name]))
        known = np.isfinite(target).all(axis=1)
        assert np.isfinite(target).any(axis=1).sum() == known.sum() > 1000, name
        if name != "factors":
            assert np.allclose(target[known].sum(axis=1), 1, atol=1e-5), name
            assert target[known].min() > 0, name


def test_a_case_is_held_out_whole_and_lies_in_the_held_out_fold(examples) -> None:
    by_group: dict[str, set[bool]] = {}
    for sentence, held in zip(examples.sentences, examples.held, strict=True):
        by_group.setdefault(group_of(sentence), set()).add(bool(held))
        assert held == held_out(sentence)
    assert all(len(found) == 1 for found in by_group.values())
    assert {fold_of(group) for group, found in by_group.items() if True in found} == {0}
    assert 0.05 < examples.held.mean() < 1 / FOLDS


def test_a_broken_attribute_file_is_named(tmp_path: Path, root: Path) -> None:
    (tmp_path / "authored").mkdir()
    source = (root / "data" / "authored" / "voices.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    (tmp_path / "authored" / "v.jsonl").write_text("\n".join(source), encoding="utf-8")
    assert np.isnan(load_examples(tmp_path).targets["factors"]).all()  # no file, nothing known
    (tmp_path / "factors.jsonl").write_text('{"no": "id"}\n', encoding="utf-8")
    with pytest.raises(scr_tone.InputError, match="factors.jsonl"):
        load_examples(tmp_path)


def test_few_tagged_sentences_make_a_head() -> None:
    rng = np.random.default_rng(2)
    level = np.eye(5, dtype=np.float32)[rng.integers(5, size=600)]
    features = (level @ rng.normal(0, 1, (5, 40)) + rng.normal(0, 0.3, (600, 40)) + 5).astype(np.float32)
    layer = refitted(features[:500], level[:500])
    assert (layer.coef.shape, layer.intercept.shape, layer.focus) == ((40, 5), (5,), None)
    assert ((features[500:] @ layer.coef + layer.intercept).argmax(1) == level[500:].argmax(1)).mean() > 0.9


def test_the_factors_of_the_evaluation_set_are_judged_where_two_readers_agree(tmp_path: Path) -> None:
    sentence = "Caseloads were high and supervision was often cancelled."
    known = [LabelledSentence(sentence, "learning", "f", {"id": name}) for name in ("a", "b", "c")]
    rows = [("a", ["workload", "supervision"], ["supervision", "workload"]), ("b", ["tools"], ["workload"])]
    path = tmp_path / "eval.jsonl"
    lines = [json.dumps({"id": name, "factors": one, "factors_blind": other}) for name, one, other in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = factors_by_id(load("standard").model, known, path)  # type: ignore[arg-type]
    assert found["n"] == 1  # on "b" they differ, of "c" nobody said anything
    assert found["per_factor"]["workload"] == {"f1": 1.0, "support": 1}
    assert found["recall"] == 1.0


def test_factors_are_named_where_micro_f1_is_best() -> None:
    truth = np.array([[True, False], [False, False], [True, True], [False, False]])
    logits = np.where(truth, -1.0, -3.0).astype(np.float32)  # right order, but none above 0
    shift = factor_shift(logits, truth)
    assert ((logits + shift > 0) == truth).all()


def test_the_temperature_is_set_on_the_plainly_written() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(4, size=4000)
    plain = np.arange(4000) < 1000
    noise = np.where(plain, 2.5, 0.5)[:, None]
    features = np.eye(4, dtype=np.float32)[truth] * 3 + (rng.normal(0, 1.0, (4000, 4)) * noise).astype(np.float32)
    layers = {"label": Layer(np.eye(4, dtype=np.float32), np.zeros(4, np.float32))}
    target, prior = {"label": np.eye(4, dtype=np.float32)[truth]}, {"label": np.full(4, 0.25, np.float32)}
    on_all = calibrated(layers, CLASSES, {"label": features}, target, prior)["label"]
    on_plain = calibrated(layers, CLASSES, {"label": features}, target, prior, plain=plain)["label"]
    assert on_all.temperature < on_plain.temperature
    assert on_plain.temperature == fitted_temperature(features[plain], target["label"][plain])
    assert np.array_equal(on_all.coef, on_plain.coef)


def test_what_annotators_doubt_makes_a_temperature_higher() -> None:
    """The likeliest label is right each time, and yet one annotator in two named another for every second sentence."""
    truth = np.arange(1000) % 4
    hard = np.eye(4, dtype=np.float32)[truth]
    doubted = np.where((np.arange(1000) % 8 < 4)[:, None], hard, 0.6 * hard + 0.4 * np.roll(hard, 1, axis=1)).astype(
        np.float32
    )
    logits = hard * 3
    assert (doubted.argmax(1) == truth).all()
    assert fitted_temperature(logits, doubted) > 1.1 > 0.5 > fitted_temperature(logits, hard)


def test_a_finished_model_is_calibrated_again_and_stays_what_it_is(examples, tmp_path: Path) -> None:
    whole = examples
    plain = np.array([sentence.file in WRITTEN_FREELY for sentence in whole.sentences])
    levels = np.isfinite(whole.targets["culpability"]).all(1)
    some = np.concatenate([np.flatnonzero(whole.held & kept)[:80] for kept in (plain, levels, ~plain)])
    rows = np.unique(some)
    few = replace(
        whole,
        sentences=[whole.sentences[row] for row in rows],
        texts=[whole.texts[row] for row in rows],
        targets={name: found[rows] for name, found in whole.targets.items()},
        held=whole.held[rows],
    )
    (tmp_path / "data").mkdir()
    manifest = calibrate_again("standard", few, tmp_path / "data", tmp_path / "standard")
    before, after = load("standard"), load(tmp_path / "standard", trusted=True)
    assert manifest["data"]["held_out"] == len(rows) and set(manifest["scores"]) == {"authored, held-out cases"}
    assert manifest["files"]["encoder.onnx"] == before.manifest["files"]["encoder.onnx"]
    for name, head in before.model.heads.items():
        assert np.array_equal(after.model.heads[name].coef, head.coef)
    assert after.model.heads["factors"].temperature == 1.0
    assert after.model.heads["label"].temperature != before.model.heads["label"].temperature
    with pytest.raises(ModelError, match="has no encoder"):
        calibrate_again("small", few, tmp_path / "data", tmp_path / "other")


def test_calibration_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(4, size=4000)
    features = np.eye(4, dtype=np.float32)[truth] + rng.normal(0, 1.0, (4000, 4)).astype(np.float32)
    layer = Layer(
        np.eye(4, dtype=np.float32) * 8, np.zeros(4, np.float32)
    )  # right would be about the features themselves
    target = {"label": np.eye(4, dtype=np.float32)[truth]}
    prior = {"label": np.full(4, 0.25, np.float32)}
    head = calibrated({"label": layer}, CLASSES, {"label": features @ layer.coef}, target, prior)["label"]
    logits = (features @ head.coef + head.intercept) / head.temperature
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.array_equal(head.coef, layer.coef)
    assert abs(head.temperature - 8) < 0.3
    assert abs(shares.max(axis=1).mean() - (shares.argmax(axis=1) == truth).mean()) < 0.02


def test_a_shorter_vocabulary_reads_what_it_was_kept_for_as_before() -> None:
    words = [
        "<s>",
        "<pad>",
        "</s>",
        "[UNK]",
        "[unused7]",
        "z",
        "##z",
        "##y",
        "nurse",
        "nur",
        "##se",
        "\u4e2d",
        "zymurgy",
    ]
    tokenizer = Tokenizer(WordPiece({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>"])
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    kept = kept_tokens(tokenizer, ["nurse"])
    assert words.index("[unused7]") not in kept
    assert words.index("\u4e2d") not in kept
    short = shorten(tokenizer, kept)
    assert short.get_vocab_size() == len(kept) < len(words)
    assert short.encode("nurse zzy").tokens == tokenizer.encode("nurse zzy").tokens
    assert [kept[new] for new in short.encode("nurse").ids] == tokenizer.encode("nurse").ids


def test_the_encoder_presets_say_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scr_tone.training import standard

    monkeypatch.setattr(standard, "find_spec", lambda name: None)
    with pytest.raises(scr_tone.ConfigError, match=r"needs PyTorch.*scr-tone\[train\]"):
        standard.train_encoder("standard", "data", tmp_path / "out", tmp_path / "work")


def test_too_few_cases_are_refused_before_the_hours_of_training(tmp_path: Path, root: Path, monkeypatch) -> None:
    from scr_tone.training import standard

    monkeypatch.setattr(standard, "find_spec", lambda name: True)
    (tmp_path / "authored").mkdir()
    lines = (root / "data" / "authored" / "voices.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "authored" / "v.jsonl").write_text("".join(lines[:40]), encoding="utf-8")
    with pytest.raises(scr_tone.InputError, match="cases fall to the held-out tenth"):
        standard.train_encoder("standard", tmp_path, tmp_path / "out", tmp_path / "work")


@pytest.mark.parametrize(
    ("preset", "start", "reason"),
    [("accurate", "standard", "is for `standard`"), ("standard", "small", "--start small: has no encoder")],
)
def test_a_start_that_cannot_be_trained_on_is_refused_first(
    tmp_path: Path, root: Path, monkeypatch, preset: str, start: str, reason: str
) -> None:
    from scr_tone.training import standard

    monkeypatch.setattr(standard, "find_spec", lambda name: True)
    monkeypatch.setattr(standard, "load_examples", lambda data: pytest.fail("the data were read before"))
    with pytest.raises(scr_tone.ConfigError, match=reason):
        standard.train_encoder(preset, root / "data", tmp_path / "out", tmp_path / "work", start=start)


@pytest.mark.parametrize("arguments", [["--preset", "small"], ["--preset", "standard", "--calibrate-only"]])
def test_a_start_where_nothing_is_trained_from_it_is_refused(arguments: list[str], capsys) -> None:
    assert main(["train", *arguments, "--start", "standard"]) != 0
    assert "--start: is for training `standard`" in capsys.readouterr().err


def test_the_table_of_experiments_is_what_its_records_say(root: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "scripts/write_experiments.py", "--check"]
    assert subprocess.run(command, cwd=root, check=False).returncode == 0
    assert all(json.loads(path.read_text()) for path in (root / "models" / "experiments").glob("*.json"))


def test_a_pass_has_all_that_was_written_freely_and_a_draw_of_the_rest(examples) -> None:
    times = times_in_a_pass(examples, 1)
    free = np.array([sentence.file in WRITTEN_FREELY for sentence in examples.sentences])
    labels = np.array([sentence.label for sentence in examples.sentences])
    assert set(times[free & (labels == "blame")]) == {4}
    assert set(times[free & (labels == "accountability")]) == {3}
    assert set(times[free & (labels == "neutral")]) == {2}
    assert set(times[~free]) == {0, 1}
    assert times[~free].sum() == 8_800
    assert not times[~free & examples.held].any()
    assert (times == times_in_a_pass(examples, 1)).all()
    assert (times != times_in_a_pass(examples, 2)).any()
