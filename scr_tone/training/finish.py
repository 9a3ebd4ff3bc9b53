"""From a trained network to an artefact: export, calibration on held-out cases, scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from scr_tone.artefact import load, save
from scr_tone.encoder import EncoderFiles, EncoderModel
from scr_tone.errors import ModelError
from scr_tone.evaluation import metrics
from scr_tone.labelled import LabelledSentence, fingerprint, read_labelled
from scr_tone.output import write_whole
from scr_tone.pointer import POINTER
from scr_tone.scorer import NATURAL_PRIOR, Head, probabilities
from scr_tone.training.examples import CLASSES, Examples
from scr_tone.training.figures import culpability, factors_by_id, head_logits, held_out_figures, plainly_written
from scr_tone.training.heads import Layer, calibrated, fitted_temperature, refitted
from scr_tone.training.pointing import fitted_pointer, marked

__all__ = ["calibrate_again", "finish"]

_SAMPLE = 300  # sentences on which the quantiser looks for large activations

FloatArray = npt.NDArray[np.float32]


def finish(
    network: str | Path,
    examples: Examples,
    data: str | Path,
    folder: str | Path,
    *,
    arithmetic: Literal["int8", "float32"],
    description: str,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Write the artefact of a trained network.

    Parameters
    ----------
    network : path
        What `scr_tone.training.neural.network.save_network` wrote. The exported graph is kept there, and one that is there
        is used, so that new heads need no new encoder.
    examples : Examples
        Those that it was trained with; the held-out ones calibrate its heads.
    data : path
        For ``evaluation/*.jsonl``.
    folder : path
        Of the artefact.
    arithmetic : {"int8", "float32"}
        Eight-bit layers (`scr_tone.training.neural.quantise`), or float32 with the weights stored in float16.
    description : str
        Of the encoder, for the model card.
    say : callable

    Returns
    -------
    dict
        The manifest.
    """
    from scr_tone.training.neural.export import export, shrink
    from scr_tone.training.neural.network import load_network
    from scr_tone.training.neural.quantise import quantise, smooth

    trained, tokens = load_network(Path(network))
    exported = Path(network) / "encoder.onnx"
    if not exported.exists():
        say("export to ONNX")
        if arithmetic == "int8":
            seen = [text for text, kept in zip(examples.texts, examples.held, strict=True) if not kept]
            smooth(trained, tokens, seen[:: max(1, len(seen) // _SAMPLE)])
            write_whole(exported, quantise(export(trained)))
        else:
            write_whole(exported, shrink(export(trained)))
    graph = exported.read_bytes()
    files = EncoderFiles(graph, tokens.tokenizer.to_str(), examples.common, examples.names, alone=arithmetic == "int8")
    layers = {name: _layer(found) for name, found in trained.heads.items()}
    priors = {name: np.nanmean(found[~examples.held], axis=0) for name, found in examples.targets.items()}
    say("the head of the ladder, which few sentences have")
    layers |= _ladder(EncoderModel(files, _uncalibrated(layers, priors)), examples)
    held, logits, targets = _on_held_out(EncoderModel(files, _uncalibrated(layers, priors)), examples, say)
    heads = calibrated(layers, CLASSES, logits, targets, priors, plain=plainly_written(held))
    say("the head that points at words")
    fitting = [sentence for sentence, kept in zip(examples.sentences, examples.held, strict=True) if not kept]
    pointer = fitted_pointer(EncoderModel(files, heads), marked(Path(data) / "telling.jsonl", fitting))
    model = EncoderModel(files, heads if pointer is None else {**heads, POINTER: pointer})
    features = {"encoder": description, "width": len(layers["label"].coef), "arithmetic": arithmetic}
    return _saved(model, examples, data, folder, features, held_out_figures(logits, targets, held), say)


def calibrate_again(
    artefact: str | Path,
    examples: Examples,
    data: str | Path,
    folder: str | Path,
    *,
    trusted: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Set the temperatures of a finished model anew, and score it; its encoder and its layers stay as they are.

    Parameters
    ----------
    artefact : path or str
        The model.
    examples : Examples
        Those that it was trained with.
    data, folder, say
        As for `finish`.
    trusted : bool
        See `scr_tone.artefact.load`.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    ModelError
        If it cannot be loaded, or has no encoder.
    """
    loaded = load(artefact, trusted=trusted)
    if not isinstance(loaded.model, EncoderModel):
        raise ModelError("has no encoder", remedy="name one that has", subject=str(artefact))
    bare = {name: replace(head, temperature=1.0) for name, head in loaded.model.heads.items()}
    held, logits, targets = _on_held_out(EncoderModel(loaded.model.files, bare), examples, say)
    heads = dict(bare)
    for name, head in bare.items():
        if name in ("factors", POINTER):  # of which each is a yes or no of its own
            continue
        rows = np.isfinite(targets[name]).all(1)
        if name == "label" and plainly_written(held).any():
            rows &= plainly_written(held)
        heads[name] = replace(head, temperature=fitted_temperature(logits[name][rows], targets[name][rows]))
        say(f"{name}: temperature {heads[name].temperature:.3f}, from {int(rows.sum()):,} sentences")
    model = EncoderModel(loaded.model.files, heads)
    features = loaded.manifest["features"]
    return _saved(model, examples, data, folder, features, held_out_figures(logits, targets, held), say)


def _on_held_out(
    model: EncoderModel, examples: Examples, say: Callable[[str], None]
) -> tuple[list[LabelledSentence], dict[str, FloatArray], dict[str, FloatArray]]:
    """The held-out sentences, each head's logits of them, and what they should be."""
    held = [sentence for sentence, kept in zip(examples.sentences, examples.held, strict=True) if kept]
    say(f"logits of {len(held):,} held-out sentences")
    logits = head_logits(model, [sentence.text for sentence in held])
    return held, logits, {name: found[examples.held] for name, found in examples.targets.items()}


def _saved(
    model: EncoderModel,
    examples: Examples,
    data: str | Path,
    folder: str | Path,
    features: Mapping[str, Any],
    held_out: dict[str, Any],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Score the finished model on what else there is, and write the artefact."""
    scores: dict[str, Any] = {"authored, held-out cases": held_out}
    others = Path(data) / "culpability_eval.jsonl"
    if others.exists():
        scores["authored, held-out cases"]["attributes"]["culpability, by another writer"] = culpability(model, others)
    for path in sorted((Path(data) / "evaluation").glob("*.jsonl")):
        say(f"evaluation: {path.name}")
        labelled = read_labelled(path)
        shares = probabilities(model, [sentence.text for sentence in labelled])
        scores[path.stem] = metrics([sentence.label for sentence in labelled], shares, natural=NATURAL_PRIOR)
        if path.stem == "review_dev" and (Path(data) / "factors_eval.jsonl").exists():
            scores[path.stem]["factors"] = factors_by_id(model, labelled, Path(data) / "factors_eval.jsonl")
    trained_on = [sentence for sentence, kept in zip(examples.sentences, examples.held, strict=True) if not kept]
    return save(
        model,
        folder,
        name=Path(folder).name,
        features=features,
        data={
            "sentences": len(examples.sentences),
            "held_out": int(examples.held.sum()),
            "trained_on": len(trained_on),
            "sha256": fingerprint(examples.sentences),
        },
        scores=scores,
    )


def _layer(found: Any) -> Layer:
    """A head of the network as arrays."""
    weights = {name: values.detach().numpy().T.copy() for name, values in found.named_parameters()}
    return Layer(weights["weight"], weights["bias"], weights.get("focus"))


def _uncalibrated(layers: Mapping[str, Layer], priors: Mapping[str, FloatArray]) -> dict[str, Head]:
    return {name: layer.head(CLASSES[name], priors[name]) for name, layer in layers.items()}


def _ladder(model: EncoderModel, examples: Examples) -> dict[str, Layer]:
    """The ladder's layer, fitted anew, if the data have levels."""
    target = examples.targets["culpability"]
    rows = np.flatnonzero(np.isfinite(target).all(1) & ~examples.held)
    if len(set(target[rows].argmax(1))) < 2:
        return {}
    states = model.states([examples.sentences[at].text for at in rows])
    return {"culpability": refitted(np.stack([found.mean(0) for found, _ in states]), target[rows])}
