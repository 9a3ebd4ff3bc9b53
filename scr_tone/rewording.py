"""A few safe rewordings ("failed to attend": "did not attend"), offered to an author and never applied.

They are data (``resources/rewordings.json``), each with an example and with sentences that it must leave alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scr_tone.cues import fold

__all__ = ["Rewording", "suggest_rewording"]

#: A quotation may begin in the sentence before, or end in the next one.
_QUOTED = re.compile(
    "\u201c[^\u201d]*(?:\u201d|$)"
    "|^[^\u201c\u201d]*\u201d"
    '|"[^"]*(?:"|$)'
    # Single marks are apostrophes too, so they reach to the last that can be a closing one.
    "|\u2018(?:.*\u2019(?!\\w)|.*$)"
    r"|(?<!\w)'(?=\w)(?:.*(?<=[\w.,;:!?])'(?!\w)|.*$)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words of a sentence, and others that could stand in their place.

    Attributes
    ----------
    start, end : int
        Where the words stand, as offsets into the sentence.
    text : str
        What could stand there.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    text: str
    not_after: tuple[re.Pattern[str], ...]
    only_after: re.Pattern[str] | None
    targets: frozenset[str]

    def matches(self, folded: str) -> list[tuple[int, int]]:
        group = "words" if "words" in self.pattern.groupindex else 0
        return [
            match.span(group) for match in self.pattern.finditer(folded) if self._may_follow(folded[: match.start()])
        ]

    def _may_follow(self, before: str) -> bool:
        if self.only_after is not None and not self.only_after.search(before):
            return False
        return not any(guard.search(before) for guard in self.not_after)


@cache
def _rules() -> tuple[_Rule, ...]:
    raw = json.loads(files("scr_tone").joinpath("resources/rewordings.json").read_text(encoding="utf-8"))
    guards = {name: re.compile(pattern) for name, pattern in raw["guards"].items()}
    return tuple(
        _Rule(
            re.compile(r"\b" + entry["pattern"]),
            entry["text"],
            tuple(guards[name] for name in entry.get("not_after", ())),
            re.compile(entry["only_after"]) if "only_after" in entry else None,
            frozenset(entry.get("targets", ())),
        )
        for entry in raw["rewordings"]
    )


def suggest_rewording(sentence: str, *, target: str | None = None) -> Rewording | None:
    """The first rewording that is safe in this sentence, or None.

    Parameters
    ----------
    sentence : str
    target : str, optional
        Whom responsibility is put on; a few rewordings are for some only.

    Examples
    --------
    >>> sentence = "Mother failed to attend the appointment."
    >>> found = suggest_rewording(sentence)
    >>> sentence[found.start : found.end], found.text
    ('failed to', 'did not')
    >>> suggest_rewording("Mother had failed to attend.") is None
    True
    """
    folded = fold(sentence)
    quoted: list[tuple[int, int]] | None = None
    for rule in _rules():
        if rule.targets and target not in rule.targets:
            continue
        for start, end in rule.matches(folded):
            if quoted is None:
                quoted = [match.span() for match in _QUOTED.finditer(sentence)]
            if not any(start < last and end > first for first, last in quoted):
                text = rule.text
                return Rewording(start, end, text[0].upper() + text[1:] if sentence[start].isupper() else text)
    return None
