"""The error tree and the exit codes that go with it."""

from __future__ import annotations

import pytest

import scr_tone
from scr_tone.cli.exits import Exit, exit_for


@pytest.mark.parametrize("name", ["InputError", "ConfigError", "ModelError"])
def test_all_errors_are_ours(name: str) -> None:
    assert issubclass(getattr(scr_tone, name), scr_tone.ScrToneError)


def test_a_message_names_subject_reason_and_remedy() -> None:
    error = scr_tone.InputError("is empty", remedy="check it", subject="a.txt")
    assert str(error) == "a.txt: is empty; check it"
    assert str(scr_tone.ConfigError("makes no sense")) == "makes no sense"


def test_exit_codes() -> None:
    assert [int(code) for code in Exit] == [0, 1, 2, 3, 4, 130]
    assert exit_for(scr_tone.InputError("x")) == 3
    assert exit_for(scr_tone.ModelError("x")) == 4
    assert exit_for(scr_tone.ConfigError("x")) == 2
