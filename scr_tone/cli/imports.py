"""``scr-tone import``: what people labelled, as labelled JSON Lines."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from scr_tone.annotation.incoming import read_annotations
from scr_tone.annotation.settling import labelled_lines, settle
from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.results import check_output
from scr_tone.errors import ConfigError, InputError
from scr_tone.output import write_whole
from scr_tone.records import LABELS
from scr_tone.rendering.names import counted

__all__ = ["add", "add_files", "names_of"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "import",
        help="read back what people labelled",
        description="Reads the files of one or several annotators (Label Studio: JSON or JSON-MIN; doccano: JSONL; the CSV of sample, "
        "filled in) and writes one labelled sentence a line, for prevalence, evaluate and train --data. Where people differ, the "
        "label with most voices stands; see agreement first.",
    )
    add_files(parser)
    parser.add_argument("-o", "--output", required=True, metavar="MINE.jsonl")
    parser.add_argument("--adjudicator", metavar="NAME", help="the annotator whose label stands where there is one")
    parser.set_defaults(run=run)


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the files, and ``--map``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="what the annotators' program wrote")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME=LABEL",
        help=f"what a label is called in the files, and which of {', '.join(LABELS)} it is; several times",
    )


def names_of(options: argparse.Namespace) -> dict[str, str]:
    """What ``--map`` says.

    Raises
    ------
    ConfigError
        If it does not name one of the labels.
    """
    names = {}
    for part in options.map:
        name, _, label = part.rpartition("=")
        if not name.strip() or label.strip() not in LABELS:
            raise ConfigError(
                f"is {part!r}", remedy=f"write NAME=LABEL with one of {', '.join(LABELS)}", subject="--map"
            )
        names[name] = label.strip()
    return names


def run(options: argparse.Namespace) -> int:
    """Read, settle, write."""
    check_output(options.output, options.files)
    incoming = read_annotations(options.files, names=names_of(options))
    people = Counter(one.annotator for one in incoming.annotations)
    if options.adjudicator is not None and options.adjudicator not in people:
        raise ConfigError(
            f"is {options.adjudicator!r}, who labelled nothing",
            remedy=f"name one of {', '.join(people)}",
            subject="--adjudicator",
        )
    settled = settle(incoming.annotations, adjudicator=options.adjudicator)
    if not settled.records:
        raise InputError(
            "has no sentence on which more annotators agree than differ",
            remedy="name an --adjudicator",
            subject=", ".join(options.files),
        )
    if incoming.unlabelled:
        complain(f"note: {counted(incoming.unlabelled, 'sentence')} without a label left out")
    if incoming.replaced:
        complain(f"note: {counted(incoming.replaced, 'label')} given twice by the same person; the later one stands")
    if settled.ties:
        complain(
            f"note: {counted(len(settled.ties), 'sentence')} left out, as no label has most voices; scr-tone agreement lists them, and "
            "--adjudicator settles them"
        )
    write_whole(options.output, labelled_lines(settled))
    shares = Counter(record["label"] for record in settled.records)
    print(f"{options.output}: {counted(len(settled.records), 'labelled sentence')} by {', '.join(people)}")
    print("  " + ", ".join(f"{label} {shares[label]:,}" for label in LABELS))
    return Exit.DONE
