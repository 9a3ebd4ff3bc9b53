"""From what single sentences show to the status of a document, by the table of the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scr_tone.purpose.document import DocumentRead
from scr_tone.purpose.model import ALL_KINDS
from scr_tone.purpose.rules import PARTIES, affirms, complicates, parties_of, tied, untold

__all__ = ["QUESTIONS", "Decision", "Status", "decide"]

Status = Literal["met", "partly", "not_found"]
QUESTIONS = ("communicated", "positive", "complications")

#: From which score on a sentence shows something.
THRESHOLD = 0.3
#: And once the findings have begun, where recommendations speak of learning too.
_LATE = 0.5
_SURE = 0.5
_STRONG = 0.6
#: How far behind what it is about a consequence may be said, in sentences.
_REACH = 3
_SHOWN = 6  # sentences, at most, as evidence
_OTHER = "other"  # somebody who was told, and whom the words do not name


@dataclass(frozen=True, slots=True)
class Decision:
    """A status, the sentences that show it (best first), and what decided it: see `scr_tone.purpose.wording`."""

    status: Status
    evidence: tuple[int, ...]
    why: str
    about: frozenset[str] = frozenset()


class _Shown:
    """Which sentences show which kind, best first."""

    def __init__(self, read: DocumentRead) -> None:
        self.readings = read.readings
        self.scores = read.scores

    def at(self, kind: str, threshold: float = THRESHOLD) -> list[int]:
        column = self.scores[:, ALL_KINDS.index(kind)]
        found = np.flatnonzero(column >= threshold)
        return [int(index) for index in found[np.argsort(-column[found], kind="stable")]]

    def of(self, kind: str, index: int) -> float:
        return float(self.scores[index, ALL_KINDS.index(kind)])

    def strong(self, kind: str, found: Sequence[int]) -> list[int]:
        """Those that show a kind not much less than the best of them: what a reader is pointed to."""
        return [i for i in found if self.of(kind, i) >= _STRONG * max(self.of(kind, j) for j in found)]

    def sure(self, index: int) -> bool:
        """Whether a consequence said among the findings, where much is said of consequences, is one for the review."""
        return self.of("effect", index) >= _SURE or complicates(self.readings[index].tags)


def decide(read: DocumentRead) -> dict[str, Decision]:
    """The status of each question."""
    shown = _Shown(read)
    return {
        "communicated": _communicated(shown),
        "positive": _positive(shown, read.findings),
        "complications": _complications(shown, read.findings, read.denials),
    }


def _decision(status: Status, evidence: Sequence[int], why: str, about: frozenset[str] = frozenset()) -> Decision:
    """A decision, each sentence named once and none beyond what a reader would look at."""
    return Decision(status, tuple(dict.fromkeys(evidence))[:_SHOWN], why, about)


def _communicated(shown: _Shown) -> Decision:
    told = [
        index
        for index in shown.at("told")
        if shown.of("told", index) >= shown.of("planned", index) and not untold(shown.readings[index].tags)
    ]
    parties = {index: parties_of(shown.readings[index].tags) or {_OTHER} for index in told}
    everyone = frozenset().union(*parties.values())
    if "practitioner" in everyone and len(everyone) > 1:
        # One sentence for each party before further ones for the same.
        first = [next(i for i in told if party in parties[i]) for party in (*PARTIES, _OTHER) if party in everyone]
        return _decision("met", [*sorted(set(first), key=told.index), *shown.strong("told", told)], "met")
    if told:
        return _decision(
            "partly", told, "practitioners only" if "practitioner" in everyone else "others only", everyone
        )
    part, planned = shown.at("took_part"), shown.at("planned")
    if part:
        about = frozenset().union(*(parties_of(shown.readings[i].tags) for i in part))
        return _decision("partly", [*part, *planned], "took part", about & {"practitioner", "family"})
    if planned:
        return _decision("partly", planned, "planned")
    return _decision("not_found", (), "not found")


def _positive(shown: _Shown, findings: int) -> Decision:
    contrary = shown.at("contrary")
    # Beside a contrary purpose, perhaps in one sentence with it, less has to speak for the other.
    own = [
        index
        for index in shown.at("own", THRESHOLD / 2 if contrary else THRESHOLD)
        if shown.of("own", index) >= shown.of("formula", index)
        and shown.of("own", index) > shown.of("told", index)
        and affirms(shown.readings[index].tags)
    ]
    early = [index for index in own if index < findings]
    if early and contrary:
        return _decision("partly", [early[0], contrary[0], *early, *contrary], "contrary")
    if early:
        return _decision("met", shown.strong("own", early), "met")
    formula, negative = shown.at("formula"), shown.at("negative")
    if formula or negative:
        best = max((*formula, *negative), key=lambda i: max(shown.of("formula", i), shown.of("negative", i)))
        kind = "formula" if best in formula else "negative"
        return _decision("partly", [best, *formula, *negative, *own], kind)
    late = [index for index in own if shown.of("own", index) >= _LATE]
    if late:
        return _decision("partly", late, "late")
    return _decision("not_found", contrary, "only contrary" if contrary else "not found")


def _complications(shown: _Shown, findings: int, denied: frozenset[int]) -> Decision:
    able = {i for i, reading in shown.readings.items() if i not in denied and complicates(reading.tags)}
    named = [index for index in shown.at("named") if index in able]
    near = {i + step for i in shown.at("named", THRESHOLD * 0.6) if i in able for step in range(_REACH + 1)}
    effect = [
        index
        for index in shown.at("effect")
        if index in near - denied and tied(shown.readings[index].tags) and (index < findings or shown.sure(index))
    ]
    about = frozenset().union(*(shown.readings[i].tags.found.keys() for i in named))
    if effect:
        before = [max((i for i in named if i <= index), default=index) for index in effect[:2]]
        return _decision("met", [*effect[:2], *before, *shown.strong("effect", effect)], "met", about)
    if named:
        return _decision("partly", shown.strong("named", named), "named", about)
    return _decision("not_found", (), "denied" if denied else "not found")
