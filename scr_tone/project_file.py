"""Settings of a project of drafts, read from a file ``scr-tone.toml`` beside them.

Nothing is guessed: a key that is not known, or a value of the wrong kind, is an error that names the file, the key and the
remedy.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scr_tone.errors import ConfigError
from scr_tone.project import FLAGGABLE, SURE, Flags, Project, hint
from scr_tone.records import SKIPS

__all__ = ["FILE_NAME", "find_project", "read_project"]

#: Name of the file.
FILE_NAME = "scr-tone.toml"
_MOST_BYTES = 1_000_000


def find_project(draft: str | Path) -> Path | None:
    """The settings file of the project that a draft belongs to.

    Parameters
    ----------
    draft : str or Path
        The draft, or a folder of drafts.

    Returns
    -------
    Path or None
        ``scr-tone.toml`` in its folder, or in the nearest folder above that has one. The search ends with the folder that holds
        ``.git``, and with the user's home folder.
    """
    here = Path(os.path.abspath(draft))
    home = Path(os.path.abspath(Path.home())) if _has_home() else None
    for folder in (here, *here.parents):
        # os.path's own tests, which take any name, however long
        if folder == here and not os.path.isdir(folder):  # noqa: PTH112
            continue
        if os.path.isfile(folder / FILE_NAME):  # noqa: PTH113
            return folder / FILE_NAME
        if folder == home or os.path.exists(folder / ".git"):  # noqa: PTH110
            return None
    return None


def _has_home() -> bool:
    try:
        Path.home()
    except RuntimeError:
        return False
    return True


def read_project(path: str | Path) -> Project:
    """Read a settings file.

    Parameters
    ----------
    path : str or Path
        A file in TOML; see the README for its keys.

    Raises
    ------
    ConfigError
        If it cannot be read, is no TOML, or says something that is not understood.
    """
    path = Path(path)
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ConfigError("is larger than 1 MB", remedy="name a settings file", subject=str(path))
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        remedy = "check the path" if isinstance(error, FileNotFoundError) else "check its permissions"
        raise ConfigError(f"cannot be read ({error.strerror})", remedy=remedy, subject=str(path)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else _lower(str(error))
        raise ConfigError(f"is no TOML ({reason})", remedy="mend that line", subject=str(path)) from None
    try:
        return _project(raw, path)
    except ConfigError as error:
        key = f"{error.subject} " if error.subject else ""
        raise ConfigError(f"{key}{error.reason}", remedy=error.remedy, subject=str(path)) from None


#: The tables of the file, and the keys of each.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "flags": ("labels", "threshold", "sure", "model"),
    "skip": (*SKIPS, "sections", "phrases"),
    "terms": ("house",),
    "decisions": ("file",),
}


def _project(raw: Mapping[str, Any], path: Path) -> Project:
    """The project that a file describes; errors name the key as their subject, and not yet the file."""
    for table, content in raw.items():
        if table not in _KEYS:
            homes = [name for name, keys in _KEYS.items() if table in keys]
            remedy = f"write it under [{homes[0]}]" if homes else hint(table, list(_KEYS))
            raise ConfigError(f"has an unknown key {table!r}", remedy=remedy)
        if not isinstance(content, dict):
            raise _wrong(table, content, f"a table; write [{table}] on a line of its own")
        for key in content:
            if key not in _KEYS[table]:
                raise ConfigError(f"has an unknown key {key!r}", remedy=hint(key, _KEYS[table]), subject=f"[{table}]")
    flags, skip = raw.get("flags", {}), raw.get("skip", {})
    labels = _texts(flags, "labels", "flags.labels", default=("blame",))
    for name in SKIPS:
        if not isinstance(skip.get(name, False), bool):
            raise _wrong(f"skip.{name}", skip[name], "true or false")
    kept = _text(raw.get("decisions", {}), "file", "decisions.file")
    return Project(
        Flags(
            labels,
            _threshold(flags.get("threshold", {})),
            _text(flags, "model", "flags.model"),
            _score(flags.get("sure", SURE), "flags.sure", "a number from 0 to 1"),
        ),
        frozenset(name for name in SKIPS if skip.get(name)),
        _texts(skip, "sections", "skip.sections"),
        _texts(skip, "phrases", "skip.phrases"),
        _texts(raw.get("terms", {}), "house", "terms.house"),
        None if kept is None else path.parent / kept,
        path.name,
    )


def _threshold(given: Any) -> dict[str, float]:
    """A number for all labels, or one for each."""
    whole, key = (
        (given, "flags.threshold.{}")
        if isinstance(given, dict)
        else (dict.fromkeys(FLAGGABLE, given), "flags.threshold")
    )
    wanted = "a number from 0 to 1, for all labels or for each (threshold.blame = 0.6)"
    return {name: _score(least, key.format(name), wanted) for name, least in whole.items()}


def _score(given: Any, key: str, wanted: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _wrong(key, given, wanted)
    return float(given)


def _texts(table: Mapping[str, Any], key: str, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    given = table.get(key, list(default))
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise _wrong(name, given, 'a list of texts, such as ["one", "another"]')
    return tuple(given)


def _text(table: Mapping[str, Any], key: str, name: str) -> str | None:
    given = table.get(key)
    if given is not None and (not isinstance(given, str) or not given.strip()):
        raise _wrong(name, given, "a text")
    return given


def _wrong(name: str, given: Any, wanted: str) -> ConfigError:
    kinds = {bool: "true or false", str: "a text", list: "a list", dict: "a table", int: "a number", float: "a number"}
    return ConfigError(f"has {kinds.get(type(given), 'something else')}", remedy=f"give {wanted}", subject=name)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
