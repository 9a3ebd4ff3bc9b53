"""Cold start and a long review, beside what Python and scikit-learn take by themselves on the same machine.

python -m tests.benchmarks.speed
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import docx

from scr_tone.labelled import read_labelled_folder
from tests.benchmarks.table import environment, machine, write_section

ROOT = Path(__file__).resolve().parents[2]
WORDS = 25_000


def timed(*command: str, repeats: int = 3, python: str = sys.executable) -> tuple[float, float]:
    """Best wall-clock seconds, and peak memory in MB."""
    best, peak = float("inf"), 0.0
    for _ in range(repeats):
        done = subprocess.run(
            [python, "-c", _MEASURE, *command],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment(),
            timeout=600,
        )
        best = min(best, float(done.stdout.split()[-2]))
        peak = max(peak, float(done.stdout.split()[-1]))
    return best, peak


# Runs a command and prints its seconds and its peak memory (with that of its children).
_MEASURE = """
import resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run([sys.executable, *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)
spent = time.perf_counter() - began
print(spent, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def long_review(folder: Path, count: int = WORDS, *, natural: bool = False) -> tuple[Path, Path, int]:
    """A DOCX and a text file of so many words in paragraphs of six sentences under headings; the labels' shares are those of the
    authored sentences, which hold three times as much blame as a review does, or `natural` ones."""
    chosen = random.Random(0)
    if natural:
        from tests.benchmarks.make_corpus import draw

        sentences = draw(chosen, count)  # more than enough, as a sentence has more than one word
    else:
        sentences = [s.text for s in read_labelled_folder(ROOT / "data" / "authored")]
        chosen.shuffle(sentences)
    document = docx.Document()
    parts: list[str] = []
    words = at = 0
    while words < count:
        if at % 60 == 0:
            document.add_heading(f"Section {at // 60 + 1}", level=1)
            parts.append(f"Section {at // 60 + 1}")
        paragraph = " ".join(sentences[at : at + 6])
        document.add_paragraph(paragraph)
        parts.append(paragraph)
        words += len(paragraph.split())
        at += 6
    document.save(str(folder / "long.docx"))
    (folder / "long.txt").write_text("\n\n".join(parts), encoding="utf-8")
    return folder / "long.docx", folder / "long.txt", words


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.txt"
        one.write_text("The nurse failed to call back.", encoding="utf-8")
        document, text, words = long_review(folder)
        rows = {
            "python, doing nothing": ("-c", "pass"),
            "import sklearn.linear_model": ("-c", "import sklearn.linear_model"),
            "import spacy, blank pipeline": ("-c", "import spacy; spacy.blank('en')"),
            "check, one sentence": ("-m", "scr_tone", "check", str(one)),
            "check --model small, one sentence": ("-m", "scr_tone", "check", "--model", "small", str(one)),
            "check, example DOCX": ("-m", "scr_tone", "check", str(ROOT / "examples/draft_review_child_m.docx")),
            f"check --model small, text of {words:,} words": ("-m", "scr_tone", "check", "--model", "small", str(text)),
            f"check --model small, DOCX of {words:,} words": (
                "-m",
                "scr_tone",
                "check",
                "--model",
                "small",
                str(document),
            ),
            f"check, DOCX of {words:,} words": ("-m", "scr_tone", "check", str(document)),
        }
        found = {
            label: timed(*command, repeats=1 if label.startswith("check, DOCX") else 3)
            for label, command in rows.items()
        }
    base = found["import spacy, blank pipeline"][0]
    lines = [
        "## Cold start and a long review",
        "",
        f"Whole commands in new processes, best of three, the last once ({machine()}); peak memory of the largest process.",
        "",
        "| command | seconds | times `import spacy` | peak MB |",
        "|---|---|---|---|",
        *(f"| {label} | {wall:.2f} | {wall / base:.2f} | {peak:.0f} |" for label, (wall, peak) in found.items()),
    ]
    print("\n".join(lines))
    write_section("speed", lines)


if __name__ == "__main__":
    main()
