"""Labelled sentences in JSON Lines: read, checked, fingerprinted, split by case.

Used by ``evaluate`` and by training, so that both mean the same by a labelled sentence and a fold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scr_tone.errors import InputError
from scr_tone.records import LABELS

__all__ = [
    "FOLDS",
    "LabelledSentence",
    "fingerprint",
    "fold_of",
    "group_of",
    "read_labelled",
    "read_labelled_folder",
    "reports_of",
]

#: Number of folds of the fixed split; fold 0 is the held-out part wherever one is wanted.
FOLDS = 5


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with its label; everything else that the line says is in `extra`."""

    text: str
    label: str
    file: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def read_labelled(path: str | Path, *, labels: Sequence[str] = LABELS) -> list[LabelledSentence]:
    """Read JSON Lines with the keys ``text`` and ``label``.

    Parameters
    ----------
    path : str or Path
    labels : sequence of str
        Labels that may occur.

    Raises
    ------
    InputError
        If the file is missing, empty, or a line is not such an object; the message names the line.
    """
    path = Path(path)
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("no such file", remedy="check the path", subject=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", remedy="save it as UTF-8", subject=str(path)) from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", remedy="check its permissions", subject=str(path)
        ) from None
    found = []
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            raise InputError(
                "is not JSON", remedy='give one {"text": ..., "label": ...} a line', subject=where
            ) from None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str) or not record["text"].strip():
            raise InputError('has no "text"', remedy='give one {"text": ..., "label": ...} a line', subject=where)
        label = record.get("label")
        if label not in labels:
            # The label is not repeated: where columns were swapped it is a sentence of somebody's review.
            raise InputError("has another label", remedy=f"use one of {', '.join(labels)}", subject=where)
        extra = {key: value for key, value in record.items() if key not in ("text", "label")}
        found.append(LabelledSentence(record["text"], str(label), path.name, extra))
    if not found:
        raise InputError("holds no labelled sentence", remedy="check that it is the right file", subject=str(path))
    return found


def read_labelled_folder(folder: str | Path) -> list[LabelledSentence]:
    """All ``*.jsonl`` files of a folder, by name."""
    paths = sorted(Path(folder).glob("*.jsonl"))
    if not paths:
        raise InputError(
            "holds no .jsonl file", remedy="run from the project's root or name the folder", subject=str(folder)
        )
    return [sentence for path in paths for sentence in read_labelled(path)]


def group_of(sentence: LabelledSentence) -> str:
    """What must stay together: a contrast set, else a case, report or document, else the sentence by itself.

    Examples
    --------
    >>> group_of(LabelledSentence("A.", "neutral", "a.jsonl", {"case": "a/x", "set": 3}))
    'a.jsonl#3'
    """
    if "set" in sentence.extra:
        return f"{sentence.file}#{sentence.extra['set']}"
    return str(_report_of(sentence) or sentence.text)


def reports_of(sentences: Sequence[LabelledSentence]) -> list[str] | None:
    """Report, case or document of each sentence, for a cluster bootstrap; None unless all say theirs.

    Examples
    --------
    >>> reports_of([LabelledSentence("A.", "neutral", "a.jsonl", {"report": "r1"})])
    ['r1']
    """
    found = [_report_of(sentence) for sentence in sentences]
    return [str(name) for name in found] if all(found) else None


def _report_of(sentence: LabelledSentence) -> Any:
    """Our own data call it a case or a report, a sample that people labelled a document."""
    return sentence.extra.get("case") or sentence.extra.get("report") or sentence.extra.get("document")


def fold_of(group: str) -> int:
    """Fold of a group, 0 to ``FOLDS - 1``: a hash, so that new cases never move old ones.

    Examples
    --------
    >>> fold_of("coroner_plain/pond") == fold_of("coroner_plain/pond")
    True
    """
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") % FOLDS


def fingerprint(sentences: Iterable[LabelledSentence]) -> str:
    """SHA-256 over texts and labels in order; names a data set in manifests and reports."""
    digest = hashlib.sha256()
    for sentence in sentences:
        digest.update(f"{sentence.text}\x1f{sentence.label}\x1e".encode())
    return digest.hexdigest()
