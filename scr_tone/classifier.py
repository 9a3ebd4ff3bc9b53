"""The classifier as a scikit-learn estimator: what trains, cross-validates and grid-searches.

Importing this module imports scikit-learn, which takes over a second; scoring does not need it (`scr_tone.scorer`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, PredefinedSplit, StratifiedKFold
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from scr_tone.estimator_input import TextError, labels_in, text_tags, texts_in, weights_in
from scr_tone.features import NgramFeatures
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR, Head, TextModel, adjusted_prior, softmax

__all__ = ["NgramVectorizer", "ToneClassifier", "head_of", "temperature_of"]


class NgramVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """`NgramFeatures` with scikit-learn's interface: strings in, sparse matrix out.

    Parameters
    ----------
    word_range, char_range : (int, int)
        Shortest and longest n-grams.
    min_count : int
        Sentences that an n-gram must occur in.
    """

    def __init__(
        self, *, word_range: tuple[int, int] = (1, 3), char_range: tuple[int, int] = (3, 5), min_count: int = 3
    ) -> None:
        self.word_range = word_range
        self.char_range = char_range
        self.min_count = min_count

    def fit(self, X: Sequence[str], y: object = None) -> NgramVectorizer:
        """Learn the vocabulary of the sentences `X`.

        Raises
        ------
        TextError
            If `X` is no sequence of strings, or no n-gram occurs often enough.
        """
        self.features_ = NgramFeatures(self.word_range, self.char_range, self.min_count).fit(texts_in(X))
        if not self.features_.vocabulary_:
            raise TextError(
                f"no n-gram occurs in {self.min_count} sentences or more", remedy="lower min_count", subject="X"
            )
        return self

    def transform(self, X: Sequence[str]) -> sp.csr_matrix:
        """Sparse matrix of shape (n_sentences, n_features), float32."""
        check_is_fitted(self)
        rows = [self.features_.row(sentence) for sentence in texts_in(X)]
        starts = np.cumsum([0, *(len(row.indices) for row in rows)])
        weights = np.concatenate([row.weights for row in rows])
        indices = np.concatenate([row.indices for row in rows])
        return sp.csr_matrix((weights, indices, starts), shape=(len(rows), len(self.features_.vocabulary_)))

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Names of the columns, shape (n_features,): "word__failed to", "char__fail".

        Parameters
        ----------
        input_features : object
            There for scikit-learn; sentences have no names.
        """
        check_is_fitted(self)
        grams = self.features_.vocabulary_
        return np.array([f"char__{g[1:]}" if g.startswith("\t") else f"word__{g}" for g in grams], dtype=object)

    def __sklearn_tags__(self) -> Tags:
        """Strings in, sparse float32 out."""
        tags = text_tags(super().__sklearn_tags__())
        tags.transformer_tags.preserves_dtype = []
        return tags


class ToneClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """N-grams, multinomial logistic regression, temperature scaling on grouped folds, and a prior.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty.
    word_range, char_range, min_count
        See `NgramVectorizer`.
    folds : int
        Folds of the cross-validation that fits the temperature; 0 leaves the scores uncalibrated.
    prior : mapping of label to share, "natural" or None
        Label shares to expect in the texts to come; None stays with the training data's.
    prior_strength : float
        How far to go towards `prior`, 0 to 1.
    max_iter, tol : int, float
        Iterations of the solver at most, and where it stops.

    Attributes
    ----------
    classes_ : ndarray of str
    vectorizer_ : NgramVectorizer
    head_ : scr_tone.scorer.Head
        The fitted weights, also what the shipped artefact holds.
    n_iter_ : ndarray of int
        Iterations of the solver.
    validation_logits_ : ndarray, shape (n, n_classes)
        Uncalibrated logits of the training sentences, each from a model that had not seen its group; only with `folds`.

    Examples
    --------
    >>> texts = ["The nurse failed to ring.", "Caseloads were high."] * 6
    >>> model = ToneClassifier(folds=0, min_count=1, prior=None).fit(texts, ["blame", "learning"] * 6)
    >>> str(model.predict(["She failed to ring."])[0])
    'blame'
    """

    def __init__(
        self,
        *,
        C: float = 10.0,
        word_range: tuple[int, int] = (1, 3),
        char_range: tuple[int, int] = (3, 5),
        min_count: int = 3,
        folds: int = 5,
        prior: Mapping[str, float] | str | None = None,
        prior_strength: float = 0.5,
        max_iter: int = 300,
        tol: float = 1e-3,
    ) -> None:
        self.C = C
        self.word_range = word_range
        self.char_range = char_range
        self.min_count = min_count
        self.folds = folds
        self.prior = prior
        self.prior_strength = prior_strength
        self.max_iter = max_iter
        self.tol = tol

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[str],
        *,
        groups: Sequence[object] | None = None,
        fold_ids: Sequence[int] | None = None,
        sample_weight: Sequence[float] | None = None,
    ) -> ToneClassifier:
        """Fit on sentences `X` and their labels `y`.

        Parameters
        ----------
        X : sequence of str, length n
        y : sequence of str, length n
        groups : sequence, length n, optional
            Sentences of one group (a case, a contrast set) stay in one fold when the temperature is fitted.
        fold_ids : sequence of int, length n, optional
            The fold of each sentence, instead of `groups`.
        sample_weight : sequence of float, length n, optional

        Raises
        ------
        TextError
            If `X` is no sequence of strings, `y` does not fit it, or there are too few sentences of a label for the folds.
        """
        texts = texts_in(X)
        labels = labels_in(y, len(texts))
        weight = weights_in(sample_weight, len(texts))
        self.__dict__.pop("validation_logits_", None)
        temperature = 1.0
        if self.folds:
            self.validation_logits_ = self._validate(texts, labels, weight, groups, fold_ids)
            temperature = temperature_of(self.validation_logits_, np.unique(labels, return_inverse=True)[1], weight)
        self.vectorizer_, regression = self._fitted(texts, labels, weight)
        self.classes_ = regression.classes_
        self.n_iter_ = regression.n_iter_
        self.head_ = head_of(regression, temperature, labels, weight)
        return self

    def _fitted(
        self, texts: list[str], labels: npt.NDArray[np.str_], weight: npt.NDArray[np.float64]
    ) -> tuple[NgramVectorizer, LogisticRegression]:
        """No scikit-learn Pipeline, which would ask for the weights to be routed where a user has switched routing on."""
        vectorizer = NgramVectorizer(word_range=self.word_range, char_range=self.char_range, min_count=self.min_count)
        regression = LogisticRegression(C=self.C, max_iter=self.max_iter, tol=self.tol)
        return vectorizer, regression.fit(vectorizer.fit_transform(texts), labels, sample_weight=weight)

    def _validate(
        self,
        texts: list[str],
        labels: npt.NDArray[np.str_],
        weight: npt.NDArray[np.float64],
        groups: Sequence[object] | None,
        fold_ids: Sequence[int] | None,
    ) -> npt.NDArray[np.float64]:
        """Logits of each sentence from a model that has not seen its group, shape (n, n_classes)."""
        classes, counts = np.unique(labels, return_counts=True)
        if fold_ids is not None:
            splitter = PredefinedSplit(fold_ids)
        elif groups is not None:
            splitter = GroupKFold(self.folds)
        elif counts.min() < self.folds:
            raise TextError(
                f"has {counts.min()} of {str(classes[counts.argmin()])!r}, which is too few for {self.folds} folds",
                remedy="pass fewer folds; folds=0 leaves the scores uncalibrated",
                subject="y",
            )
        else:
            splitter = StratifiedKFold(self.folds)
        logits = np.full((len(texts), len(classes)), -20.0)
        for kept, held in splitter.split(texts, labels, groups):
            vectorizer, fitted = self._fitted([texts[i] for i in kept], labels[kept], weight[kept])
            columns = np.searchsorted(classes, fitted.classes_)
            found = fitted.decision_function(vectorizer.transform([texts[i] for i in held]))
            if found.ndim == 1:
                found = np.stack([-found / 2, found / 2], axis=1)
            logits[np.ix_(held, columns)] = found
        return logits

    def decision_function(self, X: Sequence[str]) -> npt.NDArray[np.float64]:
        """Calibrated logits, the prior applied; shape (n, n_classes), or (n,) for the second of two classes."""
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def predict_proba(self, X: Sequence[str]) -> npt.NDArray[np.float64]:
        """Class probabilities, shape (n, n_classes), in the order of ``classes_``."""
        return softmax(self._logits(X))

    def predict(self, X: Sequence[str]) -> npt.NDArray[np.str_]:
        """The likeliest label of each sentence, shape (n,)."""
        places = self._logits(X).argmax(axis=1)
        return np.asarray(self.classes_[places])

    def _logits(self, X: Sequence[str]) -> npt.NDArray[np.float64]:
        check_is_fitted(self)
        raw = self.vectorizer_.transform(X) @ self.head_.coef + self.head_.intercept
        return np.asarray(raw / self.head_.temperature + self._shift(), dtype=np.float64)

    def __sklearn_tags__(self) -> Tags:
        """Strings in."""
        return text_tags(super().__sklearn_tags__())

    def text_model(self) -> TextModel:
        """The fitted weights in the form that scores without scikit-learn."""
        check_is_fitted(self)
        return TextModel(self.vectorizer_.features_, {"label": self.head_})

    def _shift(self) -> npt.NDArray[np.float32]:
        prior = NATURAL_PRIOR if self.prior == "natural" else self.prior
        if self.prior == "natural" and set(self.head_.classes) != set(LABELS):
            prior = None
        return adjusted_prior(self.head_, prior, self.prior_strength)  # type: ignore[arg-type]


def temperature_of(
    logits: npt.NDArray[np.float64], truth: npt.NDArray[np.int64], weight: npt.NDArray[np.float64]
) -> float:
    """Temperature with the least log loss on held-out logits (Guo et al. 2017), between 0.05 and 20."""

    def loss(log_temperature: float) -> float:
        shares = softmax(logits / np.exp(log_temperature))[np.arange(len(truth)), truth]
        return float(-np.average(np.log(np.maximum(shares, 1e-12)), weights=weight))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def head_of(
    fitted: LogisticRegression, temperature: float, labels: npt.NDArray[np.str_], weight: npt.NDArray[np.float64] | None
) -> Head:
    """Weights as they are stored: half precision, because the last digits carry nothing and double the file."""
    coef, intercept = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:  # scikit-learn keeps one row for two classes
        coef, intercept = np.vstack([-coef[0] / 2, coef[0] / 2]), np.array([-intercept[0] / 2, intercept[0] / 2])
    share = np.array([np.average(labels == name, weights=weight) for name in fitted.classes_], dtype=np.float32)
    return Head(
        classes=tuple(str(name) for name in fitted.classes_),
        coef=np.ascontiguousarray(coef.T.astype(np.float16).astype(np.float32)),
        intercept=intercept.astype(np.float32),
        temperature=round(temperature, 6),
        prior=share,
    )
