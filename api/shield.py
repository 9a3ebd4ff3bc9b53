"""The outermost layer: headers that keep a browser from doing harm, tidy paths, and errors that quote nothing."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from .problems import log_failure, problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Shield"]

access = logging.getLogger("scr_tone.access")

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_SLASHES = re.compile("/{2,}")


class Shield:
    """ASGI middleware around everything else.

    Parameters
    ----------
    app : ASGI application
    access_log : bool
        Whether to log each request: method, route, status and milliseconds. The path as it was sent, the query, the
        address and the body are never logged; all of them can hold somebody's words.
    """

    def __init__(self, app: ASGIApp, *, access_log: bool) -> None:
        self.app = app
        self.access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        _tidy(scope)
        is_page = scope["path"] == "/" or scope["path"].startswith("/static/")
        status = 0
        began = time.monotonic()

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in _COMMON.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = _PAGE_POLICY if is_page else _API_POLICY
                # The page's files may be kept but are asked for again each time; what is said about a text is not kept.
                headers["Cache-Control"] = "no-cache" if is_page and status < 400 else "no-store"
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception as error:  # noqa: BLE001 - the boundary: what goes further is logged with its message
            log_failure(error)
            if not status:
                reply = problem(500, "something failed inside; the log says where", headers={"Connection": "close"})
                await reply(scope, receive, send_on)
        if self.access_log:
            route = getattr(scope.get("route"), "path", "(no route)")
            access.info("%s %s %d %.0f ms", _method(scope), route, status, (time.monotonic() - began) * 1000)


def _tidy(scope: Scope) -> None:
    """Doubled and trailing slashes, which come of a base address that ends in one, mean nothing."""
    path = _SLASHES.sub("/", scope["path"])
    if path != "/" and not path.startswith("/static/"):
        path = path.rstrip("/") or "/"
    scope["path"] = path


def _method(scope: Scope) -> str:
    method = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "(other)"
