"""The heads that ship: the network's own linear layers, calibrated by scikit-learn on cases that it never saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from scr_tone.classifier import temperature_of
from scr_tone.scorer import Head

__all__ = ["Linear", "calibrated", "factor_shift"]

_LEAST = 50

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


def _temperature(logits: FloatArray, target: FloatArray) -> float:
    truth = target.argmax(1)
    return round(temperature_of(logits.astype(np.float64), truth, np.ones(len(truth))), 6)


def _matrix_scaled(layer: Linear, logits: FloatArray, target: FloatArray) -> Linear:
    count = target.shape[1]
    rows, labels = np.repeat(logits, count, axis=0), np.tile(np.arange(count), len(logits))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(rows, labels, sample_weight=target.ravel())
    scaling = fitted.coef_.T.astype(np.float32)
    return layer[0] @ scaling, layer[1] @ scaling + fitted.intercept_.astype(np.float32)
