"""Routes. CPU work is in plain ``def`` routes, which the framework runs in its thread pool; nothing is logged or stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, File, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

import scr_tone

from .limits import BodyLimit

__all__ = ["create_app"]

_MOST_BYTES = 30_000_000


class AnalyseRequest(BaseModel):
    """A text to analyse."""

    text: str = Field(max_length=5_000_000, examples=["The nurse failed to call back. Caseloads were high."])
    skip_quotes: bool = False


def _tone(request: Request) -> scr_tone.ToneAnalyser:
    tone: scr_tone.ToneAnalyser = request.app.state.tone
    return tone


Tone = Annotated[scr_tone.ToneAnalyser, Depends(_tone)]


def create_app(load: Callable[[], scr_tone.ToneAnalyser] = scr_tone.load) -> FastAPI:
    """Make the application; the model is loaded once, when it starts.

    Parameters
    ----------
    load : callable
        Gives the analyser.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.tone = load()
        yield

    app = FastAPI(
        title="scr-tone",
        version=scr_tone.__version__,
        description="What each sentence of a case review does with responsibility. It judges wording, never people.",
        lifespan=lifespan,
        docs_url=None,  # the documentation pages fetch scripts from another host
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, most=_MOST_BYTES)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(scr_tone.InputError, _unreadable)
    app.add_exception_handler(HTTPException, _http)

    @app.middleware("http")
    async def headers(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.post("/v1/analyse", response_class=Response, responses={200: {"content": {"application/json": {}}}})
    def analyse(body: AnalyseRequest, tone: Tone) -> Response:
        """Analyse a text; the reply is the report's JSON."""
        return _report(tone.analyse(body.text, skip_quotes=body.skip_quotes))

    @app.post("/v1/analyse/file", response_class=Response, responses={200: {"content": {"application/json": {}}}})
    def analyse_file(tone: Tone, file: Annotated[UploadFile, File()], skip_quotes: bool = False) -> Response:
        """Analyse a DOCX, PDF, HTML, Markdown or text file."""
        document = scr_tone.read_bytes(file.file.read(), name=file.filename)
        return _report(tone.analyse(document, skip_quotes=skip_quotes))

    @app.get("/v1/health")
    def health() -> dict[str, str]:
        """Say that the service runs and has its model."""
        return {"status": "ok"}

    @app.get("/v1/model")
    def model(tone: Tone) -> dict[str, Any]:
        """Which model answers."""
        return {"name": tone.name, "sha256": tone.digest, "labels": list(scr_tone.LABELS)}

    return app


def _report(report: scr_tone.Report) -> Response:
    return Response(report.to_json(indent=None), media_type="application/json")


def _problem(status: int, title: str, detail: str) -> JSONResponse:
    """An error after RFC 9457. No part of the request is repeated in it."""
    body = {"title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # FastAPI's own reply echoes the input, which is somebody's confidential draft.
    where = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['type']}" for item in error.errors()[:5])
    return _problem(422, "invalid request", where)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, scr_tone.InputError)
    return _problem(422, "unreadable text", "; ".join(part for part in (error.reason, error.remedy) if part))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, "error", str(error.detail))
