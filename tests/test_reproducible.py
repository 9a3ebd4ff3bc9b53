"""From ``data/`` to the shipped bytes, on the machine where the test runs."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from scr_tone.training.train import REPRODUCIBLE


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_") and k != "OPENBLAS_L2_SIZE"}
    return {**kept, **REPRODUCIBLE}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def train(data: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "scr_tone", "train", "--data", str(data), "--output", str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=environment())


def test_two_trainings_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    """On two of the files, in seconds."""
    data = tmp_path / "data"
    (data / "authored").mkdir(parents=True)
    for name in ("shortfalls.jsonl", "voices.jsonl"):
        (data / "authored" / name).write_bytes((root / "data" / "authored" / name).read_bytes())
    train(data, tmp_path / "one" / "m")
    train(data, tmp_path / "two" / "m")
    assert digests(tmp_path / "one" / "m") == digests(tmp_path / "two" / "m")


@pytest.mark.minutes
@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="the promise is for x86-64 with AVX2")
@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="the shipped model was trained with the lock file's versions for 3.11"
)
def test_the_shipped_model_comes_out_of_data(root: Path, tmp_path: Path) -> None:
    train(root / "data", tmp_path / "small")
    assert digests(tmp_path / "small") == digests(root / "models" / "small")
