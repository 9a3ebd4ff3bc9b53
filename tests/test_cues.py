"""Every cue family has words that must match and words that must not, as proselint pairs its checks."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from scr_tone.cues import cue_families, find_cues
from scr_tone.explain import explain
from scr_tone.records import LABELS
from scr_tone.scorer import NgramReading, TextModel, probabilities

EXAMPLES = {
    "failure verbs": ("blame", "The clinic failed to ring and ignored the letter.", "The power supply was restored."),
    "counterfactuals and hindsight": (
        "blame",
        "She should have rung; it was a missed opportunity.",
        "She should ring tomorrow.",
    ),
    "character and competence": (
        "blame",
        "There was a lack of professional curiosity.",
        "He studied professional ethics.",
    ),
    "guilt and punishment": ("blame", "It was wholly inadequate and they are to blame.", "Faulty wiring was replaced."),
    "measured against a norm": ("blame", "This was contrary to agency policy.", "The policy was printed."),
    "victim-blaming": ("blame", "She placed herself at risk by making poor choices.", "She was placed with an aunt."),
    "conditions of work": ("learning", "Caseloads were high and the unit was short-staffed.", "The case was opened."),
    "how it looked at the time": ("learning", "At the time the account was plausible.", "The bus was late."),
    "learning and improvement": ("learning", "The review does not seek to apportion blame but to learn.", "He left."),
    "owning": ("accountability", "The Trust accepts this and has apologised.", "The Trust moved offices."),
    "fair process": ("accountability", "The matter was referred to the NMC.", "The matter was printed."),
    "assurance": ("accountability", "An audit will be reported to the Board.", "The board was painted white."),
}


def test_every_family_has_examples_and_a_source() -> None:
    assert {family.name for family in cue_families()} == set(EXAMPLES)
    for family in cue_families():
        assert family.source
        assert set(family.labels) <= set(LABELS) - {"neutral"}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_matches_and_does_not(name: str) -> None:
    label, yes, no = EXAMPLES[name]
    assert name in {match.family for match in find_cues(yes, label)}
    assert name not in {match.family for match in find_cues(no, label)}


def test_every_pattern_compiles_and_is_needed_once() -> None:
    raw = json.loads(files("scr_tone").joinpath("resources/cues.json").read_text(encoding="utf-8"))
    patterns = [pattern for family in raw["families"] for pattern in family["patterns"]]
    assert len(set(patterns)) == len(patterns)


def test_curly_quotes_are_read_as_straight() -> None:
    assert find_cues("She shouldn\u2019t have gone.", "blame")


def test_overlapping_matches_give_the_longer() -> None:
    matches = find_cues("They failed to protect her.", "blame")
    assert [(m.start, m.end) for m in matches] == [(5, 22)]


def test_cues_are_what_the_model_used(tiny_model: TextModel) -> None:
    sentence = "On Monday the nurse failed to ring."
    cues = explain(NgramReading(tiny_model, sentence), sentence, "blame")
    assert "failed to" in [cue.text for cue in cues]
    assert all(sentence[cue.start : cue.end] == cue.text for cue in cues)
    assert explain(NgramReading(tiny_model, sentence), sentence, "neutral") == ()
    long = "It failed to ring and failed to see and failed to go and failed to do and failed to be"
    assert len(explain(NgramReading(tiny_model, long), long, "blame")) <= 4


def test_removing_the_cited_words_moves_the_score_most(tiny_model: TextModel) -> None:
    sentence = "On Monday the nurse failed to ring."
    place = tiny_model.heads["label"].classes.index("blame")
    cited = explain(NgramReading(tiny_model, sentence), sentence, "blame")
    without = sentence
    for cue in reversed(cited):
        without = without[: cue.start] + without[cue.end :]
    other = sentence.replace("On Monday ", "")
    scores = probabilities(tiny_model, [sentence, without, other])[:, place]
    assert scores[1] < scores[0] - 0.1
    assert scores[1] < scores[2]
