"""Measure a model that ships and write the scores into its record in ``models/experiments/``.

Usage: ``python scripts/record_experiment.py 18-standard --model standard --set real_dev=PATH --set review_dev=PATH``

What the record says the experiment was ("what", "settings") stays as it is; sets that are not named keep their scores.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

import scr_tone
from scr_tone.evaluation import metrics
from scr_tone.flag_figures import flag_figures
from scr_tone.labelled import read_labelled, reports_of
from scr_tone.project import Flags
from scr_tone.scorer import NATURAL_PRIOR

FOLDER = Path(__file__).resolve().parent.parent / "models" / "experiments"


def measured(tone: scr_tone.ToneAnalyser, path: str) -> dict[str, Any]:
    """What the table of experiments shows of a set."""
    labelled = read_labelled(path)
    shares = tone.score_matrix([row.text for row in labelled])
    found = metrics([row.label for row in labelled], shares, groups=reports_of(labelled))
    blame = found["per_label"]["blame"]
    flags = flag_figures(
        [row.label for row in labelled],
        [
            Flags().has(one.label, one.scores, row.text)
            for row, one in zip(labelled, tone.label([row.text for row in labelled], cues=False), strict=True)
        ],
        groups=reports_of(labelled),
        natural=NATURAL_PRIOR,
    )
    return {
        "n": found["n"],
        "macro_f1": round(found["macro_f1"], 3),
        "macro_f1_ci": [round(limit, 3) for limit in found["macro_f1_ci"]],
        "ece": round(found["ece"], 3),
        "blame_precision": round(blame["precision"], 3),
        "blame_recall": round(blame["recall"], 3),
        "flags": {key: np.round(value, 3).tolist() for key, value in flags.items()},
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", help="name of the record, without .json")
    parser.add_argument("--model", required=True)
    parser.add_argument("--prior", choices=["training", "natural"], default="training")
    parser.add_argument("--set", action="append", required=True, metavar="NAME=PATH", help="labelled JSON Lines")
    options = parser.parse_args()
    path = FOLDER / f"{options.record}.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    tone = scr_tone.load(options.model, prior="natural" if options.prior == "natural" else None)
    for name, source in (pair.split("=", 1) for pair in options.set):
        record["scores"][name] = measured(tone, source)
    record["measured_by"] = "scripts/record_experiment.py"
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
