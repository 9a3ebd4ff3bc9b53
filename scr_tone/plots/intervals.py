"""Shares with their intervals: for the whole text, by group, by year, or of a table made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scr_tone.errors import InputError
from scr_tone.plots.canvas import GREY, LINES, MARKS, RESPONSIBLE, SIZE, Canvas, about, shown
from scr_tone.records import LABELS
from scr_tone.rendering.names import FACTORS
from scr_tone.rendering.palette import inks
from scr_tone.shares import share_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from scr_tone.sentence_rows import Sentences

__all__ = ["shares"]

_BAR = {"capsize": 2, "elinewidth": 1.1, "markersize": 4.5, "zorder": 3}


def shares(
    data: Sentences,
    by: str | None = None,
    *,
    labels: Sequence[str] | None = None,
    document: str | None = None,
    ax: Axes | None = None,
    width: float = 7.0,
) -> Axes:
    """Share of each label, with 95% intervals.

    Parameters
    ----------
    data : Report, iterable of Report, or DataFrame
        See `scr_tone.sentence_rows.sentence_rows`. Or a ready table with the columns ``label``, ``share``, ``low`` and ``high``
        (from 0 to 1), such as `scr_tone.shares.share_table` returns or a prevalence that was corrected for the model's
        errors; it is drawn as it stands. Its ``attrs`` may say ``model``, ``sentences`` and ``documents`` for the title.
    by : str, optional
        Column whose values are compared ("year", "section", ``"factors"``). Numbers, such as years, run from left to right and
        are joined by lines; names stand below each other.
    labels : sequence of str, optional
        Labels to draw; all without `by`, and all but neutral with it.
    document : str, optional
        Column of a frame that names the document.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If a column is missing, or a table holds something else than shares.
    ConfigError
        If a label is unknown, or matplotlib is not installed.

    Notes
    -----
    What the intervals are made of stands in `scr_tone.shares.share_table`: they do not know of the model's errors.

    Examples
    --------
    >>> import scr_tone
    >>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
    >>> [tick.get_text() for tick in shares(report).get_yticklabels()]
    ['blame', 'learning', 'accountability', 'neutral']
    """
    table, by = _table(data, by, labels, document)
    wanted = [label for label in LABELS if label in set(table["label"])]
    groups = [] if by is None else list(dict.fromkeys(table[by]))
    timed = by is not None and len(groups) > 1 and all(isinstance(group, int | float | np.number) for group in groups)
    room = max(len(groups), 1) * (0.17 * len(wanted) + 0.14) if by is not None and not timed else 0.2 * len(wanted)
    canvas = Canvas.on(ax, width, max(2.8, width * 0.45) if timed else 1.5 + room)
    if table.empty or table["share"].isna().all():
        canvas.empty()
        canvas.ax.set_yticks([])
    elif by is None:
        _labels(canvas, table)
    elif timed:
        _timed(canvas, table, by, wanted)
    else:
        _grouped(canvas, table, by, wanted, groups)
    axis = canvas.ax.yaxis if timed else canvas.ax.xaxis
    axis.set_major_formatter(lambda value, _: f"{value:.0%}" if round(100 * value, 6) % 1 == 0 else f"{value:.1%}")
    what = "share of learning sentences that name it" if by == "factors" else "share of sentences"
    (canvas.ax.set_ylabel if timed else canvas.ax.set_xlabel)(what, size=SIZE["text"])
    bars = [bar for bar in canvas.ax.containers if bar.get_label() in wanted] if by is not None else []
    canvas.title(_head(by), _about(table), key=bars if len(bars) > 1 else ())  # type: ignore[arg-type]
    canvas.caption(_method(table))
    return canvas.ax


def _table(
    data: Any, by: str | None, labels: Sequence[str] | None, document: str | None
) -> tuple[pd.DataFrame, str | None]:
    """Shares to draw, and the column of their groups."""
    import pandas as pd

    if not isinstance(data, pd.DataFrame) or not {"share", "low", "high"} & set(data.columns):
        chosen = labels if labels is not None else LABELS if by is None else RESPONSIBLE
        made = share_table(data, by, labels=chosen, document=document)
        if by is not None and len(made) and all(isinstance(name, str) and name.isdecimal() for name in made[by]):
            made[by] = made[by].astype(int)  # years of a manifest, which keeps all as text
        return made, by
    needed = ["label", "share", "low", "high", *([by] if by is not None else [])]
    if missing := [name for name in needed if name not in data.columns]:
        raise InputError(
            f"has no column {missing[0]!r}", remedy="give label, share, low and high", subject="the table of shares"
        )
    by = by if by is not None else data.attrs.get("by")
    by = by if by in data.columns else None
    table = data[data["label"].isin(labels if labels is not None else list(LABELS))]
    figures = table[["share", "low", "high"]].astype(float)
    if ((figures < 0) | (figures > 1)).to_numpy().any():
        raise InputError(
            "holds shares outside 0 to 1", remedy="divide percentages by 100", subject="the table of shares"
        )
    if table.duplicated(["label", *([by] if by is not None else [])]).any():
        raise InputError(
            "has several rows for one label",
            remedy="name the column of the groups with by=",
            subject="the table of shares",
        )
    made = table.assign(**figures)
    made.attrs = data.attrs
    return made, by


def _bar(ax: Axes, at: Any, rows: pd.DataFrame, label: str, *, upright: bool, line: bool = False) -> None:
    share = rows["share"].to_numpy(dtype=float)
    # A corrected share can lie outside its interval by a rounding error.
    reach = np.clip([share - rows["low"].to_numpy(dtype=float), rows["high"].to_numpy(dtype=float) - share], 0, None)
    style: dict[str, Any] = {**_BAR, "color": inks()[label], "marker": MARKS[label], "linestyle": "none"}
    if label == "neutral":
        style |= {"markerfacecolor": "white"}
    if line:
        style |= {"linestyle": LINES[label], "linewidth": 1.1}
    if upright:
        ax.errorbar(at, share, yerr=reach, label=label, **style)
    else:
        ax.errorbar(share, at, xerr=reach, label=label, **style)


def _labels(canvas: Canvas, table: pd.DataFrame) -> None:
    """One row a label, with its figures at the side."""
    ax = canvas.ax
    for at, label in enumerate(table["label"]):
        row = table.iloc[[at]]
        _bar(ax, [at], row, str(label), upright=False)
        words = f"{float(row['share'].iloc[0]):.1%}"
        words += f" ({int(row['count'].iloc[0]):,})" if "count" in row.columns else ""
        ax.annotate(
            words, (1, at), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", va="center",
            size=SIZE["text"], annotation_clip=False,
        )  # fmt: skip
    ax.set_yticks(range(len(table)), list(table["label"]))
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_xlim(0, min(1.0, float(np.nanmax(table["high"])) * 1.08))


def _timed(canvas: Canvas, table: pd.DataFrame, by: str, wanted: Sequence[str]) -> None:
    """Groups are numbers: from left to right, a line a label."""
    ax = canvas.ax
    places = np.array(sorted(set(table[by])), dtype=float)
    gap = float(np.diff(places).min()) * 0.09
    for at, label in enumerate(wanted):
        rows = table[(table["label"] == label) & table["share"].notna()].sort_values(by)
        offset = (at - (len(wanted) - 1) / 2) * gap
        _bar(ax, rows[by].to_numpy(dtype=float) + offset, rows, label, upright=True, line=True)
    sizes = _sizes(table, by)
    step = -(-len(places) // max(2, int(canvas.inches * 1.9)))
    names = [f"{place:g}" + (f"\nn {sizes[place]:,}" if place in sizes else "") for place in places]
    ax.set_xticks(places[::step], names[::step])
    ax.set_xlabel(shown(by.replace("_", " ")), size=SIZE["text"])
    ax.set_ylim(0, min(1.0, float(np.nanmax(table["high"])) * 1.08))


def _grouped(canvas: Canvas, table: pd.DataFrame, by: str, wanted: Sequence[str], groups: Sequence[Any]) -> None:
    """Groups are names: below each other, the labels of each close together."""
    ax = canvas.ax
    step = 0.62 / max(len(wanted), 2)
    for at, label in enumerate(wanted):
        rows = table[table["label"] == label].set_index(by).reindex(list(groups)).dropna(subset=["share"])
        offset = (at - (len(wanted) - 1) / 2) * step
        _bar(ax, [groups.index(group) + offset for group in rows.index], rows, label, upright=False)
    for at in range(0, len(groups), 2):
        ax.axhspan(at - 0.5, at + 0.5, facecolor="#f4f5f8", zorder=0)
    sizes = {} if by == "factors" else _sizes(table, by)
    room = max(12, int(canvas.inches * 5))
    ax.set_yticks(range(len(groups)), [_named(group, by, sizes.get(group), room) for group in groups])
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(0, min(1.0, float(np.nanmax(table["high"])) * 1.08))
    ax.grid(axis="x", color=GREY, alpha=0.25, linewidth=0.5)


def _sizes(table: pd.DataFrame, by: str) -> dict[Any, int]:
    if "n" not in table.columns:
        return {}
    return {group: int(n) for group, n in zip(table[by], table["n"], strict=True) if float(n) > 0}


def _named(group: Any, by: str, size: int | None, room: int) -> str:
    name = FACTORS[group][0] if by == "factors" and group in FACTORS else str(group)
    name = name if len(name) <= room else name[: room - 1] + "\u2026"
    return shown(name) + (f" ({size:,})" if size is not None else "")


def _head(by: str | None) -> str:
    if by is None:
        return "Share of each label"
    return "Contributory factors" if by == "factors" else f"Share of each label, by {by.replace('_', ' ')}"


def _about(table: pd.DataFrame) -> str:
    told = table.attrs
    if "sentences" in told:
        words = about(int(told["sentences"]), int(told.get("documents", 1)), told.get("model"))
        return words.replace(" sentence", " learning sentence", 1) if told.get("by") == "factors" else words
    return f"model\u00a0{told['model']}" if told.get("model") else ""


def _method(table: pd.DataFrame) -> str:
    confidence = f"{table.attrs.get('confidence', 0.95):.0%}"
    if "method" not in table.columns:
        return f"Bars: {confidence} intervals."
    methods = [str(name) for name in dict.fromkeys(table["method"]) if name != "none"]
    return f"Bars: {confidence} intervals, {' or '.join(methods)}." if methods else ""
