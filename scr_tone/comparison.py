"""`Comparison`: how the tone moved between two drafts of one text.

Each sentence of both drafts is in one pair: with what it became, or alone. `Comparison.to_dict` is the contract
(``resources/comparison.schema.json``); the other forms are made from it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scr_tone.drafts.alignment import align
from scr_tone.drafts.sections import pair_sections
from scr_tone.errors import ConfigError, InputError
from scr_tone.pairs import STATUSES, TONES, Pair, make_pair, units
from scr_tone.provenance import SOFTWARE
from scr_tone.records import LABELS, Sentence
from scr_tone.report import Report

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPARISON_SCHEMA", "Comparison", "compare"]

#: Version of the JSON form; the first number changes when a reader of the old form would break.
COMPARISON_SCHEMA = "1.1"
# Below this share of words in common the two are hardly drafts of one text.
_STRANGERS = 0.1
# Settings that two drafts may well have each of its own, or that move no label.
_OF_A_DRAFT = frozenset({"project", "decisions", "cues", "explain"})


@dataclass(frozen=True)
class Comparison:
    """What `compare` returns.

    Attributes
    ----------
    old, new : Report
    pairs : tuple of Pair
        In the order of the new draft; what went stands behind what it followed.
    sections : tuple of (old name, new name)
        Each a one-element tuple with the name (None before the first heading), or None where the other has no partner.

    Examples
    --------
    >>> import scr_tone
    >>> tone = scr_tone.load()
    >>> old = tone.analyse("The nurse failed to ring back. It rained.")
    >>> new = tone.analyse("The nurse could not ring back, as she had no telephone. It rained.")
    >>> [(pair.status, pair.tone) for pair in scr_tone.compare(old, new).pairs]
    [('edited', 'mended'), ('unchanged', None)]
    """

    old: Report
    new: Report
    pairs: tuple[Pair, ...]
    sections: tuple[tuple[tuple[str | None] | None, tuple[str | None] | None], ...]

    def __repr__(self) -> str:
        """Short, and without the text."""
        return f"Comparison({self.old.document.name!r}, {self.new.document.name!r}, {len(self.pairs)} pairs)"

    def with_tone(self, *tones: str) -> tuple[Pair, ...]:
        """The pairs whose tone is one of these (see `TONES`)."""
        return tuple(pair for pair in self.pairs if pair.tone in tones)

    @property
    def worse(self) -> tuple[Pair, ...]:
        """Pairs that read as blame now and did not before, or were not there."""
        return self.with_tone("became_blame", "new_blame")

    @property
    def mended(self) -> tuple[Pair, ...]:
        """Pairs that read as blame before and were reworded so that they do not."""
        return self.with_tone("mended")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know before trusting the comparison."""
        found = []
        shared = sum(_length(pair.old) for pair in self.pairs if pair.new)
        if shared < _STRANGERS * sum(_length(pair.old) for pair in self.pairs):
            found.append("the two texts have hardly a sentence in common; are they drafts of one document?")
        ours, theirs = self.old.provenance.get("settings", {}), self.new.provenance.get("settings", {})
        differing = sorted(name for name in {*ours, *theirs} - _OF_A_DRAFT if ours.get(name) != theirs.get(name))
        if differing:
            found.append(f"the reports were made with different settings: {', '.join(differing)}")
        return tuple(found)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts of pairs, over those with a sentence that counts.

        Returns
        -------
        dict
            ``tone`` (tone -> count), ``status`` (status -> count), ``moved``, ``moved_unchanged``, ``transitions`` (label
            before, label after, count; None for a sentence that is new or gone; one for each sentence and what it became).
        """
        counted = [pair for pair in self.pairs if any(s.skipped is None for s in (*pair.old, *pair.new))]
        tones, statuses = Counter(pair.tone for pair in counted), Counter(pair.status for pair in counted)
        links = Counter(
            (old.label if old else None, new.label if new else None)
            for pair in counted
            for old in pair.old or (None,)
            for new in pair.new or (None,)
            if all(sentence is None or sentence.skipped is None for sentence in (old, new))
        )
        order = (*LABELS, None)
        return {
            "tone": {name: tones[name] for name in TONES},
            "status": {name: statuses[name] for name in STATUSES},
            "moved": sum(pair.moved for pair in counted),
            "moved_unchanged": sum(pair.moved and pair.status == "unchanged" for pair in counted),
            "transitions": [
                {"old": before, "new": after, "count": links[before, after]}
                for before in order
                for after in order
                if links[before, after]
            ],
        }

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data, in the form of ``resources/comparison.schema.json``."""
        from scr_tone.comparison_data import comparison_data

        return {
            "schema": COMPARISON_SCHEMA,
            "software": dict(SOFTWARE),
            **comparison_data(self),
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The comparison as JSON text."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        try:
            text.encode()
        except UnicodeEncodeError:  # a lone surrogate
            return json.dumps(self.to_dict(), indent=indent)
        return text

    def to_html(self) -> str:
        """One self-contained page that needs no network and prints well: what became worse, what was mended, the shares."""
        from scr_tone.rendering.comparison import comparison_page

        return comparison_page(self.to_dict(), old=self.old.to_dict(), new=self.new.to_dict())

    def to_text(self, *, colour: bool = False) -> str:
        """The comparison for a terminal; words struck out and put in are marked ``[-so-]`` and ``{+so+}``.

        Parameters
        ----------
        colour : bool
            Whether to use ANSI colours too.
        """
        from scr_tone.rendering.comparison_text import comparison_text

        return comparison_text(self.to_dict(), colour=colour)

    def to_frame(self) -> pd.DataFrame:
        """One row for each sentence and what it became.

        Returns
        -------
        pandas.DataFrame
            Columns ``pair`` (rows of a sentence that was cut share it), ``status, tone, moved, likeness``, and for either
            side ``_index, _id, _label, _score, _text, _page, _section, _number, _skipped`` behind ``old`` and ``new``.
            Missing where a sentence is new or gone.
        """
        from scr_tone.comparison_data import comparison_frame

        return comparison_frame(self)


def compare(old: Report, new: Report) -> Comparison:
    """Set the tone of two drafts side by side.

    Parameters
    ----------
    old, new : Report
        Of the earlier and of the later draft, by the same model; of whatever formats.

    Returns
    -------
    Comparison

    Raises
    ------
    ConfigError
        If the reports were made by different models, or expecting different label shares: a label that differs would then
        say nothing about the drafts.
    InputError
        If one of them is not a report.

    Examples
    --------
    >>> import scr_tone
    >>> tone = scr_tone.load()
    >>> drafts = [tone.analyse(text) for text in ("It rained.", "The nurse failed to call back. It rained.")]
    >>> [pair.new[0].text for pair in scr_tone.compare(*drafts).worse]
    ['The nurse failed to call back.']
    """
    for report in (old, new):
        if not isinstance(report, Report):
            raise InputError(
                f"compare takes two reports, not {type(report).__name__}", remedy="make them with ToneAnalyser.analyse"
            )
    _refuse_differing(old, new)
    groups = align(units(old.sentences), units(new.sentences))
    sides = [
        (tuple(old.sentences[i] for i in group.old), tuple(new.sentences[j] for j in group.new), group)
        for group in groups
    ]
    names = [list(dict.fromkeys(s.section for s in report.sentences)) for report in (old, new)]
    partner = pair_sections(
        names[0],
        names[1],
        [
            (before[0].section, after[0].section, _length(before))
            for before, after, group in sides
            if before and after and not group.moved
        ],
    )
    settled = set(partner.values())
    flagged = ({s.index for s in old.flagged}, {s.index for s in new.flagged})
    pairs = []
    for before, after, group in sides:
        elsewhere = bool(before and after) and (
            partner.get(before[0].section, after[0].section) != after[0].section and after[0].section in settled
        )
        pairs.append(make_pair(before, after, group.likeness, group.moved or elsewhere, flagged))
    return Comparison(old, new, tuple(pairs), _section_rows(names[0], names[1], partner))


def _refuse_differing(old: Report, new: Report) -> None:
    ours, theirs = old.provenance.get("model", {}), new.provenance.get("model", {})
    if ours != theirs:
        raise ConfigError(
            f"the reports were made by different models ({_named(ours)} and {_named(theirs)})",
            remedy="analyse both drafts with one model",
        )
    settings = [report.provenance.get("settings", {}) for report in (old, new)]
    if any(settings[0].get(name) != settings[1].get(name) for name in ("prior", "prior_strength")):
        raise ConfigError(
            "the reports expect different label shares (prior)", remedy="analyse both drafts with the same prior"
        )


def _named(model: dict[str, Any]) -> str:
    return f"{model.get('name', 'unknown')} {str(model.get('sha256', ''))[:8]}".strip()


def _section_rows(
    old: list[str | None], new: list[str | None], partner: dict[str | None, str | None]
) -> tuple[tuple[tuple[str | None] | None, tuple[str | None] | None], ...]:
    """Sections in the order of the new draft; one that went stands behind the one it followed."""
    place = {name: at for at, name in enumerate(new)}
    source = {after: before for before, after in partner.items()}
    rows: list[tuple[tuple[int, int], Any]] = [
        ((at, 0), ((source[name],) if name in source else None, (name,))) for name, at in place.items()
    ]
    at = -1
    for index, name in enumerate(old):
        if name in partner:
            at = place[partner[name]]
        else:
            rows.append(((at, 1 + index), ((name,), None)))
    return tuple(row for _, row in sorted(rows, key=lambda row: row[0]))


def _length(sentences: Sequence[Sentence]) -> int:
    return sum(len(s.text.split()) for s in sentences)
