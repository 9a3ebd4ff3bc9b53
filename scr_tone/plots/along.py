"""Tone along the document: how the shares of the labels run from its beginning to its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError
from scr_tone.plots.canvas import LINES, RESPONSIBLE, SIZE, Canvas, about
from scr_tone.records import LABELS
from scr_tone.rendering.palette import inks
from scr_tone.sentence_rows import sentence_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from scr_tone.sentence_rows import Sentences

__all__ = ["tone_along"]

_POINTS = 101
_RESAMPLES = 1000


def tone_along(
    data: Sentences,
    *,
    labels: Sequence[str] = RESPONSIBLE,
    smoothing: float = 0.08,
    document: str | None = None,
    ax: Axes | None = None,
    width: float = 7.0,
    seed: int = 0,
) -> Axes:
    """Share of each label along the document, every document stretched to the same length.

    Parameters
    ----------
    data : Report, iterable of Report, or DataFrame
        See `scr_tone.sentence_rows.sentence_rows`.
    labels : sequence of str
        Lines to draw.
    smoothing : float
        Standard deviation of the Gaussian kernel, as a share of the document (Nadaraya 1964; Watson 1964): the share at a place
        is the mean over the sentences around it, near ones weighing more. Larger is smoother.
    document : str, optional
        Column of a frame that names the document.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Axes
        A line for each label: the mean over documents, each counting the same. With several documents there is a band, the 95%
        percentile bootstrap of whole documents at each place; one document has none, as there is nothing to draw
        again.

    Raises
    ------
    ConfigError
        If a label is unknown, `smoothing` is not above 0, or matplotlib is not installed.
    InputError
        If the data is something else.

    Examples
    --------
    >>> import scr_tone
    >>> report = scr_tone.load().analyse("It rained. It was May. The nurse failed to call back.")
    >>> share = tone_along(report).lines[0].get_ydata()
    >>> bool(share[-1] > share[0])
    True
    """
    if unknown := [label for label in labels if label not in LABELS]:
        raise ConfigError(f"is {unknown[0]!r}", remedy=f"use {', '.join(LABELS)}", subject="labels")
    if not smoothing > 0:
        raise ConfigError(f"is {smoothing}", remedy="give a share of the document, such as 0.08", subject="smoothing")
    rows = sentence_rows(data, document=document)
    canvas = Canvas.on(ax, width, max(2.8, width * 0.45))
    ax = canvas.ax
    grid = np.linspace(0, 1, _POINTS)
    names = list(dict.fromkeys(rows["_document"]))
    curves = (
        np.stack([_curves(rows[rows["_document"] == name], labels, grid, smoothing) for name in names])
        if names
        else None
    )
    lines = _draw(canvas, curves, labels, grid, seed) if curves is not None else []
    if not lines:
        canvas.empty()
    ax.set_xlim(0, 1)
    ax.set_ylim(bottom=0)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25%", "50%", "75%", "end"])
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_xlabel("position in the document", size=SIZE["text"])
    ax.set_ylabel("share of sentences", size=SIZE["text"])
    canvas.title("Tone along the document", about(len(rows), len(names), rows.attrs["model"]), key=lines)
    band = f"Bands: 95% intervals, bootstrap of {len(names)} documents." if len(names) > 1 else ""
    canvas.caption(f"Smoothed over {smoothing:.0%} of the length.", band)
    return ax


def _curves(
    rows: pd.DataFrame, labels: Sequence[str], grid: npt.NDArray[np.float64], smoothing: float
) -> npt.NDArray[np.float64]:
    """Smoothed share of each label at each place of one document, shape (n_labels, n_places)."""
    middle = ((rows["_left"] + rows["_right"]) / 2).to_numpy(dtype=float)
    distance = (grid[:, None] - middle) / smoothing
    # Against the nearest sentence, so that far from all of them the nearest decides, and nothing is divided by 0.
    weights = np.exp(-0.5 * (distance**2 - (distance**2).min(axis=1, keepdims=True)))
    hits = np.stack([(rows["label"] == label).to_numpy(dtype=float) for label in labels])
    return np.asarray(hits @ weights.T / weights.sum(axis=1))


def _draw(
    canvas: Canvas,
    curves: npt.NDArray[np.float64],
    labels: Sequence[str],
    grid: npt.NDArray[np.float64],
    seed: int,
) -> list[Line2D]:
    mean = curves.mean(axis=0)
    count = len(curves)
    if count > 1:
        draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=_RESAMPLES) / count
        low, high = np.quantile(np.einsum("rd,dlp->rlp", draws, curves), [0.025, 0.975], axis=0)
    lines = []
    for at, label in enumerate(labels):
        style = {"color": inks()[label], "linestyle": LINES[label], "linewidth": 1.6}
        lines += canvas.ax.plot(grid, mean[at], label=label, zorder=3, **style)
        if count > 1:
            canvas.ax.fill_between(
                grid, low[at], high[at], facecolor=inks()[label], alpha=0.14, linewidth=0, label=f"_{label}"
            )
    return lines
