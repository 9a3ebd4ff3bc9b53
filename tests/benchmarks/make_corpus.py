"""A corpus of fictional reviews: real DOCX and PDF files of varied length and shape, and a manifest of them.

python -m tests.benchmarks.make_corpus FOLDER [--documents 300] [--seed 0]

The sentences are the project's authored ones, put together at random with the label shares of real documents, so that a text
makes no sense as a whole; no sentence is from a real document. The same seed gives the same bytes, with the same versions of
python-docx and ReportLab.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from scr_tone.labelled import read_labelled_folder
from tests.benchmarks.load import SHARES

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "examples"))  # last, as it has a build.py, and there is a library of that name

from build_docx import build_docx  # noqa: E402
from build_markup import Block, Source  # noqa: E402
from build_pdf import build_pdf  # noqa: E402

YEARS = range(2008, 2024)
AREAS = ("Ellersea", "Dunmarsh", "Thornleigh", "Wexmoor", "Harrowby Vale", "Kelderbridge", "Saltmarsh", "Orrin Bay")
LEADS = ("children's services", "health", "police", "education", "probation")
CHAPTERS = (
    ("Introduction", ("Why this review was held", "How it was done", "The family's part")),
    ("The family and what happened", ("Background", "The first months", "The last weeks")),
    ("Chronology", ("Contacts with agencies", "Key events")),
    ("Analysis", ("What was known", "How decisions were made", "Working together", "The child's day")),
    ("Findings", ("Supervision", "Records and information", "Thresholds", "Practice on the day")),
    ("Recommendations", ("For the partnership", "For single agencies")),
)
#: What the mark-up of the examples would take for more than a letter.
_MARKED = re.compile(r"[*\[\]{}|^~<>#%]")
_NUMBER = re.compile(r"\(?[\d.]+\)?[.)]?\s+|[-\u2022\u2013]\s+|\([a-z]+\)\s+")


@cache
def sentences() -> dict[str, list[str]]:
    """Authored sentences by label: whole ones, in the letters that the PDF's fonts have."""
    found: dict[str, list[str]] = {label: [] for label in SHARES}
    for each in read_labelled_folder(ROOT / "data" / "authored"):
        text = _NUMBER.sub("", each.text, count=1) if _NUMBER.match(each.text) else each.text
        if text.endswith(".") and 25 < len(text) < 400 and text[0].isupper() and not _MARKED.search(text):
            try:
                text.encode("cp1252")
            except UnicodeEncodeError:
                continue
            found[each.label].append(text)
    return found


def draw(chosen: random.Random, count: int) -> list[str]:
    """So many sentences, in the label shares of real reviews."""
    labels = chosen.choices(list(SHARES), list(SHARES.values()), k=count)
    return [chosen.choice(sentences()[label]) for label in labels]


def paragraph(chosen: random.Random, count: int) -> str:
    """So many sentences."""
    return " ".join(draw(chosen, count))


def blocks(chosen: random.Random, words: int) -> Iterator[Block]:
    """Chapters with numbered paragraphs, bullets, quotations and tables, of about so many words."""
    for chapter, sections in CHAPTERS:
        yield Block("heading", chapter, 1)
        share = words / len(CHAPTERS)
        told = sections[: max(1, round(len(sections) * min(1, words / 3000)))]
        for section in told:
            yield Block("heading", section, 2)
            left = share / len(told)
            while left > 0:
                kind = chosen.choices(("paragraph", "bullet", "quote"), (12, 2, 1))[0]
                text = paragraph(chosen, chosen.randint(3, 6) if kind == "paragraph" else 1)
                yield Block(kind, text)
                left -= len(text.split())
            if chapter == "Chronology":
                yield table(chosen)


def table(chosen: random.Random) -> Block:
    """A chronology of a few lines."""
    rows = [("Date", "Agency", "What happened")]
    for _ in range(chosen.randint(3, 8)):
        rows.append(
            (f"{chosen.randint(1, 28)}.{chosen.randint(1, 12):02d}", chosen.choice(LEADS), paragraph(chosen, 1))
        )
    return Block("table", "Table 1: Contacts", widths=(15, 25, 60), rows=tuple(rows))


def facts(number: int, seed: int) -> tuple[random.Random, dict[str, str]]:
    """A document's own chance, and what the manifest says of it."""
    chosen = random.Random(f"{seed}/{number}")
    year = chosen.choice(YEARS)
    form = "docx" if number % 2 else "pdf"
    area, lead = chosen.choice(AREAS), chosen.choice(LEADS)
    return chosen, {"path": f"{year}/review_{number:04d}.{form}", "year": str(year), "area": area, "lead": lead}


def write_one(folder: Path, seed: int, number: int) -> None:
    """Write one document: 500 to 8,000 words, most of them short."""
    chosen, about = facts(number, seed)
    words = round(min(8000, max(500, chosen.lognormvariate(7.0, 0.6))))
    head = {
        "board": f"{about['area']} Safeguarding Children Partnership",
        "title": "Child Safeguarding Practice Review",
        "subject": f"Child {chosen.choice('ABCDEFGHJKLMNPRSTW')}{number}",
        "kind": "Overview Report",
        "authors": "Fictional, for tests",
        "date": f"{chosen.randint(1, 28)} June {about['year']}",
        "marking": "FICTIONAL",
        "header": about["area"],
        "running": "Overview Report",
        "footer": "Fictional",
        "editors": "PN=A Reviewer; RO=B Reviewer; HQ=C Reviewer; DN=D Reviewer",
        "length": "9",
    }
    path = folder / about["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    (build_docx if path.suffix == ".docx" else build_pdf)(Source(head, tuple(blocks(chosen, words))), path)


def make(folder: Path, documents: int = 300, seed: int = 0, workers: int | None = None) -> Path:
    """Write the documents and ``manifest.csv``; returns the manifest's path."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = range(1, documents + 1)
    if workers == 1:
        for number in numbers:
            write_one(folder, seed, number)
    else:
        with ProcessPoolExecutor(workers or len(os.sched_getaffinity(0))) as pool:
            list(pool.map(partial(write_one, folder, seed), numbers, chunksize=4))
    rows = [facts(number, seed)[1] for number in numbers]
    with open(folder / "manifest.csv", "w", encoding="utf-8", newline="") as file:
        table_ = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table_.writeheader()
        table_.writerows(rows)
    return folder / "manifest.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a corpus of fictional reviews.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(make(options.folder, options.documents, options.seed))


if __name__ == "__main__":
    main()
