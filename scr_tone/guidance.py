"""The questions of ``resources/advice.json``, with the conditions under which each is asked and the sources behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Asked", "Entry", "Guide", "Question", "Source", "guide"]


@dataclass(frozen=True, slots=True)
class Source:
    """Guidance that a question follows.

    Attributes
    ----------
    name : str
    url : str or None
    """

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the author.

    Attributes
    ----------
    text : str
    sources : tuple of str
        Keys of `sources`.
    """

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is about."""

    question: Question
    topic: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Questions, and when they are asked: where all that is given holds.

    Attributes
    ----------
    label : str
    tier : int
        Those of a lower tier speak first.
    family : str or None
    words : bool
        Whether it is the family's entry for certain words.
    given : mapping
        Values of target, voice, culpability.
    alone : bool
        Leaves out everything of a higher tier.
    why : str or None
    questions : tuple of Asked
    """

    label: str
    tier: int
    family: str | None
    words: bool
    given: Mapping[str, str]
    alone: bool
    why: str | None
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """All that the file holds.

    Attributes
    ----------
    entries : tuple of Entry
    sources : mapping of str to Source
    notes : mapping
        What to say of a label with a level of the culpability ladder.
    factors : mapping
        Contributory factor -> the cue family whose questions suit it.
    most : mapping
        Label -> how many questions at most.
    families : mapping
        Label -> the families that have an entry.
    words : mapping
        Family -> words that call for its other entry.
    """

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    notes: Mapping[tuple[str, str], str]
    factors: Mapping[str, str]
    most: Mapping[str, int]
    families: Mapping[str, frozenset[str]]
    words: Mapping[str, re.Pattern[str]]


@cache
def guide() -> Guide:
    """All of it, read once."""
    raw = json.loads(files("scr_tone").joinpath("resources/advice.json").read_text(encoding="utf-8"))
    entries = tuple(
        Entry(
            entry["label"],
            entry["tier"],
            entry.get("family"),
            "words" in entry,
            {name: entry[name] for name in ("target", "voice", "culpability") if name in entry},
            entry.get("alone", False),
            entry.get("why"),
            tuple(Asked(Question(q["text"], tuple(q["sources"])), q["topic"]) for q in entry["questions"]),
        )
        for entry in raw["entries"]
    )
    return Guide(
        entries,
        {key: Source(source["name"], source.get("url")) for key, source in raw["sources"].items()},
        {(note["label"], note["culpability"]): note["note"] for note in raw["notes"]},
        raw["factors"],
        raw["most"],
        {label: frozenset(e.family for e in entries if e.label == label and e.family) for label in raw["most"]},
        {entry["family"]: re.compile(entry["words"]) for entry in raw["entries"] if "words" in entry},
    )
