"""From what a model makes of sentences to `Prediction`: label, words, target, voice, culpability, factors."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from scr_tone.errors import InputError
from scr_tone.explain import explain
from scr_tone.pointer import pointed
from scr_tone.records import LABELS, Label, Prediction
from scr_tone.scorer import FloatArray, Head, Model, Reading, softmax

__all__ = ["ATTRIBUTES", "checked", "predict"]

#: Heads of which a sentence gets the likeliest class. Factors are not among them, as several may hold at once.
ATTRIBUTES = ("target", "voice", "culpability")
#: Sentences whose words may be worked out while others are read.
_FORESEEN = 32


def checked(sentences: Iterable[str]) -> list[str]:
    """The sentences, if they are a list of strings.

    Raises
    ------
    InputError
        If one of them is something else, or all are one string.
    """
    texts = list(sentences)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(
                f"is a {type(text).__name__}, not a string",
                remedy="pass a list of strings",
                subject=f"sentence {index}",
            )
    if isinstance(sentences, str):
        raise InputError("label takes a list of sentences", remedy="use analyse for a text, or [text]")
    return texts


def predict(
    model: Model, texts: Sequence[str], shift: FloatArray, *, cues: bool = True, thorough: bool = False
) -> Iterator[Prediction]:
    """Read sentences, one after the other; all that is said of one comes from the same pass.

    Parameters
    ----------
    model : Model
    texts : sequence of str
    shift : ndarray of float32, shape (4,)
        Added to the label's logits (`scr_tone.scorer.adjusted_prior`), in the order of the model's classes.
    cues : bool
        Whether to work out the words that carried each label.
    thorough : bool
        See `scr_tone.scorer.Reading.token_weights`.
    """
    heads = model.heads
    order = [heads["label"].classes.index(label) for label in LABELS]
    waiting: deque[tuple[str, Reading, Label, dict[str, float]]] = deque()
    for text, reading in zip(texts, model.read(texts), strict=True):
        shares = softmax((reading.logits("label") + shift)[None, :].astype(np.float64))[0, order]
        label = LABELS[int(shares.argmax())]
        if cues and label != "neutral":
            reading.foresee(label, thorough=thorough)
        scores: dict[str, float] = {name: round(float(share), 6) for name, share in zip(LABELS, shares, strict=True)}
        waiting.append((text, reading, label, scores))
        if len(waiting) > _FORESEEN:
            yield _prediction(*waiting.popleft(), heads, cues=cues, thorough=thorough)
    while waiting:
        yield _prediction(*waiting.popleft(), heads, cues=cues, thorough=thorough)


def _prediction(
    text: str,
    reading: Reading,
    label: Label,
    scores: dict[str, float],
    heads: Mapping[str, Head],
    *,
    cues: bool,
    thorough: bool,
) -> Prediction:
    culpability = _likeliest(reading, heads, "culpability")
    if label == "neutral":
        return Prediction(label, scores, culpability=culpability)
    words = explain(reading, text, label, thorough=thorough) if cues else ()
    return Prediction(
        label,
        scores,
        words,
        _likeliest(reading, heads, "target"),
        _likeliest(reading, heads, "voice"),
        culpability,
        _factors(reading, heads) if label == "learning" else (),
        pointed(reading.pointer_odds(label), text, words) if cues else None,
    )


def _likeliest(reading: Reading, heads: Mapping[str, Head], name: str) -> str | None:
    return heads[name].classes[int(reading.logits(name).argmax())] if name in heads else None


def _factors(reading: Reading, heads: Mapping[str, Head]) -> tuple[str, ...]:
    """Factors that are likelier than not, the likeliest first; each is a yes or no of its own."""
    if "factors" not in heads:
        return ()
    logits = reading.logits("factors")
    return tuple(heads["factors"].classes[at] for at in np.argsort(-logits, kind="stable") if logits[at] > 0)
