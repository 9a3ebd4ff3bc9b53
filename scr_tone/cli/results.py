"""Where the result of a command goes, and in which form."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from scr_tone.errors import ConfigError

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
    try:
        _check(output, inputs)
    except (OSError, RuntimeError) as error:  # a name that is too long; a loop of links
        raise ConfigError(
            f"cannot be written ({getattr(error, 'strerror', None) or 'a loop of links'})",
            remedy="name another file",
            subject=output,
        ) from None


def _check(output: str, inputs: Sequence[str]) -> None:
    target = Path(output)
    for path in inputs:
        if path != "-" and target.exists() and Path(path).exists() and target.samefile(path):
            raise ConfigError("is also an input", remedy="name another file for the result", subject=output)
    if target.is_dir():
        raise ConfigError("is a folder", remedy="name a file in it", subject=output)
    parent = target.resolve().parent
    if not parent.is_dir():
        raise ConfigError("its folder does not exist", remedy=f"make {target.parent}", subject=output)
    if not os.access(target if target.exists() else parent, os.W_OK):
        raise ConfigError("may not be written", remedy="check its permissions", subject=output)


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
