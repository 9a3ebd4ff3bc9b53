"""Quotations of several sentences: whoever spoke in the first still speaks in the others."""

from __future__ import annotations

import pytest

import scr_tone
from scr_tone.speech import quotations

FAULT = "The nurse failed to tell them."


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [
        ("She said: \u201cNobody rang. They waited.\u201d Then it rained.", [(10, 36)]),
        ('She said: "Nobody rang. They waited." Then it rained.', [(10, 36)]),
        ("The parents\u2019 \u201cwait\u201d was long.", [(13, 18)]),
        ("\u201cOne.\u201d Two. \u201cThree.\u201d", [(0, 5), (12, 19)]),
        ("\u201cNever closed. They waited.", []),
        ("The \u201cplan was lost. They waited. It called it a \u201cplan\u201d.", [(48, 53)]),
        ('A gap 6" wide. They waited. It was 8" wide.', []),
        ('He wrote "no answer" twice.', [(9, 19)]),
        ('A 6" pipe was found. They waited.', []),
        ("Closed only.\u201d They waited.", []),
        ("", []),
    ],
)
def test_marks_in_pairs_make_a_quotation(paragraph: str, found: list[tuple[int, int]]) -> None:
    assert quotations(paragraph) == found


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        (f"She said: \u201cNobody rang. {FAULT} It was May.\u201d {FAULT}", ["reported", "review"]),
        (f'She said: "Nobody rang. {FAULT}" {FAULT}', ["reported", "review"]),
        (f"She said: \u201cNobody rang. It was May.\n\n{FAULT} It rained.\u201d", ["review"]),
        (f"He wrote \u201cno answer\u201d twice. {FAULT}", ["review"]),
        (f"He wrote \u201cNo answer. The nurse failed to tell them\u201d and went home. {FAULT}", ["review"]),
    ],
)
def test_a_sentence_within_a_quotation_is_in_another_voice(text: str, voices: list[str]) -> None:
    report = scr_tone.load("small").analyse(text)
    assert [one.voice for one in report.sentences if one.text.startswith(FAULT)] == voices


def test_it_is_left_out_with_the_quotations_where_that_is_asked_for() -> None:
    report = scr_tone.load("small").analyse(f"She said: \u201cNobody rang. {FAULT}\u201d {FAULT}", skip=["quotes"])
    assert [one.skipped for one in report.sentences] == [None, "quote", None]
