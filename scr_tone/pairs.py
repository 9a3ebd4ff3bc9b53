"""`Pair`: a sentence of an old draft and what it became, in wording and in tone."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from scr_tone.drafts.alignment import Unit
from scr_tone.drafts.wording import Piece, body_start, changes, key, words
from scr_tone.records import Sentence

__all__ = ["STATUSES", "TONES", "Pair", "make_pair", "units"]

_BLAME = "blame"

#: What became of the wording.
STATUSES = ("unchanged", "edited", "split", "merged", "new", "gone")
#: What became of the tone, what asks for a look first.
TONES = ("became_blame", "new_blame", "still_blame", "set_aside", "mended", "removed_blame", "changed")


@dataclass(frozen=True)
class Pair:
    """Sentences of the old draft and what they became.

    Attributes
    ----------
    old, new : tuple of Sentence
        One each; several on one side where a sentence was cut or several were joined; none where it is new or gone.
    status : str
        One of `STATUSES`. Paragraph numbers, capitals, quotation marks, dashes and spaces make no edit.
    tone : str or None
        One of `TONES`, or None where nothing needs to be said.
    likeness : float
        Shared wording, from 0 to 1.
    moved : bool
        Whether it stands in another order, or in another section that both drafts have.
    """

    old: tuple[Sentence, ...]
    new: tuple[Sentence, ...]
    status: str
    tone: str | None
    likeness: float
    moved: bool = False

    @cached_property
    def changes(self) -> tuple[Piece, ...]:
        """What was struck out and put in, without the printed paragraph numbers; empty unless edited, split or merged."""
        if self.status not in ("edited", "split", "merged"):
            return ()
        return tuple(changes(*(" ".join(_body(s) for s in side) for side in (self.old, self.new))))


def units(sentences: Sequence[Sentence]) -> list[Unit]:
    """The sentences as alignment sees them."""
    found = [(words(s.text, s.number), s) for s in sentences]
    return [Unit(key(spoken) or s.text, spoken, s.skipped == "heading") for spoken, s in found]


def make_pair(
    old: tuple[Sentence, ...],
    new: tuple[Sentence, ...],
    likeness: float,
    moved: bool,
    flagged: tuple[Set[int], Set[int]],
) -> Pair:
    """A pair, with what became of it; `flagged` are the indices of the sentences that each report flags."""
    was, now = (
        any(s.index in those and s.label == _BLAME for s in side)
        for side, those in zip((old, new), flagged, strict=True)
    )
    return Pair(old, new, _status(old, new), _tone(old, new, was, now), likeness, moved)


def _status(old: Sequence[Sentence], new: Sequence[Sentence]) -> str:
    if not old or not new:
        return "gone" if old else "new"
    if len(old) > 1 or len(new) > 1:
        return "merged" if len(old) > 1 else "split"
    before, after = units([*old, *new])
    return "unchanged" if before.key == after.key else "edited"


def _tone(old: Sequence[Sentence], new: Sequence[Sentence], was: bool, now: bool) -> str | None:
    """What became of the tone, given whether it was, and is, flagged as blame."""
    if now:
        return "still_blame" if was else "became_blame" if old else "new_blame"
    if was:
        if not new:
            return "removed_blame"
        # Not mended, only no longer counted or flagged: marked by its author, taken for a quotation, below the threshold.
        aside = all(s.skipped for s in new) or any(s.label == _BLAME for s in new)
        return "set_aside" if aside else "mended"
    before, after = ({s.label for s in side if s.skipped is None} for side in (old, new))
    return "changed" if before and after and before != after else None


def _body(sentence: Sentence) -> str:
    return " ".join(sentence.text[body_start(sentence.text, sentence.number) :].split())
