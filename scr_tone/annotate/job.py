"""The work on a document, in the child process: old comments of ours out, new ones in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from scr_tone.annotate.anchors import Anchor, anchor_ids, place, remove
from scr_tone.annotate.identity import AUTHOR, digest
from scr_tone.annotate.parts import Parts
from scr_tone.annotate.remarks import Line
from scr_tone.annotate.threads import Thread, drop, threads
from scr_tone.errors import InputError
from scr_tone.reading.docx import trace_docx
from scr_tone.reading.docx_origin import Origin, Spot
from scr_tone.reading.docx_package import Package
from scr_tone.reading.docx_xml import W
from scr_tone.reading.limits import Limits
from scr_tone.records import Document

__all__ = ["do"]

_INITIALS = "ST"
_QUOTED = 160  # characters of a sentence that a comment repeats because it cannot stand beside it
_SIGNED = (
    "The draft bears a digital signature, which holds for no copy with comments; Word will say that it is not valid. The draft "
    "itself is as it was."
)
_HEAD = 60  # of a first paragraph that is no title, for the summary
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def do(data: bytes, job: Mapping[str, Any], limits: Limits) -> tuple[bytes, dict[str, int]]:
    """Put the comments of a job into a document.

    Parameters
    ----------
    data : bytes
        A Word document.
    job : mapping
        ``digest`` of the text; ``when``, the date of the comments; ``summary``, lines; ``remarks``, each with ``finding``,
        ``start``, ``end``, ``sentence`` and ``lines``.
    limits : Limits

    Returns
    -------
    file : bytes
    told : dict
        How many comments were ``added`` (without the summary), ``kept`` and ``replaced``; whether the document was ``signed``.

    Raises
    ------
    InputError
        If it is no Word document, or not the one whose text the job is about.
    """
    package = Package(data, limits)
    parts = Parts(package)
    kept, gone = _sorted(threads(parts.comments, parts.extended), {remark["finding"] for remark in job["remarks"]})
    remove(parts.main, {thread.id for thread in gone})
    drop(gone, parts.comments, parts.extended, parts.ids, parts.extensible)
    places = _Places(*trace_docx(package, parts.main, limits))
    if digest(places.text) != job["digest"]:
        raise InputError("is not the document that was analysed", remedy="analyse it again: it has changed since")
    parts.make_comments()
    writer = _Writer(parts, job["when"])
    settled = {thread.finding for thread in kept}
    remarks = [remark for remark in job["remarks"] if remark["finding"] not in settled]
    summary = [*job["summary"]]
    if kept:
        words = (
            "comment that was answered or resolved stands"
            if len(kept) == 1
            else "comments that were answered or resolved stand"
        )
        summary.insert(-1, ("plain", f"{len(kept)} {words} as before."))
    if parts.signed:
        summary.insert(-1, ("plain", _SIGNED))
    anchors = [writer.comment(*places.head(), summary)]
    for remark in remarks:
        start, end, where = places.find(remark["start"], remark["end"])
        lines = remark["lines"]
        if where:
            lines = [("plain", f"On a sentence in {where}: \u201c{_short(remark['sentence'])}\u201d"), *lines]
        anchors.append(writer.comment(start, end, lines))
    place(anchors, parts.style("annotation reference", "character"))
    return parts.written(), {
        "added": len(remarks),
        "kept": len(kept),
        "replaced": sum(t.finding is not None for t in gone),
        "signed": int(parts.signed),
    }


def _sorted(ours: Iterable[Thread], findings: set[str]) -> tuple[list[Thread], list[Thread]]:
    """Which of our comments stay, and which go."""
    kept: list[Thread] = []
    gone: list[Thread] = []
    for thread in ours:
        stays = thread.answered or (thread.resolved and thread.finding in findings)
        (kept if stays else gone).append(thread)
    return kept, gone


class _Places:
    """From offsets into the document's text to places in the package."""

    def __init__(self, blocks: list[Any], origins: list[Origin]) -> None:
        document = Document.from_blocks(blocks)  # none of them is blank, so that each has its stretch
        self.text = document.text
        self._stretches = document.stretches
        self._starts = [stretch.start for stretch in document.stretches]
        self._origins = origins

    def head(self) -> tuple[Spot, Spot]:
        """The first words of the body."""
        first = next((at for at, origin in enumerate(self._origins) if origin.note is None), 0)
        stretch = self._stretches[first]
        end = stretch.end
        if stretch.kind != "heading" and end - stretch.start > _HEAD:
            end = max(self.text.rfind(" ", stretch.start, stretch.start + _HEAD), stretch.start + 1)
        start, end_spot, _ = self.find(stretch.start, end)
        return start, end_spot

    def find(self, start: int, end: int) -> tuple[Spot, Spot, str]:
        """Both ends of a part of the text, and in what it stands if that cannot hold a comment: then they are around that."""
        index = bisect_right(self._starts, start) - 1
        stretch, origin = self._stretches[index], self._origins[index]
        if origin.note is not None:
            where = "the footnote" if origin.note.tag == W + "footnoteReference" else "the endnote"
            return Spot(origin.note, 0, 1), Spot(origin.note, 1, 1), where
        first, last = origin.spots(start - stretch.start, min(end, stretch.end) - stretch.start)
        boxed = next(first.element.iterancestors(W + "txbxContent"), None) is not None
        return first, last, "the text box" if boxed else ""


class _Writer:
    """Writes comments into their part."""

    def __init__(self, parts: Parts, when: str) -> None:
        self._root = parts.comments
        self._when = when
        self._text = parts.style("annotation text", "paragraph")
        self._mark = parts.style("annotation reference", "character")
        used = anchor_ids(parts.main) | {comment.get(W + "id") or "" for comment in self._root}
        self._next = max((int(i) for i in used if i.isdecimal() and len(i) < 10), default=-1) + 1

    def comment(self, start: Spot, end: Spot, lines: Iterable[Line]) -> Anchor:
        """Write one, and say where its range goes."""
        number = self._next
        self._next += 1
        comment = self._add(self._root, "comment", id=str(number), author=AUTHOR, date=self._when, initials=_INITIALS)
        for at, (form, text) in enumerate(lines):
            paragraph = self._add(comment, "p")
            properties = self._add(paragraph, "pPr")
            if self._text:
                self._add(properties, "pStyle", val=self._text)
            self._add(properties, "spacing", before="0", after="60")
            if at == 0:
                run = self._add(paragraph, "r")
                if self._mark:
                    self._add(self._add(run, "rPr"), "rStyle", val=self._mark)
                self._add(run, "annotationRef")
            run = self._add(paragraph, "r")
            if form == "small" or not self._text:
                properties = self._add(run, "rPr")
                if form == "small":
                    self._add(properties, "color", val="595959")
                self._add(properties, "sz", val="16" if form == "small" else "20")
            words = self._add(run, "t")
            words.text = text
            words.set(_SPACE, "preserve")
        return Anchor(number, start, end)

    @staticmethod
    def _add(parent: Any, name: str, **attributes: str) -> Any:
        element = parent.makeelement(W + name)
        for attribute, value in attributes.items():
            element.set(W + attribute, value)
        parent.append(element)
        return element


def _short(sentence: str) -> str:
    words = " ".join(sentence.split()).strip('"\u201c\u201d\u2018\u2019')  # it is quoted as a whole
    return words if len(words) <= _QUOTED else words[: _QUOTED - 1].rstrip() + "\u2026"
