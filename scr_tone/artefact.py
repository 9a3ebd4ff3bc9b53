"""Models on disk: written whole, verified before anything is opened.

An artefact is a folder with ``manifest.json``, ``classifier.joblib`` and a model card. The manifest lists every file
with its SHA-256; the digests of the bundled manifests are pinned in ``resources/bundled.json``, which is code for this
purpose: whoever can change it can change the program. A folder from elsewhere is refused unless the caller says that
it is trusted, because loading a joblib file can run code.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from scr_tone.errors import ModelError
from scr_tone.features import NgramFeatures
from scr_tone.model_card import card
from scr_tone.records import LABELS
from scr_tone.scorer import Head, TextModel

__all__ = ["DEFAULT", "FORMAT_VERSION", "Artefact", "bundled_names", "load", "pin", "save"]

#: Version of the folder's format; a newer one is refused.
FORMAT_VERSION = 1
#: The bundled model that `load` takes when none is named.
DEFAULT = "small"

_WEIGHTS = "classifier.joblib"
_CARD = "README.md"
_MAX_MANIFEST = 1_000_000
_REINSTALL = "reinstall scr-tone"


@dataclass(frozen=True)
class Artefact:
    """A verified model: what it scores with and what its manifest says."""

    model: TextModel
    manifest: Mapping[str, Any]
    digest: str
    """SHA-256 of the manifest, which in turn pins every other file."""

    @property
    def name(self) -> str:
        """Name of the model."""
        return str(self.manifest["name"])


def _root() -> Path:
    """Folder of the bundled models: inside the wheel, or beside the package in a checkout."""
    package = Path(str(files("scr_tone")))
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def _pins() -> dict[str, str]:
    text = files("scr_tone").joinpath("resources/bundled.json").read_text(encoding="utf-8")
    return {str(name): str(digest) for name, digest in json.loads(text).items()}


def bundled_names() -> list[str]:
    """Names of the models that ship with this version."""
    return sorted(_pins())


def load(model: str | Path | None = None, *, trusted: bool = False) -> Artefact:
    """Load a bundled model by name, or an artefact folder.

    Parameters
    ----------
    model : str or Path, optional
        A bundled name such as "small", or a folder. None takes the default.
    trusted : bool
        For a folder: that its origin is trusted. Loading it can run any code that its maker put there.

    Raises
    ------
    ModelError
        If there is no such model; if a folder is not said to be trusted; if a file is missing, was changed or is of a
        newer format. Nothing is unpickled in any of these cases.
    """
    name = str(model) if model is not None else DEFAULT
    pins = _pins()
    if name in pins:
        folder, pinned = _root() / name, pins[name]
    else:
        folder, pinned = Path(name), None
        if not folder.is_dir():
            known = ", ".join(bundled_names())
            raise ModelError("no such model", remedy=f"use {known}, or the folder of a trained model", subject=name)
        if not trusted:
            raise ModelError(
                "is a model from a folder, and loading it can run code from there",
                remedy="say that you trust it (--trust-model, or trusted=True) if you do",
                subject=name,
            )
    manifest, digest = _manifest(folder, name, pinned)
    weights = _verified(folder, name, manifest)
    return Artefact(_unpack(weights, name), manifest, digest)


def _manifest(folder: Path, name: str, pinned: str | None) -> tuple[dict[str, Any], str]:
    remedy = _REINSTALL if pinned else "train the model again"
    try:
        with open(folder / "manifest.json", "rb") as file:
            raw = file.read(_MAX_MANIFEST + 1)
    except OSError:
        raise ModelError("has no readable manifest.json", remedy=remedy, subject=name) from None
    digest = hashlib.sha256(raw).hexdigest()
    if pinned and digest != pinned:
        raise ModelError("its manifest is not the one that was shipped", remedy=remedy, subject=name)
    try:
        manifest = json.loads(raw)
        shape_ok = (
            isinstance(manifest["files"], dict) and isinstance(manifest["name"], str) and len(raw) <= _MAX_MANIFEST
        )
        format_version = int(manifest["format_version"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ModelError("its manifest.json is broken", remedy=remedy, subject=name) from None
    if not shape_ok or tuple(manifest.get("labels", ())) != LABELS:
        raise ModelError("its manifest.json is not for this program", remedy=remedy, subject=name)
    if format_version > FORMAT_VERSION:
        raise ModelError(
            f"has format {format_version}, this program reads up to {FORMAT_VERSION}",
            remedy="update scr-tone",
            subject=name,
        )
    return manifest, digest


def _verified(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Bytes of the weights, after every listed file has been read and its digest compared."""
    remedy = _REINSTALL if name in _pins() else "train the model again"
    listed = manifest["files"]
    if not {_WEIGHTS, _CARD} <= set(listed):
        raise ModelError("its manifest.json misses a file", remedy=remedy, subject=name)
    weights = b""
    for file_name, expected in listed.items():
        if Path(file_name).name != file_name or not isinstance(expected, dict):
            raise ModelError("its manifest.json names a file outside the folder", remedy=remedy, subject=name)
        try:
            if not (folder / file_name).is_file():
                raise FileNotFoundError
            content = (folder / file_name).read_bytes()
        except OSError:
            raise ModelError(f"{file_name} is missing or unreadable", remedy=remedy, subject=name) from None
        if hashlib.sha256(content).hexdigest() != expected.get("sha256"):
            raise ModelError(f"{file_name} is damaged or was changed", remedy=remedy, subject=name)
        if file_name == _WEIGHTS:
            weights = content
    return weights


def _unpack(weights: bytes, name: str) -> TextModel:
    """The model from verified bytes; they, not the file, are opened, so that nothing can change in between."""
    import joblib

    try:
        state = joblib.load(io.BytesIO(weights))
        features = NgramFeatures(
            tuple(state["word_range"]),
            tuple(state["char_range"]),
            state["min_count"],
            {gram: column for column, gram in enumerate(state["vocabulary"].split("\n"))},
            state["idf"].astype(np.float32),
            frozenset(state["common"].split("\n")),
        )
        heads = {
            key: Head(
                tuple(head["classes"]),
                head["coef"].astype(np.float32),
                head["intercept"],
                head["temperature"],
                head["prior"],
            )
            for key, head in state["heads"].items()
        }
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(
            f"cannot be unpacked ({type(error).__name__})", remedy="train the model again", subject=name
        ) from None
    return TextModel(features, heads)


def _pack(model: TextModel) -> dict[str, Any]:
    features = model.features
    return {
        "word_range": list(features.word_range),
        "char_range": list(features.char_range),
        "min_count": features.min_count,
        "vocabulary": "\n".join(features.vocabulary_),
        "common": "\n".join(sorted(features.common_)),
        "idf": features.idf_.astype(np.float16),
        "heads": {
            name: {**asdict(head), "classes": list(head.classes), "coef": head.coef.astype(np.float16)}
            for name, head in model.heads.items()
        },
    }


def save(
    model: TextModel,
    folder: str | Path,
    *,
    name: str,
    data: Mapping[str, Any],
    prior: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> dict[str, Any]:
    """Write an artefact; the folder appears whole or not at all.

    Parameters
    ----------
    model : TextModel
    folder : path
        Replaced if it is an artefact already; anything else there is left alone.
    name : str
    data, prior, scores : mapping
        What it was trained on, the label shares assumed, and how good it is; all go into the manifest.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    ModelError
        If the folder holds something else, or cannot be written.
    """
    import joblib

    folder = Path(folder)
    if folder.exists() and not (folder / "manifest.json").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError("is in the way and no model", remedy="name another folder", subject=str(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".model-", dir=folder.parent))
    except OSError as error:
        raise ModelError(
            f"cannot be written ({error.strerror})", remedy="name another folder", subject=str(folder)
        ) from None
    try:
        joblib.dump(_pack(model), work / _WEIGHTS)
        manifest: dict[str, Any] = {
            "format_version": FORMAT_VERSION,
            "name": name,
            "labels": list(LABELS),
            "features": {"ngrams": len(model.features.vocabulary_)},
            "heads": {key: list(head.classes) for key, head in model.heads.items()},
            "libraries": _libraries(),
            "data": dict(data),
            "prior": dict(prior),
            "scores": dict(scores),
        }
        (work / _CARD).write_text(card(manifest), encoding="utf-8", newline="\n")
        manifest["files"] = {
            path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
            for path in sorted(work.iterdir())
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (work / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
        os.chmod(work, 0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(work, folder)
    except OSError as error:
        raise ModelError(
            f"cannot be written ({error.strerror})", remedy="name another folder", subject=str(folder)
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def pin(folder: str | Path) -> str:
    """Digest of an artefact's manifest, as it stands in ``resources/bundled.json``."""
    return hashlib.sha256((Path(folder) / "manifest.json").read_bytes()).hexdigest()


def _libraries() -> dict[str, str]:
    found = {"python": ".".join(platform.python_version_tuple()[:2])}
    for package in ("scr-tone", "scikit-learn", "numpy", "scipy", "joblib"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found
