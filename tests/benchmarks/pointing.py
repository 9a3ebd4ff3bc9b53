"""Do comments stand at the words that a reader would mark? The head that learned it, beside the cues by themselves.

python -m tests.benchmarks.pointing
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

import scr_tone
from scr_tone.labelled import read_labelled, read_labelled_folder
from scr_tone.pointer import POINTED
from scr_tone.records import Cue
from scr_tone.telling import telling_span, with_listed
from scr_tone.training.examples import held_out
from scr_tone.training.pointing import Marked, marked, shared_words
from tests.benchmarks.table import write_section

DATA = Path(__file__).resolve().parents[2] / "data"


def sets() -> dict[str, list[Marked]]:
    """Sentences with marks that no model was fitted to."""
    held = [sentence for sentence in read_labelled_folder(DATA / "authored") if held_out(sentence)]
    return {
        "authored, held-out cases": marked(DATA / "telling.jsonl", held),
        "`review_dev`": marked(DATA / "telling_eval.jsonl", read_labelled(DATA / "evaluation" / "review_dev.jsonl")),
    }


def spans(model: str, sentences: Sequence[Marked], *, pointer: bool) -> list[tuple[int, int] | None]:
    """What is pointed at in each sentence; None where the model gives it another label, which is not what is measured here."""
    found: list[tuple[int, int] | None] = []
    for sentence, said in zip(sentences, scr_tone.load(model).label([one.text for one in sentences]), strict=True):
        cues: Sequence[Cue] = with_listed(said.cues, sentence.text, said.label)
        if said.label != sentence.label:
            found.append(None)
        elif pointer and said.telling is not None:
            found.append((said.telling.start, said.telling.end))
        else:
            found.append(telling_span(cues, sentence.text) or (0, len(sentence.text)))
    return found


def main() -> None:
    lines = [
        "## Whether comments stand at the words that a reader would mark",
        "",
        "Of sentences that get the label that they were marked for: words shared by the stretch that a comment stands at and the one"
        " that a reader marked (Dice, mean), and how often they have no word in common. The readers saw sentence and label, not the"
        " model. Three settings of the head were chosen on the held-out cases, so those flatter a little. How far two readers agree:"
        " data/README.md.",
        "",
        "| model | words pointed at | set | label | sentences | shared words | none in common |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, sentences in sets().items():
        for model, pointer, how in (
            ("standard", True, "by the head that learned it"),
            ("standard", False, "by the cues alone"),
            ("small", False, "by the cues alone"),
        ):
            pairs = [
                (sentence, span)
                for sentence, span in zip(sentences, spans(model, sentences, pointer=pointer), strict=True)
                if span is not None
            ]
            for label in POINTED:
                values = [shared_words(span, sentence) for sentence, span in pairs if sentence.label == label]
                if not values:
                    continue
                lines.append(
                    f"| {model} | {how} | {name} | {label} | {len(values)} | {np.mean(values):.2f} "
                    f"| {np.mean([value == 0 for value in values]):.0%} |"
                )
    print("\n".join(lines))
    write_section("pointing", lines)


if __name__ == "__main__":
    main()
