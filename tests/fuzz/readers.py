"""Atheris on the readers, for a given time; what it finds becomes a regression file.

python -m tests.fuzz.readers --seconds 3600
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.table import machine, write_section

HANG = 20  # seconds that one small input may take
MEMORY_MB = 3_000


@dataclass
class Outcome:
    """What came of one target."""

    target: str
    seconds: float = 0.0
    inputs: int = 0
    paths: int = 0
    new: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600, help="for all targets together")
    parser.add_argument("--target", action="append", help="a reader; all of them if not given")
    parser.add_argument("--corpus", type=Path, help="folder in which inputs that reach new code are kept between runs")
    parser.add_argument("--write", action="store_true", help="write the table into tests/benchmarks/README.md")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _fuzz(options.child, options.seconds, options.corpus)
        return
    from tests.fuzz.targets import TARGETS

    targets = options.target or list(TARGETS)
    with tempfile.TemporaryDirectory() as folder:
        done = [_ran(name, options.seconds / len(targets), (options.corpus or Path(folder)) / name) for name in targets]
    lines = _table(done)
    print("\n".join(lines))
    if options.write:
        write_section("fuzz_readers", lines, by="../fuzz/readers.py")
    sys.exit(1 if any(outcome.new for outcome in done) else 0)


def _ran(target: str, seconds: float, corpus: Path) -> Outcome:
    """Fuzz one target for so long, starting anew after what ends the process."""
    from tests.fuzz.targets import REGRESSIONS, seeds

    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    before = set(REGRESSIONS.iterdir())
    outcome = Outcome(target)
    began = time.monotonic()
    while (left := seconds - (time.monotonic() - began)) > 1:
        command = [sys.executable, "-m", "tests.fuzz.readers", "--child", target, "--seconds", str(int(left))]
        done = subprocess.run(
            [*command, "--corpus", str(corpus)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            timeout=left + 120, check=False,
        )  # fmt: skip
        print(*(line for line in done.stdout.splitlines() if line.startswith("FOUND")), sep="\n")
        counts = [int(found) for found in re.findall(r"^#(\d+)", done.stdout, re.MULTILINE)]
        if not counts:
            sys.exit(f"{target} did not start:\n{done.stdout[-3000:]}")
        outcome.inputs += max(counts)
        covered = re.findall(r"\bcov: (\d+)", done.stdout)
        outcome.paths = max([outcome.paths, *map(int, covered)])
        if done.returncode:
            print(done.stdout[-3000:])
    outcome.seconds = time.monotonic() - began
    outcome.new = len(set(REGRESSIONS.iterdir()) - before)
    print(outcome, flush=True)
    return outcome


def _fuzz(target: str, seconds: float, corpus: Path) -> None:
    """The loop itself: an exception is written down once for each place where it arises, and the loop goes on."""
    import atheris

    with atheris.instrument_imports(include=["scr_tone", "markdown_it"]):
        from tests.fuzz.targets import REGRESSIONS, TARGETS
    check = TARGETS[target]
    seen: set[str] = set()

    def one(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
            if place not in seen:
                seen.add(place)
                path = REGRESSIONS / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
                path.write_bytes(data)
                print(f"FOUND {path.name}: {place}: {error}", flush=True)

    limits = [f"-max_total_time={int(seconds)}", f"-timeout={HANG}", f"-rss_limit_mb={MEMORY_MB}", "-max_len=8000"]
    # What ends the process is kept too: its name begins with the target, as all regressions do.
    kept = [f"-artifact_prefix={REGRESSIONS / target}-", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *kept], one)
    atheris.Fuzz()


def _table(done: list[Outcome]) -> list[str]:
    return [
        "## Fuzzed readers",
        "",
        f"Atheris, guided by the branches of our own code, on {machine()}: any bytes give sound blocks or an `InputError` with a remedy, "
        f"within {HANG} s and {MEMORY_MB:,} MB. What it ever found lies in `tests/fuzz/regressions/`, and is read again by the tests.",
        "",
        "| reader | seconds | inputs | branches reached | new findings |",
        "|---|---|---|---|---|",
        *(f"| `{o.target}` | {o.seconds:,.0f} | {o.inputs:,} | {o.paths:,} | {o.new} |" for o in done),
    ]


if __name__ == "__main__":
    main()
