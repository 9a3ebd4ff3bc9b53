"""Figures of a finished encoder model: on the cases that were kept from it, and on what other people wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.encoder import EncoderModel
from scr_tone.evaluation import by_parts, metrics
from scr_tone.labelled import LabelledSentence, fold_of, group_of
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR, Model, probabilities, softmax
from scr_tone.training.examples import CLASSES
from scr_tone.training.heads import factor_shift, label_temperature
from scr_tone.training.train import WRITTEN_FREELY

__all__ = [
    "culpability",
    "factors_by_id",
    "head_logits",
    "held_out_figures",
    "held_out_probabilities",
    "plainly_written",
]

FloatArray = npt.NDArray[np.float32]


def head_logits(model: EncoderModel, texts: list[str]) -> dict[str, FloatArray]:
    """Of each head, shape (n, n_classes)."""
    read = list(model.read(texts))
    return {name: np.array([reading.logits(name) for reading in read], np.float32) for name in model.heads}


def held_out_figures(
    logits: Mapping[str, FloatArray], targets: Mapping[str, FloatArray], held: list[LabelledSentence]
) -> dict[str, Any]:
    """Figures of the label, in parts, and of the attributes, on held-out cases."""
    truth, groups = [sentence.label for sentence in held], [group_of(sentence) for sentence in held]
    shares = held_out_probabilities(logits["label"], targets["label"], held)
    found = metrics(truth, shares, groups=groups, natural=NATURAL_PRIOR)
    found["by"] = by_parts(held, shares, genres=[sentence.file.removesuffix(".jsonl") for sentence in held])
    found["attributes"] = {}
    for name in ("target", "voice", "culpability"):
        known = np.flatnonzero(np.isfinite(targets[name]).all(1)).tolist()
        said = name == "culpability"  # of any sentence; the others only where responsibility is put on somebody
        rows = [at for at in known if said or held[at].label != "neutral"]
        found["attributes"][name] = metrics(
            [CLASSES[name][at] for at in targets[name][rows].argmax(1)],
            softmax(logits[name][rows].astype(np.float64)),
            labels=CLASSES[name],
            groups=[groups[at] for at in rows],
        )
    found["factors"] = _factors(logits["factors"], targets["factors"], held)
    return found


def _factors(logits: FloatArray, target: FloatArray, held: list[LabelledSentence]) -> dict[str, Any]:
    """Figures of the contributory factors, each sentence's from a threshold that has not seen its case."""
    known = np.flatnonzero(np.isfinite(target).all(1))
    logits, truth = logits[known], target[known] > 0.5
    parts = np.array([_part(held[at]) for at in known], dtype=np.int64)
    named = np.zeros_like(truth)
    for part in sorted(set(parts.tolist())):
        here, rest = np.flatnonzero(parts == part), np.flatnonzero(parts != part)
        named[here] = logits[here] + factor_shift(logits[rest], truth[rest]) > 0
    return _factor_figures(named, truth)


def _factor_figures(named: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """From what was named and what is true, both of shape (n, n_factors)."""
    hits, sums = (named & truth).sum(0), named.sum(0) + truth.sum(0)
    return {
        "n": len(truth),
        "micro_f1": float(2 * hits.sum() / max(1, sums.sum())),
        "precision": float(hits.sum() / max(1, named.sum())),
        "recall": float(hits.sum() / max(1, truth.sum())),
        "per_factor": {
            name: {"f1": float(2 * hits[at] / max(1, sums[at])), "support": int(truth[:, at].sum())}
            for at, name in enumerate(CLASSES["factors"])
        },
    }


def factors_by_id(model: EncoderModel, sentences: Sequence[LabelledSentence], path: Path) -> dict[str, Any]:
    """Figures of the factors of those `sentences` that two readers gave the same ones, one JSON object a line with the ``id``."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    agreed = {row["id"]: row["factors"] for row in rows if set(row["factors"]) == set(row["factors_blind"])}
    chosen = [sentence for sentence in sentences if sentence.extra.get("id") in agreed]
    logits = head_logits(model, [sentence.text for sentence in chosen])["factors"]
    truth = np.array([[name in agreed[sentence.extra["id"]] for name in CLASSES["factors"]] for sentence in chosen])
    return _factor_figures(logits > 0, truth)


def culpability(model: Model, path: Path) -> dict[str, Any]:
    """Figures of the culpability ladder on sentences with a ``level``, one JSON object a line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return metrics(
        [row["level"] for row in rows],
        probabilities(model, [row["text"] for row in rows], "culpability"),
        labels=CLASSES["culpability"],
        groups=[row["report"] for row in rows],
    )


def plainly_written(held: list[LabelledSentence]) -> npt.NDArray[np.bool_]:
    """Sentences whose writers knew of no labels: as dull and as borderline as real prose."""
    return np.array([sentence.file in WRITTEN_FREELY for sentence in held])


def _part(sentence: LabelledSentence) -> int:
    """One of five parts for a held-out sentence; all of them lie in fold 0 of the fixed split, so they are spread anew."""
    return fold_of(group_of(sentence) + "#calibration")


def held_out_probabilities(
    logits: FloatArray, target: FloatArray, held: list[LabelledSentence]
) -> npt.NDArray[np.float64]:
    """Probabilities of `LABELS` for held-out sentences, each from a calibration that has not seen its case."""
    parts = np.array([_part(sentence) for sentence in held])
    plain = plainly_written(held)
    found = np.zeros((len(held), len(LABELS)))
    for part in sorted(set(parts.tolist())):
        rest = parts != part
        temperature = label_temperature(logits[rest], target[rest], plain[rest])
        found[~rest] = softmax((logits[~rest] / temperature).astype(np.float64))
    return found
