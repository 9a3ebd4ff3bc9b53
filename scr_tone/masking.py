"""What the model reads of a sentence: the author's marks are gone, and a plain noun stands for each of the project's own terms.

A house term is a name that holds a word of blame and means none ("Heart Failure Team"). What is shown, stored and counted stays
the author's text; the words that carried a label are traced back to where they stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from scr_tone.marks import WITH_SPACE
from scr_tone.records import Cue

__all__ = ["Masked", "Masks"]

#: Chosen by measurement: of twelve nouns and names it moved the scores of ten sentence frames least from what ordinary team
#: names give there, with both bundled models (0.41 and 0.08 in log probability; the names among themselves 0.60 and 0.11).
_NOUN = "clinic"
_SIGNS = {"'": "['\u2019]", "\u2019": "['\u2019]", "-": "[-\u2010\u2011\u2013]"}


class _Swap(NamedTuple):
    start: int
    end: int
    source_start: int
    source_end: int


class Masked(NamedTuple):
    """A sentence as the model reads it, and what stands for what."""

    text: str
    source: str
    swaps: tuple[_Swap, ...] = ()

    def traced(self, cue: Cue, *, whole: bool = False) -> Cue | None:
        """The cue in the source, cut where it touches a term or a mark, or, if it is a whole phrase, with all of the term.

        None where nothing is left of it.
        """
        if not self.swaps:
            return cue
        start = self._at(cue.start, begins=True, whole=whole)
        end = self._at(cue.end, begins=False, whole=whole)
        words = self.source[start:end]
        start += len(words) - len(words.lstrip())
        words = words.strip()
        if not any(character.isalnum() for character in words):
            return None
        return Cue(start, start + len(words), words, cue.family, cue.weight)

    def _at(self, place: int, *, begins: bool, whole: bool) -> int:
        """Where a cue that begins or ends at a place of the text does so in the source."""
        moved = 0
        for swap in self.swaps:
            if place < swap.start or (place == swap.start and not begins):
                break
            if place < swap.end or (place == swap.end and not begins):
                return swap.source_end if begins != whole else swap.source_start
            moved = swap.source_end - swap.end
        return place + moved


class Masks:
    """Takes marks out of sentences, and a project's terms out of play, whatever the terms' case and spacing.

    Parameters
    ----------
    terms : iterable of str

    Examples
    --------
    >>> Masks(["Heart Failure Team"]).masked("The heart failure team\u2019s nurse rang [tone: intended].").text
    'The clinic\u2019s nurse rang.'
    """

    def __init__(self, terms: Iterable[str] = ()) -> None:
        longest = sorted(set(terms), key=lambda term: (-len(term), term))
        house = rf"|(?<!\w)(?:{'|'.join(map(_flexible, longest))})(?!\w)" if longest else ""
        self._pattern = re.compile(f"(?P<mark>{WITH_SPACE}){house}", re.IGNORECASE)

    def masked(self, sentence: str) -> Masked:
        """The sentence as the model is to read it."""
        parts: list[str] = []
        swaps: list[_Swap] = []
        at = length = 0
        for match in self._pattern.finditer(sentence):
            noun = "" if match["mark"] else _NOUN
            parts += [sentence[at : match.start()], noun]
            length += match.start() - at
            swaps.append(_Swap(length, length + len(noun), match.start(), match.end()))
            length += len(noun)
            at = match.end()
        return Masked("".join([*parts, sentence[at:]]), sentence, tuple(swaps))


def _flexible(term: str) -> str:
    """Pattern for a term: any white space between its words, either kind of apostrophe and hyphen."""
    return r"\s+".join("".join(_SIGNS.get(sign) or re.escape(sign) for sign in word) for word in term.split())
