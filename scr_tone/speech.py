"""Quotations of several sentences: whoever spoke in the first of them still speaks in the others."""

from __future__ import annotations

import re
from bisect import bisect_left

__all__ = ["in_speech", "quotations"]

_BLANK = re.compile(r"\n\s*\n")
_OPEN, _CLOSE = "\u201c", "\u201d"


def quotations(text: str) -> list[tuple[int, int]]:
    """Offsets of the double marks around each quotation that begins and ends in one paragraph; blank lines part paragraphs.

    A single mark is also an apostrophe, and does not count. Of straight marks every other one opens. A mark that is never closed
    opens nothing: it may be a slip.

    Examples
    --------
    >>> quotations("She said: \u201cNobody rang. They should have known.\u201d That was in May.")
    [(10, 47)]
    """
    found: list[tuple[int, int]] = []
    start = 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        found += [(start + opened, start + closed) for opened, closed in _pairs(text[start:end])]
        start = blank.end() if blank else end
    return found


def _pairs(paragraph: str) -> list[tuple[int, int]]:
    straight = paragraph.count('"') % 2 == 0
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for at, character in enumerate(paragraph):
        mark = character if character != '"' else (_OPEN if opened is None else _CLOSE) if straight else ""
        if mark == _OPEN:
            opened = at if opened is None else opened
        elif mark == _CLOSE:
            if opened is not None:
                found.append((opened, at))
            opened = None
    return found


def in_speech(quoted: list[tuple[int, int]], start: int) -> bool:
    """Whether a sentence that begins at an offset does so within a quotation that was opened before.

    Examples
    --------
    >>> in_speech([(10, 47)], 24), in_speech([(10, 47)], 10)
    (True, False)
    """
    at = bisect_left(quoted, (start, start)) - 1
    return at >= 0 and quoted[at][0] + 1 < start < quoted[at][1]
