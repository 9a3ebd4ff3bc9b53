"""The word patterns of the purpose profile: which concepts a sentence touches, and where.

A document may have 20,000 sentences, so a pattern is looked for only where its first word stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Literal, NamedTuple

__all__ = ["Lexicon", "Tags", "lexicon", "places_lexicon", "tokens_of", "word_list"]

#: Concepts of one row exclude each other where one match lies within another ("family liaison officer", "medication review").
_EXCLUSIVE = (
    ("practitioner", "family", "board", "panel", "reviewer", "bystander"),
    ("review", "other_review"),
    ("purpose", "other_purpose"),
    ("learn", "not_learn"),
    ("regulator", "inspection"),
)
_STRAIGHT = str.maketrans("‘’“”–—", "''\"\"--")
_NUMBER = re.compile(
    r"\W*(?:(?:[a-z]{0,2}\d+(?:\.\d+)*|[ivx]+|[a-z])[.):]|[a-z]?\d+(?:\.\d+)+|[a-z]?\d+(?=\s+[A-Z]))?\s+(?=\S)", re.I
)


def _token(letter: str) -> re.Pattern[str]:
    return re.compile(rf"{letter}+(?:-{letter}+|'(?!s\b){letter}+)*|(?<={letter})'s\b|\d+", re.IGNORECASE)


#: The second is for texts in plain ASCII, which it takes apart in half the time.
_TOKEN, _ASCII_TOKEN = _token(r"[^\W\d_]"), _token("[a-z]")
#: Concepts that a name does not show ("Safer Families Team", "Director of Learning").
_NOT_IN_NAMES = ("learn",)

_PLACES = "place"
_STOPS = frozenset(".!?;:,")
_REMEMBERED = 20_000

Span = tuple[int, int]


def tokens_of(sentence: str) -> list[str]:
    """Small letters, straight quotes, no punctuation, no paragraph number in front.

    Examples
    --------
    >>> tokens_of("1.4.2 The Board’s aim, it said: to learn.")
    ['the', 'board', "'s", 'aim', 'it', 'said', 'to', 'learn']
    """
    return _split(sentence.translate(_STRAIGHT).lower())


def _split(text: str) -> list[str]:
    number = _NUMBER.match(text)
    token = _ASCII_TOKEN if text.isascii() else _TOKEN
    return token.findall(text, number.end() if number else 0)


@dataclass(frozen=True, slots=True)
class Tags:
    """The concepts of one sentence.

    Attributes
    ----------
    tokens : list of str
    found : mapping of concept to list of (first, last)
        Places of the first and the last token of each match.
    ends : bool
        Whether it ends like a sentence, with a mark.
    """

    tokens: list[str]
    found: Mapping[str, list[Span]]
    ends: bool = True

    def __contains__(self, concept: str) -> bool:
        return concept in self.found

    def any(self, *concepts: str) -> bool:
        """Whether one of them occurs."""
        return any(concept in self.found for concept in concepts)

    def near(self, concept: str, other: str, before: int, after: int) -> bool:
        """Whether a match of `other` begins at most `before` tokens before, or `after` behind, one of `concept`."""
        return any(
            first - before <= at <= last + after
            for first, last in self.found.get(concept, ())
            for at, _ in self.found.get(other, ())
        )


class _Pattern(NamedTuple):
    """A pattern of several words: the number of its first part, and what follows that."""

    concept: str
    first: int
    follow: re.Pattern[str]


class _Word(NamedTuple):
    """What a token is: the parts of patterns that it is one of, its concepts, and the patterns to try where it stands.

    A pattern is its place in the lexicon's list, and the parts without which it cannot match.
    """

    parts: frozenset[int]
    concepts: tuple[str, ...]
    patterns: tuple[tuple[int, frozenset[int]], ...]


class Lexicon:
    """Concepts and their patterns.

    Parameters
    ----------
    groups : mapping of group to mapping of concept to patterns
        As in ``resources/purpose.json``.

    Examples
    --------
    >>> words = Lexicon({"what": {"tell": ["explain*", "set ~2 out"]}})
    >>> words.tag("The chair explained and set it all out").found
    {'tell': [(2, 2), (4, 7)]}
    """

    def __init__(self, groups: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self._numbers: dict[str, int] = {}
        self._words: dict[str, set[int]] = {}
        self._stems: dict[str, list[tuple[str, int]]] = {}
        self._concepts: dict[int, list[str]] = {}
        self._all: list[_Pattern] = []
        self._patterns: dict[int, list[tuple[int, frozenset[int]]]] = {}
        self._known: dict[str, _Word | Literal[False]] = {}
        for concepts in groups.values():
            for concept, patterns in concepts.items():
                for pattern in patterns:
                    self._add(concept, pattern)

    def _add(self, concept: str, pattern: str) -> None:
        first, *rest = pattern.split()
        number = self._number_of(first)
        if not rest:
            self._concepts.setdefault(number, []).append(concept)
            return
        follow = re.compile("".join(map(_part, rest)) + r"(?![^ ])")
        # It is tried only where the part stands that will be met least.
        words = [part for part in (first, *rest) if part != "_" and not part.startswith("~") and "+" not in part]
        rarest = self._number_of(max(words, key=_rarity))
        needs = frozenset(map(self._number_of, words))
        self._patterns.setdefault(rarest, []).append((len(self._all), needs))
        self._all.append(_Pattern(concept, number, follow))

    def _number_of(self, part: str) -> int:
        """A number for a part of a pattern, noted with every word that is one."""
        known = part in self._numbers
        number = self._numbers.setdefault(part, len(self._numbers))
        for word in () if known else part.split("|"):
            if word.endswith("*"):
                self._stems.setdefault(word[:2], []).append((word[:-1], number))
            else:
                self._words.setdefault(word, set()).add(number)
        return number

    def _look_up(self, token: str) -> _Word | None:
        """What a token is that is met for the first time; noted, as False if it is nothing."""
        parts = {number for stem, number in self._stems.get(token[:2], ()) if token.startswith(stem)}
        parts |= self._words.get(token, set())
        if len(self._known) >= _REMEMBERED:  # bounded: the words of a confidential text must not pile up
            self._known.clear()
        if not parts:
            self._known[token] = False
            return None
        found = self._known[token] = _Word(
            frozenset(parts),
            tuple(dict.fromkeys(concept for part in sorted(parts) for concept in self._concepts.get(part, ()))),
            tuple(pattern for part in sorted(parts) for pattern in self._patterns.get(part, ())),
        )
        return found

    def tag(self, sentence: str) -> Tags:
        """Find every concept of a sentence."""
        text = sentence.translate(_STRAIGHT)
        tokens = _split(text.lower())
        known, look_up = self._known.get, self._look_up
        words = [
            (index, word)
            for index, token in enumerate(tokens)
            if (word := known(token)) or (word is None and (word := look_up(token)))
        ]
        present = frozenset().union(*[word[0] for _, word in words])
        found: dict[str, list[Span]] = {}
        tried: set[int] = set()
        for index, (_, concepts, patterns) in words:
            for concept in concepts:
                if concept in found:
                    found[concept].append((index, index))
                else:
                    found[concept] = [(index, index)]
            for pattern, needs in patterns:
                if needs <= present:
                    tried.add(pattern)
        if tried:
            joined, lengths = " ".join(tokens), list(accumulate(map(len, tokens)))
            for pattern in sorted(tried):
                concept, first, follow = self._all[pattern]
                for index in [at for at, word in words if first in word[0]]:
                    match = follow.match(joined, lengths[index] + index)
                    if match is not None:
                        found.setdefault(concept, []).append((index, index + match[0].count(" ")))
        if any(concept in found for concept in _NOT_IN_NAMES) and not text.isupper():
            raw = _split(text)
            for concept in _NOT_IN_NAMES:
                found[concept] = [span for span in found.get(concept, ()) if not _in_name(raw, span[0])]
        return Tags(tokens, _longest(found), text.rstrip(" \"')]")[-1:] in _STOPS)


def _longest(found: dict[str, list[Span]]) -> dict[str, list[Span]]:
    for row in _EXCLUSIVE:
        names = [name for name in row if name in found]
        if len(names) > 1:
            spans = [span for name in names for span in found[name]]
            for name in names:
                found[name] = [one for one in found[name] if not any(_within(one, other) for other in spans)]
    return {name: places if len(places) == 1 else sorted(set(places)) for name, places in found.items() if places}


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and other != one


def _in_name(raw: list[str], index: int) -> bool:
    if not raw[index : index + 1] or not raw[index][:1].isupper():
        return False
    beside = [raw[at][:1].isupper() for at in (index - 1, index + 1) if 0 <= at < len(raw)]
    return any(beside) if index else all(beside)


def _rarity(part: str) -> float:
    """How seldom a part will be met, by the length of its shortest word: short words are common ones."""
    return min(len(word) for word in part.split("|"))


def _part(token: str) -> str:
    if token.startswith("~"):
        return rf"(?: [^ ]+){{0,{int(token[1:])}}}?"
    if token == "_":
        return " [^ ]+"
    words = (
        re.escape(word.rstrip("*")).replace(r"\+", " ") + ("[^ ]*" if word.endswith("*") else "")
        for word in token.split("|")
    )
    return f" (?:{'|'.join(words)})"


@cache
def _groups() -> dict[str, dict[str, Any]]:
    raw = json.loads(files("scr_tone").joinpath("resources/purpose.json").read_text(encoding="utf-8"))
    return {name: group for name, group in raw.items() if name != "about"}


def word_list(name: str) -> frozenset[str]:
    """A packaged list of plain words."""
    return frozenset(_groups()["words"][name].split())


@cache
def lexicon() -> Lexicon:
    """The packaged patterns for sentences, read once."""
    return Lexicon({name: group for name, group in _groups().items() if name not in ("words", _PLACES)})


@cache
def places_lexicon() -> Lexicon:
    """The packaged patterns for headings."""
    return Lexicon({_PLACES: _groups()[_PLACES], "what": {"guidance": _groups()["what"]["guidance"]}})
