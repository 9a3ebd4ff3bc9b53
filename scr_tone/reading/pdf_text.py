"""What characters and tokens of a PDF mean, whatever their place on the page: marks, bullets, ligatures, hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import takewhile

from scr_tone.reading.tidy import tidy

__all__ = [
    "BULLETS",
    "HYPHEN",
    "Vocabulary",
    "clean",
    "is_garbage",
    "is_mark",
    "join",
    "leader",
    "mark_at",
    "seam_of",
    "vocabulary",
]

HYPHEN = "\ufffe"
"""Put by PDFium at a line end in place of the hyphen, whichever that was; kept until lines are joined."""

BULLETS = frozenset(
    "\u2022\u2023\u2043\u2219\u00b7\u25a0\u25a1\u25aa\u25ab\u25b6\u25ba\u25b8\u25c6\u25c7\u25cb\u25cf\u25d8\u25e6"
    "\u2605\u2666\u2713\u2714\u2756\u2794\u279c\u27a2\u27a4\u204c\u204d\u2610\u2611\u2612\u274f\u2751"
    "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06f\uf02d\uf0e0\uf0be\uf097\uf09f\uf0b0\uf071\uf072\uf06e"
)
# A letter or a stroke may stand for a bullet, but only where a line starts with it.
_STROKES = frozenset({"o", "-", "\u2013", "\u2014", "*", "\u00a7", "\uf0d2"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONG = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,4}\.?$")
_LIST = re.compile(r"(?:\((?:\d{1,3}|[A-Za-z]|[ivxlc]{1,6})\)|(?:\d{1,3}|[a-zA-Z]|[ivxlc]{1,6})[.)])$")
_DATE = re.compile(r"(?:0\d\.\d\d?|\d\d?\.0\d)\.\d\d$")
_CLOCK = re.compile(r"(?:am|pm|a\.m|p\.m|hours|hrs|hr|h|%|per|million|billion|stone|kg|years|weeks)\b", re.IGNORECASE)

_PAGE = re.compile(r"(?<!\w)(?:\d{1,4}|[ivxlc]{1,7})$")
_DOTS = ".\u00b7\u2026_\u2024"

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
     "\u2010": "-", HYPHEN: "-", "\x02": "-"}
)  # fmt: skip
# Surrogate, private use, unassigned and control characters print nothing a reader could use.
_NOTHING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_NOTE_SIGNS = re.compile(
    r"(?:(?<=[a-z]{3})|(?<=[.,;:?!)\u2019\u201d\"']))[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+(?=$|\W)"
)

# Compounds that English keeps a hyphen in; what fits none of these is taken for a word cut in two.
_ALWAYS_HEADS = re.compile(r"(?:self|well|multi|non)$")
_HEADS = _words(
    "after all anti best case child co cross day decision doctor face father fact family far first follow four full"
    " half hard high ill inter key know left life long low mental mid mother near new old one part peer police policy"
    " post pre problem quality rapid risk second semi senior short single six so social third three time trauma twenty"
    " two victim whole wide young"
)
_TAILS = _words(
    "aged agency and based being born by called care centred depth disciplinary down driven extended faced focused for"
    " free harm hour informed law led level making minded month needed off old on out of partner person professional"
    " related road running sex sleeping specific taking term the through to up ups wide week work year"
)
_PAIRS = _words(
    "in-depth in-house on-call on-site off-site out-of up-to no-one one-off one-to re-offending re-referral re-referred"
    " co-operate co-operated co-operation co-operative co-ordinate co-ordinated co-ordination co-ordinator ex-partner"
    " ex-husband ex-wife ex-boyfriend ex-girlfriend under-reporting under-fives under-reported over-optimistic"
    " over-reliance drop-in lead-in sign-off stand-alone hand-over"
)
_ENOUGH_LINES, _CUTTING = 150, 0.02  # lines, and share of them that ends in a hyphen where words are cut
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")


def clean(text: str) -> str:
    """Expand ligatures and drop what does not print; spaces become single plain ones."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _NOTE_SIGNS.sub("", tidy(text.translate(_LIGATURES)))
    return unicodedata.normalize("NFC", "".join(char for char in text if char == " " or char.isprintable()))


def is_garbage(char: str) -> bool:
    """Tell whether a character can only stem from a font without a usable table of its letters."""
    if char in BULLETS or char in "\t\r\n\x02\ufffe\u00ad":
        return False
    return char == "\ufffd" or (unicodedata.category(char) in _NOTHING and char not in "\u200b\u200c\u200d\ufeff")


def is_mark(token: str) -> bool:
    """Tell whether a token looks like a paragraph number, a list mark or a bullet."""
    return token in BULLETS or token in _STROKES or bool(_LONG.match(token) or _LIST.match(token))


def mark_at(first: str, rest: str, *, tab: bool) -> str | None:
    """Name the mark a line begins with, or None.

    Parameters
    ----------
    first : str
        First token of the line.
    rest : str
        What follows it.
    tab : bool
        Whether the gap between them is wider than a space between words.

    Returns
    -------
    str or None
        "\u2022" for any bullet, else the number or letter as printed.
    """
    if first in BULLETS or (first in _STROKES and (tab or first in "o\u00a7" or not rest[:1].islower())):
        return "\u2022" if rest else None
    if _LONG.match(first):
        if _DATE.match(first) or (not tab and (rest[:1].islower() or _CLOCK.match(rest))):
            return None
        return first
    if _LIST.match(first):
        # "A. Smith" and "I. Jones" are people unless the mark stands off.
        bare_capital = len(first) == 2 and first[0].isupper() and first[1] == "."
        # "(a) of the Act" goes on with a sentence that was broken before it; that is for the caller to see.
        return None if bare_capital and not tab else first
    if tab and first.isdecimal() and len(first) <= 3 and rest[:1].isupper():
        return first
    return None


class Vocabulary(Counter[str]):
    """Words and hyphenated compounds of a document with their counts.

    Attributes
    ----------
    cuts : bool
        Whether the document may cut words at line ends. Most word processors are set not to, and then a hyphen
        there is one that the author typed.
    """

    cuts: bool = True


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """Count the words and hyphenated compounds that stand whole in lines of text."""
    seen = Vocabulary()
    lines = hyphens = 0
    for text in texts:
        cut = text.endswith((HYPHEN, "-"))
        seen.update(_WORD.findall((text[:-1].rpartition(" ")[0] if cut else text).lower()))
        lines += 1
        hyphens += cut
    seen.cuts = lines < _ENOUGH_LINES or hyphens > _CUTTING * lines
    return seen


def leader(text: str) -> tuple[str, str] | None:
    """Divide a line of contents at its dot leader into title and page number; None for any other line.

    Examples
    --------
    >>> leader("4.1 Findings ........ 12")
    ('4.1 Findings', '12')
    """
    match = _PAGE.search(text[-8:])
    if not match:
        return None
    page = match.group()
    head = text[: -len(page)].rstrip()
    title = head.rstrip(_DOTS + " ")
    dots = head[len(title) :]
    enough = sum(char in _DOTS for char in dots) > 3 or dots.count("\u2026") > 1
    return (title, page) if enough else None


def join(left: str, right: str, words: Vocabulary) -> str:
    """Join two lines of one paragraph, mending a word that was cut at the line end.

    Parameters
    ----------
    left, right : str
        The lines.
    words : Vocabulary
        What `vocabulary` found in the document.

    Examples
    --------
    >>> join("kept up the safe-", "guarding work", Vocabulary())
    'kept up the safeguarding work'
    >>> join("a multi-", "agency meeting", Vocabulary())
    'a multi-agency meeting'
    """
    kept, seam = seam_of(left, right, words)
    return kept + seam + right


def seam_of(left: str, right: str, words: Vocabulary) -> tuple[str, str]:
    """Tell what of the left line to keep and what to put between the lines: a space, a hyphen, or nothing."""
    if not left or not right:
        return left, ""
    if left[-1] not in (HYPHEN, "-", "\u00ad"):
        last = left.rpartition(" ")[2]
        return left, "" if last.endswith("/") and ("://" in last or "www." in last) else " "
    stem = left[:-1]
    if not stem or stem[-1] == " ":
        return stem + "-", " "
    head, tail = _letters(stem[::-1])[::-1], _letters(right)
    if not head or not tail or tail[0].isupper() or head.isupper():
        return stem, "-"
    whole, hyphened = (head + tail).lower(), f"{head}-{tail}".lower()
    head, tail = head.lower(), tail.lower()
    if words[hyphened] != words[whole]:
        keep = words[hyphened] > words[whole]
    elif "-" in stem.rpartition(" ")[2] or not words.cuts:
        keep = True
    else:
        keep = hyphened in _PAIRS or (head in _HEADS and tail in _TAILS)
        keep = keep or (len(tail) > 3 and _ALWAYS_HEADS.match(head) is not None)
        # Both halves are words of this document, the whole is not: a compound rather than a cut word.
        keep = keep or (min(len(head), len(tail)) > 3 and bool(words[head] and words[tail]))
    return stem, "-" if keep else ""


def _letters(text: str) -> str:
    """Take the letters that a text starts with."""
    return "".join(takewhile(str.isalpha, text))
