"""What made a report: software, model, data, settings and libraries, so that whoever has the figures can have them again.

It names no path, user or time, and no file but the settings file of the usual name, so that the same text gives the same
bytes on every machine with the same versions. A model's version is that of the software that trained it, with the first
digits of its manifest's SHA-256 behind a plus (as in Semantic Versioning's build metadata); the manifest pins every file of
the model, and names the fingerprint of the labelled data.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from scr_tone.project import LEAST, SURE
from scr_tone.version import __version__

__all__ = ["HEAD", "SOFTWARE", "libraries", "made_with", "model_entry", "model_in_words", "settings_in_words"]

#: What stands at the head of every output as data.
HEAD = ("software", "model", "settings", "libraries")
SOFTWARE: Mapping[str, str] = {"name": "scr-tone", "version": __version__}

_SCORING = ("numpy", "onnxruntime", "tokenizers")
_READING = {
    "docx": ("lxml",),
    "html": ("lxml",),
    "markdown": ("lxml", "markdown-it-py"),
    "pdf": ("pypdfium2",),
}
_SHOWN = 12  # digits of a digest


def model_entry(name: str, digest: str, manifest: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Name, version, digest and data of a model.

    Parameters
    ----------
    name : str
    digest : str
        SHA-256 of its manifest, hexadecimal.
    manifest : mapping, optional
        Without it the version says "unknown" and there is no word on the data.

    Examples
    --------
    >>> made = {"libraries": {"scr-tone": "0.1.0"}, "data": {"sentences": 20, "sha256": "ab" * 32}}
    >>> model_entry("small", "4ee7a614a193" + "0" * 52, made)["version"]
    '0.1.0+4ee7a614a193'
    """
    manifest = manifest or {}
    release = str(manifest.get("libraries", {}).get("scr-tone", "unknown"))
    data = manifest.get("data")
    return {
        "name": name,
        "version": f"{release}+{digest[:_SHOWN]}" if digest else release,
        "sha256": digest,
        "data": {"sentences": int(data["sentences"]), "sha256": str(data["sha256"])} if data else None,
    }


def libraries(format: str = "text", more: Iterable[str] = ()) -> dict[str, str]:
    """Versions of what can move a figure: Python, what scores, and what reads this kind of document.

    Parameters
    ----------
    format : str
        Of the document, as in ``Document.format``.
    more : iterable of str
        Further packages that had a part, such as "spacy" where its sentences were taken.
    """
    names = sorted({*_SCORING, *_READING.get(format, ()), *more})
    return {"python": ".".join(platform.python_version_tuple()[:2])} | {name: _version(name) for name in names}


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def model_in_words(model: Mapping[str, Any]) -> str:
    """Name and version.

    Examples
    --------
    >>> model_in_words({"name": "small", "version": "0.1.0+4ee7a614a193", "sha256": "4ee7a614a193"})
    'small 0.1.0+4ee7a614a193'
    """
    return " ".join(str(model[key]) for key in ("name", "version") if model.get(key)) or "unknown"


def settings_in_words(settings: Mapping[str, Any]) -> str:
    """What departs from the settings that nobody has touched, in one line; empty where nothing does.

    Examples
    --------
    >>> settings_in_words({"skip": ["quotes", "tables"], "flags": {"labels": ["blame"], "threshold": {"blame": 0.6}}})
    'skip=quotes,tables; threshold.blame=0.6'
    """
    flags = settings.get("flags", {})
    prior = settings.get("prior")
    parts = [
        f"prior={','.join(f'{label}:{share:g}' for label, share in prior.items())}" if prior else "",
        f"prior_strength={settings.get('prior_strength'):g}" if prior else "",
        *(
            f"{name}={','.join(settings[name])}"
            for name in ("skip", "sections", "phrases", "terms")
            if settings.get(name)
        ),
        f"flags={','.join(flags['labels'])}" if list(flags.get("labels", ["blame"])) != ["blame"] else "",
        *(
            f"threshold.{label}={least:g}"
            for label, least in flags.get("threshold", {}).items()
            if least != LEAST.get(label, 0.0)
        ),
        f"sure={flags['sure']:g}" if flags.get("sure", SURE) != SURE else "",
        f"decisions={settings['decisions']}" if settings.get("decisions") else "",
        "cues=no" if settings.get("cues") is False else "",
        "explain=yes" if settings.get("explain") else "",
    ]
    return "; ".join(part for part in parts if part)


def made_with(head: Mapping[str, Any]) -> str:
    """Software, model and settings in one line.

    Parameters
    ----------
    head : mapping
        With ``software`` and ``model``, and ``settings`` where they are known, as at the head of a report's JSON.

    Examples
    --------
    >>> made_with({"software": SOFTWARE, "model": {"name": "small", "version": "0.1.0+4ee7a614a193"}, "settings": {}})
    'scr-tone 0.1.0, model small 0.1.0+4ee7a614a193'
    """
    software, settings = head["software"], settings_in_words(head.get("settings", {}))
    made = f"{software['name']} {software['version']}, model {model_in_words(head['model'])}"
    return f"{made}; {settings}" if settings else made
