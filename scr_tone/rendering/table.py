"""Reports as rows: CSV for spreadsheets, JSON Lines for pipes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scr_tone.records import LABELS

__all__ = ["COLUMNS", "csv_text", "json_lines", "plain_cell", "rows", "safe_cell"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "index", "start", "end", "text", "label", "score", *(f"score_{label}" for label in LABELS), "target", "voice", "culpability",
    "factors", "cues", "kind", "page", "section", "number", "skipped", "flagged", "id",
)  # fmt: skip


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
    """CSV with a ``document`` column in front. A cell that a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["document", *COLUMNS])
    for report in reports:
        for row in rows(report):
            writer.writerow([safe_cell(cell) for cell in [report["document"]["name"] or "", *row]])
    return out.getvalue()


def safe_cell(cell: Any) -> Any:
    """A cell for CSV: what a spreadsheet would run as a formula gets an apostrophe in front; None becomes empty.

    Examples
    --------
    >>> safe_cell("=1+1")
    "'=1+1"
    """
    if isinstance(cell, str):
        cell = cell.replace("\x00", "")
        if cell[:1] in _FORMULA:  # OWASP: CSV injection
            return "'" + cell
    return "" if cell is None else cell


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given.

    Examples
    --------
    >>> plain_cell("'=1+1"), plain_cell("'Twas raining.")
    ('=1+1', "'Twas raining.")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def json_lines(report: Mapping[str, Any]) -> str:
    """One line of JSON a sentence, each with the document's name and the model, so that a line stands by itself."""
    head = {"document": report["document"]["name"], "model": report["model"], "schema": report["schema"]}
    return "".join(json.dumps({**head, **sentence}) + "\n" for sentence in report["sentences"])
