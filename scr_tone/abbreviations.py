"""Whether a full stop belongs to an abbreviation or an initial, by the words on either side of it."""

from __future__ import annotations

import re
from functools import lru_cache

from scr_tone.lines import ENUMERATOR
from scr_tone.words import word_set

__all__ = ["OPEN", "abbreviates", "is_starter"]

#: What may open before the first word of a sentence.
OPEN = "\"'\u2018\u201c([{\u00ab"
_LOOK_BACK = 64
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]|[A-Z]")
_OPENING_TIME = re.compile(
    rf"[{re.escape(OPEN)}]*(?:on|at|by|from|around|about|approximately|circa|until|just|\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"(?:[\w/.:,\u2013-]*\s+){0,7}?(?:at\s+|around\s+|about\s+|approximately\s+)?\d{0,2}(?:[.:]\d\d)?\s?$",
    re.IGNORECASE,
)
_LETTER_NAME = re.compile(r"\b(Mr|Mrs|Ms|Miss|Dr)\s([A-Z])(?=['\u2019,;:)?]|\s[a-z])")


def is_starter(word: str) -> bool:
    """Whether a word is one that begins sentences ("The", "She", "However") rather than a name.

    Examples
    --------
    >>> is_starter("However,"), is_starter("Smith")
    (True, False)
    """
    core = word.strip("\"'\u2018\u2019\u201c\u201d([{)]}.,;:!?")
    for mark in ("\u2019", "'"):
        core = core.split(mark, 1)[0] if core.split(mark, 1)[0] in word_set("starters") else core
    return core in word_set("starters")


def abbreviates(
    text: str, sentence: int, match: re.Match[str], opened: str, before: str, word: str, first: str
) -> bool:
    """Whether the full stop belongs to an abbreviation or initial within a sentence that goes on."""
    core = opened.rsplit("/", 1)[-1].rsplit("\u2013", 1)[-1]
    folded = core.lower()
    if ")" in match["close"]:
        return False  # "(aged approx. 3 yrs.) The" ends outside
    if folded == "s" and first.isdigit():
        return True  # "S. 47 enquiries"
    if _INITIALS.fullmatch(core):
        return _initial(text, sentence, match.start() - len(before), core, word)
    if core.isupper() and len(core) > 1 and core.isalpha():
        return False  # an acronym carries no stop of its own in British use
    if folded in ("hon", "rt") and first.isupper():
        return True  # "my right hon. Friend"
    if folded in ("st", "gen", "gov") and is_starter(word):
        return False  # "they left High St. They moved"
    if folded in word_set("titles"):
        return not (core.islower() and len(core) > 2) and (first.isupper() or first in "[_X" or first.isdigit())
    if folded in word_set("numbered"):
        counted = first.isdigit() or (re.match(r"[(\[]?[ivxIVX\d]+\b", word) is not None and not is_starter(word))
        if folded == "no":
            return first.isdigit() and not (core == "no" and ENUMERATOR.match(text, match.end()) and word.endswith("."))
        if folded in ("app", "appx", "ann", "annex", "tab", "sch", "fig", "pt") and re.match(r"[A-Z]\b", word):
            return True  # "App. B"
        if folded in ("tel", "ref") and word.startswith("No."):
            return True
        return counted or (
            not is_starter(word) and folded in ("ref", "refs", "tel", "fig", "ext", "vol", "v", "approx", "ca")
        )
    if folded in word_set("months"):
        return first.isdigit() and (core[0].isupper()) and folded != "may"
    if folded in word_set("inner"):
        return True
    if folded in word_set("both"):
        if folded in ("a.m", "p.m", "am", "pm") or core[-1].isdigit():
            time = text[sentence : match.start() - len(before)]
            # "At 3 p.m. Mother left": a time that opens the sentence does not end it.
            return first.isdigit() or (len(time) < 60 and _OPENING_TIME.match(time) is not None)
        return (first.isdigit() and folded not in ("al", "ltd")) or not is_starter(word)
    if folded in word_set("units"):
        return first.isdigit() and folded not in ("etc", "ibid")
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core):
        return not is_starter(word)
    return (
        core.isdigit()
        and len(core) < 3
        and re.match(r"\d{1,2}\.\s?\d{4}\b", text[match.end() : match.end() + 12]) is not None
    )


@lru_cache(maxsize=1)
def _letter_names(text: str) -> frozenset[str]:
    """People who go by a letter in this text ("mr o", from "Mr O said"), so that "Mr O. Antenatal" can be told."""
    return frozenset(f"{title} {letter}".lower() for title, letter in _LETTER_NAME.findall(text))


def _initial(text: str, sentence: int, at: int, core: str, word: str) -> bool:
    """Whether a capital with a stop is an initial ("Mr. A. B. Smith") or ends the sentence ("seen by Child J. The")."""
    head = text[max(sentence, at - _LOOK_BACK) : at].rstrip()
    prior = head.rsplit(None, 1)[-1].lower() if head else ""
    if core == "I" and prior in ("and", "than", "as", "but", "or"):
        return False
    if "." in core and word[:1].isdigit():
        return True  # "P.C. 882"
    if text[at + len(core) + 1 :].lstrip()[:1] == "(":
        return True
    if is_starter(word) or word[:1].isdigit():
        return False
    bare = prior.strip("\"'\u2018\u2019\u201c\u201d([{)]}.,;:")
    anonymous = not prior.endswith(".") and (
        bare in word_set("designators") or f"{prior} {core.lower()}" in _letter_names(text)
    )
    return not (anonymous and not re.match(r"[A-Z]\.", word))
