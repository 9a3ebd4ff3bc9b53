"""From a file or a text to a `Document`.

`read` looks at the content, not at the name: a PDF called ``draft.docx`` is read as the PDF it is. Text is decoded here;
PDF, DOCX and HTML are parsed in a child process under limits (`scr_tone.reading.child`), because their parsers are
large and files come from anywhere.
"""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.reading.magic import OLE, what_is
from scr_tone.reading.text import decode, has_words, text_blocks, text_document
from scr_tone.records import Block, Document

__all__ = ["Limits", "content", "from_text", "read", "read_bytes"]

_SUPPORTED = "DOCX, PDF, HTML, Markdown and plain text"
_CONVERT = "open it in Word or LibreOffice and save it as DOCX"


def read(path: str | Path, *, limits: Limits | None = None) -> Document:
    """Read a file.

    Parameters
    ----------
    path : str or Path
        A DOCX, PDF, HTML, Markdown or plain text file.
    limits : Limits, optional
        Sizes, time and memory to allow.

    Returns
    -------
    Document
        Its text, and for each stretch of it page, section, paragraph number and kind.

    Raises
    ------
    InputError
        If it is missing, a folder, empty, unreadable, encrypted, scanned, too large, damaged or of another format; the
        message names the file, the reason and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib, scr_tone
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name, "note.txt")
    >>> _ = path.write_text("No visit took place\\nin March.", encoding="utf-8")
    >>> scr_tone.read(path).text
    'No visit took place in March.'
    >>> folder.cleanup()
    """
    limits = limits or Limits()
    data = content(path, limits)
    document = read_bytes(data, name=Path(path).name, subject=_subject(path), limits=limits)
    return replace(document, path=str(Path(path).absolute()))


def content(path: str | Path, limits: Limits) -> bytes:
    """The bytes of a file, if there are no more of them than is allowed.

    Parameters
    ----------
    path : str or Path
    limits : Limits

    Raises
    ------
    InputError
        If it is missing, a folder, too large or may not be read.
    """
    return _content(Path(path), limits, _subject(path))


def _subject(path: str | Path) -> str:
    return str(path) or "(no name)"


def read_bytes(
    data: bytes, *, name: str | None = None, subject: str | None = None, limits: Limits | None = None
) -> Document:
    """Read a file that is in memory already, as an upload or standard input is.

    Parameters
    ----------
    data : bytes
    name : str, optional
        File name; its ending tells Markdown from plain text, nothing else.
    subject : str, optional
        What to call it in error messages; `name` if not given.
    limits : Limits, optional

    Raises
    ------
    InputError
        As for `read`.
    """
    limits = limits or Limits()
    subject = subject or name
    if len(data) > limits.file_bytes:
        raise _too_large(limits, subject)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise InputError("is empty", remedy="check that it is the right file", subject=subject)
    found = what_is(data)
    suffix = Path(name or "").suffix.lower()
    if found == "a PDF":
        return _parsed("pdf", data, name, subject, limits)
    if data.startswith(OLE) or (found or "").endswith("ZIP archive"):
        return _parsed("docx", data, name, subject, limits)  # it says itself what else the archive may be
    if found == "a web page" or (found is None and suffix in (".html", ".htm", ".xhtml")):
        return _parsed("html", data, name, subject, limits)
    if found is not None:
        raise InputError(f"is {found}, which scr-tone does not read", remedy=_CONVERT, subject=subject)
    text, warnings = decode(data, subject)
    if len(text) > limits.text_chars:
        raise InputError(
            f"holds {len(text):,} characters, more than {limits.text_chars:,}",
            remedy="split it into parts",
            subject=subject,
        )
    if suffix in (".md", ".markdown"):
        from scr_tone.reading.markdown import markdown_blocks

        return _checked(markdown_blocks(text), name, "markdown", warnings, subject)
    return _checked(text_blocks(text), name, "text", warnings, subject)


def from_text(text: str) -> Document:
    """A string as a Document, unchanged: ``document.text == text``.

    Parameters
    ----------
    text : str

    Raises
    ------
    InputError
        If it holds no letter.

    Examples
    --------
    >>> from_text("Findings\\n\\nNo visit took place.").stretches[1].section
    'Findings'
    """
    return text_document(text)


def _content(path: Path, limits: Limits, subject: str) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("is a folder", remedy="name the files in it (for example with *.docx)", subject=subject)
        if status.st_size > limits.file_bytes:
            raise _too_large(limits, subject)
        with open(path, "rb") as file:
            return _bounded(file, limits)
    except FileNotFoundError:
        raise InputError("no such file", remedy="check the path", subject=subject) from None
    except PermissionError:
        raise InputError("may not be read", remedy="check its permissions", subject=subject) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read ({reason})", remedy="check the path", subject=subject) from None


def _bounded(file: BinaryIO, limits: Limits) -> bytes:
    """At most one byte more than is allowed: a device or a growing file has no honest size."""
    return file.read(limits.file_bytes + 1)


def _too_large(limits: Limits, subject: str | None) -> InputError:
    return InputError(
        f"is larger than {limits.file_bytes / 1e6:,.0f} MB",
        remedy="split it, or take large pictures out",
        subject=subject,
    )


def _parsed(fmt: str, data: bytes, name: str | None, subject: str | None, limits: Limits) -> Document:
    from scr_tone.reading.child import read_in_child

    blocks, warnings = read_in_child(fmt, data, limits, subject=subject)
    return _checked(blocks, name, fmt, warnings, subject)


def _checked(blocks: list[Block], name: str | None, fmt: str, warnings: list[str], subject: str | None) -> Document:
    document = Document.from_blocks(blocks, name=name, format=fmt, warnings=warnings)
    if not has_words(document.text):
        raise InputError("holds no words", remedy="check that it is the right file", subject=subject)
    return document
