"""The purpose profile against the codebook's table and its notes, line by line, and against texts of any shape and size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scr_tone.errors import ConfigError, InputError
from scr_tone.purpose import QUESTIONS, Finding, contradiction, profile
from tests.timing import seconds

FRONT = [
    "Serious Case Review: Child B",
    "1.1 Child B was four months old when she was taken to hospital with a broken arm.",
    "1.2 She lives with her grandmother now.",
]
ANALYSIS = [
    "3. Analysis",
    "3.1 The health visitor saw the family on six occasions and weighed the baby on each of them.",
    "3.2 The form had no space for a second address.",
]


def status(question: str, *middle: str, after: tuple[str, ...] = ()) -> Finding:
    return profile([*FRONT, *middle, *ANALYSIS, *after])[question]


@pytest.mark.parametrize(
    ("expected", "sentences"),
    [
        # the practitioners involved and at least one other party
        (
            "met",
            [
                "The lead reviewer explained the purpose of the review to the social workers and nurses at the start of the day.",
                "The child's grandmother was visited and told what the review was meant to achieve.",
            ],
        ),
        (
            "met",
            [
                "A letter saying why the review was being held went to all of the practitioners who had known the family.",
                "The Board's members were given the same explanation at their June meeting.",
            ],
        ),
        ("met", ["Staff, their managers and both parents were each told by the author what the review was for."]),
        # one party only
        ("partly", ["The practitioners were briefed on the aims of the review before they were interviewed."]),
        ("partly", ["The author met the mother and explained to her the reasons for the review."]),
        # two other parties, and not the practitioners
        (
            "partly",
            [
                "The author met the parents and explained to them the reasons for the review.",
                "The panel was taken through the purpose of the review at its first meeting.",
            ],
        ),
        # met, interviewed or invited, and the telling only implied
        ("partly", ["The reviewers interviewed nine practitioners and their managers."]),
        ("partly", ["A practitioner learning event was held in May and was attended by eleven staff."]),
        ("partly", ["The mother was seen by the author at home on two occasions."]),
        # planned
        ("partly", ["Practitioners will be told what the review was for at a session to be held in the autumn."]),
        # paper returns, a call to check facts, a panel that merely meets, somebody else's telling, no telling
        ("not_found", ["Six agencies submitted management reports, which were written from the files."]),
        ("not_found", ["The GP was telephoned in order to confirm the date of the second appointment."]),
        ("not_found", ["The panel met on seven occasions."]),
        ("not_found", ["The health visitor explained the purpose of the two year check to the mother."]),
        ("not_found", ["No member of staff was interviewed, and the family did not take part."]),
        ("not_found", []),
    ],
)
def test_communicated(expected: str, sentences: list[str]) -> None:
    found = status("communicated", *sentences)
    assert found.status == expected
    assert (found.missing == "") == (expected == "met")
    assert {index - len(FRONT) for index in found.evidence} <= set(range(len(sentences)))
    assert bool(found.evidence) == (expected != "not_found")


@pytest.mark.parametrize(
    ("expected", "sentences", "after"),
    [
        (
            "met",
            ["The purpose of this review is to learn how babies can be better protected and to improve services."],
            (),
        ),
        (
            "met",
            ["The Board asked for the review because it wants its services to get better at noticing bruises."],
            (),
        ),
        ("met", ["We undertook this review in order to learn, and not to find anybody to blame."], ()),
        # only in the negative
        ("partly", ["It is not the purpose of this review to apportion blame to any person or agency."], ()),
        ("partly", ["The review is not a disciplinary process and does not look for culprits."], ()),
        # only in a formula, law or guidance quoted
        (
            "partly",
            [
                "Working Together says that the purpose of a serious case review is to establish what lessons are to be learned "
                "about the way in which local professionals and organisations work individually and together."
            ],
            (),
        ),
        ("partly", ["Section 44 of the Care Act requires a review so that lessons can be learned."], ()),
        # only after the findings
        (
            "partly",
            [],
            ("4. Conclusion", "4.1 The aim of this review has been to learn and to make babies in the city safer."),
        ),
        # beside a contrary purpose
        (
            "partly",
            [
                "The purpose of this review is to learn how services can be improved.",
                "It is also to establish which officers were at fault.",
            ],
            (),
        ),
        # scope alone, appraisal without a learning purpose, a purpose said to have been explained, somebody else's purpose
        ("not_found", ["The review covers the period from 1 March 2015 to 4 May 2016."], ()),
        ("not_found", ["The review was to state whether procedures had been followed."], ()),
        ("not_found", ["The author explained the purpose of the review to the parents."], ()),
        ("not_found", ["The aim of the child protection plan was to improve the mother's parenting."], ()),
        ("not_found", ["He had a learning disability and was helped by the Safer Families Team."], ()),
        ("not_found", [], ("5. Recommendations", "5.1 The Board should improve the way in which it trains staff.")),
    ],
)
def test_positive(expected: str, sentences: list[str], after: tuple[str, ...]) -> None:
    found = status("positive", *sentences, after=after)
    assert found.status == expected
    assert (found.missing == "") == (expected == "met")


@pytest.mark.parametrize(
    ("expected", "sentences"),
    [
        # named, and what it means for learning, for those taking part, for the review's limits
        (
            "met",
            [
                "Both parents were awaiting trial while the review was under way.",
                "For that reason they could not be interviewed, and their voice is missing from this report.",
            ],
        ),
        (
            "met",
            [
                "Because an inquest was pending, staff were advised not to speak to the reviewers, which limits the learning."
            ],
        ),
        ("met", ["Coverage of the trial in the press made practitioners reluctant to speak openly to the reviewers."]),
        (
            "met",
            [
                "The father wants somebody to be sacked.",
                "The author had to explain to him that this review cannot do that, and that it may disappoint him.",
            ],
        ),
        # named, and nothing said
        ("partly", ["The stepfather was convicted of manslaughter and was sentenced to nine years."]),
        ("partly", ["An inquest has been opened and adjourned."]),
        ("partly", ["A nurse has been referred to the NMC."]),
        ("partly", ["The case attracted a great deal of attention in the national press."]),
        ("partly", ["The grandmother has said that somebody ought to lose their job over it."]),
        # an effect on dates alone
        ("partly", ["Publication was delayed until the criminal trial had ended."]),
        # another's case, absence stated, words that only sound like it
        ("not_found", ["An inquest into the death of another child in 1998 criticised the same ward."]),
        ("not_found", ["There have been no criminal proceedings, no inquest was held and nobody was disciplined."]),
        ("not_found", ["The mother had a previous conviction for shoplifting."]),
        ("not_found", ["A trial of the new form was run in two teams."]),
        ("not_found", ["Owing to the pandemic all of the interviews were held by video, which limited them."]),
        ("not_found", []),
    ],
)
def test_complications(expected: str, sentences: list[str]) -> None:
    found = status("complications", *sentences)
    assert found.status == expected
    assert (found.missing == "") == (expected == "met")


def test_an_absence_stated_is_no_fault() -> None:
    assert "nothing is missing" in status("complications", "No inquest was held and nobody was prosecuted.").missing
    assert "say so" in status("complications").missing


def test_what_is_missing_names_what_was_found() -> None:
    told = status("communicated", "The author met the mother and explained to her the reasons for the review.")
    assert told.missing.startswith("nothing says that the practitioners involved were told")
    assert "the family were" in told.missing
    part = status("communicated", "The reviewers interviewed nine practitioners.")
    assert part.missing.startswith("the practitioners involved took part")
    named = status("complications", "An inquest has been opened and adjourned.")
    assert named.missing.startswith("an inquest is named, but nothing says")


def test_evidence_is_best_first() -> None:
    found = status(
        "communicated",
        "The panel met four times.",
        "The reviewers interviewed the health visitor.",
        "The purpose of the review was explained by the author to every practitioner and to the parents.",
    )
    assert found.evidence[0] == len(FRONT) + 2


def test_a_purpose_in_a_late_chapter_counts_if_the_findings_come_after() -> None:
    text = [*FRONT, *["No visit took place that week."] * 40, "Chapter 3: About the review"]
    purpose = "We carried out this review to learn how babies can be kept safer and to change what we do."
    assert profile([*text, purpose, *ANALYSIS])["positive"].status == "met"
    assert profile([*text, *ANALYSIS, purpose])["positive"].status == "partly"


def test_sections_say_where_the_findings_begin() -> None:
    purpose = "We carried out this review to learn how babies can be kept safer and to change what we do."
    sentences = ["The baby was weighed at the clinic in June by a nurse from the team.", purpose]
    assert profile(sentences, sections=["Introduction", "Purpose"])["positive"].status == "met"
    assert profile(sentences, sections=["Introduction", "Findings"])["positive"].status == "partly"
    assert profile(sentences, sections=["Findings of the review", "Findings of the review"])["positive"].status == "met"
    assert profile(sentences, sections=[None, None])["positive"].status == "met"


def test_a_list_of_contents_is_not_the_findings() -> None:
    contents = ["Contents", "1 Introduction", "2 Findings", "3 Recommendations", "4 Glossary", "Introduction"]
    purpose = "The purpose of this review is to learn and to improve how agencies work together."
    assert profile([*contents, purpose, *ANALYSIS])["positive"].status == "met"


@pytest.mark.parametrize("sentences", [[], [""], ["Findings"], ["."], ["\ud800"], ["é" * 5000], ["1.1 "]])
def test_little_or_odd_text(sentences: list[str]) -> None:
    found = profile(sentences)
    assert list(found) == list(QUESTIONS)
    assert all(one == Finding("not_found", (), one.missing) and one.missing for one in found.values())


def test_one_sentence() -> None:
    assert profile(["The purpose of this review is to learn and to improve services."])["positive"].status == "met"


def test_curly_quotes_and_case_do_not_matter() -> None:
    plain = "The Board's aim in this review is to learn, and to improve what services do."
    for text in (plain, plain.replace("'", "\u2019"), plain.upper()):
        assert profile([text])["positive"].status == "met", text


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: profile("A text."), InputError, "takes a list of sentences"),
        (lambda: profile(["A.", 3]), InputError, "sentence 1: is a int"),
        (lambda: profile(["A."], sections=[]), ConfigError, "sections: has 0 entries for 1 sentences"),
        (lambda: contradiction(["A."], []), ConfigError, "labels: has 0 entries"),
        (lambda: contradiction(["A."], ["blame"], skipped=[]), ConfigError, "skipped: has 0 entries"),
    ],
)
def test_bad_input_is_named(call, error, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


class TestContradiction:
    PURPOSE = "The purpose of this review is to learn and to improve services."
    BLAME = "3.9 The health visitor failed to ring back."

    def text(self, blamed: int, calm: int) -> tuple[list[str], list[str]]:
        sentences = [*FRONT, self.PURPOSE, "3. Findings", *[self.BLAME] * blamed, *[ANALYSIS[1]] * calm]
        labels = ["neutral"] * 3 + ["learning", "neutral"] + ["blame"] * blamed + ["neutral"] * calm
        return sentences, labels

    def test_numbers(self) -> None:
        said = contradiction(*self.text(10, 20))
        assert said is not None
        assert "sentence 4" in said
        assert "10 of the 31 sentences from the findings on (32%)" in said

    def test_little_blame_is_none(self) -> None:
        assert contradiction(*self.text(3, 0)) is None
        assert contradiction(*self.text(10, 200)) is None

    def test_blame_before_the_findings_does_not_count(self) -> None:
        sentences, labels = self.text(0, 30)
        assert contradiction([self.BLAME] * 20 + sentences, ["blame"] * 20 + labels) is None

    def test_without_a_claim_there_is_nothing_to_contradict(self) -> None:
        assert contradiction([self.BLAME] * 20, ["blame"] * 20) is None

    def test_skipped_sentences_do_not_count(self) -> None:
        sentences, labels = self.text(10, 20)
        skipped = ["quote" if label == "blame" else None for label in labels]
        assert contradiction(sentences, labels, skipped=skipped) is None

    def test_what_is_known_is_not_asked_again(self) -> None:
        sentences, labels = self.text(10, 20)
        known = profile(sentences)
        assert contradiction(sentences, labels, found=known) == contradiction(sentences, labels)
        assert contradiction(sentences, labels, found={**known, "positive": Finding("not_found", (), "x")}) is None


def test_a_long_text_is_quick(root: Path) -> None:
    sentences = [
        json.loads(line)["text"]
        for path in sorted((root / "data" / "authored").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ][:10_000]
    profile(sentences[:100])
    assert seconds(lambda: profile(sentences)) < 4, "a second where nothing else runs"


def test_it_needs_neither_scikit_learn_nor_a_label_model() -> None:
    code = (
        "import sys; from scr_tone.purpose import profile; profile(['The aim of this review is to learn.']);"
        "print(sorted({'sklearn','scipy','pandas','spacy','onnxruntime','joblib','scr_tone.artefact'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
