"""Errors after RFC 9457, ``application/problem+json``. No part of a request is ever repeated in one."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from scr_tone.errors import InputError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["NOT_FOUND", "PROBLEMS", "ProblemError", "add_handlers", "log_failure", "problem"]

logger = logging.getLogger("scr_tone.service")

_TITLES = {
    400: "bad request",
    401: "no valid key",
    403: "not from here",
    404: "no such page",
    405: "method not allowed",
    408: "too slow",
    413: "too large",
    415: "wrong kind of content",
    421: "wrong host",
    422: "invalid request",
    429: "too many requests",
    500: "internal error",
    503: "busy",
}
# Words of FastAPI and Starlette that say what is wrong with a request without quoting it; all others are replaced.
_SAFE_DETAILS = {"There was an error parsing the body"}


class ProblemError(Exception):
    """Something to answer with an error.

    Parameters
    ----------
    status : int
    detail : str
        What is wrong and what to do, in words of our own; nothing from the request.
    retry_after : int, optional
        Seconds after which it is worth trying again.
    close : bool
        Close the connection, because the rest of the request will not be read.
    """

    def __init__(self, status: int, detail: str, *, retry_after: int | None = None, close: bool = False) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.retry_after = retry_after
        self.close = close

    @property
    def response(self) -> JSONResponse:
        """The reply."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.close:
            headers["Connection"] = "close"
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return problem(self.status, self.detail, headers=headers)


def problem(
    status: int, detail: str, *, title: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Make the reply.

    Parameters
    ----------
    status : int
    detail : str
    title : str, optional
        Short name of the problem; the usual one of the status if not given.
    headers : dict, optional
    """
    title = title or _TITLES.get(status) or HTTPStatus(status).phrase.lower()
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def log_failure(error: BaseException) -> None:
    """Log what failed and where. The message is left out: it may quote the text that was being read."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames[-4:]))
    logger.error("failed with %s in %s", type(error).__name__, where or "an unknown place")


def add_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InputError, _unreadable)
    app.add_exception_handler(HTTPException, _http)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # FastAPI's own reply echoes the input, which is somebody's confidential draft. Names of fields that a client made
    # up are input too, so only the places that we defined are named.
    where = "; ".join(f"{_place(item['loc'])}: {item['type']}" for item in error.errors()[:5])
    return problem(422, where)


def _place(location: tuple[Any, ...]) -> str:
    known = {"body", "query", "header", "path", "text", "skip_quotes", "skip", "format", "layout", "rule"}
    return ".".join(str(part) for part in location if part in known) or "request"


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    detail = "; ".join(part for part in (error.reason, error.remedy) if part)
    return problem(422, detail, title="unreadable text")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase.lower()
    detail = error.detail if error.detail in _SAFE_DETAILS else phrase
    return problem(error.status_code, detail, headers=dict(error.headers or {}))


def _described(status: int, when: str) -> dict[str, Any]:
    example = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": when}
    schema = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }
    return {"description": when, "content": {"application/problem+json": {"schema": schema, "example": example}}}


#: For routes that look something up.
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: _described(404, "There is nothing of that name.")}
#: What a route may answer besides its result, for the OpenAPI description.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: _described(status, when)
    for status, when in {
        400: "The request could not be understood.",
        401: "The service asks for a key, and none or a wrong one was sent.",
        403: "The request comes from a page of another site.",
        408: "The request took too long to arrive.",
        413: "The body, the file or the text is larger than allowed.",
        415: "The content is of a kind that this route does not take.",
        421: "The request names a host that this service does not answer for.",
        422: "Something is missing or of the wrong type, or there is nothing to read in it.",
        429: "Too many requests from this address; Retry-After says when to come back.",
        500: "Something failed inside. What it was is in the log, without any of the text.",
        503: "All places are taken, or the work took too long; Retry-After says when to come back.",
    }.items()
}
