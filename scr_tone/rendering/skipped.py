"""Why sentences are left out of counts and flags, in words."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["left_out", "reason_in_words"]

#: Of one sentence, and of several.
_WORDS = {
    "heading": ("heading", "headings"),
    "fragment": ("fragment", "fragments"),
    "footnote": ("in a footnote", "in footnotes"),
    "table": ("in a table", "in tables"),
    "appendix": ("in an appendix", "in appendices"),
    "glossary": ("in a glossary", "in glossaries"),
    "section": ("in a section that the settings name", "in sections that the settings name"),
    "quote": ("quotation", "quotations"),
    "phrase": ("with an ignored phrase", "with ignored phrases"),
    "accepted": ("accepted as intended", "accepted as intended"),
    "wrong": ("false alarm", "false alarms"),
}


def left_out(counts: Mapping[str, int]) -> str:
    """How many are left out, and why.

    Examples
    --------
    >>> left_out({"heading": 34, "table": 1})
    '34 headings, 1 in a table'
    """
    return ", ".join(f"{count:,} {_WORDS[reason][count != 1]}" for reason, count in counts.items())


def reason_in_words(reason: str) -> str:
    """Why one sentence is left out.

    Examples
    --------
    >>> reason_in_words("phrase")
    'with an ignored phrase'
    """
    return _WORDS[reason][0]
