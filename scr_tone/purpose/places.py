"""The parts of a document: under which kind of heading a sentence stands, and where the findings begin."""

from __future__ import annotations

from scr_tone.purpose.lexicon import Tags, places_lexicon, word_list

__all__ = ["Places", "is_heading"]

_HEADING = 10  # tokens, at most
_TITLE = 25  # tokens, at most, without a verb
_PROSE = 5  # tokens, at least
_PARTS = ("aims_heading", "process_heading", "parallel_heading", "findings", "story_heading", "recommend_heading")
_VERBS = word_list("verbs")
_ORDER = word_list("order")
_NUMBERED = word_list("numbered")


def is_heading(tags: Tags) -> bool:
    """Whether a sentence looks like a heading: short, and without a mark at the end or a verb."""
    count = len(tags.tokens)
    if tags.ends:
        return 0 < count <= 4 and not _VERBS & set(tags.tokens)
    return 0 < count <= (_HEADING if _VERBS & set(tags.tokens) else _TITLE)


class Places:
    """Follows the headings of a document, sentence by sentence.

    Examples
    --------
    >>> from scr_tone.purpose.lexicon import lexicon
    >>> places = Places()
    >>> for line in ("Report", "Findings", "The form had no box for a second address, and nobody had asked for one."):
    ...     part = places.add(line, lexicon().tag(line))
    >>> sorted(part), places.findings()
    (['findings'], 1)
    """

    def __init__(self) -> None:
        self._part: frozenset[str] = frozenset()
        self._first: str | None = None
        self._known: dict[str, tuple[frozenset[str], bool]] = {}
        self._prose: list[bool] = []
        self._opening: list[int] = []
        self._named: int | None = None

    def add(self, sentence: str, tags: Tags, section: str | None = None) -> frozenset[str]:
        """The kinds of heading that the next sentence stands under; none where the heading says nothing."""
        index = len(self._prose)
        heading = is_heading(tags)
        self._prose.append(len(tags.tokens) >= _PROSE and not heading)
        heading = heading and index > 0
        if heading or (index and _may_open(tags.tokens)):
            title = places_lexicon().tag(sentence)
            if _opens(title):
                self._opening.append(index)
            if heading and section is None:
                self._part = _kinds(title)
        if section is None:
            return self._part
        if index == 0:
            self._first = section  # the title of the document, as a rule
        if section not in self._known:
            title = places_lexicon().tag(section)
            self._known[section] = (_kinds(title), _opens(title))
        self._part, opens = self._known[section]
        if opens and self._named is None and section != self._first:
            self._named = index
        return self._part

    def findings(self) -> int:
        """Where the findings begin: index of their first sentence, or the number of sentences if nothing says where."""
        if self._named is not None:
            return self._named
        for index in self._opening:
            # In a list of contents a heading is followed by headings.
            if any(self._prose[index + 1 : index + 4]):
                return index
        return len(self._prose)


def _kinds(tags: Tags) -> frozenset[str]:
    return frozenset(part for part in _PARTS if part in tags)


def _may_open(tokens: list[str]) -> bool:
    """Whether a whole sentence may begin the findings: "Finding 1: ...", "The first finding is ..."."""
    return tokens[:1] != [] and (tokens[0] in _NUMBERED or "first" in tokens[:3])


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
