"""Text for a terminal: colour only where asked for, nothing that a terminal could take as a command, lines that wrap."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["LABEL_STYLE", "Painter", "clean", "painter", "width", "wrapped"]

Painter = Callable[[str, str], str]

LABEL_STYLE = {"blame": "1;31", "learning": "1;32", "accountability": "1;34", "neutral": "2"}
_WIDTH = (60, 100)
# Anything that a terminal could take as a command, from a hostile file.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def painter(colour: bool) -> Painter:
    """A function of (ANSI code, text); it gives the text as it is unless there is to be colour.

    The environment variable NO_COLOR switches colour off, whatever is asked for.
    """
    if colour and not os.environ.get("NO_COLOR"):
        return lambda code, text: f"\x1b[{code}m{text}\x1b[0m" if text else text
    return lambda code, text: text


def clean(text: str) -> str:
    """The text without what a terminal could take as a command."""
    return _UNSAFE.sub("\ufffd", text)


def width() -> int:
    """Characters to a line: the terminal's, within reason."""
    return min(max(shutil.get_terminal_size((96, 24)).columns - 2, _WIDTH[0]), _WIDTH[1])


def wrapped(text: str, marks: Sequence[int], codes: Mapping[int, str], paint: Painter, columns: int) -> list[str]:
    """The text in lines, each painted by itself so that pagers keep the marks.

    Parameters
    ----------
    text : str
    marks : sequence of int, one a character
        Which of `codes` each character has; 0 for none.
    codes : mapping of int to str
        ANSI codes.
    paint : Painter
    columns : int
        Most characters of a line.
    """
    lines: list[str] = []
    line, room = "", columns
    for match in re.finditer(r"\S+", text):
        word = clean(match.group())
        if line and len(word) + 1 > room:
            lines.append(line)
            line, room = "", columns
        shown = "".join(
            paint(codes[mark], piece) if mark else piece
            for mark, piece in _pieces(word, marks[match.start() : match.end()])
        )
        line += (" " if line else "") + shown
        room -= len(word) + (1 if room < columns else 0)
    return [*lines, line] if line else lines


def _pieces(word: str, marks: Sequence[int]) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(word):
        end = at + 1
        while end < len(word) and marks[end] == marks[at]:
            end += 1
        yield marks[at], word[at:end]
        at = end
