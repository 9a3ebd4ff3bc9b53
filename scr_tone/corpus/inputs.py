"""Which files a corpus has: those below a folder, or those that a manifest names."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scr_tone.errors import ConfigError, InputError
from scr_tone.project_file import FILE_NAME

__all__ = ["Entry", "Inputs", "folder_inputs", "inputs_of", "manifest_inputs"]

#: Endings of what is read.
READABLE = frozenset(
    {".docx", ".docm", ".dotx", ".dotm", ".pdf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt"}
)
#: Endings of documents that are not read. They are tried, so that each has its line among the errors and no report is
#: missing without a word; pictures, spreadsheets and other data are only counted.
DOCUMENTS = frozenset(
    {".doc", ".dot", ".rtf", ".odt", ".ott", ".pages", ".wpd", ".wps", ".xps", ".epub", ".mht", ".mhtml"}
)
_MOST_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a corpus.

    Attributes
    ----------
    path : str
        Below the folder, with ``/`` between names; or as the manifest has it.
    file : Path
        Where it lies.
    metadata : tuple of (str or None)
        What the manifest says of it, in the order of `Inputs.metadata`.
    """

    path: str
    file: Path
    metadata: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """The files of a corpus, in the order of the tables.

    Attributes
    ----------
    entries : sequence of Entry
    metadata : tuple of str
        Names of the manifest's columns beside ``path``.
    left_out : mapping of str to int
        Endings of files that are no documents, and how many there were.
    """

    entries: Sequence[Entry]
    metadata: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def inputs_of(source: str | Path, reserved: Sequence[str] = ()) -> Inputs:
    """The files of a folder, or of a manifest if it is a file that ends in ``.csv``.

    Parameters
    ----------
    source : str or Path
    reserved : sequence of str
        Names that the manifest's own columns may not have.

    Raises
    ------
    InputError
        If there is no such folder or file, or nothing in it.
    ConfigError
        If the manifest cannot be understood.
    """
    path = Path(source)
    if path.is_dir():
        found = folder_inputs(path)
    elif not path.exists():
        raise InputError("no such folder or file", remedy="check the path", subject=str(source))
    elif path.suffix.lower() == ".csv":
        found = manifest_inputs(path, reserved)
    else:
        raise InputError(
            "is neither a folder nor a manifest in CSV",
            remedy="name a folder, or use scr-tone check for one file",
            subject=str(source),
        )
    if not found.entries:
        raise InputError(
            "holds no document", remedy=f"scr-tone reads {', '.join(sorted(READABLE))}", subject=str(source)
        )
    return found


def folder_inputs(folder: str | Path) -> Inputs:
    """All documents below a folder, sorted by path.

    Left out are hidden files and folders, the lock files of Word and LibreOffice, settings and decisions, and what is no
    document by its ending. Links to folders are followed; a folder that can be reached in several ways is taken once, under its
    own name where it has one below the corpus.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    InputError
        If a folder may not be read: a corpus that is silently smaller than it seems would be worse.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     _ = Path(name, "b.txt").write_text("It rained.")
    ...     _ = Path(name, "A.PDF").write_text("%PDF-")
    ...     _ = Path(name, "chart.png").write_text("-")
    ...     found = folder_inputs(name)
    >>> [entry.path for entry in found.entries], found.left_out
    (['A.PDF', 'b.txt'], {'.png': 1})
    """
    root = Path(folder)
    entries, left_out = [], Counter[str]()
    for path in _files(root):
        suffix = path.suffix.lower()
        relative = path.relative_to(root).as_posix()
        if suffix in READABLE or suffix in DOCUMENTS:
            entries.append(Entry(relative, path))
        elif path.name != FILE_NAME and not path.name.endswith(".tone.json"):
            left_out[suffix or "no ending"] += 1
    entries.sort(key=lambda entry: entry.path)
    return Inputs(entries, left_out=dict(sorted(left_out.items())))


def _files(root: Path) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        links: list[Path] = []
        for start in sorted(waiting):
            status = start.stat()
            if (status.st_dev, status.st_ino) not in seen:
                yield from _walked(start, seen, links)
        waiting = links  # after all real folders, which keep their own names


def _walked(start: Path, seen: set[tuple[int, int]], links: list[Path]) -> Iterator[Path]:
    for name, folders, files in os.walk(start, onerror=_refuse):
        here = Path(name)
        status = here.stat()
        seen.add((status.st_dev, status.st_ino))
        shown = sorted(each for each in folders if not each.startswith("."))
        links += [here / each for each in shown if (here / each).is_symlink()]
        folders[:] = [each for each in shown if not (here / each).is_symlink() and not each.endswith(".unfinished")]
        for each in sorted(files):
            if not each.startswith((".", "~$")) and (here / each).is_file():
                yield here / each


def _refuse(error: OSError) -> None:
    raise InputError(
        f"may not be listed ({error.strerror})", remedy="check its permissions", subject=str(error.filename)
    ) from None


def manifest_inputs(manifest: str | Path, reserved: Sequence[str] = ()) -> Inputs:
    """The files that a CSV file names, in its order.

    Parameters
    ----------
    manifest : str or Path
        In UTF-8, with a line of names. The column ``path`` is taken from the manifest's folder; all other columns are metadata,
        which go into the table of documents as text. An empty cell is missing.
    reserved : sequence of str
        Names that metadata may not have.

    Raises
    ------
    ConfigError
        If it cannot be read, has no column ``path``, an empty or repeated path, or a name that is taken.
    """
    subject, path = str(manifest), Path(manifest)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError("is larger than 100 MB", remedy="name a manifest", subject=subject)
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, strict=True)
            names = next(table, [])
            lines = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", remedy="check the path", subject=subject) from None
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8", remedy='save it as "CSV UTF-8"', subject=subject) from None
    except csv.Error as error:
        raise ConfigError(f"is no CSV ({error})", remedy="mend that line", subject=subject) from None
    names = [name.strip() for name in names]
    _check_names(names, reserved, subject)
    at = names.index("path")
    entries: list[Entry] = []
    known: dict[str, int] = {}
    for line, row in lines:
        cells = [cell.strip() for cell in row]
        if len(cells) != len(names):
            raise ConfigError(
                f"has {len(cells)} cells in line {line} and {len(names)} names",
                remedy="mend that line",
                subject=subject,
            )
        if not cells[at]:
            raise ConfigError(f"has no path in line {line}", remedy="write one, or take the line out", subject=subject)
        name = str(PurePosixPath(cells[at].replace(os.sep, "/")))
        if name in known:
            raise ConfigError(
                f"has {name} in line {known[name]} and in line {line}", remedy="take one out", subject=subject
            )
        known[name] = line
        metadata = tuple(cell or None for place, cell in enumerate(cells) if place != at)
        entries.append(Entry(name, path.parent / cells[at], metadata))
    return Inputs(entries, tuple(name for name in names if name != "path"))


def _check_names(names: Sequence[str], reserved: Sequence[str], subject: str) -> None:
    if "path" not in names:
        raise ConfigError('has no column "path"', remedy="name the column of file names so", subject=subject)
    for name, count in Counter(names).items():
        if count > 1 or not name:
            reason = f"has two columns {name!r}" if name else "has a column without a name"
            raise ConfigError(reason, remedy="give each column a name of its own", subject=subject)
        if name in reserved and name != "path":
            raise ConfigError(
                f"has a column {name!r}, a name that the tables need", remedy="give it another", subject=subject
            )
