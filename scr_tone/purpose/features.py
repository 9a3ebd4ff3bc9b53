"""What the sentence model of the purpose profile sees: words, pairs of words, concepts, pairs of concepts, and the rules."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from scr_tone.purpose.places import is_heading
from scr_tone.purpose.rules import PARTIES, PROCESSES, Reading, ruled

__all__ = ["KINDS_OF_FEATURE", "features_of", "worth_reading"]

#: Features by kind, so that what each adds can be measured.
KINDS_OF_FEATURE = ("words", "concepts", "rules")

_PROCESS = frozenset((*PROCESSES, "answer"))
_WITH_PART = ("learn", "frame", "tell", "purpose", "cause", "limit", "contact", "review")
_REVIEW = frozenset(("review", "reviewer", "event", "panel", "board", "purpose"))
_PARTY = frozenset(PARTIES)
_SHORT = 5  # tokens
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "and",
        "in",
        "on",
        "at",
        "it",
        "its",
        "is",
        "was",
        "were",
        "be",
        "been",
        "that",
        "which",
        "with",
        "for",
        "by",
        "as",
        "from",
        "had",
        "has",
        "have",
    ]
)


def worth_reading(reading: Reading) -> bool:
    """Whether a sentence can show anything at all; most of a long report cannot, and is not scored.

    Examples
    --------
    >>> from scr_tone.purpose.lexicon import lexicon
    >>> worth_reading(Reading(lexicon().tag("The aim of this review is to learn.")))
    True
    >>> worth_reading(Reading(lexicon().tag("The kitchen had a table and two chairs in it.")))
    False
    """
    found = reading.tags.found.keys()
    if len(reading.tags.tokens) < _SHORT or (is_heading(reading.tags) and reading.tags.tokens[0] != "to"):
        return False
    if found & _PROCESS or {"breach", "duty"} <= found:
        return True
    if "limit" in found and reading.recent & _PROCESS:
        return True
    if ("reviewer" in found and found & _PARTY) or (
        "tell" in reading.recent and found & {"same", "tell"} and found & _PARTY
    ):
        return True
    about = found & _REVIEW or reading.before & _REVIEW or "aims_heading" in reading.part
    return bool(about) and bool(found & {"tell", "contact", "event", "learn", "fault", "contrary", "frame", "disclaim"})


def features_of(reading: Reading, use: Collection[str] = KINDS_OF_FEATURE) -> list[str]:
    """Names of the features of a sentence.

    Parameters
    ----------
    reading : Reading
    use : collection of str
        Which of `KINDS_OF_FEATURE`.

    Examples
    --------
    >>> from scr_tone.purpose.lexicon import lexicon
    >>> features_of(Reading(lexicon().tag("Learn from it")), ["words"])
    ['w learn', 'w learn from', 'w from it']
    """
    tags, found = reading.tags, []
    if "words" in use:
        words = ["0" if token.isdigit() else token for token in tags.tokens]
        found += [f"w {word}" for word in dict.fromkeys(words) if word not in _COMMON]
        found += [f"w {a} {b}" for a, b in dict.fromkeys(pairwise(words))]
    if "concepts" in use:
        names = sorted(tags.found)
        found += [f"c {name}" for name in names]
        found += [f"c {a} {b}" for i, a in enumerate(names) for b in names[i + 1 :]]
        found += _context(reading)
    if "rules" in use:
        found += [f"r {kind}" for kind in ruled(reading)]
    return found


def _context(reading: Reading) -> list[str]:
    tags, found = reading.tags, []
    if reading.recent & _PROCESS:
        found += [f"q process {name}" for name in ("cause", "limit") if name in tags]
    if {"purpose", "tell"} <= reading.before:
        found += [f"q told {name}" for name in ("same", "tell") if name in tags]
    for part in sorted(reading.part):
        found += [f"s {part}", *(f"s {part} {name}" for name in _WITH_PART if name in tags)]
    return found
