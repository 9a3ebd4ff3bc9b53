"""The whole text in the HTML report, its sentences marked; and what was left out of the counts, listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scr_tone.rendering.names import counted
from scr_tone.rendering.page import anchor, label_tag, marked, where
from scr_tone.rendering.skipped import left_out, reason_in_words

__all__ = ["left_out_list", "running_text"]

# Reasons that say nothing of what the author has decided; their lists are for the screen, not for paper.
_PLAIN = ("heading", "fragment")


def running_text(report: Mapping[str, Any], text: str, prefix: str) -> Iterator[str]:
    """All sentences, paragraph by paragraph: a line break between two ends a paragraph."""
    yield f'<h2 id="{prefix}text">The text</h2>'
    yield (
        '<p class="note">Blame is underlined solid, learning dotted, accountability dashed; underlined words within them '
        "weighed most. What was left out of the counts and reads as blame has a thin frame. Unmarked sentences are neutral.</p>"
        '<div class="text">'
    )
    line: list[str] = []
    kind = "body"
    before = flags = 0
    cells = True  # nothing but cells with a word or two so far: these share a line
    for sentence in report["sentences"]:
        cell = sentence["skipped"] == "fragment"
        if line and "\n" in text[before : sentence["start"]]:
            if cells and cell:
                line.append("\u00b7")
            else:
                yield f'<p class="{kind}">{" ".join(line)}</p>'
                line = []
        cells = cell and (cells or not line)
        kind = sentence["kind"]
        flags += sentence["flagged"]
        line.append(_sentence(sentence, flags, prefix))
        before = sentence["end"]
    if line:
        yield f'<p class="{kind}">{" ".join(line)}</p>'
    yield "</div>"


def _sentence(sentence: Mapping[str, Any], number: int, prefix: str) -> str:
    label, place = sentence["label"], f'id="{anchor(prefix, sentence)}"'
    if label == "neutral" or (sentence["skipped"] and label != "blame"):
        return f"<span {place}>{escape(sentence['text'])}</span>"
    score = f"{label} {sentence['scores'][label]:.0%}"
    if sentence["skipped"]:
        title = f"{score}, left out: {reason_in_words(sentence['skipped'])}"
        return f'<span class="aside" {place} title="{title}">{escape(sentence["text"])}</span>'
    flag = f'<sup><a href="#{prefix}f{sentence["index"]}">{number}</a></sup>' if sentence["flagged"] else ""
    return f'<mark class="{label}" {place} title="{score}">{marked(sentence)}</mark>{flag}'


def left_out_list(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """What is left out of counts and flags, reason by reason."""
    counts: Mapping[str, int] = report["summary"]["skipped"]
    if not counts:
        return
    yield f'<h2 id="{prefix}leftout">Left out of the counts ({sum(counts.values()):,})</h2>'
    yield f'<p class="note">{left_out(counts)[:1].upper()}{escape(left_out(counts)[1:])}.</p>'
    for reason in sorted(counts, key=lambda name: name in _PLAIN):
        those = [s for s in report["sentences"] if s["skipped"] == reason]
        blame = sum(s["label"] == "blame" for s in those)
        more = f"; {counted(blame, 'reads', 'read')} as blame" if blame else ""
        screen = ' class="screen"' if reason in _PLAIN else ""
        yield f'<details{screen}><summary>{escape(left_out({reason: len(those)}))}{more}</summary><ul class="plainlist">'
        for sentence in those:
            tag = f"{label_tag('blame', sentence['scores']['blame'])} " if sentence["label"] == "blame" else ""
            place = ", ".join(where(sentence)[:2]) or "in the text"
            yield f'<li>{tag}{escape(sentence["text"])} <a class="jump" href="#{anchor(prefix, sentence)}">{place}</a></li>'
        yield "</ul></details>"
