"""``scr-tone train --data mine.jsonl``: a model adapted to a researcher's own labels, and whether that helped.

A part of the documents is held out from everything; on it the adapted model is compared with the one that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.artefact import Artefact, load, save
from scr_tone.encoder import EncoderModel
from scr_tone.errors import ModelError
from scr_tone.evaluation import metrics
from scr_tone.labelled import (
    LabelledSentence,
    fingerprint,
    group_of,
    read_labelled,
    read_labelled_folder,
    reports_of,
)
from scr_tone.paired import paired_difference
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR, Model, TextModel, probabilities
from scr_tone.training.own import HELD_OUT, check_enough, held_out_groups, sampling_weights, sentence_ids
from scr_tone.training.recalibrate import fit_map, label_logits, with_map
from scr_tone.training.train import FOR_ENCODERS, fit

__all__ = ["OWN_WEIGHT", "Adapted", "recalibrated", "retrained"]

#: How much an own sentence weighs beside one of ours: they are few, and they are what the model is for.
OWN_WEIGHT = 5.0


@dataclass(frozen=True)
class Adapted:
    """What came of adapting.

    Attributes
    ----------
    manifest : dict
        Of the artefact that was written.
    difference : dict
        Adapted model against the base on the held-out documents, as from `scr_tone.paired.paired_difference`.
    """

    manifest: dict[str, Any]
    difference: dict[str, Any]


def recalibrated(
    data: str | Path,
    folder: str | Path,
    *,
    base: str | Path | None = None,
    trusted: bool = False,
    held_out: float = HELD_OUT,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> Adapted:
    """Fit a model's label head to own labels; the base is left as it is.

    Parameters
    ----------
    data : path
        Labelled JSON Lines. Sentences of one ``document`` (or ``report``, ``case``) stay together; an
        ``inclusion_probability`` is heeded.
    folder : path
        Of the new artefact; it loads with ``trusted=True``.
    base : str or path, optional
        A bundled model, or an artefact folder; the default model if not given.
    trusted : bool
        For a folder, that its origin is trusted.
    held_out : float
        Share of the sentences that is kept for the comparison.
    seed : int
        Chooses the documents that are held out.
    say : callable
        Gets lines of progress.

    Raises
    ------
    InputError
        If the labels cannot be read, or are too few.
    ModelError
        If the base cannot be loaded, or the folder not be written.
    """
    sentences = read_labelled(data)
    check_enough(sentences, str(data))
    artefact = load(base, trusted=trusted)
    _check_folder(artefact, base, folder)
    held = held_out_groups(sentences, share=held_out, seed=seed)
    kept = [sentence for sentence, out in zip(sentences, held, strict=True) if not out]
    say(f"{artefact.name} reads {len(sentences):,} sentences, {int(held.sum()):,} of them held out")
    model = artefact.model
    assert isinstance(model, TextModel | EncoderModel)
    classes = model.heads["label"].classes
    logits = label_logits(model, [sentence.text for sentence in kept])
    truth = np.array([classes.index(sentence.label) for sentence in kept], dtype=np.int64)
    weight = sampling_weights(kept)
    found = fit_map(logits, truth, weight, [group_of(sentence) for sentence in kept])
    say(f"fitted: {found.kind}, drawn towards no change with {found.penalty:g}")
    adapted = with_map(model, found, truth, weight)
    note = {"method": f"recalibrated ({found.kind})", "base": artefact.name, "base_sha256": artefact.digest}
    return _saved(adapted, artefact, artefact.manifest, sentences, held, folder, note, seed)


def retrained(
    data: str | Path,
    folder: str | Path,
    *,
    ours: str | Path | None = None,
    own_weight: float = OWN_WEIGHT,
    held_out: float = HELD_OUT,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
    **settings: Any,
) -> Adapted:
    """Train the n-gram model on own labels, alone or with ours.

    Parameters
    ----------
    data, folder, held_out, seed, say
        As in `recalibrated`.
    ours : path, optional
        The project's ``data``, whose sentences are learned from too.
    own_weight : float
        How much an own sentence weighs beside one of ours.
    **settings
        See `scr_tone.classifier.ToneClassifier`.

    Raises
    ------
    InputError, ModelError
        As in `recalibrated`.
    """
    sentences = read_labelled(data)
    check_enough(sentences, str(data))
    base = load("small")
    _check_folder(base, None, folder)
    held = held_out_groups(sentences, share=held_out, seed=seed)
    kept = [sentence for sentence, out in zip(sentences, held, strict=True) if not out]
    factor = (own_weight if ours is not None else 1.0) * sampling_weights(kept)
    learned = [
        LabelledSentence(one.text, one.label, one.file, {**one.extra, "weight": float(times)})
        for one, times in zip(kept, factor, strict=True)
    ]
    if ours is not None:
        learned += [s for s in read_labelled_folder(Path(ours) / "authored") if s.file not in FOR_ENCODERS]
    model, _ = fit(learned, say=say, **settings)
    manifest = {
        "features": {"ngrams": len(model.features.vocabulary_)},
        "data": {"sentences": len(learned), "sha256": fingerprint(learned)},
    }
    note = {
        "method": "n-grams, own sentences alone" if ours is None else f"n-grams, with ours, own weighing {own_weight:g}"
    }
    return _saved(model, base, manifest, sentences, held, folder, note, seed)


def _check_folder(artefact: Artefact, base: str | Path | None, folder: str | Path) -> None:
    if base is not None and Path(base).is_dir() and Path(folder).exists() and Path(base).samefile(folder):
        raise ModelError("is the model that is adapted", remedy="name another folder", subject=str(folder))
    if not artefact.manifest.get("data"):
        raise ModelError("says nothing of its data", remedy="train the model again", subject=artefact.name)


def _saved(
    model: TextModel | EncoderModel,
    base: Artefact,
    like: Any,
    sentences: Sequence[LabelledSentence],
    held: npt.NDArray[np.bool_],
    folder: str | Path,
    note: dict[str, Any],
    seed: int,
) -> Adapted:
    """Judge the model on what was held out, and write it."""
    out = [sentence for sentence, kept in zip(sentences, held, strict=True) if kept]
    seen = [sentence for sentence, kept in zip(sentences, held, strict=True) if not kept]
    texts, truth = [sentence.text for sentence in out], [sentence.label for sentence in out]
    after, before = _scores(model, texts), _scores(base.model, texts)
    groups = reports_of(out)
    difference = paired_difference(truth, after, before, groups=groups)
    scores = {
        "own sentences, held-out documents": metrics(truth, after, groups=groups, natural=NATURAL_PRIOR),
        f"the same by `{base.name}`, not adapted": metrics(truth, before, groups=groups, natural=NATURAL_PRIOR),
    }
    adapted = {
        **note,
        "sentences": len(sentences),
        "documents": len({group_of(sentence) for sentence in sentences}),
        "held_out": len(out),
        "held_out_documents": len({group_of(sentence) for sentence in out}),
        "seed": seed,
        "sha256": fingerprint(sentences),
        "macro_f1_difference": difference["macro_f1"],
        "log_loss_difference": difference["log_loss"],
        "learned_from": sorted(set(sentence_ids(seen))),
    }
    manifest = save(
        model,
        folder,
        name=Path(folder).name,
        features=like["features"],
        data={**like["data"], "adapted": adapted},
        scores=scores,
    )
    return Adapted(manifest, difference)


def _scores(model: Model, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    order = [model.heads["label"].classes.index(label) for label in LABELS]
    return probabilities(model, texts)[:, order]
