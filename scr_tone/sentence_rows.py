"""Reports, and frames of them, as the rows that tables and plots count: one a sentence, with its document and its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scr_tone.errors import InputError
from scr_tone.frames import FRAME_PROVENANCE
from scr_tone.records import LABELS
from scr_tone.report import Report

if TYPE_CHECKING:
    import pandas as pd

    #: A report, several, or a frame with a row for each sentence.
    Sentences = Report | Iterable[Report] | pd.DataFrame

__all__ = ["sentence_rows"]

_ALONE = "text"
#: Columns that name the document in tables of ours, where none is asked for.
_DOCUMENT = ("document", "path")


def sentence_rows(data: Sentences, *, document: str | None = None) -> pd.DataFrame:
    """The sentences that count, with their document and where in it they stand.

    Parameters
    ----------
    data : Report, iterable of Report, or DataFrame
        A frame has a row for each sentence and a column ``label``, as `Report.to_frame` gives it and
        `ToneAnalyser.label_frame` adds it. Several documents may stand below each other in it, each in reading order.
    document : str, optional
        Column of the frame that names the document. Without it the column ``document`` or ``path`` is taken where there
        is one, and else the frame is one document.

    Returns
    -------
    pandas.DataFrame
        The columns of the frame, and in front ``_document`` (str), ``_left`` and ``_right`` (where the sentence stands in
        its document, from 0 to 1, by characters where the frame has ``start`` and ``end``, else by the number of
        sentences). Rows that are skipped or have no label are left out. ``attrs["model"]`` is the model's name, or None.

    Raises
    ------
    InputError
        If it is something else, has no column ``label`` or none of the name given by `document`, or holds another label.

    Examples
    --------
    >>> import scr_tone
    >>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
    >>> sentence_rows(report)[["_left", "_right", "label"]].round(2).values.tolist()
    [[0.0, 0.73, 'blame'], [0.76, 1.0, 'neutral']]
    """
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame, names = data, _names(data, document)
    else:
        frame, names = _frame_of(data)
    if "label" not in frame.columns:
        raise InputError(
            "has no column 'label'",
            remedy="pass a Report, Report.to_frame(), or what label_frame returned",
            subject="the frame",
        )
    rows = frame.reset_index(drop=True)
    places = _places(rows, names)
    rows = pd.concat([places, rows.drop(columns=places.columns, errors="ignore")], axis="columns")
    counts = rows["label"].notna()
    if "skipped" in rows.columns:
        counts &= rows["skipped"].isna()
    rows = rows[counts].reset_index(drop=True)
    strange = set(rows["label"]) - set(LABELS)
    if strange:
        # Not repeated: where columns were swapped it is a sentence of somebody's review.
        raise InputError("holds another label", remedy=f"use {', '.join(LABELS)}", subject="the column 'label'")
    rows.attrs = {"model": _model(frame)}
    return rows


def _frame_of(data: Any) -> tuple[pd.DataFrame, list[str]]:
    """The frames of reports below each other, and the document of each row."""
    import pandas as pd

    reports = [data] if isinstance(data, Report) else list(data) if isinstance(data, Iterable) else [data]
    for report in reports:
        if not isinstance(report, Report):
            raise InputError(
                f"takes a Report, several, or a frame, not {type(report).__name__}",
                remedy="make reports with ToneAnalyser.analyse",
            )
    if not reports:
        raise InputError("there is no report", remedy="pass at least one")
    seen: Counter[str] = Counter()
    frames, names = [], []
    for report in reports:
        name = report.document.name or _ALONE
        seen[name] += 1
        frames.append(report.to_frame())
        names += [name if seen[name] == 1 else f"{name} ({seen[name]})"] * len(frames[-1])
    models = {str(report.provenance.get("model", {}).get("name", "")) for report in reports}
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    frame.attrs = {"model": models.pop() if len(models) == 1 else ""}
    return frame, names


def _names(frame: pd.DataFrame, document: str | None) -> list[str]:
    known = [document] if document is not None else [name for name in _DOCUMENT if name in frame.columns]
    column = known[0] if known else None
    if column in frame.columns:
        return [str(name) for name in frame[column].astype("string").fillna(_ALONE)]
    if document is not None:
        raise InputError(
            f"has no column {document!r}",
            remedy=f"name one of {', '.join(map(str, frame.columns))}",
            subject="the frame",
        )
    return [_ALONE] * len(frame)


def _places(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Where each row stands in its document; skipped sentences take their room, as they do on the page."""
    import pandas as pd

    group = pd.Series(names, index=rows.index, dtype=object)
    if {"start", "end"} <= set(rows.columns):
        left, right = (rows[name].astype(float) for name in ("start", "end"))
    else:
        left = rows.groupby(group).cumcount().astype(float)
        right = left + 1
    whole = right.groupby(group).transform("max").where(lambda length: length > 0, 1.0)
    return pd.DataFrame({"_document": group, "_left": left / whole, "_right": right / whole})


def _model(frame: pd.DataFrame) -> str | None:
    """Name of the one model behind the rows, as far as the frame says."""
    told = frame.attrs.get("model") or frame.attrs.get(FRAME_PROVENANCE, {}).get("model")
    if isinstance(told, dict):
        told = told.get("name")
    for column, most in (("model", None), ("model_sha256", 8)):
        if not told and column in frame.columns:
            names = {str(name)[:most] for name in frame[column].dropna().unique()}
            told = names.pop() if len(names) == 1 else None
    return str(told) if told else None
