"""Where the text of a block stands in a Word document, for those who want to write something there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from scr_tone.reading.tidy import prints_nothing, tidy_traced

__all__ = ["Origin", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between two characters.

    Attributes
    ----------
    element : element
        Mostly a ``w:t``; a tab, a break or a symbol is one character.
    offset : int
        Into what it prints.
    length : int
        How many characters that is.
    """

    element: Any
    offset: int
    length: int


@dataclass(frozen=True)
class Origin:
    """Where a block comes from.

    Attributes
    ----------
    pieces : list of str
        Its text before it was tidied.
    sources : list of element
        For each piece the element that it comes from, mostly a ``w:t``.
    note : element or None
        For text of a note, the reference to it in the body.
    mark : int
        How many characters of the block's text, in front, are a list number that stands nowhere in the package.
    """

    pieces: list[str]
    sources: list[Any]
    note: Any
    mark: int

    def spots(self, start: int, end: int) -> tuple[Spot, Spot]:
        """Where a part of the block begins and ends.

        Parameters
        ----------
        start, end : int
            Offsets into the block's text. A list number in front counts as the beginning of the text behind it.
        """
        text, places = self._traced
        last = len(places) - 1
        first_raw = places[min(max(start - self.mark, 0), last)]
        end_raw = places[min(max(end - self.mark - 1, 0), last)] + 1
        # What prints nothing belongs to the character before it: a joiner, the variation of a symbol.
        while end_raw < len(text) and prints_nothing(text[end_raw]):
            end_raw += 1
        return self._spot(first_raw, ends=False), self._spot(max(end_raw, first_raw + 1), ends=True)

    @cached_property
    def _traced(self) -> tuple[str, list[int]]:
        text = "".join(self.pieces)
        return text, tidy_traced(text)[1]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self.pieces)))

    def _spot(self, at: int, *, ends: bool) -> Spot:
        index = bisect_left(self._ends, at) if ends else bisect_right(self._ends, at)
        length = len(self.pieces[index])
        return Spot(self.sources[index], at - self._ends[index] + length, length)
