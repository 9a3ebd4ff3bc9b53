"""``scr-tone prevalence``: the share of each label in a corpus, with error bars."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.results import check_output, form_of
from scr_tone.cli.sentences import add_sources, corpus_from
from scr_tone.estimation.prevalence import Prevalence, prevalence
from scr_tone.output import write_whole
from scr_tone.rendering.names import counted

__all__ = ["add"]

_FORMS = {".json": "json", ".csv": "csv", ".txt": "text"}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "prevalence",
        help="share of each label in a corpus, with error bars",
        description="Shares that are corrected for the model's errors by a sample that people labelled (prediction-powered inference, "
        "PPI++), beside the counted ones, those of the labelled sentences alone, and adjusted counts.",
    )
    add_sources(parser)
    parser.add_argument(
        "--labelled", required=True, metavar="MINE.jsonl", help="the labelled sample, as import writes it"
    )
    parser.add_argument(
        "--about",
        choices=["documents", "corpus"],
        help="documents: shares in documents like these, with the differences between documents in the interval (default); corpus: "
        "in these documents and no others",
    )
    parser.add_argument("--confidence", type=float, default=0.95, metavar="SHARE", help="default: 0.95")
    parser.add_argument(
        "--random",
        action="store_true",
        help="the labelled sentences are a simple random sample of the corpus, though they do not say so",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "csv"], help="default: text, or what the ending of --output says"
    )
    parser.add_argument("-o", "--output", metavar="FILE")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Estimate and print."""
    check_output(options.output, [*options.paths, options.labelled])
    form = options.format or form_of(options.output, _FORMS)
    found = prevalence(
        corpus_from(options),
        Path(options.labelled),
        about=options.about,
        confidence=options.confidence,
        random=options.random,
    )
    for note in found.notes:
        complain(f"note: {note}")
    if form == "json":
        text = json.dumps(found.to_dict(), indent=2) + "\n"
    elif form == "csv":
        text = found.to_frame().to_csv(index=False)
    else:
        text = _text(found)
    if options.output:
        write_whole(options.output, text)
    else:
        print(text, end="")
    return Exit.DONE


def _text(found: Prevalence) -> str:
    where = f" in {counted(found.documents, 'document')}" if found.documents else ""
    by = f" in {counted(found.documents_labelled, 'document')}" if found.documents else ""
    of = "documents like these" if found.about == "documents" else "this corpus alone"
    lines = [
        f"{counted(found.sentences, 'sentence')}{where}; {found.labelled:,} of them labelled by hand{by}",
        f"shares in {of}, {found.confidence:.0%} intervals",
        "",
        f"{'':15}{'counted':>9}{'corrected':>25}{'by hand alone':>25}{'adjusted count':>25}",
    ]
    for row in found.to_frame().to_dict("records"):
        cells = "".join(
            f"{_share(row[name], row[f'{name}_low'], row[f'{name}_high']):>25}"
            for name in ("corrected", "by_hand", "adjusted")
        )
        lines.append(f"{row['label']:15}{row['counted']:>9.1%}{cells}")
    worth = [value for value in found.worth if not math.isnan(value)]
    lines += ["", "Report the corrected column (PPI++); counted has the model's errors in it."]
    if worth:
        lines.append(
            f"The model makes {found.labelled:,} labelled sentences worth {min(worth):,.0f} to {max(worth):,.0f}, by label; it was "
            f"heeded with the factor {found.factor:.2f}."
        )
    return "\n".join(lines) + "\n"


def _share(share: float, low: float, high: float) -> str:
    return f"{share:.1%} ({low:.1%} to {high:.1%})"
