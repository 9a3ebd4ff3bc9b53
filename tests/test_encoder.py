"""The encoder model that ships: the same answer alone and in company, traced to words, and out of reach of accidents."""

from __future__ import annotations

import json
import pickle
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import scr_tone
from scr_tone.artefact import load
from scr_tone.encoder import EncoderModel
from scr_tone.scorer import probabilities

SENTENCES = [
    "The health visitor failed to make even the most basic of checks.",
    "The duty desk had two workers for nine wards that week.",
    "The trust accepts that its letter was late and has apologised to the family.",
    "He was seen at home on 3 May.",
    "A short one",
    "The review was told, at some length, that "
    + "the record was kept in three places, " * 12
    + "and that nobody read all.",
]


@pytest.fixture(scope="module")
def model() -> EncoderModel:
    found = load("standard").model
    assert isinstance(found, EncoderModel)
    return found


def test_it_tells_the_plainest_cases_apart(standard: scr_tone.ToneAnalyser) -> None:
    found = [prediction.label for prediction in standard.label(SENTENCES[:4])]
    assert found == ["blame", "learning", "accountability", "neutral"]


def test_company_does_not_move_a_score(model: EncoderModel) -> None:
    together = probabilities(model, SENTENCES)
    fresh = EncoderModel(model.files, model.heads)
    alone = np.concatenate([probabilities(fresh, [sentence]) for sentence in reversed(SENTENCES)])[::-1]
    assert np.abs(together - alone).max() < 1e-4


def test_what_is_remembered_is_what_was_computed(model: EncoderModel) -> None:
    fresh = EncoderModel(model.files, model.heads)
    first = probabilities(fresh, SENTENCES)
    assert np.array_equal(first, probabilities(fresh, SENTENCES))
    assert not any(sentence.encode() in key for key in fresh._memory for sentence in SENTENCES)


def noted(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the encoder is given from now on."""
    read: list[str] = []
    submit = model.submit
    monkeypatch.setattr(model, "submit", lambda texts, **pool: read.extend(texts) or submit(texts, **pool))
    return read


@pytest.mark.parametrize("threads", [1, 3])
def test_as_many_threads_as_one_likes_give_the_same(model: EncoderModel, threads: int) -> None:
    """With several, the next sentences and the words of blaming ones are read while the caller looks at others."""
    many = [f"{sentence} This was in {month}." for month in ("May", "June", "July") for sentence in SENTENCES * 4]
    fresh = EncoderModel(model.files, model.heads, threads=threads)
    tone = scr_tone.ToneAnalyser(fresh)
    alone = scr_tone.ToneAnalyser(EncoderModel(model.files, model.heads, threads=1))
    assert tone.label(many) == [alone.label([sentence])[0] for sentence in many]


def test_a_sentence_on_its_way_is_not_read_again(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = EncoderModel(model.files, model.heads, threads=2)
    read = noted(fresh, monkeypatch)
    many = [f"It rained in the {at}th week." for at in range(40, 80)]
    assert len(list(fresh.read([*many, *many, "The bus was late."]))) == 81
    assert len(read) == len({fresh.normalised(text).text for text in [*many, "The bus was late."]})


def test_what_was_foreseen_is_not_read_again(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where the sentence is the last: its words are then still on their way when all sentences are read."""
    fresh = EncoderModel(model.files, model.heads, threads=2)
    read = noted(fresh, monkeypatch)
    found = scr_tone.ToneAnalyser(fresh).label(["He was seen at home on 3 May.", SENTENCES[0]])
    assert found[1].label == "blame" and found[1].cues
    assert len(read) == len(set(read)) > 2


def test_who_wants_no_more_does_not_wait_for_all(model: EncoderModel) -> None:
    before = set(threading.enumerate())
    fresh = EncoderModel(model.files, model.heads, threads=2)
    reader = fresh.read([f"The {at}th bus came past the school and stopped." for at in range(1000)])
    first = next(reader)
    first.foresee("blame")
    began = time.perf_counter()
    reader.close()
    assert set(threading.enumerate()) <= before and time.perf_counter() - began < 2
    assert first.token_weights("blame") == next(fresh.read([first.sentence])).token_weights("blame")
    first.foresee("blame")  # nothing is left to begin it, and nothing goes wrong


def test_a_second_check_reads_nothing_again(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what is left of a blaming sentence without some of its words."""
    fresh = EncoderModel(model.files, model.heads)
    tone, read = scr_tone.ToneAnalyser(fresh), noted(fresh, monkeypatch)
    first = tone.label(SENTENCES)
    assert first[0].label == "blame" and len(read) > len(SENTENCES)
    read.clear()
    assert tone.label([*SENTENCES, "It rained."]) == [*first, *tone.label(["It rained."])]
    assert read == ["It rained."]
    tone.forget()
    tone.label(SENTENCES[:1])
    assert len(read) > 2


def test_what_is_the_same_to_the_encoder_is_read_once(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = EncoderModel(model.files, model.heads)
    read = noted(fresh, monkeypatch)
    named = ["The nurse told Amina Yusuf.", "The nurse told John Smith.", "The nurse told Amina Yusuf."]
    logits = [reading.logits("label") for reading in fresh.read(named)]
    assert len(read) == 1 and np.array_equal(logits[0], logits[1]) and np.array_equal(logits[0], logits[2])
    list(fresh.read(["The nurse told Amina Khan.", *named]))
    assert len(read) == 1


def test_what_one_sentence_is_read_as_may_be_another_sentence(model: EncoderModel) -> None:
    dated, bare = "6.10.20 - no entry.", "- no entry."
    assert model.normalised(dated).text == bare != model.normalised(bare).text
    after, alone = EncoderModel(model.files, model.heads), EncoderModel(model.files, model.heads)
    list(after.read([dated]))
    assert np.array_equal(probabilities(after, [bare]), probabilities(alone, [bare]))
    assert not np.array_equal(probabilities(alone, [dated]), probabilities(alone, [bare]))


def test_a_sentence_that_was_remembered_is_not_worked_out_again(
    model: EncoderModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = EncoderModel(model.files, model.heads)
    list(fresh.read(SENTENCES))
    monkeypatch.setattr("scr_tone.encoder.normalise", None)
    assert len(list(fresh.read(SENTENCES))) == len(SENTENCES)


def test_what_is_remembered_of_words_is_of_these_pieces(model: EncoderModel) -> None:
    """One and the same text to the encoder, found in other pieces of the sentence, is explained anew."""
    (reading,) = model.read(SENTENCES[:1])
    whole = reading.token_weights("blame")
    pieces = reading.normalised.pieces
    merged = pieces[0]._replace(end=pieces[1].end, source_end=pieces[1].source_end)
    other = replace(reading, found=replace(reading.found, words={}))
    other.__dict__["normalised"] = reading.normalised._replace(pieces=(merged, *pieces[2:]))
    assert len(other.token_weights("blame")) == len(whole) - 1
    assert reading.token_weights("blame") == whole


def test_it_goes_to_another_process_closed(model: EncoderModel) -> None:
    """A fork is tested in test_tone_component, where it matters."""
    list(model.read(SENTENCES[:1]))
    again = pickle.loads(pickle.dumps(model))
    assert again._session is None and not again._memory
    assert np.array_equal(probabilities(again, SENTENCES[:2]), probabilities(model, SENTENCES[:2]))


def test_features_are_what_the_heads_see(model: EncoderModel) -> None:
    head = model.heads["label"]
    logits = (
        np.stack([states.mean(0) for states, _ in model.states(SENTENCES)]) @ head.coef + head.intercept
    ) / head.temperature
    read = np.stack([reading.logits("label") for reading in model.read(SENTENCES)])
    assert np.abs(logits - read).max() < 1e-3


def test_word_weights_add_up_to_the_logits_but_for_the_marks_at_both_ends(model: EncoderModel) -> None:
    head = model.heads["label"]
    blame, neutral = head.classes.index("blame"), head.classes.index("neutral")
    bias = (head.intercept[blame] - head.intercept[neutral]) / head.temperature
    for sentence, reading in zip(SENTENCES, model.read(SENTENCES), strict=True):
        marks = reading.found.shares[[0, -1]]
        rest = float((marks[:, blame] - marks[:, neutral]).sum())
        total = sum(reading.shares("blame")) + bias + rest
        logits = reading.logits("label")
        assert np.isclose(total, logits[blame] - logits[neutral], atol=1e-3)
        words = reading.token_weights("blame")
        assert all(0 <= word.start < word.end <= len(sentence) for word in words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The nurse should have told Amina Yusuf.", "The nurse should have told John Smith."),
        ("It was organized on 3 May 2011.", "It was organised on 9 June 2019."),
        ("He said \u201cnobody rang\u201d.", 'He said "nobody rang".'),
        ("4.12 Nobody asked the mother.", "7.1 Nobody asked the mother."),
    ],
)
def test_accidents_move_nothing(model: EncoderModel, one: str, other: str) -> None:
    assert np.array_equal(probabilities(model, [one]), probabilities(model, [other]))


@pytest.mark.parametrize("text", ["", " ", "\u00e9", "\U0001f642", "word " * 5000, "\x00", "\ud800"])
def test_any_string_gets_a_distribution(model: EncoderModel, text: str) -> None:
    shares = probabilities(model, [text])
    assert shares.shape == (1, 4)
    assert np.isclose(shares.sum(), 1)


def test_no_sentences_no_result(model: EncoderModel) -> None:
    assert probabilities(model, []).shape == (0, 4)


def test_threads_share_it(model: EncoderModel) -> None:
    fresh = EncoderModel(model.files, model.heads)
    expected = probabilities(model, SENTENCES)
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(probabilities(fresh, SENTENCES))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.abs(shares - expected).max() < 1e-4 for shares in found)
    assert len(found) == 4


def test_it_is_small_enough(root: Path) -> None:
    manifest = json.loads((root / "models" / "standard" / "manifest.json").read_text(encoding="utf-8"))
    assert sum(entry["bytes"] for entry in manifest["files"].values()) < 60_000_000


def test_the_words_without_which_there_is_no_blame_are_cited(standard: scr_tone.ToneAnalyser) -> None:
    sentence = "On the ward that evening the registrar, careless as ever of the plan, went home early."
    (found,) = standard.label([sentence])
    assert found.label == "blame"
    assert any("careless" in cue.text for cue in found.cues)


def test_other_labels_are_explained_by_reading_again_when_asked(standard: scr_tone.ToneAnalyser) -> None:
    sentences = [
        "With thirty-one cases and no duty manager, the worker relied on the telephone.",
        "The rota left one nurse to cover two wards at night.",
        "The form had no space for what the school knew, so it was not passed on.",
        "Supervision had lapsed during the merger, and nobody had been told who would take it over.",
        "The partnership accepts these findings and will report its progress to the board in May.",
        "We apologise to the family, and we answer for what happened on our ward.",
    ]
    quick, full = (standard.label(sentences, explain=explain) for explain in (False, True))
    assert [one.label for one in full] == ["learning"] * 4 + ["accountability"] * 2
    assert [one.scores for one in quick] == [one.scores for one in full]

    def fall(sentence: str, prediction: scr_tone.Prediction) -> float:
        assert prediction.cues
        text = sentence
        for cue in reversed(prediction.cues):
            text = text[: cue.start] + text[cue.end :]
        label = prediction.label
        return prediction.scores[label] - standard.label([text], cues=False)[0].scores[label]

    falls = [fall(*pair) for pair in zip(sentences, full, strict=True)]
    assert min(falls) > 0
    assert np.mean(falls) > 0.3


@pytest.mark.parametrize("part", ["onnx", "tokenizer"])
def test_files_that_cannot_be_opened(model: EncoderModel, part: str) -> None:
    """In a folder that was trusted, made for later libraries for example; those of the bundled model are pinned."""
    broken = {"onnx": model.files.onnx[:1000]} if part == "onnx" else {"tokenizer": '{"version": "9"}'}
    with pytest.raises(scr_tone.ModelError, match="its encoder cannot be opened"):
        EncoderModel(replace(model.files, **broken), model.heads).states(["It rained."])
