"""The purpose profile: the codebook's table, line by line, in sentences of our own; and how it is given out."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import scr_tone
from scr_tone.purpose import QUESTIONS, contradiction, profile

PURPOSE = "The purpose of this review is to learn how services can keep babies safer."


@pytest.mark.parametrize(
    ("sentences", "question", "status"),
    [
        (["The reviewer explained the purpose of the review to the social workers and to the mother."], "communicated", "met"),
        (["The family were told what the review is for."], "communicated", "partly"),
        (["The health visitor and the teachers were interviewed by the lead reviewer."], "communicated", "partly"),
        (["The panel met six times."], "communicated", "not_found"),
        ([PURPOSE], "positive", "met"),
        (["The purpose of this review is not to apportion blame."], "positive", "partly"),
        (["The period under review runs from May 2015 to June 2017."], "positive", "not_found"),
        (["The mother has a learning disability."], "positive", "not_found"),
        (
            ["Because the father awaits trial, some staff were advised not to speak to us, and the learning is the poorer for it."],
            "complications",
            "met",
        ),
        (["The father was convicted of causing the injuries."], "complications", "partly"),
        (["The child was seen at home on 3 May."], "complications", "not_found"),
    ],
)  # fmt: skip
def test_the_codebooks_table(sentences: list[str], question: str, status: str) -> None:
    assert profile(sentences)[question].status == status


def test_what_is_found_is_shown_and_what_is_missing_is_said() -> None:
    found = profile(["It rained.", PURPOSE])
    assert found["positive"].evidence == (1,)
    assert found["positive"].missing == ""
    assert "told" in found["communicated"].missing
    assert found["communicated"].evidence == ()


@pytest.mark.parametrize("sentences", [[], [""], ["A."], ["\ud800"]])
def test_little_or_nothing_to_read(sentences: list[str]) -> None:
    assert {one.status for one in profile(sentences).values()} == {"not_found"}


def test_a_string_is_refused_with_the_remedy() -> None:
    with pytest.raises(scr_tone.InputError, match=r"scr_tone\.split"):
        profile(PURPOSE)


def test_a_long_document_is_read_quickly() -> None:
    sentences = [f"{PURPOSE} The family were told on {day} May, and the trial is over." for day in range(500)]
    began = time.process_time()
    profile(sentences)
    assert time.process_time() - began < 5  # coverage slows it several times


def test_the_shipped_profile_reads_the_published_documents(root: Path) -> None:
    """It was trained on them, so this holds only that data, weights and code belong together."""
    rows = [json.loads(line) for line in (root / "data" / "purpose.jsonl").read_text(encoding="utf-8").splitlines()]
    right = [profile(row["sentences"])[q].status == row[q] for row in rows for q in QUESTIONS]
    assert sum(right) / len(right) > 0.9


def test_learning_claimed_and_blame_found_is_said(tone: scr_tone.ToneAnalyser) -> None:
    blaming = [
        f"The {who} failed to act on what she had been told."
        for who in ("nurse", "teacher", "doctor", "worker", "officer", "manager")
    ]
    report = tone.analyse(" ".join([PURPOSE, *blaming]))
    assert report.purpose["positive"].evidence[0].text == PURPOSE
    assert report.contradiction is not None
    assert "sentence 1" in report.contradiction
    assert report.to_dict()["purpose"]["positive"]["evidence"] == [0]
    assert tone.analyse(PURPOSE).contradiction is None
    assert contradiction([PURPOSE], ["learning"]) is None
