"""What every model offers (`Model`, `Reading`), and the n-gram model: numpy only, so that a command starts quickly.

scikit-learn fits the weights (`scr_tone.classifier`); what is left to do with them is a sparse dot product, a
temperature and a prior, done here. A test holds the two to the same probabilities. `scr_tone.encoder` has the other
kind of model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError
from scr_tone.features import NgramFeatures, Row, tokens
from scr_tone.pointer import WordOdds

__all__ = [
    "NATURAL_PRIOR",
    "Head",
    "Model",
    "NgramReading",
    "Reading",
    "TextModel",
    "TokenWeight",
    "adjusted_prior",
    "probabilities",
    "softmax",
]

#: How often the labels occur in real prose: the mean, in whole per cent, of three random draws (coroners' reports twice,
#: text around reviews once), counted for the project; see data/README.md.
NATURAL_PRIOR: Mapping[str, float] = {"blame": 0.07, "learning": 0.23, "accountability": 0.04, "neutral": 0.66}

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """A multinomial logistic regression over the features.

    Attributes
    ----------
    classes : tuple of str
        In the order of the columns.
    coef : ndarray of float32, shape (n_features, n_classes)
    intercept : ndarray of float32, shape (n_classes,)
    temperature : float
        Logits are divided by it (Guo et al. 2017, temperature scaling); above 0.
    prior : ndarray of float32, shape (n_classes,)
        Shares of the classes in the training data.
    focus : ndarray of float32, shape (n_features, n_classes), optional
        For a head of an encoder that does not see the mean of a sentence's token states, but one weighted for each class by
        the softmax of the states' products with it (attention pooling).
    """

    classes: tuple[str, ...]
    coef: FloatArray
    intercept: FloatArray
    temperature: float
    prior: FloatArray
    focus: FloatArray | None = None

    def logits(self, row: Row) -> FloatArray:
        """Calibrated logits under the training prior, shape (n_classes,)."""
        raw = row.weights @ self.coef[row.indices] + self.intercept
        return np.asarray(raw / np.float32(self.temperature), dtype=np.float32)


@dataclass(frozen=True)
class TokenWeight:
    """How much one word of a sentence speaks for a label against `neutral`, in logits."""

    start: int
    end: int
    weight: float


def adjusted_prior(head: Head, prior: Mapping[str, float] | None, strength: float) -> FloatArray:
    """What to add to the logits to move from the training prior towards another.

    Parameters
    ----------
    head : Head
    prior : mapping of str to float, or None
        Shares of the labels to expect; they are scaled to sum to 1. None leaves the training prior.
    strength : float
        0 leaves the training prior, 1 goes all the way (Saerens et al. 2002), between is geometric.

    Raises
    ------
    ConfigError
        If a label is missing or unknown, a share is not above 0, or the strength is outside 0 to 1.
    """
    if not 0 <= strength <= 1:
        raise ConfigError(f"the prior's strength is {strength}", remedy="give a number from 0 to 1", subject="prior")
    if prior is None:
        return np.zeros(len(head.classes), dtype=np.float32)
    if set(prior) != set(head.classes) or not all(share > 0 for share in prior.values()):
        raise ConfigError(
            "a prior needs a share above 0 for each label",
            remedy=f"name all of {', '.join(head.classes)}",
            subject="prior",
        )
    wanted = np.array([prior[name] for name in head.classes], dtype=np.float64)
    shift = strength * (np.log(wanted / wanted.sum()) - np.log(head.prior.astype(np.float64)))
    return np.asarray(shift, dtype=np.float32)


class Reading(Protocol):
    """One sentence as a model has read it."""

    def logits(self, head: str) -> FloatArray:
        """Calibrated logits of one head under the training prior, shape (n_classes,)."""

    def token_weights(self, label: str, *, thorough: bool = False) -> list[TokenWeight]:
        """Share of each word in the logit of `label` minus that of `neutral`, in reading order.

        `thorough` allows a model whose own weights say little to read the sentence again, a bounded number of times.
        """

    def pointer_odds(self, label: str) -> list[WordOdds]:
        """How likely a reader would point at each word for `label`, in reading order; none if the model does not say."""

    def foresee(self, label: str, *, thorough: bool = False) -> None:
        """Say that `token_weights` will be asked for these, so that a model with idle threads may begin."""


class Model(Protocol):
    """What labels sentences; the head "label" is always there."""

    @property
    def heads(self) -> Mapping[str, Head]:
        """The heads by name."""

    def read(self, sentences: Sequence[str]) -> Iterator[Reading]:
        """Read sentences; one result each, in their order."""


def probabilities(
    model: Model, sentences: Sequence[str], head: str = "label", *, shift: FloatArray | None = None
) -> npt.NDArray[np.float64]:
    """Class probabilities of one head, shape (n_sentences, n_classes); each row sums to 1."""
    logits = np.zeros((len(sentences), len(model.heads[head].classes)), dtype=np.float64)
    for index, reading in enumerate(model.read(sentences)):
        logits[index] = reading.logits(head)
    return softmax(logits if shift is None else logits + shift)


@dataclass(frozen=True)
class TextModel:
    """N-grams of the sentence and the heads over them."""

    features: NgramFeatures
    heads: Mapping[str, Head]

    def read(self, sentences: Sequence[str]) -> Iterator[NgramReading]:
        """Read sentences one by one."""
        return (NgramReading(self, sentence) for sentence in sentences)


@dataclass(frozen=True)
class NgramReading:
    """A sentence as the n-gram model reads it."""

    model: TextModel
    sentence: str

    @cached_property
    def row(self) -> Row:
        """Its n-grams; the same for all heads and for the explanation."""
        return self.model.features.row(self.sentence)

    def logits(self, head: str) -> FloatArray:
        """See `Reading`."""
        return self.model.heads[head].logits(self.row)

    def pointer_odds(self, label: str) -> list[WordOdds]:
        """See `Reading`; it does not say."""
        return []

    def foresee(self, label: str, *, thorough: bool = False) -> None:
        """See `Reading`; there is nothing to begin."""

    def token_weights(self, label: str, *, thorough: bool = False) -> list[TokenWeight]:
        """Share of each word in the logit of `label` minus that of `neutral`, in reading order.

        The sum over words and the intercept is the difference of the logits itself, so this is what the model used, not
        a guess at it.
        """
        head, features, row = self.model.heads["label"], self.model.features, self.row
        coef = head.coef[row.indices]
        difference = coef[:, head.classes.index(label)] - coef[:, head.classes.index("neutral")]
        value = dict(zip(row.indices.tolist(), (row.weights * difference).tolist(), strict=True))
        places = features.places(self.sentence)
        times: dict[int, int] = {}
        for column, _, _ in places:
            times[column] = times.get(column, 0) + 1
        words = tokens(self.sentence, features.common_)
        at = {word.start: index for index, word in enumerate(words)}
        ends = {word.end: index for index, word in enumerate(words)}
        sums = [0.0] * len(words)
        for column, start, end in places:
            first, last = at[start], ends[end]
            part = value[column] / times[column] / (last - first + 1) / head.temperature
            for index in range(first, last + 1):
                sums[index] += part
        return [TokenWeight(word.start, word.end, weight) for word, weight in zip(words, sums, strict=True)]


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Row-wise softmax, safe for large logits."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    return np.asarray(raised / raised.sum(axis=1, keepdims=True)) if len(logits) else logits
