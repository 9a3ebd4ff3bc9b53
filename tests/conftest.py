"""What several test modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import scr_tone

ROOT = Path(__file__).resolve().parent.parent

# For `make fuzz`; tests/robustness/test_properties.py says what it changes.
settings.register_profile("long", deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-slow", action="store_true", help="also run what takes minutes")
    parser.addoption("--run-libreoffice", action="store_true", help="also ask LibreOffice; make libreoffice does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = {
        "minutes": ("--run-slow", "takes minutes; make reproduce runs it"),
        "libreoffice": ("--run-libreoffice", "LibreOffice is slow, and not everywhere; make libreoffice runs it"),
    }
    for marker, (option, reason) in asked.items():
        if config.getoption(option):
            continue
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def the_small_model_is_the_default() -> Iterator[None]:
    """Most tests are about what surrounds a model; with the n-grams they take minutes less.

    What depends on the model that ships as the default names it: the fixture `standard`, and commands in processes of
    their own, which this does not reach.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scr_tone.artefact.DEFAULT", "small")
        yield


@pytest.fixture(scope="session")
def standard() -> scr_tone.ToneAnalyser:
    return scr_tone.load("standard")


@pytest.fixture(scope="session")
def tone() -> scr_tone.ToneAnalyser:
    return scr_tone.load()


@pytest.fixture(scope="session")
def tiny_model():
    """A model trained in a second on a few sentences, for tests of what happens around a model."""
    from scr_tone.labelled import LabelledSentence
    from scr_tone.training.train import fit

    blocks = {
        "blame": ["The {} failed to ring.", "The {} should have known.", "It was a failure by the {}."],
        "learning": ["Caseloads in the {} were high.", "The {} had no supervision.", "What made it hard for the {}?"],
        "accountability": [
            "The {} accepts this and apologises.",
            "The {} will report to the board.",
            "The {} regrets it.",
        ],
        "neutral": ["The {} visited on 3 May.", "The {} wrote a letter.", "The {} moved in June."],
    }
    who = ["nurse", "school", "ward", "police", "council", "doctor", "teacher", "manager", "clinic", "team"]
    sentences = [
        LabelledSentence(pattern.format(name), label, "t.jsonl", {"case": name, "target": t, "voice": "review"})
        for label, patterns in blocks.items()
        for pattern in patterns
        for name in who
        for t in [("system" if label == "learning" else "practitioner" if label == "blame" else "agency")]
    ]
    model, _ = fit(sentences, min_count=2, max_iter=50)
    return model
