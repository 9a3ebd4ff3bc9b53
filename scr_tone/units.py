"""What of a document is labelled: its units, what the model reads of each, and which are left out of counts and flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scr_tone.decisions import Decisions
from scr_tone.finding_ids import finding_ids
from scr_tone.left_out import LeftOut
from scr_tone.marks import Place, accepted, without_marks
from scr_tone.masking import Masked, Masks
from scr_tone.project import LEAST, Project
from scr_tone.records import Cue, Document, Prediction, Reason, Sentence, Stretch
from scr_tone.sentences import sentence_spans

__all__ = ["Unit", "settings_of", "units_of"]


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
    """

    start: int
    end: int
    stretch: Stretch
    id: str
    masked: Masked
    skipped: Reason | None

    def labelled(self, index: int, found: Prediction) -> Sentence:
        """The sentence that a prediction makes of it, its cues as offsets into the document's text."""
        words = [cue for cue in map(self.masked.traced, found.cues) if cue is not None]
        start, stretch = self.start, self.stretch
        return Sentence(
            index,
            start,
            self.end,
            self.masked.source,
            found.label,
            found.scores,
            tuple(Cue(c.start + start, c.end + start, c.text, c.family, c.weight) for c in words),
            found.target,
            found.voice,
            stretch.kind,
            stretch.page,
            stretch.section,
            stretch.number,
            self.skipped,
            found.culpability,
            found.factors,
            self.id,
        )


def units_of(
    document: Document,
    *,
    skip: Iterable[str] = (),
    project: Project | None = None,
    decisions: Decisions | None = None,
) -> tuple[list[Unit], list[str]]:
    """The units of a document, in reading order.

    Parameters
    ----------
    document : Document
    skip : iterable of str
        What to leave out beside what the project leaves out.
    project : Project, optional
    decisions : Decisions, optional

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
    places = [
        Place(stretch.start + start, stretch.start + end, index)
        for index, stretch in enumerate(document.stretches)
        if stretch.kind != "contents"
        for start, end in _spans(unmarked, stretch)
    ]
    masks = Masks(project.terms)
    left_out = LeftOut(document, frozenset(skip) | project.skip, project.sections, project.phrases)
    ids = finding_ids(Masks().masked(text[place.start : place.end]).text for place in places)
    marked, notes = accepted(text, places)
    units = []
    for number, (place, identity) in enumerate(zip(places, ids, strict=True)):
        sentence = text[place.start : place.end]
        reason = left_out.reason(place.stretch, sentence)
        if reason is None:
            reason = "accepted" if number in marked else _decided(decisions, identity)
        stretch = document.stretches[place.stretch]
        units.append(Unit(place.start, place.end, stretch, identity, masks.masked(sentence), reason))
    return units, notes


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
        "project": project.file,
        "decisions": len(decisions or ()),
    }
