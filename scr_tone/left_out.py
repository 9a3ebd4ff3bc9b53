"""Which sentences are left out of counts and flags, and why: what they are, where they stand, what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from scr_tone.lines import ENUMERATOR
from scr_tone.records import Document, Reason, Stretch

__all__ = ["LeftOut"]

_FRAGMENT_WORDS = 4

_QUOTED = re.compile(r"\s*[\"\u201c\u2018'\u00ab].*[\"\u201d\u2019'\u00bb][.,;!?]?\s*\Z", re.DOTALL)
_APPENDIX = re.compile(r"(?:appendix|appendices|annex|annexe|annexes|annexure)\b", re.IGNORECASE)
# Matter behind the text that is nobody's prose; a heading that only begins so ("References to the father") is not.
_BACK_MATTER = re.compile(
    r"(?:(?:list of )?references(?: cited)?|bibliography|works cited|further reading)\W*\Z", re.IGNORECASE
)
_GLOSSARY = re.compile(
    r"(?:[A-Z][\w.]{0,3}\W+)?(?:(?:a )?glossary(?: of [\w ,]+)?|(?:list of |key to )?(?:abbreviations|acronyms))"
    r"(?:(?:,| and| or| &)? (?:glossary|abbreviations|acronyms|terms|definitions))*(?: used(?: in [\w ]+)?)?\W*\Z",
    re.IGNORECASE,
)
_SECTION_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)\b")
_FOLD = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013", "''\"\"---")


class _Open(NamedTuple):
    """A section that is left out, until a heading of its level or above."""

    level: int
    reason: Reason


class LeftOut:
    """The rules for one document.

    Parameters
    ----------
    document : Document
    skip : iterable of str
        Any of `scr_tone.records.SKIPS`.
    sections : sequence of str
        Patterns for headings; see `scr_tone.project.Project`.
    phrases : sequence of str

    Examples
    --------
    >>> from scr_tone.records import Block
    >>> document = Document.from_blocks([Block("Appendix A", "heading", level=1), Block("She failed to ring.")])
    >>> LeftOut(document, ["appendices"]).reason(1, "She failed to ring.")
    'appendix'
    """

    def __init__(
        self, document: Document, skip: Iterable[str] = (), sections: Sequence[str] = (), phrases: Sequence[str] = ()
    ) -> None:
        self._skip = frozenset(skip)
        self._stretches = document.stretches
        self._patterns = [_folded(pattern) for pattern in sections]
        self._phrases = _pattern(phrases)
        self._sections = self._by_section(document)

    def reason(self, stretch: int, text: str, *, spoken: bool = False) -> Reason | None:
        """Why a sentence is left out, or None.

        Headings are neutral by the codebook. Only those that the file itself marks are left out always; a short line of plain
        text may be a sentence without its full stop. A cell of a table with a word or two ("All", "Head of Service") says
        nothing that could be judged.

        Parameters
        ----------
        stretch : int
            Number of its stretch in the document.
        text : str
            The sentence.
        spoken : bool
            It goes on with a quotation that an earlier sentence opened.
        """
        of = self._stretches[stretch]
        if of.kind == "heading" and of.level is not None:
            return "heading"
        if of.kind == "table_cell" and len(text.split()) <= _FRAGMENT_WORDS and text[-1] not in ".!?":
            return "fragment"
        if of.kind == "footnote" and "footnotes" in self._skip:
            return "footnote"
        section = self._sections.get(stretch)
        if section is not None:
            return section
        if of.kind == "table_cell" and "tables" in self._skip:
            return "table"
        mark = ENUMERATOR.match(text)
        if "quotes" in self._skip and (spoken or of.kind == "quote" or _QUOTED.match(text, mark.end() if mark else 0)):
            return "quote"
        if self._phrases is not None and self._phrases.search(_folded(text)):
            return "phrase"
        return None

    def _by_section(self, document: Document) -> dict[int, Reason]:
        """Reasons of the stretches that stand under a heading which says what is below it."""
        found: dict[int, Reason] = {}
        if not (self._patterns or self._skip & {"appendices", "glossary"}):
            return found
        opened: _Open | None = None
        for index, stretch in enumerate(document.stretches):
            if stretch.kind == "heading":
                level = _level(stretch, document.text)
                if opened is not None and level <= opened.level:
                    opened = None
                if opened is None and (reason := self._heading(document.text[stretch.start : stretch.end])) is not None:
                    opened = _Open(level, reason)
            if opened is not None:
                found[index] = opened.reason
        return found

    def _heading(self, heading: str) -> Reason | None:
        whole = _folded(heading)
        mark = ENUMERATOR.match(whole)
        bare = whole[mark.end() :].strip() if mark else whole
        if any(fnmatchcase(words, pattern) for pattern in self._patterns for words in (whole, bare)):
            return "section"
        appendix = _APPENDIX.match(bare) is not None
        if "appendices" in self._skip and (appendix or _BACK_MATTER.match(bare)):
            return "appendix"
        if "glossary" in self._skip:
            title = re.sub(r"^\w+\s+(?:[a-z0-9]{1,3}\b)?\W*", "", bare) if appendix else bare
            return "glossary" if _GLOSSARY.match(title) else None
        return None


def _level(stretch: Stretch, text: str) -> int:
    """Level of a heading. In plain text, where none is marked, its number says it ("4.2" is below "4"), else it is the highest.

    So an unmarked heading without a number always ends a section that is left out: rather a flag too many than a finding of the
    review passed over.
    """
    if stretch.level is not None:
        return stretch.level
    number = _SECTION_NUMBER.match(text, stretch.start, stretch.end)
    return number[1].count(".") + 1 if number else 1


def _folded(text: str) -> str:
    """Lower case, plain signs, single spaces."""
    return " ".join(text.lower().translate(_FOLD).split())


def _pattern(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the phrases, as whole words."""
    if not phrases:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(_folded(phrase))}(?!\w)" for phrase in phrases))
