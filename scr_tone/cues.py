"""Cue families: packaged word patterns, each with its source. They name what the model leaned on; they never decide."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["CueFamily", "CueMatch", "cue_families", "find_cues"]

_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True, slots=True)
class CueFamily:
    """A named group of word patterns.

    Attributes
    ----------
    name : str
    labels : tuple of str
        Labels that its words speak for.
    source : str
        Where the family comes from.
    pattern : re.Pattern
        All of its words as one expression.
    """

    name: str
    labels: tuple[str, ...]
    source: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CueMatch:
    """Where a family's words stand in a sentence, as offsets into it."""

    start: int
    end: int
    family: str


@cache
def cue_families() -> tuple[CueFamily, ...]:
    """All families, read once from ``resources/cues.json``."""
    raw = json.loads(files("scr_tone").joinpath("resources/cues.json").read_text(encoding="utf-8"))
    return tuple(
        CueFamily(
            entry["name"],
            tuple(entry["labels"]),
            entry["source"],
            re.compile(r"\b(?:" + "|".join(entry["patterns"]) + ")", re.IGNORECASE),
        )
        for entry in raw["families"]
    )


def find_cues(sentence: str, label: str) -> list[CueMatch]:
    """Matches of the families that speak for `label`, in reading order; of two that overlap the longer.

    Examples
    --------
    >>> [("She failed to ring."[m.start:m.end], m.family) for m in find_cues("She failed to ring.", "blame")]
    [('failed to', 'failure verbs')]
    """
    folded = sentence.translate(_STRAIGHT)
    found = [
        CueMatch(match.start(), match.end(), family.name)
        for family in cue_families()
        if label in family.labels
        for match in family.pattern.finditer(folded)
    ]
    kept: list[CueMatch] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept
