"""What the fuzzers ever found is read again each time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz.targets import REGRESSIONS, TARGETS, seeds

FOUND = sorted(path for path in REGRESSIONS.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_stays_mended(path: Path) -> None:
    began = time.process_time()
    TARGETS[path.name.split("-")[0]](path.read_bytes())
    assert (
        time.process_time() - began < 1.5
    )  # what hung the reader of PDF took 4, and a fuzzer takes what is slow for a hang


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_takes_its_seeds(target: str) -> None:
    for seed in (*seeds(target), b"", b"\0"):
        TARGETS[target](seed)
