"""The heads that ship: the network's own linear layers, calibrated by scikit-learn on cases that it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from scr_tone.classifier import temperature_of
from scr_tone.scorer import Head

__all__ = ["Layer", "calibrated", "factor_shift", "fitted_temperature", "label_temperature", "refitted"]

_LEAST = 50
_REFIT_C = 0.01  # of 0.003, 0.01 and 0.03, by held-out cases

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """A linear layer over the encoder's states, not calibrated yet; arrays as in `scr_tone.scorer.Head`."""

    coef: FloatArray
    intercept: FloatArray
    focus: FloatArray | None = None

    def head(self, classes: tuple[str, ...], prior: FloatArray, temperature: float = 1.0) -> Head:
        """The head that computes this layer."""
        coef, intercept = np.ascontiguousarray(self.coef, np.float32), np.asarray(self.intercept, np.float32)
        return Head(classes, coef, intercept, temperature, prior.astype(np.float32), self.focus)


def calibrated(
    layers: Mapping[str, Layer],
    classes: Mapping[str, tuple[str, ...]],
    logits: Mapping[str, FloatArray],
    targets: Mapping[str, FloatArray],
    priors: Mapping[str, FloatArray],
    *,
    plain: npt.NDArray[np.bool_] | None = None,
) -> dict[str, Head]:
    """Fit what stands between the network's logits and a probability.

    The label and the attributes get a temperature (Guo et al. 2017). A factor is named where that
    pays most in micro-F1, which is below a probability of a half, as most sentences lack most factors.

    Parameters
    ----------
    layers : mapping
        The network's layers.
    classes : mapping
        Their classes.
    logits : mapping of str to ndarray, shape (n, n_classes)
        What the layers give for sentences that the network has not seen.
    targets : mapping of str to ndarray, shape (n, n_classes)
        Target distributions; NaN where unknown.
    priors : mapping of str to ndarray, shape (n_classes,)
        Shares of the classes in the training data.
    plain : ndarray of bool, shape (n,), optional
        See `label_temperature`.
    """
    heads = {}
    for name, layer in layers.items():
        known = np.isfinite(targets[name]).all(1)
        found, target = logits[name][known], targets[name][known]
        coef, intercept, temperature = layer.coef, layer.intercept, 1.0
        if name == "label":
            temperature = label_temperature(found, target, None if plain is None else plain[known])
        elif name == "factors":
            intercept = intercept + factor_shift(found, target > 0.5)
        elif known.sum() >= _LEAST:
            temperature = fitted_temperature(found, target)
        heads[name] = Layer(coef, intercept, layer.focus).head(classes[name], priors[name], temperature)
    return heads


def label_temperature(logits: FloatArray, target: FloatArray, plain: npt.NDArray[np.bool_] | None = None) -> float:
    """The label's temperature, set on sentences as plain and borderline as real prose, if there are enough of them.

    On all authored sentences, most of which make their point more clearly, it comes out too sure of itself. (Until 24 of
    models/EXPERIMENTS.md a map from logits to labels was fitted to all of them first, which brings back their label shares.)

    Parameters
    ----------
    logits, target : ndarray, shape (n, n_classes)
    plain : ndarray of bool, shape (n,), optional
        Which sentences are so.
    """
    chosen = np.zeros(0, int) if plain is None else np.flatnonzero(plain)
    if len(chosen) >= _LEAST:
        logits, target = logits[chosen], target[chosen]
    return fitted_temperature(logits, target)


def factor_shift(logits: FloatArray, truth: npt.NDArray[np.bool_]) -> np.float32:
    """What to add to all logits so that naming those above 0 has the best micro-F1, to a tenth.

    Parameters
    ----------
    logits : ndarray of float32, shape (n, n_factors)
    truth : ndarray of bool, shape (n, n_factors)
    """
    best, shift = -1.0, 0.0
    for offset in np.arange(-20, 31) / 10:
        named = logits + offset > 0
        score = 2 * float((named & truth).sum()) / max(1, int(named.sum() + truth.sum()))
        if score > best:
            best, shift = score, float(offset)
    return np.float32(shift)


def refitted(features: FloatArray, target: FloatArray) -> Layer:
    """A layer for an attribute that few sentences have: logistic regression over the finished encoder's features.

    In the network's own training such a head sees a tagged sentence in one batch of many and stays half learned: on held-out
    cases this reaches a far better F1 (models/EXPERIMENTS.md).

    Parameters
    ----------
    features : ndarray of float32, shape (n, width)
        Of training sentences that have the attribute.
    target : ndarray of float32, shape (n, n_classes)
    """
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    fit = LogisticRegression(C=_REFIT_C, max_iter=400).fit((features - middle) / spread, target.argmax(1))
    coef = (fit.coef_ / spread).T
    return Layer(coef.astype(np.float32), (fit.intercept_ - middle @ coef).astype(np.float32))


def fitted_temperature(logits: FloatArray, target: FloatArray) -> float:
    """The temperature with the least cross-entropy to the target distributions, as the network was trained to have it.

    Against the likeliest label alone it comes out too low: where two annotators differ, or one names a second choice, a
    reader cannot be as sure as the one label that was written down suggests.

    Parameters
    ----------
    logits, target : ndarray of float32, shape (n, n_classes)
    """
    count = target.shape[1]
    rows, classes = np.repeat(logits.astype(np.float64), count, axis=0), np.tile(np.arange(count), len(logits))
    return round(temperature_of(rows, classes, target.ravel().astype(np.float64)), 6)
