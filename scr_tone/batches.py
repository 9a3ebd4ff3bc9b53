"""The sentences of several documents, read by the model together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from scr_tone.decisions import Decisions
from scr_tone.prediction import predict
from scr_tone.project import Project
from scr_tone.records import Document, Sentence
from scr_tone.scorer import FloatArray, Model
from scr_tone.units import units_of

__all__ = ["Labelled", "label_documents"]


class Labelled(NamedTuple):
    """A document, its sentences, and what the author should know of marks that do nothing."""

    document: Document
    sentences: tuple[Sentence, ...]
    notes: list[str]


def label_documents(
    model: Model,
    shift: FloatArray,
    documents: Sequence[Document],
    *,
    spans: Sequence[Iterable[tuple[int, int]] | None],
    cues: bool,
    explain: bool,
    skip: Iterable[str],
    project: Project,
    decisions: Decisions | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Labelled]:
    """Label them in one pass; see `scr_tone.ToneAnalyser.analyse_all`, which has checked what it was given.

    Parameters
    ----------
    model, shift
        See `scr_tone.prediction.predict`.
    documents, spans, cues, explain, skip, project, decisions, progress
        See `scr_tone.ToneAnalyser.analyse_all`.
    """
    prepared = [
        units_of(document, skip=skip, project=project, decisions=decisions, spans=found)
        for document, found in zip(documents, spans, strict=True)
    ]
    texts = [unit.masked.text for units, _ in prepared for unit in units]
    predictions = predict(model, texts, shift, cues=cues, thorough=explain)
    done = 0
    for document, (units, notes) in zip(documents, prepared, strict=True):
        sentences = []
        for index, unit in enumerate(units):
            found = next(predictions)
            done += 1
            if progress is not None:
                progress(done, len(texts))
            sentences.append(unit.labelled(index, found))
        yield Labelled(document, tuple(sentences), notes)
