"""A corpus that a model labelled and a sample of it that people labelled, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

__all__ = ["Design"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """What the estimators need.

    Attributes
    ----------
    predicted : ndarray, shape (n_corpus, n_labels)
        The model's scores, of every sentence of the corpus.
    document : ndarray of int, shape (n_corpus,)
        Number of each sentence's document, from 0 without gaps; each sentence its own where documents are not known.
    rows : ndarray of int, shape (n,)
        Where in the corpus the labelled sentences are.
    truth : ndarray, shape (n, n_labels)
        1 for the label that people gave, else 0.
    chance : ndarray, shape (n,)
        With which probability each labelled sentence had to be drawn.
    stratum : ndarray of int, shape (n,)
        From which stratum, numbered from 0.
    sizes : ndarray of int, shape (n_strata,)
        How many sentences of the corpus each stratum has.
    corpus_stratum : ndarray of int, shape (n_corpus,), or None
        The stratum of every sentence of the corpus, where it can be told.
    """

    predicted: FloatArray
    document: IntArray
    rows: IntArray
    truth: FloatArray
    chance: FloatArray
    stratum: IntArray
    sizes: IntArray
    corpus_stratum: IntArray | None = None

    @property
    def documents(self) -> int:
        """Number of documents in the corpus."""
        return int(self.document.max()) + 1

    @property
    def documents_labelled(self) -> int:
        """Number of documents with a labelled sentence."""
        return len(np.unique(self.document[self.rows]))

    @cached_property
    def weight(self) -> FloatArray:
        """For how many sentences of the corpus each labelled one stands, shape (n,); in each stratum they sum to its size."""
        raw = 1 / self.chance
        sums = np.bincount(self.stratum, raw, minlength=len(self.sizes))
        return np.asarray(raw * (self.sizes / np.maximum(sums, 1e-300))[self.stratum])
