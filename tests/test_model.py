"""Features, estimator and scorer: one arithmetic, seen from three sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import f1_score, precision_recall_fscore_support

import scr_tone
from scr_tone.classifier import NgramVectorizer, ToneClassifier
from scr_tone.evaluation import expected_calibration_error, metrics
from scr_tone.features import NgramFeatures, tokens
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR, NgramReading, TextModel, adjusted_prior, probabilities

TEXTS = [
    f"{who} {what}." for who in ("The nurse", "The school", "Police") for what in ("failed to ring", "was busy", "left")
]
Y = ["blame", "learning", "neutral"] * 3


def test_typeface_digits_and_list_marks_do_not_matter() -> None:
    seen = "The nurse didn't ring on 3 May 2014."
    features = NgramFeatures(min_count=1).fit([seen, seen.lower(), seen.lower()])
    plain = features.row("The nurse didn't ring on 3 May 2014.")
    for same in (
        "4.12 The nurse didn\u2019t ring on 9 May 1999.",
        "(b) THE NURSE didn't ring on 3 May 2014.",
        "\u2022 The nurse didn't ring on 3 May 2014.",
    ):
        row = features.row(same)
        assert set(row.indices) == set(plain.indices)
        assert np.allclose(np.sort(row.weights), np.sort(plain.weights))


@pytest.mark.parametrize(
    "frame", ["{} failed to call back.", "On Friday {} did not refer the child to Ofsted.", "{} is sorry."]
)
def test_scores_do_not_hang_on_the_name(tone: scr_tone.ToneAnalyser, frame: str) -> None:
    # Known to differ: names that are words ("Brown", "Hill"), and the hyphen of double names.
    names = [
        "John Smith",
        "Amina Yusuf",
        "Zebedee Quartermain",
        "Siobh\u00e1n O\u2019Neill",
        "Wei Zhang",
        "Oluwaseun Adeyemi",
    ]
    first, *others = (prediction.scores for prediction in tone.label([frame.format(name) for name in names]))
    assert all(scores == first for scores in others)
    titled = [tone.label([frame.format(f"{title} Okafor")])[0].scores for title in ("Mr", "Mrs", "Ms", "Miss")]
    assert all(scores == titled[0] for scores in titled)


def test_a_named_person_can_be_blamed(tone: scr_tone.ToneAnalyser) -> None:
    assert tone.label(["Amina Yusuf failed to call back."])[0].label == "blame"


def test_names_and_dates_are_folded_and_known_words_are_not() -> None:
    common = {"the", "trust", "police", "told", "on"}
    folded = [
        token.text
        for token in tokens("Police told Mrs Amina Yusuf's Trust on Monday 3 June that NHS A & Child J left.", common)
    ]
    assert folded == [
        "police",
        "told",
        "<title>",
        "<name>",
        "trust",
        "on",
        "<date>",
        "0",
        "<date>",
        "that",
        "nhs",
        "a",
        "&",
        "<name>",
        "left",
        ".",
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_tokens_stand_where_they_say(text: str) -> None:
    at = 0
    for token in tokens(text):
        assert at <= token.start < token.end <= len(text)
        at = token.end


def test_rows_have_unit_length_per_block() -> None:
    features = NgramFeatures(min_count=1).fit(TEXTS)
    row = features.row(TEXTS[0])
    assert np.isclose(float(row.weights @ row.weights), 2.0)  # the word block and the character block
    assert len(set(row.indices.tolist())) == len(row.indices)


def test_the_scorer_computes_what_scikit_learn_computes(tiny_model: TextModel) -> None:
    model = ToneClassifier(min_count=1, folds=0, prior=None).fit(TEXTS, Y)
    by_sklearn = model.predict_proba(TEXTS)
    by_scorer = probabilities(model.text_model(), TEXTS)
    assert np.allclose(by_sklearn, by_scorer, atol=1e-5)
    assert np.allclose(by_scorer.sum(axis=1), 1)


def test_token_weights_add_up_to_the_logits(tiny_model: TextModel) -> None:
    head = tiny_model.heads["label"]
    for sentence in ("The nurse failed to ring.", "The school failed, and the school failed again."):
        logits = head.logits(tiny_model.features.row(sentence))
        blame, neutral = head.classes.index("blame"), head.classes.index("neutral")
        bias = (head.intercept[blame] - head.intercept[neutral]) / head.temperature
        total = sum(word.weight for word in NgramReading(tiny_model, sentence).token_weights("blame")) + bias
        assert np.isclose(total, logits[blame] - logits[neutral], atol=1e-4)


def test_estimator_clones_and_predicts_its_classes() -> None:
    model = ToneClassifier(C=2.0, min_count=1, folds=0)
    again = clone(model)
    assert again.get_params() == model.get_params()
    fitted = again.fit(TEXTS, Y)
    assert set(fitted.predict(TEXTS)) <= set(Y)
    assert list(fitted.classes_) == sorted(set(Y))
    assert NgramVectorizer(min_count=1).fit(TEXTS).transform(TEXTS).shape[0] == len(TEXTS)


def test_temperature_lowers_overconfidence() -> None:
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("abcdefghij"), 6)) for _ in range(100)]  # digits would all be one
    texts = [" ".join(rng.choice(words, 8)) for _ in range(200)]  # no signal at all: an honest model says 1/3
    labels = list(rng.choice(["blame", "learning", "neutral"], 200))
    kwargs = {"min_count": 1, "prior": None, "C": 100.0, "word_range": (1, 1), "char_range": (3, 3)}
    raw = ToneClassifier(folds=0, **kwargs).fit(texts[:150], labels[:150])
    cooled = ToneClassifier(folds=5, **kwargs).fit(texts[:150], labels[:150])
    assert cooled.head_.temperature > 1.5
    assert cooled.predict_proba(texts[150:]).max() < raw.predict_proba(texts[150:]).max()


def test_groups_stay_together_in_validation() -> None:
    texts, labels, groups = [], [], []
    for index, label in enumerate(("blame", "learning", "neutral")):
        texts += [f"word{index} here"] * 10
        labels += [label] * 10
        groups += [label] * 10
    model = ToneClassifier(folds=3, min_count=1, prior=None).fit(texts, labels, groups=groups)
    # With each label in one group, a fold's model has never seen the held-out label, so it is always wrong.
    assert (model.validation_logits_.argmax(axis=1) != np.repeat([0, 1, 2], 10)).all()


def test_prior_moves_scores_and_is_checked(tiny_model: TextModel) -> None:
    head = tiny_model.heads["label"]
    sentence = ["The nurse visited on 3 May."]
    place = head.classes.index("blame")
    plain = probabilities(tiny_model, sentence)[0, place]
    rare = probabilities(tiny_model, sentence, shift=adjusted_prior(head, NATURAL_PRIOR, 1.0))[0, place]
    assert rare < plain
    assert np.allclose(adjusted_prior(head, None, 1.0), 0)
    assert np.allclose(adjusted_prior(head, NATURAL_PRIOR, 0.0), 0)
    assert abs(sum(NATURAL_PRIOR.values()) - 1) < 1e-9
    with pytest.raises(scr_tone.ConfigError, match="share above 0"):
        adjusted_prior(head, {"blame": 1.0}, 1.0)
    with pytest.raises(scr_tone.ConfigError, match="strength"):
        adjusted_prior(head, None, 2.0)


def test_metrics_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(4), 300)
    truth = [LABELS[i] for i in rng.integers(4, size=300)]
    found = metrics(truth, probabilities, resamples=200)
    predicted = [LABELS[i] for i in probabilities.argmax(axis=1)]
    assert np.isclose(found["macro_f1"], f1_score(truth, predicted, average="macro"))
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=list(LABELS))
    for index, label in enumerate(LABELS):
        row = found["per_label"][label]
        assert np.allclose([row["precision"], row["recall"], row["f1"]], [precision[index], recall[index], f1[index]])
        assert row["support"] == support[index]
    assert sum(sum(row.values()) for row in found["confusion"].values()) == 300
    low, high = found["macro_f1_ci"]
    assert low < found["macro_f1"] < high
    assert found == metrics(truth, probabilities, resamples=200)


def test_calibration_error_by_hand() -> None:
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.65, 0.35], [0.65, 0.35]])
    truth = np.array([0, 0, 0, 1])
    assert np.isclose(expected_calibration_error(probabilities, truth), 0.5 * 0.05 + 0.5 * 0.15)


def test_clustered_bootstrap_is_wider() -> None:
    truth = ["blame"] * 50 + ["neutral"] * 50
    probabilities = np.zeros((100, 4))
    right = np.repeat(np.arange(10) % 2 == 0, 10)  # whole reports right or wrong
    probabilities[:, 3] = np.where(right, 0.0, 1.0)
    probabilities[:, 0] = 1 - probabilities[:, 3]
    single = metrics(truth, probabilities)["macro_f1_ci"]
    grouped = metrics(truth, probabilities, groups=list(np.repeat(np.arange(10), 10)))["macro_f1_ci"]
    assert grouped[1] - grouped[0] > single[1] - single[0]


def test_reliability_is_a_picture_that_can_be_read_aloud() -> None:
    from xml.etree import ElementTree

    from scr_tone.evaluation import reliability
    from scr_tone.rendering.reliability import reliability_svg

    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.55, 0.45], [0.6, 0.4]])
    table = reliability(shares, np.array([0, 0, 1, 0]))
    assert [(row["n"], row["accuracy"]) for row in table] == [(1, 0.0), (1, 1.0), (1, 1.0), (1, 1.0)]
    picture = ElementTree.fromstring(reliability_svg(table, "small <on> a set"))
    assert "right 0.00, 1 sentences" in "".join(picture.itertext())


def test_precision_at_natural_shares() -> None:
    truth = ["blame"] * 50 + ["neutral"] * 50
    shares = np.zeros((100, 4))
    shares[:50, 0] = 1  # all blame is found
    shares[50:60, 0] = 1  # and a fifth of the neutral
    shares[60:, 3] = 1
    natural = {"blame": 0.1, "learning": 0.0, "accountability": 0.0, "neutral": 0.9}
    row = metrics(truth, shares, natural=natural, resamples=10)["per_label"]["blame"]
    assert np.isclose(row["precision"], 50 / 60)
    assert np.isclose(row["natural_precision"], 0.1 / (0.1 + 0.9 * 0.2))


def test_parts_with_few_sentences_are_left_out() -> None:
    from scr_tone.evaluation import breakdown

    shares = np.tile([1.0, 0, 0, 0], (40, 1))
    found = breakdown(["blame"] * 40, shares, ["long"] * 35 + ["short"] * 5)
    assert list(found) == ["long"]
    assert found["long"]["blame_recall"] == 1
