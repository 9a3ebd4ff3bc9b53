"""Where the findings of a document begin."""

from __future__ import annotations

from collections.abc import Sequence

from scr_tone.purpose.lexicon import Tags

__all__ = ["findings_begin"]

_HEADING = 9  # tokens, at most
_PROSE = 10  # tokens, at least
_VERBS = frozenset("is are was were has have had been be will can may should must".split())
_NUMBERED = frozenset(("finding", "theme", "kpe", "departure", "analysis", "conclusion", "episode"))
_ORDER = frozenset(
    "one two first i a b 1 2 of about on".split()
)


def findings_begin(read: Sequence[Tags], sections: Sequence[str | None] | None = None) -> int:
    """Index of the first sentence of the findings, or the number of sentences if nothing says where they begin."""
    for index, tags in enumerate(read):
        if index and _opens(tags) and any(len(later.tokens) >= _PROSE for later in read[index + 1 : index + 4]):
            return index
    return len(read)


def _opens(tags: Tags) -> bool:
    if "findings" not in tags.found or "guidance" in tags.found:
        return False
    first = tags.found["findings"][0][0]
    tokens = tags.tokens
    if len(tokens) <= _HEADING and first <= 4 and not _VERBS & set(tokens):
        return True
    if first == 0 and tokens[0] in _NUMBERED and len(tokens) > 1 and (tokens[1] in _ORDER or tokens[1].isdigit()):
        return True
    return first <= 3 and "first" in tokens[:first] and bool(_VERBS & set(tokens[first:first+6]))
