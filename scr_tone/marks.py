"""Marks that an author writes into the draft: ``[tone: intended]`` behind a sentence keeps it quiet.

A mark of plain characters survives Word, PDF, e-mail and every conversion between them. It is no part of the text that is
judged: `without_marks` puts blanks in its place, so that every offset stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["MARK", "WITH_SPACE", "Place", "accepted", "comments_as_marks", "end_with_marks", "without_marks"]

#: The mark as it is written.
MARK = "[tone: intended]"
_ACCEPTS = r"\[\s*tone\s*:\s*intended\s*\]"
#: Pattern for a mark and all white space before it, whatever the case. It is tried only where white space begins, so that a long
#: run of it takes no more than its length.
WITH_SPACE = rf"(?<!\s)\s*{_ACCEPTS}"

_MARK = re.compile(_ACCEPTS, re.IGNORECASE)
_BEHIND = re.compile(rf"(?:{WITH_SPACE})+(?=[^\S\n]*(?:\n|\Z))", re.IGNORECASE)
_ANY = re.compile(r"\[\s*tone\s*:([^\]\[\n]{0,40})\]", re.IGNORECASE)
_COMMENT = re.compile(r"<!--\s*tone\s*:\s*intended\s*-->", re.IGNORECASE)


class Place(NamedTuple):
    """Where a sentence stands, and in which paragraph (`stretch` is its number)."""

    start: int
    end: int
    stretch: int


def without_marks(text: str) -> str:
    """The text with blanks where marks are, of the same length.

    Examples
    --------
    >>> without_marks("She failed to ring. [tone: intended] It rained.")
    'She failed to ring.                  It rained.'
    """
    return _MARK.sub(lambda match: " " * len(match.group()), text) if "[" in text else text


def end_with_marks(text: str, end: int) -> int:
    """Where a paragraph that ends at `end` does so with the marks behind it, on its last line or on lines of their own.

    Examples
    --------
    >>> end_with_marks("She failed to ring.\\n[tone: intended]\\nIt rained.", 19)
    36
    """
    match = _BEHIND.match(text, end) if "[" in text else None
    return match.end() if match else end


def comments_as_marks(source: str) -> str:
    """Source of a web page or of Markdown, its comments ``<!-- tone: intended -->`` turned into marks in the text.

    Examples
    --------
    >>> comments_as_marks("She failed to ring. <!-- tone: intended -->")
    'She failed to ring. [tone: intended]'
    """
    return _COMMENT.sub(MARK, source) if "<!--" in source else source


def accepted(text: str, places: Sequence[Place]) -> tuple[set[int], list[str]]:
    """Which sentences carry a mark.

    Parameters
    ----------
    text : str
        With the marks in it.
    places : sequence of Place
        Of its sentences, in order.

    Returns
    -------
    accepted : set of int
        Their numbers. A mark belongs to the sentence before it; alone in a paragraph, to the last one of the paragraph above.
    notes : list of str
        What the author should know of marks that do nothing.

    Examples
    --------
    >>> accepted("She failed to ring. [tone: intended]", [Place(0, 19, 0)])
    ({0}, [])
    """
    if "[" not in text:
        return set(), []
    found: set[int] = set()
    notes = []
    at, line = 0, -1
    for mark in _MARK.finditer(text):
        while at < len(places) and places[at].start < mark.start():
            at, line = at + 1, -1
        before, after = (places[at - 1] if at else None), (places[at] if at < len(places) else None)
        if after is not None and line < 0:  # where the line of the next sentence begins; looked for once
            line = text.rfind("\n", 0, after.start) + 1
        leads = after is not None and mark.end() >= line
        if before is None or (leads and after is not None and after.stretch != before.stretch):
            notes.append(f"a mark {MARK} stands before its sentence and does nothing; put it behind the full stop")
        else:
            found.add(at - 1)
    unknown = [match for match in _ANY.finditer(text) if not _MARK.fullmatch(match.group())]
    if unknown:
        word = " ".join(unknown[0][1].split())
        notes.append(f"a mark [tone: {word}] is not understood and does nothing; write {MARK}")
    return found, list(dict.fromkeys(notes))
