"""A comparison as plain data, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scr_tone.provenance import HEAD
from scr_tone.records import Sentence

if TYPE_CHECKING:
    import pandas as pd

    from scr_tone.comparison import Comparison
    from scr_tone.pairs import Pair

__all__ = ["comparison_data", "comparison_frame"]

_SIDE = ("index", "id", "label", "score", "text", "page", "section", "number", "skipped")
_WHOLE = ("sentences", "words", "labels", "flagged", "flagged_per_1000_words", "factors", "skipped")
_SECTION = ("section", "page", "sentences", "words", "labels", "flagged")


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison without the head that names schema and software."""
    old, new = comparison.old.to_dict(), comparison.new.to_dict()
    rows = [{row["section"]: row for row in report["summary"]["sections"]} for report in (old, new)]
    return {
        "model": new["model"],
        "settings": new["settings"],
        "libraries": new["libraries"],
        "old": _document(old),
        "new": _document(new),
        "warnings": list(comparison.warnings),
        "summary": comparison.summary,
        "purpose": _purpose(old.get("purpose"), new.get("purpose")),
        "sections": [
            {"old": before, "new": after}
            for before, after in (
                tuple(_section(side, known) for side, known in zip(pair, rows, strict=True))
                for pair in comparison.sections
            )
            if before or after
        ],
        "pairs": [_pair(pair) for pair in comparison.pairs],
    }


def _document(report: dict[str, Any]) -> dict[str, Any]:
    return {"document": report["document"], "summary": {name: report["summary"][name] for name in _WHOLE}}


def _purpose(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, dict[str, str | None]] | None:
    """Status of each question of the purpose profile, before and now; None where neither report has a profile."""
    names = dict.fromkeys([*(old or {}), *(new or {})])
    statuses = {
        name: {
            side: found[name]["status"] if found and name in found else None
            for side, found in (("old", old), ("new", new))
        }
        for name in names
    }
    return statuses or None


def _section(name: tuple[str | None] | None, rows: dict[str | None, dict[str, Any]]) -> dict[str, Any] | None:
    """Figures of a section; None where there is none, or nothing in it counts."""
    if name is None or name[0] not in rows:
        return None
    return {key: rows[name[0]][key] for key in _SECTION}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "status": pair.status,
        "tone": pair.tone,
        "moved": pair.moved,
        "likeness": pair.likeness,
        "old": [_sentence(sentence) for sentence in pair.old],
        "new": [_sentence(sentence) for sentence in pair.new],
        "changes": [{"op": piece.op, "text": piece.text} for piece in pair.changes],
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "index": sentence.index,
        "id": sentence.id,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "label": sentence.label,
        "score": sentence.scores[sentence.label],
        "page": sentence.page,
        "section": sentence.section,
        "number": sentence.number,
        "skipped": sentence.skipped,
    }


def comparison_frame(comparison: Comparison) -> pd.DataFrame:
    """See `Comparison.to_frame`."""
    import pandas as pd

    from scr_tone.frames import FRAME_PROVENANCE
    from scr_tone.rendering.table import sound_cell

    columns = ["pair", "status", "tone", "moved", "likeness"]
    sides = [f"{side}_{name}" for side in ("old", "new") for name in _SIDE]
    frame = pd.DataFrame([sound_cell(row) for row in _rows(comparison)], columns=[*columns, *sides])
    whole = ("index", "page")
    kinds = {
        name: "Int64" if name.endswith(whole) else "Float64" if name.endswith("score") else "string" for name in sides
    }
    head = comparison.to_dict()
    frame.attrs[FRAME_PROVENANCE] = {key: head[key] for key in ("schema", *HEAD)}
    return frame.astype({"status": "string", "tone": "string", **kinds})


def _rows(comparison: Comparison) -> Iterator[list[Any]]:
    for number, pair in enumerate(comparison.pairs):
        for old in pair.old or (None,):
            for new in pair.new or (None,):
                cells = [None if side is None else _sentence(side)[name] for side in (old, new) for name in _SIDE]
                yield [number, pair.status, pair.tone, pair.moved, pair.likeness, *cells]
