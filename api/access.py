"""Who may ask: the host that a request names, the page it comes from, how often, and the key."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from .forms import key_in
from .pool import hold_back
from .problems import ProblemError
from .rate import Rate
from .settings import Settings, is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["OPEN", "Access", "key_in_form"]

CHECK = "/v2/check"
# What shows nothing and computes nothing: the page, which asks for the key itself, whether the service lives, and the
# languages, for which LibreOffice asks without the key; refused there, it would not check anything.
OPEN = {"/", "/favicon.ico", "/v1/health", "/v2/healthcheck", "/v2/languages"}
_HEALTH = {"/v1/health", "/v2/healthcheck"}


class Access:
    """ASGI middleware that lets a request in or answers 401, 403, 421 or 429, before its body is read.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.rate = Rate(settings.rate)
        self.names = {*settings.allowed_hosts, _hostname(settings.public_url or "")} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in or refuse it."""
        if scope["type"] == "http":
            try:
                self._check(scope)
            except ProblemError as refused:
                if refused.status == 429:
                    await hold_back(self.settings.refusal_seconds)
                await refused.response(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        path: str = scope["path"]
        host = headers.get("host", "")
        if not self._is_ours(host):
            # A page of another site can make its own name mean 127.0.0.1, and would then count as ours in the browser.
            raise ProblemError(
                421, "ask for 127.0.0.1 or localhost, or allow this name in SCR_TONE_ALLOWED_HOSTS", close=True
            )
        if not self._may_come_from(headers, host):
            raise ProblemError(403, "pages of other sites may not use this service", close=True)
        client = scope.get("client")
        wait = self.rate.wait(client[0]) if client and path not in _HEALTH else 0
        if wait:
            raise ProblemError(429, "too many requests from this address", retry_after=wait, close=True)
        if self.settings.api_key is None or path in OPEN or path.startswith("/static/"):
            return
        given = _given_keys(headers, scope["query_string"] if path.startswith("/v2/") else b"")
        if given:
            _compare(given, self.settings)
        elif path == CHECK and scope["method"] == "POST":
            scope.setdefault("state", {})["key_in_form"] = True  # where LibreOffice puts it; see `key_in_form`
        else:
            raise ProblemError(401, _ASK, close=True)

    def _is_ours(self, host: str) -> bool:
        name = _hostname(f"//{host}")
        if name in self.names or is_loopback(name):
            return True
        return not self.settings.on_loopback and not self.settings.allowed_hosts

    def _may_come_from(self, headers: Headers, host: str) -> bool:
        """Whether the page that asks is our own. Editors send no origin, or one of a scheme of their own."""
        origin = headers.get("origin")
        if (
            headers.get("sec-fetch-site") == "same-origin"
        ):  # which no script can set; a form may still send Origin: null
            return True
        if origin is None or not (origin == "null" or origin.lower().startswith(("http:", "https:"))):
            return True
        return origin.lower().partition("://")[2] == host.lower() or _hostname(origin) in self.names


_ASK = "send the key as X-API-Key, as Authorization: Bearer, or to /v2/check as the parameter apiKey"


async def key_in_form(request: Request) -> None:
    """Dependency of ``POST /v2/check``: look for the key in the body where it came nowhere else.

    Raises
    ------
    ProblemError
        401 if it is not there or wrong.
    """
    if not getattr(request.state, "key_in_form", False):
        return
    key = key_in(await request.body())
    if key is None:
        raise ProblemError(401, _ASK)
    _compare([key], request.app.state.settings)


def _given_keys(headers: Headers, query: bytes) -> list[bytes]:
    given = [value.encode("latin-1") for value in headers.getlist("x-api-key")]
    for value in headers.getlist("authorization"):
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() == "bearer":
            given.append(credentials.strip().encode("latin-1"))
    if b"apiKey=" in query:
        given += [value.encode("utf-8", "replace") for value in parse_qs(query.decode("latin-1")).get("apiKey", [])]
    return given


def _compare(given: list[bytes], settings: Settings) -> None:
    assert settings.api_key is not None
    right = settings.api_key.get_secret_value().encode()
    # Each is compared in constant time, so that the beginning of a guess cannot be told from the time it takes.
    if not any(secrets.compare_digest(value, right) for value in given):
        raise ProblemError(401, "the key is not right", close=True)


def _hostname(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
