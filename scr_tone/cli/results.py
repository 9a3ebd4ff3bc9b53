"""Where the result of a command goes, and in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scr_tone.errors import ConfigError
from scr_tone.output import check_writable, same_file

__all__ = ["check_output", "form_of"]


def check_output(output: str | None, inputs: Sequence[str]) -> None:
    """Say before the work, not after it, that its result could not be written.

    Parameters
    ----------
    output : str or None
        What the user named; None for the terminal.
    inputs : sequence of str
        Files that are read; "-" is standard input.

    Raises
    ------
    ConfigError
        If it cannot be written, or would replace an input.
    """
    if output is None:
        return
    check_writable(output)
    if any(path != "-" and same_file(path, output) for path in inputs):
        raise ConfigError("is also an input", remedy="name another file for the result", subject=output)


def form_of(output: str | None, endings: Mapping[str, str]) -> str:
    """The form that the ending of the output names; text for none.

    Raises
    ------
    ConfigError
        If it names another.
    """
    suffix = Path(output or "").suffix.lower()
    if suffix and suffix not in endings:
        raise ConfigError(
            "has an ending that names no form",
            remedy=f"use {', '.join(endings)}, or --format",
            subject=output,
        )
    return endings.get(suffix, "text")
