"""``scr-tone compare OLD NEW``: how the tone moved between two drafts."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.options import add_analysis, analysis_of, loaded, project_of
from scr_tone.cli.progress import Progress
from scr_tone.cli.results import check_output, form_of
from scr_tone.errors import InputError
from scr_tone.output import write_whole
from scr_tone.reading import read

__all__ = ["add"]

_FORMATS = ("text", "json", "html")
_BY_ENDING = {".json": "json", ".html": "html", ".htm": "html", ".txt": "text"}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "compare",
        help="show how the tone moved between two drafts",
        description="Sets two drafts of one text side by side, sentence by sentence: what reads as blame now and did not "
        "before, what was mended, what is new, went or moved, and the shares before and now. The drafts may be of different "
        "formats. Words struck out are shown [-so-], words put in {+so+}. Exit code 1 when --fail-on found something.",
    )
    parser.add_argument("old", metavar="OLD", help="the earlier draft")
    parser.add_argument("new", metavar="NEW", help="the later draft")
    parser.add_argument("--format", choices=_FORMATS, help="default: text, or what the ending of --output says")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write there instead of to the terminal; whole or not at all"
    )
    parser.add_argument(
        "--fail-on",
        choices=("worse",),
        help="exit with 1 if a sentence reads as blame that did not before",
    )
    add_analysis(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check both drafts with one model, compare, show."""
    form = options.format or form_of(options.output, _BY_ENDING)
    paths = (options.old, options.new)
    project = project_of(options, options.new)  # one for both, so that they compare
    analyses = [analysis_of(options, path, project) for path in paths]
    check_output(options.output, paths)
    documents = [read(path) for path in paths]  # both, before the first is analysed
    tone = loaded(options)
    reports = []
    with Progress(2) as progress:
        for path, document, analysis in zip(paths, documents, analyses, strict=True):
            try:
                report = tone.analyse(document, progress=progress.sentences, **analysis)
            except InputError as error:
                error.subject = error.subject or path
                raise
            progress.file()
            for warning in report.warnings:
                complain(f"{path}: note: {warning}")
            reports.append(report)
    from scr_tone.comparison import compare  # what it aligns with takes a while to import

    comparison = compare(*reports)
    if options.output is not None:  # on a terminal it is in what is shown
        for warning in comparison.warnings:
            complain(f"note: {warning}")
    if form == "json":
        text = comparison.to_json() + "\n"
    elif form == "html":
        text = comparison.to_html()
    else:
        text = comparison.to_text(colour=options.output is None and sys.stdout.isatty())
    if options.output is None:
        print(text, end="", flush=True)
    else:
        write_whole(options.output, text)
    return Exit.FOUND if options.fail_on and comparison.worse else Exit.DONE
