"""``POST /v1/annotate``: a Word document in, the same with comments out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

import scr_tone
from scr_tone.annotate import annotate, check_labels, explains
from scr_tone.decisions import decisions_in
from scr_tone.errors import ConfigError, InputError

from .documents import PLACE, Asked, Quotes, Skips, Tone, Watched
from .openapi import DOCX_BODY, DOCX_REPLY, DOCX_TYPE
from .problems import PROBLEMS, ProblemError
from .upload import files_in, raw_body

__all__ = ["ANNOTATE_PATH", "router"]

ANNOTATE_PATH = "/v1/annotate"

router = APIRouter(prefix="/v1", tags=["Reports"])

Labels = Annotated[
    str | None,
    Query(
        description="Labels whose sentences get a comment, separated by commas: blame, learning, accountability. "
        "Default: what is flagged, that is, blame.",
        max_length=100,
    ),
]


@router.post(
    "/annotate",
    summary="Put comments into a Word document",
    response_class=Response,
    responses=DOCX_REPLY | PROBLEMS,
    openapi_extra=DOCX_BODY,
    dependencies=PLACE,
)
def annotate_file(
    request: Request,
    body: Annotated[bytes, Depends(raw_body)],
    tone: Tone,
    settings: Asked,
    watch: Watched,
    skip_quotes: Quotes = False,
    skip: Skips = [],  # noqa: B006, of which the framework makes a copy
    labels: Labels = None,
) -> Response:
    """A comment on each sentence, with reason and questions, and one at the top with the counts; nothing else changes.

    What a file of decisions (from scr-tone decide, or from the page) calls intended or wrong gets none. Comments of an earlier run
    are replaced, except those that somebody answered or resolved. The document is read and changed in memory, in a process of its
    own, and never stored.
    """
    wanted = None if labels is None else [label.strip() for label in labels.split(",") if label.strip()]
    try:
        check_labels(wanted)
    except ConfigError:  # whose message names what was sent
        raise ProblemError(422, "labels: choose from blame, learning, accountability") from None
    files = files_in(body, request.headers.get("content-type"), most=settings.file_bytes)
    upload = files["file"]
    try:
        decisions = decisions_in(files["decisions"].data) if "decisions" in files else None
    except InputError:  # whose message may name what was sent
        raise ProblemError(422, "the field called decisions holds no file of decisions") from None
    document = scr_tone.read_bytes(upload.data, name=upload.name, limits=settings.limits)
    report = tone.analyse(
        document,
        skip_quotes=skip_quotes,
        skip=skip,
        decisions=decisions,
        explain=explains(wanted),
        progress=watch,
    )
    made = annotate(upload.data, report, labels=wanted, limits=settings.limits)
    # Its name must not be the draft's; see the other downloads.
    headers = {"Content-Disposition": 'attachment; filename="scr-tone-comments.docx"'}
    return Response(made, headers=headers, media_type=DOCX_TYPE)
