"""The HTML report: one file, no script, nothing fetched, fit for the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from scr_tone.records import LABELS
from scr_tone.rendering.skipped import left_out

__all__ = ["html_page"]

_MEANING = {
    "blame": "puts the fault in a person, a group or an organisation, and stops there",
    "learning": "points at conditions, at the reasoning of the time, or at improvement",
    "accountability": "owns or fairly apportions responsibility, without condemning",
    "neutral": "reports or describes, and does nothing with responsibility",
}


def html_page(reports: Sequence[Mapping[str, Any]], *, texts: Sequence[str]) -> str:
    """A page for one report or several.

    Parameters
    ----------
    reports : sequence of mapping
        As from ``Report.to_dict``.
    texts : sequence of str, same length
        The documents' texts; they tell where paragraphs end.
    """
    css = files("scr_tone").joinpath("resources/report.css").read_text(encoding="utf-8")
    title = " \u00b7 ".join(str(report["document"]["name"] or "text") for report in reports) or "report"
    body = "\n".join(
        line
        for index, (report, text) in enumerate(zip(reports, texts, strict=True))
        for line in _document(report, text, f"d{index}-")
    )
    return (
        (
            '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
            f"<title>Tone of {escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
            "</body>\n</html>\n"
        )
        .encode("utf-8", "replace")
        .decode()
    )


def _document(report: Mapping[str, Any], text: str, prefix: str) -> Iterator[str]:
    document, summary = report["document"], report["summary"]
    yield f"<h1>{escape(str(document['name'] or 'Text'))}</h1>"
    yield (
        f'<p class="meta">{summary["sentences"]:,} sentences, {summary["words"]:,} words. This page reads '
        "<strong>wording, not people</strong>: a flag asks how a sentence will sound, not whether it is true or who was at "
        "fault, and it is sometimes wrong.</p>"
    )
    for warning in document["warnings"]:
        yield f'<p class="warning">Note: {escape(warning)}.</p>'
    yield "<h2>At a glance</h2>"
    yield _strip(report, prefix)
    yield (
        '<ul class="key">'
        + "".join(f'<li><i class="fill-{label}"></i>{label}: {_MEANING[label]}</li>' for label in LABELS)
        + "</ul>"
    )
    yield from _shares(summary)
    yield from _sections(summary)
    yield from _findings(report, prefix)
    yield "<h2>The text</h2>"
    yield (
        '<p class="note">Blame is underlined solid, learning dotted, accountability dashed; underlined words within them '
        "weighed most. Unmarked sentences are neutral, or left out of the counts.</p>"
    )
    yield '<div class="text">'
    yield from _text(report, text, prefix)
    yield "</div>"
    yield from _method(report)


def _strip(report: Mapping[str, Any], prefix: str) -> str:
    """The whole document from left to right; a bar for each sentence that is not neutral, its width by its length."""
    total = max(report["document"]["characters"], 1)
    bars = []
    for sentence in report["sentences"]:
        if sentence["label"] == "neutral" or sentence["skipped"]:
            continue
        left = 1000 * sentence["start"] / total
        width = max(1000 * (sentence["end"] - sentence["start"]) / total, 0.8)
        # Each label at its own height too, so that the strip reads without colour.
        top = {"blame": 0, "learning": 14, "accountability": 28}[sentence["label"]]
        bar = f'<rect class="fill-{sentence["label"]}" x="{left:.2f}" y="{top}" width="{width:.2f}" height="12"/>'
        bars.append(f'<a href="#{prefix}{sentence["index"]}">{bar}</a>' if sentence["flagged"] else bar)
    return (
        '<svg class="strip" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label="Where in the document '
        f'the labels stand: blame in the top row, learning in the middle, accountability below">{"".join(bars)}</svg>'
    )


def _shares(summary: Mapping[str, Any]) -> Iterator[str]:
    yield '<table><thead><tr><th>Label</th><th class="n">Sentences</th><th class="n">Share</th><th class="wide"></th></tr></thead><tbody>'
    for label in LABELS:
        row = summary["labels"][label]
        bar = f'<div class="bar"><div class="fill-{label}" style="width:{100 * row["share"]:.1f}%"></div></div>'
        yield (
            f'<tr><th scope="row">{label}</th><td class="n">{row["count"]:,}</td><td class="n">{row["share"]:.1%}</td>'
            f'<td class="wide">{bar}</td></tr>'
        )
    yield "</tbody></table>"
    skipped, below = left_out(summary["skipped"]), summary["below_threshold"]
    yield (
        f'<p class="note">Flagged: {summary["flagged"]:,} sentences, {summary["flagged_per_1000_words"]:.1f} in 1,000 words.'
        + (f" Below the threshold, so counted but not flagged: {below:,}." if below else "")
        + (f" Left out of all counts: {skipped}." if skipped else "")
        + "</p>"
    )


def _sections(summary: Mapping[str, Any]) -> Iterator[str]:
    if len(summary["sections"]) < 2:
        return
    paged = any(row["page"] for row in summary["sections"])
    page = '<th class="n wide">Page</th>' if paged else ""
    yield (
        f'<h2>By section</h2><table><thead><tr><th>Section</th>{page}<th class="n wide">Sentences</th><th class="n">Blame</th>'
        '<th class="n">Learning</th><th class="n"><abbr title="Accountability">Account.</abbr></th><th class="wide"></th></tr>'
        "</thead><tbody>"
    )
    for row in summary["sections"]:
        cells = "".join(
            f'<td class="n">{row["labels"][label]["count"]}</td>' for label in ("blame", "learning", "accountability")
        )
        bar = "".join(
            f'<div class="fill-{label}" style="width:{100 * row["labels"][label]["share"]:.1f}%"></div>'
            for label in LABELS
        )
        page = f'<td class="n wide">{row["page"] or ""}</td>' if paged else ""
        yield (
            f'<tr><th scope="row">{escape(row["section"] or "(before the first heading)")}</th>{page}'
            f'<td class="n wide">{row["sentences"]}</td>{cells}<td class="wide"><div class="bar">{bar}</div></td></tr>'
        )
    yield "</tbody></table>"


def _findings(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    flagged = [s for s in report["sentences"] if s["flagged"]]
    yield f"<h2>Sentences to look at again ({len(flagged)})</h2>"
    if not flagged:
        blame = any(s["label"] == "blame" and not s["skipped"] for s in report["sentences"])
        yield f'<p class="note">{"No sentence is flagged" if blame else "No sentence reads as blame to this model"}.</p>'
    section: str | None = ""
    for sentence in flagged:
        if sentence["section"] != section:
            section = sentence["section"]
            yield f"<h3>{escape(section or '(before the first heading)')}</h3>"
        where = [
            f"page {sentence['page']}" if sentence["page"] else "",
            f"paragraph {escape(sentence['number'])}" if sentence["number"] else "",
        ]
        label = sentence["label"]
        where += [f"score {sentence['scores'][label]:.0%}"]
        where += [f"on: {escape(sentence['target'])}"] if sentence["target"] not in (None, "none") else []
        where += ["someone else's words"] if sentence["voice"] == "reported" else []
        where += [f"id {sentence['id'][:8]}"]
        words = "; ".join(
            f"\u201c{escape(cue['text'])}\u201d" + (f" ({escape(cue['family'])})" if cue["family"] else "")
            for cue in sentence["cues"]
        )
        yield (
            f'<div class="finding"><p>{_marked(sentence)}</p><p class="where"><span class="tag {label}">{label}</span> '
            f"{', '.join(part for part in where if part)}. {f'Words: {words}. ' if words else ''}"
            f'<a href="#{prefix}{sentence["index"]}">in the text</a></p></div>'
        )


def _marked(sentence: Mapping[str, Any]) -> str:
    """The sentence with its cue words in bold."""
    text, at, parts = sentence["text"], 0, []
    for cue in sentence["cues"]:
        start, end = cue["start"] - sentence["start"], cue["end"] - sentence["start"]
        parts += [escape(text[at:start]), "<b>", escape(text[start:end]), "</b>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _text(report: Mapping[str, Any], text: str, prefix: str) -> Iterator[str]:
    """All sentences, paragraph by paragraph: a line break between two ends a paragraph."""
    line: list[str] = []
    kind = "body"
    before = 0
    for sentence in report["sentences"]:
        if line and "\n" in text[before : sentence["start"]]:
            yield f'<p class="{kind}">{" ".join(line)}</p>'
            line = []
        kind = sentence["kind"]
        label = sentence["label"] if not sentence["skipped"] else "neutral"
        inner = _marked(sentence) if label != "neutral" else escape(sentence["text"])
        anchor = f'id="{prefix}{sentence["index"]}"'
        if label == "neutral":
            line.append(inner)
        else:
            line.append(
                f'<mark class="{label}" {anchor} title="{label} {sentence["scores"][label]:.0%}">{inner}</mark>'
            )
        before = sentence["end"]
    if line:
        yield f'<p class="{kind}">{" ".join(line)}</p>'


def _method(report: Mapping[str, Any]) -> Iterator[str]:
    model, settings, software = report["model"], report["settings"], report["software"]
    prior = settings.get("prior")
    shares = (
        f"these label shares: {', '.join(f'{label} {share:.0%}' for label, share in prior.items())}, "
        f"at strength {settings.get('prior_strength')}"
        if prior
        else "the label shares of its training data"
    )
    yield "<h2>Method and limits</h2>"
    yield (
        f"<p>Made by {escape(software['name'])} {escape(software['version'])} with the model {escape(str(model.get('name')))} "
        f"(manifest {escape(str(model.get('sha256'))[:16])}), expecting {escape(shares)}. "
        f"Each sentence is read by itself. Scores are calibrated probabilities.{escape(_settled(settings))}</p>"
        "<p>It was trained on sentences written for the purpose, not on real reviews, and makes mistakes in both directions. "
        "It is meant to help authors of reviews to write so that people can learn. It is no evidence for or against "
        "anybody, and must not be used in a disciplinary, regulatory or legal process.</p>"
    )


def _settled(settings: Mapping[str, Any]) -> str:
    """What the project has settled, in sentences; nothing where it has settled nothing."""
    flags = settings.get("flags", {"labels": ["blame"], "threshold": {}})
    least = ", ".join(f"{label} {score:.2f}" for label, score in flags["threshold"].items())
    parts = [
        f"Settings: {settings['project']}" if settings.get("project") else "",
        f"Flagged: {', '.join(flags['labels']) or 'nothing'}" if flags["labels"] != ["blame"] else "",
        f"Least score for a flag: {least}" if least else "",
        f"Left out: {', '.join(settings.get('skip', ()))}" if settings.get("skip") else "",
        f"Decisions known: {settings['decisions']:,}" if settings.get("decisions") else "",
    ]
    return "".join(f" {part}." for part in parts if part)
