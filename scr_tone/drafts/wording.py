"""What of a sentence counts as its wording when two drafts are compared, and which words were changed.

The printed paragraph number, capitals, quotation marks, dashes, hyphens and spaces are typography: two sentences that
differ in nothing else are one sentence, also when one comes from a PDF and the other from Word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from scr_tone.lines import ENUMERATOR

__all__ = ["Piece", "body_start", "changes", "key", "words"]

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[?!%\u00a3$\u20ac&+=<>]")
_PIECE = re.compile(r"\s+|\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['\u2019\u2010\u2011-][^\W\d_]+)*|.", re.DOTALL)
# A number that only says where another paragraph stands; it changes when paragraphs are put in.
_REFERENCE = re.compile(r"(?<=\bparagraph )\d+(?:\.\d+)+|(?<=\bparagraphs )\d+(?:\.\d+)+|(?<=\bpara )\d+(?:\.\d+)+")
_BARE_NUMBER = re.compile(r"\d{1,3}\s*\Z")
_DASHES = str.maketrans("\u2018\u2019\u201b\u2032\u201c\u201d\u2033\u2010\u2011\u2012\u2013\u2014", "''''\"\"\"-----")
# So few letters between two changes say nothing by themselves ("the", "of it"); the changes are shown as one.
_ISLAND_LETTERS = 4

Op = Literal["equal", "delete", "insert"]


class Piece(NamedTuple):
    """A stretch of a changed sentence: ``op`` is "equal", "delete" or "insert"."""

    op: Op
    text: str


def body_start(text: str, number: str | None = None) -> int:
    """Where a sentence begins behind its printed number or list mark.

    Parameters
    ----------
    text : str
    number : str, optional
        The mark that the reader of the document found.

    Examples
    --------
    >>> body_start("4.12 The nurse rang.", "4.12"), body_start("3 visits were made.")
    (5, 0)
    """
    mark = ENUMERATOR.match(text)
    if mark is None or mark.end() == len(text):
        return 0
    if number is not None and mark.group().strip() == number.strip():
        return mark.end()
    if _BARE_NUMBER.match(mark.group()):  # "3 visits were made."
        return 0
    dotted = mark.group()[0].isdigit()  # "2.5 mg was given" keeps its dose
    return 0 if dotted and not text[mark.end()].isupper() else mark.end()


def words(text: str, number: str | None = None) -> list[str]:
    """The words of a sentence without its typography.

    Examples
    --------
    >>> words("(b) The well-known \u2018plan\u2019 failed.")
    ['the', 'well', 'known', 'plan', 'failed']
    """
    body = unicodedata.normalize("NFKC", text[body_start(text, number) :]).casefold().translate(_DASHES)
    return _WORD.findall(_REFERENCE.sub("\u00b6", body))


def key(found: Iterable[str]) -> str:
    """What two sentences have in common that are the same but for typography; hyphens and spaces play no part.

    Examples
    --------
    >>> key(words("4.12 The co-operation ended.", "4.12")) == key(words("The cooperation ended"))
    True
    """
    return "".join(found)


def changes(old: str, new: str) -> list[Piece]:
    """What was struck out of `old` and put in to make `new`, word by word.

    Parameters
    ----------
    old, new : str
        Without their printed numbers.

    Returns
    -------
    list of Piece
        The equal and inserted pieces together are `new`; the equal and deleted ones are `old`, save for typography.

    Examples
    --------
    >>> [tuple(piece) for piece in changes("The nurse failed to ring.", "The nurse could not ring.")]
    [('equal', 'The nurse '), ('delete', 'failed to'), ('insert', 'could not'), ('equal', ' ring.')]
    """
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    codes = Indel.opcodes(*_numbered(before, after))
    raw: list[tuple[bool, list[str], list[str]]] = []
    for code in codes:
        here = before[code.src_start : code.src_end]
        there = after[code.dest_start : code.dest_end]
        same = code.tag == "equal"
        if raw and raw[-1][0] == same:
            raw[-1][1].extend(here)
            raw[-1][2].extend(there)
        else:
            raw.append((same, list(here), list(there)))
    return list(_pieces(_without_islands(raw)))


def _numbered(*sequences: Sequence[str]) -> list[list[int]]:
    """Tokens as numbers, the same for tokens that differ in typography only."""
    known: dict[str, int] = {}
    return [
        [
            known.setdefault(" " if token.isspace() else token.casefold().translate(_DASHES), len(known))
            for token in line
        ]
        for line in sequences
    ]


def _without_islands(runs: list[tuple[bool, list[str], list[str]]]) -> list[tuple[bool, list[str], list[str]]]:
    """Join changes with nothing of weight between them; a change that is typed over reads better in one piece."""
    made: list[tuple[bool, list[str], list[str]]] = []
    for index, (same, here, there) in enumerate(runs):
        inside = 0 < index < len(runs) - 1
        island = same and inside and sum(c.isalnum() for token in there for c in token) < _ISLAND_LETTERS
        if made and not made[-1][0] and (island or not same):
            made[-1][1].extend(here)
            made[-1][2].extend(there)
        else:
            made.append((same, list(here), list(there)))
    return made


def _pieces(runs: list[tuple[bool, list[str], list[str]]]) -> Iterator[Piece]:
    for same, here, there in runs:
        if same:
            yield Piece("equal", "".join(there))
            continue
        before, after = "".join(here), "".join(there)
        # White space that both share stays outside, so that no mark begins or ends with it.
        head = len(after) - len(after.lstrip()) if before[:1].isspace() and after[:1].isspace() else 0
        tail = bool(before[-1:].isspace() and after[-1:].isspace() and before.strip() and after.strip())
        if head:
            yield Piece("equal", after[:head])
            before, after = before.lstrip(), after[head:]
        end = after[len(after.rstrip()) :] if tail else ""
        before, after = (before.rstrip(), after.rstrip()) if tail else (before, after)
        if before:
            yield Piece("delete", before)
        if after:
            yield Piece("insert", after)
        if end:
            yield Piece("equal", end)
