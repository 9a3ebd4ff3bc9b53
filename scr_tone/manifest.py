"""A model's manifest: read within bounds, and understood before anything that it lists is opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scr_tone.errors import ModelError
from scr_tone.records import LABELS

__all__ = ["FORMAT_VERSION", "read_manifest"]

#: Version of the folder's format; a newer one is refused.
FORMAT_VERSION = 1

_MAX_BYTES = 1_000_000
_TABLES = ("data", "features", "files", "libraries", "scores", "shares")


def read_manifest(folder: Path, name: str, *, pinned: str | None, remedy: str) -> tuple[dict[str, Any], str]:
    """The manifest of an artefact and its SHA-256.

    Parameters
    ----------
    folder : Path
    name : str
        Of the model, for messages.
    pinned : str or None
        The digest that it must have.
    remedy : str
        What to do about one that is damaged.

    Raises
    ------
    ModelError
        If it is missing, another than the pinned one, broken, of a newer format or not for this program.
    """
    try:
        with open(folder / "manifest.json", "rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError:
        raise ModelError("has no readable manifest.json", remedy=remedy, subject=name) from None
    digest = hashlib.sha256(raw).hexdigest()
    if pinned and digest != pinned:
        raise ModelError("its manifest is not the one that was shipped", remedy=remedy, subject=name)
    try:
        manifest = json.loads(raw)
        format_version = int(manifest["format_version"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ModelError("its manifest.json is broken", remedy=remedy, subject=name) from None
    if format_version > FORMAT_VERSION:  # before anything else in it: a newer one may look quite different
        raise ModelError(
            f"has format {format_version}, this program reads up to {FORMAT_VERSION}",
            remedy="update scr-tone",
            subject=name,
        )
    if len(raw) > _MAX_BYTES or not _is_ours(manifest):
        raise ModelError("its manifest.json is not for this program", remedy=remedy, subject=name)
    return manifest, digest


def _is_ours(manifest: Mapping[str, Any]) -> bool:
    """Whether all that is read from it later is there, in the shapes in which it is written."""
    if not all(isinstance(manifest.get(key), dict) for key in _TABLES):
        return False
    data, features = manifest["data"], manifest["features"]
    return (
        manifest.get("labels") == list(LABELS)
        and isinstance(manifest.get("name"), str)
        and isinstance(data.get("sentences"), int)
        and isinstance(data.get("sha256"), str)
        and (isinstance(features.get("ngrams"), int) or isinstance(features.get("encoder"), str))
        and all(isinstance(share, int | float) for share in manifest["shares"].values())
        and all(_is_score(figures) for figures in manifest["scores"].values())
    )


def _is_score(figures: object) -> bool:
    if not isinstance(figures, dict) or not isinstance(figures.get("n"), int):
        return False
    interval = figures.get("macro_f1_ci")
    return (
        isinstance(interval, list)
        and len(interval) == 2
        and all(isinstance(value, int | float) for value in (*interval, figures.get("macro_f1")))
    )
