"""`ToneClassifier` and `NgramVectorizer` as scikit-learn's own tools use them.

scikit-learn's estimator checks send numbers, and skip every estimator that says that it takes strings. So the checks are run on
subclasses that turn each row of numbers into a sentence of made-up words first; all else is the estimators' own. Each check that
cannot hold all the same is named with its reason, and the test fails if it holds after all.
"""

from __future__ import annotations

import pickle
import string
import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import validate_data

import scr_tone
from scr_tone.classifier import NgramVectorizer, ToneClassifier
from scr_tone.estimator_input import TextError

WHO = ["The nurse", "The school", "Police", "The ward", "The council", "Staff"]
WHAT = {"blame": "failed to ring", "learning": "had no supervision", "neutral": "left early"}
TEXTS = [f"{who} {what}." for who in WHO for what in WHAT.values()]
Y = [label for _ in WHO for label in WHAT]
GROUPS = [who for who in WHO for _ in WHAT]
SMALL = {"min_count": 1, "folds": 0}


def sentences(X: npt.NDArray[np.float64]) -> list[str]:
    """Each number as a word, its column by the first letter: near numbers share the beginnings of their words."""
    letters = string.ascii_lowercase

    def word(column: int, value: float) -> str:
        steps = int(np.clip(value * 4 + 300, 0, 675))
        return letters[column % 26] + letters[steps // 26] * 3 + letters[steps % 26]

    return [" ".join(word(column, value) for column, value in enumerate(row)) or "nothing" for row in X]


class OnNumbers:
    """Turns rows of numbers into sentences, so that the checks reach what is behind."""

    def _sentences(self, X):
        sklearn.utils.validation.check_is_fitted(self)
        return sentences(validate_data(self, X, reset=False))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


class NumberClassifier(OnNumbers, ToneClassifier):
    """The classifier."""

    def fit(self, X, y=None, *, groups=None, fold_ids=None, sample_weight=None):
        X, y = validate_data(self, X, y)
        return super().fit(sentences(X), y, groups=groups, fold_ids=fold_ids, sample_weight=sample_weight)

    def _logits(self, X):
        return super()._logits(self._sentences(X))

    def __init__(
        self, *, C=10.0, word_range=(1, 1), char_range=(3, 4), min_count=1, folds=0, prior=None, prior_strength=0.5,
        max_iter=100, tol=1e-3,
    ):  # fmt: skip
        super().__init__(
            C=C, word_range=word_range, char_range=char_range, min_count=min_count, folds=folds, prior=prior,
            prior_strength=prior_strength, max_iter=max_iter, tol=tol,
        )  # fmt: skip


class NumberVectorizer(OnNumbers, NgramVectorizer):
    """The vectoriser."""

    def fit(self, X, y=None):
        return super().fit(sentences(validate_data(self, X)))

    def transform(self, X):
        return super().transform(self._sentences(X))

    def __init__(self, *, word_range=(1, 1), char_range=(3, 4), min_count=1):
        super().__init__(word_range=word_range, char_range=char_range, min_count=min_count)


#: Checks that cannot hold, and why.
CANNOT = {
    NumberClassifier: {
        "check_sample_weight_equivalence_on_dense_data": "a sentence counts once for the vocabulary and its document frequencies, "
        "whatever its weight in the regression, so a weight of two is not the sentence twice",
    },
    NumberVectorizer: {},
}
#: Checks that scikit-learn itself skips here: about arrays of other libraries, which hold no strings.
SKIPPED = {"check_array_api_input"}


@pytest.mark.parametrize("kind", [NumberClassifier, NumberVectorizer])
def test_estimator_checks(kind: type) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks' own, about data that no estimator likes
        found = check_estimator(kind(), expected_failed_checks=CANNOT[kind], on_fail=None)
    by_status: dict[str, set[str]] = {}
    for one in found:
        by_status.setdefault(one["status"], set()).add(one["check_name"])
    assert {one["check_name"]: repr(one["exception"]) for one in found if one["status"] == "failed"} == {}
    assert by_status.get("skipped", set()) <= SKIPPED
    assert by_status.get("xfail", set()) == set(CANNOT[kind])  # what holds after all must leave the list
    assert len(by_status["passed"]) >= 35


def test_the_estimators_themselves_say_that_they_take_strings() -> None:
    for estimator in (ToneClassifier(), NgramVectorizer()):
        tags = get_tags(estimator).input_tags
        assert tags.string and not tags.two_d_array
        with pytest.warns(SkipTestWarning):
            check_estimator(estimator, on_skip=None)


def data() -> dict[str, object]:
    return {
        "list": TEXTS,
        "tuple": tuple(TEXTS),
        "array": np.array(TEXTS),
        "object array": np.array(TEXTS, dtype=object),
        "series": pd.Series(TEXTS, index=range(100, 100 + len(TEXTS))),
        "nullable series": pd.Series(TEXTS, dtype="string"),
        "category": pd.Series(TEXTS, dtype="category"),
    }


@pytest.mark.parametrize("kind", data())
def test_texts_and_labels_of_every_kind(kind: str) -> None:
    X = data()[kind]
    wanted = ToneClassifier(**SMALL).fit(TEXTS, Y).predict_proba(TEXTS)
    for y in (Y, np.array(Y), pd.Series(Y, dtype="string"), pd.Series(Y, dtype="category")):
        found = ToneClassifier(**SMALL).fit(X, y)
        assert list(found.classes_) == ["blame", "learning", "neutral"]
        assert (found.predict_proba(X) == wanted).all()


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        ("The nurse failed.", ["blame"], "is one text"),
        ([["The nurse failed."], ["It rained."]], ["blame", "neutral"], "holds a list at 0"),
        (np.array([["a"], ["b"]]), ["blame", "neutral"], "2 dimensions"),
        (pd.DataFrame({"text": ["a", "b"]}), ["blame", "neutral"], "2 dimensions"),
        (["It rained.", None], ["blame", "neutral"], "holds a NoneType at 1"),
        (["It rained.", np.nan], ["blame", "neutral"], "holds a float at 1"),
        (3, ["blame"], "is a int"),
        ([], [], "0 sentences"),
        (TEXTS, Y[:-1], "17 labels for 18 sentences"),
        (TEXTS, None, "requires y"),
        (TEXTS, ["blame"] * 18, "one class"),
        (["ab", "cd"], ["blame", "neutral"], "lower min_count"),
    ],
)
def test_what_cannot_be_used_is_said(X: object, y: object, said: str) -> None:
    with pytest.raises(TextError, match=said):
        ToneClassifier(folds=0, min_count=2).fit(X, y)
    assert issubclass(TextError, ValueError) and issubclass(TextError, scr_tone.InputError)


def test_unfitted_and_too_few_for_the_folds() -> None:
    for method in ("predict", "predict_proba", "decision_function"):
        with pytest.raises(NotFittedError):
            getattr(ToneClassifier(), method)(TEXTS)
    with pytest.raises(NotFittedError):
        NgramVectorizer().get_feature_names_out()
    with pytest.raises(TextError, match="'blame', which is too few for 9 folds; pass fewer folds; folds=0"):
        ToneClassifier(folds=9, min_count=1).fit(TEXTS, Y)


def test_two_labels_have_one_column_of_decisions() -> None:
    X, y = TEXTS[:2] * 5, Y[:2] * 5
    model = ToneClassifier(**SMALL).fit(X, y)
    decisions, shares = model.decision_function(X), model.predict_proba(X)
    assert decisions.shape == (10,) and shares.shape == (10, 2)
    assert ((decisions > 0) == (model.predict(X) == "learning")).all()
    assert np.allclose(1 / (1 + np.exp(-decisions)), shares[:, 1])
    assert cross_val_score(model, X, np.array(y) == "blame", scoring="roc_auc", cv=2).mean() == 1.0


def test_a_grid_search_with_groups() -> None:
    search = GridSearchCV(
        ToneClassifier(**SMALL),
        {"C": [0.1, 10.0], "word_range": [(1, 1), (1, 2)]},
        cv=GroupKFold(3),
        scoring="f1_macro",
    )
    found = search.fit(TEXTS, Y, groups=GROUPS)
    assert found.best_score_ == 1.0
    assert set(found.best_params_) == {"C", "word_range"}
    scores = cross_val_score(clone(found.best_estimator_), TEXTS, Y, groups=GROUPS, cv=GroupKFold(3))
    assert (scores == 1.0).all()
    held_out = cross_val_predict(
        ToneClassifier(**SMALL), TEXTS, Y, cv=GroupKFold(3), groups=GROUPS, method="predict_proba"
    )
    assert held_out.shape == (18, 3) and np.allclose(held_out.sum(axis=1), 1)


def test_metadata_is_routed() -> None:
    seen = []

    class Watched(ToneClassifier):
        def fit(self, X, y, *, groups=None, fold_ids=None, sample_weight=None):
            seen.append((set(groups), None if sample_weight is None else len(sample_weight)))
            return super().fit(X, y, groups=groups, sample_weight=sample_weight)

    with sklearn.config_context(enable_metadata_routing=True):
        model = Watched(min_count=1, folds=2).set_fit_request(groups=True, sample_weight=True)
        model.set_score_request(sample_weight=False)
        cross_validate(model, TEXTS, Y, cv=GroupKFold(3), params={"groups": GROUPS, "sample_weight": np.ones(len(Y))})
        piped = make_pipeline(Watched(min_count=1, folds=2).set_fit_request(groups=True, sample_weight=True))
        assert piped.fit(TEXTS, Y, groups=GROUPS, sample_weight=np.ones(18)).predict(TEXTS).tolist() == Y
        ToneClassifier(min_count=1, folds=2).fit(TEXTS, Y, sample_weight=np.ones(18))  # needs no routing of its own
    assert [len(groups) for groups, _ in seen] == [4, 4, 4, 6]
    assert [weights for _, weights in seen] == [12, 12, 12, 18]


def test_in_pipelines_and_column_transformers() -> None:
    frame = pd.DataFrame({"text": TEXTS, "page": range(18)})
    columns = ColumnTransformer([("words", NgramVectorizer(min_count=1), "text")], remainder="passthrough")
    piped = make_pipeline(columns, LogisticRegression(max_iter=500))
    assert piped.fit(frame, Y).score(frame, Y) == 1.0
    names = piped[0].get_feature_names_out()
    assert names[-1] == "remainder__page" and "words__word__failed to" in names


def test_names_of_the_columns_and_forms_of_output() -> None:
    vectorizer = NgramVectorizer(min_count=1).fit(TEXTS)
    names = vectorizer.get_feature_names_out()
    assert len(set(names)) == len(names) == vectorizer.transform(TEXTS).shape[1]
    assert "word__failed to ring" in names and "char__fail" in names
    row = vectorizer.transform([TEXTS[0]])
    assert {"word__failed", "char__faile"} <= set(names[row.indices])
    assert vectorizer.set_output(transform="default").transform(TEXTS).format == "csr"
    with pytest.raises(ValueError, match="sparse matrix"):  # a hundred thousand dense columns would help nobody
        vectorizer.set_output(transform="pandas").transform(TEXTS)


def test_a_pickle_says_the_same_and_carries_nothing_that_is_only_remembered() -> None:
    model = ToneClassifier(min_count=1, folds=2).fit(TEXTS, Y)
    size = len(pickle.dumps(model))
    wanted = model.predict_proba(["The midwife overlooked it.", *TEXTS])
    assert len(pickle.dumps(model)) == size
    assert (pickle.loads(pickle.dumps(model)).predict_proba(["The midwife overlooked it.", *TEXTS]) == wanted).all()


def test_fitting_again_leaves_nothing_of_the_first_time() -> None:
    model = ToneClassifier(min_count=1, folds=2).fit(TEXTS, Y)
    assert model.validation_logits_.shape == (18, 3)
    model.set_params(folds=0).fit(TEXTS[:2], Y[:2])
    assert not hasattr(model, "validation_logits_")
    assert list(model.classes_) == ["blame", "learning"]
    assert sorted(set(vars(model)) - set(model.get_params())) == ["classes_", "head_", "n_iter_", "vectorizer_"]
