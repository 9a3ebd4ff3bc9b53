"""Drawing sentences to label by hand, each with the probability that it had to be drawn.

With that probability a sample that favours rare labels or doubtful sentences still gives honest figures for the whole corpus
(Horvitz and Thompson 1952): `scr_tone.prevalence` weighs each sentence by its inverse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError, InputError
from scr_tone.tables import Corpus, corpus_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METHODS", "Origin", "draw_sample", "inclusion_by_doubt", "origin_of"]

METHODS = ("random", "stratified", "uncertain")
#: Share of an uncertain sample that is spread evenly, so that no sentence's probability comes near 0: sentences that the model
#: is wrongly sure of would else weigh without bound.
_EVEN = 0.25
#: Power of a stratum's size by which sentences are taken of it: 1 is a share like the corpus's, 0 the same number of each.
_POWER = 0.75
_ORIGIN = re.compile(r"(\w+) (\d+) of (\d+), seed (\d+), corpus ([0-9a-f]{12})")

FloatArray = npt.NDArray[np.float64]


class Origin(NamedTuple):
    """Where a sampled sentence comes from, as its column ``sample`` says."""

    method: str
    drawn: int
    sentences: int
    seed: int
    corpus: str

    def __str__(self) -> str:
        return f"{self.method} {self.drawn} of {self.sentences}, seed {self.seed}, corpus {self.corpus}"


def origin_of(text: object) -> Origin | None:
    """Read what `draw_sample` wrote into the column ``sample``; None if it is something else.

    Examples
    --------
    >>> origin_of("random 200 of 5231, seed 1, corpus 3fa2b1c4d5e6").drawn
    200
    """
    found = _ORIGIN.fullmatch(str(text).strip())
    if not found:
        return None
    method, drawn, sentences, seed, corpus = found.groups()
    return Origin(method, int(drawn), int(sentences), int(seed), corpus)


def draw_sample(
    source: pd.DataFrame | str | Path | Sequence[pd.DataFrame | str | Path] | Corpus,
    n: int,
    *,
    by: str = "random",
    seed: int = 0,
) -> pd.DataFrame:
    """Draw sentences to label by hand, without replacement, in random order.

    Parameters
    ----------
    source : DataFrame, path, sequence of them, or Corpus
        See `scr_tone.tables.corpus_of`.
    n : int
        How many.
    by : {"random", "stratified", "uncertain"}
        "random": each sentence has the same chance. "stratified": of each label that the model gave, of the rare ones
        relatively more. "uncertain": the less sure the model, the likelier, with a quarter of the sample spread evenly
        (Zrnic and Candès 2024, *Active statistical inference*).
    seed : int
        The same seed draws the same sentences from the same table.

    Returns
    -------
    pandas.DataFrame
        One row a sentence, in an order that says nothing, so that any beginning of it is a random sample too. The table's
        columns, and ``before``, ``after``, ``stratum``, ``stratum_size`` (sentences of the corpus in it),
        ``inclusion_probability`` (above 0, at most 1) and ``sample`` (method, size, seed, and a digest of the corpus).

    Raises
    ------
    ConfigError
        If `n` or `by` make no sense.
    InputError
        If the table cannot be used, or has fewer sentences than are asked for, or no scores to be uncertain by.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": [f"Visit {k}." for k in range(50)], "label": ["blame"] * 5 + ["neutral"] * 45})
    >>> drawn = draw_sample(frame, 10, by="stratified", seed=1)
    >>> drawn["label"].value_counts().to_dict(), sorted(set(drawn["inclusion_probability"].round(3)))
    ({'neutral': 8, 'blame': 2}, [0.178, 0.4])
    """
    if by not in METHODS:
        raise ConfigError(f"is {by!r}", remedy=f"use {', '.join(METHODS)}", subject="by")
    if n < 1 or seed < 0:
        raise ConfigError(
            "a sample needs a size of 1 or more and a seed of 0 or more", remedy="give such numbers", subject="sample"
        )
    corpus = source if isinstance(source, Corpus) else corpus_of(source)
    if n > len(corpus):
        raise InputError(
            f"{n:,} sentences were asked for and there are {len(corpus):,}",
            remedy=f"ask for {len(corpus):,} or fewer",
            subject="sample",
        )
    rng = np.random.default_rng(seed)
    if by == "uncertain":
        chance = inclusion_by_doubt(_known_scores(corpus), n)
        rows, stratum = _systematic(chance, rng), np.zeros(len(corpus), dtype=np.int64)
        size = np.array([len(corpus)])
    else:
        stratum = corpus.labels if by == "stratified" else np.zeros(len(corpus), dtype=np.int64)
        size = np.bincount(stratum)
        takes = _spread(size, n)
        rows = np.concatenate(
            [rng.choice(np.flatnonzero(stratum == at), takes[at], replace=False) for at in range(len(size))]
        )
        chance = (takes / np.maximum(size, 1))[stratum]
    rows = rng.permutation(rows)
    # Named by numbers in random order: a name such as "blame" would tell the annotator what the model thinks.
    names = rng.permutation(len(size)) + 1
    drawn = corpus.frame.iloc[rows].reset_index(drop=True)
    return drawn.assign(
        stratum=[str(names[at]) for at in stratum[rows]],
        stratum_size=size[stratum[rows]],
        inclusion_probability=chance[rows],
        sample=str(Origin(by, n, len(corpus), seed, corpus.fingerprint)),
    )


def _known_scores(corpus: Corpus) -> FloatArray:
    scores = corpus.scores
    if ((scores == 0) | (scores == 1)).all():
        raise InputError(
            "has no scores, so nobody knows where the model was unsure",
            remedy="give a table with the columns score_blame ..., or use --by stratified",
            subject="the table",
        )
    return scores


def _spread(size: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    """How many to take of each stratum: by a power of its size (Bankier 1988), two at least, none more than it has.

    Equal numbers, and still the root, leave the largest stratum with so few that a rare label which the model missed there is
    seldom among them: intervals from 200 sentences then cover the truth in 89 and 92 of 100 simulated corpora instead of 95.
    """
    least = np.minimum(size, 2 if n >= 2 * (size > 0).sum() else 0)  # from one sentence no variance can be told
    takes, wanted = least.astype(np.int64), size**_POWER
    while (left := n - int(takes.sum())) > 0:
        share = np.where(takes < size, wanted, 0)
        exact = np.minimum(left * share / share.sum(), size - takes)
        whole = np.floor(exact).astype(np.int64)
        if not whole.any():  # what rounding left over, one each to the largest parts
            whole[np.argsort(-np.where(takes < size, exact, -1), kind="stable")[:left]] = 1
            whole = np.minimum(whole, size - takes)
        takes += whole
    return takes


def inclusion_by_doubt(scores: FloatArray, n: int) -> FloatArray:
    """Inclusion probabilities that grow with the model's doubt, shape (n_sentences,), with sum `n`.

    Doubt is the root of the squared error that the model itself expects of its scores, which makes the corrected shares as
    sharp as can be if it is right about that.

    Parameters
    ----------
    scores : ndarray, shape (n_sentences, n_labels)
    n : int

    Examples
    --------
    >>> inclusion_by_doubt(np.array([[0.5, 0.5], [1.0, 0.0], [1.0, 0.0]]), 1).round(2).tolist()
    [0.83, 0.08, 0.08]
    """
    doubt = np.sqrt(np.maximum(1 - (scores**2).sum(axis=1), 0))
    total = doubt.sum()
    even = np.full(len(scores), 1 / len(scores))
    size = _EVEN * even + (1 - _EVEN) * (doubt / total if total > 0 else even)
    chance = np.minimum(n * size, 1)
    while (full := chance >= 1).sum() < n and chance.sum() < n - 1e-9:
        chance[~full] = np.minimum((n - full.sum()) * size[~full] / size[~full].sum(), 1)
    return np.asarray(chance)


def _systematic(chance: FloatArray, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw with exactly these inclusion probabilities: systematic sampling in random order (Madow 1949)."""
    order = rng.permutation(len(chance))
    steps = np.cumsum(chance[order])
    steps *= round(steps[-1]) / steps[-1]  # sums of floats miss the whole number by a hair
    passed = np.floor(steps + 1 - rng.random())
    return np.asarray(order[np.diff(passed, prepend=0) > 0], dtype=np.int64)
