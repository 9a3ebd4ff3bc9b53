"""Write ``models/EXPERIMENTS.md`` from the records in ``models/experiments/``; each record was written by the run it is about.

Usage: ``python scripts/write_experiments.py [--check]``
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER, TARGET = ROOT / "models" / "experiments", ROOT / "models" / "EXPERIMENTS.md"

HEAD = """# What was tried

Written by `python scripts/write_experiments.py` from `models/experiments/*.json`. The models that ship (13, 24, 25) are measured
anew by `scripts/record_experiment.py`; the other records were written once, on 28 and 29 November 2026, by the trials they are about,
whose scripts are not kept. `real_dev` are 400 real sentences that are
not part of this project, `review_dev` 386 restated ones (`data/evaluation/`); neither trained or tuned any model. Macro-F1
with its 95% bootstrap interval; P and R are blame's precision and recall, ECE the calibration error. Single runs with one seed
differ by about 0.02, so a smaller difference between two rows is no evidence.
"""


def _cell(scores: dict[str, Any], name: str) -> str:
    found = scores.get(name)
    if not found:
        return "- | - | -"
    low, high = found["macro_f1_ci"]
    return (
        f"{found['macro_f1']:.3f} ({low:.2f}-{high:.2f}) | {found['blame_precision']:.2f} / {found['blame_recall']:.2f} "
        f"| {found['ece']:.3f}"
    )


def page() -> str:
    """The whole page."""
    lines = [
        HEAD,
        "| no. | what | settings | real_dev | P / R | ECE | review_dev | P / R | ECE |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    others = []
    for path in sorted(FOLDER.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        number = path.stem.split("-")[0]
        settings = ", ".join(f"{name} {value}" for name, value in record["settings"].items())
        if "table" in record:
            others.append((number, record, settings))
            continue
        scores = record["scores"]
        lines.append(
            f"| {number} | {record['what']} | {settings} | {_cell(scores, 'real_dev')} | {_cell(scores, 'review_dev')} |"
        )
    for number, record, settings in others:
        lines += ["", f"## {number}: {record['what']}", "", settings, ""]
        columns = list(record["table"][0])
        lines += [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
        lines += [f"| {' | '.join(str(row[column]) for column in columns)} |" for row in record["table"]]
        if record.get("conclusion"):
            lines += ["", record["conclusion"]]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="say whether the page is stale, write nothing")
    options = parser.parse_args()
    text = page()
    if options.check:
        stale = not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text
        print("models/EXPERIMENTS.md is stale: run python scripts/write_experiments.py" if stale else "up to date")
        return int(stale)
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
