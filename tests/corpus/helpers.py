"""Corpora of a few texts, and what their tables should hold."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from scr_tone.cli import main

ENDINGS = ("", ".documents", ".errors")
WHO = ("nurse", "school", "ward", "police", "council", "doctor", "teacher", "manager", "clinic", "team")
WHAT = (
    "The {} failed to ring on day {}.",
    "The {} visited on day {}.",
    "With {} cases on day {} there was no time.".replace("{} cases", "the {} short of staff"),
    "The {} apologises for day {}.",
)


def text(number: int, sentences: int) -> str:
    """A text that no other number has."""
    chosen = random.Random(number)
    made = (chosen.choice(WHAT).format(chosen.choice(WHO), f"{number}.{at}") for at in range(sentences))
    return "\n\n".join(" ".join(part) for part in zip(*[made] * 5, strict=False))


def write_texts(folder: Path, count: int, sentences: int = 20) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:03d}.txt").write_text(text(number, sentences), encoding="utf-8")
    return folder


def table(path: Path) -> list[dict[str, Any]]:
    """Rows of a table, Parquet or CSV."""
    if path.suffix == ".csv":
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return pyarrow.parquet.read_table(path).to_pylist()


def three(output: Path) -> list[Path]:
    """The files of a run."""
    return [output.with_name(f"{output.stem}{ending}{output.suffix}") for ending in ENDINGS]


def contents(output: Path) -> list[bytes]:
    return [path.read_bytes() for path in three(output)]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "scr_tone", "corpus", *map(str, arguments), "--model", "small"]


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The command in this process: exit code, standard output, standard error."""
    code = main(command(*arguments)[3:])
    return code, *capsys.readouterr()


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=300)
