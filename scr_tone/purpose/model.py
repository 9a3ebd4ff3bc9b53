"""The sentence model of the purpose profile: a logistic regression per kind, as a table of weights; numpy only."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from scr_tone.purpose.features import KINDS_OF_FEATURE, Feature, features_of, worth_reading
from scr_tone.purpose.rules import KINDS, Reading, ruled

__all__ = ["ALL_KINDS", "Row", "SentenceModel", "bundled", "ruled_row"]

#: Columns of a matrix of scores.
ALL_KINDS: tuple[str, ...] = tuple(kind for kinds in KINDS.values() for kind in kinds)

#: Share of the rules in a score; without it a kind that is rare in the examples is seldom found.
_RULES = 0.2

Row = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SentenceModel:
    """Weights by feature.

    Attributes
    ----------
    rows : mapping of Feature to int
        Row of `weights` of each feature.
    weights : array of shape (n_features, n_kinds)
    intercepts : array of shape (n_kinds,)
    use : tuple of str
        Which kinds of feature it reads.
    """

    rows: Mapping[Feature, int]
    weights: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]
    use: tuple[str, ...] = KINDS_OF_FEATURE

    def row(self, reading: Reading) -> Row | None:
        """How much a sentence shows each kind, 0 to 1; None if it is not worth reading."""
        if not worth_reading(reading):
            return None
        known = self.rows.get
        ids = [row for name in features_of(reading, self.use) if (row := known(name)) is not None]
        found = 1.0 / (1.0 + np.exp(-(self.weights[ids].sum(axis=0, dtype=np.float64) + self.intercepts)))
        if "rules" in self.use:
            found *= 1 - _RULES
            for kind in ruled(reading):
                found[ALL_KINDS.index(kind)] += _RULES
        return found

    def to_bytes(self) -> bytes:
        """As an npz file, the same bytes for the same weights."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            names=np.frombuffer("\n".join(map(_written, self.rows)).encode(), dtype=np.uint8),
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> SentenceModel:
        """What `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            names = [_read(line) for line in parts["names"].tobytes().decode().split("\n")]
            return cls(
                {name: row for row, name in enumerate(names)}, parts["weights"].astype(np.float32), parts["intercepts"]
            )


def _written(feature: Feature) -> str:
    return feature if isinstance(feature, str) else " ".join(feature)


def _read(line: str) -> Feature:
    first, _, second = line.partition(" ")
    return (first, second) if second else first


def ruled_row(reading: Reading) -> Row:
    """What the rules alone make of a sentence, as 0 and 1."""
    kinds = ruled(reading)
    return np.array([float(kind in kinds) for kind in ALL_KINDS])


@cache
def bundled() -> SentenceModel:
    """The model that ships, read once."""
    return SentenceModel.from_bytes(files("scr_tone").joinpath("resources/purpose.npz").read_bytes())
