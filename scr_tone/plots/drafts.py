"""What moved between two drafts: which sentences came to blame, which were mended, and into what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scr_tone.comparison import Comparison
from scr_tone.errors import InputError
from scr_tone.plots.canvas import GREY, RESPONSIBLE, SIZE, Canvas, area
from scr_tone.rendering.comparison_words import becomes, by_tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draft_comparison"]

_INTO = ("learning", "accountability", "neutral")


def draft_comparison(comparison: Comparison, *, ax: Axes | None = None, width: float = 7.0) -> Axes:
    """Sentences by what became of their tone: what became worse, what still blames, what was mended and into what.

    Parameters
    ----------
    comparison : Comparison
        See `scr_tone.compare`.
    ax : Axes, optional
        Where to draw; without it on a figure of its own.
    width : float
        Of that figure, in inches.

    Returns
    -------
    Axes
        A bar for each kind of change, filled as the label that the sentences have now; the title has the counts before
        and now.

    Raises
    ------
    InputError
        If it is no comparison.
    ConfigError
        If matplotlib is not installed.

    Examples
    --------
    >>> import scr_tone
    >>> tone = scr_tone.load()
    >>> old, new = (tone.analyse(text) for text in ("It rained.", "The nurse failed to call back. It rained."))
    >>> [int(bar.get_width()) for bar in draft_comparison(scr_tone.compare(old, new)).patches]
    [0, 1, 0, 0, 0, 0, 0]
    """
    if not isinstance(comparison, Comparison):
        raise InputError(
            f"takes a Comparison, not {type(comparison).__name__}", remedy="make it with scr_tone.compare(old, new)"
        )
    data = comparison.to_dict()
    rows = _rows(data)
    canvas = Canvas.on(ax, width, 1.45 + 0.23 * len(rows))
    from matplotlib.ticker import MaxNLocator  # here, as the line above says what to do where it is missing

    ax = canvas.ax
    for at, (_, count, label) in enumerate(rows):
        style = area(label) if label else {**area("blame"), "facecolor": "white"}
        ax.barh(at, count, height=0.68, zorder=2, **style)
        ax.annotate(
            f"{count:,}", (count, at), xytext=(3, 0), textcoords="offset points", va="center", size=SIZE["text"]
        )
    ax.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    ax.set_ylim(len(rows) - 0.45, -0.55)
    ax.set_xlim(0, max(1, *(count for _, count, _ in rows)) * 1.08)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("sentences", size=SIZE["text"])
    ax.tick_params(axis="y", length=0)
    for line in (1.5, 2.5):  # between worse, as before, and better
        ax.axhline(line, color=GREY, linewidth=0.5, linestyle=(0, (2, 2)))
    canvas.title("What moved between the two drafts", _counts(data))
    canvas.caption("Filled as the label that the sentences have now; white: cut.")
    return ax


def _rows(data: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    """Name, number of sentences, and the label that they have now; None where they are gone."""
    tone = data["summary"]["tone"]
    into = [becomes(pair) for pair in by_tone(data, "mended")]
    rows = [
        ("reworded into blame", tone["became_blame"], "blame"),
        ("new, and blame", tone["new_blame"], "blame"),
        ("blame as before", tone["still_blame"], "blame"),
        *((f"blame, now {label}", into.count(label), label) for label in _INTO),
        ("blame that was cut", tone["removed_blame"], None),
    ]
    if tone["set_aside"]:
        rows.append(("blame, no longer counted", tone["set_aside"], "blame"))
    if tone["changed"]:
        rows.append(("other change of label", tone["changed"], "neutral"))
    return rows


def _counts(data: dict[str, Any]) -> str:
    labels = [data[side]["summary"]["labels"] for side in ("old", "new")]
    moved = ", ".join(
        f"{name}\u00a0{labels[0][name]['count']:,}\u00a0\u2192\u00a0{labels[1][name]['count']:,}"
        for name in RESPONSIBLE
    )
    sizes = " \u2192 ".join(f"{data[side]['summary']['sentences']:,}" for side in ("old", "new"))
    model = data["model"].get("name")
    return f"{sizes} sentences: {moved}" + (f"; model\u00a0{model}" if model else "")
