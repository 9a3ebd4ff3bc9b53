"""``scr-tone annotate``: the draft again, with Word comments on the sentences that are flagged."""

from __future__ import annotations

import argparse
from typing import Any

from scr_tone.annotate import annotate_file, check_labels, check_output
from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.options import add_analysis, analysis_of, loaded
from scr_tone.cli.progress import Progress

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "annotate",
        help="put comments into a Word draft",
        description="Writes a copy of a Word draft with a comment on each sentence that reads as blame: why, questions that help "
        "to write it otherwise, and where they come from. Nothing else in the document changes, and the draft is left as it "
        "is. On a draft that has such comments already they are replaced, except those that somebody answered or resolved. "
        "Other people's comments stay.",
    )
    parser.add_argument("path", metavar="DRAFT.docx")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.docx", help="where to write; whole or not at all")
    parser.add_argument(
        "--labels",
        metavar="LABEL,...",
        help="labels whose sentences get a comment: blame, learning, accountability (default: what is flagged, that is, blame)",
    )
    add_analysis(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, analyse, write; say in one line what was done."""
    labels = None
    if options.labels is not None:
        labels = [label.strip() for label in options.labels.split(",") if label.strip()]
    check_labels(labels, "--labels")
    check_output(options.path, options.output)
    analysis = analysis_of(options, options.path)
    tone = loaded(options)
    with Progress(1) as progress:
        report, done = annotate_file(
            options.path,
            options.output,
            tone=tone,
            labels=labels,
            progress=progress.sentences,
            **analysis,
        )
    for warning in report.warnings:
        complain(f"{options.path}: note: {warning}")
    if done.signed:
        complain(f"{options.path}: note: it bears a digital signature, which does not hold for the copy with comments")
    parts = [f"{done.added:,} {'sentence' if done.added == 1 else 'sentences'} with a comment"]
    parts += [f"{done.kept:,} answered or resolved before and left as they were"] if done.kept else []
    parts += [f"{done.replaced:,} from before taken out"] if done.replaced else []
    print(f"{options.output}: {'; '.join(parts)}")
    return Exit.DONE
