"""Our own routes, ``/v1``: a text or a file in, the report out, as the library gives it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool
from starlette.responses import Response

import scr_tone
from scr_tone.records import SKIPS

from .openapi import FILE_BODY, REPORT_REPLY
from .pool import Watch, place, watch_of
from .problems import PROBLEMS, ProblemError
from .settings import Settings
from .upload import file_in, raw_body

__all__ = ["FILE_PATH", "PLACE", "Asked", "Quotes", "Skips", "Tone", "Watched", "router"]

#: Where bodies may be larger than a text.
FILE_PATH = "/v1/analyse/file"

router = APIRouter(prefix="/v1", tags=["Reports"])


Skip = Literal["quotes", "tables", "appendices", "glossary", "footnotes"]


class AnalyseRequest(BaseModel):
    """A text to analyse."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "The nurse failed to call back. Caseloads were high."}]}
    )

    text: str = Field(description="The text as it stands; line breaks and headings help to find sections.")
    skip_quotes: StrictBool = Field(False, description="Leave quoted speech out of the counts and flags.")
    skip: list[Skip] = Field([], description="What else to leave out of them.", max_length=len(SKIPS))


class Health(BaseModel):
    """That the service runs."""

    status: str = Field(examples=["ok"])


class ModelInfo(BaseModel):
    """Which model answers."""

    name: str = Field(examples=["standard"])
    version: str = Field(
        description="Version of scr-tone that trained it, a plus, and the first twelve digits of `sha256`."
    )
    sha256: str = Field(description="SHA-256 of the model's manifest, which pins every file of it.")
    labels: list[str] = Field(examples=[list(scr_tone.LABELS)])


async def _tone(request: Request) -> scr_tone.ToneAnalyser:
    tone: scr_tone.ToneAnalyser = request.app.state.tone
    return tone


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Tone = Annotated[scr_tone.ToneAnalyser, Depends(_tone)]
Asked = Annotated[Settings, Depends(_settings)]
Watched = Annotated[Watch, Depends(watch_of)]
Quotes = Annotated[bool, Query(description="Leave quoted speech out of the counts and flags.")]
Skips = Annotated[list[Skip], Query(description="What else to leave out of them; may be given several times.")]
Form = Annotated[Literal["json", "html"], Query(description="html: the report as one page to keep or print.")]
Layout = Annotated[bool, Query(description="Add the whole text and its paragraphs to the JSON, to show it as it was.")]
#: For routes that compute.
PLACE = [Depends(place, scope="function")]


@router.post(
    "/analyse",
    summary="Analyse a text",
    response_class=Response,
    responses=REPORT_REPLY | PROBLEMS,
    dependencies=PLACE,
)
def analyse(
    body: AnalyseRequest, tone: Tone, settings: Asked, watch: Watched, format: Form = "json", layout: Layout = False
) -> Response:
    """The reply is the report's JSON. Offsets count Unicode code points."""
    if len(body.text) > settings.text_chars:
        raise ProblemError(413, f"the text is longer than {settings.text_chars:,} characters; send it in parts")
    return _reply(tone.analyse(body.text, skip_quotes=body.skip_quotes, skip=body.skip, progress=watch), format, layout)


@router.post(
    "/analyse/file",
    summary="Analyse a file",
    response_class=Response,
    responses=REPORT_REPLY | PROBLEMS,
    openapi_extra=FILE_BODY,
    dependencies=PLACE,
)
def analyse_file(
    request: Request,
    body: Annotated[bytes, Depends(raw_body)],
    tone: Tone,
    settings: Asked,
    watch: Watched,
    skip_quotes: Quotes = False,
    skip: Skips = [],  # noqa: B006, of which the framework makes a copy
    format: Form = "json",
    layout: Layout = False,
) -> Response:
    """A DOCX, PDF, HTML, Markdown or text file. It is read in memory, in a process of its own, and never stored."""
    upload = file_in(body, request.headers.get("content-type"), most=settings.file_bytes)
    document = scr_tone.read_bytes(upload.data, name=upload.name, limits=settings.limits)
    return _reply(tone.analyse(document, skip_quotes=skip_quotes, skip=skip, progress=watch), format, layout)


# These two wait for nothing, so they run beside the pool and answer also when all places are taken.
@router.get("/health", summary="Whether the service runs and has its model")
async def health() -> Health:
    """Answers also without a key."""
    return Health(status="ok")


@router.get("/model", summary="Which model answers", responses=PROBLEMS)
async def model(request: Request) -> ModelInfo:
    """Name, digest and labels."""
    tone = await _tone(request)
    made = tone.provenance["model"]
    return ModelInfo(labels=list(scr_tone.LABELS), **{key: made[key] for key in ("name", "version", "sha256")})


def _reply(report: scr_tone.Report, form: str, layout: bool) -> Response:
    if form == "html":
        # To be kept as a file: shown from here, it would count as a page of ours. Its name must not be the draft's.
        headers = {"Content-Disposition": 'attachment; filename="scr-tone-report.html"'}
        return Response(report.to_html().encode("utf-8", "replace"), headers=headers, media_type="text/html")
    if layout:
        with_layout = report.to_dict() | {"layout": _layout(report.document)}
        return Response(json.dumps(with_layout), media_type="application/json")
    return Response(report.to_json(indent=None), media_type="application/json")


def _layout(document: scr_tone.Document) -> dict[str, Any]:
    return {"text": document.text, "blocks": [asdict(stretch) for stretch in document.stretches]}
