"""What the sentence model of the purpose profile sees: words, pairs of words, concepts, pairs of concepts, and the rules."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations, pairwise

from scr_tone.purpose.lexicon import word_list
from scr_tone.purpose.places import is_heading
from scr_tone.purpose.rules import PARTIES, PROCESSES, Reading, ruled, tied

__all__ = ["KINDS_OF_FEATURE", "Feature", "features_of", "worth_reading"]

Feature = str | tuple[str, str]

#: Features by kind, so that what each adds can be measured.
KINDS_OF_FEATURE = ("words", "concepts", "rules")

_PROCESS = frozenset((*PROCESSES, "answer"))
_WITH_PART = ("learn", "frame", "tell", "purpose", "cause", "limit", "contact", "review")
_REVIEW = frozenset(("review", "reviewer", "event", "panel", "board", "purpose"))
_PARTY = frozenset(PARTIES)
_MEETING = frozenset(("tell", "contact", "event"))
_BEFORE = frozenset(("review", "purpose"))
_DOING = frozenset(("tell", "contact", "event", "learn", "fault", "contrary", "frame", "disclaim"))
_SHORT = 4  # tokens
_COMMON = word_list("common")


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
    if "limit" in found and reading.recent & _PROCESS and tied(reading.tags):
        return True
    if found & _PARTY:
        if "reviewer" in found and found & _MEETING:
            return True
        if "tell" in reading.before and "purpose" in reading.recent and found & {"same", "tell"}:
            return True
    about = found & _REVIEW or reading.before & _BEFORE or "aims_heading" in reading.part
    return bool(about) and bool(found & _DOING)


def features_of(
    reading: Reading, use: Collection[str] = KINDS_OF_FEATURE, kinds: Collection[str] | None = None
) -> list[Feature]:
    """The features of a sentence: a word, a pair of words, or a concept or pair of concepts, which have a mark in front.

    Parameters
    ----------
    reading : Reading
    use : collection of str
        Which of `KINDS_OF_FEATURE`.
    kinds : collection of str, optional
        What the rules see in it, where that is known already.

    Examples
    --------
    >>> from scr_tone.purpose.lexicon import lexicon
    >>> features_of(Reading(lexicon().tag("Learn from it")), ["words"])
    ['learn', ('learn', 'from'), ('from', 'it')]
    """
    tags = reading.tags
    found: list[Feature] = []
    if "words" in use:
        words = ["0" if token.isdigit() else token for token in tags.tokens]
        found += [word for word in dict.fromkeys(words) if word not in _COMMON]
        found += dict.fromkeys(pairwise(words))
    if "concepts" in use:
        names = ["#" + name for name in sorted(tags.found)]
        found += names
        found += combinations(names, 2)
        found += _context(reading)
    if "rules" in use:
        found += ["=" + kind for kind in (ruled(reading) if kinds is None else kinds)]
    return found


def _context(reading: Reading) -> list[Feature]:
    tags = reading.tags
    found: list[Feature] = []
    if reading.recent & _PROCESS:
        found += [("<process", name) for name in ("cause", "limit") if name in tags]
    if {"purpose", "tell"} <= reading.before:
        found += [("<told", name) for name in ("same", "tell") if name in tags]
    for part in sorted(reading.part):
        found += [f">{part}", *((f">{part}", name) for name in _WITH_PART if name in tags)]
    return found
