"""Cue families: packaged word patterns, each with its source. They name what the model leaned on; they never decide."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["CueFamily", "CueMatch", "cue_families", "find_cues", "fold"]

# Quotes, hyphens and white space of every kind become the plain one, so that patterns need to know one only.
_PLAIN = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2010\u2011\t\n\v\f\r\u00a0\u2009\u2028\u2029\u202f", "''\"\"--" + " " * 10
)


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
    example, counter_example : str
        An invented sentence that has such words, and one that has not but could be taken to.
    pattern : re.Pattern
        All of its words as one expression, for a sentence as `fold` gives it.
    """

    name: str
    labels: tuple[str, ...]
    source: str
    example: str
    counter_example: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CueMatch:
    """Where a family's words stand in a sentence, as offsets into it."""

    start: int
    end: int
    family: str


@cache
def cue_families() -> tuple[CueFamily, ...]:
    """All families, read once from ``resources/cues.json``.

    Examples
    --------
    >>> [family.name for family in cue_families() if "accountability" in family.labels]
    ['owning', 'fair process', 'error and intent', 'responsibility for harm', 'assurance']
    """
    raw = json.loads(files("scr_tone").joinpath("resources/cues.json").read_text(encoding="utf-8"))
    return tuple(
        CueFamily(
            entry["name"],
            tuple(entry["labels"]),
            entry["source"],
            entry["example"],
            entry["counter_example"],
            re.compile(r"\b(?:" + "|".join(entry["patterns"]) + ")"),
        )
        for entry in raw["families"]
    )


def fold(sentence: str) -> str:
    """The sentence in lower case, with plain quotes, hyphens and spaces, every character where it was.

    Patterns are matched against this; to ignore case in the expressions instead takes twice the time.

    Examples
    --------
    >>> fold("She SHOULDN\u2019T have.")
    "she shouldn't have."
    """
    straight = sentence.translate(_PLAIN)
    lower = straight.lower()
    if len(lower) == len(straight):
        return lower
    # The Turkish dotted capital I is two characters in lower case.
    return "".join(small if len(small := character.lower()) == 1 else character for character in straight)


def find_cues(sentence: str, label: str) -> list[CueMatch]:
    """Matches of the families that speak for `label`, in reading order; of two that overlap the longer.

    Examples
    --------
    >>> [("She failed to ring."[m.start:m.end], m.family) for m in find_cues("She failed to ring.", "blame")]
    [('failed to', 'failure verbs')]
    """
    folded = fold(sentence)
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
