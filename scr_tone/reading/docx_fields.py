"""Fields of a Word document: what the page shows is their result, not their instruction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scr_tone.reading.docx_xml import W

__all__ = ["Fields", "unended"]

_FLD_CHAR, _TYPE = W + "fldChar", W + "fldCharType"
_CONTENTS = frozenset(["TOC", "TOA", "INDEX"])


@dataclass(slots=True)
class _Field:
    instruction: list[str] = field(default_factory=list)
    shows: bool = False

    @property
    def words(self) -> list[str]:
        return "".join(self.instruction).split()


class Fields:
    """The fields that are open at one place in a flow of text.

    Parameters
    ----------
    broken : set of element
        Beginnings of fields that never end, from `unended`; they count as not there, for else they would swallow
        the rest of the text.

    Attributes
    ----------
    silent : bool
        Whether text here is an instruction, or a result that prints as a mere note number.
    contents : bool
        Whether text here belongs to a table of contents or an index.
    """

    def __init__(self, broken: set[Any]) -> None:
        self._broken = broken
        self._open: list[_Field] = []
        self.silent = False
        self.contents = False

    def mark(self, element: Any) -> None:
        """Pass a ``w:fldChar``."""
        kind = element.get(_TYPE)
        if kind == "begin":
            if element not in self._broken:
                self._open.append(_Field())
                self._update()
        elif kind == "separate":
            if self._open:
                self._open[-1].shows = True
                self._update()
        elif kind == "end":
            self.end()

    def begin(self, instruction: str) -> None:
        """Enter a simple field."""
        self._open.append(_Field([instruction], shows=True))
        self._update()

    def end(self) -> None:
        """Leave the innermost field."""
        if self._open:
            self._open.pop()
            self._update()

    def instruct(self, text: str) -> None:
        """Pass a piece of an instruction."""
        if self._open and not self._open[-1].shows:
            self._open[-1].instruction.append(text)

    def _update(self) -> None:
        self.silent = self.contents = False
        for one in self._open:
            words = one.words
            name = words[0].upper() if words else ""
            if not one.shows or (name == "NOTEREF" and "\\f" in words):
                self.silent = True
            elif name in _CONTENTS:
                self.contents = True


def unended(root: Any) -> set[Any]:
    """Beginnings of fields in a part that have no end.

    Parameters
    ----------
    root : element

    Returns
    -------
    set of element
        The set keeps the elements alive, and so the same objects, until it is dropped.
    """
    begun: list[Any] = []
    for element in root.iter(_FLD_CHAR):
        kind = element.get(_TYPE)
        if kind == "begin":
            begun.append(element)
        elif kind == "end" and begun:
            begun.pop()
    return set(begun)
