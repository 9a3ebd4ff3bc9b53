"""The purpose profile as a report gives it out."""

from __future__ import annotations

import scr_tone

PURPOSE = "The purpose of this review is to learn how services can keep babies safer."


def test_the_evidence_is_the_sentences_and_in_json_their_places(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse(f"It rained. {PURPOSE}")
    assert [sentence.text for sentence in report.purpose["positive"].evidence] == [PURPOSE]
    assert report.to_dict()["purpose"]["positive"] == {"status": "met", "evidence": [1], "missing": ""}
    assert report.purpose["communicated"].status == "not_found"
    assert "told" in report.purpose["communicated"].missing


def test_learning_claimed_and_blame_found_is_said(tone: scr_tone.ToneAnalyser) -> None:
    people = ("nurse", "teacher", "doctor", "worker", "officer", "manager")
    report = tone.analyse(" ".join([PURPOSE, *(f"The {who} failed to act on what she was told." for who in people)]))
    assert report.contradiction is not None
    assert "sentence 1" in report.contradiction
    assert report.to_dict()["contradiction"] == report.contradiction
    assert tone.analyse(PURPOSE).contradiction is None
