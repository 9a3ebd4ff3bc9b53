"""By what our comments, and the text that they are about, are known again."""

from __future__ import annotations

import hashlib
import re

__all__ = ["AUTHOR", "digest", "finding_in", "finding_words"]

#: Author of our comments.
AUTHOR = "scr-tone"

_FINDING = re.compile(r"finding ([0-9a-f]{6,}(?:-[0-9]+)?)\b")


def finding_words(identity: str) -> str:
    """What a comment says of the finding that it is about.

    Examples
    --------
    >>> finding_words("0f3a92c1b7de")
    'finding 0f3a92c1b7de'
    """
    return f"finding {identity}"


def finding_in(comment: str) -> str | None:
    """The id of the finding that a comment is about; None for the summary.

    Examples
    --------
    >>> finding_in("May read as blame: clear \u00b7 finding 0f3a92c1b7de")
    '0f3a92c1b7de'
    """
    found = _FINDING.search(comment)
    return found[1] if found else None


def digest(text: str) -> str:
    """By which the child sees that it reads the same text as its parent."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
