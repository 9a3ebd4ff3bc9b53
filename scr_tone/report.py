"""`Report`: the labelled sentences of one document, what they add up to, and every form it is given out in.

`Report.to_dict` is the contract (``resources/report.schema.json``); JSON, CSV, HTML and the terminal view are all made
from it, so that they cannot disagree.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_tone.advice import advise_on
from scr_tone.around import Beside, reasons_beside
from scr_tone.errors import ConfigError
from scr_tone.language import looks_english
from scr_tone.project import Flags
from scr_tone.provenance import SOFTWARE
from scr_tone.purpose import Answer, answers, contradiction_in
from scr_tone.records import LABELS, Document, Sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCHEMA_VERSION", "Report"]

#: Version of the JSON form; the first number changes when a reader of the old form would break.
SCHEMA_VERSION = "1.3"

_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class Report:
    """What came of analysing a document.

    Attributes
    ----------
    document : Document
    sentences : tuple of Sentence
        In reading order, with those that are left out of the counts (see `Sentence.skipped`).
    provenance : mapping
        ``software`` (name, version), ``model`` (name, version, sha256, data), ``settings``, ``libraries`` (name -> version) and
        ``schema``; see `scr_tone.provenance`.
    flags : Flags
        Which sentences are flagged, that is, put before the author; blame, unless the project says otherwise.
    notes : tuple of str
        What to know beside what the reader of the file found.

    Examples
    --------
    >>> import scr_tone
    >>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
    >>> report.summary["labels"]["blame"]["count"]
    1
    """

    document: Document
    sentences: tuple[Sentence, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    flags: Flags = field(default_factory=Flags)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Short, and without the text: a report is of somebody's confidential draft."""
        return f"Report({self.document.name!r}, {len(self.sentences)} sentences, {len(self.flagged)} flagged)"

    @property
    def flagged(self) -> tuple[Sentence, ...]:
        """Sentences that are not skipped, have a label that is flagged, and a score that is high enough (`Flags`)."""
        return tuple(s for s in self.sentences if self._is_flagged(s))

    def reached(self, sentence: Sentence) -> bool:
        """Whether the sentence is not skipped and its score is high enough for a flag, whether or not its label is flagged."""
        return sentence.skipped is None and self.flags.reached(sentence.label, sentence.scores, sentence.text)

    def _is_flagged(self, sentence: Sentence) -> bool:
        return sentence.label in self.flags.labels and self.reached(sentence)

    def _is_unsure(self, s: Sentence) -> bool:
        return s.label in self.flags.labels and not self.flags.reached(s.label, s.scores, s.text)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know before trusting the report: from the reader, about marks in the text, and about the language."""
        own = () if looks_english(self.document.text) else ("the text does not look like English; labels mean little",)
        return (*self.document.warnings, *self.notes, *own)

    @property
    def purpose(self) -> dict[str, Answer]:
        """What the text says of its own purpose (SCR Quality Marker 5; codebook, purpose profile).

        Returns
        -------
        dict of str to Answer
            For ``communicated``, ``positive`` and ``complications``, each with ``status`` ("met", "partly" or "not_found"),
            ``evidence`` (the sentences that show it) and ``missing`` (what a draft still lacks, and why it matters).
        """
        return self._asked[0]

    _asked = cached_property(lambda self: answers(self.sentences))  # with where the findings begin

    @cached_property
    def contradiction(self) -> str | None:
        """One sentence where the text says that it wants to learn while its findings blame, with numbers; else None."""
        return contradiction_in(self.sentences, self.flagged, *self._asked)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, over sentences that are not skipped.

        Returns
        -------
        dict
            ``sentences``, ``words``, ``labels`` (label -> count and share), ``flagged``, ``flagged_per_1000_words``,
            ``factors`` (of the learning sentences: factor -> count, the commonest first), ``culpability`` (level ->
            count, without "none"), ``below_threshold`` (sentences with a flagged label and no flag; they are
            counted under their label), ``skipped`` (reason -> count) and ``sections`` (section, page, sentences, words, labels,
            flagged, factors), in order.
        """
        counted = [s for s in self.sentences if s.skipped is None]
        words = sum(_words(s.text) for s in counted)
        sections: dict[str | None, list[Sentence]] = {}
        for sentence in counted:
            sections.setdefault(sentence.section, []).append(sentence)
        return {
            "sentences": len(counted),
            "words": words,
            "labels": _shares(counted),
            "flagged": len(self.flagged),
            "flagged_per_1000_words": round(1000 * len(self.flagged) / words, 2) if words else 0.0,
            "factors": _factors(counted),
            "culpability": dict(Counter(s.culpability for s in counted if s.culpability not in (None, "none"))),
            "below_threshold": sum(map(self._is_unsure, counted)),
            "skipped": dict(Counter(s.skipped for s in self.sentences if s.skipped is not None)),
            "sections": [
                {
                    "section": name,
                    "page": members[0].page,
                    "sentences": len(members),
                    "words": sum(_words(s.text) for s in members),
                    "labels": _shares(members),
                    "flagged": sum(map(self._is_flagged, members)),
                    "factors": _factors(members),
                }
                for name, members in sections.items()
            ],
        }

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the form of ``resources/report.schema.json``."""
        beside = reasons_beside(self.sentences, self.document.text)
        return {
            "schema": SCHEMA_VERSION,
            "software": dict(SOFTWARE),
            **{key: self.provenance.get(key, {}) for key in ("model", "settings", "libraries")},
            "document": {
                "name": self.document.name,
                "format": self.document.format,
                "characters": len(self.document.text),
                "warnings": list(self.warnings),
            },
            "summary": self.summary,
            "purpose": {question: answer.to_dict() for question, answer in self.purpose.items()},
            "contradiction": self.contradiction,
            "sentences": [_sentence(s, self, beside.get(s.index)) for s in self.sentences],
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The report as JSON text. Lone surrogates are escaped, so that it can always be written as UTF-8."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        sound = text.isprintable() or not re.search("[\ud800-\udfff]", text)
        return text if sound else json.dumps(self.to_dict(), indent=indent)

    def to_frame(self) -> pd.DataFrame:
        """One row a sentence.

        Returns
        -------
        pandas.DataFrame
            Columns ``index, start, end, text, label, score, score_blame, score_learning, score_accountability,
            score_neutral, target, voice, culpability, factors, cues, kind, page, section, number, skipped, flagged, id``: offsets in
            code points, scores from 0 to 1, ``factors`` joined by "; ", ``cues`` the words joined by " | ", ``page`` a
            nullable integer, missing text as NA, a lone surrogate as a question mark. ``attrs["scr_tone"]`` is the report's provenance.
        """
        import pandas as pd

        from scr_tone.frames import FRAME_PROVENANCE
        from scr_tone.rendering.table import COLUMNS, TYPES, rows, sound_cell

        frame = pd.DataFrame([sound_cell(row) for row in rows(self.to_dict())], columns=list(COLUMNS))
        frame.attrs[FRAME_PROVENANCE] = dict(self.provenance)
        text = [name for name, kind in TYPES.items() if kind in ("text", "category", "list")]
        return frame.astype({**dict.fromkeys(text, "string"), "page": "Int64"})

    def to_csv(self) -> str:
        """One line a sentence, with the columns of `to_frame` and then ``software``, ``model`` and ``settings``, for a spreadsheet."""
        from scr_tone.rendering.table import csv_text

        return csv_text([self.to_dict()])

    def to_jsonl(self) -> str:
        """One JSON object a line, a sentence each, with the document's name and the model in it."""
        from scr_tone.rendering.table import json_lines

        return json_lines(self.to_dict())

    def to_html(self) -> str:
        """One self-contained page that needs no network and prints well."""
        from scr_tone.rendering.html import html_page

        return html_page([self.to_dict()], texts=[self.document.text])

    def save(
        self, path: str | Path, *, source: str | Path | bytes | None = None, labels: Collection[str] | None = None
    ) -> None:
        """Write the report, in the form that the ending names: ``.json``, ``.jsonl``, ``.csv``, ``.html`` or ``.docx``.

        The file appears whole or not at all.

        Parameters
        ----------
        path : str or Path
            ``.docx`` is the Word document that the report is about, with comments in it (`scr_tone.annotate`).
        source : str, Path or bytes, optional
            That document, if it was not read with `scr_tone.read`, which remembers where it was.
        labels : collection of str, optional
            Labels whose sentences get a comment; if not given, the flagged sentences do.

        Raises
        ------
        ConfigError
            If the ending is another one, or the file cannot be written.
        InputError
            If the document is no Word document, or has changed since it was read.
        """
        from scr_tone.output import write_whole

        if Path(path).suffix.lower() in (".docx", ".docm", ".dotx", ".dotm"):
            from scr_tone.annotate import save_annotated

            save_annotated(self, path, source, labels=labels)
            return
        forms = {".json": self.to_json, ".jsonl": self.to_jsonl, ".csv": self.to_csv, ".html": self.to_html}
        make = forms.get(Path(path).suffix.lower())
        if make is None:
            raise ConfigError(
                "has an ending that names no form", remedy=f"use {', '.join(forms)}, .docx", subject=str(path)
            )
        write_whole(path, make())


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _shares(sentences: list[Sentence]) -> dict[str, dict[str, float]]:
    counts = Counter(s.label for s in sentences)
    total = len(sentences) or 1
    return {label: {"count": counts[label], "share": round(counts[label] / total, 4)} for label in LABELS}


def _factors(sentences: list[Sentence]) -> dict[str, int]:
    return dict(Counter(factor for s in sentences for factor in s.factors).most_common())


def _sentence(sentence: Sentence, report: Report, beside: Beside | None) -> dict[str, Any]:
    # Quotations too: the page shows them, and leaves it to the reader whether they count.
    advice = advise_on(sentence, beside=beside) if sentence.skipped in (None, "quote") else None
    return {
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "label": sentence.label,
        "scores": dict(sentence.scores),
        "target": sentence.target,
        "voice": sentence.voice,
        "culpability": sentence.culpability,
        "factors": list(sentence.factors),
        "cues": [
            {"start": cue.start, "end": cue.end, "text": cue.text, "family": cue.family, "weight": round(cue.weight, 4)}
            for cue in sentence.cues
        ],
        "telling": sentence.telling and {"start": sentence.telling.start, "end": sentence.telling.end},
        "kind": sentence.kind,
        "page": sentence.page,
        "section": sentence.section,
        "number": sentence.number,
        "skipped": sentence.skipped,
        "flagged": report._is_flagged(sentence),
        "unsure": report._is_unsure(sentence),
        "advice": advice.to_dict(start=sentence.start) if advice else None,
        "id": sentence.id,
    }
