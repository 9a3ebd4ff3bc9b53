"""Three classics about sequences: the longest common one, the heaviest rising one, the best pairing in order."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

__all__ = ["best_in_order", "heaviest_rise", "longest_common"]


def longest_common(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    """Places of a longest common subsequence.

    Examples
    --------
    >>> longest_common([7, 8, 9], [8, 5, 9])
    [(1, 0), (2, 2)]
    """
    return [
        (code.src_start + step, code.dest_start + step)
        for code in LCSseq.opcodes(one, other)
        if code.tag == "equal"
        for step in range(code.src_end - code.src_start)
    ]


def heaviest_rise(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Places of a rising subsequence with the greatest weight, in n log n steps; all values differ.

    Examples
    --------
    >>> sorted(heaviest_rise([3, 1, 2, 4], [9, 1, 1, 1]))
    [0, 3]
    """
    rank = {value: at for at, value in enumerate(sorted(values), 1)}
    best = [(0, -1)] * (len(values) + 1)  # a Fenwick tree of (weight, last place)
    before = [-1] * len(values)

    def heaviest_below(at: int) -> tuple[int, int]:
        found = (0, -1)
        while at > 0:
            found = best[at] if best[at][0] > found[0] else found
            at -= at & -at
        return found

    for index, (value, weight) in enumerate(zip(values, weights, strict=True)):
        total, before[index] = heaviest_below(rank[value] - 1)
        at = rank[value]
        while at < len(best):
            if total + weight > best[at][0]:
                best[at] = (total + weight, index)
            at += at & -at
    chosen: set[int] = set()
    index = heaviest_below(len(values))[1]
    while index >= 0:
        chosen.add(index)
        index = before[index]
    return chosen


def best_in_order(gain: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs (row, column), both rising, with the greatest sum (Needleman and Wunsch 1970); no pair need be taken.

    Examples
    --------
    >>> best_in_order([[0.2, -1.0], [0.1, 0.5]])
    [(0, 0), (1, 1)]
    """
    rows, columns = len(gain), len(gain[0]) if gain else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows):
        for j in range(columns):
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], best[i][j] + gain[i][j])
    pairs = []
    i, j = rows, columns
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
