"""How good a model is on labelled sentences: the figures of ``scr-tone evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.labelled import LabelledSentence
from scr_tone.records import LABELS

__all__ = [
    "breakdown",
    "by_parts",
    "clusters",
    "expected_calibration_error",
    "length_class",
    "macro_f1",
    "metrics",
    "reliability",
]

_BINS = 10
#: A part with fewer sentences says more about chance than about the model.
_LEAST = 30


def _confusion(truth: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.bincount(truth * size + predicted, minlength=size * size).reshape(size, size)


def macro_f1(confusion: npt.NDArray[np.int64]) -> float:
    """Unweighted mean of the F1 of those labels that occur in the truth or among the predictions."""
    hits = np.diag(confusion)
    support = confusion.sum(axis=0) + confusion.sum(axis=1)
    present = support > 0
    return float(np.mean(2 * hits[present] / support[present])) if present.any() else 0.0


def expected_calibration_error(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], *, bins: int = _BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins of the top probability, weighted by count.

    After Naeini et al. (2015). Between 0 (calibrated) and 1.
    """
    table = reliability(probabilities, truth, bins=bins)
    return float(sum(row["n"] * abs(row["accuracy"] - row["confidence"]) for row in table) / max(1, len(truth)))


def reliability(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], *, bins: int = _BINS
) -> list[dict[str, float]]:
    """The reliability diagram as a table: how often the top label was right, by how sure the model was.

    Returns
    -------
    list of dict
        For each bin that is not empty ``low`` and ``high`` (of the top probability), ``n``, ``confidence`` (its mean) and
        ``accuracy``.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            "low": index / bins,
            "high": (index + 1) / bins,
            "n": int(chosen.sum()),
            "confidence": float(confidence[chosen].mean()),
            "accuracy": float(correct[chosen].mean()),
        }
        for index in range(bins)
        if (chosen := which == index).any()
    ]


def length_class(text: str) -> str:
    """Class of a sentence by its number of words, for `breakdown`.

    Examples
    --------
    >>> length_class("The nurse failed to call back.")
    '1-10 words'
    """
    words = len(text.split())
    for low, high in ((1, 10), (11, 20), (21, 30), (31, 45)):
        if words <= high:
            return f"{low}-{high} words"
    return "over 45 words"


def by_parts(
    sentences: Sequence[LabelledSentence],
    probabilities: npt.NDArray[np.float64],
    *,
    genres: Sequence[str] | None = None,
) -> dict[str, dict[str, dict[str, float]]]:
    """Figures of the label by length, by voice where every sentence says its own, and by genre where it is given.

    Parameters
    ----------
    sentences : sequence of LabelledSentence, length n
    probabilities : ndarray, shape (n, 4)
        Columns in the order of `scr_tone.LABELS`.
    genres : sequence of str, length n, optional

    Returns
    -------
    dict
        ``length``, ``voice`` and ``genre`` with what `breakdown` gives for each.
    """
    parts = {"length": [length_class(sentence.text) for sentence in sentences]}
    voices = [sentence.extra.get("voice") for sentence in sentences]
    if all(isinstance(voice, str) for voice in voices):
        parts["voice"] = [str(voice) for voice in voices]
    if genres is not None:
        parts["genre"] = list(genres)
    truth = [sentence.label for sentence in sentences]
    return {name: breakdown(truth, probabilities, part) for name, part in parts.items()}


def breakdown(
    truth: Sequence[str],
    probabilities: npt.NDArray[np.float64],
    parts: Sequence[str],
    *,
    labels: Sequence[str] = LABELS,
) -> dict[str, dict[str, float]]:
    """Figures for each part of the sentences that has at least thirty.

    Parameters
    ----------
    truth, probabilities, labels
        See `metrics`.
    parts : sequence of str, length n
        The part of each sentence: a genre, a length, a voice.

    Returns
    -------
    dict
        For each part, by name: ``n``, ``macro_f1``, ``accuracy``, and ``blame_precision`` and ``blame_recall`` if `labels`
        has blame.
    """
    found = {}
    names = np.array(parts)
    for part in sorted(set(parts)):
        rows = np.flatnonzero(names == part)
        if len(rows) < _LEAST:
            continue
        figures = metrics([truth[int(row)] for row in rows], probabilities[rows], labels=labels, resamples=0)
        found[part] = {name: figures[name] for name in ("n", "macro_f1", "accuracy")}
        if "blame" in labels:
            blame = figures["per_label"]["blame"]
            found[part] |= {"blame_precision": blame["precision"], "blame_recall": blame["recall"]}
    return found


def metrics(
    truth: Sequence[str],
    probabilities: npt.NDArray[np.float64],
    *,
    labels: Sequence[str] = LABELS,
    groups: Sequence[object] | None = None,
    natural: Mapping[str, float] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Any]:
    """Everything that ``evaluate`` prints.

    Parameters
    ----------
    truth : sequence of str, length n
    probabilities : ndarray, shape (n, n_labels)
        Columns in the order of `labels`.
    labels : sequence of str
    groups : sequence, length n, optional
        Reports the sentences come from; the bootstrap then draws whole reports (a cluster bootstrap), as sentences of
        one report resemble each other.
    natural : mapping of label to share, optional
        Label shares of real prose. Evaluation sets hold more of the rare labels than real prose does, so a precision
        measured on them is too high for a user; with this, ``natural_precision`` says what it would be.
    resamples, seed : int
        Of the percentile bootstrap (Efron and Tibshirani 1993); without resamples there is no interval.

    Returns
    -------
    dict
        ``n``, ``macro_f1``, ``macro_f1_ci`` (2.5% and 97.5%), ``accuracy``, ``ece``, ``per_label`` (precision, recall, f1,
        support), ``confusion`` (truth -> predicted -> count) and ``reliability`` (see `reliability`).
    """
    place = {label: index for index, label in enumerate(labels)}
    actual = np.array([place[label] for label in truth], dtype=np.int64)
    predicted = probabilities.argmax(axis=1)
    size = len(labels)
    table = _confusion(actual, predicted, size)
    per_label = {}
    for label, index in place.items():
        hits, found, there = int(table[index, index]), int(table[:, index].sum()), int(table[index].sum())
        per_label[label] = {
            "precision": hits / found if found else 0.0,
            "recall": hits / there if there else 0.0,
            "f1": 2 * hits / (found + there) if found + there else 0.0,
            "support": there,
        }
    interval = {}
    if resamples:
        interval = {"macro_f1_ci": list(_bootstrap(actual, predicted, size, groups, resamples, seed))}
    if natural is not None:
        shares = np.array([natural[label] for label in labels])
        weighted = table / np.maximum(table.sum(axis=1, keepdims=True), 1) * shares[:, None]
        for label, index in place.items():
            found_at_all = float(weighted[:, index].sum())
            per_label[label]["natural_precision"] = (
                float(weighted[index, index]) / found_at_all if found_at_all else 0.0
            )
    return {
        "n": len(actual),
        "macro_f1": macro_f1(table),
        **interval,
        "accuracy": float(np.mean(actual == predicted)),
        "ece": expected_calibration_error(probabilities, actual),
        "per_label": per_label,
        "confusion": {row: {column: int(table[place[row], place[column]]) for column in labels} for row in labels},
        "reliability": reliability(probabilities, actual),
    }


def clusters(count: int, groups: Sequence[object] | None) -> npt.NDArray[np.int64]:
    """For each of `count` rows the number of its group, from 0, as a bootstrap draws them; without groups each is one.

    Examples
    --------
    >>> clusters(3, ["b", "a", "b"]).tolist(), clusters(2, None).tolist()
    ([1, 0, 1], [0, 1])
    """
    if groups is None:
        return np.arange(count)
    return np.unique([str(group) for group in groups], return_inverse=True)[1].astype(np.int64)


def _bootstrap(
    actual: npt.NDArray[np.int64],
    predicted: npt.NDArray[np.int64],
    size: int,
    groups: Sequence[object] | None,
    resamples: int,
    seed: int,
) -> tuple[float, float]:
    keys = clusters(len(actual), groups)
    members = int(keys.max()) + 1
    tables = np.zeros((members, size * size), dtype=np.int64)
    np.add.at(tables, (keys, actual * size + predicted), 1)
    generator = np.random.default_rng(seed)
    scores = [
        macro_f1(tables[generator.integers(members, size=members)].sum(axis=0).reshape(size, size))
        for _ in range(resamples)
    ]
    low, high = np.percentile(scores, [2.5, 97.5])
    return float(low), float(high)
