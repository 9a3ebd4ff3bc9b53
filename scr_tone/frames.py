"""Predictions as pandas columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.records import LABELS, Prediction

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["with_predictions"]


def with_predictions(
    frame: pd.DataFrame, known: npt.NDArray[np.bool_], predictions: Sequence[Prediction], prefix: str = ""
) -> pd.DataFrame:
    """A copy of `frame` with columns for the predictions of its rows where `known` is true; the others stay missing.

    Parameters
    ----------
    frame : pandas.DataFrame, n rows
    known : ndarray of bool, shape (n,)
    predictions : sequence of Prediction
        As many as `known` has true values, in the order of the rows.
    prefix : str
        Put before the names of the new columns.

    Warns
    -----
    UserWarning
        If a column of the frame is replaced in the copy.
    """
    import warnings

    import pandas as pd

    columns: dict[str, list[Any]] = {
        "label": [p.label for p in predictions],
        "score": [p.scores[p.label] for p in predictions],
        **{f"score_{name}": [p.scores[name] for p in predictions] for name in LABELS},
        "target": [p.target for p in predictions],
        "voice": [p.voice for p in predictions],
        "culpability": [p.culpability for p in predictions],
        "factors": ["; ".join(p.factors) or None for p in predictions],
    }
    replaced = [prefix + name for name in columns if prefix + name in frame.columns]
    if replaced:
        message = f"replaced in the copy: {', '.join(replaced)}; pass prefix= to keep them"
        warnings.warn(message, UserWarning, stacklevel=3)
    made = frame.copy()
    for name, values in columns.items():
        column = np.full(len(known), None, dtype=object)  # by place, so that an index may repeat itself
        column[known] = values
        made[prefix + name] = pd.Series(
            column, index=frame.index, dtype="Float64" if name.startswith("score") else "string"
        )
    return made
