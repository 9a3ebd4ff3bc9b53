"""What every plot is drawn on: an Axes of its own or the caller's, with title, caption and key, and no state left behind."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from scr_tone.errors import ConfigError
from scr_tone.rendering.names import counted
from scr_tone.rendering.palette import fills, inks

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["CAPTION", "HATCHES", "LINES", "MARKS", "RESPONSIBLE", "SIZE", "Canvas", "about", "area", "shown"]

#: Labels that do something with responsibility; the rest of the text is `neutral`.
RESPONSIBLE = ("blame", "learning", "accountability")

#: Beside colour: the hatch of an area, the mark of a point, the dashes of a line.
HATCHES: Mapping[str, str] = {"blame": "", "learning": "////", "accountability": "....", "neutral": ""}
MARKS: Mapping[str, str] = {"blame": "s", "learning": "o", "accountability": "^", "neutral": "D"}
LINES: Mapping[str, Any] = {
    "blame": "-",
    "learning": (0, (5, 1.5)),
    "accountability": (0, (1.2, 1.2)),
    "neutral": (0, (5, 1.5, 1, 1.5)),
}

#: Points, of words of each rank, as printed.
SIZE: Mapping[str, float] = {"title": 9, "text": 8, "small": 6.5}
GREY = "#5a6475"
CAPTION = "Wording, not people. Labels are a model\u2019s, and some are wrong."

# Characters to an inch, on the safe side, at the sizes above.
_TITLE_CHARACTERS, _SMALL_CHARACTERS = 14, 19
_LINE = 1.25  # height of a line, in sizes of its type


@dataclass(frozen=True)
class Canvas:
    """An Axes, and whether its figure is ours.

    Attributes
    ----------
    ax : Axes
    own : bool
        Whether the figure was made for this plot; title, caption and key then have room beside the Axes.
    """

    ax: Axes
    own: bool

    @classmethod
    def on(cls, ax: Axes | None, width: float, height: float) -> Canvas:
        """On the caller's Axes, or on a new figure of that size in inches.

        Raises
        ------
        ConfigError
            If matplotlib is not installed, or the size is none.
        """
        if not (0 < width < 100 and 0 < height < 100):
            raise ConfigError(f"is {width}", remedy="give inches, such as 3.5 or 7", subject="width")
        try:
            from matplotlib.figure import Figure
        except ImportError:
            raise ConfigError(
                "needs matplotlib", remedy='pip install "scr-tone[plots]"', subject="scr_tone.plots"
            ) from None
        own = ax is None
        if ax is None:
            figure = Figure(figsize=(width, height), layout="constrained")
            ax = figure.add_subplot(axes_class=_axes_class())
        ax.tick_params(labelsize=SIZE["text"], length=2.5, color=GREY)
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
        return cls(ax, own)

    @property
    def inches(self) -> float:
        """Width that the title has."""
        figure = self.ax.figure
        if self.own:
            return float(figure.bbox.width / figure.dpi)
        return float(self.ax.get_window_extent().width / figure.dpi)

    def title(self, first: str, second: str = "", *, key: Sequence[Artist] = ()) -> None:
        """A title in lines that fit, and under it what marks and areas mean.

        Where the figure is ours both begin at its left edge; on the caller's Axes the key goes where there is room.
        """
        characters = max(16, int(self.inches * _TITLE_CHARACTERS))
        lines = [line for part in (first, second) if part for line in textwrap.wrap(shown(part), characters)]
        style: dict[str, Any] = {"fontsize": SIZE["text"], "frameon": False, "handlelength": 2.2, "columnspacing": 1}
        if not self.own:
            self.ax.set_title("\n".join(lines), loc="left", size=SIZE["title"])
            if key:
                self.ax.legend(handles=list(key), loc="best", **style)
            return
        figure = self.ax.figure
        if key:
            # Room for the key is made by empty lines of the title, as the layout knows of one thing above the Axes.
            columns = len(key) if self.inches * 13 > sum(len(str(one.get_label())) + 5 for one in key) else 2
            used = (len(lines) * _LINE * SIZE["title"] / 72 + 0.02) / figure.bbox.height * figure.dpi
            lines += [" "] * -(-len(key) // columns)
            legend = figure.legend(
                handles=list(key), loc="upper left", bbox_to_anchor=(0, 0.985 - used), ncols=columns,
                borderaxespad=0, labelspacing=0.3, **style,
            )  # fmt: skip
            legend.set_in_layout(False)
        figure.suptitle("\n".join(lines), x=0.01, ha="left", size=SIZE["title"])

    def caption(self, *parts: str) -> None:
        """Small words below the Axes; only on a figure of ours, as the caller's has its own."""
        if not self.own:
            return
        text = textwrap.fill(shown(" ".join((*parts, CAPTION))), max(24, int(self.inches * _SMALL_CHARACTERS)))
        self.ax.figure.supxlabel(text, x=0.01, ha="left", size=SIZE["small"], color=GREY)

    def empty(self, words: str = "no sentence that counts") -> None:
        """Say in the middle that there is nothing to draw."""
        self.ax.text(
            0.5, 0.5, words, transform=self.ax.transAxes, ha="center", va="center", color=GREY, size=SIZE["text"]
        )


def about(sentences: int, documents: int, model: str | None) -> str:
    """How much is drawn and what labelled it.

    Examples
    --------
    >>> about(1204, 12, "small")
    '1,204 sentences in 12 documents; model\\xa0small'
    """
    many = f" in {counted(documents, 'document')}" if documents > 1 else ""
    return counted(sentences, "sentence") + many + (f"; model\u00a0{model}" if model else "")


def area(label: str) -> dict[str, Any]:
    """Style of an area: fill, hatch and edge."""
    return {"facecolor": fills()[label], "edgecolor": inks()[label], "hatch": HATCHES[label], "linewidth": 0.6}


def shown(text: str) -> str:
    """Text as matplotlib should take it: no mathematics in dollar signs, no character that its font has no shape for."""
    known = _characters()
    return "".join(sign if ord(sign) in known or sign == "\n" else "\ufffd" for sign in text).replace("$", r"\$")


@cache
def _characters() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties())).get_charmap())


@cache
def _axes_class() -> type[Axes]:
    from matplotlib.axes import Axes

    class ShownAxes(Axes):
        """An Axes that a notebook shows, as no pyplot does it here."""

        def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
            figure, stream = self.get_figure(root=True), io.BytesIO()
            assert figure is not None
            figure.savefig(stream, format="png", dpi=2 * figure.dpi)  # sharp on a fine screen
            return stream.getvalue(), {"width": int(figure.bbox.width), "height": int(figure.bbox.height)}

    return ShownAxes
