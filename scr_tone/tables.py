"""Tables of labelled sentences, one row a sentence, as `Report.to_frame` and ``scr-tone corpus`` make them.

Whatever samples from a corpus or counts over it reads its table here, so that all mean the same by a document, by a sentence
that counts, and by a sentence's name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError, InputError
from scr_tone.finding_ids import finding_ids
from scr_tone.records import LABELS
from scr_tone.rendering.table import plain_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SCORES", "TABLE_ENDINGS", "Corpus", "corpus_of", "read_table"]

#: Endings of files that are tables and not documents.
TABLE_ENDINGS = (".csv", ".parquet")
#: The columns with the four scores.
SCORES = tuple(f"score_{label}" for label in LABELS)
#: Columns that may name the document, the first that is there.
_DOCUMENTS = ("document", "path", "document_id")
_AROUND = ("before", "after")


@dataclass(frozen=True)
class Corpus:
    """The sentences of a corpus that count.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a sentence, in reading order, index from 0, with ``document``, ``id``, ``text``, ``label``, the scores where they
        are known, ``before`` and ``after`` (the sentences beside it in its document), and what else the table has.
    documents : bool
        Whether the table says which document each sentence is from.
    """

    frame: pd.DataFrame
    documents: bool

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """Document and id of each sentence; no two are the same."""
        return list(zip(self.frame["document"], self.frame["id"], strict=True))

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that tell this set of sentences from another, whatever model labelled it."""
        lines = sorted(f"{document}\x1f{name}" for document, name in self.keys)
        return hashlib.sha256("\x1e".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """Scores of shape (n_sentences, 4), in the order of `LABELS`; where there are none, 1 for the label and else 0."""
        if set(SCORES) <= set(self.frame.columns):
            return self.frame[list(SCORES)].to_numpy(dtype=np.float64, na_value=np.nan)
        return np.asarray(self.labels[:, None] == np.arange(len(LABELS)), dtype=np.float64)

    @cached_property
    def labels(self) -> npt.NDArray[np.int64]:
        """Place in `LABELS` of the model's label of each sentence, shape (n_sentences,)."""
        return np.array([LABELS.index(label) for label in self.frame["label"]], dtype=np.int64)


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table from CSV or Parquet.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    InputError
        If it is missing, or no such table.
    ConfigError
        If reading Parquet needs a package that is not installed.
    """
    import pandas as pd

    path = Path(path)
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        frame = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=[""], low_memory=False)
    except FileNotFoundError:
        raise InputError("no such file", remedy="check the path", subject=str(path)) from None
    except ImportError:
        raise ConfigError(
            "is Parquet, and pyarrow is not installed",
            remedy="pip install pyarrow, or write the table as CSV",
            subject=str(path),
        ) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", remedy="check the path", subject=str(path)) from None
    except ValueError as error:  # pandas' and pyarrow's own errors, which may hold the text, are such
        raise InputError(
            f"is no table that can be read ({type(error).__name__})",
            remedy="give CSV (UTF-8, commas) or Parquet with one row a sentence",
            subject=str(path),
        ) from None
    for column in frame.columns[frame.dtypes == "object"]:
        frame[column] = frame[column].map(lambda cell: plain_cell(cell) if isinstance(cell, str) else cell)
    return frame


def corpus_of(source: pd.DataFrame | str | Path | Sequence[pd.DataFrame | str | Path], *, subject: str = "") -> Corpus:
    """The sentences that count in a table, or in several one after the other.

    Sentences that were left out of the counts (``skipped``) are left out here. One without an ``id`` gets it from its words,
    as in `Report`.

    Parameters
    ----------
    source : DataFrame, path, or sequence of them
        With the columns ``text`` and ``label``, as `Report.to_frame` has them; ``document`` (or ``path``, ``document_id``) where
        there are several documents.
    subject : str
        What to call it in messages.

    Raises
    ------
    InputError
        If a column is missing, a label or score is none, two rows are the same sentence, or no sentence counts.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["She rang.", "It rained."], "label": ["neutral", "neutral"]})
    >>> corpus = corpus_of(frame)
    >>> len(corpus), corpus.frame["after"].tolist()
    (2, ['It rained.', ''])
    """
    import pandas as pd

    parts = [source] if isinstance(source, pd.DataFrame | str | Path) else list(source)
    frames = [part if isinstance(part, pd.DataFrame) else read_table(part) for part in parts]
    subject = subject or ", ".join(str(part) for part in parts if isinstance(part, str | Path)) or "the table"
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0].reset_index(drop=True)
    _check_columns(frame, subject)
    # Texts that repeat are categories in Parquet, and those cannot be filled or compared like texts.
    frame = frame.astype({column: "object" for column, kind in frame.dtypes.items() if kind == "category"})
    named = next((column for column in _DOCUMENTS if column in frame and frame[column].notna().any()), None)
    frame = frame.assign(
        document=frame[named].fillna("").astype(str) if named else "", text=frame["text"].fillna("").astype(str)
    )
    if "id" not in frame or frame["id"].isna().any():
        frame["id"] = ""
        for _, members in frame.groupby("document", sort=False):
            frame.loc[members.index, "id"] = finding_ids(members["text"])
    frame["id"] = frame["id"].astype(str)
    same = frame["document"].eq(frame["document"].shift())
    frame["before"] = frame["text"].shift(fill_value="").where(same, "")
    frame["after"] = frame["text"].shift(-1, fill_value="").where(same.shift(-1, fill_value=False), "")
    counted = frame["text"].str.strip().ne("")
    if "skipped" in frame:
        counted &= frame["skipped"].isna() | frame["skipped"].eq("")
    frame = frame[counted].reset_index(drop=True)
    _check_rows(frame, subject)
    return Corpus(frame, named is not None)


def _check_columns(frame: pd.DataFrame, subject: str) -> None:
    missing = [column for column in ("text", "label") if column not in frame]
    if missing:
        raise InputError(
            f"has no column {' and '.join(missing)}",
            remedy="make it with scr-tone corpus, scr-tone check --format csv, or Report.to_frame",
            subject=subject,
        )


def _check_rows(frame: pd.DataFrame, subject: str) -> None:
    if not len(frame):
        raise InputError("holds no sentence that counts", remedy="check that it is the right table", subject=subject)
    if not frame["label"].isin(LABELS).all():
        row = int(np.flatnonzero(~frame["label"].isin(LABELS).to_numpy())[0]) + 1
        raise InputError(
            f"row {row} has another label", remedy=f"use one of {', '.join(LABELS)} in every row", subject=subject
        )
    if set(SCORES) <= set(frame.columns):
        scores: Any = frame[list(SCORES)].apply(_numbers).to_numpy(dtype=np.float64, na_value=np.nan)
        wrong = ~np.isfinite(scores).all(axis=1) | (np.abs(scores.sum(axis=1) - 1) > 0.01)
        if wrong.any():
            raise InputError(
                f"row {int(np.flatnonzero(wrong)[0]) + 1} has scores that do not sum to 1",
                remedy="leave the score columns as scr-tone wrote them, or out of the table",
                subject=subject,
            )
    twice = frame.duplicated(["document", "id"])
    if twice.any():
        raise InputError(
            f"holds {int(twice.sum()):,} sentences twice (same document, same id)",
            remedy="give each document once, and a column document where there are several",
            subject=subject,
        )


def _numbers(column: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.to_numeric(column, errors="coerce")
