"""Reports as rows: CSV for spreadsheets, JSON Lines for pipes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scr_tone.provenance import HEAD, model_in_words, settings_in_words
from scr_tone.records import LABELS

__all__ = [
    "COLUMNS",
    "MADE_COLUMNS",
    "TYPES",
    "cells",
    "csv_text",
    "joined",
    "json_lines",
    "plain_cell",
    "rows",
    "safe_cell",
    "sound_cell",
]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")

#: What each column of a table of sentences holds; a category is a text of few different values.
TYPES: Mapping[str, str] = {
    "index": "integer", "start": "integer", "end": "integer", "text": "text", "label": "category", "score": "number",
    **{f"score_{label}": "number" for label in LABELS}, "target": "category", "voice": "category", "culpability": "category",
    "factors": "list", "cues": "list", "kind": "category", "page": "integer", "section": "text", "number": "text",
    "skipped": "category", "flagged": "flag", "id": "text",
}  # fmt: skip
COLUMNS = tuple(TYPES)
#: Between the members of a list where it is one text; words of a sentence may hold a semicolon.
_BETWEEN = {"cues": " | "}

#: What a table that leaves Python says of its origin, in columns behind the others.
MADE_COLUMNS = ("software", "model", "settings")


def cells(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Cells of each sentence of a report by column, lists as lists."""
    for sentence in report["sentences"]:
        flat = {
            **sentence,
            "score": sentence["scores"][sentence["label"]],
            **{f"score_{label}": sentence["scores"][label] for label in LABELS},
            "cues": [cue["text"] for cue in sentence["cues"]],
        }
        yield {column: flat[column] for column in COLUMNS}


def joined(column: str, cell: Any) -> Any:
    """A list as one text; anything else as it is."""
    return _BETWEEN.get(column, "; ").join(cell) if isinstance(cell, list) else cell


def rows(report: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Rows of one report, in the order of `COLUMNS`, lists as one text."""
    for row in cells(report):
        yield [joined(column, cell) for column, cell in row.items()]


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
            writer.writerow([safe_cell(cell) for cell in [report["document"]["name"] or "", *row, *made]])
    return out.getvalue()


def safe_cell(cell: Any) -> Any:
    """A cell for CSV: what a spreadsheet would run as a formula gets an apostrophe in front; None becomes empty.

    A carriage return alone becomes a line feed: Python's writer puts no quotation marks around it, and readers end the row there.

    Examples
    --------
    >>> safe_cell("=1+1")
    "'=1+1"
    """
    if isinstance(cell, str):
        cell = _LONE_RETURN.sub("\n", cell.replace("\x00", ""))
        if cell[:1] in _FORMULA:  # OWASP: CSV injection
            return "'" + cell
    return "" if cell is None else cell


def sound_cell(cell: Any) -> Any:
    """A cell for columns that can hold no lone surrogate, as those of Arrow cannot, and so those of pandas: a question mark for each.

    Examples
    --------
    >>> sound_cell(["a\\ud800b", 1])
    ['a?b', 1]
    """
    if isinstance(cell, str) and not cell.isascii():
        return cell.encode("utf-8", "replace").decode("utf-8")
    return [sound_cell(each) for each in cell] if isinstance(cell, list) else cell


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given.

    Examples
    --------
    >>> plain_cell("'=1+1"), plain_cell("'Twas raining.")
    ('=1+1', "'Twas raining.")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def json_lines(report: Mapping[str, Any]) -> str:
    """One line of JSON a sentence, each with the document's name and what made it, so that a line stands by itself."""
    head = {"document": report["document"]["name"], "schema": report["schema"], **{key: report[key] for key in HEAD}}
    return "".join(json.dumps({**head, **sentence}) + "\n" for sentence in report["sentences"])
