"""A model as files and back: what `scr_tone.artefact` verifies and this module opens."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from scr_tone.encoder import EncoderFiles, EncoderModel
from scr_tone.errors import ModelError
from scr_tone.features import NgramFeatures
from scr_tone.scorer import Head, Model, TextModel

__all__ = ["ENCODER", "TOKENIZER", "WEIGHTS", "pack", "unpack"]

WEIGHTS = "classifier.joblib"
ENCODER = "encoder.onnx"
TOKENIZER = "tokenizer.json"


def unpack(contents: Mapping[str, bytes], name: str, *, threads: int | None = None) -> Model:
    """The model from verified bytes; they, not the files, are opened, so that nothing can change in between.

    Parameters
    ----------
    contents : mapping of str to bytes
        The files of the artefact by name. They must be trusted: a joblib file can run code.
    name : str
        Of the model, for messages.
    threads : int, optional
        See `scr_tone.artefact.load`.

    Raises
    ------
    ModelError
        If they do not hold a model of this format.
    """
    import joblib

    try:
        state = joblib.load(io.BytesIO(contents[WEIGHTS]))
        heads = {
            key: Head(
                tuple(head["classes"]),
                head["coef"].astype(np.float32),
                head["intercept"],
                head["temperature"],
                head["prior"],
                head.get("focus"),
            )
            for key, head in state["heads"].items()
        }
        if ENCODER in contents:
            common, names = (frozenset(state[key].split("\n")) for key in ("common", "names"))
            return EncoderModel(
                EncoderFiles(contents[ENCODER], contents[TOKENIZER].decode("utf-8"), common, names, state["alone"]),
                heads,
                threads=threads,
            )
        features = NgramFeatures(
            tuple(state["word_range"]),
            tuple(state["char_range"]),
            state["min_count"],
            {gram: column for column, gram in enumerate(state["vocabulary"].split("\n"))},
            state["idf"].astype(np.float32),
            frozenset(state["common"].split("\n")),
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: a file that was made wrong can fail in any way
        raise ModelError(
            f"cannot be unpacked ({type(error).__name__})", remedy="train the model again", subject=name
        ) from None
    return TextModel(features, heads)


def pack(model: TextModel | EncoderModel, folder: Path) -> None:
    """Write the model's files into `folder`."""
    import joblib

    joblib.dump(_state(model), folder / WEIGHTS)
    if isinstance(model, EncoderModel):
        (folder / ENCODER).write_bytes(model.files.onnx)
        (folder / TOKENIZER).write_text(model.files.tokenizer, encoding="utf-8", newline="\n")


def _state(model: TextModel | EncoderModel) -> dict[str, Any]:
    # An encoder's heads are small and decide on their own; an n-gram model's are most of the file.
    kind = np.float32 if isinstance(model, EncoderModel) else np.float16
    heads = {
        name: {**asdict(head), "classes": list(head.classes), "coef": head.coef.astype(kind)}
        for name, head in model.heads.items()
    }
    if isinstance(model, EncoderModel):
        files = model.files
        return {
            "common": "\n".join(sorted(files.common)),
            "names": "\n".join(sorted(files.names)),
            "alone": files.alone,
            "heads": heads,
        }
    features = model.features
    return {
        "word_range": list(features.word_range),
        "char_range": list(features.char_range),
        "min_count": features.min_count,
        "vocabulary": "\n".join(features.vocabulary_),
        "common": "\n".join(sorted(features.common_)),
        "idf": features.idf_.astype(np.float16),
        "heads": heads,
    }
