"""Predictions as pandas columns: what of a column is text, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from scr_tone.errors import InputError
from scr_tone.records import LABELS, Prediction

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FRAME_COLUMNS", "FRAME_PROVENANCE", "label_frame"]

_SCORES = ("score", *(f"score_{name}" for name in LABELS))
#: The new columns, in order: "string" or, for scores, "Float64"; NA where there is no text.
FRAME_COLUMNS = ("label", *_SCORES, "target", "voice", "culpability", "factors")
#: Key of ``frame.attrs`` under which a frame says what made it.
FRAME_PROVENANCE = "scr_tone"


class Labels(Protocol):
    """What labels sentences: a `scr_tone.ToneAnalyser`."""

    def label(self, sentences: Iterable[str], *, cues: bool) -> list[Prediction]:
        """One prediction for each sentence."""

    @property
    def provenance(self) -> dict[str, Any]:
        """Of what it says."""


def label_frame(tone: Labels, frame: pd.DataFrame, column: Any = "text", *, prefix: str = "") -> pd.DataFrame:
    """Label a column of sentences.

    Each row is taken as one sentence, by itself, so that a frame that is labelled in chunks gives the same rows. Sentences
    that occur several times are read once.

    Parameters
    ----------
    tone : scr_tone.ToneAnalyser
        First where it is called as a function; ``tone.label_frame(frame)`` is the usual way.
    frame : pandas.DataFrame
        With any index: its order, names, levels and repetitions are kept.
    column : hashable
        Column of sentences: strings of any dtype (``object``, ``str``, ``string``, ``string[pyarrow]``, a category of them). Missing
        values (None, NaN, NA) and blank texts are not labelled.
    prefix : str
        Put before the names of the new columns. A column of the frame that has such a name is replaced in the copy,
        with a warning.

    Returns
    -------
    pandas.DataFrame
        A copy with the same index and the new columns ``label``, ``score`` (of that label), ``score_blame``,
        ``score_learning``, ``score_accountability``, ``score_neutral``, ``target``, ``voice``, ``culpability`` and ``factors``
        (joined by "; "). Scores are "Float64", the others "string"; NA where there is no text, and where the model does not say.
        ``attrs["scr_tone"]`` says what made them (`scr_tone.provenance`); pandas keeps it in `concat` where all parts agree, and in
        Parquet.

    Raises
    ------
    InputError
        If there is no such column, or several, if it holds something else than text, or would itself be replaced.

    Examples
    --------
    >>> import pandas as pd, scr_tone
    >>> frame = pd.DataFrame({"text": ["The nurse failed to call back.", None]}, index=["a", "b"])
    >>> scr_tone.load().label_frame(frame)["label"].isna().to_dict()
    {'a': False, 'b': True}
    """
    import pandas as pd

    texts = _column(frame, column, prefix)
    known = texts.notna().to_numpy(dtype=bool, copy=True)
    values = np.full(len(frame), None, dtype=object)  # by place, so that an index may repeat itself
    values[known] = texts[known].astype(object).to_numpy()
    for place in np.flatnonzero(known):
        if not isinstance(values[place], str):
            kind = type(values[place]).__name__
            raise InputError(
                f"holds no text in row {place} but a {kind}",
                remedy="name a column of sentences, or turn it into text first",
                subject=f"column {column!r}",
            )
        known[place] = bool(values[place].strip())
    codes, sentences = pd.factorize(values[known])
    return _with_columns(frame, known, codes, tone.label(list(sentences), cues=False), prefix, tone.provenance)


def _column(frame: pd.DataFrame, column: Any, prefix: str) -> pd.Series[Any]:
    """The column, if it is there, is one, and stays."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"is a {type(frame).__name__}, not a pandas DataFrame",
            remedy="pass a frame, or a list of sentences to label",
            subject="the frame",
        )
    if column not in frame.columns:
        names = [name if isinstance(name, str) else repr(name) for name in frame.columns[:20]]
        listed = ", ".join(names) + (" ..." if len(frame.columns) > 20 else "")
        remedy = f"name one of {listed}" if names else "it has no columns at all"
        raise InputError(f"has no column {column!r}", remedy=remedy, subject="the frame")
    found: Any = frame[column]
    if isinstance(found, pd.DataFrame):
        raise InputError("is the name of several columns", remedy="rename them", subject=f"column {column!r}")
    if isinstance(column, str) and column in {prefix + name for name in FRAME_COLUMNS}:
        raise InputError(
            "would be replaced by what is said of it", remedy='pass prefix="tone_"', subject=f"column {column!r}"
        )
    return found  # type: ignore[no-any-return]


def _with_columns(
    frame: pd.DataFrame,
    known: npt.NDArray[np.bool_],
    codes: npt.NDArray[np.intp],
    predictions: list[Prediction],
    prefix: str,
    provenance: dict[str, Any],
) -> pd.DataFrame:
    """A copy with the new columns; `codes` says which prediction is that of each known row."""
    import warnings

    import pandas as pd

    columns: dict[str, list[Any]] = {
        "label": [p.label for p in predictions],
        "score": [p.scores[p.label] for p in predictions],
        **{f"score_{name}": [p.scores[name] for p in predictions] for name in LABELS},
        "target": [p.target for p in predictions],
        "voice": [p.voice for p in predictions],
        "culpability": [p.culpability for p in predictions],
        "factors": ["; ".join(p.factors) or None for p in predictions],
    }
    replaced = [prefix + name for name in columns if prefix + name in frame.columns]
    if replaced:
        message = f"replaced in the copy: {', '.join(replaced)}; pass prefix= to keep them"
        warnings.warn(message, UserWarning, stacklevel=4)
    made = frame.copy()
    for name, values in columns.items():
        cells = np.full(len(known), None, dtype=object)
        cells[known] = np.array(values, dtype=object)[codes]
        made[prefix + name] = pd.Series(cells, index=frame.index, dtype="Float64" if name in _SCORES else "string")
    made.attrs[FRAME_PROVENANCE] = provenance
    return made
