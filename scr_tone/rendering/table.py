"""Reports as rows: CSV for spreadsheets, JSON Lines for pipes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scr_tone.provenance import HEAD, model_in_words, settings_in_words
from scr_tone.records import LABELS

__all__ = ["COLUMNS", "MADE_COLUMNS", "csv_text", "json_lines", "rows"]

COLUMNS = (
    "index", "start", "end", "text", "label", "score", *(f"score_{label}" for label in LABELS), "target", "voice", "culpability",
    "factors", "cues", "kind", "page", "section", "number", "skipped", "flagged", "id",
)  # fmt: skip

#: What a table that leaves Python says of its origin, in columns behind the others.
MADE_COLUMNS = ("software", "model", "settings")


def rows(report: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Rows of one report, in the order of `COLUMNS`."""
    for sentence in report["sentences"]:
        flat = {
            **sentence,
            "score": sentence["scores"][sentence["label"]],
            **{f"score_{label}": sentence["scores"][label] for label in LABELS},
            "factors": "; ".join(sentence["factors"]),
            "cues": " | ".join(cue["text"] for cue in sentence["cues"]),
        }
        yield [flat[column] for column in COLUMNS]


def csv_text(reports: Iterable[Mapping[str, Any]]) -> str:
    """CSV with a ``document`` column in front, and with ``software``, ``model`` and ``settings`` behind the others.

    These three are the same in every row of a document, so that rows of several runs can be put into one table and still say
    where they come from; ``settings`` holds what departs from the usual ones. A cell that a spreadsheet would run as a formula gets
    an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["document", *COLUMNS, *MADE_COLUMNS])
    for report in reports:
        software = " ".join(str(report["software"][key]) for key in ("name", "version"))
        made = [software, model_in_words(report["model"]), settings_in_words(report["settings"])]
        for row in rows(report):
            writer.writerow([_safe(cell) for cell in [report["document"]["name"] or "", *row, *made]])
    return out.getvalue()


def _safe(cell: Any) -> Any:
    if isinstance(cell, str):
        cell = cell.replace("\x00", "")
        if cell[:1] in ("=", "+", "-", "@", "\t", "\r"):  # OWASP: CSV injection
            return "'" + cell
    return "" if cell is None else cell


def json_lines(report: Mapping[str, Any]) -> str:
    """One line of JSON a sentence, each with the document's name and what made it, so that a line stands by itself."""
    head = {"document": report["document"]["name"], "schema": report["schema"], **{key: report[key] for key in HEAD}}
    return "".join(json.dumps({**head, **sentence}) + "\n" for sentence in report["sentences"])
