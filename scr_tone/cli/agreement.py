"""``scr-tone agreement``: how far annotators agree, and where they do not."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
from typing import Any

from scr_tone.annotation.agreement import Agreement, agreement_of
from scr_tone.annotation.incoming import read_annotations
from scr_tone.cli.exits import Exit
from scr_tone.cli.imports import add_files, names_of
from scr_tone.cli.results import check_output
from scr_tone.output import write_whole
from scr_tone.rendering.names import counted
from scr_tone.rendering.table import safe_cell

__all__ = ["add"]

_SHOWN = 8


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "agreement",
        help="measure how far annotators agree",
        description="Krippendorff's alpha between annotators who labelled the same sentences, with an interval, for each label too, "
        'and the sentences on which they differ. Needs the extra "research".',
    )
    add_files(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json lists the disagreements too")
    parser.add_argument(
        "--disagreements", metavar="FILE.csv", help="write the sentences on which they differ, with text"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, measure, print."""
    check_output(options.disagreements, options.files)
    found = agreement_of(read_annotations(options.files, names=names_of(options)).annotations)
    if options.disagreements:
        write_whole(options.disagreements, _csv(found))
    if options.format == "json":
        print(json.dumps(found.to_dict(), indent=2))
        return Exit.DONE
    who = ", ".join(f"{name} ({count:,})" for name, count in found.annotators.items())
    print(f"{counted(found.sentences, 'sentence')} labelled by two or more of: {who}")
    print(f"Krippendorff's alpha  {_number(found.alpha)}  (95% interval {_interval(found.interval)})")
    print("  from 0.8 reliable, from 0.667 for tentative conclusions (Krippendorff 2004)")
    print(f"\n{'':15}{'alpha':>7}{'95% interval':>17}{'given':>8}{'given again':>13}")
    for label, one in found.per_label.items():
        again = "-" if math.isnan(one.again) else f"{one.again:.0%}"
        print(f"{label:15}{_number(one.alpha):>7}{_interval(one.interval):>17}{one.given:>8,}{again:>13}")
    if found.disagreements:
        print(f"\n{counted(len(found.disagreements), 'sentence')} with different labels:")
        for (one_label, other), count in list(found.pairs.items())[:_SHOWN]:
            print(f"  {one_label} or {other}: {count:,}")
        where = options.disagreements or "--disagreements FILE.csv lists them"
        print(f"  {where}")
    return Exit.DONE


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _interval(bounds: tuple[float, float]) -> str:
    return "-" if math.isnan(bounds[0]) else f"{bounds[0]:.3f} to {bounds[1]:.3f}"


def _csv(found: Agreement) -> str:
    """One line a sentence, a column for each annotator, and an empty one for what is settled on."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in ["text", *found.annotators, "label", "annotator", "document", "key"]])
    for one in found.disagreements:
        said = [one["labels"].get(name) for name in found.annotators]
        # Filled in, the file can be given to import beside the others, with --adjudicator.
        cells = [one["text"], *said, "", "", one["document"], f"#{one['id']}"]
        writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()
