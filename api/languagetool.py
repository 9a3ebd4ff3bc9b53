"""The LanguageTool protocol, by which LibreOffice, LTeX, Obsidian and others ask: ``/v2/check`` and ``/v2/languages``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

import scr_tone
from scr_tone.language import looks_english

from .access import key_in_form
from .annotated import SourceText, from_annotation, from_plain
from .forms import fields_of
from .matches import Choice, matches
from .openapi import CHECK_BODY, CHECK_REPLY, LANGUAGES_REPLY
from .pool import Watch, place, watch_of
from .problems import NOT_FOUND, PROBLEMS, ProblemError
from .rules import RULES
from .settings import Settings
from .upload import raw_body

__all__ = ["router"]

router = APIRouter(prefix="/v2", tags=["LanguageTool protocol"])

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_LANGUAGES = {
    "en": "English",
    "en-AU": "English (Australian)",
    "en-CA": "English (Canadian)",
    "en-GB": "English (GB)",
    "en-NZ": "English (New Zealand)",
    "en-US": "English (US)",
    "en-ZA": "English (South African)",
}


@router.post(
    "/check",
    summary="Find sentences that readers may hear as blame",
    response_class=Response,
    responses=CHECK_REPLY | PROBLEMS,
    openapi_extra=CHECK_BODY,
    dependencies=[Depends(key_in_form), Depends(place, scope="function")],
)
def check(
    request: Request, body: Annotated[bytes, Depends(raw_body)], watch: Annotated[Watch, Depends(watch_of)]
) -> Response:
    """Offsets and lengths count UTF-16 units of what was sent, markup included. Unknown parameters are ignored."""
    fields = fields_of(request.scope["query_string"], body)
    source = _source(fields)
    settings: Settings = request.app.state.settings
    if len(source.plain) > settings.text_chars:
        raise ProblemError(413, f"the text is longer than {settings.text_chars:,} characters; send it in parts")
    asked = fields.get("language") or "auto"
    if asked != "auto" and not _TAG.fullmatch(asked):
        raise ProblemError(400, "language must be auto or a code such as en-GB")
    english = asked.lower().split("-")[0].split("_")[0] == "en" if asked != "auto" else looks_english(source.plain)
    found = _found(request, source, fields, watch) if english else []
    name, code = _named(asked, english)
    reply = {
        "software": {
            "name": "scr-tone",
            "version": scr_tone.__version__,
            "buildDate": "",
            "apiVersion": 1,
            "premium": False,
            "status": "",
        },
        "warnings": {"incompleteResults": False},
        "language": {"name": name, "code": code, "detectedLanguage": {"name": name, "code": code, "confidence": 1.0}},
        "matches": found,
    }
    # Escaped to ASCII: a lone surrogate in the text cannot be written in UTF-8.
    return Response(json.dumps(reply), media_type="application/json")


@router.get("/languages", summary="Languages that the service reads", responses=LANGUAGES_REPLY | PROBLEMS)
async def languages() -> list[dict[str, str]]:
    """English, whatever its country; texts that are said to be in another language get no matches."""
    return [{"name": name, "code": "en", "longCode": code} for code, name in _LANGUAGES.items()]


@router.get("/healthcheck", response_class=PlainTextResponse, include_in_schema=False)
async def healthcheck() -> str:
    """What some clients ask before they ask for more."""
    return "OK"


@router.get("/maxtextlength", response_class=PlainTextResponse, include_in_schema=False)
async def longest(request: Request) -> str:
    """Longest text, in characters."""
    return str(request.app.state.settings.text_chars)


@router.get(
    "/rules/{rule}", response_class=PlainTextResponse, summary="What a rule means", responses=PROBLEMS | NOT_FOUND
)
async def explain(rule: str) -> str:
    """In plain words; where the links in editors lead."""
    for known in RULES.values():
        if known.id == rule:
            return f"{known.description}\n\n{known.about}\n"
    raise ProblemError(404, f"the rules are {', '.join(known.id for known in RULES.values())}")


def _source(fields: Mapping[str, str]) -> SourceText:
    if fields.get("data"):
        return from_annotation(fields["data"])
    if "text" in fields:
        return from_plain(fields["text"])
    raise ProblemError(400, "send the parameter text or data")


def _found(request: Request, source: SourceText, fields: Mapping[str, str], watch: Watch) -> list[dict[str, Any]]:
    settings: Settings = request.app.state.settings
    tone: scr_tone.ToneAnalyser = request.app.state.tone
    try:
        report = tone.analyse(source.plain, skip_quotes=settings.skip_quotes, progress=watch)
    except scr_tone.InputError:  # an empty paragraph, or one without a letter, as editors send
        return []
    base = settings.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"
    return matches(report, source, _choice(fields, settings), rules_url=base.rstrip("/") + "/v2/rules/")


def _choice(fields: Mapping[str, str], settings: Settings) -> Choice:
    def listed(name: str) -> frozenset[str]:
        return frozenset(part.strip() for part in fields.get(name, "").split(",") if part.strip())

    return Choice(
        enabled=listed("enabledRules"),
        disabled=listed("disabledRules"),
        enabled_categories=listed("enabledCategories"),
        disabled_categories=listed("disabledCategories"),
        only=fields.get("enabledOnly", "").lower() in {"true", "yes", "1"},
        picky=settings.picky or fields.get("level", "").lower() == "picky",
    )


def _named(asked: str, english: bool) -> tuple[str, str]:
    """Name and code of the language; British English where nothing else is said, as the reviews are British."""
    code = "en-GB" if asked == "auto" else asked
    return (_LANGUAGES.get(code, "English"), code) if english else ("Unknown", "und" if asked == "auto" else asked)
