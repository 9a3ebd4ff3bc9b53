"""Run the behavioural suites on a model.

python -m tests.behaviour [--model NAME] [--trust-model] [--output FILE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import scr_tone
from tests.behaviour.suites import TOLERANCE, markdown, run


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, and write them where ``--output`` says."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description="Run the behavioural suites.")
    parser.add_argument("--model", metavar="NAME", help="a bundled model, or the folder of a trained one")
    parser.add_argument(
        "--trust-model", action="store_true", help="load a model from a folder; its maker can run code on this machine"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="also write the tables to this file")
    options = parser.parse_args(arguments)
    try:
        tone = scr_tone.load(options.model, trusted=options.trust_model)
    except scr_tone.ScrToneError as error:
        print(error, file=sys.stderr)
        return 4
    text = "\n".join(
        [
            f"# Behaviour of model {tone.name} (manifest {tone.digest[:12]})",
            "",
            "An invariance pair fails when its label changes, a direction pair when the probability moves the wrong way by",
            f"more than {TOLERANCE}, a rule's sentence when it gets another label. Intervals are Wilson's; sentences of a suite",
            "are not a sample of real prose.",
            "",
            *(markdown(suite) for suite in run(tone)),
        ]
    )
    print(text)
    if options.output is not None:
        options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
