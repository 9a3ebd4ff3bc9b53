"""Run a parser in a child process of its own, which can be killed.

PDF, DOCX and HTML files come from anywhere, and their parsers are large C libraries. One that hangs, crashes or eats
all memory must not take the caller with it, so it runs in a fresh interpreter under limits, gets the file on its
standard input and answers in JSON. No temporary file, no shell and no pickle are involved: a case review never
touches the disk, and what comes back from the child is data only.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.records import KINDS, Block

__all__ = ["ask", "command", "crashed", "read_in_child"]

# The child gets the very search path of its parent, so that both use the same packages however those were installed.
# -I keeps out what the parent did not have: the environment's PYTHONPATH and the current folder, which may hold
# somebody else's files.
_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[2]); "
    "from importlib import import_module; import_module(sys.argv[3]).main(sys.argv[1])"
)
_REMEDY = {
    "docx": "open it in Word and save it again as DOCX",
    "pdf": "open it and print it to a new PDF, or save it as DOCX",
    "html": "open it in a browser or in Word and save it as DOCX",
}
_SLICE = 0.2  # seconds between looks at the clock: on Windows a longer wait would hold up Ctrl-C


def read_in_child(
    fmt: str, data: bytes, limits: Limits, *, subject: str | None = None
) -> tuple[list[Block], list[str]]:
    """Parse a file in a child process under limits.

    Parameters
    ----------
    fmt : str
        "docx", "pdf" or "html".
    data : bytes
        The file's content.
    limits : Limits
        Time, memory and sizes that the child may use.
    subject : str, optional
        Name of the file, for error messages.

    Returns
    -------
    blocks : list of Block
    warnings : list of str

    Raises
    ------
    InputError
        If the parser refuses the file, crashes, or goes beyond a limit.
    """
    most = _reply_limit(limits)
    code, reply = ask(lambda: _command(fmt), asdict(limits), data, limits, most, subject=subject)
    if len(reply) > most:
        raise InputError(
            f"holds more than {limits.text_chars:,} characters of text", remedy="split it into parts", subject=subject
        )
    answer = _decode(reply)
    if answer is None:
        raise crashed(code, limits, subject, _REMEDY.get(fmt, "save it as DOCX"))
    if isinstance(answer, InputError):
        answer.subject = subject
        raise answer
    return answer


def ask(
    start: Callable[[], list[str]],
    header: Mapping[str, Any],
    data: bytes,
    limits: Limits,
    most: int,
    *,
    subject: str | None,
) -> tuple[int, bytes]:
    """Give a file to a child process and take its reply.

    Parameters
    ----------
    start : callable
        Gives the command line, as `command` does.
    header : mapping
        What the child reads as a line of JSON in front of the file.
    data : bytes
        The file.
    limits : Limits
    most : int
        Longest reply to take; one that is longer comes back with one byte more.
    subject : str or None
        Name of the file, for error messages.

    Returns
    -------
    code : int
        The child's exit code.
    reply : bytes

    Raises
    ------
    InputError
        If the child cannot be started or takes too long.
    """
    try:
        return _converse(start(), json.dumps(header).encode() + b"\n", data, limits, most)
    except TimeoutError:
        raise _too_slow(limits, subject) from None
    except OSError as error:
        raise InputError(
            f"the reader could not be started ({error.strerror or error})",
            remedy="check that the Python that runs scr-tone is complete, and that memory is left",
            subject=subject,
        ) from error


def _command(fmt: str) -> list[str]:
    return command("scr_tone.reading._worker", fmt)


def command(worker: str, task: str) -> list[str]:
    """Command line that starts a child: the module whose ``main`` runs in it, and what that is told.

    Raises
    ------
    OSError
        If there is no interpreter to start.
    """
    if not sys.executable:
        raise FileNotFoundError("no Python interpreter is known")
    # An empty entry means the current folder; spelled out, it means the same to the child.
    path = [os.path.abspath(entry) if entry == "" else entry for entry in sys.path if isinstance(entry, str)]
    home = str(Path(__file__).resolve().parents[2])  # an editable install may be known to a finder only
    path = [*path, home] if home not in path else path
    return [sys.executable, "-I", "-c", _BOOT, task, json.dumps(path), worker]


def _reply_limit(limits: Limits) -> int:
    """Most bytes of JSON that an honest reply can have: a character takes 4 at most, a block some 50 around it."""
    return 8 * limits.text_chars + 1_000_000


def _converse(start: list[str], header: bytes, data: bytes, limits: Limits, most: int) -> tuple[int, bytes]:
    """Start the child, send it the file and take its reply; whatever happens, it is gone afterwards."""
    deadline = time.monotonic() + limits.seconds
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only
    child = subprocess.Popen(
        start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=flags
    )
    reply = bytearray()
    threads: list[threading.Thread] = []
    try:
        threads.append(threading.Thread(target=_send, args=(child, header, data), daemon=True))
        threads.append(threading.Thread(target=_receive, args=(child, reply, most), daemon=True))
        for thread in threads:
            thread.start()
        while threads[1].is_alive():
            threads[1].join(_left(deadline))
        if len(reply) > most:
            child.kill()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(_left(deadline)), bytes(reply)
    finally:
        # Also on Ctrl-C (KeyboardInterrupt), which goes on upwards from here.
        child.kill()
        child.wait()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
        if child.stdout is not None:
            child.stdout.close()


def _left(deadline: float) -> float:
    """Seconds to wait before the next look at the clock."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return min(left, _SLICE)


def _send(child: subprocess.Popen[bytes], header: bytes, data: bytes) -> None:
    """Write the file to the child; one that has died or does not want it all is no error here."""
    assert child.stdin is not None
    with contextlib.suppress(OSError):
        child.stdin.write(header)
        child.stdin.write(data)
    with contextlib.suppress(OSError):
        child.stdin.close()


def _receive(child: subprocess.Popen[bytes], reply: bytearray, limit: int) -> None:
    """Collect the reply, up to one byte beyond the limit."""
    assert child.stdout is not None
    while len(reply) <= limit:
        chunk = child.stdout.read1(min(1 << 16, limit + 1 - len(reply)))  # type: ignore[attr-defined]
        if not chunk:
            break
        reply += chunk


def _decode(reply: bytes) -> tuple[list[Block], list[str]] | InputError | None:
    """Blocks and warnings, or the error that the child reports; None when it is no proper reply."""
    try:
        answer = json.loads(reply.decode("utf-8", "surrogatepass"))
        if "error" in answer:
            return InputError(str(answer["error"]["reason"]), remedy=answer["error"]["remedy"])
        blocks = [Block(*fields) for fields in answer["blocks"]]
        warnings = [str(warning) for warning in answer["warnings"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = all(
        isinstance(block.text, str)
        and block.kind in KINDS
        and (block.page is None or isinstance(block.page, int))
        and (block.number is None or isinstance(block.number, str))
        and (block.level is None or isinstance(block.level, int))
        for block in blocks
    )
    return (blocks, warnings) if sound else None


def crashed(code: int, limits: Limits, subject: str | None, remedy: str) -> InputError:
    """Make the error for a child that ended without a proper reply.

    Parameters
    ----------
    code : int
        Its exit code.
    limits : Limits
    subject : str or None
        Name of the file.
    remedy : str
    """
    if os.name == "posix" and code == -signal.SIGXCPU:
        return _too_slow(limits, subject)
    if os.name == "posix" and code == -signal.SIGKILL:
        return InputError(
            "the parser was stopped from outside, most likely because the machine ran out of memory",
            remedy=f"close other programs and try again, or {remedy}",
            subject=subject,
        )
    return InputError("the parser crashed on this file", remedy=remedy, subject=subject)


def _too_slow(limits: Limits, subject: str | None) -> InputError:
    return InputError(f"takes more than {limits.seconds:g} s to read", remedy="split it into parts", subject=subject)
