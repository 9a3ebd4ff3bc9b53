"""Train the sentence model of the purpose profile, measure it, and write what was measured.

python -m scr_tone.training.purpose                  # train: scr_tone/resources/purpose.npz and models/PURPOSE.md
python -m scr_tone.training.purpose --measure        # the table on standard output; nothing is written
python -m scr_tone.training.purpose --errors         # and the documents that were got wrong, with their sentences
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scr_tone.output import write_whole
from scr_tone.purpose.model import ruled_scores
from scr_tone.purpose.statuses import QUESTIONS, Decision
from scr_tone.training.purpose.fit import fit, fit_folds
from scr_tone.training.purpose.material import Example, PurposeDocument, documents, examples
from scr_tone.training.purpose.table import answers, measure, table

ROOT = Path(__file__).resolve().parents[3]
_ABOUT = ROOT / "models" / "PURPOSE.md"
_BEGIN, _END = "<!-- table: written by python -m scr_tone.training.purpose -->", "<!-- end of table -->"


def ways(texts: Sequence[PurposeDocument], known: Sequence[Example]) -> dict[str, dict[str, dict[str, Decision]]]:
    """Answers by rules, by words alone, and by both, each on documents that the model has not seen."""
    words, both = fit_folds(known, ("words",)), fit_folds(known)
    return {
        "rules": answers(texts, lambda _: ruled_scores),
        "word model": answers(texts, lambda text: words[text.fold].scores),
        "both": answers(texts, lambda text: both[text.fold].scores),
    }


def errors(texts: Sequence[PurposeDocument], found: Mapping[str, Mapping[str, Decision]]) -> list[str]:
    """What was got wrong, sentence by sentence, for reading."""
    lines = []
    for question in QUESTIONS:
        for text in texts:
            decision, status = found[text.id][question], text.statuses[question]
            if decision.status != status:
                lines.append(f"{text.id} {question}: {status} taken for {decision.status} ({decision.why})")
                shown = [
                    *decision.evidence[:3],
                    *(i for i in text.evidence[question] if i not in decision.evidence[:3]),
                ]
                for index in shown:
                    mark = "+" if index in text.evidence[question] else "-"
                    lines.append(f"  {mark} {index} {text.sentences[index]}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m scr_tone.training.purpose", description="Train the purpose profile."
    )
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--output", type=Path, default=ROOT / "scr_tone" / "resources" / "purpose.npz")
    parser.add_argument(
        "--about", type=Path, default=_ABOUT, help="where the table goes, between its marks if they are there"
    )
    parser.add_argument("--measure", action="store_true", help="only measure")
    parser.add_argument("--errors", action="store_true", help="only measure, and show what was got wrong")
    options = parser.parse_args(arguments)
    texts = documents(options.data)
    known = examples(options.data, texts)
    found = ways(texts, known)
    lines = table({way: measure(texts, decided) for way, decided in found.items()})
    sys.stdout.write("\n".join(lines) + "\n")
    if options.errors:
        sys.stdout.write("\n".join(["", *errors(texts, found["both"])]) + "\n")
    if not options.measure and not options.errors:
        options.output.write_bytes(fit(known).to_bytes())
        text = options.about.read_text(encoding="utf-8") if options.about.exists() else ""
        before, _, rest = text.partition(_BEGIN)
        write_whole(options.about, "\n".join([before + _BEGIN, *lines, _END]) + (rest.partition(_END)[2] or "\n"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
