"""The flagged sentences of the HTML report: what is flagged, why, and the questions that help to write it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scr_tone.rendering.page import anchor, label_tag, marked, section_name, where
from scr_tone.rendering.references import References

__all__ = ["advice", "findings"]


def findings(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """The flagged sentences, section by section, numbered as in the text."""
    flagged = [s for s in report["sentences"] if s["flagged"]]
    yield f'<h2 id="{prefix}flags">Sentences to look at again ({len(flagged)})</h2>'
    if not flagged:
        yield '<p class="note">No sentence is flagged: none reads as blame to this model.</p>'
        return
    yield (
        '<p class="note">What is flagged may be true, and it may need saying. The questions ask most often for what the wording '
        "leaves out: why. Words that weighed most are underlined. The numbers are those in the text below.</p>"
    )
    references = References(prefix)
    section: str | None = ""
    for number, sentence in enumerate(flagged, 1):
        if sentence["section"] != section:
            section = sentence["section"]
            yield f"<h3>{section_name(section)}</h3>"
        yield from _finding(sentence, number, prefix, references)
    yield from references.lines()


def _finding(sentence: Mapping[str, Any], number: int, prefix: str, references: References) -> Iterator[str]:
    label = sentence["label"]
    place = " \u00b7 ".join(where(sentence))
    place += f'<span class="jump"> \u00b7 <a href="#{anchor(prefix, sentence)}">in the text</a></span>'
    yield (
        f'<article class="finding {label}" id="{prefix}f{sentence["index"]}"><p class="where"><span class="number">{number}</span> '
        f'{label_tag(label, sentence["scores"][label])} {place}</p><p class="said">{marked(sentence)}</p>'
    )
    # The words themselves are marked in the sentence; what kind of words they are is not.
    words = "; ".join(
        f"\u201c{escape(cue['text'])}\u201d ({escape(cue['family'])})" for cue in sentence["cues"] if cue["family"]
    )
    if words:
        yield f'<p class="where">{words}</p>'
    yield from advice(sentence.get("advice"), sentence, references)
    yield "</article>"


def advice(given: Mapping[str, Any] | None, sentence: Mapping[str, Any], references: References) -> Iterator[str]:
    """Why it was flagged, questions with what they rest on, a note, another wording; nothing where there is no advice."""
    if not given:
        return
    if given.get("why"):
        yield f"<p>{escape(given['why'])}</p>"
    if given.get("questions"):
        yield '<ul class="questions">'
        for question in given["questions"]:
            yield f"<li>{escape(question['text'])}{references.cite(question.get('sources', ()))}</li>"
        yield "</ul>"
    change = given.get("rewording")
    if change:
        at, end = (change[name] - sentence["start"] for name in ("start", "end"))
        yield (
            f'<p class="rewording"><span class="where">Could be put otherwise without a loss:</span> '
            f"<del>{escape(sentence['text'][at:end])}</del> <ins>{escape(change['text'])}</ins></p>"
        )
    if given.get("note"):
        yield f'<p class="where">{escape(given["note"])}</p>'
