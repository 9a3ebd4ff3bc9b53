"""How long something takes, without what measuring the coverage adds to it, and what power of its size that is."""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence

__all__ = ["exponent", "seconds"]


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The power of its size that something grows with: the slope of a line through both on logarithmic scales.

    >>> round(exponent([10, 100, 1000], [3, 30, 300]), 3), round(exponent([1, 2, 4], [1, 4, 16]), 3)
    (1.0, 2.0)
    """
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(value) for value in values]).slope


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
    """Least processor time of a few runs, in seconds. Meanwhile coverage does not trace, which takes several times as long."""
    best = float("inf")
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        for _ in range(times):
            began = time.process_time()
            work()
            best = min(best, time.process_time() - began)
    finally:
        sys.settrace(tracer)
    return best
