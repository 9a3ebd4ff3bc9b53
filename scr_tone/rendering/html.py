"""The HTML report: one file, no script, nothing fetched, fit for the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from scr_tone.rendering.figures import factors, sections, shares
from scr_tone.rendering.findings import findings
from scr_tone.rendering.method import caution, method
from scr_tone.rendering.names import counted
from scr_tone.rendering.page import contents, key, page, strip
from scr_tone.rendering.profile import profile
from scr_tone.rendering.running_text import left_out_list, running_text

__all__ = ["html_page", "with_flags"]


def html_page(reports: Sequence[Mapping[str, Any]], *, texts: Sequence[str]) -> str:
    """A page for one report or several.

    Parameters
    ----------
    reports : sequence of mapping
        As from ``Report.to_dict``.
    texts : sequence of str, same length
        The documents' texts; they tell where paragraphs end.
    """
    title = " \u00b7 ".join(str(report["document"]["name"] or "text") for report in reports) or "report"
    lines = (
        line
        for index, (report, text) in enumerate(zip(reports, texts, strict=True))
        for line in _document(with_flags(report), text, f"d{index}-")
    )
    return page(f"Tone of {title}", lines)


def with_flags(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """The report with ``flagged`` in every sentence, also where an older version made it."""
    made = [{"flagged": s["label"] == "blame" and not s["skipped"], **s} for s in report["sentences"]]
    return {**report, "sentences": made}


def _document(report: Mapping[str, Any], text: str, prefix: str) -> Iterator[str]:
    document, summary = report["document"], report["summary"]
    yield f"<h1>{escape(str(document['name'] or 'Text'))}</h1>"
    yield f'<p class="meta">{counted(summary["sentences"], "sentence")}, {counted(summary["words"], "word")}. {caution()}</p>'
    for warning in document["warnings"]:
        yield f'<p class="warning">Note: {escape(warning)}.</p>'
    parts = [
        ([f'<h2 id="{prefix}glance">At a glance</h2>', strip(report, f"{prefix}f"), key(), *shares(summary)], None),
        (list(findings(report, prefix)), ("flags", "Sentences to look at again")),
        (list(sections(summary, prefix)), ("sections", "By section")),
        (list(profile(report, prefix)), ("purpose", "Its purpose")),
        (list(factors(report, prefix)), ("factors", "What made things likely")),
        (list(running_text(report, text, prefix)), ("text", "The text")),
        (list(left_out_list(report, prefix)), ("leftout", "Left out of the counts")),
        (list(method(report, anchor=f"{prefix}method")), ("method", "Method and limits")),
    ]
    yield contents((prefix + link[0], link[1]) for lines, link in parts if lines and link)
    for lines, _ in parts:
        yield from lines
