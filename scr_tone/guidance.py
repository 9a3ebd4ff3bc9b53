"""The questions of ``resources/advice.json``, with the conditions under which each is asked and the sources behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from scr_tone.cues import find_cues, fold

__all__ = [
    "JUDGED",
    "Asked",
    "Condition",
    "Entry",
    "Guide",
    "Question",
    "Source",
    "denied",
    "guide",
    "holding",
    "owned",
    "recited",
]

#: The condition that a cue family leads; the family's own name is one too. No pattern is needed for either.
JUDGED = "judged"
#: What ends a clause, roughly.
_CLAUSE = re.compile(r"[,;:\u2013\u2014]|\band\b")


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
class Condition:
    """Something that a sentence's own words show, such as that it gives a reason.

    Attributes
    ----------
    name, about : str
    pattern : re.Pattern
        For a sentence as `scr_tone.cues.fold` gives it.
    """

    name: str
    about: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Given:
    """Which conditions must hold, and which must not."""

    when: frozenset[str]
    unless: frozenset[str]

    def suits(self, holding: frozenset[str]) -> bool:
        """Whether it applies to a sentence of which `holding` holds."""
        return self.when <= holding and not self.unless & holding


@dataclass(frozen=True, slots=True)
class Entry:
    """Questions, and when they are asked: where all that is given holds.

    Attributes
    ----------
    label : str
    tier : int
        Those of a lower tier speak first.
    family : str or None
    conditions : _Given
    given : mapping
        Values of target, voice, culpability, beside that it is for; None stands for one that is not known.
    alone : bool
        Leaves out everything that comes later.
    why, note : str or None
    questions : tuple of Asked
    """

    label: str
    tier: int
    family: str | None
    conditions: _Given
    given: Mapping[str, tuple[str | None, ...]]
    alone: bool
    why: str | None
    note: str | None
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """All that the file holds.

    Attributes
    ----------
    entries : tuple of Entry
    sources : mapping of str to Source
    conditions : tuple of Condition
    factors : mapping
        Contributory factor -> the cue family whose questions suit it.
    most : mapping
        Label -> how many questions at most.
    families : mapping
        Label -> the families that have an entry.
    """

    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    conditions: tuple[Condition, ...]
    factors: Mapping[str, str]
    most: Mapping[str, int]
    families: Mapping[str, frozenset[str]]


@cache
def guide() -> Guide:
    """All of it, read once."""
    raw = json.loads(files("scr_tone").joinpath("resources/advice.json").read_text(encoding="utf-8"))
    entries = tuple(
        Entry(
            entry["label"],
            entry["tier"],
            entry.get("family"),
            _given(entry),
            {name: _several(entry[name]) for name in ("target", "voice", "culpability", "beside") if name in entry},
            entry.get("alone", False),
            entry.get("why"),
            entry.get("note"),
            tuple(Asked(Question(q["text"], tuple(q["sources"])), q["topic"]) for q in entry["questions"]),
        )
        for entry in raw["entries"]
    )
    return Guide(
        entries,
        {key: Source(source["name"], source.get("url")) for key, source in raw["sources"].items()},
        tuple(
            Condition(one["name"], one["about"], re.compile("|".join(_begun(pattern) for pattern in one["patterns"])))
            for one in raw["conditions"]
        ),
        raw["factors"],
        raw["most"],
        {label: frozenset(e.family for e in entries if e.label == label and e.family) for label in raw["most"]},
    )


def holding(text: str) -> frozenset[str]:
    """The conditions that a sentence's own words meet.

    Examples
    --------
    >>> "cause" in holding("Nobody came, because the letter went astray.")
    True
    """
    folded = fold(text)
    return frozenset(one.name for one in guide().conditions if text and one.pattern.search(folded))


@cache
def _pattern(*names: str) -> re.Pattern[str]:
    """What finds one of these conditions."""
    known = {one.name: one.pattern.pattern for one in guide().conditions}
    return re.compile("|".join(known[name] for name in names))


def recited(text: str) -> bool:
    """Whether a sentence tells what a criminal court said, or what is alleged before one, of people and of no service.

    By the codebook (rules 6 and 10) that is an event of the case; what is said of a service is blame, whoever says it.

    Examples
    --------
    >>> recited("The judge told him that his carelessness had nearly killed a child.")
    True
    >>> recited("The judge told him that the Trust had failed his daughter.")
    False
    """
    folded = fold(text)
    return bool(_pattern("allegation", "court").search(folded) and _pattern("no service").search(folded))


def denied(text: str) -> bool:
    """Whether a sentence says that there was no fault, or warns against saying that there was, and leaves it at that.

    It has the words of blame and means the contrary, which a label learned from words often misses. Words of blame in another
    clause than the denial's stand.

    Examples
    --------
    >>> denied("It is easy to say that she should have known.")
    True
    >>> denied("It is easy to say that she should have known, but she should.")
    False
    >>> denied("There was no malice in it, and she failed to ring.")
    False
    """
    return _all_there_is("fault denied", text)


def owned(text: str) -> bool:
    """Whether somebody says in the first person what they themselves should have done, and nothing else of the kind is said.

    By the codebook (rule 2) a shortfall that somebody owns is accountability, in whatever words; a label learned from words often
    sees the "should have".

    Examples
    --------
    >>> owned("I should have rung again, she told us.")
    True
    >>> owned("We should have been told.")
    False
    >>> owned("I should have rung again, and the ward failed him.")
    False
    >>> owned("We should have complained sooner of a ward that failed him.")
    False
    """
    return _all_there_is("own fault", text, within="words")


def _all_there_is(condition: str, text: str, *, within: Literal["clause", "words"] = "clause") -> bool:
    """Whether a sentence meets a condition, has no words of blame beyond its clause, or its words, and does not take it back."""
    folded = fold(text)
    found = _pattern(condition).search(folded)
    if found is None or _pattern("turn").search(folded):
        return False
    if within == "words":
        return all(found.start() <= cue.end and cue.start < found.end() for cue in find_cues(text, "blame"))
    starts = [0, *(one.end() for one in _CLAUSE.finditer(folded, 0, found.start()))]
    ending = _CLAUSE.search(folded, found.end())
    end = ending.start() if ending else len(folded)
    return all(starts[-1] <= cue.start < end for cue in find_cues(text, "blame"))


def _given(entry: Mapping[str, Any]) -> _Given:
    return _Given(frozenset(entry.get("when", ())), frozenset(entry.get("unless", ())))


def _several(value: Any) -> tuple[str | None, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _begun(pattern: str) -> str:
    """A pattern that begins where a word does, or, if it begins with no word, anywhere."""
    return rf"\b(?:{pattern})" if pattern[0] not in "^,:" else pattern
