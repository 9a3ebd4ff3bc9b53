"""The head that says which words to point at (`scr_tone.pointer`), from sentences in which readers marked them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from scr_tone.encoder import EncoderModel
from scr_tone.errors import InputError
from scr_tone.labelled import LabelledSentence
from scr_tone.normalise import Normalised
from scr_tone.pointer import POINTED, parts_of
from scr_tone.scorer import Head
from scr_tone.training.examples import lines_by_id

__all__ = ["Marked", "fitted_pointer", "marked", "shared_words"]

_C = 0.003  # of 0.001 and 0.003, by held-out cases

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in which a reader has marked words.

    Attributes
    ----------
    text, label : str
    places : tuple of (int, int)
        Offsets of the words marked, first those that a comment is to stand at, then others that carry the label as well.
    """

    text: str
    label: str
    places: tuple[tuple[int, int], ...]


def marked(path: str | Path, sentences: Sequence[LabelledSentence]) -> list[Marked]:
    """The sentences of which a file of marks says something.

    Parameters
    ----------
    path : path
        JSON Lines with ``id``, ``mark`` and ``also``. A file that is not there marks nothing.
    sentences : sequence of LabelledSentence

    Raises
    ------
    InputError
        If a line cannot be used, or marks words that its sentence has not.
    """
    lines = lines_by_id(Path(path))
    found = []
    for sentence in sentences:
        line = lines.get(str(sentence.extra.get("id", "")))
        if line is None or sentence.label not in POINTED:
            continue
        words = [str(line["mark"]), *(str(word) for word in line["also"])]  # type: ignore[attr-defined]
        if not all(word and word in sentence.text for word in words):
            raise InputError(
                f"marks words that sentence {sentence.extra['id']} has not",
                remedy="copy them from the sentence",
                subject=str(path),
            )
        places = tuple((sentence.text.index(word), sentence.text.index(word) + len(word)) for word in words)
        found.append(Marked(sentence.text, sentence.label, places))
    return found


def fitted_pointer(model: EncoderModel, sentences: Sequence[Marked]) -> Head | None:
    """Logistic regression over the finished encoder's token states, for each label by itself.

    Parameters
    ----------
    model : EncoderModel
    sentences : sequence of Marked
        To fit on.

    Returns
    -------
    Head or None
        None if a label has no sentences, or too few to learn from.
    """
    classes: list[str] = []
    coefs, biases = [], []
    for label in POINTED:
        rows = [sentence for sentence in sentences if sentence.label == label]
        if not rows:
            return None
        states, truth = _tokens(model, rows)
        middle, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
        states = (states - middle) / spread
        for part, known in zip(parts_of(label), truth.T, strict=True):
            if known.all() or not known.any():
                return None
            fit = LogisticRegression(C=_C, max_iter=200, tol=1e-3).fit(states, known)
            coef = fit.coef_[0] / spread
            classes.append(part)
            coefs.append(coef)
            biases.append(fit.intercept_[0] - middle @ coef)
    return Head(
        tuple(classes),
        np.ascontiguousarray(np.stack(coefs, axis=1), np.float32),
        np.array(biases, np.float32),
        1.0,
        np.full(len(classes), 1 / len(classes), np.float32),
    )


def shared_words(span: tuple[int, int], sentence: Marked) -> float:
    """How far a stretch and what a reader marked are the same words (Dice 1945), 0 to 1; of several marks the best fit counts.

    Examples
    --------
    >>> shared_words((4, 13), Marked("She failed to ring.", "blame", ((4, 18),)))
    0.8
    """
    words = [word.span() for word in re.finditer(r"\w+", sentence.text)]
    found = {at for at, (start, end) in enumerate(words) if start < span[1] and end > span[0]}
    best = 0.0
    for begin, stop in sentence.places:
        meant = {at for at, (start, end) in enumerate(words) if start < stop and end > begin}
        best = max(best, 2 * len(found & meant) / max(1, len(found) + len(meant)))
    return best


def _tokens(model: EncoderModel, sentences: Sequence[Marked]) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """States of all tokens of all sentences, shape (n_tokens, width), and what holds of them, shape (n_tokens, 3)."""
    states, truth = [], []
    for sentence, (found, offsets) in zip(
        sentences, model.states([sentence.text for sentence in sentences]), strict=True
    ):
        kept = [at for at, (start, end) in enumerate(offsets) if start < end]  # without the marks at both ends
        states.append(found[kept])
        truth.append(_holds(model.normalised(sentence.text), [offsets[at] for at in kept], sentence.places))
    return np.concatenate(states), np.concatenate(truth)


def _holds(
    normalised: Normalised, offsets: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]
) -> npt.NDArray[np.bool_]:
    """Whether the word that each token is part of was marked, and whether a mark begins, and ends, with it."""
    pieces, at = normalised.pieces, 0
    found = np.zeros((len(offsets), 3), dtype=bool)
    for row, (start, _) in enumerate(offsets):
        while at < len(pieces) - 1 and pieces[at].end <= start:
            at += 1
        first, last = pieces[at].source_start, pieces[at].source_end
        found[row] = (
            any(first < stop and last > begin for begin, stop in places),
            any(first <= begin < last for begin, _ in places),
            any(first < stop <= last for _, stop in places),
        )
    return found
