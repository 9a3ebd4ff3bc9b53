"""Every family, target, voice and level has advice; no two questions say the same; nothing in it passes judgement."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import combinations, permutations, product
from typing import Any

import pytest

import scr_tone
from scr_tone.advice import Advice, Question, Source, advise, advise_on, sources
from scr_tone.cues import cue_families, find_cues, fold
from scr_tone.errors import ConfigError
from scr_tone.guidance import guide, holding, owned
from scr_tone.rewording import Rewording, suggest_rewording

LABELS = ("blame", "learning", "accountability")
TARGETS = ("practitioner", "agency", "family", "child", "perpetrator", "system", "none")
VOICES = ("review", "reported")
LEVELS = ("none", "error", "at_risk", "reckless", "deliberate")
NOT_REACHED = "The family were hard to reach."


def data(name: str) -> Any:
    return json.loads(files("scr_tone").joinpath(f"resources/{name}.json").read_text(encoding="utf-8"))


RAW = data("advice")
ENTRIES: list[dict[str, Any]] = RAW["entries"]
CONDITIONS: list[dict[str, Any]] = RAW["conditions"]
QUESTIONS = {question["text"] for entry in ENTRIES for question in entry["questions"]}
TOPICS = {(e["label"], q["text"]): q["topic"] for e in ENTRIES for q in e["questions"]}


def words_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Arguments under which an entry applies."""
    given = {
        name: entry[name][0] if isinstance(entry[name], list) else entry[name]
        for name in ("target", "voice", "culpability", "beside")
        if name in entry
    }
    return given | {"families": [entry["family"]] if "family" in entry else []}


def of_one(entry: dict[str, Any], name: str, value: str) -> bool:
    """Whether an entry is for one value of a head, and for no kind of sentence besides."""
    return entry.get(name) == value and not {"when", "family", "culpability", "beside"} & set(entry)


def asked(advice: Advice | None) -> list[str]:
    assert advice is not None
    return [question.text for question in advice.questions]


def everything() -> list[tuple[str, Advice]]:
    """Advice for every combination, with up to two families."""
    found = []
    for label in LABELS:
        names = [family.name for family in cue_families() if label in family.labels]
        levels = (None, *LEVELS[1:]) if label == "blame" else (None,)
        for families in [(), *((name,) for name in names), *permutations(names, 2)]:
            texts = ("", NOT_REACHED) if "victim-blaming" in families else ("",)
            texts += tuple(one["example"] for one in CONDITIONS) if label == "blame" and not families else ()
            for target, voice, level, text in product((None, *TARGETS), (None, *VOICES), levels, texts):
                advice = advise(label, families=families, target=target, voice=voice, culpability=level, text=text)
                assert advice is not None
                found.append((label, advice))
    for entry in ENTRIES:
        heads = {name: value for name, value in words_of(entry).items() if name != "families"}
        advice = advise(entry["label"], **heads, text=entry["example"])
        assert advice is not None
        found.append((entry["label"], advice))
    return found


@pytest.fixture(scope="module")
def every() -> list[tuple[str, Advice]]:
    return everything()


# ---- what there is ----


def test_every_cue_family_has_advice_for_its_labels() -> None:
    for family in cue_families():
        for label in family.labels:
            own = [e for e in ENTRIES if e["label"] == label and e.get("family") == family.name]
            assert own, family.name
            first = asked(advise(label, families=[family.name]))[0]
            assert first in [question["text"] for entry in own for question in entry["questions"]]


def test_every_entry_is_for_a_family_that_speaks_for_its_label() -> None:
    labels = {family.name: family.labels for family in cue_families()}
    for entry in ENTRIES:
        if "family" in entry:
            assert entry["label"] in labels[entry["family"]]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_a_question_of_its_own(label: str, target: str) -> None:
    own = [e for e in ENTRIES if e["label"] == label and target in (e.get("target"), *(e.get("target") or ()))]
    assert {q["text"] for e in own for q in e["questions"]} & set(asked(advise(label, target=target)))


@pytest.mark.parametrize(
    ("label", "voice"),
    [(label, voice) for label, voice in product(LABELS, VOICES) if (label, voice) != ("blame", "review")],
)
def test_every_voice_has_a_question_of_its_own(label: str, voice: str) -> None:
    (own,) = (e for e in ENTRIES if e["label"] == label and of_one(e, "voice", voice))
    assert {q["text"] for q in own["questions"]} & set(asked(advise(label, voice=voice)))


def test_every_contributory_factor_leads_to_a_family_of_learning() -> None:
    learning = {family.name for family in cue_families() if "learning" in family.labels}
    assert set(RAW["factors"].values()) <= learning
    assert set(RAW["factors"]) == {
        "tools", "procedures", "workload", "training", "supervision", "information", "joint_working", "family_work",
        "reasoning", "culture", "commissioning",
    }  # fmt: skip
    plain, workload = (asked(advise("learning", factors=factors)) for factors in ((), ("workload",)))
    assert plain != workload
    assert workload == asked(advise("learning", families=["workload and staffing"]))


def test_neutral_has_none() -> None:
    assert advise("neutral", text="No visit took place in March.") is None


def test_one_or_two_questions_with_sources(every: list[tuple[str, Advice]]) -> None:
    for _, advice in every:
        assert 1 <= len(advice.questions) <= 2
        assert advice.why
        for question in advice.questions:
            assert question.sources
            assert set(question.sources) <= set(sources())


def test_no_two_questions_say_the_same(every: list[tuple[str, Advice]]) -> None:
    dull = set(
        re.findall(
            r"\w+", "what was is it the a an of to and or in that this they there did do does by who how for at time"
        )
    )
    for label, advice in every:
        texts = [question.text for question in advice.questions]
        assert len({TOPICS[label, text] for text in texts}) == len(texts)
        for one, other in combinations(texts, 2):
            first, second = ({w for w in re.findall(r"\w+", text.lower()) if w not in dull} for text in (one, other))
            assert len(first & second) < max(2, 0.5 * min(len(first), len(second))), (one, other)


def test_every_question_is_asked_of_something(every: list[tuple[str, Advice]]) -> None:
    assert {question.text for _, advice in every for question in advice.questions} == QUESTIONS


def test_every_source_is_used_and_only_the_web_addresses_that_are_known_are_given() -> None:
    used = {key for entry in ENTRIES for question in entry["questions"] for key in question["sources"]}
    assert used == set(sources())
    for key in ("qm5", "scie", "dekker", "psirf", "nspcc", "childrens_society", "berwick", "beingfair", "munro"):
        assert sources()[key].name
    assert {key for key, source in sources().items() if source.url} == {"berwick", "resolution", "nspcc"}
    assert all(source.url.startswith("https://") for source in sources().values() if source.url)


# ---- tone ----


def test_it_can_be_read_by_someone_who_is_tired_or_hurt() -> None:
    texts = (
        QUESTIONS
        | {entry["why"] for entry in ENTRIES if "why" in entry}
        | {entry["note"] for entry in ENTRIES if "note" in entry}
    )
    for text in texts:
        words = set(re.findall(r"[\w’]+", text.lower()))
        assert not words & {"must", "wrong", "incorrect", "untrue", "false", "violates", "bad"}, text
        assert not re.search("you should|no one was|nobody was", text.lower()), text
        assert "!" not in text
        assert "'" not in text
        assert not re.search(r"\b\w+iz(?:e|ed|ing|ation)\b", text), text  # British spelling
    assert all(text.endswith("?") and len(text.split()) <= 20 for text in QUESTIONS)
    whys = [entry["why"] for entry in ENTRIES if "why" in entry]
    assert len(set(whys)) == len(whys)
    assert all(why.endswith(".") and len(why.split()) <= 22 for why in whys)


# ---- examples ----


def test_every_entry_has_an_example_and_a_counter_example_of_its_own() -> None:
    sentences = [entry[name] for entry in ENTRIES for name in ("example", "counter_example")]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: "-".join([e["label"], *map(str, words_of(e).values())]))
def test_the_example_is_asked_the_entrys_questions_and_the_counter_example_is_not(entry: dict[str, Any]) -> None:
    own = {question["text"] for question in entry["questions"]}
    given = words_of(entry)
    heads = {name: value for name, value in given.items() if name != "families"}
    if "family" in entry:  # by its own words, without being told the family
        for name, there in (("example", True), ("counter_example", False)):
            assert (entry["family"] in {m.family for m in find_cues(entry[name], entry["label"])}) is there
            assert bool(own & set(asked(advise(entry["label"], **heads, text=entry[name])))) is there
    assert own & set(asked(advise(entry["label"], **heads, text=entry["example"])))
    if "when" in entry and "voice" not in entry:
        assert not own & set(asked(advise(entry["label"], **heads, text=entry["counter_example"])))


def test_the_examples_mean_what_they_say_to_a_model(tone: scr_tone.ToneAnalyser) -> None:
    """The n-grams read most as meant; all of them would be asking too much of it."""
    for label in LABELS:
        entries = [entry for entry in ENTRIES if entry["label"] == label]
        examples = [p.label == label for p in tone.label([entry["example"] for entry in entries])]
        counter = [p.label == label for p in tone.label([entry["counter_example"] for entry in entries])]
        assert sum(examples) >= 0.6 * len(entries), label
        assert sum(counter) <= 0.2 * len(entries), label


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition["name"])
def test_the_example_meets_the_condition_and_the_counter_example_does_not(condition: dict[str, Any]) -> None:
    (known,) = (one for one in guide().conditions if one.name == condition["name"])
    assert known.pattern.search(fold(condition["example"]))
    assert not known.pattern.search(fold(condition["counter_example"]))
    assert condition["about"]


def test_every_condition_is_asked_for_and_known() -> None:
    used = {name for entry in ENTRIES for key in ("when", "unless") for name in entry.get(key, ())}
    families = {family.name for family in cue_families()}
    of_flags = {"fault denied", "own fault", "turn"}  # asked by `scr_tone.guidance.denied` and `owned`
    assert (used - families) | of_flags == {condition["name"] for condition in CONDITIONS} | {"judged"}


@pytest.mark.parametrize(
    ("text", "given", "first", "never"),
    [
        ("The School was in breach of Standard 30.", {"target": "agency"}, "What stood in the way", "Which standard"),
        ("There should have been a list of names.", {}, "Was there a rule", "What was known"),
        ("The principal failings were that:", {}, "Could this line only open the list", "What did happen"),
        ("None of this excuses SW1.", {"target": "practitioner"}, "Is that meant?", "work with"),
        (
            "It was lost because no one took the trouble.",
            {"target": "agency"},
            "What was each of them",
            "reason come first",
        ),
        ("They let him down, and so did my lad.", {"voice": "reported"}, "Does the review say near", "Whose view"),
        ("The Trust’s report found it inexcusable.", {"voice": "reported"}, "Does the review say near", "Whose view"),
        (
            "The ward made a mess of it, as it had one nurse.",
            {"target": "agency"},
            "Would the people in it",
            "work with",
        ),
        (
            "There was nothing that she should have done.",
            {"target": "practitioner"},
            "Could what clears them",
            "known",
        ),
    ],
)
def test_a_sentence_is_not_asked_what_it_says(text: str, given: dict[str, str], first: str, never: str) -> None:
    texts = asked(advise("blame", text=text, **given))
    assert texts[0].startswith(first)
    assert not any(never in question for question in texts)


@pytest.mark.parametrize(
    ("text", "given", "why", "first"),
    [
        (
            "The officer did not ring, in breach of paragraph 14.",
            {"target": "practitioner"},
            "What can be",
            "What stood",
        ),
        (
            "The nurse did nothing to help and was at fault.",
            {"target": "practitioner"},
            "Words like",
            "What did happen",
        ),
        (
            "Nobody rang, and she should have told the ward.",
            {"target": "practitioner"},
            "This says what",
            "What was known",
        ),
        ("It was not found to be at fault.", {"target": "agency"}, "This clears", "Could what clears"),
        ("The review meetings were poorly attended.", {"target": "agency"}, "A meeting", "Who was asked"),
        ("Their story was, on any view, implausible.", {"target": "agency"}, "It may look", "To whom"),
        ("In this case it closed the talk down.", {"target": "practitioner"}, "A reader has", "What stands behind"),
        ("The chance to ask her was lost.", {"target": "agency"}, "From the end", "What would taking it"),
        ("There was a failure by the parents to engage.", {"target": "practitioner"}, "These words", "What was tried"),
        ("Poor decision.", {"target": "practitioner"}, "A decision", "What was known to"),
        ("The ward showed credulity.", {"target": "agency"}, "This judges", "What had they seen"),
        ("The visits were sloppy.", {"target": "practitioner"}, "A word about character", "What was said"),
        ("Nobody thought to read it to him.", {"target": "practitioner"}, "This explains", "Who knew of this"),
        ("All the agencies were in a mess.", {"target": "agency"}, "A reader will stop at these", "What did each"),
        ("The tests were repeated for this reason.", {"target": "agency"}, "The sentence gives", "Does that reason"),
        (
            "The notes were not sent to the team, as they ought to have been.",
            {"target": "practitioner"},
            "This says",
            "Was there",
        ),
        ("The keyworker should have rung.", {"target": "practitioner"}, "This says", "What was known"),
        (
            "He should have noticed the bruise.",
            {"target": "practitioner"},
            "From the end it is easy",
            "What would have pointed",
        ),
        ("The notes did not meet NMC requirements.", {"target": "practitioner"}, "What can be learnt", "What stood"),
        (
            "The file calls her streetwise.",
            {"voice": "reported", "target": "family"},
            "Somebody else",
            "Does the review say what",
        ),
        ("He says that heads should roll.", {"voice": "reported", "target": "agency"}, "A call for", "Which process"),
        (
            "The judge told him that he was a coward.",
            {"voice": "reported", "target": "family"},
            "These are a court",
            "Is their",
        ),
        (
            "It is the prosecution case that she lied to them.",
            {"target": "family"},
            "This is an allegation",
            "Is it clear",
        ),
    ],
)
def test_what_is_asked_is_about_what_the_sentence_is_about(
    text: str, given: dict[str, str], why: str, first: str
) -> None:
    advice = advise("blame", text=text, **given)
    assert advice is not None
    assert advice.why.startswith(why)
    assert asked(advice)[0].startswith(first)
    assert "this service" not in " ".join(asked(advice))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The Trust let him down.", "this service"),
        ("By August there was a sense of drift.", "piece of work"),
        ("It let him down.", "this service"),
        ("The chance was lost.", "piece of work"),
        ("It made a mess of the plan.", "stands behind"),
    ],
)
def test_a_service_is_asked_about_where_there_is_one(text: str, said: str) -> None:
    assert said in " ".join(asked(advise("blame", target="agency", text=text)))


def test_no_comment_says_that_a_word_of_judgement_is_not_there(every: list[tuple[str, Advice]]) -> None:
    assert not any(re.search(r"\bno (?:plain )?(?:\w+ )?(?:word|judgement)", advice.why.lower()) for _, advice in every)


def test_what_cannot_be_told_gets_one_question() -> None:
    assert asked(advise("blame", text="It was a mess.")) == ["What did this look like to the people in it?"]


# ---- choice ----


def test_the_most_specific_comes_first() -> None:
    voice = asked(advise("blame", families=["failure verbs"], target="practitioner", voice="reported"))
    assert voice[0].startswith("Whose view is it")
    mother = asked(advise("blame", families=["failure verbs"], target="family"))
    assert mother[0].startswith("How did it look from where they stood")
    worker = asked(advise("blame", families=["failure verbs"], target="practitioner"))
    assert worker[0].startswith("What did happen?")
    assert "a colleague with the same training" in worker[1]


def test_the_heaviest_family_leads_and_a_third_is_left_out() -> None:
    names = ["counterfactuals", "failure verbs", "hindsight"]
    texts = asked(advise("blame", families=names))
    assert texts == asked(advise("blame", families=names[:2]))
    assert texts[0] == asked(advise("blame", families=names[:1]))[0]
    assert texts[1] == asked(advise("blame", families=names[1:2]))[0]
    assert asked(advise("blame", families=["owning", "counterfactuals"])) == asked(
        advise("blame", families=["counterfactuals"])
    )


def test_nobody_is_asked_what_made_it_sensible_to_do_harm() -> None:
    for family in ("failure verbs", "guilt and punishment", "words of contempt"):
        texts = " ".join(asked(advise("blame", families=[family], target="perpetrator")))
        assert "sensible" not in texts
        assert "harm told plainly" in texts
    child = " ".join(asked(advise("blame", families=["failure verbs"], target="child")))
    assert "What was being done to her or him" in child


def test_who_was_not_reached_is_asked_about_otherwise_than_who_was_put_at_risk() -> None:
    risk = asked(advise("blame", text="She placed herself at risk."))
    reach = asked(advise("blame", text=NOT_REACHED))
    assert risk[0].startswith("Who did the harm?")
    assert reach[0].startswith("What was tried")
    assert not set(risk[:2]) & set(reach[:2])


@pytest.mark.parametrize("level", ["error", "at_risk"])
def test_blame_for_an_honest_act_is_noted_where_words_judge_and_no_reason_is_given(level: str) -> None:
    noted = advise("blame", culpability=level, text="She carelessly signed the wrong chart.")
    assert noted is not None
    assert noted.note
    assert "Berwick (2013)" in noted.note
    assert "being fair tool (2025)" in noted.note
    for text in ("She signed the other chart.", "She carelessly signed the other chart, as both had the same name."):
        quiet = advise("blame", culpability=level, text=text)
        assert quiet is not None
        assert quiet.note is None
        assert "honest mistake" not in quiet.why
    for label in ("learning", "accountability"):
        other = advise(label, culpability=level)
        assert other is not None
        assert other.note is None


@pytest.mark.parametrize("level", [None, "none", "reckless", "deliberate"])
def test_and_nothing_else_is(level: str | None) -> None:
    advice = advise("blame", culpability=level)
    assert advice is not None
    assert advice.note is None
    judged, other = (
        asked(advise("blame", culpability=one, families=["failure verbs"], target="agency")) for one in (level, None)
    )
    assert (judged == other) is (level in (None, "none"))


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        ({"label": "praise"}, "label"),
        ({"label": "blame", "families": ["nonsense"]}, "families"),
        ({"label": "blame", "families": "failure verbs"}, "families"),
        ({"label": "blame", "target": "practicioner"}, "target"),
        ({"label": "blame", "voice": "mine"}, "voice"),
        ({"label": "blame", "culpability": "some"}, "culpability"),
        ({"label": "learning", "factors": ["weather"]}, "factors"),
    ],
)
def test_a_name_that_is_not_known_is_refused(arguments: dict[str, Any], subject: str) -> None:
    with pytest.raises(ConfigError, match=f"^{subject}: is .*; use one of: "):
        advise(**arguments)


def test_what_a_report_knows_of_a_sentence_is_enough(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse("The nurse failed to ring. The unit was short-staffed. The Trust has apologised. It rained.")
    assert [sentence.label for sentence in report.sentences] == [*LABELS, "neutral"]
    for sentence in report.sentences:
        assert (advise_on(sentence) is None) is (sentence.label == "neutral")
    blame = advise_on(report.sentences[0])
    assert blame == advise(
        "blame", families=["failure verbs"], target="practitioner", voice="review", text="The nurse failed to ring."
    )


def test_the_heaviest_words_of_a_sentence_lead() -> None:
    cues = [
        scr_tone.Cue(0, 1, "x", family, weight)
        for family, weight in [("counterfactuals", 1.0), (None, 9.0), ("hindsight", 2.0)]
    ]
    sentence = scr_tone.Sentence(
        0, 0, 1, "x", "blame", {}, tuple(cues), None, None, "body", None, None, None, culpability="error"
    )
    assert advise_on(sentence) == advise(
        "blame", families=["hindsight", "counterfactuals"], culpability="error", text="x"
    )


# ---- as data ----


def test_as_plain_data() -> None:
    sentence = "The nurse carelessly failed to ring."
    advice = Advice("Why.", (Question("What?", ("berwick", "dekker")),), Rewording(21, 30, "did not"), None)
    assert advice.to_dict(start=100) == {
        "why": "Why.",
        "questions": [
            {
                "text": "What?",
                "sources": [
                    {
                        "key": "berwick",
                        "name": "Berwick, A promise to learn (2013)",
                        "url": "https://www.gov.uk/government/publications/berwick-review-into-patient-safety",
                    },
                    {"key": "dekker", "name": "Dekker, Just Culture (2016)"},
                ],
            }
        ],
        "note": None,
        "rewording": {"start": 121, "end": 130, "text": "did not"},
    }
    plain = advise("blame", text=sentence)
    assert plain is not None
    assert json.loads(json.dumps(plain.to_dict())) == plain.to_dict()
    assert plain.to_dict()["rewording"] is None  # "carelessly did not" would be odd
    assert sources()["dekker"] == Source("Dekker, Just Culture (2016)")


# ---- rewordings ----

RULES = data("rewordings")["rewordings"]


def target_of(rule: dict[str, Any]) -> str | None:
    return (rule.get("targets") or [None])[0]


def reworded(sentence: str, target: str | None) -> str | None:
    found = suggest_rewording(sentence, target=target)
    return found and sentence[: found.start] + found.text + sentence[found.end :]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["example"][0])
def test_a_rewording_makes_the_sentence_it_promises(rule: dict[str, Any]) -> None:
    before, after = rule["example"]
    assert reworded(before, target_of(rule)) == after
    assert reworded(f"4.12 {before}", target_of(rule)) == f"4.12 {after}"


@pytest.mark.parametrize(
    ("sentence", "target"), [(counter, target_of(rule)) for rule in RULES for counter in rule["counter_examples"]]
)
def test_a_rewording_keeps_away_where_it_would_not_be_true_or_grammatical(sentence: str, target: str | None) -> None:
    assert reworded(sentence, target) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["example"][0])
@pytest.mark.parametrize("marks", ["“”", "‘’", '""', "''", "“ ", " ”"])
def test_nothing_in_quotation_marks_is_reworded(rule: dict[str, Any], marks: str) -> None:
    before = rule["example"][0]
    first, last = marks
    assert reworded(f"{first}{before}{last}".strip(), target_of(rule)) is None


def test_quotation_marks_elsewhere_do_not_hinder_and_apostrophes_are_none() -> None:
    assert reworded("The nurse failed to ask “why”.", None) == "The nurse did not ask “why”."
    assert reworded("The boys' school failed to ask; it's big.", None) == "The boys' school did not ask; it's big."
    assert reworded("The family’s nurse failed to ask.", None) == "The family’s nurse did not ask."
    assert reworded("They failed to ask,” she said. The nurse failed to ring.", None) == (
        "They failed to ask,” she said. The nurse did not ring."
    )


def test_a_rewording_keeps_the_capital_and_counts_in_code_points() -> None:
    assert reworded("Failed to attend.", None) == "Did not attend."
    assert reworded("\U0001f600 \u0130lker failed to attend.", None) == "\U0001f600 \u0130lker did not attend."
    assert reworded("The nurse failed\u00a0to ring.", None) == "The nurse did not ring."


def test_some_rewordings_are_for_some_targets_only() -> None:
    assert reworded(NOT_REACHED, "family") == "The family were hard for services to reach."
    assert reworded(NOT_REACHED, "agency") is None
    assert reworded(NOT_REACHED, None) is None


@pytest.mark.parametrize(
    ("label", "given"),
    [("blame", {"voice": "reported"}), ("blame", {"target": "perpetrator"}), ("learning", {}), ("accountability", {})],
)
def test_words_that_are_not_the_authors_to_change_are_left_alone(label: str, given: dict[str, str]) -> None:
    sentence = "Mother failed to attend the appointment."
    kept, changed = advise(label, text=sentence, **given), advise("blame", text=sentence)
    assert kept is not None
    assert changed is not None
    assert kept.rewording is None
    assert changed.rewording == Rewording(7, 16, "did not")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("The mother was, I regret to say, part of the problem.", False),
        ("She was, I'm afraid, idle, and we find that she knew it.", False),
        ("I have to say that they let me down.", True),
    ],
)
def test_an_author_who_gives_an_opinion_speaks_of_others(text: str, own: bool) -> None:
    assert ("own voice" in holding(text)) is own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("I should have rung again, she told us.", True),
        ("We should have been told.", False),
        ("4.2 We should have asked, and we did not.", True),
        ("The GP said: \u201cI should have read the letter.\u201d", True),
        ("Nurse I should have rung the ward.", False),
        ("The social worker told us we should have protected her ourselves.", False),
        ("He told me that I should have kept quiet.", False),
        ("We should have received an apology within days.", False),
        ("We should have complained sooner about a ward that failed him at every turn.", False),
        ("I should have rung, but the ward failed him.", False),
    ],
)
def test_a_fault_of_ones_own_is_no_flag(text: str, own: bool) -> None:
    assert owned(text) is own
