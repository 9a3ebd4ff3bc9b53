"""Models on disk: written whole, verified before anything is opened.

An artefact is a folder with ``manifest.json``, ``classifier.joblib``, a model card and, where the model has an encoder,
``encoder.onnx`` and ``tokenizer.json``. The manifest lists every file with its SHA-256; the digests of the bundled
manifests are pinned in ``resources/bundled.json``, which is code for this purpose: whoever can change it can change the
program. A folder from elsewhere is refused unless the caller says that it is trusted, because loading a joblib file can
run code.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from scr_tone.encoder import EncoderModel
from scr_tone.errors import ModelError
from scr_tone.manifest import FORMAT_VERSION, read_manifest
from scr_tone.model_card import card
from scr_tone.output import place_folder
from scr_tone.packing import ENCODER, TOKENIZER, WEIGHTS, pack, unpack
from scr_tone.records import LABELS
from scr_tone.scorer import Model, TextModel

__all__ = ["DEFAULT", "FORMAT_VERSION", "Artefact", "bundled_names", "identify", "load", "pin", "save"]

#: The bundled model that `load` takes when none is named.
DEFAULT = "standard"

_CARD = "README.md"
_REINSTALL = "reinstall scr-tone"
_RETRAIN = "train the model again"


@dataclass(frozen=True)
class Artefact:
    """A verified model: what it scores with and what its manifest says."""

    model: Model
    manifest: Mapping[str, Any]
    digest: str
    """SHA-256 of the manifest, which in turn pins every other file."""
    place: str
    """A bundled name, or the absolute path of a folder: what finds it from any process of this machine."""

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


def load(
    model: str | Path | None = None, *, trusted: bool = False, digest: str | None = None, threads: int | None = None
) -> Artefact:
    """Load a bundled model by name, or an artefact folder.

    Parameters
    ----------
    model : str or Path, optional
        A bundled name such as "small", or a folder. None takes the default.
    trusted : bool
        For a folder: that its origin is trusted. Loading it can run any code that its maker put there.
    digest : str, optional
        SHA-256 that its manifest must have.
    threads : int, optional
        Threads to compute with; as many as the process may use, if not given.

    Raises
    ------
    ModelError
        If there is no such model; if a folder is not said to be trusted; if a file is missing, was changed or is of a
        newer format; if it has another digest. Nothing is unpickled in any of these cases.
    """
    folder, name, manifest, found = _known(model, trusted=trusted)
    if digest is not None and digest != found:
        raise ModelError(
            f"is another model here ({found[:12]}) than where the work was given out ({digest[:12]})",
            remedy="install the same version of scr-tone, or the same model folder, in both places",
            subject=name,
        )
    opened = unpack(_verified(folder, name, manifest), name, threads=threads)
    return Artefact(opened, manifest, found, _place(folder, name))


def identify(model: str | Path | None = None, *, trusted: bool = False) -> tuple[str, str]:
    """Place and digest of a model, as in `Artefact`; the model is not opened.

    Parameters
    ----------
    model, trusted
        See `load`.

    Returns
    -------
    place, digest : str

    Raises
    ------
    ModelError
        As `load`, but the files beside the manifest are not looked at.

    Examples
    --------
    >>> identify("small")[0]
    'small'
    """
    folder, name, _, digest = _known(model, trusted=trusted)
    return _place(folder, name), digest


def _place(folder: Path, name: str) -> str:
    return name if name in _pins() else str(folder.absolute())


def _known(model: str | Path | None, *, trusted: bool) -> tuple[Path, str, dict[str, Any], str]:
    """Folder, name, manifest and its digest, of a model that may be loaded."""
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
    remedy = _REINSTALL if pinned else _RETRAIN
    return folder, name, *read_manifest(folder, name, pinned=pinned, remedy=remedy)


def _verified(folder: Path, name: str, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """Bytes of every listed file, after its digest has been compared."""
    remedy = _REINSTALL if name in _pins() else _RETRAIN
    listed = manifest["files"]
    if not {WEIGHTS, _CARD} <= set(listed) or (ENCODER in listed) != (TOKENIZER in listed):
        raise ModelError("its manifest.json misses a file", remedy=remedy, subject=name)
    contents = {}
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
        contents[file_name] = content
    return contents


def save(
    model: TextModel | EncoderModel,
    folder: str | Path,
    *,
    name: str,
    features: Mapping[str, Any],
    data: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> dict[str, Any]:
    """Write an artefact; the folder appears whole or not at all.

    Parameters
    ----------
    model : TextModel or EncoderModel
    folder : path
        Replaced if it is an artefact already; anything else there is left alone.
    name : str
    features, data, scores : mapping
        What it looks at, what it was trained on, and how good it is; all go into the manifest.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    ModelError
        If the folder holds something else, or cannot be written.
    """
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
        pack(model, work)
        manifest: dict[str, Any] = {
            "format_version": FORMAT_VERSION,
            "name": name,
            "labels": list(LABELS),
            "features": dict(features),
            "heads": {key: list(head.classes) for key, head in model.heads.items()},
            "libraries": _libraries(),
            "shares": {
                label: round(float(model.heads["label"].prior[model.heads["label"].classes.index(label)]), 4)
                for label in LABELS
            },
            "data": dict(data),
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
        place_folder(work, folder)
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
    for package in ("scr-tone", "scikit-learn", "numpy", "scipy", "joblib", "onnxruntime", "tokenizers"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found
