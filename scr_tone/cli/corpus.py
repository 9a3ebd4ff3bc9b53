"""``scr-tone corpus``: a folder of documents, or a manifest of them, into tables."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.options import add_analysis, analysis_of, prior_of, project_of
from scr_tone.cli.progress import CorpusProgress

if TYPE_CHECKING:
    from scr_tone.corpus import CorpusResult

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "corpus",
        help="label thousands of documents into tables",
        description="Labels every sentence of all documents below a folder, or of those that a manifest names, and writes three "
        "tables: OUT.parquet (a row a sentence), OUT.documents.parquet (a row a document) and OUT.errors.parquet (a row for "
        "each that could not be read, with the reason). A run that was stopped, however it was, goes on where it was when the "
        "same command is given again. Exit code 0 when the tables are written, 3 when no document at all could be read.",
    )
    parser.add_argument(
        "source",
        metavar="DIR|MANIFEST.csv",
        help="a folder, or a CSV file with a column path; its other columns come into the table of documents",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUT.parquet|OUT.csv",
        help="the table of sentences; the others beside it",
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes to work with (default: one for each core)")
    parser.add_argument(
        "--threads", type=int, metavar="N", help="threads of each (default: the cores shared out among the workers)"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="have the workers of a Dask cluster do the work, such as tcp://10.0.0.1:8786",
    )
    parser.add_argument(
        "--no-text",
        action="store_true",
        help="leave the words of the documents out: the columns text, cues and section",
    )
    parser.add_argument(
        "--with-metadata", action="store_true", help="put the manifest's columns into the table of sentences too"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 3 when any document could not be read")
    parser.add_argument(
        "--explain", action="store_true", help="read learning and accountability again for their words too; slower"
    )
    add_analysis(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run it, and say in one line what came of it."""
    from scr_tone.corpus import analyse_corpus

    # One set of settings and decisions holds for the whole corpus: those of its folder, not of each file's.
    project = project_of(options, str(Path(options.source, "x") if Path(options.source).is_dir() else options.source))
    analysis = analysis_of(options, "", project)
    with CorpusProgress() as progress:
        result = analyse_corpus(
            options.source,
            options.output,
            model=options.model,
            trusted=options.trust_model,
            explain=options.explain,
            text=not options.no_text,
            with_metadata=options.with_metadata,
            workers=options.workers,
            threads=options.threads,
            scheduler=options.scheduler,
            progress=progress.documents,
            note=lambda message: complain(f"note: {message}"),
            **prior_of(options),
            **analysis,
        )
    print(_summary(result))
    if not result.counts.documents or (options.strict and result.counts.errors):
        return Exit.INPUT
    return Exit.DONE


def _summary(result: CorpusResult) -> str:
    counts = result.counts
    parts = [f"{_many(counts.documents, 'document')}, {_many(counts.sentences, 'sentence')}"]
    if counts.errors:
        parts.append(f"{_many(counts.errors, 'file')} could not be read, see {result.errors}")
    if counts.duplicates:
        parts.append(f"{_many(counts.duplicates, 'document')} with the content of another")
    if result.resumed:
        parts.append(f"{result.resumed:,} done by an earlier run")
    if result.left_out:
        endings = ", ".join(f"{ending} {count:,}" for ending, count in result.left_out.items())
        parts.append(f"no documents and left out: {endings}")
    return f"{result.sentences}: {'; '.join(parts)}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
