"""Thresholds learned from decisions: the least score from which a flag of this project is right often enough.

Flags that were decided "helpful" or "intended" were right, those decided "wrong" were not. Of all thresholds the smallest is
taken above which the share of right flags reaches what is asked for. That share is not taken as it stands, because of a
few flags any share can be found: it is drawn towards the share of right ones among all decisions, with the weight of ten
decisions (a beta prior), so few decisions move it little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["LEAST", "PRECISION", "Learned", "Tally", "learn"]

#: Share of right flags to reach, and the fewest decisions to learn from, if nothing else is said.
PRECISION, LEAST = 0.8, 20
#: Decisions that the share of right ones among all of them counts for.
_WEIGHT = 10
#: Parts in which decisions are left out in turn.
_PARTS = 20


class Tally(NamedTuple):
    """So many flags, and how many of them were right."""

    flags: int
    right: int

    @property
    def precision(self) -> float:
        """Share of right ones; not a number where there are none."""
        return self.right / self.flags if self.flags else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval for it, at 95%.

        Examples
        --------
        >>> tuple(round(bound, 2) for bound in Tally(10, 8).interval)
        (0.49, 0.94)
        """
        if not self.flags:
            return 0.0, 1.0
        z, n, p = 1.959964, self.flags, self.right / self.flags
        middle, width = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - width) / (1 + z * z / n)), min(1.0, (middle + width) / (1 + z * z / n))


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of it.

    Attributes
    ----------
    threshold : float or None
        None where no threshold reaches the share; 0 where none is needed.
    before, after : Tally
        All decisions, and those above the threshold.
    unseen : Tally
        Those above a threshold that was learned without them: what to expect of flags to come.
    missing : int
        Where no threshold reaches the share: how many more flags with high scores, all of them right, it would take.
    """

    threshold: float | None
    before: Tally
    after: Tally
    unseen: Tally
    missing: int = 0


def learn(decided: Sequence[tuple[float, bool]], *, precision: float = PRECISION) -> Learned:
    """Learn the threshold of one label.

    Parameters
    ----------
    decided : sequence of (float, bool)
        Score of each flag that was decided, and whether it was right.
    precision : float
        Share of right flags to reach.

    Examples
    --------
    >>> decided = [(0.5 + at / 100, at > 15) for at in range(40)]
    >>> learn(decided).threshold
    0.625
    """
    ordered = sorted(decided, key=lambda one: -one[0])
    before = Tally(len(ordered), sum(right for _, right in ordered))
    threshold = _threshold(ordered, precision)
    missing = _missing(ordered, precision) if threshold is None else 0
    parts = min(_PARTS, len(ordered))
    unseen: list[tuple[float, bool]] = []
    for part in range(parts):
        bound = _threshold([one for at, one in enumerate(ordered) if at % parts != part], precision)
        unseen += [one for one in ordered[part::parts] if bound is not None and one[0] >= bound]
    return Learned(
        threshold,
        before,
        _above(ordered, threshold),
        Tally(len(unseen), sum(right for _, right in unseen)),
        missing,
    )


def _threshold(ordered: Sequence[tuple[float, bool]], precision: float) -> float | None:
    """The threshold, from decisions by falling score; those with the same score stand or fall together."""
    if not ordered:
        return None
    share = sum(right for _, right in ordered) / len(ordered)
    right = 0
    kept = 0
    for at, (score, good) in enumerate(ordered, 1):
        right += good
        last = at == len(ordered) or ordered[at][0] < score
        if last and (right + _WEIGHT * share) / (at + _WEIGHT) >= precision:
            kept = at
    if kept == 0:
        return None
    if kept == len(ordered):
        return 0.0
    low, high = ordered[kept][0], ordered[kept - 1][0]
    middle = (low + high) / 2
    return round(middle, 3) if low < round(middle, 3) <= high else middle


def _missing(ordered: Sequence[tuple[float, bool]], precision: float) -> int:
    """Right flags that would have to come in above all others."""
    share = sum(right for _, right in ordered) / (len(ordered) or 1)
    right, least = 0, math.inf
    for at, good in enumerate([False, *(good for _, good in ordered)]):
        right += good
        least = min(least, (precision * (at + _WEIGHT) - right - _WEIGHT * share) / (1 - precision))
    return max(1, math.ceil(least - 1e-9))


def _above(decided: Sequence[tuple[float, bool]], threshold: float | None) -> Tally:
    if threshold is None:
        return Tally(0, 0)
    kept = [right for score, right in decided if score >= threshold]
    return Tally(len(kept), sum(kept))
