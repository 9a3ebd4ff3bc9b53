"""The documents and sentences that the purpose profile is trained and measured on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scr_tone.errors import InputError
from scr_tone.labelled import LabelledSentence, fold_of, read_labelled_folder
from scr_tone.purpose.features import worth_reading
from scr_tone.purpose.lexicon import lexicon
from scr_tone.purpose.model import ALL_KINDS
from scr_tone.purpose.rules import PROCESSES, Reading, readings, ruled, tied

__all__ = ["SETS", "Example", "PurposeDocument", "documents", "examples"]

#: Sets of documents, each its own file; figures are given for each.
SETS = {"front sections": "purpose.jsonl", "drafts": "purpose_drafts.jsonl"}

#: Fold of what is always trained on, and of what is left out whenever documents are held out (written with them in mind).
ALWAYS, ONLY_AT_LAST = -1, -2
_UNSURE = "?"
_AUTHORED = 2500  # sentences of data/authored, as examples of what shows nothing


@dataclass(frozen=True)
class PurposeDocument:
    """A document with its statuses and evidence, as labelled."""

    id: str
    set: str
    sentences: tuple[str, ...]
    statuses: Mapping[str, str]
    evidence: Mapping[str, tuple[int, ...]]

    @property
    def fold(self) -> int:
        """Its fold: a hash of its name."""
        return fold_of(self.id)


@dataclass(frozen=True)
class Example:
    """A sentence to learn from: what it shows, and which kinds it says nothing sure about."""

    reading: Reading
    kinds: frozenset[str]
    unsure: frozenset[str]
    weight: float
    fold: int


def documents(data: Path) -> list[PurposeDocument]:
    """All documents, in the order of their files.

    Raises
    ------
    InputError
        If a file is missing.
    """
    return [
        PurposeDocument(
            row["id"],
            name,
            tuple(row["sentences"]),
            {question: row[question] for question in row["evidence"]},
            {question: tuple(found) for question, found in row["evidence"].items()},
        )
        for name, file in SETS.items()
        for row in _rows(data / file)
    ]


def examples(data: Path, texts: Sequence[PurposeDocument]) -> list[Example]:
    """Every sentence that is learned from, those left out that the profile would not read."""
    kinds = {row["id"]: row["kinds"] for row in _rows(data / "purpose_kinds.jsonl")}
    found = [example for text in texts for example in _of_document(text, kinds[text.id])]
    return [one for one in [*found, *_of_sentences(data), *_of_authored(data)] if worth_reading(one.reading)]


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        raise InputError("no such file", remedy="run from the project's root or name the folder", subject=str(path))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _of_document(text: PurposeDocument, kinds: Mapping[str, Sequence[str]]) -> Iterator[Example]:
    # Where a question is met, sentences beyond the evidence may show it too: their silence says nothing.
    open_kinds = {"told", "took_part"} if text.statuses["communicated"] == "met" else set()
    open_kinds |= {"named"} if text.statuses["complications"] == "met" else set()
    for index, reading in enumerate(readings(text.sentences)):
        own = frozenset(kinds.get(str(index), ()))
        unsure = ALL_KINDS if _UNSURE in own else () if own else open_kinds
        yield Example(reading, own - {_UNSURE}, frozenset(unsure), 1.0, text.fold)


def _of_sentences(data: Path) -> Iterator[Example]:
    authored = {s.extra["id"]: s.text for s in read_labelled_folder(data / "authored")}
    for row in _rows(data / "purpose_sentences.jsonl"):
        kinds = frozenset(row["kinds"])
        text = row["text"] if "text" in row else authored[row["authored"]]
        # A consequence is learned as one that follows what it is a consequence of.
        recent = frozenset({"criminal"} if kinds == {"effect"} else ())
        reading = Reading(lexicon().tag(text), recent=recent)
        unsure = frozenset(row.get("unsure", ()))
        yield Example(reading, kinds, unsure, 1.0, ONLY_AT_LAST if row.get("after") == "documents" else ALWAYS)


def _of_authored(data: Path) -> Iterator[Example]:
    by_case: dict[str, list[LabelledSentence]] = {}
    for sentence in read_labelled_folder(data / "authored"):
        by_case.setdefault(sentence.extra["case"], []).append(sentence)
    drawn = set(sorted(_draw(s) for case in by_case.values() for s in case)[:_AUTHORED])
    for case in by_case.values():
        if drawn.isdisjoint(map(_draw, case)):
            continue
        for sentence, reading in zip(case, readings(s.text for s in case), strict=True):
            if _draw(sentence) in drawn:
                yield _plain(reading)


def _draw(sentence: LabelledSentence) -> str:
    return hashlib.sha256(sentence.extra["id"].encode()).hexdigest()


def _plain(reading: Reading) -> Example:
    """A sentence that nobody has read for what it shows: only what is plain is learned from it."""
    unsure = set(ruled(reading))
    if reading.tags.any(*PROCESSES, "answer"):
        unsure |= {"named", "effect"} if tied(reading.tags) else {"named"}
    if reading.tags.any("review", "reviewer"):
        unsure |= {"own", "formula", "negative", "contrary", "took_part"}
    return Example(reading, frozenset(), frozenset(unsure), 0.5, ALWAYS)
