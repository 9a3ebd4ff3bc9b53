"""The file in a multipart body, taken from memory to memory.

The framework's own form parser writes files of more than a megabyte to the temporary folder of the machine, where a draft
that was deleted can be found again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from .problems import ProblemError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

__all__ = ["Upload", "file_in", "files_in", "raw_body"]

_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent.

    Attributes
    ----------
    name : str or None
        File name without folders.
    data : bytes
    """

    name: str | None
    data: bytes


@dataclass(slots=True)
class _Part:
    disposition: bytes = b""
    data: bytearray = field(default_factory=bytearray)


def file_in(body: bytes, content_type: str | None, *, most: int) -> Upload:
    """The file of the field ``file``; see `files_in`."""
    return files_in(body, content_type, most=most)["file"]


def files_in(body: bytes, content_type: str | None, *, most: int) -> dict[str, Upload]:
    """The files of a form by the names of their fields, ``file`` among them.

    Parameters
    ----------
    body : bytes
    content_type : str or None
        Header of the request, with the boundary.
    most : int
        Largest file to take.

    Raises
    ------
    ProblemError
        415 if the body is no multipart form, 422 if there is no such file in it, 413 if one is too large.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise ProblemError(415, "send the file as multipart/form-data, in a field called file")
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise ProblemError(422, "the multipart body names no boundary")
    found: dict[str, Upload] = {}
    for part in _parts(body, boundary):
        _, about = parse_options_header(part.disposition)
        field_name = about.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in about or field_name in found:
            continue
        if len(part.data) > most:
            raise ProblemError(
                413, f"the file is larger than {most / 1e6:,.0f} MB; split it, or take large pictures out"
            )
        name = about[b"filename"].decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
        found[field_name] = Upload(name or None, bytes(part.data))
    if "file" not in found:
        raise ProblemError(422, "there is no file in the field called file")
    return found


def _parts(body: bytes, boundary: bytes) -> list[_Part]:
    parts: list[_Part] = []
    name, value = bytearray(), bytearray()
    ended: list[bool] = []

    def begin() -> None:
        if len(parts) >= _MOST_PARTS:
            raise ProblemError(422, f"the form has more than {_MOST_PARTS} parts")
        parts.append(_Part())

    def header_end() -> None:
        if name.lower() == b"content-disposition":
            parts[-1].disposition = bytes(value)
        name.clear()
        value.clear()

    callbacks: MultipartCallbacks = {
        "on_part_begin": begin,
        "on_part_data": lambda data, start, end: parts[-1].data.extend(data[start:end]),
        "on_header_field": lambda data, start, end: name.extend(data[start:end]),
        "on_header_value": lambda data, start, end: value.extend(data[start:end]),
        "on_header_end": header_end,
        "on_end": lambda: ended.append(True),
    }
    try:
        parser = MultipartParser(boundary, callbacks)
        parser.write(body)
        parser.finalize()
    except FormParserError:
        ended.clear()
    if not ended:
        raise ProblemError(422, "the multipart body is damaged or not complete") from None
    return parts


async def raw_body(request: Request) -> bytes:
    """Dependency: the body as it came; the limits have been applied to it as it streamed in."""
    return await request.body()
