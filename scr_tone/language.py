"""Whether a text is English at all, by its function words: enough to warn, not to decide."""

from __future__ import annotations

import re

from scr_tone.words import word_set

__all__ = ["looks_english"]

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH, _LEAST_SHARE, _SAMPLE = 20, 0.18, 200_000


def looks_english(text: str) -> bool:
    """False when a text of twenty words or more has hardly any of the commonest English words.

    In English prose they make up about 4 words in 10, in other languages fewer than 1 in 10. Only the beginning is
    looked at.

    Examples
    --------
    >>> looks_english("The nurse rang the school and was told that he had been there on the Monday and the Tuesday.")
    True
    """
    words = _WORD.findall(text[:_SAMPLE].lower())
    if len(words) < _ENOUGH:
        return True
    common = word_set("english")
    return sum(word in common for word in words) >= _LEAST_SHARE * len(words)
