"""What every page is made of: the shell, and the small pieces that the report and the comparison share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from scr_tone.records import LABELS
from scr_tone.rendering.names import CULPABILITY, CULPABILITY_TEXTS, MEANING

__all__ = ["anchor", "bar", "contents", "key", "label_tag", "marked", "page", "section_name", "strip", "where"]

#: Each label at a height of its own, so that the strip reads without colour.
_ROW = {"blame": 0, "learning": 14, "accountability": 28}


def page(title: str, body: Iterable[str]) -> str:
    """A whole page: one file, no script, nothing fetched.

    Parameters
    ----------
    title : str
        Plain text.
    body : iterable of str
        Lines of HTML.
    """
    css = files("scr_tone").joinpath("resources/report.css").read_text(encoding="utf-8")
    whole = (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n<main>\n"
    )
    whole += "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    return whole.encode("utf-8", "replace").decode()


def contents(links: Iterable[tuple[str, str]]) -> str:
    """Links to the parts of the page: (anchor, text)."""
    items = "".join(f'<li><a href="#{target}">{escape(text)}</a></li>' for target, text in links)
    return f'<nav class="contents" aria-label="On this page"><ul>{items}</ul></nav>'


def strip(report: Mapping[str, Any], link: str | None = None, *, name: str = "the document") -> str:
    """The whole document from left to right; a bar for each sentence that is not neutral, its width by its length.

    Parameters
    ----------
    report : mapping
        As from ``Report.to_dict``.
    link : str, optional
        Beginning of the anchors that flagged sentences have; their bars then lead there. The list of flags does the same for
        those who use the keyboard, so that the bars stay out of their way.
    name : str
        What the picture is of.
    """
    total = max(report["document"]["characters"], 1)
    bars, ticks = [], []
    section: Any = report["sentences"][0]["section"] if report["sentences"] else None
    for sentence in report["sentences"]:
        left = 1000 * sentence["start"] / total
        if sentence["section"] != section:
            section = sentence["section"]
            ticks.append(f'<rect class="tick" x="{left:.2f}" y="0" width="0.7" height="40"/>')
        if sentence["label"] == "neutral" or sentence["skipped"]:
            continue
        width = max(1000 * (sentence["end"] - sentence["start"]) / total, 0.8)
        row = _ROW[sentence["label"]]
        drawn = f'<rect class="fill-{sentence["label"]}" x="{left:.2f}" y="{row}" width="{width:.2f}" height="12"/>'
        if link is not None and sentence["flagged"]:
            drawn = f'<a href="#{anchor(link, sentence)}" tabindex="-1" aria-label="flag">{drawn}</a>'
        bars.append(drawn)
    role = "img" if link is None else "group"
    return (
        f'<svg class="strip" viewBox="0 0 1000 40" preserveAspectRatio="none" role="{role}" aria-label="Where in '
        f"{escape(name)} the labels stand: blame in the top row, learning in the middle, accountability below; thin lines where a "
        f'section begins">{"".join(ticks)}{"".join(bars)}</svg>'
    )


def key() -> str:
    """What the colours and rows of the strip mean."""
    items = "".join(f'<li><i class="fill-{label}"></i><b>{label}</b> {MEANING[label]}</li>' for label in LABELS)
    return f'<ul class="key">{items}</ul>'


def anchor(prefix: str, sentence: Mapping[str, Any]) -> str:
    """Where a sentence stands on the page."""
    return f"{prefix}{sentence['index']}"


def bar(shares: Mapping[str, float]) -> str:
    """A bar with a part for each label, by its share."""
    parts = "".join(
        f'<div class="fill-{label}" style="width:{100 * shares[label]:.1f}%"></div>'
        for label in LABELS
        if label in shares
    )
    return f'<div class="bar" aria-hidden="true">{parts}</div>'


def label_tag(label: str, score: float | None = None) -> str:
    """A label, with its score if given."""
    return f'<span class="tag {label}">{label}{f" {score:.0%}" if score is not None else ""}</span>'


def section_name(section: str | None) -> str:
    """A heading, or what to call the text before the first."""
    return escape(section or "(before the first heading)")


def where(sentence: Mapping[str, Any]) -> list[str]:
    """Page, paragraph, and what is said of whom, as HTML."""
    target, level = sentence.get("target"), sentence.get("culpability")
    return [
        part
        for part in (
            f"page {sentence['page']}" if sentence["page"] else "",
            f"paragraph {escape(sentence['number'])}" if sentence["number"] else "",
            f"on: {escape(target)}" if target not in (None, "none") else "",
            "someone else\u2019s words" if sentence.get("voice") == "reported" else "",
            f"{CULPABILITY_TEXTS['claim']}: {CULPABILITY[level]}"
            if level in CULPABILITY and sentence["flagged"]
            else "",
        )
        if part
    ]


def marked(sentence: Mapping[str, Any]) -> str:
    """The sentence with its cue words in bold."""
    text, at = sentence["text"], 0
    parts: list[str] = []
    cues: Sequence[Mapping[str, Any]] = sentence["cues"]
    for cue in cues:
        start, end = cue["start"] - sentence["start"], cue["end"] - sentence["start"]
        parts += [escape(text[at:start]), "<b>", escape(text[start:end]), "</b>"]
        at = end
    return "".join([*parts, escape(text[at:])])
