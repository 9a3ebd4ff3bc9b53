"""A folder of fictional reports for the notebooks: Word and PDF files, and a manifest with what is known of each.

The sentences are from ``data/authored``, which was written for this project; nothing in them happened. They are put together
so that there is something to find: the later the review, the more it learns and the less it blames, and it blames
where it draws its findings.
"""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "authored"
SOURCES = ("findings_plain", "overview_analysis", "overview_reports", "practice_reviews", "review_paragraphs")
YEARS = (2011, 2015, 2019, 2023)
BOARDS = ("Eastholt", "Northmere", "Saltby")
# How many sentences of each label a section has (blame, learning, accountability, neutral) in the first year and in the last.
SECTIONS = {
    "Introduction": ((0, 1, 0, 5), (0, 2, 0, 4)),
    "What happened": ((1, 0, 0, 9), (0, 1, 0, 9)),
    "Findings": ((5, 2, 0, 4), (1, 6, 1, 3)),
    "What the agencies say": ((1, 1, 2, 3), (0, 2, 3, 2)),
    "Recommendations": ((0, 4, 1, 1), (0, 4, 2, 0)),
}
LABELS = ("blame", "learning", "accountability", "neutral")
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*\.?|\(?[a-z]{1,3}\))\s+")


def write_reports(folder: str | Path, *, seed: int = 1) -> Path:
    """Write twelve reports and ``manifest.csv`` (path, year, board) into `folder`; the manifest's path is returned."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    supply = _sentences(chance)
    rows = []
    for at, year in enumerate(YEARS):
        for board in BOARDS:
            age = at / (len(YEARS) - 1)
            sections = {}
            for name, (first, last) in SECTIONS.items():
                wanted = [round((1 - age) * a + age * b + chance.uniform(-0.7, 0.7)) for a, b in zip(first, last)]
                chosen = [supply[label].pop() for label, count in zip(LABELS, wanted) for _ in range(max(count, 0))]
                chance.shuffle(chosen)
                sections[name] = chosen
            ending = "pdf" if board == "Saltby" else "docx"
            path = folder / f"{board.lower()}-{year}.{ending}"
            (_write_pdf if ending == "pdf" else _write_docx)(path, f"Review of the care of Child {board[0]}, {year}", sections)
            rows.append({"path": path.name, "year": year, "board": board})
    manifest = folder / "manifest.csv"
    with open(manifest, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["path", "year", "board"])
        writer.writeheader()
        writer.writerows(rows)
    return manifest


def _sentences(chance: random.Random) -> dict[str, list[str]]:
    """Sentences by label, shuffled; each is used once."""
    found: dict[str, list[str]] = {label: [] for label in LABELS}
    for source in SOURCES:
        for line in (DATA / f"{source}.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            text = _NUMBER.sub("", record["text"])
            if text[:1].isupper() and text[-1] in ".?" and 40 < len(text) < 240:
                found[record["label"]].append(text)
    for sentences in found.values():
        chance.shuffle(sentences)
    return found


def _paragraphs(sentences: list[str], size: int = 3) -> list[str]:
    return [" ".join(sentences[at : at + size]) for at in range(0, len(sentences), size)]


def _write_docx(path: Path, title: str, sections: dict[str, list[str]]) -> None:
    from docx import Document

    document = Document()
    document.add_heading(title, 0)
    for number, (name, sentences) in enumerate(sections.items(), start=1):
        document.add_heading(f"{number}. {name}", 1)
        for paragraph in _paragraphs(sentences):
            document.add_paragraph(paragraph)
    document.save(path)


def _write_pdf(path: Path, title: str, sections: dict[str, list[str]]) -> None:
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    story = [Paragraph(escape(title), styles["Title"])]
    for number, (name, sentences) in enumerate(sections.items(), start=1):
        story.append(Paragraph(f"{number}. {name}", styles["Heading1"]))
        for paragraph in _paragraphs(sentences):
            story += [Paragraph(escape(paragraph), styles["BodyText"]), Spacer(1, 6)]
    SimpleDocTemplate(str(path), title=title).build(story)
