"""The section heat map: which sections blame, learn or answer for what happened."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError, InputError
from scr_tone.plots.canvas import GREY, RESPONSIBLE, SIZE, Canvas, about, shown
from scr_tone.records import LABELS
from scr_tone.rendering.palette import inks, mixed
from scr_tone.sentence_rows import sentence_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from scr_tone.sentence_rows import Sentences

__all__ = ["section_heatmap"]

_BEFORE = "(before the first heading)"
_NUMBER = re.compile(r"^(?:(?:section|part|chapter)\s+)?(?:\d+(?:\.\d+)*|[ivx]+|[a-z])[.):]*\s+(?=\S)", re.IGNORECASE)
#: So few inches have no room for the labels beside each other.
_NARROW = 5
#: Luminance at which black and white words stand out alike (WCAG 2.2).
_HALF = 0.179


def section_heatmap(
    data: Sentences,
    *,
    labels: Sequence[str] = RESPONSIBLE,
    most: int = 25,
    document: str | None = None,
    ax: Axes | None = None,
    width: float = 7.0,
) -> Axes:
    """Share of each label in each section: the darker the cell, the larger; the figure stands in it.

    Parameters
    ----------
    data : Report, iterable of Report, or DataFrame
        A frame needs a column ``section``. Sections of several documents are one where their headings differ at most in
        number and capitals ("3. Findings", "FINDINGS").
    labels : sequence of str
        Columns.
    most : int
        Rows at most; smaller sections share the last one then.
    document : str, optional
        Column of a frame that names the document.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches.

    Returns
    -------
    Axes
        Sections in the order of the text; behind each name its number of sentences. The darkest cell is the largest share
        in the map.

    Raises
    ------
    InputError
        If a frame has no column ``section``, or the data is something else.
    ConfigError
        If a label is unknown, `most` is below 1, or matplotlib is not installed.

    Examples
    --------
    >>> import scr_tone
    >>> from scr_tone.reading import from_text
    >>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
    >>> [text.get_text() for text in section_heatmap(report).texts]
    ['50%', '0', '0']
    """
    if unknown := [label for label in labels if label not in LABELS]:
        raise ConfigError(f"is {unknown[0]!r}", remedy=f"use {', '.join(LABELS)}", subject="labels")
    if most < 1:
        raise ConfigError(f"is {most}", remedy="give 1 or more", subject="most")
    rows = sentence_rows(data, document=document)
    if "section" not in rows.columns:
        raise InputError("has no column 'section'", remedy="use the frame of a report", subject="the frame")
    names, sizes, table = _table(rows, labels, most)
    canvas = Canvas.on(ax, width, 1.35 + 0.27 * max(len(names), 1))
    ax = canvas.ax
    ax.xaxis.tick_top()
    if names:
        _draw(ax, table, labels)
        room = max(14, int(canvas.inches * 6))
        ax.set_yticks(range(len(names)), [_name(name, size, room) for name, size in zip(names, sizes, strict=True)])
        ax.set_xticks(range(len(labels)), list(labels))
        if canvas.inches < _NARROW:
            ax.tick_params(axis="x", rotation=30)
            for tick in ax.get_xticklabels():
                tick.set_horizontalalignment("left")
                tick.set_rotation_mode("anchor")
    else:
        canvas.empty()
        ax.set_xticks([])
        ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    documents = rows["_document"].nunique()
    canvas.title("Share of each label, by section", about(len(rows), documents, rows.attrs["model"]))
    canvas.caption("In brackets: sentences.")
    return ax


def _table(
    rows: pd.DataFrame, labels: Sequence[str], most: int
) -> tuple[list[str], list[int], npt.NDArray[np.float64]]:
    """Names of the sections in order, their sentences, and shares of shape (n_sections, n_labels)."""
    keys: list[str] = []
    names: dict[str, str] = {}
    places: dict[str, list[float]] = {}
    several = rows["_document"].nunique() > 1
    for section, left in zip(rows["section"], rows["_left"], strict=True):
        name = _BEFORE if not isinstance(section, str) else section
        key = _NUMBER.sub("", name).casefold() if several else name
        keys.append(key)
        names.setdefault(key, _NUMBER.sub("", name) if several else name)
        places.setdefault(key, []).append(left)
    order = list(names)
    if several:  # where it stands on average
        order.sort(key=lambda key: float(np.mean(places[key])))
    if len(order) > most:
        kept = set(sorted(order, key=lambda key: -len(places[key]))[: most - 1])
        rest = f"({len(order) - len(kept)} smaller sections)"
        keys = [key if key in kept else rest for key in keys]
        names[rest] = rest
        order = [*(key for key in order if key in kept), rest]
    at = {key: index for index, key in enumerate(order)}
    counts = np.zeros((len(order), len(LABELS)))
    np.add.at(counts, ([at[key] for key in keys], [LABELS.index(label) for label in rows["label"]]), 1)
    sizes = counts.sum(axis=1)
    chosen = counts[:, [LABELS.index(label) for label in labels]]
    return [names[key] for key in order], sizes.astype(int).tolist(), chosen / np.maximum(sizes, 1)[:, None]


def _draw(ax: Axes, table: npt.NDArray[np.float64], labels: Sequence[str]) -> None:
    from matplotlib.colors import to_rgb

    depth = table / (table.max() or 1)
    image = np.array(
        [[to_rgb(mixed(inks()[label], 1 - cell)) for label, cell in zip(labels, row, strict=True)] for row in depth]
    )
    ax.imshow(image, aspect="auto", interpolation="nearest")
    for row, column in np.ndindex(table.shape):
        share = table[row, column]
        words = f"{share:.0%}" if share else "0"
        colour = GREY if not share else "white" if _luminance(image[row, column]) < _HALF else "black"
        ax.text(column, row, words, ha="center", va="center", size=SIZE["text"], color=colour)
    ax.set_xticks(np.arange(-0.5, table.shape[1]), minor=True)
    ax.set_yticks(np.arange(-0.5, table.shape[0]), minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="minor", length=0)


def _luminance(colour: npt.NDArray[np.float64]) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _name(name: str, size: int, room: int) -> str:
    """Heading with its number of sentences, cut where there is no room for it."""
    short = textwrap.shorten(name, room, placeholder="\u2026") if " " in name else name[:room]
    return shown(f"{short} ({size:,})")
