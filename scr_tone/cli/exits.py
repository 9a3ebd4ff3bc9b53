"""Exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum

from scr_tone.errors import InputError, ModelError, ScrToneError

__all__ = ["Exit", "exit_for"]


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
