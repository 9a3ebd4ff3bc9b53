"""The words that the page shares with the HTML report, as a script module, so that no wording stands in two places."""

from __future__ import annotations

import json
from typing import Any

from scr_tone.decisions import VERDICTS
from scr_tone.rendering import names

__all__ = ["WORDS_PATH", "words", "words_module"]

#: Where the page's modules import it from.
WORDS_PATH = "/static/js/words.js"


def words() -> dict[str, Any]:
    """Questions, statuses, factors and levels in words, and how long a text counts as a whole report."""
    return {
        "purpose": {
            **names.PURPOSE_TEXTS,
            "questions": names.PURPOSE,
            "short": names.PURPOSE_SHORT,
            "status": names.PURPOSE_STATUS,
            "sign": names.PURPOSE_SIGN,
            "whole": names.WHOLE,
        },
        "factors": {**names.FACTORS_TEXTS, "names": names.FACTORS},
        "culpability": {**names.CULPABILITY_TEXTS, "levels": names.CULPABILITY},
        "verdicts": list(VERDICTS),
    }


def words_module() -> str:
    """A script module that exports them.

    Examples
    --------
    >>> words_module().startswith("export default {")
    True
    """
    return f"export default {json.dumps(words())};\n"
