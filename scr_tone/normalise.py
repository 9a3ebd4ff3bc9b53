"""A sentence as the encoder reads it: who, when and in which typeface it is, taken out of play.

The label of a sentence must not hang on somebody's name, on a date, on a paragraph number, or on whether the author
writes "organised" or "organized". What `scr_tone.features.tokens` takes for a name becomes one and the same name here,
dates become one date, courtesy titles one title, American spelling British. The encoder is trained on sentences in this
form, so that at run time two sentences that differ in nothing else are the same sentence to it.

One difference from the n-grams: a capitalised word that opens a sentence ("Lamentably", "Inconsistency") is only taken for
a name if something says so, because there the word may be the judgement itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Set
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scr_tone.features import NAME, Token, tokens

__all__ = ["Normalised", "Piece", "known_names", "normalise"]

_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_SIGNS = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2010\u2011\u2026", "''\"\"----.")
_IZE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|es|ed|er|ers|ing|ation|ations|ational|able)\Z)")
_OPENERS = frozenset("\"'([:.!?;-*\u2022")
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})


class Piece(NamedTuple):
    """A stretch of the normalised text and the stretch of the sentence that it stands for."""

    start: int
    end: int
    source_start: int
    source_end: int


class Normalised(NamedTuple):
    """What the encoder reads, and where each piece of it comes from."""

    text: str
    pieces: tuple[Piece, ...]


def normalise(sentence: str, common: Set[str], names: Set[str] = frozenset()) -> Normalised:
    """The sentence without its accidents.

    Parameters
    ----------
    sentence : str
    common : set of str
        Words that are no names, in lower case (`scr_tone.features.common_words`).
    names : set of str
        Words that are names even where they open a sentence, in lower case (`known_names`).

    Examples
    --------
    >>> known = {"the", "nurse", "told", "on", "to", "apologise"}
    >>> normalise("4.2 On 9 May 2011 Amina Yusuf\u2019s nurse told Mr Khan to apologize.", known).text
    "On 3 March 2015 Smith's nurse told Ms Smith to apologise."
    """
    found = tokens(sentence, common)
    parts: list[str] = []
    pieces: list[Piece] = []
    length, last = 0, found[0].start if found else 0
    for index, token in enumerate(found):
        if token.start > last:
            parts.append(" ")
            length += 1
        text = _written(sentence, found, index, names)
        parts.append(text)
        pieces.append(Piece(length, length + len(text), token.start, token.end))
        length += len(text)
        last = token.end
    return Normalised("".join(parts), tuple(pieces))


def known_names(sentences: Iterable[str], common: Set[str]) -> frozenset[str]:
    """Single words that stand in the midst of some sentence as a name; such a word is a name at its beginning too."""
    found: set[str] = set()
    for sentence in sentences:
        words = tokens(sentence, common)
        for index, token in enumerate(words):
            if token.text == NAME and not _opens(sentence, words, index):
                found.update(_bare(word) for word in sentence[token.start : token.end].split())
    return frozenset(word for word in found if len(word) > 1)


def _bare(word: str) -> str:
    return word.lower().translate(_SIGNS).removesuffix("'s")


def _opens(sentence: str, found: list[Token], index: int) -> bool:
    return index == 0 or found[index - 1].text[-1] in _OPENERS


def _written(sentence: str, found: list[Token], index: int, names: Set[str]) -> str:
    """How one token is written for the encoder."""
    token = found[index]
    source = sentence[token.start : token.end].translate(_SIGNS)
    if token.text == NAME:
        single = " " not in source and not source.lower().endswith("'s") and len(source) > 1
        if single and _opens(sentence, found, index) and source.lower() not in names:
            return british(source)
        return "Smith's" if source.lower().endswith("'s") else "Smith"
    if token.text == "<date>":
        return "Monday" if source.lower() in _DAYS else "March"
    if token.text == "<title>":
        return "Ms"
    if token.text == "0":
        if _YEAR.match(source):
            return "2015"
        near = [found[at].text for at in (index - 1, index + 1, index + 2) if 0 <= at < len(found)]
        if "<date>" in near[:2] or ("/" in source and source.count("/") == 2):
            return "3/3/2015" if "/" in source else "3"
        return source
    return british(source)


@cache
def _spelling() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    raw = json.loads(files("scr_tone").joinpath("resources/spelling.json").read_text(encoding="utf-8"))
    stems = dict(pair.split(":") for pair in raw["stems"].split())
    longest = sorted(stems, key=lambda stem: (-len(stem), stem))
    return re.compile(f"(?:{'|'.join(longest)})"), stems, frozenset(raw["kept"].split())


def british(word: str) -> str:
    """British spelling of a single word.

    Examples
    --------
    >>> british("Organized"), british("behaviors"), british("seized")
    ('Organised', 'behaviours', 'seized')
    """
    if len(word) < 4 or not word.isascii():
        return word
    pattern, stems, kept = _spelling()
    lower = word.lower()
    if lower in kept:
        return word
    match = pattern.match(lower)
    if match and not lower.startswith(stems[match.group()]):
        changed = stems[match.group()] + lower[match.end() :]
    else:
        changed = _IZE.sub("is", lower)
    if changed == lower:
        return word
    if word.isupper():
        return changed.upper()
    return changed.capitalize() if word[0].isupper() else changed
