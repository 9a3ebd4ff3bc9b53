"""From a document and its report to the document with comments."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scr_tone.annotate.identity import digest
from scr_tone.annotate.remarks import remarks, summary_lines
from scr_tone.errors import ConfigError, InputError
from scr_tone.project import FLAGGABLE
from scr_tone.reading import Limits
from scr_tone.reading.child import ask, command, crashed

if TYPE_CHECKING:
    from scr_tone.records import Sentence
    from scr_tone.report import Report

__all__ = ["Annotated", "annotate", "annotated", "check_labels", "explains"]

_REMEDY = "open it in Word and save it again as DOCX"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document with comments.

    Attributes
    ----------
    data : bytes
        The file.
    added : int
        Sentences that got a comment now.
    kept : int
        Earlier comments of ours that somebody had answered or resolved, and that stand.
    replaced : int
        Earlier comments of ours on sentences that are gone or were made anew.
    signed : bool
        Whether the document bears a digital signature, which does not hold for a copy with comments.
    """

    data: bytes
    added: int
    kept: int
    replaced: int
    signed: bool = False


def annotate(
    document: bytes,
    report: Report,
    *,
    labels: Collection[str] | None = None,
    limits: Limits | None = None,
    when: datetime | None = None,
) -> bytes:
    """Put a report into its Word document, as comments.

    Each comment stands at the telling words, or at the whole sentence where none stood out; a finding in a footnote or text
    box, which can hold no comment, at its mark in the body. A comment at the top has the counts, and what holds for all
    comments: how to take them, and what their questions rest on. Comments
    that an earlier run made are replaced, except those that somebody answered or resolved; everything else in the
    document stays as it is.

    Parameters
    ----------
    document : bytes
        The DOCX file whose text `report` is about.
    report : Report
    labels : collection of str, optional
        Labels whose sentences get a comment; if not given, the sentences that the report flags.
    limits : Limits, optional
        For the child process that does the work.
    when : datetime, optional
        Date of the comments; now, if not given.

    Returns
    -------
    bytes
        A DOCX file.

    Raises
    ------
    InputError
        If `document` is no Word document, cannot be read, or holds another text than the report is about.
    ConfigError
        If a label is unknown, or "neutral".

    Examples
    --------
    >>> import scr_tone
    >>> from pathlib import Path
    >>> from scr_tone.annotate import annotate
    >>> draft = Path("examples/draft_review_child_m.docx").read_bytes()
    >>> report = scr_tone.load().analyse(scr_tone.read_bytes(draft))
    >>> annotate(draft, report)[:2]
    b'PK'
    """
    return annotated(document, report, labels=labels, limits=limits, when=when).data


def annotated(
    document: bytes,
    report: Report,
    *,
    labels: Collection[str] | None = None,
    limits: Limits | None = None,
    when: datetime | None = None,
    subject: str | None = None,
) -> Annotated:
    """As `annotate`, and tell what was done.

    Parameters
    ----------
    document, report, labels, limits, when
        As for `annotate`.
    subject : str, optional
        What to call the document in error messages.
    """
    limits = limits or Limits()
    check_labels(labels)
    if report.document.format != "docx":
        raise InputError(
            "is no Word document, so it can hold no Word comments",
            remedy="save it as DOCX, or make a report of it with: scr-tone check --output report.html",
            subject=subject,
        )
    whole = report.to_dict()
    chosen = [whole["sentences"][sentence.index] for sentence in _chosen(report, labels)]
    job = {
        "digest": digest(report.document.text),
        # Word writes the local time there, whatever the Z says.
        "when": (when or datetime.now().astimezone()).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "summary": summary_lines(whole, chosen),
        "remarks": [asdict(one) for one in remarks(chosen, report.document.text)],
    }
    header = {"limits": asdict(limits), "job": job}
    most = 2 * len(document) + 8 * len(json.dumps(job)) + 10_000_000
    code, reply = ask(
        lambda: command("scr_tone.annotate._worker", "docx"), header, document, limits, most, subject=subject
    )
    if len(reply) > most:
        raise InputError("grows too large with comments in it", remedy="split it into parts", subject=subject)
    told, _, data = reply.partition(b"\n")
    return _checked(told, data, crashed(code, limits, subject, _REMEDY), subject)


def _chosen(report: Report, labels: Collection[str] | None) -> Iterable[Sentence]:
    """Sentences that get a comment; labels beyond those that are flagged are held to their thresholds too."""
    if labels is None:
        return report.flagged
    return (sentence for sentence in report.sentences if sentence.label in labels and report.reached(sentence))


def explains(labels: Collection[str] | None) -> bool:
    """Whether words must be found also for labels whose words an analysis does not look for unless it is told to."""
    return labels is not None and any(label != "blame" for label in labels)


def check_labels(labels: Collection[str] | None, subject: str = "labels") -> None:
    """Refuse what is no collection of labels, is empty, or has neutral in it."""
    if labels is None:
        return
    unknown = [labels] if isinstance(labels, str) else [label for label in labels if label not in FLAGGABLE]
    if unknown or not labels:
        raise ConfigError(
            f"cannot be {unknown[0]!r}" if unknown else "names no label",
            remedy=f"choose from {', '.join(FLAGGABLE)}",
            subject=subject,
        )


def _checked(told: bytes, data: bytes, broken: InputError, subject: str | None) -> Annotated:
    """What the child told, if it makes sense."""
    try:
        answer: Any = json.loads(told)
        if "error" in answer:
            raise InputError(str(answer["error"]["reason"]), remedy=answer["error"]["remedy"], subject=subject)
        added, kept, replaced = (int(answer[name]) for name in ("added", "kept", "replaced"))
        signed = bool(answer["signed"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise broken from None
    if not data.startswith(b"PK"):
        raise broken
    return Annotated(data, added, kept, replaced, signed)
