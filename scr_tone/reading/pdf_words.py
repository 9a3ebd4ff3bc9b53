"""Words of a PDF page with their place, size and weight."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from scr_tone.reading.pdf_glyphs import Glyphs, is_note, pieces, turned
from scr_tone.reading.pdf_text import is_garbage

__all__ = ["Box", "PageWords", "Word", "page_words"]

# A hyphen marker of PDFium's ends a word: what follows it stands on the next line.
_TOKEN = re.compile("[^\\s\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]")


@dataclass(slots=True)
class Word:
    """A word at its place, in points, with y upwards and the page turned so that the text runs to the right.

    `raised` marks the small digits of a note reference, `glued` a part that no space divides from the one before.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    raised: bool = False
    glued: bool = False


class Box(NamedTuple):
    """Edges of a page in the same turned coordinates."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class PageWords:
    """What one page holds.

    Attributes
    ----------
    words : list of Word
    box : Box
    turn : int
        Quarter turns that were needed to set the text upright.
    chars, letters, garbage : int
        Printing characters, and those among them that are letters or digits, or that mean nothing.
    slanted : str
        Text that runs another way than the rest, which was left out.
    """

    words: list[Word]
    box: Box
    turn: int
    chars: int
    letters: int
    garbage: int
    slanted: str


def page_words(page: Any, text_page: Any, count: int) -> PageWords:
    """Take the words of one page.

    Parameters
    ----------
    page, text_page : PdfPage, PdfTextPage
        As pypdfium2 opens them.
    count : int
        Number of characters on the page.
    """
    reader = Glyphs(text_page)
    text = reader.text(count)
    by_turn: dict[int, list[Word]] = {}
    slanted: list[str] = []
    for match in _TOKEN.finditer(text):
        parts = pieces(reader, text, match.start(), match.end())
        base = max(parts, key=lambda piece: (piece.style.size, piece.end - piece.start), default=None)
        for number, piece in enumerate(parts):
            word = text[piece.start : piece.end]
            turn = piece.style.turn
            if turn is None or base is None:
                slanted.append(word)
                continue
            x1 = reader.end(piece.end - 1, turn)
            if x1 <= piece.x:
                x1 = piece.x + 0.5 * piece.style.size * len(word)
            raised = is_note(piece, base, text)
            glued = number > 0 and abs(piece.y - base.y) < base.style.size
            y = base.y if raised and glued else piece.y  # so that it stays with its word
            by_turn.setdefault(turn, []).append(
                Word(word, piece.x, x1, y, piece.style.size, piece.style.bold, raised, glued)
            )
    turn = max(by_turn, key=lambda key: sum(len(word.text) for word in by_turn[key]), default=0)
    left, bottom, right, top = page.get_cropbox()
    if right - left < 1 or top - bottom < 1:  # PDFium then shows the page in a size of its own
        left, bottom, (right, top) = 0.0, 0.0, page.get_size()
    (x0, y0), (x1, y1) = turned(left, bottom, turn), turned(right, top, turn)
    box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    for other, words in by_turn.items():
        if other != turn:
            slanted += [word.text for word in words]
    # Beyond the edges stand printer's marks, which no reader of the page sees.
    words = [word for word in by_turn.get(turn, ()) if word.x1 > box.left and word.x0 < box.right]
    words = [word for word in words if box.bottom - word.size < word.y < box.top]
    # Leaders are neither letters nor a sign of anything.
    counts = {char: number for char, number in Counter(text).items() if not char.isspace() and char not in "._\u2026"}
    letters = sum(number for char, number in counts.items() if char.isalnum())
    garbage = sum(number for char, number in counts.items() if is_garbage(char))
    return PageWords(words, box, turn, sum(counts.values()), letters, garbage, " ".join(slanted))
