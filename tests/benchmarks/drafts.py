"""A draft that is checked again, a long review from DOCX to HTML beside the encoder's own arithmetic, and a cold start.

python -m tests.benchmarks.drafts                 some minutes; writes the table in the README beside this file and ``drafts.json``
python -m tests.benchmarks.drafts --words 1000    a try, which writes nothing
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.peer_tables import DRAFTS
from tests.benchmarks.speed import WORDS, long_review, timed
from tests.benchmarks.table import environment, machine, write_section

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python -m tests.benchmarks.drafts"
#: Sentences that no review has, one for each second check.
CHANGED = (
    "On Tuesday the duty worker rang the nursery and heard that nobody had come to fetch the twins.",
    "Nobody at the clinic thought of asking who had brought the boy, although the form has a line for it.",
    "Caseloads in the team had doubled since the spring, and the two newest workers had most of them.",
)


def in_process(document: Path) -> dict[str, Any]:
    """First and second checks in a process that goes on, as the service does, and the encoder by itself."""
    import scr_tone
    from scr_tone.encoder import EncoderModel
    from tests.benchmarks.arithmetic import alone

    tone = scr_tone.load("standard")
    model = tone._model
    assert isinstance(model, EncoderModel)
    text = scr_tone.read(document).text
    tone.analyse("It rained.")

    def check(words: str) -> float:
        began = time.perf_counter()
        tone.analyse(words).to_json()
        return time.perf_counter() - began

    asked: list[str] = []
    submit = model.submit
    model.submit = lambda texts, **pool: asked.extend(texts) or submit(texts, **pool)  # type: ignore[method-assign, func-returns-value]
    first = check(text)
    model.submit = submit  # type: ignore[method-assign]
    report = tone.analyse(text)
    middle = report.sentences[len(report.sentences) // 2]
    again = [check(text[: middle.start] + other + text[middle.end :]) for other in CHANGED]
    units = {model.normalised(sentence.text).text for sentence in report.sentences}
    sentences = [each for each in asked if each in units]
    once, _ = alone(model, sentences)
    whole, _ = alone(model, asked)
    return {
        "sentences": len(report.sentences),
        "blame": sum(each.label == "blame" for each in report.sentences),
        "first": first,
        "second": statistics.median(again),
        "read": len(sentences),
        "read_again": len(asked) - len(sentences),
        "arithmetic": once,
        "arithmetic_with_words": whole,
    }


def measure(words: int) -> dict[str, Any]:
    """Everything, as the record keeps it."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        document, _, count = long_review(Path(name), words, natural=True)
        one = Path(name) / "one.txt"
        one.write_text("The nurse failed to call back.", encoding="utf-8")
        cold, _ = timed("-m", "scr_tone", "check", str(one), repeats=5)
        page = (
            "-m",
            "scr_tone",
            "check",
            str(document),
            "--format",
            "html",
            "--output",
            str(Path(name) / "report.html"),
        )
        html, memory = timed(*page, repeats=1)
        command = [sys.executable, "-m", "tests.benchmarks.drafts", "--in-process", str(document)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.PIPE, text=True, timeout=900
        )
    found = json.loads(done.stdout.splitlines()[-1])
    return {"command": COMMAND, "machine": machine(), "load": load, "words": count, "cold": cold, "html": html,
            "memory": memory, **found}  # fmt: skip


def lines(record: dict[str, Any]) -> list[str]:
    """The section in the README beside this file."""
    over, words = record["html"] - record["arithmetic_with_words"], f"{record['words']:,} words"
    return [
        "## Drafts",
        "",
        f"A review of {words}, {record['sentences']:,} sentences with the label shares of real reviews, "
        f"{record['blame']:,} of them found to be "
        f"blame, with `standard` ({record['machine']}; load when it began {record['load']:.1f}). Of each blaming "
        "sentence the encoder also reads "
        f"what is left without some of its words, to say which of them tell: {record['read_again']:,} readings beside the "
        f"{record['read']:,} of the sentences themselves.",
        "",
        "| what | seconds |",
        "|---|---|",
        f"| `scr-tone check`, one sentence, from cold, the best of five | {record['cold']:.2f} |",
        f"| the review from DOCX to an HTML report, the whole command ({record['memory']:.0f} MB) | {record['html']:.1f} |",
        f"| the encoder's own arithmetic for its sentences, each once | {record['arithmetic']:.1f} |",
        f"| and for the readings without words, too | {record['arithmetic_with_words']:.1f} |",
        f"| so all else, from starting Python to writing the report, took | {over:.1f} |",
        f"| a first check of its text in a process that goes on, to JSON | {record['first']:.1f} |",
        f"| the next, with one sentence changed, the median of three | {record['second']:.2f} |",
        "",
        f"The next check is {record['first'] / record['second']:.0f} times as fast as the first. What a second worker "
        "brings is in the table of a "
        "corpus, below.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Drafts, measured.")
    parser.add_argument("--words", type=int, default=WORDS)
    parser.add_argument("--in-process", type=Path, metavar="DOCX", help="what the command has a new process do")
    options = parser.parse_args()
    if options.in_process:
        print(json.dumps(in_process(options.in_process)))
        return
    record = measure(options.words)
    print("\n".join(lines(record)))
    if options.words >= WORDS:
        DRAFTS.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        write_section("drafts", lines(record))
    else:
        print("\nnot written: a try")


if __name__ == "__main__":
    main()
