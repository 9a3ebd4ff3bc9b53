"""Requests a minute of one address."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Rate"]

_MOST_ADDRESSES = 10_000


class Rate:
    """A bucket of requests for each address, filled up steadily.

    Parameters
    ----------
    per_minute : int
        What flows in, and what fits; 0 for no limit.
    clock : callable
        Gives seconds.

    Examples
    --------
    >>> rate = Rate(1, clock=lambda: 0.0)
    >>> rate.wait("192.0.2.1"), rate.wait("192.0.2.1"), rate.wait("192.0.2.2")
    (0, 60, 0)
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Count a request; 0 if it may go on, else the seconds after which to try again."""
        if not self._most:
            return 0
        key = _network(address)
        now = self._clock()
        left, since = self._buckets.pop(key, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._most / 60)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) * 60 / self._most))


def _network(address: str) -> str:
    """The address, or for IPv6 its network: one machine has 2 to the 64 of those."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
