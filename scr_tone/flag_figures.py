"""How right the flags are: precision and recall of what is put before the author, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.evaluation import clusters

__all__ = ["flag_figures"]


def flag_figures(
    truth: Sequence[str],
    flagged: Sequence[bool],
    *,
    label: str = "blame",
    groups: Sequence[object] | None = None,
    natural: Mapping[str, float] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Any]:
    """How right the flags are, which are fewer than the sentences with the label (`scr_tone.project.Flags`).

    Parameters
    ----------
    truth, groups, natural, resamples, seed
        See `metrics`.
    flagged : sequence of bool, length n
    label : str
        That the flags are meant for.

    Returns
    -------
    dict
        ``flags`` (how many), ``precision`` and ``recall``, each with its 95% interval (``precision_ci``, ``recall_ci``), and, with
        `natural`, ``natural_precision``.

    Examples
    --------
    >>> found = flag_figures(["blame", "blame", "neutral", "neutral"], [True, False, True, False], resamples=0)
    >>> found["precision"], found["recall"]
    (0.5, 0.5)
    """
    names, which = np.unique(list(truth), return_inverse=True)
    chosen = np.array(flagged, dtype=np.int64)
    keys = clusters(len(chosen), groups)
    right, there = chosen * (np.array(truth) == label), (np.array(truth) == label).astype(np.int64)
    table = np.zeros((int(keys.max(initial=-1)) + 1, 3), dtype=np.int64)
    np.add.at(table, keys, np.stack([right, chosen, there], axis=1))

    def shares(sums: npt.NDArray[np.int64]) -> tuple[float, float]:
        return float(sums[0] / max(1, sums[1])), float(sums[0] / max(1, sums[2]))

    precision, recall = shares(table.sum(axis=0))
    found: dict[str, Any] = {"flags": int(chosen.sum()), "precision": precision, "recall": recall}
    if resamples and len(table):
        generator = np.random.default_rng(seed)
        drawn = [shares(table[generator.integers(len(table), size=len(table))].sum(axis=0)) for _ in range(resamples)]
        for at, name in enumerate(("precision", "recall")):
            found[f"{name}_ci"] = [float(limit) for limit in np.percentile([pair[at] for pair in drawn], [2.5, 97.5])]
    if natural is not None:
        rates = {name: natural[name] * chosen[which == at].mean() for at, name in enumerate(names)}
        found["natural_precision"] = float(rates.get(label, 0.0) / total) if (total := sum(rates.values())) else 0.0
    return found
