"""displaCy: the labels of a Doc in colours that can be told apart, also in greyscale and by colour-blind readers.

spaCy finds `LABEL_COLOURS` through the package's entry points, so the colours hold without an import of this module.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from spacy.displacy import parse_spans
from spacy.tokens import Doc

from scr_tone.doc_tone import cues_key
from scr_tone.errors import ConfigError
from scr_tone.project import FLAGGABLE
from scr_tone.records import LABELS

__all__ = ["LABEL_COLOURS", "displacy_data", "displacy_options"]

#: After Okabe and Ito (2008), Color Universal Design; black text on each has a contrast of at least 5 to 1.
LABEL_COLOURS: Mapping[str, str] = {
    "BLAME": "#e0752d",
    "LEARNING": "#3fae8c",
    "ACCOUNTABILITY": "#79bfe8",
    "NEUTRAL": "#dcdcdc",
}

# displaCy sets all words of a span in bold, which in running prose is everything.
_TEMPLATE = {
    "span": '<span style="display: inline-block; position: relative; height: {total_height}px;">{text}'
    "{span_slices}{span_starts}</span> ",
    "slice": '<span style="background: {bg}; top: {top_offset}px; height: 4px; left: -1px; width: calc(100% + 7px); '
    'position: absolute;"></span>',
    "start": '<span style="background: {bg}; top: {top_offset}px; height: 4px; left: -1px; width: calc(100% + 7px); '
    'position: absolute;"><span style="background: {bg}; z-index: 10; color: #000; top: -0.2em; padding: 2px 4px; '
    'position: absolute; white-space: nowrap; font-size: 0.65em; line-height: 1; border-radius: 3px;">{label}{kb_link}</span></span>',
}


def displacy_options(*, spans_key: str = "scr_tone") -> dict[str, Any]:
    """Options for ``displacy.render(doc, style="span", options=...)``.

    Parameters
    ----------
    spans_key : str
        Of the component; with "_cues" behind it, the words that weighed are drawn in place of the sentences.

    Returns
    -------
    dict
        With ``spans_key``, ``colors`` and ``template``.

    Examples
    --------
    >>> displacy_options()["spans_key"]
    'scr_tone'
    """
    return {
        "spans_key": spans_key,
        "colors": dict(LABEL_COLOURS),
        "template": dict(_TEMPLATE),
        "top_offset": 29,
        "top_offset_step": 19,
        "span_label_offset": 22,
    }


def displacy_data(
    doc: Doc, *, labels: Collection[str] = FLAGGABLE, cues: bool = False, spans_key: str = "scr_tone"
) -> dict[str, Any]:
    """A Doc for ``displacy.render(..., style="span", manual=True, options=displacy_options())``: without the neutral sentences.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        That went through the component.
    labels : collection of str
        Labels whose sentences are drawn.
    cues : bool
        Whether the words that weighed are drawn below their sentence too, with their cue family.
    spans_key : str
        Of the component.

    Raises
    ------
    ConfigError
        If a label is unknown, or the Doc has no such spans.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("scr_tone")
    >>> [span["label"] for span in displacy_data(nlp("It rained. The nurse failed to call back."))["spans"]]
    ['blame']
    """
    if isinstance(labels, str) or not set(labels) <= set(LABELS):
        raise ConfigError(f"is {labels!r}", remedy=f"give a list of {', '.join(LABELS)}", subject="labels")
    if spans_key not in doc.spans:
        raise ConfigError(
            f"has no spans {spans_key!r}", remedy='label it first: nlp.add_pipe("scr_tone")', subject="the Doc"
        )
    keys = [spans_key, *([cues_key(spans_key)] if cues else [])]
    groups = [parse_spans(doc, {"spans_key": key}) for key in keys if len(doc.spans[key])]
    whole = groups[0] if groups else {"text": doc.text, "tokens": [token.text for token in doc], "title": None}
    return {**whole, "spans": [span for group in groups for span in group["spans"] if span["label"] in labels]}
