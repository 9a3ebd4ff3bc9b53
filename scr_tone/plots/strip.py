"""The tone strip: where in the text the labels stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scr_tone.errors import InputError
from scr_tone.plots.canvas import GREY, RESPONSIBLE, SIZE, Canvas, about, shown
from scr_tone.rendering.palette import fills, inks
from scr_tone.sentence_rows import sentence_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from scr_tone.sentence_rows import Sentences

__all__ = ["tone_strip"]

#: More strips than this cannot be told apart on a page.
_MOST = 40
#: A sentence is never thinner than this share of the width.
_THINNEST = 0.0012
_ENDING = re.compile(r"\.(?:pdf|do[ct][xm]|html?|md|txt)$", re.IGNORECASE)


def tone_strip(data: Sentences, *, document: str | None = None, ax: Axes | None = None, width: float = 7.0) -> Axes:
    """Every sentence from left to right, blame in the top lane, then learning, then accountability; neutral is left blank.

    Parameters
    ----------
    data : Report, iterable of Report, or DataFrame
        One document, or up to forty, each then a strip of its own. See `scr_tone.sentence_rows.sentence_rows`.
    document : str, optional
        Column of a frame that names the document.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches; 3.5 fits a column of a paper, 7 its page.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If there are more than forty documents, or the data is something else.
    ConfigError
        If matplotlib is not installed.

    Examples
    --------
    >>> import scr_tone
    >>> tone_strip(scr_tone.load().analyse("The nurse failed to call back. It rained.")).get_xlabel()
    'position in the text'
    """
    rows = sentence_rows(data, document=document)
    names = list(dict.fromkeys(rows["_document"]))
    if len(names) > _MOST:
        raise InputError(
            f"there are {len(names)} documents, and strips for at most {_MOST} can be read",
            remedy="choose some, or use tone_along",
        )
    several = len(names) > 1
    canvas = Canvas.on(ax, width, 1.75 if not several else 1.3 + 0.34 * len(names))
    ax = canvas.ax
    for at, name in enumerate(names):
        _draw(ax, rows[rows["_document"] == name], at, several)
    counts = {label: int((rows["label"] == label).sum()) for label in RESPONSIBLE}
    if several:
        ax.set_yticks(range(len(names)), [shown(_short(name, max(12, int(canvas.inches * 5)))) for name in names])
        ax.set_ylim(len(names) - 0.45, -0.55)
    else:
        ax.set_yticks(range(3), [f"{label} {counts[label]:,}" for label in RESPONSIBLE])
        ax.set_ylim(2.55, -0.55)
        _sections(ax, rows)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25%", "50%", "75%", "end"])
    ax.set_xlabel("position in the text", size=SIZE["text"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if len(names) == 1 and names[0] != "text":
        head = f"Tone of {_short(names[0], max(24, int(canvas.inches * 12)))}"
    else:
        head = "Where the text does something with responsibility"
    canvas.title(head, about(len(rows), len(names), rows.attrs["model"]), key=_key(counts) if several else ())
    if rows.empty:
        canvas.empty()
    canvas.caption(
        "Lanes from the top: blame, learning, accountability." if several else "Thin lines: a section begins."
    )
    return ax


def _draw(ax: Axes, rows: pd.DataFrame, at: int, several: bool) -> None:
    for lane, label in enumerate(RESPONSIBLE):
        chosen = rows[rows["label"] == label]
        bars = [
            (left, max(right - left, _THINNEST)) for left, right in zip(chosen["_left"], chosen["_right"], strict=True)
        ]
        bottom, height = (at - 0.41 + 0.28 * lane, 0.26) if several else (lane - 0.4, 0.8)
        ax.axhspan(bottom, bottom + height, facecolor="#f4f5f8", zorder=0)
        # Of many strips the lanes are thin, so that the fills, which differ in grey too, tell the labels apart.
        colour = fills()[label] if several else inks()[label]
        edge = {"edgecolor": inks()[label], "linewidth": 0.4} if several else {"linewidth": 0}
        ax.broken_barh(bars, (bottom, height), facecolor=colour, label=f"_{label}", zorder=2, **edge)


def _sections(ax: Axes, rows: pd.DataFrame) -> None:
    if "section" not in rows.columns or rows.empty:
        return
    names = rows["section"].astype(object).where(rows["section"].notna(), None)
    starts = rows.loc[names.ne(names.shift()).to_numpy(), "_left"].iloc[1:]
    ax.vlines(starts, -0.5, 2.5, color=GREY, linewidth=0.4, zorder=1, label="_sections")


def _key(counts: dict[str, int]) -> list[Artist]:
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=fills()[label], edgecolor=inks()[label], linewidth=0.4, label=f"{label} ({counts[label]:,})")
        for label in RESPONSIBLE
    ]


def _short(name: str, most: int) -> str:
    """Name of a file without its ending, cut to so many characters."""
    name = _ENDING.sub("", name) or name
    return name if len(name) <= most else name[: most - 1] + "\u2026"
