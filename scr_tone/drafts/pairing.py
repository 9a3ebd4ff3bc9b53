"""The steps by which the sentences of two drafts find each other; `scr_tone.drafts.alignment` says in which order."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from scr_tone.drafts.likeness import Ids, Likeness
from scr_tone.drafts.sequences import best_in_order, heaviest_rise, longest_common

__all__ = ["Pairing", "Unit", "joined"]

# What two sentences must have in common to be one that was edited: between the same anchors, near by, anywhere; and of
# what is left between two that are in place, or on both sides of one. Set by tests/golden/drafts.txt.
_SAME_GAP, _NEAR, _ANYWHERE = 0.42, 0.5, 0.6
_LEFT_OVER, _CROSSED = 0.26, 0.32
_NEIGHBOUR = 0.08
_NEAR_GAPS = 2
_CANDIDATES = 8
_SMALL_GAP, _LARGEST_GAP = 64, 2500
_LONG_WORDS = 4
# A part joins a sentence that was cut if the two are then more alike, and if so much of it comes from there.
_FROM_THERE = 0.5
_PARTS = 4
# Where a sentence and a heading change places, it is the sentence that moved.
_HEADING = 50


class Unit(NamedTuple):
    """A sentence as alignment sees it.

    Attributes
    ----------
    key : str
        Equal keys make equal sentences (`scr_tone.drafts.wording.key`).
    words : sequence of str
    apart : bool
        A heading or the like: it is paired with such only, unless it stays as it is.
    """

    key: str
    words: Sequence[str]
    apart: bool = False


class Pairing:
    """The pairs found so far; a step of the work a method.

    Attributes
    ----------
    to_new, to_old : dict of int to list of int
        For a sentence of the one side those of the other that it belongs to. A list of several is a sentence that was cut
        (or made of several), and then each of these has that one only.
    """

    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        self.likeness = Likeness([unit.words for unit in old], [unit.words for unit in new])
        self.to_new: dict[int, list[int]] = {}
        self.to_old: dict[int, list[int]] = {}

    def link(self, i: int, j: int) -> None:
        self.to_new[i], self.to_old[j] = [j], [i]

    def free_old(self) -> list[int]:
        return [i for i in range(len(self.old)) if i not in self.to_new]

    def free_new(self) -> list[int]:
        return [j for j in range(len(self.new)) if j not in self.to_old]

    def same_in_order(self) -> None:
        """The longest run of equal sentences in order: those of some length first, the short ones between them."""
        numbers: dict[str, int] = {}
        before = [numbers.setdefault(unit.key, len(numbers)) for unit in self.old]
        after = [numbers.setdefault(unit.key, len(numbers)) for unit in self.new]
        long_old = [i for i, unit in enumerate(self.old) if len(unit.words) >= _LONG_WORDS]
        long_new = [j for j, unit in enumerate(self.new) if len(unit.words) >= _LONG_WORDS]
        common = longest_common([before[i] for i in long_old], [after[j] for j in long_new])
        anchors = [(long_old[a], long_new[b]) for a, b in common]
        edges = [(-1, -1), *anchors, (len(before), len(after))]
        for (i, j), (next_i, next_j) in pairwise(edges):
            common = longest_common(before[i + 1 : next_i], after[j + 1 : next_j])
            anchors += [(i + 1 + a, j + 1 + b) for a, b in common]
        for i, j in sorted(anchors):
            self.link(i, j)

    def gaps(self) -> tuple[list[int], list[int]]:
        """For each sentence how many anchors stand before it."""
        return (
            _running([i in self.to_new for i in range(len(self.old))]),
            _running([j in self.to_old for j in range(len(self.new))]),
        )

    def same_elsewhere(self) -> None:
        """Equal sentences out of order, the first with the first."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for j in reversed(self.free_new()):
            waiting[self.new[j].key].append(j)
        for i in self.free_old():
            if waiting.get(self.old[i].key):
                self.link(i, waiting[self.old[i].key].pop())

    def edited(self, gaps: tuple[list[int], list[int]]) -> None:
        """Pairs that are alike, best first; a pair beside a pair gains a little."""
        heap: list[tuple[float, float, int, int]] = []
        seen: dict[tuple[int, int], float] = {}
        slope = len(self.new) / max(1, len(self.old))

        def offer(i: int, j: int, neighbours: int) -> None:
            if i in self.to_new or j in self.to_old or self.old[i].apart != self.new[j].apart:
                return
            if (i, j) not in seen:
                seen[i, j] = self.likeness.of(self.likeness.old[i], self.likeness.new[j])
            apart = abs(gaps[0][i] - gaps[1][j])
            enough = _SAME_GAP if apart == 0 else _NEAR if apart <= _NEAR_GAPS else _ANYWHERE
            score = seen[i, j] + _NEIGHBOUR * neighbours
            if score >= enough:
                # A pair between the same anchors goes before one that is as much alike elsewhere.
                heapq.heappush(heap, (-(score - enough), abs(i * slope - j), i, j))

        def neighbours(i: int, j: int) -> int:
            return (j - 1 in self.to_new.get(i - 1, ())) + (j + 1 in self.to_new.get(i + 1, ()))

        for i, j in self._candidates(gaps):
            offer(i, j, neighbours(i, j))
        while heap:
            _, _, i, j = heapq.heappop(heap)
            if i in self.to_new or j in self.to_old:
                continue
            self.link(i, j)
            for step in (-1, 1):
                if 0 <= i + step < len(self.old) and 0 <= j + step < len(self.new):
                    offer(i + step, j + step, neighbours(i + step, j + step))

    def _candidates(self, gaps: tuple[list[int], list[int]]) -> Iterator[tuple[int, int]]:
        """Pairs worth a closer look: those that share rare words, all between the same anchors where these are few."""
        free_old, free_new = self.free_old(), self.free_new()
        yielded = set(self.likeness.candidates(free_old, free_new, _CANDIDATES))
        in_gap: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for i in free_old:
            in_gap[gaps[0][i]][0].append(i)
        for j in free_new:
            in_gap[gaps[1][j]][1].append(j)
        for olds, news in in_gap.values():
            if len(olds) * len(news) <= _SMALL_GAP:
                yielded |= {(i, j) for i in olds for j in news}
        yield from sorted(yielded)

    def parts(self) -> None:
        """Sentences cut in two or more, and sentences made of several: a free neighbour joins the pair beside it."""
        while self._cut(self.new, self.likeness.old, self.likeness.new, self.to_new, self.to_old) or self._cut(
            self.old, self.likeness.new, self.likeness.old, self.to_old, self.to_new
        ):
            pass

    def _cut(
        self,
        units: Sequence[Unit],
        wholes: Sequence[Ids],
        words: Sequence[Ids],
        parts_of: dict[int, list[int]],
        whole_of: dict[int, list[int]],
    ) -> bool:
        """Join free sentences of `units` to the parts of a whole on the other side; whether there was one."""
        found = False
        for part in range(len(units)):
            if part in whole_of or units[part].apart:
                continue
            for whole in sorted({w for near in (part - 1, part + 1) for w in whole_of.get(near, ())}):
                parts = parts_of[whole]
                if len(parts) >= _PARTS or any(len(whole_of[other]) > 1 or units[other].apart for other in parts):
                    continue
                before = self.likeness.of(wholes[whole], joined(words, parts))
                after = self.likeness.of(wholes[whole], joined(words, sorted([*parts, part])))
                from_there = self.likeness.covered(words[part], wholes[whole], [words[other] for other in parts])
                if after > before and from_there >= _FROM_THERE:
                    parts.append(part)
                    parts.sort()
                    whole_of[part] = [whole]
                    found = True
                    break
        return found

    def left_over(self) -> None:
        """What is left on both sides between sentences that are in place: in order, then less in common is enough."""
        in_place = [(olds, news) for olds, news, moved in self.placed() if not moved]
        edges = [((-1,), (-1,)), *in_place, ((len(self.old),), (len(self.new),))]
        for (olds, news), (next_olds, next_news) in pairwise(edges):
            free_old = [i for i in range(olds[-1] + 1, next_olds[0]) if i not in self.to_new]
            free_new = [j for j in range(news[-1] + 1, next_news[0]) if j not in self.to_old]
            if not 0 < len(free_old) * len(free_new) <= _LARGEST_GAP:
                continue
            gain = [[self._left_gain(i, j) for j in free_new] for i in free_old]
            for a, b in best_in_order(gain):
                self.link(free_old[a], free_new[b])

    def crossed(self) -> None:
        """What is left on both sides of one pair that is in place: a sentence rewritten in another place of its paragraph."""
        in_place = [(olds, news) for olds, news, moved in self.placed() if not moved]
        edges = [((-1,), (-1,)), *in_place, ((len(self.old),), (len(self.new),))]
        found = []
        for (olds, news), _, (next_olds, next_news) in zip(edges, edges[1:], edges[2:], strict=False):
            free_old = [i for i in range(olds[-1] + 1, next_olds[0]) if i not in self.to_new]
            free_new = [j for j in range(news[-1] + 1, next_news[0]) if j not in self.to_old]
            if len(free_old) * len(free_new) <= _SMALL_GAP:
                found += [(-self._left_gain(i, j, _CROSSED), i, j) for i in free_old for j in free_new]
        for loss, i, j in sorted(found):
            if loss <= 0 and i not in self.to_new and j not in self.to_old:
                self.link(i, j)

    def _left_gain(self, i: int, j: int, enough: float = _LEFT_OVER) -> float:
        if self.old[i].apart != self.new[j].apart:
            return -1.0
        return self.likeness.of(self.likeness.old[i], self.likeness.new[j]) - enough

    def placed(self) -> list[tuple[tuple[int, ...], tuple[int, ...], bool]]:
        """The pairs (old, new) in the order of the new draft, and of each whether it moved.

        Those that did not are the run in order that holds most words.
        """
        pairs = sorted(
            (tuple(sorted({j for i in olds for j in self.to_new[i]})), olds)
            for olds in {tuple(found) for found in self.to_old.values()}
        )
        weights = [
            sum(len(self.old[i].words) + (_HEADING if self.old[i].apart else 1) for i in olds) for _, olds in pairs
        ]
        in_place = heaviest_rise([olds[0] for _, olds in pairs], weights)
        return [(olds, news, index not in in_place) for index, (news, olds) in enumerate(pairs)]


def joined(words: Sequence[Ids], parts: Sequence[int]) -> Ids:
    """The words of several sentences in a row."""
    return tuple(word for part in parts for word in words[part])


def _running(marks: Sequence[bool]) -> list[int]:
    """How many marks stand before each place."""
    return [total - mark for total, mark in zip(accumulate(map(int, marks)), marks, strict=True)]
