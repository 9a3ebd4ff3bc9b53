"""The splitter's word lists, read once, on first use, from packaged data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

__all__ = ["word_set"]


@cache
def _lists() -> dict[str, frozenset[str]]:
    raw = json.loads(files("scr_tone").joinpath("resources/sentences.json").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in raw.items() if name != "about"}


def word_set(name: str) -> frozenset[str]:
    """One of the lists in ``resources/sentences.json``.

    Raises
    ------
    KeyError
        If there is no list of that name.
    """
    return _lists()[name]
