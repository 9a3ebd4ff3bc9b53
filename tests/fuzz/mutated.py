"""Damaged and hostile files, read as a user's are: in a child, with the normal limits, and analysed.

python -m tests.fuzz.mutated --count 2000 --seed 1
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
from collections import Counter, defaultdict
from pathlib import Path

import scr_tone
from scr_tone.reading import read_bytes
from tests.benchmarks.table import machine, write_section
from tests.fuzz.mutations import Mutant, mutants

# How a refusal is counted. What is none of these is one that the reader says on purpose.
_UNFORESEEN = {
    "reader failed": r"reader failed on this file",
    "parser crashed": r"parser crashed|stopped from outside",
    "out of time": r"takes more than",
    "out of memory": r"needs more memory",
}
OUTCOMES = ("read", "refused", *_UNFORESEEN, "anything else")
BAD = ("reader failed", "parser crashed", "out of time", "anything else")


def outcome_of(mutant: Mutant, tone: scr_tone.ToneAnalyser) -> tuple[str, str]:
    """How it went, and what was said."""
    try:
        document = read_bytes(mutant.data, name=f"mutant.{'pdf' if mutant.level == 'PDF' else 'docx'}")
        report = tone.analyse(document, cues=False)
    except scr_tone.InputError as error:
        unforeseen = [name for name, pattern in _UNFORESEEN.items() if re.search(pattern, error.reason)]
        return (unforeseen or ["refused"])[0], error.reason
    except Exception as error:
        return "anything else", f"{type(error).__name__}: {error}"
    wrong = [s.index for s in report.sentences if document.text[s.start : s.end] != s.text]
    return ("anything else", f"offsets of sentences {wrong}") if wrong else ("read", "")


def _spent() -> float:
    """Processor time of this process and of its children that ended."""
    here, there = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return here.ru_utime + here.ru_stime + there.ru_utime + there.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for files that went badly")
    parser.add_argument("--write", action="store_true", help="write the table into tests/benchmarks/README.md")
    options = parser.parse_args()
    tone = scr_tone.load("small")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    bad = 0
    for mutant in mutants(options.count, options.seed):
        began = _spent()
        outcome, said = outcome_of(mutant, tone)
        took = _spent() - began
        counts[mutant.level][outcome] += 1
        if took > slowest[mutant.level]:
            slowest[mutant.level] = took
            print(f"{mutant.number} {mutant.level} {mutant.change}: {took:.2f} s", flush=True)
        if outcome in BAD:
            bad += 1
            print(f"BAD {mutant.number} {mutant.level} {mutant.change}: {outcome}: {said}", flush=True)
            if options.keep:
                (options.keep / f"{mutant.number}.{mutant.level.lower()}").write_bytes(mutant.data)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    command = f"python -m tests.fuzz.mutated --count {options.count} --seed {options.seed} --write"
    lines = [
        "## Damaged and hostile files",
        "",
        f"`{command}` on {machine()}: Word documents changed as archives and as XML, and PDFs, each read in the child with the normal "
        "limits and analysed with `small`. *Refused* is an `InputError` that names what is wrong with the file; times are processor time, "
        "the start of the child included.",
        "",
        f"| level | files | {' | '.join(OUTCOMES)} | slowest |",
        f"|---|---|{'---|' * len(OUTCOMES)}---|",
        *(
            f"| {level} | {found.total():,} | {' | '.join(f'{found[name]:,}' for name in OUTCOMES)} | {slowest[level]:.1f} s |"
            for level, found in counts.items()
        ),
        "",
        f"The largest of the children took {peak:,.0f} MB of memory.",
    ]
    print("\n".join(lines))
    if options.write:
        write_section("mutated", lines, by="../fuzz/mutated.py")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
