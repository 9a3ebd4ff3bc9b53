"""What of a document is labelled: its units, what the model reads of each, and which are left out of counts and flags."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from scr_tone.decisions import Decisions
from scr_tone.finding_ids import finding_ids
from scr_tone.left_out import LeftOut
from scr_tone.marks import Place, accepted, without_marks
from scr_tone.masking import Masked, Masks
from scr_tone.project import LEAST, Project
from scr_tone.project_file import FILE_NAME
from scr_tone.records import Cue, Document, Prediction, Reason, Sentence, Stretch
from scr_tone.sentences import line_spans, sentence_spans
from scr_tone.speech import in_speech, quotations

__all__ = ["Unit", "settings_of", "stretch_at", "units_of"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence before it is labelled.

    Attributes
    ----------
    start, end : int
        Offsets into the document's text.
    stretch : Stretch
        The block that it stands in.
    id : str
        See `scr_tone.finding_ids`; a mark does not change it.
    masked : Masked
        What the model reads of it; ``masked.source`` is the sentence.
    skipped : Reason or None
    spoken : bool
        It stands in a quotation that an earlier sentence opened, so that its voice is not the author's.
    """

    start: int
    end: int
    stretch: Stretch
    id: str
    masked: Masked
    skipped: Reason | None
    spoken: bool = False

    def labelled(self, index: int, found: Prediction) -> Sentence:
        """The sentence of a report that comes of it and what the model makes of it, its cues as offsets into the document's text.

        Parameters
        ----------
        index : int
            Its place among the sentences, from 0.
        found : Prediction
            For ``masked.text``.
        """
        words = [cue for cue in map(self.masked.traced, found.cues) if cue is not None]
        telling = self.masked.traced(found.telling, whole=True) if found.telling else None
        start, stretch = self.start, self.stretch
        return Sentence(
            index,
            start,
            self.end,
            self.masked.source,
            found.label,
            found.scores,
            tuple(_moved(cue, start) for cue in words),
            found.target,
            "reported" if self.spoken and found.voice else found.voice,
            stretch.kind,
            stretch.page,
            stretch.section,
            stretch.number,
            self.skipped,
            found.culpability,
            found.factors,
            self.id,
            telling and _moved(telling, start),
        )


def _moved(cue: Cue, start: int) -> Cue:
    return replace(cue, start=cue.start + start, end=cue.end + start)


def units_of(
    document: Document,
    *,
    skip: Iterable[str] = (),
    project: Project | None = None,
    decisions: Decisions | None = None,
    spans: Iterable[tuple[int, int]] | None = None,
) -> tuple[list[Unit], list[str]]:
    """The units of a document, in reading order.

    Parameters
    ----------
    document : Document
    skip : iterable of str
        What to leave out beside what the project leaves out.
    project : Project, optional
    decisions : Decisions, optional
    spans : iterable of (int, int), optional
        Sentences that somebody else has found, as offsets into the text, in order; without them `sentence_spans` decides.

    Returns
    -------
    units : list of Unit
    notes : list of str
        What the author should know of marks that do nothing.

    Examples
    --------
    >>> from scr_tone.reading import from_text
    >>> units, _ = units_of(from_text("She failed to ring. [tone: intended] It rained."))
    >>> [(unit.masked.text, unit.skipped) for unit in units]
    [('She failed to ring.', 'accepted'), ('It rained.', None)]
    """
    project, decisions = project or Project(), decisions or Decisions()
    text = document.text
    unmarked = without_marks(text)
    found = _own(unmarked, document) if spans is None else _given(unmarked, document, spans)
    places = [place for place in found if document.stretches[place.stretch].kind != "contents"]
    masks = Masks(project.terms)
    left_out = LeftOut(document, frozenset(skip) | project.skip, project.sections, project.phrases)
    ids = finding_ids(Masks().masked(text[place.start : place.end]).text for place in places)
    marked, notes = accepted(text, places)
    units: list[Unit] = []
    number_quoted, part, quoted = -1, "", quotations("")
    for number, (place, identity) in enumerate(zip(places, ids, strict=True)):
        sentence, stretch = text[place.start : place.end], document.stretches[place.stretch]
        if place.stretch != number_quoted:
            number_quoted, part = place.stretch, text[stretch.start : stretch.end]
            quoted = quotations(part)
        spoken = in_speech(quoted, part, place.start - stretch.start, place.end - stretch.start)
        reason = left_out.reason(place.stretch, sentence, spoken=spoken)
        if reason is None:
            reason = "accepted" if number in marked else _decided(decisions, identity)
        units.append(Unit(place.start, place.end, stretch, identity, masks.masked(sentence), reason, spoken))
    return units, notes


def _own(text: str, document: Document) -> Iterator[Place]:
    for index, stretch in enumerate(document.stretches):
        if document.format == "text":  # its paragraphs may be wrapped, which the lines around one tell
            for start, end in line_spans(text, stretch.start, stretch.end):
                yield Place(start, end, index)
            continue
        for start, end in _spans(text, stretch):
            yield Place(stretch.start + start, stretch.start + end, index)


def _given(text: str, document: Document, spans: Iterable[tuple[int, int]]) -> Iterator[Place]:
    """Sentences of somebody else without the white space around them, each in the stretch where it begins."""
    for start, end in spans:
        part = text[start:end]
        if document.stretches and part.strip():
            first = start + len(part) - len(part.lstrip())
            yield Place(first, start + len(part.rstrip()), _number_at(document, first))


def stretch_at(document: Document, place: int) -> Stretch:
    """The stretch in which an offset into the text lies, or the one before it."""
    return document.stretches[_number_at(document, place)]


def _number_at(document: Document, place: int) -> int:
    return max(bisect_right(document.stretches, place, key=lambda stretch: stretch.start) - 1, 0)


def _spans(text: str, stretch: Stretch) -> list[tuple[int, int]]:
    """Sentences of a stretch, as offsets into it. A heading with a level is one unit, whatever stops it holds."""
    part = text[stretch.start : stretch.end]
    if stretch.kind == "heading" and stretch.level is not None and part.strip():
        return [(len(part) - len(part.lstrip()), len(part.rstrip()))]
    return sentence_spans(part)


def _decided(decisions: Decisions, identity: str) -> Reason | None:
    verdict = decisions.verdict(identity)
    return "accepted" if verdict == "intended" else "wrong" if verdict == "wrong" else None


def settings_of(project: Project, skip: Iterable[str], decisions: Decisions | None) -> dict[str, Any]:
    """What kept sentences out of counts and flags, for the provenance of a report."""
    names = sorted(frozenset(skip) | project.skip)
    return {
        "skip_quotes": "quotes" in names,
        "skip": names,
        "sections": list(project.sections),
        "phrases": list(project.phrases),
        "terms": list(project.terms),
        "flags": {
            "labels": list(project.flags.labels),
            "threshold": {**LEAST, **project.flags.threshold},
            "sure": project.flags.sure,
        },
        # A name of somebody's own choosing may say whom a review is about.
        "project": project.file if project.file in (None, FILE_NAME) else "(a file of another name)",
        "decisions": len(decisions or ()),
    }
