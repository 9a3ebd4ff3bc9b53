"""Run the behavioural suites on a model.

python -m tests.behaviour [--model NAME ...] [--trust-model] [--output FILE]

What ships: python -m tests.behaviour --model standard small --output models/BEHAVIOUR.md
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import scr_tone
from tests.behaviour.suites import TOLERANCE, markdown, run

HEAD = f"""Written by `python -m tests.behaviour`. An invariance pair fails when its label changes, a direction pair when the
probability moves the wrong way by more than {TOLERANCE}, a rule's sentence when it gets another label. Intervals are Wilson's;
the sentences of a suite were chosen to press on one thing each and are no sample of real prose."""


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, and write them where ``--output`` says."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description="Run the behavioural suites.")
    parser.add_argument("--model", metavar="NAME", nargs="+", help="bundled models, or folders of trained ones")
    parser.add_argument(
        "--trust-model", action="store_true", help="load a model from a folder; its maker can run code on this machine"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="also write the tables to this file")
    options = parser.parse_args(arguments)
    parts = [HEAD]
    for name in options.model or [None]:
        try:
            tone = scr_tone.load(name, trusted=options.trust_model)
        except scr_tone.ScrToneError as error:
            print(error, file=sys.stderr)
            return 4
        parts += [f"# Model {tone.name} (manifest {tone.digest[:12]})", *(markdown(suite) for suite in run(tone))]
    text = "\n\n".join(part.strip("\n") for part in parts) + "\n"
    print(text)
    if options.output is not None:
        options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
