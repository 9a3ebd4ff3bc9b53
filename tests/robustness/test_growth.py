"""Time grows with the length of the text and no faster. The bounds are wide, as other work may share the machine."""

from __future__ import annotations

import tracemalloc

import pytest

import scr_tone
from scr_tone.project import Project
from scr_tone.units import units_of
from tests.timing import exponent, seconds

UNIT = "The health visitor, Dr. A. B. Smith, called on 3.4.2016 (see para. 4.12) and left a card. Nobody rang her. "


@pytest.mark.parametrize(
    "unit",
    [
        UNIT,
        UNIT + "\n",
        UNIT + "\n\n",
        "a",
        "(",
        ". ",
        "... ",
        "(a. ",
        "1. ",
        "Mr. A. ",
        '"',
        "a\n",
        "A b.\n- ",
        "[x. (",
        "Mr O ",
    ],
    ids=repr,
)
def test_splitting_is_linear(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (50_000, 400_000))
    # Eight times the text; quadratic time would be sixty-four times as long.
    assert seconds(lambda: scr_tone.split(large)) < 24 * max(seconds(lambda: scr_tone.split(small)), 0.002)


@pytest.mark.parametrize("unit", [UNIT, "nurse ", "a", "she failed to ring and "], ids=repr)
def test_labelling_is_linear(tone: scr_tone.ToneAnalyser, unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (10_000, 80_000))
    assert seconds(lambda: tone.analyse(large)) < 24 * max(seconds(lambda: tone.analyse(small)), 0.005)


@pytest.mark.parametrize("unit", ["[tone: intended]", "[tone: intended]\n", "[ ", " ", "[tone:", "heart "], ids=repr)
def test_marks_and_terms_are_found_in_linear_time(unit: str) -> None:
    project = Project(terms=["Heart Failure Team"], phrases=["heart failure"], sections=["*a*b*c*"])  # type: ignore[arg-type]

    def work(text: str) -> object:
        return units_of(scr_tone.from_text(f"She rang {text} and it rained."), project=project)

    small, large = (unit * (size // len(unit)) for size in (10_000, 80_000))
    assert seconds(lambda: work(large)) < 24 * max(seconds(lambda: work(small)), 0.005)


def varied(count: int) -> str:
    """So many sentences in paragraphs, no two of them alike, under headings."""
    found = []
    for at in range(count):
        found.append(f"On {at % 28 + 1} May nurse {at} failed to ring, although ward {at * 7 % 13} had {at} beds.")
        found += ["\n\nWhat was known\n\n"] * (at % 60 == 59)
    return " ".join(found)


def test_a_whole_analysis_grows_in_proportion(tone: scr_tone.ToneAnalyser) -> None:
    """Seconds from the text to what is written, and the memory of the analysis; for far longer texts there is make growth."""
    sizes = (100, 300, 1200)
    times = [seconds(lambda text=text: tone.analyse(text).to_json(), times=2) for text in map(varied, sizes)]
    assert exponent(sizes, times) < 1.2
    most = []
    for text in map(varied, sizes[:2]):  # tracing is slow
        tracemalloc.start()
        try:
            tone.analyse(text)
            most.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert exponent(sizes[:2], most) < 1.1
