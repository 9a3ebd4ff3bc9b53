"""``scr-tone check``: the main job."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scr_tone.analyser import ToneAnalyser
from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.options import add_analysis, analysis_of, check_settings, loaded
from scr_tone.cli.progress import Progress
from scr_tone.cli.results import check_output, form_of
from scr_tone.errors import InputError
from scr_tone.output import write_whole
from scr_tone.reading import Limits, read, read_bytes
from scr_tone.records import LABELS
from scr_tone.report import Report

__all__ = ["add"]

_FORMATS = ("text", "json", "jsonl", "csv", "html")
_BY_ENDING = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html", ".txt": "text"}
#: What --show lists beside labels.
SHOWN = ("skipped", "below")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="label the sentences of drafts and reports",
        description="Labels every sentence of the given DOCX, PDF, HTML, Markdown or text files and shows the ones that "
        "blame, with the words that made it think so. Exit code 1 when --fail-on found something.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help='files to check; "-" reads standard input')
    parser.add_argument("--format", choices=_FORMATS, help="default: text, or what the ending of --output says")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write there instead of to the terminal; whole or not at all"
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=LABELS,
        default=[],
        metavar="LABEL",
        help="exit with 1 if a sentence has it, is not left out, and has the score that a flag needs",
    )
    parser.add_argument(
        "--explain", action="store_true", help="read learning and accountability again for their words too; slower"
    )
    parser.add_argument(
        "--show",
        action="append",
        choices=(*LABELS, *SHOWN),
        metavar="LABEL",
        help="label to list in the text view (default: what is flagged, that is, blame); skipped: what is left out, and why; "
        "below: what has a flagged label and no flag, as it is too unsure, tells what a court said, denies fault or owns it",
    )
    add_analysis(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check each file; one that cannot be read is said and left out, and the others are done."""
    form = options.format or form_of(options.output, _BY_ENDING)
    check_settings(options, options.paths[0])
    check_output(options.output, options.paths)
    tone = loaded(options)
    sink = _Sink(form, options.output, options.show, expected=len(options.paths))
    unread = 0
    try:
        with Progress(len(options.paths)) as progress:
            for path in options.paths:
                try:
                    report = _report(tone, path, options, progress.sentences)
                except InputError as error:
                    complain(error)
                    unread += 1
                else:
                    for warning in report.warnings:
                        complain(f"{path}: note: {warning}")
                    sink.add(report)
                progress.file()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(sink.rescue()) from None
    sink.close()
    if unread:
        return Exit.INPUT
    found = any(label in sink.found for label in options.fail_on)
    return Exit.FOUND if found else Exit.DONE


def _report(tone: ToneAnalyser, path: str, options: argparse.Namespace, progress: Callable[[int, int], None]) -> Report:
    analysis = analysis_of(options, path)
    if path == "-":
        limits = Limits()
        if sys.stdin is None:
            raise InputError("is closed", remedy="pipe a text into it, or name a file", subject="standard input")
        try:
            data = sys.stdin.buffer.read(limits.file_bytes + 1)
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", subject="standard input") from None
        document = read_bytes(data, subject="standard input", limits=limits)
    else:
        document = read(path)
    try:
        return tone.analyse(document, explain=options.explain, progress=progress, **analysis)
    except InputError as error:
        error.subject = error.subject or path
        raise


class _Sink:
    """Where reports go: printed one by one where the format allows, else gathered and written at the end."""

    def __init__(self, form: str, output: str | None, show: list[str] | None, *, expected: int) -> None:
        self.found: set[str] = set()
        self._form, self._output, self._show, self._expected = form, output, show, expected
        self._reports: list[dict[str, Any]] = []
        self._texts: list[str] = []
        self._printed = 0

    def add(self, report: Report) -> None:
        """Take a finished report."""
        self.found |= {s.label for s in report.sentences if report.reached(s)}
        self._reports.append(report.to_dict())
        self._texts.append(report.document.text)
        if self._output is None and self._form in ("text", "jsonl", "csv"):
            text = self._rendered()
            if self._form == "csv" and self._printed:
                text = text.split("\n", 1)[1]  # one header for all
            self._printed += 1
            self._reports.clear()
            self._texts.clear()
            print(text, end="", flush=True)

    def rescue(self) -> str:
        """Keep what is finished when the work was interrupted; say where it is.

        An older result is not replaced by a part of the new one.
        """
        if not self._reports or self._output is None:
            self.close()
            return "what was printed before is complete"
        target = Path(self._output)
        if target.exists():
            target = target.with_name(f"{target.stem}.partial{target.suffix}")
            self._output = str(target)
        done = len(self._reports)
        self.close()
        return f"{done} of {self._expected} files were done and are kept in {target}"

    def close(self) -> None:
        """Write what has been gathered."""
        if not self._reports:
            return
        text = self._rendered()
        if self._output is None:
            print(text, end="" if text.endswith("\n") else "\n", flush=True)
        else:
            write_whole(self._output, text)
        self._reports.clear()

    def _rendered(self) -> str:
        from scr_tone.rendering.table import csv_text, json_lines

        if self._form == "json":
            whole = self._reports if self._expected > 1 else self._reports[0]
            return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        if self._form == "jsonl":
            return "".join(map(json_lines, self._reports))
        if self._form == "csv":
            return csv_text(self._reports)
        if self._form == "html":
            from scr_tone.rendering.html import html_page

            return html_page(self._reports, texts=self._texts)
        from scr_tone.rendering.terminal import terminal_text

        colour = self._output is None and sys.stdout.isatty()
        return "".join(
            terminal_text(report, show=self._show or report["settings"]["flags"]["labels"], colour=colour)
            for report in self._reports
        )
