"""Quotations of several sentences: whoever spoke in the first of them still speaks in the others."""

from __future__ import annotations

import re
from bisect import bisect_left

__all__ = ["in_speech", "quotations"]

_BLANK = re.compile(r"\n\s*\n")
#: Marks that open, and those that close. A straight one opens at the start or behind a space, a bracket or a dash; behind a figure it
#: is inches.
_MARK = re.compile(r"(?P<opens>\u201c|(?:(?<=[\s(\[\u2013\u2014-])|\A)\"(?=\S))|(?P<closes>\u201d|(?<![\d\s])\")")
_WORD = re.compile(r"\w")


def quotations(text: str) -> list[tuple[int, int]]:
    """Offsets of the double marks around each quotation that begins and ends in one paragraph; blank lines part paragraphs.

    A single mark is also an apostrophe, and does not count. A mark that is never closed opens nothing: it may be a slip.

    Examples
    --------
    >>> quotations("She said: \u201cNobody rang. They should have known.\u201d That was in May.")
    [(10, 47)]
    """
    found: list[tuple[int, int]] = []
    start = 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        found += _pairs(text, start, end)
        start = blank.end() if blank else end
    return found


def _pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in _MARK.finditer(text[start:end]):
        at = start + mark.start()
        if mark["opens"]:
            opened = at
        elif opened is not None:
            found.append((opened, at))
            opened = None
    return found


def in_speech(quoted: list[tuple[int, int]], text: str, start: int, end: int) -> bool:
    """Whether a sentence stands in a quotation that was opened before it, to its last word.

    Parameters
    ----------
    quoted : list of (int, int)
        From `quotations`.
    text : str
    start, end : int
        Of the sentence.

    Examples
    --------
    >>> text = "She said: \u201cNobody rang. They should have known.\u201d That was in May."
    >>> in_speech(quotations(text), text, 24, 48), in_speech(quotations(text), text, 49, 65)
    (True, False)
    """
    at = bisect_left(quoted, (start, start)) - 1
    if at < 0 or not quoted[at][0] + 1 < start < quoted[at][1]:
        return False
    return not _WORD.search(text, min(quoted[at][1], end), end)
