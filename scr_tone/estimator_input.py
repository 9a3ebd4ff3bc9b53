"""What the scikit-learn estimators accept: sentences, labels and weights, with errors of the kind that scikit-learn raises."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import assert_all_finite, column_or_1d

from scr_tone.errors import InputError

__all__ = ["TextError", "labels_in", "text_tags", "texts_in", "weights_in"]


class TextError(InputError, ValueError):
    """Input that an estimator cannot use; also a ValueError, as scikit-learn's tools expect."""


def texts_in(X: Sequence[str]) -> list[str]:
    """The sentences: a list, a tuple, an array of one dimension, a pandas Series or anything else that gives strings.

    Raises
    ------
    TextError
        If it is something else, or empty.
    """
    if isinstance(X, str | bytes):
        raise TextError("is one text", remedy="pass a list of sentences", subject="X")
    if (dimensions := getattr(X, "ndim", 1)) != 1:
        raise TextError(
            f"has {dimensions} dimensions", remedy="pass one column of sentences, such as frame['text']", subject="X"
        )
    try:
        texts = list(X)
    except TypeError:
        raise TextError(f"is a {type(X).__name__}", remedy="pass a list of sentences", subject="X") from None
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise TextError(
                f"holds a {type(text).__name__} at {place}, not a string",
                remedy="leave out missing texts first",
                subject="X",
            )
    if not texts:
        raise TextError("holds 0 sentences, and at least 1 is required", subject="X")
    return texts


def labels_in(y: Sequence[str], n: int) -> npt.NDArray[np.str_]:
    """The labels, shape (n,).

    Raises
    ------
    TextError
        If there are not as many as sentences, or fewer than two different ones.
    ValueError
        If one is missing, or they are no classes.
    """
    if y is None:
        raise TextError("requires y to be passed, but the target y is None", subject="this classifier")
    labels = column_or_1d(y, warn=True)
    assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    if len(labels) != n:
        raise TextError(f"has {len(labels)} labels for {n} sentences", remedy="give one for each", subject="y")
    if len(np.unique(labels)) < 2:
        raise TextError("has one class only", remedy="give sentences of two labels or more", subject="y")
    return np.asarray(labels)


def weights_in(sample_weight: Sequence[float] | None, n: int) -> npt.NDArray[np.float64]:
    """The weights, shape (n,); 1 where none are given.

    Raises
    ------
    TextError
        If their shape is another one, one is negative or no number, or all are zero.
    """
    weight = np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != (n,):
        raise TextError(f"has shape {weight.shape}, expected {(n,)}", subject="sample_weight")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise TextError("holds what is no weight", remedy="give numbers from 0 on", subject="sample_weight")
    if not weight.any():
        raise TextError("is zero throughout", remedy="give some sentence a weight", subject="sample_weight")
    return weight


def text_tags(tags: Tags) -> Tags:
    """Tags of an estimator that takes a sequence of strings; the same as of scikit-learn's own CountVectorizer."""
    tags.input_tags.string = True
    tags.input_tags.two_d_array = False
    return tags
