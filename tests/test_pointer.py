"""Where a comment is put: the stretch that readers would mark, whole words, never half of a quotation."""

from __future__ import annotations

import re

import pytest

import scr_tone
from scr_tone.pointer import WordOdds, pointed
from scr_tone.records import Cue


def odds(text: str, marked: str) -> list[WordOdds]:
    """Of the words of a sentence: those of `marked` are likely, the others are not."""
    start, end = text.index(marked), text.index(marked) + len(marked)
    return [
        WordOdds(
            word.start(),
            word.end(),
            1.0 if start <= word.start() < end else -9.0,
            2.0 if word.start() == start else -2.0,
            2.0 if word.end() == end else -2.0,
        )
        for word in re.finditer(r"\w+", text)
    ]


@pytest.mark.parametrize(
    ("text", "marked", "found"),
    [
        ("The nurse failed to ring.", "failed to ring", "failed to ring"),
        ("It was an ill-judged decision by the ward.", "ill-judged decision", "ill-judged decision"),
        ("She had been \u201cfobbed off\u201d by the desk.", "fobbed off", "fobbed off"),
        ("She was \u201cfobbed off\u201d and left alone.", "off\u201d and left", "and left"),
        ("He did not ring (nor did she) that day.", "ring (nor", "ring"),
        ("She was \u2018fobbed off\u2019 by the parents\u2019 own school.", "was \u2018fobbed", "was"),
        ("It was \u201coff\u201d and \u201cleft alone\u201d.", "off\u201d and \u201cleft", "off"),
        (
            "The parents\u2019 own school failed them.",
            "parents\u2019 own school failed them",
            "parents\u2019 own school failed them",
        ),
        ("Nobody rang until 6.30 that evening.", "Nobody rang until 6.30", "Nobody rang until 6.30"),
        ("Nobody rang; nobody came.", "rang; nobody came", "nobody came"),
    ],
)
def test_the_likeliest_stretch_of_whole_words_is_pointed_at(text: str, marked: str, found: str) -> None:
    telling = pointed(odds(text, marked), text)
    assert telling is not None
    assert telling.text == found == text[telling.start : telling.end]


def test_a_weak_word_between_two_likely_ones_does_not_cut_the_stretch() -> None:
    text = "The team failed the whole of this family."
    weights = {"failed": 2.0, "the": -0.5, "whole": 0.5, "of": -0.5, "this": 0.2, "family": 2.0}
    words = [WordOdds(w.start(), w.end(), weights.get(w.group(), -3.0), 0.0, 0.0) for w in re.finditer(r"\w+", text)]
    telling = pointed(words, text)
    assert telling is not None and telling.text == "failed the whole of this family"


def test_where_a_stretch_begins_and_ends_counts_too() -> None:
    text = "The team failed this family badly."
    words = [WordOdds(w.start(), w.end(), 0.5, -1.0, -1.0) for w in re.finditer(r"\w+", text)]
    words[2] = words[2]._replace(begins=4.0)
    words[4] = words[4]._replace(ends=4.0)
    telling = pointed(words, text)
    assert telling is not None and telling.text == "failed this family"


def test_a_name_that_is_one_to_the_model_is_not_cut() -> None:
    text = "The school failed Daniel Smith badly."
    words = [
        WordOdds(0, 3, -3.0, -3.0, -3.0),
        WordOdds(4, 10, -3.0, -3.0, -3.0),
        WordOdds(11, 17, 2.0, 3.0, -1.0),
        WordOdds(18, 30, 1.0, -3.0, 2.0),
        WordOdds(31, 36, -2.0, -3.0, 0.0),
    ]
    telling = pointed(words, text)
    assert telling is not None and telling.text == "failed Daniel Smith"


def test_where_nothing_is_known_nothing_is_pointed_at() -> None:
    assert pointed([], "The nurse rang.") is None


def test_it_has_the_family_and_the_weight_of_the_cues_in_it() -> None:
    text = "It was careless, and she should have known better than that."
    cues = [
        Cue(7, 15, "careless", "character and competence", 3.0),
        Cue(25, 42, "should have known", "counterfactuals", 2.0),
        Cue(43, 49, "better", None, 1.0),
    ]
    telling = pointed(odds(text, "should have known better"), text, cues)
    assert telling == Cue(25, 49, "should have known better", "counterfactuals", 3.0)


def test_the_standard_model_points_at_phrases_and_the_small_one_does_not() -> None:
    text = "4.2 The review found that [tone: intended] the duty desk failed to pass the letter on."
    (found,) = scr_tone.load("standard").analyse("The duty desk failed to pass the letter on.").sentences
    assert found.telling is not None
    assert "failed to" in found.telling.text
    assert found.text[found.telling.start : found.telling.end] == found.telling.text
    (moved,) = scr_tone.load("standard").analyse(text).sentences
    assert moved.telling is not None
    assert text[moved.telling.start : moved.telling.end] == moved.telling.text
    (small,) = scr_tone.load("small").analyse("The duty desk failed to pass the letter on.").sentences
    assert small.telling is None


def test_the_report_and_the_comment_point_at_the_same_words() -> None:
    from scr_tone.annotate.remarks import remarks

    report = scr_tone.load("standard").analyse("They met in May. The duty desk failed to pass the letter on.")
    (flagged,) = [one for one in report.to_dict()["sentences"] if one["flagged"]]
    (remark,) = remarks([flagged], report.document.text)
    assert {"start": remark.start, "end": remark.end} == flagged["telling"]


def test_without_words_nothing_is_pointed_at() -> None:
    report = scr_tone.load("standard").analyse("The nurse failed to ring.", cues=False)
    assert report.sentences[0].telling is None
