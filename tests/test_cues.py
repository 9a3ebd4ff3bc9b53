"""Every cue family has words that must match and words that must not, as proselint pairs its checks."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from scr_tone.cues import CueFamily, cue_families, find_cues, fold
from scr_tone.explain import explain
from scr_tone.records import LABELS
from scr_tone.scorer import NgramReading, TextModel, probabilities

FAMILIES = cue_families()


def found(sentence: str, label: str) -> set[str]:
    return {match.family for match in find_cues(sentence, label)}


def test_every_family_has_a_source_and_examples_of_its_own() -> None:
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    sentences = [text for family in FAMILIES for text in (family.example, family.counter_example)]
    assert len(set(sentences)) == len(sentences)
    for family in FAMILIES:
        assert family.source
        assert family.labels
        assert set(family.labels) <= set(LABELS) - {"neutral"}
    assert {label for family in FAMILIES for label in family.labels} == set(LABELS) - {"neutral"}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_example_matches_and_the_counter_example_does_not(family: CueFamily) -> None:
    for label in family.labels:
        assert family.name in found(family.example, label)
        assert family.name not in found(family.counter_example, label)


@pytest.mark.parametrize(
    ("label", "family", "sentence"),
    [
        ("blame", "failure verbs", "They failed to protect her."),
        ("blame", "failure verbs", "The Trust made no attempt to ask."),
        ("blame", "counterfactuals", "Had the nurse rung, she would be alive."),
        ("blame", "counterfactuals", "They shouldn\u2019t have waited."),
        ("blame", "counterfactuals", "She should certainly have known."),
        ("blame", "counterfactuals", "If only they had asked."),
        ("blame", "hindsight", "It was only a matter of time."),
        ("blame", "hindsight", "Opportunities to help him were missed."),
        ("blame", "character and competence", "The manager was na\u00efve and over-optimistic."),
        ("blame", "guilt and punishment", "There is no excuse for this."),
        ("blame", "measured against a norm", "More appropriate action was open to them."),
        ("blame", "measured against a norm", "The response was too slow."),
        ("blame", "victim-blaming", "She was hard to reach and refused to engage."),
        ("blame", "victim-blaming", "There was disguised\u00a0compliance."),
        ("blame", "victim-blaming", "She was seeing an older boyfriend and sending pictures of herself."),
        ("blame", "agentless passives", "His injuries were missed."),
        ("blame", "character and competence", "His account was accepted at face value."),
        ("blame", "character and competence", "Going ahead that week was ill-judged and showed credulity."),
        ("blame", "character and competence", "The decision of 12 March was wrong."),
        ("blame", "character and competence", "There was poor communication between them."),
        ("blame", "counterfactuals", "A more experienced worker would have seen it."),
        ("blame", "counterfactuals", "Somebody needed to have the courage to say so."),
        ("blame", "words of reproach", "There is no good reason why it was left out."),
        ("blame", "measured against a norm", "The meetings were poorly chaired, and the notes of a poor standard."),
        ("blame", "hindsight", "The opportunity to step up to a protection plan was lost."),
        ("blame", "victim-blaming", "There was a failure by the parents to engage."),
        ("blame", "guilt and punishment", "Somebody should lose their job."),
        ("learning", "workload and staffing", "Two vacancies left the team stretched."),
        ("learning", "services and funding", "There was no bed in the county."),
        ("learning", "tools and procedures", "The template has no box for fathers."),
        ("learning", "information and joint working", "The two services do not talk to each other."),
        ("learning", "culture and fear", "Nobody felt able to speak up."),
        ("learning", "how it looked at the time", "On what she knew, it made sense."),
        ("learning", "learning purpose", "This review does not set out to apportion blame."),
        ("accountability", "fair process", "The nurse was suspended while the regulator looked at it."),
        ("accountability", "error and intent", "It was an honest error and not reckless."),
    ],
)
def test_words_of_the_field(label: str, family: str, sentence: str) -> None:
    assert family in found(sentence, label)


@pytest.mark.parametrize(
    "sentence",
    [
        "Guidance says that every child should have a named nurse.",
        "Agencies should have regard to the guidance.",
        "Faltering growth was once called failure to thrive.",
        "He died of heart failure after an arrest for a breach of the peace.",
        "She was dismissed from her job in a shop.",
        "The doctor was overlooking the river from his window.",
        "Unpredictable weather closed the road.",
        "A meeting should be held within 15 days.",
        "She never gave up on him.",
        "Better roads would have been dearer.",
        "He was poorly that week.",
    ],
)
def test_guidance_law_and_medicine_hold_no_cue_for_blame(sentence: str) -> None:
    assert find_cues(sentence, "blame") == []


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("learning", "He has a learning disability."),
        ("learning", "An assessment of mental capacity was done."),
        ("learning", "The policy states that fourteen days are allowed."),
        ("learning", "He died at the time of the fair."),
        ("accountability", "She was admitted to hospital on Monday."),
        ("accountability", "Mother accepted the referral."),
        ("accountability", "He was suspended from school."),
        ("accountability", "Father has parental responsibility for both."),
        ("accountability", "The leaflet was published in June."),
    ],
)
def test_everyday_words_of_reviews_are_no_cues(label: str, sentence: str) -> None:
    assert find_cues(sentence, label) == []


def test_every_pattern_stands_once_and_is_written_as_sentences_are_folded() -> None:
    raw = json.loads(files("scr_tone").joinpath("resources/cues.json").read_text(encoding="utf-8"))
    patterns = [pattern for family in raw["families"] for pattern in family["patterns"]]
    assert len(set(patterns)) == len(patterns)
    for pattern in patterns:
        bare = re.sub(r"\\.", "", pattern)
        assert bare == fold(bare)
        assert not re.compile(pattern).match("")


def test_folding_moves_no_character() -> None:
    for text in ("\u0130F ONLY she\u2019d\u00a0asked\u2011", "STRASSE \u00df", "a\nb\u2028c", "\U0001f600 X"):
        assert len(fold(text)) == len(text)
    assert fold("\u0130F ONLY").endswith("f only")


def test_offsets_are_into_the_sentence_as_it_stands() -> None:
    sentence = "\u0130nci\u2019s nurse Failed\u00a0To ring."
    (match,) = find_cues(sentence, "blame")
    assert sentence[match.start : match.end] == "Failed\u00a0To"


def test_overlapping_matches_give_the_longer() -> None:
    matches = find_cues("A clear missed opportunity was ignored.", "blame")
    assert [(m.start, m.end) for m in matches] == [(2, 26), (27, 38)]


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
