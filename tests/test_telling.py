"""The words that a comment is anchored at: whole words, the telling ones, never across a quotation mark or most of a sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_tone.records import Cue
from scr_tone.telling import telling_cues, telling_span


def cue(text: str, words: str, family: str | None = None, weight: float = 1.0) -> Cue:
    start = text.index(words)
    return Cue(start, start + len(words), words, family, weight)


def pointed_at(text: str, *cues: Cue) -> str | None:
    span = telling_span(cues, text)
    return span and text[span[0] : span[1]]


def test_listed_words_go_before_heavier_others() -> None:
    text = "On 3 August the nurse failed to ring."
    cues = (cue(text, "August"), cue(text, "nurse", weight=9), cue(text, "failed to", "failure verbs", 0.1))
    assert pointed_at(text, *cues) == "failed to"
    assert [one.text for one in telling_cues(cues, text)] == ["failed to"]


def test_words_that_stand_together_make_one_stretch_and_of_others_the_heaviest_counts() -> None:
    text = "She failed to adequately ask, was careless and, in the end, was wholly inadequate."
    first, second = cue(text, "failed to", "failure verbs"), cue(text, "careless", "character and competence", 3)
    assert pointed_at(text, first, second) == "careless"
    third = cue(text, "wholly inadequate", "guilt and punishment", 0.5)
    assert pointed_at(text, first, third) == "failed to"
    assert pointed_at("was wholly and utterly to blame", *(
        cue("was wholly and utterly to blame", words, "guilt and punishment") for words in ("wholly", "to blame")
    )) == "wholly and utterly to blame"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("HV3\u2019s inaction is so.", "s inaction", "inaction"),
        ("He said \u201cdone a form\u201d and took money.", "form\u201d and took money", "took money"),
        ("It was the Board\u2019s plan.", "Board\u2019s plan", "Board\u2019s plan"),
        ("They saw it ('all of it') and left.", "saw it ('all", "saw"),
        ("Nor was it any use to be told that he was out", "Nor was it any use to be told that", "Nor was it any use"),
        ("He left, and the door banged.", "left, and the door", "left"),
    ],
)
def test_other_words_are_whole_and_few_and_of_one_piece(text: str, words: str, expected: str) -> None:
    assert pointed_at(text, cue(text, words)) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Going on was ill-judged.", "ill", "ill-judged"),
        ("Going on was ill\u2010judged.", "judged", "ill\u2010judged"),
        ("It was a well-thought-out lie.", "thought", "well-thought-out"),
        ("It was cold \u2013 ill as he was.", "ill", "ill"),
    ],
)
def test_a_word_of_several_parts_is_pointed_at_whole(text: str, words: str, expected: str) -> None:
    assert pointed_at(text, cue(text, words)) == expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("It apparently did not occur to either of them.", "apparently", "apparently did not occur to either"),
        ("The team, regrettably, chose to close the case.", "regrettably", "chose to close the case"),
        ("Her sister said: \u201cIf they had moved her she\u2019d be alive.\u201d", "said", "If they had moved her"),
        ("He did as he would.", "would", "would"),
        ("do as he would;\nring her mother", "would", "would"),
        ("Sadly, it rained. They left.", "Sadly", "it rained"),
        ("It was sadly inadequate.", "sadly inadequate", "sadly inadequate"),
    ],
)
def test_a_word_that_says_nothing_alone_is_pointed_at_with_what_follows(text: str, word: str, expected: str) -> None:
    assert pointed_at(text, cue(text, word)) == expected


def test_who_is_spoken_of_is_pointed_at_only_where_nothing_else_weighed() -> None:
    text = "She said of Social Worker 1 that she just didn\u2019t get it, and left the duty nurse out."
    name, said = cue(text, "Social Worker 1", weight=9), cue(text, "didn\u2019t get")
    assert pointed_at(text, name, said) == "didn\u2019t get"
    assert pointed_at(text, cue(text, "duty nurse", weight=9), said) == "didn\u2019t get"
    assert pointed_at(text, name) == "Social Worker 1"
    assert pointed_at(text, cue(text, "left the duty nurse", weight=9), said) == "left the duty nurse"


def test_without_cues_there_is_nothing_to_point_at() -> None:
    assert telling_span((), "The nurse rang.") is None
    assert telling_cues((), "The nurse rang.") == ()


@given(st.text("ab \u2019'\u201c\u201d,.\u00e9", min_size=1, max_size=40), st.data())
def test_a_stretch_lies_in_its_cue_and_has_few_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = telling_span((Cue(start, end, text[start:end], None, 1.0),), text)
    assert span is not None
    assert start <= span[0] < span[1] <= end
    if span != (start, end):
        assert len(re.findall(r"\w+", text[slice(*span)])) <= 10
        assert not set(text[slice(*span)]) & set("\u201c\u201d,")
