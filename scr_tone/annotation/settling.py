"""From several people's labels to one for each sentence, as labelled JSON Lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scr_tone.annotation.incoming import Annotation

__all__ = ["Settled", "labelled_lines", "settle"]


@dataclass(frozen=True, slots=True)
class Settled:
    """One record for each sentence on which there is a label.

    Attributes
    ----------
    records : tuple of dict
        ``text``, ``label``, ``annotator`` (names, joined by "; "), ``labels`` (what each said), ``id``, and what the sample noted.
    ties : tuple of (str, str)
        Document and id of sentences left out, as no label has more voices than any other.
    """

    records: tuple[dict[str, Any], ...]
    ties: tuple[tuple[str, str], ...]


def settle(annotations: Iterable[Annotation], *, adjudicator: str | None = None) -> Settled:
    """Give each sentence the label that most annotators gave it.

    Parameters
    ----------
    annotations : iterable of Annotation
    adjudicator : str, optional
        Whose label stands, whatever the others said, wherever there is one.

    Examples
    --------
    >>> said = [Annotation("It rained.", "neutral", "anna", "1"), Annotation("It rained.", "blame", "ben", "1")]
    >>> settle(said).ties
    (('', '1'),)
    >>> settle(said, adjudicator="anna").records[0]["label"]
    'neutral'
    """
    by_sentence: dict[tuple[str, str], list[Annotation]] = {}
    for one in annotations:
        by_sentence.setdefault(one.sentence, []).append(one)
    records, ties = [], []
    for sentence, said in by_sentence.items():
        label = _label(said, adjudicator)
        if label is None:
            ties.append(sentence)
            continue
        extra: dict[str, Any] = {}
        for one in said:
            extra |= {name: value for name, value in one.extra.items() if name != "note"}
        notes = [str(one.extra["note"]) for one in said if one.extra.get("note")]
        records.append(
            {
                "text": said[0].text,
                "label": label,
                "annotator": "; ".join(one.annotator for one in said),
                "labels": {one.annotator: one.label for one in said},
                "id": said[0].id,
                **extra,
                **({"note": " | ".join(notes)} if notes else {}),
            }
        )
    return Settled(tuple(records), tuple(ties))


def _label(said: list[Annotation], adjudicator: str | None) -> str | None:
    for one in said:
        if one.annotator == adjudicator:
            return one.label
    (first, most), *others = Counter(one.label for one in said).most_common()
    return None if others and others[0][1] == most else first


def labelled_lines(settled: Settled) -> str:
    """Labelled JSON Lines, for ``evaluate``, ``train --data`` and ``prevalence``."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in settled.records)
