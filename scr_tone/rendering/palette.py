"""The labels' colours, read from the style sheet that colours the pages, so that a plot and a page agree.

The inks are as dark as each other, which is right for words on a page and useless on a grey photocopy. `fills` are the
same hues made lighter by steps, so that areas stay apart without colour.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from scr_tone.records import LABELS

__all__ = ["fills", "inks", "mixed"]

#: Share of white in the fill of each label: lightness then rises evenly (tests/test_palette.py computes it).
_WHITE = {"blame": 0.0, "learning": 0.27, "accountability": 0.6, "neutral": 0.8}


@cache
def inks() -> dict[str, str]:
    """Colour of each label for lines, marks and words, as ``#rrggbb``, in the order of `scr_tone.LABELS`.

    Examples
    --------
    >>> list(inks())
    ['blame', 'learning', 'accountability', 'neutral']
    """
    css = files("scr_tone").joinpath("resources/report.css").read_text(encoding="utf-8")
    light = css[: css.index("}")]  # the first rule is the light scheme
    found = dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]{6})", light))
    return {label: found[label] for label in LABELS}


def fills() -> dict[str, str]:
    """Colour of each label for areas, as ``#rrggbb``: the ink's hue, from dark (blame) to light (neutral)."""
    return {label: mixed(ink, _WHITE[label]) for label, ink in inks().items()}


def mixed(colour: str, white: float) -> str:
    """A colour with a share of white in it.

    Parameters
    ----------
    colour : str
        As ``#rrggbb``.
    white : float
        From 0 (the colour itself) to 1 (white).

    Examples
    --------
    >>> mixed("#000000", 0.2)
    '#333333'
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)
