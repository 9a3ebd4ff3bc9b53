"""Ids of findings: the words make them, and nothing else."""

from __future__ import annotations

import pytest

import scr_tone
from scr_tone.finding_ids import finding_ids

SENTENCE = "The nurse failed to call back that day."


@pytest.mark.parametrize(
    "same",
    [
        "4.12 The nurse failed to call back that day.",
        "4.13\u00a0The nurse failed to call back that day.",
        "(b) the nurse  failed to\ncall back that day.",
        "\u2022 The nurse failed to call back that day.",
    ],
)
def test_number_space_and_case_do_not_count(same: str) -> None:
    assert finding_ids([same]) == finding_ids([SENTENCE])


@pytest.mark.parametrize(
    "other", ["The nurse failed to call back that day!", "The nurse did not call back that day.", "4.12"]
)
def test_other_words_make_another_id(other: str) -> None:
    assert finding_ids([other]) != finding_ids([SENTENCE])


def test_quotation_marks_of_either_shape_are_one() -> None:
    assert finding_ids(["It was \u201ctoo late\u201d, the nurse\u2019s note says."]) == finding_ids(
        ['It was "too late", the nurse\'s note says.']
    )


def test_a_repeat_is_told_apart_and_a_bare_number_stays_something() -> None:
    one, two, three = finding_ids([SENTENCE, "4.1", SENTENCE])
    assert three == f"{one}-2"
    assert two not in (one, three)


def test_an_edit_elsewhere_leaves_the_id_alone(tone: scr_tone.ToneAnalyser) -> None:
    first = tone.analyse(f"It rained. {SENTENCE} The school rang.")
    third = tone.analyse(f"A new opening. It poured. {SENTENCE} The school rang twice.")
    assert first.sentences[1].id == third.sentences[2].id
    assert len({s.id for s in third.sentences}) == 4


def test_lone_surrogates_do_no_harm() -> None:
    assert len(finding_ids(["A \ud800 sign."])[0]) == 12
