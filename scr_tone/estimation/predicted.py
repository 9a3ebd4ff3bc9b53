"""Prediction-powered shares: the model's scores over the whole corpus, corrected by its errors on the labelled sample.

PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453) for means, in the form that survey sampling calls the difference
estimator (Särndal, Swensson and Wretman 1992). Its one tuning factor is fitted over all labels together, so that the shares sum
to 1. The library ppi-python has the estimator for sentences that are independent and drawn apart from the corpus; here they are
drawn from it, with probabilities of their own, and lie in documents, so the variance is worked out by linearisation over
documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from scr_tone.estimation.design import Design, FloatArray

__all__ = ["About", "Shares", "interval_of", "shares_of"]

#: What the shares are of: documents like these, or these documents and no others.
About = Literal["documents", "corpus"]


@dataclass(frozen=True)
class Shares:
    """Estimated shares.

    Attributes
    ----------
    share, error : ndarray, shape (n_labels,)
        Estimate and standard error.
    low, high : ndarray, shape (n_labels,)
        Bounds of the interval.
    factor : float
        How much of the model's word was taken: 0 is the labelled sample alone, 1 the model with its mean error taken off.
    """

    share: FloatArray
    error: FloatArray
    low: FloatArray
    high: FloatArray
    factor: float


def shares_of(
    design: Design, *, about: About = "documents", confidence: float = 0.95, factor: float | None = None
) -> Shares:
    """Estimate the share of each label in the corpus.

    Parameters
    ----------
    design : Design
    about : {"documents", "corpus"}
        "documents": of documents like these, of which the corpus is taken as a random draw; the variance is that between
        documents (cluster-robust), so sentences of one document may resemble each other as they like. "corpus": of this
        corpus; the only chance is which sentences were labelled.
    confidence : float
    factor : float, optional
        0 leaves the model out (the classical estimate); if not given, the one that makes the variance least.

    Returns
    -------
    Shares
    """
    y_parts, f_parts = _Parts(design, design.truth), _Parts(design, design.predicted[design.rows])
    if factor is None:
        factor = _factor(y_parts, f_parts, design, about)
    estimate = y_parts.mean + factor * (design.predicted.mean(axis=0) - f_parts.mean)
    if about == "corpus":
        variance, freedom = _drawn(design, y_parts.residual - factor * f_parts.residual)
    else:
        whole = y_parts.of_corpus() + factor * (design.predicted - design.predicted.mean(axis=0) - f_parts.of_corpus())
        labelled = design.weight[:, None] * (y_parts.residual - factor * f_parts.residual)
        variance = _between(design, whole, labelled)
        freedom = np.full(len(variance), design.documents_labelled - 1)
    low, high = interval_of(estimate, variance, len(design.rows), freedom, confidence)
    return Shares(estimate, np.sqrt(variance), low, high, factor)


class _Parts:
    """A quantity of the labelled sentences, split into the means of the strata and what is left."""

    def __init__(self, design: Design, values: FloatArray) -> None:
        self._design = design
        strata = len(design.sizes)
        sums = np.zeros((strata, values.shape[1]))
        np.add.at(sums, design.stratum, design.weight[:, None] * values)
        self.means = sums / np.maximum(design.sizes, 1)[:, None]
        self.mean = sums.sum(axis=0) / design.sizes.sum()
        # Where it cannot be told which stratum the rest of the corpus is of, one mean for all does, a little too wide.
        centre = self.means[design.stratum] if design.corpus_stratum is not None else self.mean
        self.residual = values - centre

    def of_corpus(self) -> FloatArray:
        """The stratum's mean for each sentence of the corpus, less the overall mean, shape (n_corpus or 1, n_labels)."""
        known = self._design.corpus_stratum
        return self.means[known] - self.mean if known is not None else np.zeros((1, len(self.mean)))


def _between(design: Design, whole: FloatArray, labelled: FloatArray) -> FloatArray:
    """Variance of the sum of influences over documents, shape (n_labels,)."""
    sums = np.stack(
        [
            np.bincount(design.document, whole[:, at], minlength=design.documents)
            + np.bincount(design.document[design.rows], labelled[:, at], minlength=design.documents)
            for at in range(whole.shape[1])
        ]
    )
    count = design.documents
    return np.asarray((sums**2).sum(axis=1) * count / (count - 1) / len(design.predicted) ** 2)


def _drawn(design: Design, residual: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Variance over samples from this corpus, by Hájek's approximation for drawing without replacement, and its freedom.

    Degrees of freedom after Satterthwaite (1946), as one stratum can carry most of the variance.
    """
    total, fourth = np.zeros(residual.shape[1]), np.zeros(residual.shape[1])
    for at in range(len(design.sizes)):
        chosen = design.stratum == at
        rest, count = 1 - design.chance[chosen], int(chosen.sum())
        if count < 2 or rest.sum() <= 0:
            continue
        expanded = design.weight[chosen, None] * residual[chosen]
        middle = (rest[:, None] * expanded).sum(axis=0) / rest.sum()
        part = count / (count - 1) * (rest[:, None] * (expanded - middle) ** 2).sum(axis=0)
        total += part
        fourth += part**2 / (count - 1)
    freedom = np.divide(total**2, fourth, out=np.full(len(total), float(len(residual))), where=fourth > 0)
    return np.asarray(total / len(design.predicted) ** 2), freedom


def _factor(y: _Parts, f: _Parts, design: Design, about: About) -> float:
    """The factor with the least variance summed over labels, from 0 to 1; sentences as if independent, which is steadier."""
    size = len(design.predicted)
    a, b = design.weight[:, None] * y.residual, -design.weight[:, None] * f.residual
    if about == "corpus":
        rest = np.sqrt(np.maximum(1 - design.chance, 0))[:, None]
        products, squares = float((a * b * rest**2).sum()), float((b * b * rest**2).sum())
    else:
        corpus_a = np.broadcast_to(y.of_corpus(), design.predicted.shape)
        corpus_b = design.predicted - design.predicted.mean(axis=0) - f.of_corpus()
        joint_a, joint_b = corpus_a.copy(), corpus_b.copy()
        joint_a[design.rows] += a
        joint_b[design.rows] += b
        products, squares = float((joint_a * joint_b).sum()), float((joint_b**2).sum())
    if squares <= 1e-12 * size:
        return 0.0
    return float(np.clip(-products / squares, 0, 1))


def interval_of(
    share: FloatArray, variance: FloatArray, labelled: int, freedom: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Wilson's interval with the effective number of sentences, which keeps its coverage for shares near 0.

    Parameters
    ----------
    share, variance : ndarray, shape (n_labels,)
    labelled : int
        Labelled sentences; the effective number where the variance says nothing.
    freedom : ndarray, shape (n_labels,)
        Degrees of freedom of Student's t.
    confidence : float
    """
    quantile = stdtrit(np.maximum(1, freedom), (1 + confidence) / 2)
    inside = np.clip(share, 0, 1)
    spread = inside * (1 - inside)
    told = (spread > 0) & (variance > 0)
    effective = np.where(told, spread / np.where(told, variance, 1), labelled)
    effective = np.maximum(effective, 1e-9)
    squared = quantile**2
    middle = (inside + squared / (2 * effective)) / (1 + squared / effective)
    width = quantile * np.sqrt(spread / effective + squared / (4 * effective**2)) / (1 + squared / effective)
    return np.clip(middle - width, 0, 1), np.clip(middle + width, 0, 1)
