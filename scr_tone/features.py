"""Word and character n-grams of a sentence: strings in, weighted feature indices out.

One extractor serves training, scoring and explaining, so the three cannot drift apart. It needs nothing but numpy at
run time; `scr_tone.classifier.NgramVectorizer` gives it scikit-learn's interface.

Before n-grams are taken the text is folded: lower case, straight quotes, digits as ``0``, no list mark in front, dates as
``<date>``, every run of proper names as one ``<name>``, Mr, Mrs and Ms as ``<title>``. A sentence must not change its
label with the typeface, the day, the paragraph number, or who it is about. A capitalised word is a name unless the
training data knows it in lower case or it is a well-known institution: "Trust" and "Ofsted" stay what they are, and
"Amina Yusuf" and "Child J" become ``<name>`` and "child ``<name>``".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scr_tone.lines import ENUMERATOR
from scr_tone.words import word_set

__all__ = ["NAME", "NgramFeatures", "Row", "Token", "common_words", "tokens"]

_TOKEN = re.compile(r"\[?REDACTED\]?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[^\w\s]")
_FOLD = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2010\u2011", "''\"\"----")
NAME, _DATE, _TITLE = "<name>", "<date>", "<title>"
_CACHE_LIMIT = 200_000


class Token(NamedTuple):
    """A folded word, number or sign, and where it stands in the sentence."""

    text: str
    start: int
    end: int


class Row(NamedTuple):
    """One sentence as a sparse vector of unit length per block: indices (int64) and weights (float32)."""

    indices: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]


def tokens(sentence: str, common: Set[str] | None = None) -> list[Token]:
    """Folded tokens of `sentence`, without the list mark in front.

    Parameters
    ----------
    sentence : str
    common : set of str, optional
        Words that are no names, in lower case; without it no name is folded.

    Examples
    --------
    >>> known = {"the", "nurse", "ring", "on"}
    >>> [token.text for token in tokens("4.12 The nurse didn\u2019t ring Amina Yusuf on 3 May.", known)]
    ['the', 'nurse', "didn't", 'ring', '<name>', 'on', '0', '<date>', '.']
    """
    mark = ENUMERATOR.match(sentence)
    begin = mark.end() if mark and mark.end() < len(sentence) else 0
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence, begin):
        word = match.group()
        folded = word.lower().translate(_FOLD)
        if word[0].isdigit():
            folded = "0"
        elif common is not None and word[0].isupper():
            folded = _capitalised(word, folded, common)
            if folded == NAME and (first := _name_before(found, match.start())) is not None:
                found[first:] = [Token(NAME, found[first].start, match.end())]
                continue
        found.append(Token(folded, match.start(), match.end()))
    return found


def _name_before(found: Sequence[Token], start: int) -> int | None:
    """Index of the name that a name at `start` goes on, directly or behind a hyphen ("Lacey-Mae"), or None."""
    if found and found[-1].text == NAME:
        return len(found) - 1
    hyphened = len(found) > 1 and found[-1].text == "-" and found[-2].text == NAME
    return len(found) - 2 if hyphened and found[-1].end == start and found[-2].end == found[-1].start else None


def _capitalised(word: str, folded: str, common: Set[str]) -> str:
    """Fold of a word that begins with a capital: itself, a name or a date."""
    if folded in word_set("dates"):  # "May the review ..." is not how reports ask
        return _DATE
    if folded in word_set("courtesy"):
        return _TITLE  # the same for all, as the label must not hang on somebody's sex or marriage
    bare = folded.removesuffix("'s")
    if len(word) == 1:
        return folded if word in "AI" else NAME
    if word.isupper() or folded in common or bare in common or bare in word_set("institutions") or folded[:2] == "i'":
        return folded
    return NAME


def common_words(sentences: Iterable[str], *, least: int = 2) -> frozenset[str]:
    """Words that occur in lower case in at least `least` of the sentences; other capitalised words are names."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update({word.translate(_FOLD) for word in _TOKEN.findall(sentence) if word[0].islower()})
    return frozenset(word for word, count in counts.items() if count >= least)


@dataclass
class NgramFeatures:
    """Vocabulary of n-grams with inverse document frequencies.

    Parameters
    ----------
    word_range : (int, int)
        Shortest and longest word n-gram.
    char_range : (int, int)
        Shortest and longest character n-gram, taken inside words with a blank at both ends.
    min_count : int
        Sentences that an n-gram must occur in.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        N-grams and their columns. Word n-grams are joined by blanks, character n-grams start with a tab.
    idf_ : ndarray of float32, shape (n_features,)
        Smoothed inverse document frequency, as in Manning, Raghavan and Schuetze (2008), ch. 6.
    common_ : frozenset of str
        Words that are no names.
    """

    word_range: tuple[int, int] = (1, 3)
    char_range: tuple[int, int] = (3, 5)
    min_count: int = 3
    vocabulary_: dict[str, int] = field(default_factory=dict, repr=False)
    idf_: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32), repr=False)
    common_: frozenset[str] = field(default_factory=frozenset, repr=False)
    _cache: dict[str, list[int]] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Without what is only remembered."""
        return self.__dict__ | {"_cache": {}}

    def fit(self, sentences: Iterable[str]) -> NgramFeatures:
        """Learn the vocabulary of `sentences`."""
        sentences = list(sentences)
        self.common_ = common_words(sentences)
        counts: Counter[str] = Counter()
        total = 0
        for sentence in sentences:
            total += 1
            words = [token.text for token in tokens(sentence, self.common_)]
            grams = set(self._word_grams(words))
            for word in set(words):
                grams.update(self._char_grams(word))
            counts.update(grams)
        kept = sorted(gram for gram, count in counts.items() if count >= self.min_count)
        self.vocabulary_ = {gram: column for column, gram in enumerate(kept)}
        self.idf_ = np.array([1 + math.log((1 + total) / (1 + counts[gram])) for gram in kept], dtype=np.float32)
        self._cache = {}
        return self

    def row(self, sentence: str) -> Row:
        """The sentence as a sparse vector; the word block and the character block each have unit length."""
        words = [token.text for token in tokens(sentence, self.common_)]
        lookup = self.vocabulary_.get
        blocks = [
            [column for gram in self._word_grams(words) if (column := lookup(gram)) is not None],
            [column for word in words for column in self._char_columns(word)],
        ]
        indices, weights = [], []
        for block in blocks:
            counts = Counter(block)
            columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
            values = np.log1p(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) * self.idf_[columns]
            norm = float(np.sqrt(values @ values)) or 1.0
            indices.append(columns)
            weights.append((values / norm).astype(np.float32))
        return Row(np.concatenate(indices), np.concatenate(weights))

    def places(self, sentence: str) -> list[tuple[int, int, int]]:
        """Every occurrence of a known n-gram: (column, start, end) with offsets into `sentence`."""
        found = []
        words = tokens(sentence, self.common_)
        lookup = self.vocabulary_.get
        low, high = self.word_range
        for size in range(low, high + 1):
            for at in range(len(words) - size + 1):
                column = lookup(" ".join(token.text for token in words[at : at + size]))
                if column is not None:
                    found.append((column, words[at].start, words[at + size - 1].end))
        for token in words:
            found.extend((column, token.start, token.end) for column in self._char_columns(token.text))
        return found

    def _word_grams(self, words: Sequence[str]) -> list[str]:
        low, high = self.word_range
        grams = list(words) if low == 1 else []
        for size in range(max(2, low), high + 1):
            grams.extend(map(" ".join, zip(*(words[offset:] for offset in range(size)), strict=False)))
        return grams

    def _char_grams(self, word: str) -> list[str]:
        if not word[0].isalpha():
            return []
        padded = f" {word} "
        low, high = self.char_range
        return ["\t" + padded[at : at + size] for size in range(low, high + 1) for at in range(len(padded) - size + 1)]

    def _char_columns(self, word: str) -> list[int]:
        columns = self._cache.get(word)
        if columns is None:
            lookup = self.vocabulary_.get
            columns = [column for gram in self._char_grams(word) if (column := lookup(gram)) is not None]
            if len(self._cache) < _CACHE_LIMIT and len(word) < 40:
                self._cache[word] = columns
        return columns
