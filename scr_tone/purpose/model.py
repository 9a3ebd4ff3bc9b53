"""The sentence model of the purpose profile: a logistic regression per kind, as a table of weights; numpy only."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from scr_tone.purpose.features import KINDS_OF_FEATURE, features_of, worth_reading
from scr_tone.purpose.rules import KINDS, Reading, ruled

__all__ = ["ALL_KINDS", "SentenceModel", "bundled", "ruled_scores"]

#: Columns of a matrix of scores.
ALL_KINDS: tuple[str, ...] = tuple(kind for kinds in KINDS.values() for kind in kinds)

#: Share of the rules in a score; without it a kind that is rare in the examples is seldom found.
_RULES = 0.2

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SentenceModel:
    """Weights by feature.

    Attributes
    ----------
    rows : mapping of str to int
        Row of `weights` of each feature.
    weights : array of shape (n_features, n_kinds)
    intercepts : array of shape (n_kinds,)
    use : tuple of str
        Which kinds of feature it reads.
    """

    rows: Mapping[str, int]
    weights: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]
    use: tuple[str, ...] = KINDS_OF_FEATURE

    def scores(self, readings: Sequence[Reading]) -> Scores:
        """How much each sentence shows each kind, 0 to 1, shape (n_sentences, n_kinds); 0 for those not worth reading."""
        found = np.zeros((len(readings), len(ALL_KINDS)))
        read, logits = [], []
        for index, reading in enumerate(readings):
            if worth_reading(reading):
                ids = [self.rows[name] for name in features_of(reading, self.use) if name in self.rows]
                read.append(index)
                logits.append(self.weights[ids].sum(axis=0))
        if read:
            found[read] = 1.0 / (1.0 + np.exp(-(np.asarray(logits, dtype=np.float64) + self.intercepts)))
        if "rules" in self.use:
            for index in read:
                found[index] *= 1 - _RULES
                for kind in ruled(readings[index]):
                    found[index, ALL_KINDS.index(kind)] += _RULES
        return found

    def to_bytes(self) -> bytes:
        """As an npz file, the same bytes for the same weights."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            names=np.frombuffer("\n".join(self.rows).encode(), dtype=np.uint8),
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> SentenceModel:
        """What `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            names = parts["names"].tobytes().decode().split("\n")
            return cls(
                {name: row for row, name in enumerate(names)}, parts["weights"].astype(np.float32), parts["intercepts"]
            )


def ruled_scores(readings: Sequence[Reading]) -> Scores:
    """What the rules alone make of each sentence, as 0 and 1."""
    found = np.zeros((len(readings), len(ALL_KINDS)))
    for index, reading in enumerate(readings):
        for kind in ruled(reading):
            found[index, ALL_KINDS.index(kind)] = 1.0
    return found


@cache
def bundled() -> SentenceModel:
    """The model that ships, read once."""
    return SentenceModel.from_bytes(files("scr_tone").joinpath("resources/purpose.npz").read_bytes())
