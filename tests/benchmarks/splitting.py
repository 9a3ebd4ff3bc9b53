"""Sentence splitting: how right, how fast, and how the time grows, beside spaCy's sentencizer and pySBD.

python -m tests.benchmarks.splitting
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pysbd
import spacy

import scr_tone
from scr_tone.component import blank_pipeline
from scr_tone.labelled import read_labelled_folder
from tests.benchmarks.table import machine, write_section

ROOT = Path(__file__).resolve().parents[2]
Splitter = Callable[[str], list[tuple[int, int]]]
SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
PYSBD_LIMIT = {"paragraphs": 100_000, "unbroken": 100_000}  # beyond this it takes minutes to hours


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def splitters() -> dict[str, Splitter]:
    sentencizer = spacy.blank("en")
    sentencizer.add_pipe("sentencizer")
    ours = blank_pipeline()
    sentencizer.max_length = ours.max_length = 50_000_000
    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)

    def by_pipeline(nlp: spacy.Language) -> Splitter:
        return lambda text: [
            s for s in (trimmed(text, x.start_char, x.end_char) for x in nlp(text).sents) if s[0] < s[1]
        ]

    return {
        "scr_tone.split": scr_tone.split,
        "spaCy with scr_tone_sentences": by_pipeline(ours),
        "spaCy sentencizer": by_pipeline(sentencizer),
        "pySBD": lambda text: [trimmed(text, s.start, s.end) for s in segmenter.segment(text) if s.sent.strip()],
    }


def boundary_f1(splitter: Splitter, extracts: list[dict]) -> float:
    hits = found = there = 0
    for extract in extracts:
        wanted = {end for _, end in extract["units"][:-1]}
        got = {end for _, end in splitter(extract["text"])[:-1]}
        hits, found, there = hits + len(wanted & got), found + len(got), there + len(wanted)
    return 2 * hits / (found + there)


def prose(size: int, *, unbroken: bool) -> str:
    sentences = [s.text for s in read_labelled_folder(ROOT / "data" / "authored")]
    parts: list[str] = []
    length = 0
    while length < size:
        for index, sentence in enumerate(sentences):
            gap = " " if unbroken or index % 6 else "\n\n"
            parts += [gap, sentence]
            length += len(gap) + len(sentence)
            if length >= size:
                break
    return "".join(parts)[:size]


def seconds(splitter: Splitter, text: str) -> float:
    best = float("inf")
    for _ in range(3 if len(text) < 1_000_000 else 1):
        began = time.perf_counter()
        splitter(text)
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    warnings.simplefilter("ignore", SyntaxWarning)
    extracts = [
        json.loads(line) for line in (ROOT / "tests/golden/extracts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    test = [e for e in extracts if e["split"] == "test"]
    ordinary = [e for e in test if e["level"] == "ordinary"]
    found = splitters()
    lines = [
        "## Sentence splitting",
        "",
        f"Boundary F1 on {len(test)} extracts that somebody else wrote and marked without seeing the rules, harder than life on "
        f"purpose; {len(ordinary)} of them are ordinary. (`split: dev` in the same file was used to mend rules, these were not.)",
        "",
        "| splitter | ordinary | all |",
        "|---|---|---|",
        *(
            f"| {name} | {boundary_f1(one, ordinary):.3f} | {boundary_f1(one, test):.3f} |"
            for name, one in found.items()
        ),
        "",
        "Million characters a second, in paragraphs and as one unbroken paragraph (" + machine() + "):",
        "",
        "| splitter | text | " + " | ".join(f"{size / 1e6:g} M" for size in SIZES) + " | time(5 M) / time(1 M) |",
        "|---|---|" + "---|" * (len(SIZES) + 1),
    ]
    for name, one in found.items():
        for kind in ("paragraphs", "unbroken"):
            times = {}
            for size in SIZES:
                if name != "pySBD" or size <= PYSBD_LIMIT[kind]:
                    times[size] = seconds(one, prose(size, unbroken=kind == "unbroken"))
            cells = [f"{size / times[size] / 1e6:.3f}" if size in times else "not run" for size in SIZES]
            growth = f"{times[SIZES[3]] / times[SIZES[2]]:.1f}" if SIZES[3] in times else "-"
            lines.append(f"| {name} | {kind} | {' | '.join(cells)} | {growth} |")
            print(lines[-1], flush=True)
    write_section("splitting", lines)


if __name__ == "__main__":
    main()
