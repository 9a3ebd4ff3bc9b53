"""Do the cited words carry the label? Without them its score must fall further than without as many random words.

python -m tests.benchmarks.faithfulness
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np

import scr_tone
from scr_tone.labelled import read_labelled
from tests.benchmarks.table import write_section

PATH = Path(__file__).resolve().parents[2] / "data" / "evaluation" / "review_dev.jsonl"


def without(text: str, cues: tuple[scr_tone.Cue, ...]) -> str:
    """The sentence without the cited words."""
    for cue in reversed(cues):
        text = text[: cue.start] + text[cue.end :]
    return " ".join(text.split())


def falls(model: str, *, explain: bool) -> dict[str, tuple[int, float, float]]:
    """For each label: sentences, and the mean fall of its score without the cited and without random words."""
    tone, rng = scr_tone.load(model), random.Random(0)
    texts = [row.text for row in read_labelled(PATH)]
    cases = [
        (text, found)
        for text, found in zip(texts, tone.label(texts, explain=explain), strict=True)
        if found.label != "neutral" and found.cues
    ]
    cited = [without(text, found.cues) for text, found in cases]
    at_random = []
    for text, found in cases:
        words = text.split()
        count = min(len(words), sum(len(cue.text.split()) for cue in found.cues))
        gone = set(rng.sample(range(len(words)), count))
        at_random.append(" ".join(word for at, word in enumerate(words) if at not in gone))
    fallen: dict[str, list[tuple[float, float]]] = {}
    rest = zip(tone.label(cited, cues=False), tone.label(at_random, cues=False), strict=True)
    for (_, found), (left, other) in zip(cases, rest, strict=True):
        whole = found.scores[found.label]
        fallen.setdefault(found.label, []).append((whole - left.scores[found.label], whole - other.scores[found.label]))
    return {
        label: (len(pairs), *(float(mean) for mean in np.mean(pairs, axis=0)))
        for label, pairs in sorted(fallen.items())
    }


def main() -> None:
    lines = [
        "## Whether the cited words carry the label",
        "",
        "Mean fall of the label's score on `review_dev` without the cited words, and without as many random ones.",
        "",
        "| model | label | sentences | without the cited words | without random words |",
        "|---|---|---|---|---|",
    ]
    for model, explain in (("standard", False), ("standard", True), ("small", False)):
        for label, (count, cited, chance) in falls(model, explain=explain).items():
            lines.append(
                f"| {model}{', `explain`' if explain else ''} | {label} | {count} | {cited:.2f} | {chance:.2f} |"
            )
    print("\n".join(lines))
    write_section("faithfulness", lines)


if __name__ == "__main__":
    main()
