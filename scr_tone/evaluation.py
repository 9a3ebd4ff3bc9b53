"""How good a model is on labelled sentences: the figures of ``scr-tone evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.records import LABELS

__all__ = ["expected_calibration_error", "macro_f1", "metrics"]


def _confusion(truth: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.bincount(truth * size + predicted, minlength=size * size).reshape(size, size)


def macro_f1(confusion: npt.NDArray[np.int64]) -> float:
    """Unweighted mean of the F1 of those labels that occur in the truth or among the predictions."""
    hits = np.diag(confusion)
    support = confusion.sum(axis=0) + confusion.sum(axis=1)
    present = support > 0
    return float(np.mean(2 * hits[present] / support[present])) if present.any() else 0.0


def expected_calibration_error(
    probabilities: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], *, bins: int = 10
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins of the top probability, weighted by count.

    After Naeini et al. (2015). Between 0 (calibrated) and 1.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == truth
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gap = 0.0
    for index in range(bins):
        chosen = which == index
        if chosen.any():
            gap += chosen.mean() * abs(correct[chosen].mean() - confidence[chosen].mean())
    return float(gap)


def metrics(
    truth: Sequence[str],
    probabilities: npt.NDArray[np.float64],
    *,
    labels: Sequence[str] = LABELS,
    groups: Sequence[object] | None = None,
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
    resamples, seed : int
        Of the percentile bootstrap (Efron and Tibshirani 1993).

    Returns
    -------
    dict
        ``n``, ``macro_f1``, ``macro_f1_ci`` (2.5% and 97.5%), ``accuracy``, ``ece``, ``per_label`` (precision, recall, f1,
        support) and ``confusion`` (truth -> predicted -> count).
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
    low, high = _bootstrap(actual, predicted, size, groups, resamples, seed)
    return {
        "n": len(actual),
        "macro_f1": macro_f1(table),
        "macro_f1_ci": [low, high],
        "accuracy": float(np.mean(actual == predicted)),
        "ece": expected_calibration_error(probabilities, actual),
        "per_label": per_label,
        "confusion": {row: {column: int(table[place[row], place[column]]) for column in labels} for row in labels},
    }


def _bootstrap(
    actual: npt.NDArray[np.int64],
    predicted: npt.NDArray[np.int64],
    size: int,
    groups: Sequence[object] | None,
    resamples: int,
    seed: int,
) -> tuple[float, float]:
    keys = (
        np.arange(len(actual))
        if groups is None
        else np.unique([str(group) for group in groups], return_inverse=True)[1]
    )
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
