"""What people labelled, read back: Label Studio (JSON, JSON-MIN), doccano (JSONL), the filled-in CSV, labelled JSON Lines.

The form is told by the content, not by the ending of the name.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scr_tone.annotation.forms import CARRIED
from scr_tone.errors import InputError
from scr_tone.finding_ids import finding_ids
from scr_tone.reading import Limits, content
from scr_tone.reading.text import decode
from scr_tone.records import LABELS
from scr_tone.rendering.table import plain_cell

__all__ = ["Annotation", "Incoming", "read_annotations"]

_LIMITS = Limits(file_bytes=500_000_000)
_SHOWN = 40
_FORMS = "give a Label Studio export (JSON or JSON-MIN), a doccano export (JSONL), or the CSV of scr-tone sample"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One label that one person gave to one sentence.

    Attributes
    ----------
    text, label, annotator : str
    id : str
        Of the sentence, unique in its document (`scr_tone.finding_ids`).
    extra : mapping
        What `draw_sample` noted of it, and the annotator's ``note``.
    """

    text: str
    label: str
    annotator: str
    id: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> tuple[str, str]:
        """Document and id: what is the same where two people labelled the same sentence."""
        return str(self.extra.get("document") or ""), self.id


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came back.

    Attributes
    ----------
    annotations : tuple of Annotation
        In the order of the files; one for each person and sentence, the last where somebody labelled one twice.
    unlabelled : int
        Lines or tasks without a label.
    replaced : int
        Labels that the same person changed later.
    """

    annotations: tuple[Annotation, ...]
    unlabelled: int
    replaced: int


@dataclass(frozen=True, slots=True)
class _Raw:
    """A label as a file has it, before it is checked."""

    where: str
    text: Any
    label: Any
    annotator: str
    extra: Mapping[str, Any]


def read_annotations(
    paths: Sequence[str | Path], *, names: Mapping[str, str] | None = None, labels: Sequence[str] = LABELS
) -> Incoming:
    """Read what one or several people labelled, from one or several files.

    Parameters
    ----------
    paths : sequence of path
    names : mapping of str to str, optional
        What a label is called in the files, and which of `labels` it is.
    labels : sequence of str
        Labels that may occur; case and white space around them do not matter.

    Returns
    -------
    Incoming

    Raises
    ------
    InputError
        If a file cannot be read, is none of the forms, or has an unknown label; the message names the line or task.
    """
    known = {label.casefold(): label for label in labels}
    known |= {name.strip().casefold(): label for name, label in (names or {}).items()}
    found: dict[tuple[tuple[str, str], str], Annotation] = {}
    unlabelled = replaced = 0
    for path in paths:
        for raw in _raws(Path(path)):
            if raw.label is None:
                unlabelled += 1
                continue
            one = _checked(raw, known, labels)
            replaced += (one.sentence, one.annotator) in found
            found[one.sentence, one.annotator] = one
    if not found:
        remedy = "fill in the column label" if unlabelled else "check that it is the right file"
        raise InputError("holds no label", remedy=remedy, subject=", ".join(map(str, paths)))
    return Incoming(tuple(found.values()), unlabelled, replaced)


def _checked(raw: _Raw, known: Mapping[str, str], labels: Sequence[str]) -> Annotation:
    if not isinstance(raw.text, str) or not raw.text.strip():
        raise InputError("has no text", remedy=_FORMS, subject=raw.where)
    choices = raw.label if isinstance(raw.label, list) else [raw.label]
    if len(choices) != 1:
        raise InputError(
            f"has {len(choices)} labels", remedy="leave one, as every sentence has exactly one", subject=raw.where
        )
    given = str(choices[0]).strip()
    label = known.get(given.casefold())
    if label is None:
        # Where columns were swapped the label is a sentence of somebody's review.
        shown = repr(given) if len(given) <= _SHOWN and len(given.split()) < 4 else "a longer text"
        raise InputError(
            f"has the label {shown}, which is none",
            remedy=f"use one of {', '.join(labels)}, or say what it stands for with --map NAME=LABEL",
            subject=raw.where,
        )
    name = (
        str(raw.extra.get("key") or raw.extra.get("id") or "").strip().removeprefix("#") or finding_ids([raw.text])[0]
    )
    extra = {key: value for key, value in raw.extra.items() if key not in ("key", "id") and value not in (None, "")}
    return Annotation(raw.text, label, raw.annotator or "unnamed", name, _numbers(extra, raw.where))


def _numbers(extra: dict[str, Any], where: str) -> dict[str, Any]:
    """Numbers as numbers: a spreadsheet may have written them with a decimal comma."""
    for name, kind in (("inclusion_probability", float), ("stratum_size", int), ("page", int)):
        if isinstance(extra.get(name), str):
            try:
                extra[name] = kind(float(extra[name].replace(",", ".")))
            except ValueError:
                raise InputError(
                    f"has {name} {extra[name][:_SHOWN]!r}, which is no number",
                    remedy="take the column over from the sample as it was",
                    subject=where,
                ) from None
    return extra


def _raws(path: Path) -> Iterator[_Raw]:
    text, _ = decode(content(path, _LIMITS), str(path))
    start = text.lstrip()[:1]
    if start == "[":
        yield from _label_studio(path, text)
    elif start == "{":
        yield from _json_lines(path, text)
    else:
        yield from _spreadsheet(path, text)


def _label_studio(path: Path, text: str) -> Iterator[_Raw]:
    try:
        tasks = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise InputError("is not JSON", remedy=_FORMS, subject=str(path)) from None
    for number, task in enumerate(tasks, 1):
        where = f"{path}, task {task.get('id', number) if isinstance(task, dict) else number}"
        if not isinstance(task, dict):
            raise InputError("is no task", remedy=_FORMS, subject=where)
        data = task.get("data")
        if not isinstance(data, dict):
            yield _minimal(where, task)
            continue
        made = [one for one in _objects(task.get("annotations"), where) if not one.get("was_cancelled")]
        for one in made:
            results = [r for r in _objects(one.get("result"), where) if isinstance(r.get("value"), dict)]
            chosen = [choice for result in results for choice in _texts(result["value"].get("choices"))]
            notes = [_note(result["value"].get("text")) for result in results if result.get("type") == "textarea"]
            extra = {**_carried(data), "note": " ".join(filter(None, notes))}
            yield _Raw(where, data.get("text"), chosen or None, _person(one.get("completed_by")), extra)
        if not made:
            yield _Raw(where, data.get("text"), None, "", {})


def _objects(given: Any, where: str) -> list[dict[str, Any]]:
    """A list of objects, which may be missing."""
    if not isinstance(given or [], list) or not all(isinstance(one, dict) for one in given or []):
        raise InputError("is no task", remedy=_FORMS, subject=where)
    return given or []


def _texts(given: Any) -> list[str]:
    """Texts of a list; a lone text is one of one."""
    given = given if isinstance(given, list) else [given]
    return [one for one in given if isinstance(one, str)]


def _note(given: Any) -> str | None:
    return " ".join(_texts(given)) or None


def _minimal(where: str, task: Mapping[str, Any]) -> _Raw:
    """One task of JSON-MIN, where the data and the labels lie side by side."""
    label = task.get("label")
    if isinstance(label, dict):
        label = label.get("choices")
    extra = {**_carried(task), "note": _note(task.get("note"))}
    return _Raw(where, task.get("text"), label or None, _person(task.get("annotator")), extra)


def _person(given: Any) -> str:
    """Label Studio names people by number, or says more of them."""
    if isinstance(given, dict):
        return str(given.get("email") or given.get("username") or given.get("id") or "")
    return "" if given is None else str(given)


def _carried(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in CARRIED if name in data}


def _json_lines(path: Path, text: str) -> Iterator[_Raw]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            raise InputError("is not JSON", remedy=_FORMS, subject=where) from None
        if not isinstance(record, dict) or "annotations" in record:
            raise InputError(
                "is not a labelled sentence", remedy="export from doccano as JSONL, with its labels", subject=where
            )
        meta = record.get("meta") or record.get("metadata")
        extra = _carried({**(meta if isinstance(meta, dict) else {}), **record})
        sentence = record.get("text", record.get("data"))
        if isinstance(record.get("labels"), dict):  # our own lines, which keep every annotator's label
            extra = {key: value for key, value in record.items() if key not in ("text", "label", "labels", "annotator")}
            for annotator, label in record["labels"].items():
                yield _Raw(where, sentence, label, annotator, extra)
            continue
        own = not isinstance(record.get("label"), list)
        if own and "id" in record:
            extra["id"] = record["id"]
        annotator = str(record.get("annotator") or record.get("username") or path.stem)
        yield _Raw(where, sentence, record.get("label") or None, annotator, {**extra, "note": record.get("note")})


def _spreadsheet(path: Path, text: str) -> Iterator[_Raw]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)  # Excel writes semicolons where the comma is the decimal mark
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if not {"text", "label"} <= set(rows.fieldnames or ()):
        raise InputError("is none of the forms that can be read back", remedy=_FORMS, subject=str(path))
    try:
        for row in rows:
            cells = {
                name: plain_cell(cell) for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str)
            }
            extra = {**_carried(cells), "note": cells.get("note")}
            annotator = cells.get("annotator", "").strip() or path.stem
            where = f"{path}, line {rows.line_num}"
            yield _Raw(where, cells.get("text"), cells.get("label", "").strip() or None, annotator, extra)
    except csv.Error as error:
        raise InputError(f"is not CSV ({error})", remedy="save it as CSV (UTF-8)", subject=str(path)) from None
