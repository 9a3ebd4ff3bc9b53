"""Styles of a Word document, as far as they say what a paragraph is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scr_tone.reading.docx_xml import W, child, is_on, val
from scr_tone.records import Kind

__all__ = ["Style", "Styles", "level_of"]

_HEADING = re.compile(r"heading([1-9])")
_CONTENTS = re.compile(r"(?:toc|contents|index|userindex)\d|table(?:of)?figures|tableofauthorities")
_LIST = re.compile(r"list(?:bullet|number|continue)?\d?")
_QUOTES = frozenset(["quote", "intensequote", "blocktext", "quotations", "blockquote", "blockquotation"])
# Built-in headings without a level in their name.
_TITLES = {"title": 1, "subtitle": 2, "heading": 1, "tocheading": 1, "contentsheading": 1}
_NOT_A_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with everything that it inherits.

    Attributes
    ----------
    kind : Kind
    level : int or None
        For a heading its level, from 1.
    num_id, num_level : str or None
        Its list, and its level in it as far as the style says so.
    lineage : tuple of str
        Its own id and those that it is based on, nearest first.
    hidden : bool
        Whether its text is hidden.
    """

    kind: Kind = "body"
    level: int | None = None
    num_id: str | None = None
    num_level: str | None = None
    lineage: tuple[str, ...] = ()
    hidden: bool = False


class Styles:
    """All styles of a document.

    Parameters
    ----------
    root : element or None
        Root of the styles part.
    """

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._default: str | None = None
        self._resolved: dict[str | None, Style] = {}
        for element in root.iterfind(W + "style") if root is not None else ():
            identity = element.get(W + "styleId")
            if identity is None:
                continue
            self._elements.setdefault(identity, element)
            if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true", "on"):
                self._default = identity
        #: Character styles whose text is hidden.
        self.hidden = frozenset(
            identity
            for identity, element in self._elements.items()
            if element.get(W + "type") == "character" and self._hides(self._lineage(identity))
        )

    def paragraph(self, identity: str | None) -> Style:
        """Give the style with this id; the default one for None."""
        if identity not in self._resolved:
            self._resolved[identity] = self._resolve(identity if identity is not None else self._default)
        return self._resolved[identity]

    @property
    def any_hidden(self) -> bool:
        """Whether any style hides its text."""
        return bool(self.hidden) or any(self._hides((identity,)) for identity in self._elements)

    def _resolve(self, identity: str | None) -> Style:
        if identity is None:
            return Style()
        lineage = self._lineage(identity)
        kind, level = self._kind(lineage)
        num_id = num_level = None
        for ancestor in lineage:
            numbering = child(child(self._elements.get(ancestor), "pPr"), "numPr")
            num_id = num_id or val(child(numbering, "numId"))
            num_level = num_level or val(child(numbering, "ilvl"))
        return Style(kind, level, num_id, num_level, lineage, self._hides(lineage))

    def _lineage(self, identity: str) -> tuple[str, ...]:
        lineage = [identity]
        while len(lineage) < 64:
            parent = val(child(self._elements.get(lineage[-1]), "basedOn"))
            if parent is None or parent in lineage:
                break
            lineage.append(parent)
        return tuple(lineage)

    def _hides(self, lineage: tuple[str, ...]) -> bool:
        for identity in lineage:
            hidden = is_on(child(child(self._elements.get(identity), "rPr"), "vanish"))
            if hidden is not None:
                return hidden
        return False

    def _kind(self, lineage: tuple[str, ...]) -> tuple[Kind, int | None]:
        """Take what the nearest style that says anything says: by its outline level, then by its name."""
        for identity in lineage:
            element = self._elements.get(identity)
            # Built-in styles have English names in every language of Word, unlike their ids; but a document may use
            # one that it does not define.
            name = _NOT_A_LETTER.sub("", (val(child(element, "name")) or identity).lower())
            if name in _TITLES:
                return "heading", _TITLES[name]
            if _CONTENTS.fullmatch(name):
                return "contents", None
            outline = val(child(child(element, "pPr"), "outlineLvl"))
            if outline is not None:
                level = level_of(outline)
                return ("heading", level) if level else ("body", None)
            if match := _HEADING.match(name):
                return "heading", int(match.group(1))
            if name in _QUOTES:
                return "quote", None
            if _LIST.fullmatch(name):
                return "list_item", None
        return "body", None


def level_of(outline: str) -> int | None:
    """Heading level of a ``w:outlineLvl``, where 9 means body text."""
    return int(outline) + 1 if outline in "012345678" and len(outline) == 1 else None
