"""The columns of the three tables and what they hold; docs/corpora.md says what each means.

What is said of a sentence is what `Report.to_frame` says (`scr_tone.rendering.table`); here is what a table of many
documents needs beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scr_tone.records import LABELS
from scr_tone.rendering.table import TYPES
from scr_tone.version import __version__

if TYPE_CHECKING:
    import pyarrow

__all__ = ["SCHEMA", "arrow_schema", "document_columns", "error_columns", "provenance", "reserved", "sentence_columns"]

#: Version of the tables; the first number changes when a reader of the old ones would break.
SCHEMA = "1.0"

_OF_SENTENCES: Mapping[str, str] = {"path": "category", "document_id": "category", **TYPES, "model_sha256": "category"}
_OF_DOCUMENTS: Mapping[str, str] = {
    "path": "text",
    "document_id": "text",
    "duplicate_of": "text",
    "bytes": "integer",
    "format": "category",
    "pages": "integer",
    "characters": "integer",
    "words": "integer",
    "sentences": "integer",
    **{f"count_{label}": "integer" for label in LABELS},
    **{f"share_{label}": "number" for label in LABELS},
    "flagged": "integer",
    "flagged_per_1000_words": "number",
    "below_threshold": "integer",
    "skipped": "integer",
    **{f"purpose_{question}": "category" for question in ("communicated", "positive", "complications")},
    "contradiction": "text",
    "warnings": "list",
    "software": "category",
    "model": "category",
    "model_sha256": "category",
    "settings": "category",
}
_OF_ERRORS: Mapping[str, str] = {
    "path": "text",
    "document_id": "text",
    "kind": "category",
    "reason": "text",
    "remedy": "text",
}


def sentence_columns(metadata: Sequence[str] = ()) -> dict[str, str]:
    """Columns of the table of sentences, and for each "text", "category", "integer", "number", "flag" or "list".

    Parameters
    ----------
    metadata : sequence of str
        The manifest's columns, where they are asked for in this table.

    Examples
    --------
    >>> sentence_columns(["year"])["year"], sentence_columns()["factors"]
    ('category', 'list')
    """
    return {**_OF_SENTENCES, **dict.fromkeys(metadata, "category")}


def document_columns(metadata: Sequence[str] = ()) -> dict[str, str]:
    """Columns of the table of documents; see `sentence_columns`."""
    return {**_OF_DOCUMENTS, **dict.fromkeys(metadata, "text")}


def error_columns(metadata: Sequence[str] = ()) -> dict[str, str]:
    """Columns of the table of errors; see `sentence_columns`."""
    return {**_OF_ERRORS, **dict.fromkeys(metadata, "text")}


def reserved() -> list[str]:
    """Names that metadata may not have."""
    return [*dict.fromkeys([*_OF_SENTENCES, *_OF_DOCUMENTS, *_OF_ERRORS])]


def provenance(model: str, digest: str, settings: str) -> dict[str, str]:
    """What made a table, as it stands in the Parquet files' own metadata; the settings as a digest."""
    return {
        "schema": SCHEMA,
        "software": f"scr-tone {__version__}",
        "model": model,
        "model_sha256": digest,
        "settings_sha256": settings,
    }


def arrow_schema(columns: Mapping[str, str], about: Mapping[str, str] | None = None) -> pyarrow.Schema:
    """The columns as a schema of pyarrow.

    Parameters
    ----------
    columns : mapping of str to str
        As `sentence_columns` gives them.
    about : mapping of str to str, optional
        Kept in the schema's metadata under ``scr_tone``, as JSON.

    Returns
    -------
    pyarrow.Schema
        A category is ``dictionary<int32, string>``, a list ``list<string>``, an integer ``int64``, a number ``float64``.

    Raises
    ------
    ConfigError
        If pyarrow is not installed.
    """
    pa: Any = pyarrow_or_error()
    types = {
        "text": pa.string(),
        "category": pa.dictionary(pa.int32(), pa.string()),
        "integer": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    metadata = {b"scr_tone": json.dumps(dict(about), sort_keys=True).encode()} if about else None
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns.items()], metadata=metadata)


def pyarrow_or_error() -> Any:
    """The library pyarrow, or a clear error that it is not installed."""
    from scr_tone.errors import ConfigError

    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed",
            remedy='pip install "scr-tone[corpus]", or name an output that ends in .csv',
        ) from None
    return pyarrow
