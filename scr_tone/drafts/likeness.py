"""How much of their wording two sentences share, words that say little counting little."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel

from scr_tone.words import word_set

__all__ = ["Ids", "Likeness"]

#: A sentence as the numbers of its words.
Ids = tuple[int, ...]

# Enough to bring "shared", "sharing" and "share" together; what it makes of a word need not be one.
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ings?|edly|ed|es|s|ly|e)\Z")
# A function word ("the", "of") weighs so much of what another word does.
_FUNCTION = 0.25
# Below this weight it proves little that all of a sentence is found in the other.
_ENOUGH = 4.0
# A word of more sentences than this finds no candidates.
_COMMON = 60


class Likeness:
    """The words of two drafts, as numbers, with their weights.

    A word weighs 1 where one sentence of a draft has it, and less the more of them do.

    Parameters
    ----------
    old, new : sequence of sequence of str
        The words of each sentence.

    Examples
    --------
    >>> drafts = Likeness([["the", "nurse", "rang"]], [["the", "nurse", "then", "rang"], ["it", "rained"]])
    >>> drafts.of(drafts.old[0], drafts.new[0]) > 0.8 > 0.1 > drafts.of(drafts.old[0], drafts.new[1])
    True
    """

    def __init__(self, old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        function = word_set("english") | word_set("mid-phrase")

        def numbered(unit: Sequence[str]) -> Ids:
            stems = (word if word in function else _ENDING.sub("", word) for word in unit)
            return tuple(numbers.setdefault(stem, len(numbers)) for stem in stems)

        self.old: list[Ids] = [numbered(unit) for unit in old]
        self.new: list[Ids] = [numbered(unit) for unit in new]
        in_old = Counter(word for unit in self.old for word in set(unit))
        in_new = Counter(word for unit in self.new for word in set(unit))
        self._weight = [
            (_FUNCTION if word in function else 1.0) / (1 + math.log(max(in_old[number], in_new[number], 1)))
            for word, number in numbers.items()
        ]
        self._telling = [
            word not in function and max(in_old[number], in_new[number]) <= _COMMON for word, number in numbers.items()
        ]

    def weight(self, words: Counter[int]) -> float:
        """What these words weigh together."""
        return sum(self._weight[word] * count for word, count in words.items())

    def of(self, one: Ids, other: Ids) -> float:
        """Likeness from 0 to 1: the mean of what they share in order, what they share, and what the shorter one shares."""
        if one == other:
            return 1.0
        here, there = Counter(one), Counter(other)
        mine, yours = self.weight(here), self.weight(there)
        if not mine or not yours:
            return 0.0
        shared = self.weight(here & there)
        less = min(mine, yours)
        trust = min(1.0, less / _ENOUGH)
        parts = Indel.normalized_similarity(one, other) + 2 * shared / (mine + yours) + trust * shared / less
        return parts / (2 + trust)

    def covered(self, part: Ids, whole: Ids, others: Sequence[Ids]) -> float:
        """How much of `part` stands in `whole` and in none of its `others` parts, from 0 to 1."""
        mine = Counter(part)
        left = Counter(whole)
        for other in others:
            left -= Counter(other)
        total = self.weight(mine)
        return self.weight(mine & left) / total if total else 0.0

    def candidates(self, olds: Sequence[int], news: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
        """For each old sentence the new ones that share most rare words with it."""
        has: dict[int, list[int]] = defaultdict(list)
        for j in news:
            for word in set(self.new[j]):
                if self._telling[word]:
                    has[word].append(j)
        for i in olds:
            shared: dict[int, float] = defaultdict(float)
            for word in sorted(set(self.old[i])):
                for j in has.get(word, ()):
                    shared[j] += self._weight[word]
            ranked = [(-weight / (len(self.old[i]) + len(self.new[j])), j) for j, weight in shared.items()]
            for _, j in heapq.nsmallest(most, ranked):
                yield i, j
