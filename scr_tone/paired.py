"""Two models on the same labelled sentences: how much better one is, with an interval.

The bootstrap is paired: it draws reports (or sentences) with what both models made of them, because two models find the same
sentences hard, and intervals of each alone would say little about their difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.evaluation import clusters
from scr_tone.records import LABELS

__all__ = ["MEASURES", "paired_difference"]

FloatArray = npt.NDArray[np.float64]

#: What is compared, and whether more of it is better.
MEASURES = {"macro_f1": True, "accuracy": True, "blame_f1": True, "log_loss": False}
_AT_ONCE = 20_000_000
#: Decimal places that are given; what comes after them depends on the processor's order of adding.
_DIGITS = 12
_LEAST_PROBABILITY = 1e-6


def paired_difference(
    truth: Sequence[str],
    one: FloatArray,
    other: FloatArray,
    *,
    labels: Sequence[str] = LABELS,
    groups: Sequence[object] | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Any]:
    """Compare two models.

    Parameters
    ----------
    truth : sequence of str, length n
    one, other : ndarray, shape (n, n_labels)
        Probabilities by the two models, columns in the order of `labels`.
    labels : sequence of str
    groups : sequence, length n, optional
        Reports; the bootstrap then draws whole reports.
    confidence : float
    resamples, seed : int
        Of the percentile bootstrap.

    Returns
    -------
    dict
        ``n``, ``groups`` (how many were drawn from), and ``macro_f1``, ``accuracy``, ``blame_f1`` (if `labels` has blame) and
        ``log_loss`` (less is better), each with ``one``, ``other``, ``difference`` (one less other), ``ci`` and ``verdict``:
        "better", "worse" or "cannot be told", said of `one`.

    Examples
    --------
    >>> right, wrong = np.eye(4)[[0, 1, 2, 3] * 9], np.eye(4)[[1, 0, 3, 2] * 9]
    >>> paired_difference(list(LABELS) * 9, right, wrong)["macro_f1"]["verdict"]
    'better'
    """
    actual = np.array([list(labels).index(label) for label in truth], dtype=np.int64)
    keys = clusters(len(actual), groups)
    tables = [_tables(actual, keys, probabilities) for probabilities in (one, other)]
    members, size = len(tables[0]), len(labels)
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // members)
    drawn: dict[str, list[FloatArray]] = {name: [] for name in MEASURES}
    even = np.full(members, 1 / members)
    for start in range(0, resamples, step):
        times = rng.multinomial(members, even, size=min(step, resamples - start)).astype(np.float64)
        found = [_measures(times @ table, size, labels) for table in tables]
        for name in found[0]:
            drawn[name].append(found[0][name] - found[1][name])
    whole = [_measures(table.sum(axis=0)[None], size, labels) for table in tables]
    tail = (1 - confidence) / 2
    result: dict[str, Any] = {"n": len(actual), "groups": members}
    for name in whole[0]:
        low, high = np.quantile(np.concatenate(drawn[name]), [tail, 1 - tail])
        first, second = float(whole[0][name][0]), float(whole[1][name][0])
        up = "better" if MEASURES[name] else "worse"
        down = "worse" if MEASURES[name] else "better"
        result[name] = {
            "one": round(first, _DIGITS),
            "other": round(second, _DIGITS),
            "difference": round(first - second, _DIGITS),
            "ci": [round(float(low), _DIGITS), round(float(high), _DIGITS)],
            "verdict": up if low > 0 else down if high < 0 else "cannot be told",
        }
    return result


def _tables(actual: npt.NDArray[np.int64], keys: npt.NDArray[np.int64], probabilities: FloatArray) -> FloatArray:
    """For each group its confusion matrix, flat, and the sum of its log losses."""
    size = probabilities.shape[1]
    rows = np.zeros((int(keys.max()) + 1, size * size + 1))
    np.add.at(rows, (keys, actual * size + probabilities.argmax(axis=1)), 1)
    losses = -np.log(np.maximum(probabilities[np.arange(len(actual)), actual], _LEAST_PROBABILITY))
    np.add.at(rows, (keys, size * size), losses)
    return rows


def _measures(rows: FloatArray, size: int, labels: Sequence[str]) -> dict[str, FloatArray]:
    confusion = rows[:, :-1].reshape(-1, size, size)
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    support = confusion.sum(axis=1) + confusion.sum(axis=2)
    f1 = np.divide(2 * hits, support, out=np.zeros_like(hits), where=support > 0)
    total = confusion.sum(axis=(1, 2))
    # As in `scr_tone.evaluation.macro_f1`: over the labels that occur.
    found = {
        "macro_f1": f1.sum(axis=1) / np.maximum((support > 0).sum(axis=1), 1),
        "accuracy": hits.sum(axis=1) / total,
    }
    if "blame" in labels:
        found["blame_f1"] = f1[:, list(labels).index("blame")]
    return {**found, "log_loss": rows[:, -1] / total}
