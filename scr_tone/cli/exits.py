"""Exit codes of the command line, and how it complains."""

from __future__ import annotations

import contextlib
import re
import sys
from enum import IntEnum

from scr_tone.errors import InputError, ModelError, ScrToneError

__all__ = ["Exit", "complain", "exit_for"]

# What a terminal could take as a command, or that would break the line; file names may hold it.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST_WORD = 300


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    MODEL = 4
    INTERRUPTED = 130


def exit_for(error: ScrToneError) -> Exit:
    """Exit code for an error.

    Examples
    --------
    >>> exit_for(ModelError("is damaged")).name
    'MODEL'
    """
    if isinstance(error, InputError):
        return Exit.INPUT
    return Exit.MODEL if isinstance(error, ModelError) else Exit.USAGE


def complain(message: object) -> None:
    """Say what is wrong, on one line of standard error, whatever a file name holds; never fail at it."""
    text = _UNSAFE.sub(lambda match: ascii(match.group())[1:-1], str(message))
    text = re.sub(rf"\S{{{_LONGEST_WORD},}}", lambda match: match.group()[:60] + "..." + match.group()[-60:], text)
    with contextlib.suppress(OSError, ValueError):
        print(f"scr-tone: {text}", file=sys.stderr, flush=True)
