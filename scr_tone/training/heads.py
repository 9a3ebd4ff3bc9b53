"""The heads that ship: the network's own linear layers, calibrated by scikit-learn on cases that it never saw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from scr_tone.classifier import temperature_of
from scr_tone.scorer import Head

__all__ = ["Linear", "calibrated"]

FloatArray = npt.NDArray[np.float32]
#: Coefficients of shape (width, n_classes) and intercepts of shape (n_classes,).
Linear = tuple[FloatArray, FloatArray]


def calibrated(
    layers: Mapping[str, Linear],
    classes: Mapping[str, tuple[str, ...]],
    features: FloatArray,
    targets: Mapping[str, FloatArray],
    priors: Mapping[str, FloatArray],
) -> dict[str, Head]:
    """Fit what stands between the network's logits and a probability.

    The label's four logits go through a multinomial logistic regression (matrix scaling, Guo et al. 2017), which is
    multiplied into the layer, so that what ships is one linear map over the encoder's features. The attributes have
    fewer examples and get a temperature.

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
    """
    heads = {}
    for name, layer in layers.items():
        coef, intercept = layer
        known = np.isfinite(targets[name]).all(1)
        logits = features[known] @ coef + intercept
        temperature = 1.0
        if name == "label":
            coef, intercept = _matrix_scaled(layer, logits, targets[name][known])
        elif name != "factors" and known.sum() >= 50:  # the tags of a sentence are not one of several
            truth = targets[name][known].argmax(1)
            temperature = round(temperature_of(logits.astype(np.float64), truth, np.ones(len(truth))), 6)
        heads[name] = Head(
            classes[name],
            np.ascontiguousarray(coef, dtype=np.float32),
            np.asarray(intercept, dtype=np.float32),
            temperature,
            priors[name].astype(np.float32),
        )
    return heads


def _matrix_scaled(layer: Linear, logits: FloatArray, target: FloatArray) -> Linear:
    count = target.shape[1]
    rows, labels = np.repeat(logits, count, axis=0), np.tile(np.arange(count), len(logits))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(rows, labels, sample_weight=target.ravel())
    scaling = fitted.coef_.T.astype(np.float32)
    return layer[0] @ scaling, layer[1] @ scaling + fitted.intercept_.astype(np.float32)
