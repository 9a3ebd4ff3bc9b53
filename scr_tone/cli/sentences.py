"""Where commands for researchers get their sentences: from tables, or from documents that are read and labelled now."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from scr_tone.cli.exits import complain
from scr_tone.cli.options import add_analysis, analysis_of, check_settings, loaded
from scr_tone.cli.progress import Progress
from scr_tone.errors import ConfigError, InputError
from scr_tone.reading import read
from scr_tone.report import Report
from scr_tone.tables import TABLE_ENDINGS, Corpus, corpus_of

__all__ = ["add_sources", "corpus_from", "reports_from"]


def add_sources(parser: argparse.ArgumentParser, *, what: str = "CORPUS") -> None:
    """Add the paths, and what reading documents needs."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar=what,
        help="tables of labelled sentences (.csv, .parquet), as corpus and check --format csv write them; or documents, which are "
        "read and labelled first",
    )
    add_analysis(parser)


def corpus_from(options: argparse.Namespace) -> Corpus:
    """The sentences that count, of all tables or documents.

    Raises
    ------
    ConfigError
        If tables and documents are mixed.
    InputError
        If one cannot be read: a corpus with a hole in it is another corpus.
    """
    tables = [Path(path).suffix.lower() in TABLE_ENDINGS for path in options.paths]
    if all(tables):
        return corpus_of(options.paths)
    if any(tables):
        raise ConfigError("are mixed", remedy="give tables, or documents", subject="tables and documents")
    reports = reports_from(options)
    return corpus_of([report.to_frame().assign(document=name) for name, report in reports], subject="the documents")


def reports_from(options: argparse.Namespace, *, cues: bool = False) -> list[tuple[str, Report]]:
    """Read and label every document; each with its name, or its path where two have the same name."""
    check_settings(options, options.paths[0])
    tone = loaded(options)
    names = Counter(Path(path).name for path in options.paths)
    found = []
    with Progress(len(options.paths)) as progress:
        for path in options.paths:
            try:
                report = tone.analyse(read(path), cues=cues, progress=progress.sentences, **analysis_of(options, path))
            except InputError as error:
                error.subject = error.subject or path
                raise
            for warning in report.warnings:
                complain(f"{path}: note: {warning}")
            found.append((Path(path).name if names[Path(path).name] == 1 else path, report))
            progress.file()
    return found
