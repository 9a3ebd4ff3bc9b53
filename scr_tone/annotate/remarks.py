"""What the comments say, and which words each is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scr_tone.annotate.identity import finding_words
from scr_tone.provenance import made_with
from scr_tone.records import LABELS, Cue
from scr_tone.rendering.skipped import left_out
from scr_tone.telling import telling_span, with_listed

__all__ = ["Line", "Remark", "remarks", "summary_lines"]

#: A paragraph of a comment: how it is set, and its text.
Line = tuple[Literal["plain", "small"], str]

# A margin is narrow, and there may be many comments: a second question only where there is room for it.
_QUESTIONS = 2
_WORDS = 40
#: From which score a comment says that the case is clear. Of `standard`, what is flagged below it is wrong far more often
#: (tests/benchmarks/README.md); `small` is seldom so sure, and never much surer than right.
_CLEAR = 0.9
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


def remarks(sentences: Iterable[Mapping[str, Any]], text: str) -> list[Remark]:
    """The comments on some sentences; none repeats what the one before it in the same section has said.

    Parameters
    ----------
    sentences : iterable of mapping
        Of ``Report.to_dict()["sentences"]``, none neutral, in reading order.
    text : str
        The document's text.
    """
    found: list[Remark] = []
    section, said = None, frozenset[str]()
    for sentence in sentences:
        if sentence["section"] != section:
            section, said = sentence["section"], frozenset()
        why, asked = _said(sentence["advice"], said)
        said = frozenset([sentence["advice"]["why"], *asked])
        start, end = _anchored(sentence, text)
        lines = list(_lines(sentence, why, asked, text))
        found.append(Remark(sentence["id"], start, end, sentence["text"], lines))
    return found


def _anchored(sentence: Mapping[str, Any], text: str) -> tuple[int, int]:
    telling = sentence["telling"]
    if telling:
        return telling["start"], telling["end"]
    cues = with_listed(
        [Cue(**cue) for cue in sentence["cues"]], sentence["text"], sentence["label"], start=sentence["start"]
    )
    return telling_span(cues, text) or (sentence["start"], sentence["end"])


def _said(advice: Mapping[str, Any], before: frozenset[str]) -> tuple[str | None, list[str]]:
    """Why, unless it was said just before, and one question or two, fresh ones if there are any."""
    why = advice["why"] if advice["why"] not in before else None
    questions = [question["text"] for question in advice["questions"]]
    # None is asked twice in a row, unless there is no other.
    fresh = [question for question in questions if question not in before] or questions[:1]
    asked: list[str] = []
    room = _WORDS - len((why or "").split())
    for question in fresh[:_QUESTIONS]:
        room -= len(question.split())
        if not asked or room >= 0:
            asked.append(question)
    return why, asked


def _lines(sentence: Mapping[str, Any], why: str | None, asked: Sequence[str], text: str) -> Iterator[Line]:
    if why:
        yield "plain", why
    for question in asked:
        yield "plain", f"\u2022 {question}"
    change = sentence["advice"]["rewording"]
    if change:
        yield "plain", f"Perhaps \u201c{change['text']}\u201d for \u201c{text[change['start'] : change['end']]}\u201d."
    label = sentence["label"]
    sure = "clear" if sentence["scores"][label] >= _CLEAR else "worth a look"
    yield "small", f"{_READS_AS[label]}: {sure} \u00b7 {finding_words(sentence['id'])}"


def _not_flagged(count: int) -> str:
    return f"{count:,} {'is' if count == 1 else 'are'} not flagged"


def summary_lines(report: Mapping[str, Any], commented: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The comment at the top: what was found, how to use it, and what it is not.

    Parameters
    ----------
    report : mapping
        From ``Report.to_dict``.
    commented : sequence of mapping
        Its sentences that have a comment.
    """
    summary = report["summary"]
    counts = summary["labels"]
    flagged, below = summary["flagged"], summary["below_threshold"]
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
            + "."
            + (
                f" Of these {_not_flagged(below)}: too unsure, a court\u2019s words, a denial of fault, or a fault that is owned."
                if below
                else ""
            ),
        ),
    ]
    if commented:
        lines += [
            (
                "plain",
                "What a comment is about may be true, and it may need saying. Each asks a question about the wording, most "
                "often for what it leaves out: why. It looks no further than the lines around: if the reason stands elsewhere, "
                "could it come first, and the fact stand without the judgement?",
            ),
            (
                "plain",
                "Change the sentence, or keep it if you mean it: resolve the comment, and the next run of scr-tone will leave "
                "it at that.",
            ),
        ]
    lines.append(
        (
            "plain",
            "It judges wording, never people. It is sometimes wrong in both directions, and is no evidence for or against "
            "anybody.",
        )
    )
    settled = {reason: count for reason, count in summary["skipped"].items() if reason not in _ALWAYS_SKIPPED}
    if settled:
        lines.append(("plain", f"Left out: {left_out(settled)}."))
    lines += [("plain", f"Note: {warning}.") for warning in report["document"]["warnings"]]
    sources = _sources(commented)
    if sources:
        lines.append(("small", f"The questions rest on: {'; '.join(sources)}."))
    lines.append(("small", made_with(report)))
    return lines


def _sources(commented: Iterable[Mapping[str, Any]]) -> list[str]:
    questions = (question for sentence in commented for question in sentence["advice"]["questions"])
    return list(dict.fromkeys(source["name"] for question in questions for source in question["sources"]))


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
