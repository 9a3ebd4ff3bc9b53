"""The word patterns of the purpose profile: which concepts a sentence touches, and where.

A document may have 20,000 sentences, so a pattern is looked for only where its first word stands.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Lexicon", "Tags", "lexicon", "tokens_of"]

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
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(rf"(?<={_LETTER})'s\b|{_LETTER}+(?:-{_LETTER}+|'(?!s\b){_LETTER}+)*|\d+", re.IGNORECASE)
#: Concepts that a name does not show ("Safer Families Team", "Director of Learning").
_NOT_IN_NAMES = ("learn",)

_REMEMBERED = 5_000

Span = tuple[int, int]


def tokens_of(sentence: str) -> list[str]:
    """Small letters, straight quotes, no punctuation, no paragraph number in front.

    Examples
    --------
    >>> tokens_of("1.4.2 The Board’s aim, it said: to learn.")
    ['the', 'board', "'s", 'aim', 'it', 'said', 'to', 'learn']
    """
    return [token.lower() for token in _raw_tokens(sentence)]


def _raw_tokens(sentence: str) -> list[str]:
    text = sentence.translate(_STRAIGHT)
    number = _NUMBER.match(text)
    return _TOKEN.findall(text, number.end() if number else 0)


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
        self._exact: dict[str, list[tuple[str, re.Pattern[str] | None]]] = {}
        self._prefix: dict[str, list[tuple[str, str, re.Pattern[str] | None]]] = {}
        self._known: dict[str, tuple[tuple[str, re.Pattern[str] | None], ...]] = {}
        for concepts in groups.values():
            for concept, patterns in concepts.items():
                for pattern in patterns:
                    self._add(concept, pattern)

    def _add(self, concept: str, pattern: str) -> None:
        first, *rest = pattern.split()
        follow = re.compile("".join(map(_part, rest)) + r"(?![^ ])") if rest else None
        for word in first.split("|"):
            if word.endswith("*"):
                self._prefix.setdefault(word[:2], []).append((word[:-1], concept, follow))
            else:
                self._exact.setdefault(word, []).append((concept, follow))

    def _begins(self, token: str) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
        found = self._known.get(token)
        if found is None:
            stems = [(c, p) for stem, c, p in self._prefix.get(token[:2], ()) if token.startswith(stem)]
            found = (*self._exact.get(token, ()), *stems)
            if found and len(self._known) < _REMEMBERED:  # bounded: words of a confidential text must not pile up
                self._known[token] = found
        return found

    def tag(self, sentence: str) -> Tags:
        """Find every concept of a sentence."""
        raw = _raw_tokens(sentence)
        tokens = [token.lower() for token in raw]
        joined, starts, at = " ".join(tokens), [], 0
        for token in tokens:
            starts.append(at)
            at += len(token) + 1
        found: dict[str, list[Span]] = {}
        for index, token in enumerate(tokens):
            for concept, follow in self._begins(token):
                last = index
                if follow is not None:
                    match = follow.match(joined, starts[index] + len(token))
                    if match is None:
                        continue
                    last = bisect_right(starts, match.end() - 1) - 1
                found.setdefault(concept, []).append((index, last))
        for concept in _NOT_IN_NAMES:
            if concept in found:
                found[concept] = [span for span in found[concept] if not _in_name(raw, span[0])]
        return Tags(tokens, _longest(found), sentence.rstrip(" \"'’”)]")[-1:] in tuple(".!?;:,"))


def _longest(found: dict[str, list[Span]]) -> dict[str, list[Span]]:
    for row in _EXCLUSIVE:
        names = [name for name in row if name in found]
        if len(names) > 1:
            spans = [span for name in names for span in found[name]]
            for name in names:
                found[name] = [one for one in found[name] if not any(_within(one, other) for other in spans)]
    return {name: sorted(set(places)) for name, places in found.items() if places}


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and other != one


def _in_name(raw: list[str], index: int) -> bool:
    if not raw[index][:1].isupper():
        return False
    beside = [raw[at][:1].isupper() for at in (index - 1, index + 1) if 0 <= at < len(raw)]
    return any(beside) if index else all(beside)


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
def lexicon() -> Lexicon:
    """The packaged patterns, read once."""
    raw = json.loads(files("scr_tone").joinpath("resources/purpose.json").read_text(encoding="utf-8"))
    return Lexicon({name: group for name, group in raw.items() if name != "about" and isinstance(group, dict)})
