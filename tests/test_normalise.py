"""What the encoder reads: accidents gone, meaning kept, every piece traced back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scr_tone.lines import ENUMERATOR
from scr_tone.normalise import british, known_names, normalise

COMMON = frozenset(
    [
        "the",
        "nurse",
        "told",
        "on",
        "to",
        "by",
        "that",
        "was",
        "seen",
        "with",
        "a",
        "school",
        "and",
        "had",
        "no",
        "plan",
        "trust",
        "it",
        "she",
        "of",
    ]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The nurse told Mr Khan.", "The nurse told Ms O'Brien."),
        ("The nurse told Amina Yusuf.", "The nurse told Lacey-Mae Haig-Watt."),
        ("Seen on 3 May 2011 by the nurse.", "Seen on 21 November 2019 by the nurse."),
        ("Seen on 03/05/2011.", "Seen on 21/11/2019."),
        ("4.12 The nurse told the school.", "5.3 The nurse told the school."),
        ("The plan was \u201cseen\u201d.", 'The plan was "seen".'),
        ("The school\u2019s plan", "The school's plan"),
        ("It was organized by the school.", "It was organised by the school."),
        ("On Monday the nurse told the school.", "On Friday the nurse told the school."),
        ("Child J was seen.", "Child K was seen."),
    ],
)
def test_accidents_are_gone(one: str, other: str) -> None:
    assert normalise(one, COMMON).text == normalise(other, COMMON).text


@pytest.mark.parametrize("opening", ["Lamentably", "Unfortunately", "Inconsistency", "Inexcusably"])
def test_a_judgement_that_opens_a_sentence_is_no_name(opening: str) -> None:
    assert normalise(f"{opening}, the nurse had no plan.", COMMON).text.startswith(opening)
    assert opening in normalise(f"It was seen: {opening} by the school.", COMMON).text


def test_a_known_name_opens_a_sentence_too() -> None:
    names = known_names(["The nurse told Amina."], COMMON)
    assert names == {"amina"}
    assert normalise("Amina was seen.", COMMON, names).text == "Smith was seen."
    assert normalise("Amina was seen.", COMMON).text == "Amina was seen."
    assert normalise("Amina Yusuf was seen. Amina\u2019s plan", COMMON).text == "Smith was seen. Smith's plan"


def test_numbers_that_are_no_dates_stay() -> None:
    assert normalise("Seen 9 times with 14 bruises", COMMON).text == "Seen 9 times with 14 bruises"
    assert normalise("Seen by 2/3 of the school", COMMON).text == "Seen by 2/3 of the school"
    assert normalise("Seen on the 9 of the May", COMMON).text == "Seen on the 9 of the March"
    assert normalise("Seen on the 9 of May", COMMON).text == "Seen on the 9 of March"


def test_a_number_on_either_side_of_a_month_is_its_day() -> None:
    assert normalise("Seen on May 9 by the nurse", COMMON).text == "Seen on March 3 by the nurse"
    assert normalise("Seen on 9 May by the nurse", COMMON).text == "Seen on 3 March by the nurse"
    # One at the head may have a word between, if it is too long for the number of a list, which is taken off.
    assert normalise("12345 of May, seen by it", COMMON).text == "3 of March, seen by it"
    assert normalise("Seen on 21/11/2019 by the nurse", COMMON).text == "Seen on 3/3/2015 by the nurse"


@pytest.mark.parametrize(
    ("american", "expected"),
    [
        ("behavior", "behaviour"), ("RECOGNIZED", "RECOGNISED"), ("Centers", "Centres"), ("size", "size"),
        ("seized", "seized"), ("citizens", "citizens"), ("fulfilled", "fulfilled"), ("behaviour", "behaviour"),
        ("analyzed", "analysed"), ("it", "it"), ("pediatrician", "paediatrician"),
    ],
)  # fmt: skip
def test_spelling(american: str, expected: str) -> None:
    assert british(american) == expected
    assert british(expected) == expected


@given(st.text(max_size=200))
def test_every_piece_is_traced_back(text: str) -> None:
    found = normalise(text, COMMON)
    last_end = last_source = 0
    for piece in found.pieces:
        assert last_end <= piece.start <= piece.end <= len(found.text)
        assert last_source <= piece.source_start < piece.source_end <= len(text)
        assert found.text[last_end : piece.start] in (
            "",
            " ",
        )  # pieces follow each other, with a space between them or none
        last_end, last_source = piece.end, piece.source_end
    assert last_end == len(found.text)


@given(st.text(alphabet="ab '-.\u2019ABC12/", max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text, COMMON, frozenset({"smith"})).text
    again = normalise(once, COMMON, frozenset({"smith"})).text
    if again not in (once, once.strip()):  # of two list marks ("3.6 19 November") one goes each time, and nothing else
        mark = ENUMERATOR.match(once)
        assert mark is not None
        assert again == once[mark.end() :].strip()
