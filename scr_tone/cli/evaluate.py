"""``scr-tone evaluate LABELLED.jsonl``: how good the model is on labelled sentences."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from scr_tone.analyser import load
from scr_tone.cli.exits import Exit
from scr_tone.cli.options import add_model, add_prior, prior_of
from scr_tone.evaluation import metrics
from scr_tone.labelled import LabelledSentence, read_labelled
from scr_tone.records import LABELS

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="measure the model on labelled sentences",
        description="Reads JSON Lines with the keys text and label. Where they also name the report (report or case), "
        "the bootstrap draws whole reports.",
    )
    parser.add_argument("labelled", metavar="LABELLED.jsonl")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_model(parser)
    add_prior(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Score, compare, print."""
    sentences = read_labelled(options.labelled)
    tone = load(options.model, trusted=options.trust_model, **prior_of(options))  # type: ignore[arg-type]
    scores = tone.score_matrix([sentence.text for sentence in sentences])
    figures = metrics([sentence.label for sentence in sentences], scores, groups=_groups(sentences))
    if options.format == "json":
        print(json.dumps(figures, indent=2))
        return Exit.DONE
    _show(figures, options.labelled, tone.name)
    return Exit.DONE


def _groups(sentences: list[LabelledSentence]) -> list[object] | None:
    found: list[object] = [sentence.extra.get("report") or sentence.extra.get("case") for sentence in sentences]
    return found if all(found) else None


def _show(figures: dict[str, Any], path: str, model: str) -> None:
    low, high = figures["macro_f1_ci"]
    print(f"{path}: {figures['n']:,} sentences, model {model}")
    print(f"macro-F1           {figures['macro_f1']:.3f}  (95% interval {low:.3f} to {high:.3f})")
    print(f"accuracy           {figures['accuracy']:.3f}")
    print(f"calibration error  {figures['ece']:.3f}")
    print(f"\n{'':15}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}")
    for label, row in figures["per_label"].items():
        print(f"{label:15}{row['precision']:>10.3f}{row['recall']:>10.3f}{row['f1']:>10.3f}{row['support']:>8,}")
    print(f"\n{'true, predicted:':17}" + "".join(f"{label:>16}" for label in LABELS))
    for truth in LABELS:
        print(f"{truth:17}" + "".join(f"{figures['confusion'][truth][label]:>16,}" for label in LABELS))
    if figures["n"] < 100:
        print("\nFewer than 100 sentences: the interval matters more than the figure.", file=sys.stderr)
