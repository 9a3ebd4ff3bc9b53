"""The text view: flagged sentences in their sections, then a summary. Colour only where asked for."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scr_tone.provenance import made_with
from scr_tone.records import LABELS
from scr_tone.rendering.ansi import LABEL_STYLE, Painter, clean, painter, wrapped
from scr_tone.rendering.ansi import width as line_width
from scr_tone.rendering.names import PURPOSE_STATUS, WHOLE, counted
from scr_tone.rendering.skipped import left_out, reason_in_words

__all__ = ["SHORT_ID", "terminal_text"]

#: Digits of a finding's id that are shown; scr-tone decide takes the beginning of an id.
SHORT_ID = 8

_CUE = "1;4"


def terminal_text(report: Mapping[str, Any], *, show: Sequence[str] = ("blame",), colour: bool = False) -> str:
    """A report for reading in a terminal.

    Parameters
    ----------
    report : mapping
        As from ``Report.to_dict``.
    show : sequence of str
        Labels whose sentences are listed, those of a flagged label as far as they are flagged; with "skipped" those that are left out of
        counts and flags, each with the reason, with "below" those with a flagged label and no flag.
    colour : bool
        Whether to use ANSI colours; the environment variable NO_COLOR switches them off all the same.
    """
    paint = painter(colour)
    width = line_width()
    out = io.StringIO()
    document, summary = report["document"], report["summary"]
    name = " ".join(clean(document["name"] or "text").split())
    out.write(f"{paint('1', name)}  {counted(summary['sentences'], 'sentence')}, {counted(summary['words'], 'word')}\n")
    for line in _listed(report, show, paint, width):
        out.write(line + "\n")
    out.write("\n")
    for line in _summary(summary, report["settings"], paint):
        out.write(line + "\n")
    for line in _purpose(report, width):
        out.write(line + "\n")
    out.write(
        "  A flag is a question about wording, never a judgement on people; about the model's errors: scr-tone info\n"
    )
    for line in textwrap.wrap(clean(made_with(report)), width, initial_indent="  ", subsequent_indent="    "):
        out.write(f"{paint('2', line)}\n")
    out.write("\n")
    return out.getvalue()


def _listed(report: Mapping[str, Any], show: Sequence[str], paint: Painter, width: int) -> Iterator[str]:
    section: str | None = ""
    for sentence in report["sentences"]:
        if not _is_shown(sentence, report["settings"]["flags"]["labels"], show):
            continue
        if sentence["section"] != section:
            section = sentence["section"]
            yield ""
            yield paint("1", textwrap.shorten(clean(section), width, placeholder=" ...") if section else "(no heading)")
        yield ""
        yield "  " + _where(sentence, paint)
        yield from (f"    {line}" for line in _wrapped(sentence, paint, width - 4))
        if sentence["cues"]:
            words = "; ".join(
                f"{clean(cue['text'])}" + (f" ({cue['family']})" if cue["family"] else "") for cue in sentence["cues"]
            )
            yield from textwrap.wrap(f"words: {words}", width, initial_indent="    ", subsequent_indent="           ")


def _is_shown(sentence: Mapping[str, Any], flagged: Sequence[str], show: Sequence[str]) -> bool:
    if sentence["skipped"]:
        return "skipped" in show
    if sentence["label"] in flagged and not sentence["flagged"]:
        return "below" in show
    return sentence["label"] in show


def _where(sentence: Mapping[str, Any], paint: Painter) -> str:
    label = sentence["label"]
    parts = [paint(LABEL_STYLE[label], f"{label} {sentence['scores'][label]:.0%}")]
    if sentence["page"] is not None:
        parts.append(f"p. {sentence['page']}")
    if sentence["number"]:
        parts.append(clean(sentence["number"]))
    if sentence["kind"] not in ("body", "list_item"):
        parts.append(sentence["kind"].replace("_", " "))
    if sentence["target"] and sentence["target"] != "none":
        parts.append(f"on: {sentence['target']}")
    if sentence["voice"] == "reported":
        parts.append("someone else's words")
    if sentence["skipped"]:
        parts.append(f"left out: {reason_in_words(sentence['skipped'])}")
    parts.append(sentence["id"][:SHORT_ID])
    return paint("2", " \u00b7 ").join(parts)


def _wrapped(sentence: Mapping[str, Any], paint: Painter, width: int) -> list[str]:
    """The sentence in lines, its cue words marked, each line painted by itself so that pagers keep the marks."""
    text, base = sentence["text"], sentence["start"]
    marked = bytearray(len(text))
    for cue in sentence["cues"]:
        marked[cue["start"] - base : cue["end"] - base] = b"\1" * (cue["end"] - cue["start"])
    return wrapped(text, marked, {1: _CUE}, paint, width)


def _summary(summary: Mapping[str, Any], settings: Mapping[str, Any], paint: Painter) -> Iterator[str]:
    yield paint("1", "Summary")
    for label in LABELS:
        row = summary["labels"][label]
        bar = "\u2588" * round(30 * row["share"])
        yield f"  {label:15}{row['count']:>7,}  {row['share']:>6.1%}  {paint(LABEL_STYLE[label], bar)}".rstrip()
    yield f"  flagged: {summary['flagged']:,}, which is {summary['flagged_per_1000_words']:.1f} in 1,000 words"
    if summary["below_threshold"]:
        yield f"  counted, not flagged: {summary['below_threshold']:,} (--show below)"
    if summary["skipped"]:
        yield f"  left out of the counts: {left_out(summary['skipped'])}"
    if settings.get("project"):
        yield f"  settings: {clean(settings['project'])}"
    worst = sorted(
        (row for row in summary["sections"] if row["flagged"] and row["section"]), key=lambda r: -r["flagged"]
    )
    if len(worst) > 1:
        yield "  most flags: " + "; ".join(
            f"{textwrap.shorten(clean(row['section']), 50, placeholder=' ...')} ({row['flagged']})" for row in worst[:3]
        )


def _purpose(report: Mapping[str, Any], width: int) -> Iterator[str]:
    """What a whole text says of its purpose, a line; and where it claims to learn while it blames."""
    if report["summary"]["sentences"] >= WHOLE:
        found = "; ".join(f"{name} {PURPOSE_STATUS[one['status']]}" for name, one in report["purpose"].items())
        yield f"  its purpose (Quality Marker 5): {found}"
    if report["contradiction"]:
        yield from textwrap.wrap(report["contradiction"], width, initial_indent="  ", subsequent_indent="  ")
