"""Bodies are counted as they stream in, whatever their header says, and refused at the limit, in size and in time."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from .problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit"]

_DRAIN_SECONDS = 5


class BodyLimit:
    """ASGI middleware that gathers the body of a request in memory and hands it on whole.

    It answers 413 to more than `most` bytes, 408 to a body that takes longer than `seconds`, and 503 where the bodies of
    all requests together would exceed `held`. While the application works it watches the connection: the event
    ``scope["state"]["gone"]`` is set when the client goes away, so that nobody computes for a closed window.

    Parameters
    ----------
    app : ASGI application
    most : int
        Bytes in one body.
    larger : mapping of str to int
        The same for paths that take more, files for example. What holds text is parsed into many small objects, so that a
        large one of those would cost far more memory than its bytes.
    held : int
        Bytes in the bodies of all running requests.
    seconds : float
        Time for a body to arrive.
    """

    def __init__(
        self, app: ASGIApp, *, most: int, held: int, seconds: float, larger: Mapping[str, int] | None = None
    ) -> None:
        self.app = app
        self.most = most
        self.larger = dict(larger or {})
        self.held = held
        self.seconds = seconds
        self._now_held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gather, then pass the request on or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()
        size = 0
        try:
            if not await self._gather(body, receive, self.larger.get(scope["path"], self.most)):
                return
            whole = bytes(body)
            size = len(whole)
            body.clear()
            await self._pass_on(whole, scope, receive, send)
        except ProblemError as refused:
            await refused.response(scope, receive, send)
        finally:
            self._now_held -= len(body) + size

    async def _gather(self, body: bytearray, receive: Receive, most: int) -> bool:
        """Collect the body; False if the client went away."""
        try:
            async with asyncio.timeout(self.seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        return False
                    part = message.get("body", b"")
                    more = message.get("more_body", False)
                    body += part
                    self._now_held += len(part)
                    if len(body) > most:
                        await self._drain(body, receive, more, most)
                        raise ProblemError(413, f"send no more than {most:,} bytes", close=True)
                    if self._now_held > self.held:
                        await self._drain(body, receive, more, most)
                        raise ProblemError(503, "too much is being read at once; try again", retry_after=5, close=True)
        except TimeoutError:
            raise ProblemError(408, f"the body did not arrive within {self.seconds:g} seconds", close=True) from None
        return True

    async def _drain(self, body: bytearray, receive: Receive, more: bool, rest: int) -> None:
        """Let go of what was gathered, and read on for a moment without keeping anything.

        A connection that is closed while its client still sends is reset, and the client never sees why.
        """
        self._now_held -= len(body)
        body.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while more and rest > 0:
                    message = await receive()
                    more = message["type"] == "http.request" and message.get("more_body", False)
                    rest -= len(message.get("body", b""))

    async def _pass_on(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        gone, left = threading.Event(), asyncio.Event()
        scope.setdefault("state", {})["gone"] = gone
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def listen() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()
            left.set()

        async def replay() -> Message:
            if whole:
                return whole.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        listener = asyncio.create_task(listen())
        try:
            await self.app(scope, replay, send)
        finally:
            listener.cancel()
