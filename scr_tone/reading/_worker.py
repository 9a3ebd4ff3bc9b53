"""What runs inside the child process: take the limits and a file from standard input, answer in JSON.

The reply is one JSON object, ``{"blocks": [[text, kind, page, number, level], ...], "warnings": [...]}`` or
``{"error": {"reason": ..., "remedy": ...}}``, in UTF-8 that may hold lone surrogates.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.records import Block

__all__ = ["guarded", "main", "reply_with"]

Reader = Callable[[bytes, Limits], tuple[list[Block], list[str]]]


def main(fmt: str) -> None:
    """Read one file of the format from standard input and write the reply to standard output."""
    reply_with(lambda: _packed(_answer(fmt)))


def reply_with(work: Callable[[], bytes]) -> None:
    """Do the work of a child process, and write what it gives to standard output."""
    if os.name == "posix":
        # Ctrl-C reaches the whole foreground group; what it means for this process is the parent's business.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = _claim_stdout()
    # Short-lived and without cycles worth collecting; the collector would only walk the parsed tree again and again.
    gc.disable()
    reply = work()
    with os.fdopen(out, "wb") as stream:
        stream.write(reply)


def _claim_stdout() -> int:
    """Keep the real standard output for the reply; whatever a library prints goes nowhere."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _packed(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _answer(fmt: str) -> dict[str, Any]:
    limits = Limits(**json.loads(sys.stdin.buffer.readline()))

    def load() -> Callable[[bytes], dict[str, Any]]:
        reader = _reader(fmt)

        def read(data: bytes) -> dict[str, Any]:
            blocks, warnings = reader(data, limits)
            return {"blocks": [[b.text, b.kind, b.page, b.number, b.level] for b in blocks], "warnings": warnings}

        return read

    return guarded(fmt, limits, load)


def guarded(fmt: str, limits: Limits, load: Callable[[], Callable[[bytes], dict[str, Any]]]) -> dict[str, Any]:
    """Work on the rest of standard input under limits; whatever goes wrong becomes an ``error``.

    Parameters
    ----------
    fmt : str
        For messages.
    limits : Limits
    load : callable
        Imports what is needed, before the memory limit, which is meant for the file and not for libraries; gives the
        function that works on the file.
    """
    try:
        work = load()
        _restrict(limits)
        return work(sys.stdin.buffer.read())
    except InputError as error:
        return _error(error.reason, error.remedy)
    except MemoryError:
        return _error(
            f"needs more memory than {limits.memory_bytes / 1e9:.3g} GB to read",
            "split it into parts, or take large pictures and tables out",
        )
    except ImportError as error:
        return _error(f"the reader of {fmt.upper()} files cannot be loaded ({error})", "install scr-tone again")
    except Exception as error:  # noqa: BLE001 - the boundary: a parser's surprise becomes a message, not a traceback
        return _error(
            f"the {fmt.upper()} reader failed on this file ({type(error).__name__})",
            "open it and save it again as DOCX",
        )


def _error(reason: str, remedy: str | None) -> dict[str, Any]:
    return {"error": {"reason": reason, "remedy": remedy}}


def _reader(fmt: str) -> Reader:
    if fmt == "docx":
        from scr_tone.reading.docx import read_docx

        return read_docx
    if fmt == "html":
        from scr_tone.reading.html import read_html

        return read_html
    if fmt == "pdf":
        from scr_tone.reading.pdf import read_pdf

        return read_pdf
    raise InputError(f"no reader for the format {fmt!r}", remedy="save it as DOCX")


def _restrict(limits: Limits) -> None:
    """Let the system stop this process where the parent could not: memory, processor time, core dumps."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is all there is
        return
    seconds = int(min(limits.seconds, 1e8)) + 1
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_CPU, seconds, seconds + 5)
    _lower(resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes)
    # Should the parent be killed without a chance to kill its child, the child ends by itself.
    signal.alarm(seconds + 5)


def _lower(which: int, soft: int, hard: int) -> None:
    """Lower one limit, never beyond what this process may set; macOS refuses some."""
    import resource

    _, ceiling = resource.getrlimit(which)
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OverflowError, OSError):
        return
