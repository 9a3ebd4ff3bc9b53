"""Where does a model go wrong: where a reader doubts, or anywhere?

python -m tests.benchmarks.doubt
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import scr_tone
from scr_tone.labelled import LabelledSentence, read_labelled, read_labelled_folder
from scr_tone.records import LABELS
from scr_tone.training.examples import held_out
from scr_tone.training.train import WRITTEN_FREELY
from tests.benchmarks.table import write_section

DATA = Path(__file__).resolve().parents[2] / "data"


def row(name: str, sentences: Sequence[LabelledSentence], doubted: Sequence[bool], *, judge: bool = True) -> str:
    """How many of the sentences are doubted, and how often the model is right on those, and on the others."""
    doubts = np.array(doubted)
    cells = ["-"] * 4
    if judge:
        for at, model in enumerate(("standard", "small")):
            found = scr_tone.load(model).label([one.text for one in sentences], cues=False)
            right = np.array([said.label == one.label for said, one in zip(found, sentences, strict=True)])
            cells[2 * at : 2 * at + 2] = [f"{right[doubts].mean():.2f}", f"{right[~doubts].mean():.2f}"]
    return f"| {name} | {len(sentences)} | {doubts.mean():.0%} | {' | '.join(cells)} |"


def main() -> None:
    read = [json.loads(line) for line in (DATA / "doubt.jsonl").read_text(encoding="utf-8").splitlines()]
    doubted = {one["id"]: one["second_choice"] in LABELS for one in read}
    labels = {one["id"]: one["label"] for one in read}
    authored, review = read_labelled_folder(DATA / "authored"), read_labelled(DATA / "evaluation" / "review_dev.jsonl")
    known = {name: [s for s in found if s.extra["id"] in doubted] for name, found in (("a", authored), ("r", review))}
    free = [s for s in authored if s.file in WRITTEN_FREELY and held_out(s)]
    agreed = {name: np.mean([labels[s.extra["id"]] == s.label for s in found]).item() for name, found in known.items()}
    lines = [
        "## Where a model goes wrong",
        "",
        "Whether a reader who saw the text alone names a second choice, and how often each model gives the label: where one is named,"
        " and where none is. For `review_dev` and the sentences drawn from the files written before one reader, who was no annotator"
        f" of either, names it (`data/doubt.jsonl`; his labels are theirs on {agreed['r']:.1%} and {agreed['a']:.1%}); for those"
        " written freely their two readers, of cases that no model has seen. The models learned from most of the drawn ones, so they"
        " are not judged there.",
        "",
        "| sentences | number | with a second choice | `standard`, those | the others | `small`, those | the others |",
        "|---|---|---|---|---|---|---|",
        row("`review_dev`", known["r"], [doubted[s.extra["id"]] for s in known["r"]]),
        row(
            "drawn from what was written for labels",
            known["a"],
            [doubted[s.extra["id"]] for s in known["a"]],
            judge=False,
        ),
        row("written freely, held-out cases", free, [s.extra["second_choice"] in LABELS for s in free]),
    ]
    print("\n".join(lines))
    write_section("doubt", lines)


if __name__ == "__main__":
    main()
