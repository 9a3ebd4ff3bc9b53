"""The heads that ship: the network's own linear layers, calibrated by scikit-learn on cases that it never saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from scr_tone.classifier import temperature_of
from scr_tone.scorer import Head

__all__ = ["Linear", "calibrated", "factor_shift", "refitted"]

_LEAST = 50
_REFIT_C = 0.01  # of 0.003, 0.01 and 0.03, by held-out cases

FloatArray = npt.NDArray[np.float32]
#: Coefficients of shape (width, n_classes) and intercepts of shape (n_classes,).
Linear = tuple[FloatArray, FloatArray]


def calibrated(
    layers: Mapping[str, Linear],
    classes: Mapping[str, tuple[str, ...]],
    features: FloatArray,
    targets: Mapping[str, FloatArray],
    priors: Mapping[str, FloatArray],
    *,
    plain: npt.NDArray[np.bool_] | None = None,
) -> dict[str, Head]:
    """Fit what stands between the network's logits and a probability.

    The label's four logits go through a multinomial logistic regression (matrix scaling, Guo et al. 2017), which is
    multiplied into the layer, so that what ships is one linear map over the encoder's features, and then a temperature. The
    attributes have fewer examples and get a temperature alone. A factor is named where that pays most in micro-F1, which is
    below a probability of a half, as most sentences lack most factors.

    Parameters
    ----------
    layers : mapping
        The network's layers.
    classes : mapping
        Their classes.
    features : ndarray, shape (n, width)
        Of sentences that the network has not seen.
    targets : mapping of str to ndarray, shape (n, n_classes)
        Target distributions; NaN where unknown.
    priors : mapping of str to ndarray, shape (n_classes,)
        Shares of the classes in the training data.
    plain : ndarray of bool, shape (n,), optional
        Which sentences are as plain and borderline as real prose. The label's temperature is set on them, if there are
        enough: on all authored sentences, which make their point more clearly, it comes out too sure of itself.
    """
    heads = {}
    for name, layer in layers.items():
        coef, intercept = layer
        known = np.isfinite(targets[name]).all(1)
        logits = features[known] @ coef + intercept
        temperature = 1.0
        if name == "label":
            coef, intercept = _matrix_scaled(layer, logits, targets[name][known])
            chosen = np.zeros(0, int) if plain is None else np.flatnonzero(plain[known])
            if len(chosen) >= _LEAST:
                scaled = features[known][chosen] @ coef + intercept
                temperature = _temperature(scaled, targets[name][known][chosen])
        elif name == "factors":
            intercept = intercept + factor_shift(logits, targets[name][known] > 0.5)
        elif known.sum() >= _LEAST:
            temperature = _temperature(logits, targets[name][known])
        heads[name] = Head(
            classes[name],
            np.ascontiguousarray(coef, dtype=np.float32),
            np.asarray(intercept, dtype=np.float32),
            temperature,
            priors[name].astype(np.float32),
        )
    return heads


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


def refitted(name: str, features: FloatArray, target: FloatArray) -> Linear:
    """A layer for an attribute that few sentences have: logistic regression over the finished encoder's features.

    In the network's own training such a head sees a tagged sentence in one batch of many and stays half learned: on held-out
    cases this reaches a far better F1 (models/EXPERIMENTS.md).

    Parameters
    ----------
    name : str
        "factors", each a yes or no of its own, or another head, one class of several.
    features : ndarray of float32, shape (n, width)
        Of training sentences that have the attribute.
    target : ndarray of float32, shape (n, n_classes)
    """
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled, count = (features - middle) / spread, target.shape[1]
    if name == "factors":
        fits = [LogisticRegression(C=_REFIT_C, max_iter=400).fit(scaled, target[:, at] > 0.5) for at in range(count)]
        coef = np.stack([fit.coef_[0] for fit in fits])
        intercept = np.array([fit.intercept_[0] for fit in fits])
    else:
        fit = LogisticRegression(C=_REFIT_C, max_iter=400).fit(scaled, target.argmax(1))
        coef, intercept = fit.coef_, fit.intercept_
    layer = (coef / spread).T
    return layer.astype(np.float32), (intercept - middle @ layer).astype(np.float32)


def _temperature(logits: FloatArray, target: FloatArray) -> float:
    truth = target.argmax(1)
    return round(temperature_of(logits.astype(np.float64), truth, np.ones(len(truth))), 6)


def _matrix_scaled(layer: Linear, logits: FloatArray, target: FloatArray) -> Linear:
    count = target.shape[1]
    rows, labels = np.repeat(logits, count, axis=0), np.tile(np.arange(count), len(logits))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(rows, labels, sample_weight=target.ravel())
    scaling = fitted.coef_.T.astype(np.float32)
    return layer[0] @ scaling, layer[1] @ scaling + fitted.intercept_.astype(np.float32)
