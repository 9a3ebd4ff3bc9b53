"""Word files with comments, from path to path."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_tone.annotate.document import Annotated, annotated, check_labels, explains
from scr_tone.errors import ConfigError
from scr_tone.output import check_writable, same_file, write_whole
from scr_tone.reading import Limits, content, read_bytes

if TYPE_CHECKING:
    from scr_tone.analyser import ToneAnalyser
    from scr_tone.report import Report

__all__ = ["annotate_file", "check_output", "save_annotated"]


def annotate_file(
    path: str | Path,
    output: str | Path,
    *,
    tone: ToneAnalyser,
    labels: Collection[str] | None = None,
    limits: Limits | None = None,
    **analysis: Any,
) -> tuple[Report, Annotated]:
    """Read a Word document, analyse it, and write it with comments to another file.

    Parameters
    ----------
    path : str or Path
        The draft; it is not changed.
    output : str or Path
        Where to write, whole or not at all. A file that is there is replaced.
    tone : ToneAnalyser
    labels, limits
        As for `annotate`.
    **analysis
        As for `ToneAnalyser.analyse`: ``skip``, ``project``, ``decisions`` and others.

    Returns
    -------
    report : Report
    annotated : Annotated

    Raises
    ------
    InputError
        If the draft is no Word document, or cannot be read.
    ConfigError
        If the output is the draft itself, has the ending of another kind of file, or cannot be written.

    Examples
    --------
    >>> import tempfile, pathlib, scr_tone
    >>> folder = tempfile.TemporaryDirectory()
    >>> out = pathlib.Path(folder.name, "out.docx")
    >>> report, done = scr_tone.annotate_file("examples/draft_review_child_m.docx", out, tone=scr_tone.load())
    >>> done.added == len(report.flagged) and out.exists()
    True
    >>> folder.cleanup()
    """
    limits = limits or Limits()
    check_labels(labels)
    check_output(path, output)
    data = content(path, limits)
    document = read_bytes(data, name=Path(path).name, subject=str(path), limits=limits)
    report = tone.analyse(document, **{"explain": explains(labels), **analysis})
    done = annotated(data, report, labels=labels, limits=limits, subject=str(path))
    write_whole(output, done.data)
    return report, done


def check_output(path: str | Path, output: str | Path) -> None:
    """Refuse a place for the result that makes no sense, before any work is done."""
    check_writable(output)
    source, target = Path(path), Path(output)
    if source == target or same_file(source, target):
        raise ConfigError("is the draft itself", remedy="name another file for the result", subject=str(output))
    if target.suffix.lower() != source.suffix.lower():
        raise ConfigError(
            f"does not end in {source.suffix or 'nothing'}, as the draft does",
            remedy="name it so: Word opens a file by its ending",
            subject=str(output),
        )


def save_annotated(
    report: Report, output: str | Path, source: str | Path | bytes | None, *, labels: Collection[str] | None
) -> None:
    """Put a report into its Word document, and write that.

    Parameters
    ----------
    report : Report
    output : str or Path
    source : str, Path, bytes or None
        The document; None for the file that it was read from.
    labels : collection of str or None

    Raises
    ------
    ConfigError
        If nobody says which document it is, or the output makes no sense.
    InputError
        As for `annotate`.
    """
    check_labels(labels)
    source = report.document.path if source is None else source
    if source is None:
        raise ConfigError(
            "needs the Word document that the report is about",
            remedy='name it: report.save("out.docx", source="draft.docx")',
            subject=str(output),
        )
    if isinstance(source, bytes):
        write_whole(output, annotated(source, report, labels=labels).data)
        return
    if report.document.format == "docx":
        check_output(source, output)
    done = annotated(content(source, Limits()), report, labels=labels, subject=str(source))
    write_whole(output, done.data)
