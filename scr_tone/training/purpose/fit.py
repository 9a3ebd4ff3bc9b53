"""Fit the sentence model of the purpose profile, and score held-out documents with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from scr_tone.labelled import FOLDS
from scr_tone.purpose.features import KINDS_OF_FEATURE, features_of
from scr_tone.purpose.model import ALL_KINDS, SentenceModel
from scr_tone.training.purpose.material import ONLY_AT_LAST, Example

__all__ = ["fit", "fit_folds"]

_C = 1.0
_POSITIVE = 3.0  # weight of a sentence that shows something
_SMALL = 0.01  # a feature whose weights are all smaller is left out


def fit(examples: Sequence[Example], use: tuple[str, ...] = KINDS_OF_FEATURE) -> SentenceModel:
    """One logistic regression per kind."""
    named = [features_of(example.reading, use) for example in examples]
    counts = Counter(name for one in named for name in set(one))
    features = sorted((name for name, count in counts.items() if count > 1), key=str)
    column_of = {name: column for column, name in enumerate(features)}
    columns_of = [sorted({column_of[name] for name in one if name in column_of}) for one in named]
    matrix = csr_matrix(
        (
            np.ones(sum(map(len, columns_of)), dtype=np.float64),
            np.concatenate([np.array(one, dtype=np.int32) for one in columns_of]),
            np.cumsum([0, *map(len, columns_of)]),
        ),
        shape=(len(examples), len(features)),
    )
    columns, intercepts = [], []
    for kind in ALL_KINDS:
        rows = [i for i, example in enumerate(examples) if kind not in example.unsure]
        shows = np.array([kind in examples[i].kinds for i in rows])
        weights = np.array([examples[i].weight for i in rows]) * np.where(shows, _POSITIVE, 1.0)
        model = LogisticRegression(C=_C, solver="liblinear", random_state=0, max_iter=500)
        model.fit(matrix[rows], shows, sample_weight=weights)
        columns.append(model.coef_[0])
        intercepts.append(float(model.intercept_[0]))
    table = np.column_stack(columns)
    kept = np.flatnonzero(np.abs(table).max(axis=1) >= _SMALL)
    return SentenceModel(
        {features[column]: row for row, column in enumerate(kept)},
        np.vstack([table[kept], intercepts]).astype(np.float16).astype(np.float32),
        use,
    )


def fit_folds(examples: Sequence[Example], use: tuple[str, ...] = KINDS_OF_FEATURE) -> list[SentenceModel]:
    """A model for each fold, that has seen nothing of it, nor what was written with the documents in mind."""
    return [fit([one for one in examples if one.fold not in (fold, ONLY_AT_LAST)], use) for fold in range(FOLDS)]
