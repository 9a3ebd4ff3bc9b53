"""What of a document is labelled: its units, and which of them are left out of counts and flags."""

from __future__ import annotations

import re

from scr_tone.lines import ENUMERATOR
from scr_tone.records import Stretch
from scr_tone.sentences import sentence_spans

__all__ = ["skipped_because", "units_of"]

_FRAGMENT_WORDS = 4

_QUOTED = re.compile(r"\s*[\"\u201c\u2018'\u00ab].*[\"\u201d\u2019'\u00bb][.,;!?]?\s*\Z", re.DOTALL)


def units_of(text: str, stretch: Stretch) -> list[tuple[int, int]]:
    """Sentences of a stretch, as offsets into it. A heading with a level is one unit, whatever stops it holds."""
    part = text[stretch.start : stretch.end]
    return [(0, len(part))] if stretch.kind == "heading" and stretch.level is not None else sentence_spans(part)


def skipped_because(stretch: Stretch, text: str, skip_quotes: bool) -> str | None:
    """Why a sentence is left out of counts and flags, or None.

    Headings are neutral by the codebook. Only those that the file itself marks are skipped; a short line of plain text
    may be a sentence without its full stop. A cell of a table with a word or two ("All", "Head of Service") says nothing that
    could be judged.
    """
    if stretch.kind == "heading" and stretch.level is not None:
        return "heading"
    if stretch.kind == "table_cell" and len(text.split()) <= _FRAGMENT_WORDS and text[-1] not in ".!?":
        return "fragment"
    mark = ENUMERATOR.match(text)
    if skip_quotes and (stretch.kind == "quote" or _QUOTED.match(text, mark.end() if mark else 0)):
        return "quote"
    return None
