"""The reliability diagram: whether the model is right in 80 of 100 sentences where it is 80% sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone import evaluation
from scr_tone.errors import InputError
from scr_tone.plots.canvas import GREY, SIZE, Canvas, about
from scr_tone.records import LABELS
from scr_tone.rendering.palette import inks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["reliability"]


def reliability(
    scores: npt.NDArray[np.float64] | pd.DataFrame,
    labels: Sequence[str] | str,
    *,
    model: str | None = None,
    ax: Axes | None = None,
    width: float = 3.5,
) -> Axes:
    """How often the top label was right, by how sure the model was of it.

    Parameters
    ----------
    scores : ndarray of shape (n, 4), or DataFrame
        Probabilities in the order of `scr_tone.LABELS`, as from `ToneAnalyser.score_matrix`; or a frame with the columns
        ``score_blame`` to ``score_neutral``.
    labels : sequence of str, length n, or str
        The labels that are right; or, for a frame, the column that has them.
    model : str, optional
        Name for the title.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches.

    Returns
    -------
    Axes
        A point for each tenth of the scale that has sentences, the larger the more, with a 95% Wilson interval of how often the
        model was right there. On the diagonal it is calibrated; below it, it is too sure. The title has the expected
        calibration error of `scr_tone.evaluation`.

    Raises
    ------
    InputError
        If the lengths differ, a label is unknown, or the scores are no probabilities.
    ConfigError
        If matplotlib is not installed.

    Examples
    --------
    >>> scores = np.array([[0.9, 0.1, 0.0, 0.0], [0.2, 0.8, 0.0, 0.0]])
    >>> reliability(scores, ["blame", "learning"]).get_xlabel()
    'how sure the model was'
    """
    from scipy.stats import binomtest

    matrix, truth = _checked(scores, labels)
    table = evaluation.reliability(matrix, truth) if len(truth) else []
    canvas = Canvas.on(ax, width, min(width * 1.12, 4.6))
    ax = canvas.ax
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), label="_calibrated")
    ink = inks()["accountability"]
    if table:
        sure, right, n = (np.array([row[name] for row in table]) for name in ("confidence", "accuracy", "n"))
        edges = [
            binomtest(round(share * size), int(size)).proportion_ci(method="wilson")
            for share, size in zip(right, n, strict=True)
        ]
        reach = np.clip([right - [e.low for e in edges], [e.high for e in edges] - right], 0, None)
        ax.errorbar(sure, right, yerr=reach, color=ink, linewidth=1, elinewidth=0.9, capsize=2, zorder=2, label="_line")
        ax.scatter(sure, right, s=12 + 160 * n / n.sum(), color=ink, edgecolor="white", linewidth=0.6, zorder=3)
    else:
        canvas.empty("no labelled sentence")
    ax.set_xlim(-0.02, 1.04)
    ax.set_ylim(-0.02, 1.04)
    ax.set_aspect("equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks([0, 0.25, 0.5, 0.75, 1])
        axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_xlabel("how sure the model was", size=SIZE["text"])
    ax.set_ylabel("how often it was right", size=SIZE["text"])
    error = evaluation.expected_calibration_error(matrix, truth) if len(truth) else float("nan")
    second = about(len(truth), 1, model) + (f"; calibration\u00a0error\u00a0{error:.2f}" if len(truth) else "")
    canvas.title("Is it as often right as it is sure?", second)
    canvas.caption("Dots: larger for more sentences; bars: 95% Wilson intervals.")
    return ax


def _checked(scores: Any, labels: Sequence[str] | str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Scores as a matrix and the right labels as its columns."""
    import pandas as pd

    if isinstance(scores, pd.DataFrame):
        columns = [f"score_{label}" for label in LABELS]
        wanted = [*columns, *([labels] if isinstance(labels, str) else [])]
        if missing := [name for name in wanted if name not in scores.columns]:
            raise InputError(
                f"has no column {missing[0]!r}", remedy="use what label_frame returned", subject="the frame"
            )
        told: Sequence[Any] = list(scores[labels]) if isinstance(labels, str) else list(labels)
        matrix = scores[columns].to_numpy(dtype=float, na_value=np.nan)
    else:
        if isinstance(labels, str):
            raise InputError("is a name", remedy="give the labels themselves, or a frame of scores", subject="labels")
        told, matrix = list(labels), np.asarray(scores, dtype=float).reshape(-1, len(LABELS))
    if len(told) != len(matrix):
        raise InputError(
            f"there are {len(matrix)} rows of scores and {len(told)} labels", remedy="give one label for each row"
        )
    if any(label not in LABELS for label in told):
        raise InputError("holds another label", remedy=f"use {', '.join(LABELS)}", subject="labels")
    if len(matrix) and not (np.abs(matrix.sum(axis=1) - 1) < 0.01).all():
        raise InputError("do not sum to 1", remedy="give the probabilities of all four labels", subject="scores")
    return matrix, np.array([LABELS.index(label) for label in told], dtype=np.int64)
