"""The comments that a Word document has already: whose they are, who answered, which are settled.

Ours are known by their author. One that somebody answered stays, because it is half of a conversation; one that somebody
marked as resolved stays as long as its sentence does, so that a question which was settled is not asked again. All
others of ours make room for the new ones. Nobody else's comment is touched.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from scr_tone.annotate.identity import AUTHOR, finding_in
from scr_tone.reading.docx_xml import W

__all__ = ["Thread", "drop", "threads"]

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_CID = "{http://schemas.microsoft.com/office/word/2016/wordml/cid}"
_CEX = "{http://schemas.microsoft.com/office/word/2018/wordml/cex}"


@dataclass(slots=True)
class Thread:
    """A comment of ours.

    Attributes
    ----------
    id : str
    finding : str or None
        Id of the finding that it is about; None for the summary.
    paragraphs : set of str
        Ids of its paragraphs, by which the other parts know it.
    answered : bool
        Whether somebody else replied.
    resolved : bool
    """

    id: str
    finding: str | None
    paragraphs: set[str] = field(default_factory=set)
    answered: bool = False
    resolved: bool = False


def threads(comments: Any, extended: Any) -> list[Thread]:
    """Our comments in a document.

    Parameters
    ----------
    comments, extended : element or None
        Roots of the parts ``comments`` and ``commentsExtended``.
    """
    if comments is None:
        return []
    ours: dict[str, Thread] = {}  # by paragraph
    found: list[Thread] = []
    others: set[str] = set()
    for comment in comments.iterfind(W + "comment"):
        paragraphs = [p.get(_W14 + "paraId") for p in comment.iter(W + "p")]
        known = {identity for identity in paragraphs if identity}
        if comment.get(W + "author") != AUTHOR:
            others |= known
            continue
        text = "".join(t.text or "" for t in comment.iter(W + "t"))
        thread = Thread(comment.get(W + "id") or "", finding_in(text), known)
        found.append(thread)
        ours |= dict.fromkeys(known, thread)
    for entry in extended if extended is not None else ():
        identity, parent = entry.get(_W15 + "paraId"), entry.get(_W15 + "paraIdParent")
        if parent in ours and identity in others:
            ours[parent].answered = True
        if identity in ours and entry.get(_W15 + "done") in ("1", "true", "on"):
            ours[identity].resolved = True
    return found


def drop(gone: Collection[Thread], comments: Any, extended: Any, ids: Any, extensible: Any) -> None:
    """Take comments of ours out of all parts that speak of them.

    Parameters
    ----------
    gone : collection of Thread
    comments, extended, ids, extensible : element or None
        Roots of the parts ``comments``, ``commentsExtended``, ``commentsIds`` and ``commentsExtensible``.
    """
    numbers = {thread.id for thread in gone}
    paragraphs = {identity for thread in gone for identity in thread.paragraphs}
    for comment in list(comments) if comments is not None else ():
        if comment.get(W + "id") in numbers and comment.get(W + "author") == AUTHOR:
            comments.remove(comment)
    _drop(extended, _W15 + "paraId", paragraphs)
    durable = _drop(ids, _CID + "paraId", paragraphs, _CID + "durableId")
    _drop(extensible, _CEX + "durableId", durable)


def _drop(root: Any, attribute: str, values: Collection[str], other: str = "") -> set[str]:
    """Remove the entries whose attribute has one of the values; what another attribute of them said."""
    gone = [entry for entry in root if entry.get(attribute) in values] if root is not None else []
    for entry in gone:
        root.remove(entry)
    return {entry.get(other) for entry in gone if other and entry.get(other)}
