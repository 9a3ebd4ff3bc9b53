"""Recalibrating: a small map after a finished model's label logits, fitted to another corpus; no PyTorch.

Two maps are tried: one temperature and a shift of each label, or a full matrix (Guo et al. 2017), both drawn towards leaving
everything as it is, so that few sentences move little. Which, and how strongly drawn, is chosen by cross-validation over
documents. A linear map after a linear head is a linear head, so the result is a model like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from scr_tone.encoder import EncoderModel
from scr_tone.scorer import Head, Model, TextModel, softmax

__all__ = ["Map", "fit_map", "label_logits", "with_map"]

FloatArray = npt.NDArray[np.float64]

_PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3)
_FOLDS = 5
#: Sentences of each label that are added to the shares, as none may be 0.
_PRIOR_SENTENCES = 0.5


@dataclass(frozen=True)
class Map:
    """New logits are ``logits @ matrix + shift``.

    Attributes
    ----------
    matrix : ndarray, shape (n_labels, n_labels)
    shift : ndarray, shape (n_labels,)
    kind : {"temperature and shifts", "matrix"}
    penalty : float
    """

    matrix: FloatArray
    shift: FloatArray
    kind: str
    penalty: float

    def __call__(self, logits: FloatArray) -> FloatArray:
        """Apply it, shape (n, n_labels)."""
        return np.asarray(logits @ self.matrix + self.shift)


def label_logits(model: Model, texts: Sequence[str]) -> FloatArray:
    """The model's calibrated logits of the label, shape (n, n_labels), in the order of its head's classes."""
    return np.array([reading.logits("label") for reading in model.read(texts)], dtype=np.float64)


def fit_map(logits: FloatArray, truth: npt.NDArray[np.int64], weight: FloatArray, groups: Sequence[object]) -> Map:
    """Find the map with the least cross-validated log loss.

    Parameters
    ----------
    logits : ndarray, shape (n, n_labels)
    truth : ndarray of int, shape (n,)
    weight : ndarray, shape (n,)
    groups : sequence, length n
        Sentences of one group stay together in the cross-validation.
    """
    folds = list(GroupKFold(min(_FOLDS, len(set(groups)))).split(logits, truth, groups))
    best: tuple[float, str, float] | None = None
    for kind in ("temperature and shifts", "matrix"):
        for penalty in sorted(_PENALTIES, reverse=True):
            losses = np.zeros(len(truth))
            for kept, left in folds:
                found = _fitted(logits[kept], truth[kept], weight[kept], kind, penalty)
                shares = softmax(found(logits[left]))
                losses[left] = -np.log(np.maximum(shares[np.arange(len(left)), truth[left]], 1e-12))
            loss = float(np.average(losses, weights=weight))
            if best is None or loss < best[0] - 1e-6:
                best = (loss, kind, penalty)
    assert best is not None
    return _fitted(logits, truth, weight, best[1], best[2])


def _fitted(logits: FloatArray, truth: npt.NDArray[np.int64], weight: FloatArray, kind: str, penalty: float) -> Map:
    size = logits.shape[1]
    identity, total = np.eye(size), weight.sum()
    right = np.eye(size)[truth]

    def unpacked(values: FloatArray) -> tuple[FloatArray, FloatArray]:
        matrix = values[0] * identity if kind != "matrix" else values[:-size].reshape(size, size)
        return matrix, values[-size:]

    def loss(values: FloatArray) -> tuple[float, FloatArray]:
        matrix, shift = unpacked(values)
        shares = softmax(logits @ matrix + shift)
        picked = np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-300))
        slope = weight[:, None] * (shares - right) / total
        by_matrix, by_shift = logits.T @ slope, slope.sum(axis=0)
        off = matrix - identity
        # One temperature is one parameter, whatever the number of labels.
        share = 1.0 if kind == "matrix" else 1 / size
        value = -float(weight @ picked) / total + penalty * (share * (off**2).sum() + (shift**2).sum())
        by_matrix = by_matrix + 2 * penalty * share * off
        first = by_matrix.ravel() if kind == "matrix" else np.array([np.trace(by_matrix)])
        return value, np.concatenate([first, by_shift + 2 * penalty * shift])

    start = np.concatenate([identity.ravel() if kind == "matrix" else np.ones(1), np.zeros(size)])
    # Not L-BFGS-B, whose few numbers go through a threaded BLAS that waits for threads on a busy machine.
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 200})
    matrix, shift = unpacked(found.x)
    return Map(matrix, shift, kind, penalty)


def with_map(
    model: TextModel | EncoderModel, found: Map, truth: npt.NDArray[np.int64], weight: FloatArray
) -> TextModel | EncoderModel:
    """The model with the map in its head; the given one stays as it is.

    Parameters
    ----------
    model : TextModel or EncoderModel
    found : Map
    truth, weight : ndarray, shape (n,)
        The labels that it was fitted to: their shares become the head's prior.
    """
    old = model.heads["label"]
    size = len(old.classes)
    counts = np.bincount(truth, weight, minlength=size) + _PRIOR_SENTENCES
    scaled = found.matrix / old.temperature
    head = replace(
        old,
        coef=np.ascontiguousarray(old.coef @ scaled.astype(np.float32)),
        intercept=np.asarray(old.intercept @ scaled + found.shift, dtype=np.float32),
        temperature=1.0,
        prior=np.asarray(counts / counts.sum(), dtype=np.float32),
    )
    heads: dict[str, Head] = {**model.heads, "label": head}
    return TextModel(model.features, heads) if isinstance(model, TextModel) else EncoderModel(model.files, heads)
