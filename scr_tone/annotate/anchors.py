"""Comment ranges in the body of a Word document: put around words, and taken away again.

Nothing else of the document changes. A run is cut in two where a range begins or ends inside it, both halves with its
properties; insertions, links and content controls stay whole and keep what is in them.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from scr_tone.reading.docx_origin import Spot
from scr_tone.reading.docx_xml import W, child

__all__ = ["Anchor", "anchor_ids", "place", "remove"]

_START, _END, _REFERENCE = W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference"
_P, _R, _RPR, _SDT, _ID = W + "p", W + "r", W + "rPr", W + "sdt", W + "id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NOTES = (W + "footnoteReference", W + "endnoteReference")
# What the schema allows a range to begin or end in. Everything else, mathematics and simple fields for example, is
# taken into the range as a whole.
_OPEN = frozenset(
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo")
)
# Content controls whose content Word writes itself, or that hold nothing but text.
_CLOSED = tuple(
    W + name
    for name in (
        *("text", "dataBinding", "dropDownList", "comboBox", "date", "picture", "citation", "bibliography", "equation"),
        *("docPartList", "docPartObj", "group", "lock"),
    )
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a comment is to go.

    Attributes
    ----------
    id : int
        Of the comment.
    start, end : Spot
        What it is about; both in the main part.
    """

    id: int
    start: Spot
    end: Spot


@dataclass(frozen=True, slots=True)
class _Point:
    """One end of a range, found in the tree before anything in it is changed.

    Attributes
    ----------
    node : element
        The run, or another element that is not entered, beside which the mark goes.
    top : element
        The child of the paragraph that `node` is or is in.
    cut : Spot or None
        Where the run is to be cut first.
    """

    node: Any
    top: Any
    cut: Spot | None


def place(anchors: Iterable[Anchor], reference_style: str | None) -> None:
    """Put the ranges of comments around the words.

    Parameters
    ----------
    anchors : iterable of Anchor
        In reading order of where they start.
    reference_style : str or None
        Id of the character style of comment marks, if the document has one.
    """
    fields = _Fields()
    marks: list[tuple[_Point, bool, int]] = []
    for anchor in anchors:
        marks.append((_point(anchor.start, fields, ends=False), False, anchor.id))
        marks.append((_point(anchor.end, fields, ends=True), True, anchor.id))
    # From the back: the first half of a run that is cut is the old element, so what was found before it still holds.
    for point, ends, number in _backwards(marks):
        if ends:
            _end(point, number, reference_style)
        else:
            _start(point, number)


def _start(point: _Point, number: int) -> None:
    node, mark = point.node, _mark(point.node, _START, number)
    if point.cut is None:
        node.addprevious(mark)
        return
    first = _behind(point.cut) if point.cut.offset else point.cut.element
    if first is None:  # the run was cut here for another range
        node.addnext(mark)
        return
    holder = first.getparent()  # another run than before, where it was cut at this place for another range
    right = _cut(holder, first)
    (holder if right is None else right).addprevious(mark)


def _end(point: _Point, number: int, style: str | None) -> None:
    node = point.node
    if point.cut is not None:
        _cut(node, _behind(point.cut))
    run = node.makeelement(_R)
    if style is not None:
        properties = node.makeelement(_RPR)
        properties.append(_mark(node, W + "rStyle", style, W + "val"))
        run.append(properties)
    run.append(_mark(node, _REFERENCE, number))
    # The comment's mark stands outside of an insertion or a link, so that it is no part of either.
    point.top.addnext(run)
    node.addnext(_mark(node, _END, number))


def _mark(beside: Any, tag: str, value: int | str, attribute: str = _ID) -> Any:
    mark = beside.makeelement(tag)
    mark.set(attribute, str(value))
    return mark


def _behind(spot: Spot) -> Any:
    """Element that begins at a spot behind a character, or None where the run ends there; a text is split if need be."""
    text = spot.element.text or ""
    whole = spot.offset >= spot.length or spot.offset >= len(text)  # which may have been cut there before
    return spot.element.getnext() if whole else _split(spot.element, spot.offset)


def _split(text: Any, offset: int) -> Any:
    whole = text.text
    right = text.makeelement(text.tag, dict(text.attrib))
    text.text, right.text = whole[:offset], whole[offset:]
    for half in (text, right):
        if half.text != half.text.strip():
            half.set(_SPACE, "preserve")
    text.addnext(right)
    return right


def _cut(run: Any, first: Any) -> Any:
    """Move `first` and what follows it in the run to a new run behind it; that run, or None if nothing need be moved."""
    if first is None or all(before.tag == _RPR for before in first.itersiblings(preceding=True)):
        return None
    right = run.makeelement(_R, dict(run.attrib))
    properties = run.find(_RPR)
    if properties is not None:
        right.append(copy.deepcopy(properties))
    for element in [first, *first.itersiblings()]:
        right.append(element)
    run.addnext(right)
    return right


def _backwards(marks: list[tuple[_Point, bool, int]]) -> list[tuple[_Point, bool, int]]:
    """Sort marks from the last to the first; of those at one place, ends come before starts."""
    if not marks:
        return []
    by = {id(mark): _innermost(mark[0], mark[1]) for mark in marks}
    nodes = set(by.values())
    root = marks[0][0].node.getroottree().getroot()
    where = {element: at for at, element in enumerate(root.iter()) if element in nodes}

    def order(mark: tuple[_Point, bool, int]) -> tuple[int, float, bool, int]:
        point, ends, number = mark
        offset = point.cut.offset if point.cut is not None else float("inf" if ends else "-inf")
        return where[by[id(mark)]], offset, not ends, number

    return sorted(marks, key=order, reverse=True)


def _innermost(point: _Point, ends: bool) -> Any:
    """The element next to a point: the one that is cut, else that which begins or ends there."""
    if point.cut is not None:
        return point.cut.element
    element = point.node
    while ends and len(element):
        element = element[-1]
    return element


class _Fields:
    """Complex fields, by the runs between which they stand. Word writes a field's result anew, and what stands in it goes."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[Any, tuple[Any, Any]]] = {}

    def around(self, node: Any) -> tuple[Any, Any] | None:
        """First and last run of the field that an element stands in, if both are beside it."""
        parent = node.getparent()
        if parent not in self._known:
            self._known[parent] = self._find(parent)
        return self._known[parent].get(node)

    @staticmethod
    def _find(parent: Any) -> dict[Any, tuple[Any, Any]]:
        found: dict[Any, tuple[Any, Any]] = {}
        depth, begun = 0, 0
        children = list(parent)
        for at, element in enumerate(children):
            for mark in element.iterchildren(W + "fldChar") if element.tag == _R else ():
                kind = mark.get(W + "fldCharType")
                if kind == "begin":
                    begun = at if depth == 0 else begun
                    depth += 1
                elif kind == "end" and depth:
                    depth -= 1
                    if depth == 0:
                        found |= dict.fromkeys(children[begun : at + 1], (children[begun], element))
        return found


def _point(spot: Spot, fields: _Fields, *, ends: bool) -> _Point:
    """Find the place for one end of a range, going down from the paragraph as far as the schema lets a range go."""
    way = [spot.element, *spot.element.iterancestors()]
    # The outermost paragraph: text in a text box belongs to the run that holds the box.
    outer = max(at for at, element in enumerate(way) if element.tag == _P)
    inwards = way[:outer][::-1]
    top = inwards[0]
    for node, inner in zip(inwards, [*inwards[1:], None], strict=True):
        field = fields.around(node)
        if field is not None:
            edge = field[1] if ends else field[0]
            return _Point(edge, edge if node is top else top, None)
        if node.tag == _R:
            # A run with a note's mark may hold that mark in the author's own letters, and stays whole.
            cuts = inner is spot.element and inner.tag not in _NOTES
            return _Point(node, top, spot) if cuts and not _at_edge(spot, ends) else _outwards(node, top, ends)
        if inner is None or not _enters(node):
            break
    return _outwards(node, top, ends)


def _at_edge(spot: Spot, ends: bool) -> bool:
    """Whether nothing of the run lies beyond the spot."""
    return spot.offset == (spot.length if ends else 0) and not _has_more(spot.element, ends)


def _has_more(element: Any, ends: bool) -> bool:
    """Whether there is more beside an element, behind it or before it, than properties of what holds it."""
    return any(not str(e.tag).endswith("Pr") for e in element.itersiblings(preceding=not ends))


def _outwards(node: Any, top: Any, ends: bool) -> _Point:
    """Beside a node; beside what holds it where it is the first or last in there, which some programs read better."""
    while node is not top and not _has_more(node, ends):
        node = node.getparent()
    return _Point(node, top, None)


def _enters(node: Any) -> bool:
    if node.tag != _SDT:
        return node.tag in _OPEN
    properties = child(node, "sdtPr")
    return properties is None or next(properties.iterchildren(*_CLOSED), None) is None


def anchor_ids(root: Any) -> set[str]:
    """Ids of all comments that the main part mentions."""
    return {mark.get(_ID) or "" for mark in root.iter(_START, _END, _REFERENCE)}


def remove(root: Any, ids: Collection[str]) -> None:
    """Take away the ranges and marks of the comments with these ids."""
    for mark in list(root.iter(_START, _END, _REFERENCE)):
        if mark.get(_ID) not in ids:
            continue
        gone, holder = mark, mark.getparent()
        if mark.tag == _REFERENCE and holder.tag == _R and all(e.tag in (_RPR, _REFERENCE) for e in holder):
            gone, holder = holder, holder.getparent()
            if len(holder) == 1 and holder.tag == W + "ins":
                gone, holder = holder, holder.getparent()
        holder.remove(gone)
