"""Many documents at once: `analyse_corpus`, what ``scr-tone corpus`` runs. docs/corpora.md describes the tables.

Names are loaded on first use: a worker process needs few of these modules, and must set what it may use of the machine
before the numerical libraries are loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scr_tone.corpus.inputs import Entry, Inputs, folder_inputs, inputs_of, manifest_inputs
    from scr_tone.corpus.run import CorpusResult, analyse_corpus
    from scr_tone.corpus.schema import arrow_schema, document_columns, error_columns, sentence_columns

__all__ = [
    "CorpusResult",
    "Entry",
    "Inputs",
    "analyse_corpus",
    "arrow_schema",
    "document_columns",
    "error_columns",
    "folder_inputs",
    "inputs_of",
    "manifest_inputs",
    "sentence_columns",
]

_HOME = {
    "CorpusResult": "run",
    "Entry": "inputs",
    "Inputs": "inputs",
    "analyse_corpus": "run",
    "arrow_schema": "schema",
    "document_columns": "schema",
    "error_columns": "schema",
    "folder_inputs": "inputs",
    "inputs_of": "inputs",
    "manifest_inputs": "inputs",
    "sentence_columns": "schema",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
