"""What is kept on a spaCy Doc, and how it is read back: ``span._.tone``, ``doc._.tone_report``, two groups of spans.

What is kept is plain data under the keys that spaCy itself uses for custom attributes, so that it goes wherever spaCy takes
those: ``Doc.to_bytes``, ``DocBin(store_user_data=True)``, other processes, ``Span.as_doc(copy_user_data=True)`` and, sentence by
sentence, ``Doc.from_docs``. `Prediction` and `Report` are made from it when they are asked for. Importing this module (or
``scr_tone.tone_component``) is all that it takes to read a stored Doc.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from spacy.tokens import Doc, Span, SpanGroup

from scr_tone.errors import ConfigError
from scr_tone.marks import without_marks
from scr_tone.masking import Masked
from scr_tone.project import Flags
from scr_tone.reading import from_text
from scr_tone.reading.text import has_words
from scr_tone.records import LABELS, Cue, Document, Prediction, Sentence
from scr_tone.report import Report
from scr_tone.units import Unit, stretch_at

__all__ = ["check_attributes", "cues_key", "document_of", "has_tone", "keep", "report_of", "tone_of"]

_ROW = "scr_tone_sentence"
_WHOLE = "scr_tone"  # no key of a custom attribute, since Span.as_doc loses those of whole Docs


def document_of(doc: Doc) -> Document:
    """The text of a Doc as a Document: its lines as paragraphs, headings and list items, as in plain text."""
    return from_text(doc.text) if has_words(doc.text) else Document(doc.text, ())


def cues_key(spans_key: str) -> str:
    """Key of the group that holds the words, beside the group that holds the sentences."""
    return f"{spans_key}_cues"


def keep(doc: Doc, report: Report, spans_key: str) -> None:
    """Put a report on the Doc that it is about, in place of an earlier one.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    report : Report
        Of the text of `doc`.
    spans_key : str
        Key of ``doc.spans`` for the sentences that count; what is left out of the counts has no span there.
    """
    for key in [key for key in doc.user_data if _is_row(key)]:
        del doc.user_data[key]
    for sentence in report.sentences:
        doc.user_data["._.", _ROW, sentence.start, sentence.end] = _row(sentence)
    doc.user_data[_WHOLE] = {"provenance": dict(report.provenance), "notes": list(report.notes)}
    counted = [sentence for sentence in report.sentences if sentence.skipped is None]
    cues = [(sentence, cue) for sentence in counted for cue in sentence.cues]
    doc.spans[spans_key] = SpanGroup(
        doc,
        name=spans_key,
        spans=[_span(doc, s.start, s.end, label=s.label, span_id=s.id) for s in counted],
        attrs={"scores": np.array([s.scores[s.label] for s in counted], dtype=np.float32)},
    )
    doc.spans[cues_key(spans_key)] = SpanGroup(
        doc,
        name=cues_key(spans_key),
        spans=[_span(doc, c.start, c.end, label=s.label, kb_id=c.family or "") for s, c in cues],
        attrs={"weights": np.array([c.weight for _, c in cues], dtype=np.float32)},
    )


def has_tone(doc: Doc) -> bool:
    """Whether the Doc was labelled."""
    return _WHOLE in doc.user_data


def tone_of(span: Span) -> Prediction | None:
    """``span._.tone``: what the model makes of a sentence, the cues' offsets relative to it.

    Parameters
    ----------
    span : spacy.tokens.Span
        A sentence of the Doc, whatever white space it has at its ends, or one of ``doc.spans["scr_tone"]``.

    Returns
    -------
    Prediction or None
        None for any other span, and for a Doc that was not labelled.
    """
    text = without_marks(span.text)
    start = span.start_char + len(text) - len(text.lstrip())
    row = span.doc.user_data.get(("._.", _ROW, start, span.start_char + len(text.rstrip())))
    return None if row is None else _prediction(row, span.doc.text[start:])


def report_of(doc: Doc) -> Report | None:
    """``doc._.tone_report``: the report of the whole Doc, made anew each time, so keep it in a variable.

    Sections and list marks are those of plain text, pages are not known, and the purpose profile means something only where
    the Doc is a whole review.

    Returns
    -------
    Report or None
        None where the Doc was not labelled, or was merged from several by ``Doc.from_docs``.
    """
    made = doc.user_data.get(_WHOLE)
    if made is None:
        return None
    provenance = _plain(made["provenance"])
    document = document_of(doc)
    return Report(
        document,
        tuple(_sentences(doc, document)),
        provenance,
        Flags(**provenance["settings"]["flags"]),
        tuple(made["notes"]),
    )


def check_attributes() -> None:
    """Refuse to work where somebody else has an attribute of the same name.

    Raises
    ------
    ConfigError
        If ``span._.tone`` or ``doc._.tone_report`` means something else.
    """
    for owner, name, getter in _ATTRIBUTES:
        if not owner.has_extension(name):
            owner.set_extension(name, getter=getter)
        elif owner.get_extension(name)[2] is not getter:
            raise ConfigError(
                "is already used by something else",
                remedy=f"remove it first: {owner.__name__}.remove_extension({name!r})",
                subject=f"{owner.__name__.lower()}._.{name}",
            )


def _is_row(key: Any) -> bool:
    return isinstance(key, tuple) and len(key) == 4 and key[:2] == ("._.", _ROW)


def _row(sentence: Sentence) -> dict[str, Any]:
    """A sentence as plain data. Its words are not kept twice."""
    return {
        "label": sentence.label,
        "scores": [sentence.scores[label] for label in LABELS],
        "cues": [_cue(cue, sentence.start) for cue in sentence.cues],
        "target": sentence.target,
        "voice": sentence.voice,
        "culpability": sentence.culpability,
        "factors": list(sentence.factors),
        "skipped": sentence.skipped,
        "id": sentence.id,
        "telling": sentence.telling and _cue(sentence.telling, sentence.start),
    }


def _cue(cue: Cue, start: int) -> list[Any]:
    return [cue.start - start, cue.end - start, cue.family, cue.weight]


def _cue_again(row: list[Any], text: str) -> Cue:
    start, end, family, weight = row
    return Cue(start, end, text[start:end], family, weight)


def _prediction(row: Mapping[str, Any], text: str) -> Prediction:
    """A prediction from a row; `text` begins where its sentence does."""
    return Prediction(
        row["label"],
        dict(zip(LABELS, row["scores"], strict=True)),
        tuple(_cue_again(cue, text) for cue in row["cues"]),
        row["target"],
        row["voice"],
        row["culpability"],
        tuple(row["factors"]),
        _cue_again(row["telling"], text) if row.get("telling") else None,
    )


def _sentences(doc: Doc, document: Document) -> Iterator[Sentence]:
    text = document.text
    # A Doc that was cut out of another one may still have what was kept beyond its ends.
    places = sorted(key[2:] for key in doc.user_data if _is_row(key) and 0 <= key[2] < key[3] <= len(text))
    for index, (start, end) in enumerate(places):
        row, words = doc.user_data["._.", _ROW, start, end], text[start:end]
        unit = Unit(start, end, stretch_at(document, start), row["id"], Masked(words, words), row["skipped"])
        yield unit.labelled(index, _prediction(row, words))


def _span(doc: Doc, start: int, end: int, **names: str) -> Span:
    return doc.char_span(start, end, alignment_mode="expand", **names)


def _plain(value: Any) -> Any:
    """Lists where a way of storing has made tuples of them."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value


_ATTRIBUTES = ((Span, "tone", tone_of), (Doc, "tone_report", report_of))
for _owner, _name, _getter in _ATTRIBUTES:
    if not _owner.has_extension(_name):
        _owner.set_extension(_name, getter=_getter)
