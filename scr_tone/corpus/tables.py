"""Tables written as they come, in Parquet or CSV, and put in their places when all are complete."""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from scr_tone.corpus.schema import arrow_schema, pyarrow_or_error
from scr_tone.errors import ConfigError
from scr_tone.output import check_writable
from scr_tone.rendering.table import joined, safe_cell, sound_cell

__all__ = ["FORMS", "Outputs", "Table", "check_form"]

#: Rows that are held before they are written; a row group of Parquet.
ROWS = 20_000


class Table(Protocol):
    """A table that is being written."""

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row; columns that it does not name are missing."""

    def close(self) -> None:
        """Write what is left."""


class _Parquet:
    def __init__(self, path: Path, columns: Mapping[str, str], about: Mapping[str, str]) -> None:
        self._pa = pyarrow_or_error()
        self._schema = arrow_schema(columns, about)
        self._writer = self._pa.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._held: dict[str, list[Any]] = {name: [] for name in columns}
        self._count = 0

    def add(self, row: Mapping[str, Any]) -> None:
        for name, cells in self._held.items():
            cells.append(sound_cell(row.get(name)))
        self._count += 1
        if self._count >= ROWS:
            self._flush()

    def _flush(self) -> None:
        arrays = [self._pa.array(self._held[field.name], type=field.type) for field in self._schema]
        self._writer.write_table(self._pa.Table.from_arrays(arrays, schema=self._schema))
        for cells in self._held.values():
            cells.clear()
        self._count = 0

    def close(self) -> None:
        if self._count:
            self._flush()
        self._writer.close()


class _Csv:
    def __init__(self, path: Path, columns: Mapping[str, str], about: Mapping[str, str]) -> None:
        self._columns = tuple(columns)
        self._file = open(path, "w", encoding="utf-8", errors="replace", newline="")  # noqa: SIM115
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(self._columns)

    def add(self, row: Mapping[str, Any]) -> None:
        self._writer.writerow([safe_cell(joined(name, row.get(name))) for name in self._columns])

    def close(self) -> None:
        self._file.close()


#: Endings of outputs.
FORMS: Mapping[str, type[_Parquet] | type[_Csv]] = {".parquet": _Parquet, ".csv": _Csv}


def check_form(output: str | Path) -> None:
    """Say before the work that the output has no form, or that its library is missing.

    Raises
    ------
    ConfigError
    """
    suffix = Path(output).suffix.lower()
    if suffix not in FORMS:
        raise ConfigError("has an ending that names no form", remedy=f"use {' or '.join(FORMS)}", subject=str(output))
    if suffix == ".parquet":
        pyarrow_or_error()


class Outputs:
    """The three files of a run: sentences, documents, errors.

    Parameters
    ----------
    output : str or Path
        The file of sentences; ``.documents`` and ``.errors`` come before the ending of the others.

    Attributes
    ----------
    paths : tuple of Path
        As they are named to the user.
    targets : tuple of Path
        Where they lie when links have been followed.

    Raises
    ------
    ConfigError
        If one of them cannot be written.
    """

    def __init__(self, output: str | Path) -> None:
        first = Path(output)
        check_form(first)
        self.paths = (
            first,
            *(first.with_name(f"{first.stem}.{name}{first.suffix}") for name in ("documents", "errors")),
        )
        for path in self.paths:
            check_writable(path)
        self.targets = tuple(path.resolve() for path in self.paths)

    @contextlib.contextmanager
    def open(
        self, folder: Path, columns: Sequence[Mapping[str, str]], about: Mapping[str, str]
    ) -> Iterator[list[Table]]:
        """Begin the three tables, in a folder of the same disk; they are complete when the context ends.

        Raises
        ------
        ConfigError
            If they cannot be written, as on a full disk.
        """
        make: type[_Parquet] | type[_Csv] = FORMS[self.paths[0].suffix.lower()]
        tables: list[Table] = []
        try:
            for target, each in zip(self.targets, columns, strict=True):
                tables.append(make(folder / target.name, each, about))
            yield tables
            for table in tables:
                table.close()
        except OSError as error:
            raise _unwritable(error, self.paths[0]) from None
        finally:
            for table in tables:
                with contextlib.suppress(OSError, ValueError):  # what could not be written before cannot be now
                    table.close()

    def place(self, folder: Path) -> None:
        """Put the finished tables where they belong, each whole."""
        for path, target in zip(self.paths, self.targets, strict=True):
            work = folder / target.name
            try:
                with open(work, "rb") as file:
                    os.fsync(file.fileno())
                if target.exists():
                    shutil.copymode(target, work)
                os.replace(work, target)
            except OSError as error:
                raise _unwritable(error, path) from None


def _unwritable(error: OSError, path: Path) -> ConfigError:
    return ConfigError(
        f"cannot be written ({error.strerror or error})",
        remedy="check the folder, its permissions and the room on its disk; the same command then goes on",
        subject=str(path),
    )
