"""Batches of sentences for an encoder: which go together, how they are padded, and how what comes of them is put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["by_length", "in_order", "padded"]

_Any = TypeVar("_Any")


def by_length(ids: Sequence[Sequence[int]], most: int) -> list[list[int]]:
    """Rows in batches of similar length, the shortest first, each of at most so many tokens with its padding.

    >>> by_length([[1], [1, 2, 3], [1, 2]], 4)
    [[0, 2], [1]]
    """
    batches: list[list[int]] = []
    for row in sorted(range(len(ids)), key=lambda row: len(ids[row])):
        if batches and len(ids[row]) * (len(batches[-1]) + 1) <= most:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def padded(ids: Sequence[Sequence[int]], pad: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Token ids, and 1 where a token stands and 0 where there is padding; each of shape (n_sentences, longest)."""
    width = max(map(len, ids))
    input_ids = np.full((len(ids), width), pad, dtype=np.int64)
    mask = np.zeros((len(ids), width), dtype=np.int64)
    for at, row in enumerate(ids):
        input_ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return input_ids, mask


def in_order(batches: Iterable[list[tuple[int, _Any]]]) -> list[_Any]:
    """What came of each row, from batches in any order."""
    found = dict(one for batch in batches for one in batch)
    return [found[row] for row in range(len(found))]
