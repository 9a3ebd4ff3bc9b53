"""The sentence model of the purpose profile: a logistic regression per kind, as a table of weights; numpy only."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from scr_tone.purpose.features import KINDS_OF_FEATURE, Feature, features_of, worth_reading
from scr_tone.purpose.rules import KINDS, Reading, ruled

__all__ = ["ALL_KINDS", "Scores", "SentenceModel", "bundled", "ruled_scores"]

#: Columns of a matrix of scores.
ALL_KINDS: tuple[str, ...] = tuple(kind for kinds in KINDS.values() for kind in kinds)

_COLUMN = {kind: column for column, kind in enumerate(ALL_KINDS)}
#: Share of the rules in a score; without it a kind that is rare in the examples is seldom found.
_RULES = 0.2

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SentenceModel:
    """Weights by feature.

    Attributes
    ----------
    rows : mapping of Feature to int
        Row of `weights` of each feature.
    weights : array of shape (n_features + 1, n_kinds)
        The last row holds the intercepts.
    use : tuple of str
        Which kinds of feature it reads.
    """

    rows: Mapping[Feature, int]
    weights: npt.NDArray[np.float32]
    use: tuple[str, ...] = KINDS_OF_FEATURE

    def scores(self, readings: Sequence[Reading]) -> Scores:
        """How much each sentence shows each kind, 0 to 1, shape (n_sentences, n_kinds)."""
        known, by_rule = self.rows.get, "rules" in self.use
        read: list[int] = []
        ids: list[int] = []
        starts: list[int] = []
        seen: list[frozenset[str]] = []
        for index, reading in enumerate(readings):
            if worth_reading(reading):
                kinds = ruled(reading) if by_rule else frozenset()
                read.append(index)
                seen.append(kinds)
                starts.append(len(ids))
                ids.append(len(self.weights) - 1)  # the intercepts
                ids += [row for name in features_of(reading, self.use, kinds) if (row := known(name)) is not None]
        found = np.zeros((len(readings), len(ALL_KINDS)))
        if read:
            logits = np.add.reduceat(self.weights[ids].astype(np.float64), starts, axis=0)
            found[read] = 1.0 / (1.0 + np.exp(-logits))
        if by_rule:
            found *= 1 - _RULES
            for index, kinds in zip(read, seen, strict=True):
                for kind in kinds:
                    found[index, _COLUMN[kind]] += _RULES
        return found

    def to_bytes(self) -> bytes:
        """As an npz file, the same bytes for the same weights."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            names=np.frombuffer("\n".join(map(_written, self.rows)).encode(), dtype=np.uint8),
            weights=self.weights.astype(np.float16),
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> SentenceModel:
        """What `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            names = [_read(line) for line in parts["names"].tobytes().decode().split("\n")]
            return cls({name: row for row, name in enumerate(names)}, parts["weights"].astype(np.float32))


def _written(feature: Feature) -> str:
    return feature if isinstance(feature, str) else " ".join(feature)


def _read(line: str) -> Feature:
    first, _, second = line.partition(" ")
    return (first, second) if second else first


def ruled_scores(readings: Sequence[Reading]) -> Scores:
    """What the rules alone make of each sentence, as 0 and 1."""
    shown = [ruled(reading) for reading in readings]
    return np.array([[float(kind in kinds) for kind in ALL_KINDS] for kinds in shown]).reshape(-1, len(ALL_KINDS))


@cache
def bundled() -> SentenceModel:
    """The model that ships, read once."""
    return SentenceModel.from_bytes(files("scr_tone").joinpath("resources/purpose.npz").read_bytes())
