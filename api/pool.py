"""How many texts are worked on at once, how many may wait, and how long one may take."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Container
from typing import TYPE_CHECKING

from starlette.requests import Request

from .problems import ProblemError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Crowd", "Places", "Watch", "hold_back", "place", "watch_of"]

_FULL = "all places are taken, and others wait; try again in a moment"


class Places:
    """Places to work at, with a short queue in front.

    Threads beyond the number of cores only make everybody's text slower, and a queue that is longer than the patience of
    those in it computes replies for nobody.

    Parameters
    ----------
    concurrency : int
        Places.
    queue : int
        Most that may wait.
    seconds : float
        How long one may wait.
    """

    def __init__(self, concurrency: int, queue: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(concurrency)
        self._queue = queue
        self._seconds = seconds
        self._waiting = 0

    @property
    def full(self) -> bool:
        """Whether nobody more may even wait."""
        return self._free.locked() and self._waiting >= self._queue

    async def take(self) -> None:
        """Wait for a place.

        Raises
        ------
        ProblemError
            503 if too many wait already, or the wait was too long.
        """
        if self.full:
            raise ProblemError(503, _FULL, retry_after=2)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise ProblemError(503, "all places stayed taken; try again in a moment", retry_after=5) from None
        finally:
            self._waiting -= 1

    def give_back(self) -> None:
        """Free the place."""
        self._free.release()


class Crowd:
    """ASGI middleware that refuses with 503, before any work is done, what would find all places and the queue taken.

    Parameters
    ----------
    app : ASGI application
    paths : container of str
        Where places are needed.
    seconds : float
        How long a refusal is held back.
    """

    def __init__(self, app: ASGIApp, *, paths: Container[str], seconds: float) -> None:
        self.app = app
        self.paths = paths
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or refuse it."""
        if scope["type"] == "http" and scope["path"] in self.paths and scope["app"].state.places.full:
            await hold_back(self.seconds)
            await ProblemError(503, _FULL, retry_after=2).response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def hold_back(seconds: float) -> None:
    """Wait before a refusal is sent.

    A client that asks again as soon as it is refused would otherwise keep the service busy with refusing. Not all wait for
    the same time, so that they do not come back together.
    """
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


class Watch:
    """Ends work that takes too long, or that nobody waits for any more. Called between sentences.

    Parameters
    ----------
    seconds : float
    gone : threading.Event, optional
        Set when the client has gone away.
    """

    def __init__(self, seconds: float, gone: threading.Event | None = None) -> None:
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._gone = gone

    def __call__(self, done: int = 0, total: int = 0) -> None:
        """Go on, or raise.

        Raises
        ------
        ProblemError
            503 if the time is over or the client is gone.
        """
        if self._gone is not None and self._gone.is_set():
            raise ProblemError(503, "the client went away")
        if time.monotonic() > self._until:
            raise ProblemError(
                503, f"took longer than {self._seconds:g} seconds; send the text in parts, or try again", retry_after=30
            )


async def place(request: Request) -> AsyncIterator[None]:
    """Dependency of routes that compute: holds a place while the route's function runs, not while its reply is sent."""
    places: Places = request.app.state.places
    await places.take()
    try:
        yield
    finally:
        places.give_back()


async def watch_of(request: Request) -> Watch:
    """Dependency: the watch of this request, started when it is resolved, which is when the place was taken."""
    watch = Watch(request.app.state.settings.analysis_seconds, getattr(request.state, "gone", None))
    watch()
    return watch
