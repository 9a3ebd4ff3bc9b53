"""What the comments say, and which words each is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scr_tone.annotate.identity import finding_words
from scr_tone.provenance import made_with
from scr_tone.records import LABELS
from scr_tone.rendering.skipped import left_out

__all__ = ["Line", "Remark", "remark", "summary_lines"]

#: A paragraph of a comment: how it is set, and its text.
Line = tuple[Literal["plain", "small"], str]

_QUESTIONS = 2  # the most specific ones; a margin is narrow, and there may be many comments
_ALWAYS_SKIPPED = ("heading", "fragment")
_READS_AS = {"blame": "May read as blame", "learning": "Reads as learning", "accountability": "Reads as accountability"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment to be made.

    Attributes
    ----------
    finding : str
        Id of the sentence.
    start, end : int
        The words that it is about, as offsets into the document's text.
    sentence : str
        The whole sentence.
    lines : list of Line
    """

    finding: str
    start: int
    end: int
    sentence: str
    lines: list[Line]


def remark(sentence: Mapping[str, Any], text: str) -> Remark:
    """The comment on one sentence.

    Parameters
    ----------
    sentence : mapping
        One of ``Report.to_dict()["sentences"]``, not neutral.
    text : str
        The document's text.
    """
    cues = sentence["cues"]
    start = min((cue["start"] for cue in cues), default=sentence["start"])
    end = max((cue["end"] for cue in cues), default=sentence["end"])
    return Remark(sentence["id"], start, end, sentence["text"], list(_lines(sentence, text)))


def _lines(sentence: Mapping[str, Any], text: str) -> Iterator[Line]:
    advice = sentence["advice"]
    yield "plain", advice["why"]
    if advice["note"]:
        yield "plain", advice["note"]
    questions = advice["questions"][:_QUESTIONS]
    for question in questions:
        yield "plain", f"\u2022 {question['text']}"
    change = advice["rewording"]
    if change:
        yield "plain", f"Perhaps \u201c{change['text']}\u201d for \u201c{text[change['start'] : change['end']]}\u201d."
    label = sentence["label"]
    sources = dict.fromkeys(source["name"] for question in questions for source in question["sources"])
    parts = [f"{_READS_AS[label]} ({sentence['scores'][label]:.0%})", "; ".join(sources), finding_words(sentence["id"])]
    yield "small", " \u00b7 ".join(part for part in parts if part)


def summary_lines(report: Mapping[str, Any], comments: int) -> list[Line]:
    """The comment at the top: what was found, how to use it, and what it is not.

    Parameters
    ----------
    report : mapping
        From ``Report.to_dict``.
    comments : int
        How many sentences have a comment.
    """
    summary = report["summary"]
    counts = summary["labels"]
    flagged = summary["flagged"]
    lines: list[Line] = [
        (
            "plain",
            f"scr-tone read {_many(summary['sentences'], 'sentence')} ({_many(summary['words'], 'word')}). "
            + (
                f"{flagged:,} may read as blame to somebody: {summary['flagged_per_1000_words']:.1f} in 1,000 words."
                if flagged
                else "None reads as blame to it, which does not mean that nobody will read one so."
            ),
        ),
        (
            "plain",
            "Shares: "
            + ", ".join(f"{label} {counts[label]['share']:.0%} ({counts[label]['count']:,})" for label in LABELS)
            + ".",
        ),
    ]
    if comments:
        lines.append(
            (
                "plain",
                "Each comment asks a question about wording. Change the sentence, or keep it if you mean it: resolve the "
                "comment, and the next run of scr-tone will leave it at that.",
            )
        )
    lines.append(
        (
            "plain",
            "It judges wording, never people. It reads each sentence by itself, is sometimes wrong in both directions, and "
            "is no evidence for or against anybody.",
        )
    )
    settled = {reason: count for reason, count in summary["skipped"].items() if reason not in _ALWAYS_SKIPPED}
    if settled:
        lines.append(("plain", f"Left out: {left_out(settled)}."))
    lines += [("plain", f"Note: {warning}.") for warning in report["document"]["warnings"]]
    lines.append(("small", made_with(report)))
    return lines


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
