"""The parts of a document: under which kind of heading a sentence stands, and where the findings begin."""

from __future__ import annotations

from collections.abc import Sequence

from scr_tone.purpose.lexicon import Tags, lexicon

__all__ = ["findings_begin", "findings_from", "is_heading", "parts_of"]

_HEADING = 10  # tokens, at most
_TITLE = 25  # tokens, at most, without a verb
_PROSE = 10  # tokens, at least
_PARTS = ("aims_heading", "process_heading", "parallel_heading", "findings", "story_heading", "recommend_heading")
_VERBS = frozenset(
    ["is", "are", "was", "were", "has", "have", "had", "been", "be", "will", "can", "may", "should", "must"]
)
_ORDER = frozenset(["one", "two", "first", "i", "a", "b", "1", "2", "of", "about", "on"])
_NUMBERED = frozenset(("finding", "theme", "kpe", "departure", "analysis", "conclusion", "episode"))


def is_heading(tags: Tags) -> bool:
    """Whether a sentence looks like a heading: short, and without a mark at the end or a verb."""
    count = len(tags.tokens)
    if tags.ends:
        return 0 < count <= 4 and not _VERBS & set(tags.tokens)
    return 0 < count <= (_HEADING if _VERBS & set(tags.tokens) else _TITLE)


def parts_of(read: Sequence[Tags], sections: Sequence[str | None] | None = None) -> list[frozenset[str]]:
    """The kinds of heading that each sentence stands under; none where the heading says nothing."""
    found: list[frozenset[str]] = []
    current: frozenset[str] = frozenset()
    known: dict[str, frozenset[str]] = {}
    for index, tags in enumerate(read):
        section = sections[index] if sections is not None else None
        if section is not None:
            if section not in known:
                known[section] = _kinds(lexicon().tag(section))
            current = known[section]
        elif index and is_heading(tags):
            current = _kinds(tags)
        found.append(current)
    return found


def _kinds(tags: Tags) -> frozenset[str]:
    return frozenset(part for part in _PARTS if part in tags)


def findings_begin(read: Sequence[Tags], sections: Sequence[str | None] | None = None) -> int:
    """Index of the first sentence of the findings, or the number of sentences if nothing says where they begin."""
    if sections:
        titles = {section for section in sections if section is not None and section != sections[0]}
        opening = {title for title in titles if _opens(lexicon().tag(title))}
        if opening:
            return next(index for index, section in enumerate(sections) if section in opening)
    for index, tags in enumerate(read):
        if index and _opens(tags) and any(len(later.tokens) >= _PROSE for later in read[index + 1 : index + 4]):
            return index
    return len(read)


def findings_from(sentences: Sequence[str], sections: Sequence[str | None] | None = None) -> int:
    """`findings_begin` for plain sentences."""
    words = lexicon()
    return findings_begin([words.tag(sentence) for sentence in sentences], sections)


def _opens(tags: Tags) -> bool:
    if "findings" not in tags or "guidance" in tags:
        return False
    first = tags.found["findings"][0][0]
    tokens = tags.tokens
    if is_heading(tags) and first <= 5:
        return True
    if first == 0 and tokens[0] in _NUMBERED and len(tokens) > 1 and (tokens[1] in _ORDER or tokens[1].isdigit()):
        return True
    return first <= 3 and "first" in tokens[:first] and bool(_VERBS & set(tokens[first : first + 6]))
