"""What a sentence is asked when the one beside it gives the reason already."""

from __future__ import annotations

import pytest

import scr_tone
from scr_tone.advice import advise, advise_on
from scr_tone.around import reasons_beside
from scr_tone.guidance import guide
from scr_tone.records import Sentence

ONE = "The nurse failed to ring on the Friday."
REASON = "Nobody else covered the telephone."


def sentences(*parts: tuple[str, str, tuple[str, ...]], between: str = " ") -> tuple[list[Sentence], str]:
    """Sentences of one text, each given as its words, label and factors."""
    found: list[Sentence] = []
    text = ""
    for words, label, factors in parts:
        text += between if text else ""
        found.append(
            Sentence(
                len(found), len(text), len(text) + len(words), words, label, {}, (), None, None, "body", None, None, None,
                factors=factors,
            )
        )  # fmt: skip
        text += words
    return found, text


FAULT = (ONE, "blame", ())
PLAIN = ("They met in May.", "neutral", ())
WHY = (REASON, "learning", ("workload",))
OWNED = ("The Trust accepts this and is sorry.", "accountability", ())


@pytest.mark.parametrize(
    ("parts", "beside"),
    [
        ([FAULT, WHY], {0: "after"}),
        ([WHY, FAULT], {1: "before"}),
        ([WHY, FAULT, WHY], {1: "after"}),
        ([FAULT, PLAIN, WHY], {0: "after"}),
        ([FAULT, PLAIN, ("They met in June.", "neutral", ()), WHY], {}),
        (
            [
                FAULT,
                ("The policy requires a call within two hours, and there was no call.", "learning", ("procedures",)),
            ],
            {},
        ),
        ([FAULT, ("Workers were careless, with no supervision.", "learning", ("supervision",))], {}),
        ([FAULT, OWNED], {0: "owned"}),
        ([FAULT, PLAIN, OWNED], {0: "owned"}),
        ([FAULT, OWNED, WHY], {0: "after"}),
        ([WHY, FAULT, OWNED], {1: "owned"}),
        ([OWNED, FAULT], {}),
        ([FAULT, (OWNED[0], "neutral", ())], {}),
        ([FAULT, ("The Trust has not apologised.", "accountability", ())], {}),
        ([FAULT, ("No one at the Trust has accepted this.", "accountability", ())], {}),
        ([FAULT, ("The Trust refused to apologise.", "accountability", ())], {}),
        ([FAULT, ("The Trust accepts that its cover was not safe.", "accountability", ())], {0: "owned"}),
        ([FAULT, ("It was not enough, and the Trust is sorry for it.", "accountability", ())], {0: "owned"}),
        ([FAULT, ("The matter was referred to the regulator.", "accountability", ())], {}),
        ([FAULT, (REASON, "learning", ())], {}),
        ([FAULT, (REASON, "neutral", ("workload",))], {}),
        ([FAULT, ("The Board should recommend more nurses.", "learning", ("workload",))], {}),
        ([FAULT], {}),
        ([], {}),
    ],
)
def test_a_reason_is_a_sentence_of_learning_with_a_factor_that_recommends_nothing(parts: list, beside: dict) -> None:
    assert reasons_beside(*sentences(*parts)) == beside


def test_what_stands_in_another_paragraph_or_is_left_out_gives_no_reason() -> None:
    assert reasons_beside(*sentences(FAULT, WHY, between="\n")) == {}
    (one, other), text = sentences(FAULT, WHY)
    out = Sentence(*(getattr(other, name) for name in other.__slots__[:13]), "footnote", None, ("workload",))
    assert reasons_beside([one, out], text) == {}


def test_the_lines_after_are_asked_about_first() -> None:
    own = [q.question for e in guide().entries if e.given.get("beside") == ("after",) for q in e.questions]
    for target in ("practitioner", "agency", "system", "none", None):
        near, alone = (advise("blame", target=target, text=ONE, beside=one) for one in ("after", None))
        assert near is not None
        assert alone is not None
        assert near.questions[0] in own
        assert near.questions[1:] == alone.questions[:1]
        assert near.why == alone.why


def test_the_lines_before_are_asked_about_only_where_they_are_taken_back() -> None:
    # In three lead reviewers' drafts one such question of six was right: the lines before were mostly about somebody else.
    assert advise("blame", text=ONE, beside="before") == advise("blame", text=ONE)


def test_a_reason_that_is_taken_back_is_asked_about_alone() -> None:
    advice = advise("blame", target="practitioner", text="Even so, the nurse failed to ring.", beside="before")
    assert advice is not None
    assert [question.text for question in advice.questions] == [
        "Is that meant? If not, could the fact stand beside its reason, without the judgement?"
    ]


def test_a_mothers_or_a_speakers_sentence_and_one_with_its_own_reason_are_asked_what_they_were() -> None:
    for given in ({"target": "family"}, {"target": "child"}, {"voice": "reported"}):
        assert advise("blame", text=ONE, beside="after", **given) == advise("blame", text=ONE, **given)
    told = "The nurse failed to ring, as she alone was on duty."
    assert advise("blame", text=told, beside="after") == advise("blame", text=told)


def test_learning_and_accountability_do_not_change() -> None:
    for label in ("learning", "accountability"):
        assert advise(label, text=REASON, beside="before") == advise(label, text=REASON)


def test_a_report_says_so_where_the_model_tells_factors() -> None:
    tone = scr_tone.load("standard")
    text = "The nurse failed to ring. With two vacancies, nobody covered the telephone on Fridays."
    report = tone.analyse(text)
    first = report.to_dict()["sentences"][0]
    alone = advise_on(report.sentences[0])
    assert alone is not None
    assert first["advice"]["questions"][0]["text"] not in [question.text for question in alone.questions]
    assert first["advice"]["questions"][0]["text"].startswith("Do the next lines say why?")
