"""Tables of the HTML report: shares of the labels, sections, contributory factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scr_tone.records import LABELS
from scr_tone.rendering.names import CULPABILITY, CULPABILITY_TEXTS, FACTORS, FACTORS_TEXTS, counted
from scr_tone.rendering.page import anchor, bar, section_name
from scr_tone.rendering.skipped import left_out

__all__ = ["factors", "sections", "shares"]

_HEADS = {"blame": "Blame", "learning": "Learning", "accountability": '<abbr title="Accountability">Account.</abbr>'}


def shares(summary: Mapping[str, Any]) -> Iterator[str]:
    """How many sentences have each label, and what is left out of the counts."""
    yield (
        '<table class="shares"><thead><tr><th scope="col">Label</th><th scope="col" class="n">Sentences</th>'
        '<th scope="col" class="n">Share</th><td class="wide"></td></tr></thead><tbody>'
    )
    for label in LABELS:
        row = summary["labels"][label]
        yield (
            f'<tr><th scope="row">{label}</th><td class="n">{row["count"]:,}</td><td class="n">{row["share"]:.1%}</td>'
            f'<td class="wide">{bar({label: row["share"]})}</td></tr>'
        )
    yield "</tbody></table>"
    skipped, below = left_out(summary["skipped"]), summary.get("below_threshold", 0)
    yield (
        f'<p class="note">Flagged: {counted(summary["flagged"], "sentence")}, '
        f"{summary['flagged_per_1000_words']:.1f} in 1,000 words."
        + (
            f" Counted, but not flagged (too unsure, a court’s words, a denial of fault, or a fault that is owned): {below:,}."
            if below
            else ""
        )
        + (f" Left out of all counts: {escape(skipped)}." if skipped else "")
        + "</p>"
    )


def sections(summary: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Counts by section; nothing where there is only one."""
    if len(summary["sections"]) < 2:
        return
    paged = any(row["page"] for row in summary["sections"])
    page = '<th scope="col" class="n wide">Page</th>' if paged else ""
    heads = "".join(f'<th scope="col" class="n">{_HEADS[label]}</th>' for label in _HEADS)
    yield (
        f'<h2 id="{prefix}sections">By section</h2><table class="sections"><thead><tr><th scope="col">Section</th>{page}'
        f'<th scope="col" class="n wide">Sentences</th>{heads}<td class="wide"></td></tr></thead><tbody>'
    )
    for row in summary["sections"]:
        cells = "".join(f'<td class="n">{row["labels"][label]["count"] or _NONE}</td>' for label in _HEADS)
        drawn = bar({label: row["labels"][label]["share"] for label in LABELS})
        page = f'<td class="n wide">{row["page"] or ""}</td>' if paged else ""
        yield (
            f'<tr><th scope="row">{section_name(row["section"])}</th>{page}'
            f'<td class="n wide">{row["sentences"]}</td>{cells}<td class="wide">{drawn}</td></tr>'
        )
    yield "</tbody></table>"


_NONE = '<span class="none">0</span>'


def factors(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Contributory factors that the learning sentences name, each with its sentences; then claims of culpability."""
    found: Mapping[str, int] | None = report["summary"].get("factors")
    learning = [s for s in report["sentences"] if s["label"] == "learning" and not s["skipped"]]
    if found is None or not learning:
        return
    yield f'<h2 id="{prefix}factors">{FACTORS_TEXTS["title"]}</h2>'
    yield f'<p class="note">{FACTORS_TEXTS["note"]}</p>'
    most = max(found.values(), default=1)
    if found:
        yield (
            '<table class="factors"><thead><tr><th scope="col">Factor</th><th scope="col" class="n">Sentences</th><td></td></tr>'
            "</thead><tbody>"
        )
        for factor, count in found.items():
            name, scope = FACTORS.get(factor, (factor, ""))
            yield (
                f'<tr><th scope="row">{escape(name)} <span class="scope">{escape(scope)}</span></th><td class="n">{count}</td>'
                f'<td><div class="bar plain" aria-hidden="true"><div class="fill-learning" style="width:{100 * count / most:.1f}%">'
                "</div></div></td></tr>"
            )
        yield "</tbody></table>"
    silent = [name for factor, (name, _) in FACTORS.items() if factor not in found]
    if silent:
        yield f'<p class="note">{FACTORS_TEXTS["silent"]}: {escape(", ".join(silent).lower())}.</p>'
    if found:
        yield '<details class="screen"><summary>The sentences, factor by factor</summary>'
        for factor in found:
            yield f'<h3>{escape(FACTORS.get(factor, (factor, ""))[0])}</h3><ul class="plainlist">'
            yield from (_listed(s, prefix) for s in learning if factor in s["factors"])
            yield "</ul>"
        yield "</details>"
    yield from _culpability(report, prefix)


def _culpability(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    # Elsewhere the model takes too many plain facts for claims; the JSON and the tables have them all.
    claims = [s for s in report["sentences"] if s.get("culpability") in CULPABILITY and s["flagged"]]
    if not claims:
        return
    yield f"<details><summary>{CULPABILITY_TEXTS['title']} ({counted(len(claims), 'sentence')})</summary>"
    yield f'<p class="note">{CULPABILITY_TEXTS["note"]}</p>'
    for level, name in CULPABILITY.items():
        those = [s for s in claims if s["culpability"] == level]
        if those:
            yield f'<h3>{name[0].upper()}{name[1:]} ({len(those)})</h3><ul class="plainlist">'
            yield from (_listed(s, prefix) for s in those)
            yield "</ul>"
    yield "</details>"


def _listed(sentence: Mapping[str, Any], prefix: str) -> str:
    """A sentence in a list, with a link to where it stands."""
    place = f"page {sentence['page']}" if sentence["page"] else "in the text"
    return f'<li>{escape(sentence["text"])} <a class="jump" href="#{anchor(prefix, sentence)}">{place}</a></li>'
