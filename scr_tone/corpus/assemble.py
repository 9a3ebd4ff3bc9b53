"""From the parts to the tables, in the order of the inputs and one part at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scr_tone.corpus.inputs import Inputs
from scr_tone.corpus.schema import document_columns, error_columns, provenance, sentence_columns
from scr_tone.corpus.settings import Setup
from scr_tone.corpus.state import State
from scr_tone.corpus.tables import Outputs, Table
from scr_tone.corpus.worker import unpacked
from scr_tone.rendering.table import COLUMNS

__all__ = ["Counts", "assemble"]

_DIGEST = 64  # characters of a SHA-256


@dataclass(frozen=True)
class Counts:
    """Rows of the tables, and how many documents have the content of an earlier one."""

    sentences: int = 0
    documents: int = 0
    errors: int = 0
    duplicates: int = 0


def assemble(
    inputs: Inputs,
    contents: Sequence[str | None],
    failures: Mapping[str | int, bytes],
    setup: Setup,
    state: State,
    outputs: Outputs,
    *,
    metadata: bool = False,
) -> Counts:
    """Write the tables into the folder of the state.

    Parameters
    ----------
    inputs : Inputs
    contents : sequence of (str or None)
        What names the content of each entry; None where it could not be read.
    failures : mapping of str or int to bytes
        Parts that are not in the state, by content or by the place of the entry.
    setup : Setup
    state : State
    outputs : Outputs
    metadata : bool
        Whether the manifest's columns come into the table of sentences too.

    Returns
    -------
    Counts
    """
    names = inputs.metadata
    columns = [sentence_columns(names if metadata else ()), document_columns(names), error_columns(names)]
    about = provenance(Path(setup.place).name, setup.digest, setup.key())
    with outputs.open(state.folder, columns, about) as tables:
        return _filled(tables, inputs, contents, failures, setup, state, metadata=metadata)


def _filled(
    tables: Sequence[Table],
    inputs: Inputs,
    contents: Sequence[str | None],
    failures: Mapping[str | int, bytes],
    setup: Setup,
    state: State,
    *,
    metadata: bool,
) -> Counts:
    sentences, documents, errors = tables
    names = inputs.metadata
    first: dict[str, str] = {}
    count = duplicates = failed = read = 0
    for place, (entry, content) in enumerate(zip(inputs.entries, contents, strict=True)):
        kept = failures.get(place if content is None else content)
        part = unpacked(kept) if kept is not None else state.read(str(content))
        said = dict(zip(names, entry.metadata, strict=True))
        here: dict[str, Any] = {"path": entry.path, "document_id": content[:_DIGEST] if content else None}
        if "error" in part:
            errors.add({**here, **part["error"], **said})
            failed += 1
            continue
        again = first.setdefault(str(content), entry.path)
        duplicates += again != entry.path
        read += 1
        documents.add({**here, "duplicate_of": again if again != entry.path else None, **part["document"], **said})
        shared = {**here, "model_sha256": setup.digest, **(said if metadata else {})}
        for cells in part["sentences"]:
            sentences.add({**shared, **dict(zip(COLUMNS, cells, strict=True))})
            count += 1
    return Counts(count, read, failed, duplicates)
