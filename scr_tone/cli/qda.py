"""``scr-tone qda``: labelled documents for programs of qualitative analysis."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scr_tone.cli.exits import Exit
from scr_tone.cli.options import add_analysis
from scr_tone.cli.results import check_output
from scr_tone.cli.sentences import reports_from
from scr_tone.errors import ConfigError
from scr_tone.qda import save_codebook, save_qdpx
from scr_tone.records import LABELS
from scr_tone.rendering.names import counted

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "qda",
        help="write a project for NVivo, MAXQDA, ATLAS.ti, QualCoder",
        description="Writes documents, with their sentences coded, as a REFI-QDA project (.qdpx), or the codes alone as a codebook "
        '(.qdc). The project holds the whole text: it is as confidential as the documents. Needs the extra "research".',
    )
    parser.add_argument("paths", nargs="*", metavar="DRAFT", help="documents; none for a codebook")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="PROJECT.qdpx or CODES.qdc")
    parser.add_argument(
        "--labels", metavar="LABEL,...", help="labels that are coded (default: blame,learning,accountability)"
    )
    parser.add_argument(
        "--line-ends",
        choices=["lf", "crlf"],
        default="lf",
        help="crlf if in your program codes slide by one for each line (default: lf)",
    )
    add_analysis(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, analyse, write; say in one line what was done."""
    check_output(options.output, options.paths)
    if Path(options.output).suffix.lower() == ".qdc":
        if options.paths:
            raise ConfigError(
                "is a codebook, which holds no documents", remedy="name none, or end in .qdpx", subject=options.output
            )
        save_codebook(options.output)
        print(f"{options.output}: the codebook")
        return Exit.DONE
    if not options.paths:
        raise ConfigError("are not named", remedy="name one or more", subject="documents")
    labels = [part.strip() for part in options.labels.split(",") if part.strip()] if options.labels else LABELS[:3]
    reports = [report for _, report in reports_from(options, cues=True)]
    save_qdpx(reports, options.output, labels=labels, line_ends=options.line_ends, name=Path(options.output).stem)
    coded = sum(s.skipped is None and s.label in labels for report in reports for s in report.sentences)
    print(f"{options.output}: {counted(len(reports), 'document')}, {counted(coded, 'coded sentence')}")
    return Exit.DONE
