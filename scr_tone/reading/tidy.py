"""White space and invisible characters, tidied the same way in every reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["prints_nothing", "symbol", "tidy", "tidy_traced"]

# Line breaks that are spelled otherwise; XML allows these two.
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# Everything that looks like a space on the page.
_SPACES = re.compile("[ \t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# What prints nothing: controls, soft hyphen, zero-width and direction marks, annotation anchors, object placeholder.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffc]"
)
# Word keeps the bullets of its Symbol and Wingdings fonts in the private use area.
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SYMBOLS = {
    **dict.fromkeys("\uf0b7\uf0a7\uf06c\uf0d8\uf076\uf06e\uf0a8\uf09f\uf077", "\u2022"),
    "\uf0e0": "\u2192",
    "\uf0e8": "\u2192",
    "\uf0ae": "\u2192",
    "\uf0df": "\u2190",
    "\uf0ac": "\u2190",
    "\uf0fc": "\u2713",
    "\uf0fb": "\u2717",
    "\uf0fe": "\u2612",
    "\uf06f": "\u2610",
    "\uf02d": "-",
}
_AROUND_BREAK = re.compile(" ?\n ?")
_EMPTY_LINES = re.compile("\n{3,}")


def tidy(text: str) -> str:
    r"""Make every kind of space an ordinary one, runs of them one, and drop what prints nothing.

    A line feed stays: it is a break that the author typed.

    Examples
    --------
    >>> tidy("  4.12\tThe\u00a0nurse \n rang\u200b.")
    '4.12 The nurse\nrang.'
    """
    text = _BREAKS.sub("\n", text)
    if not text.isascii():
        text = text.replace("\u2011", "-")  # a hyphen at which the line must not break is still a hyphen
        text = _PRIVATE.sub(lambda match: _SYMBOLS.get(match.group(), ""), text)
    text = _INVISIBLE.sub("", text)
    text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _EMPTY_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text))
    return text.strip(" \n")


# What `tidy` does, one step after the other. There some steps are passed over where they would change nothing.
_STEPS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_BREAKS, lambda _: "\n"),
    (re.compile("\u2011"), lambda _: "-"),
    (_PRIVATE, lambda found: _SYMBOLS.get(found, "")),
    (_INVISIBLE, lambda _: ""),
    (_SPACES, lambda _: " "),
    (_AROUND_BREAK, lambda _: "\n"),
    (_EMPTY_LINES, lambda _: "\n\n"),
)


def tidy_traced(text: str) -> tuple[str, list[int]]:
    r"""Tidy, and tell of each character that is left where it stood.

    Parameters
    ----------
    text : str

    Returns
    -------
    tidied : str
        The same as from `tidy`.
    places : list of int
        For each of its characters the offset in `text`; of several that became one, that of the first.

    Examples
    --------
    >>> tidy_traced("  4.12\tThe")
    ('4.12 The', [2, 3, 4, 5, 6, 7, 8, 9])
    """
    places: Sequence[int] = range(len(text))
    for pattern, new in _STEPS:
        text, places = _step(pattern, new, text, places)
    tidied = text.strip(" \n")
    start = len(text) - len(text.lstrip(" \n"))
    return tidied, list(places[start : start + len(tidied)])


def _step(
    pattern: re.Pattern[str], new: Callable[[str], str], text: str, places: Sequence[int]
) -> tuple[str, Sequence[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        put = new(match.group())  # never longer than what it stands for
        pieces += text[at : match.start()], put
        kept += places[at : match.start()]
        kept += places[match.start() : match.start() + len(put)]
        at = match.end()
    if not pieces:
        return text, places
    return "".join(pieces) + text[at:], [*kept, *places[at:]]


def prints_nothing(character: str) -> bool:
    """Whether `tidy` drops it wherever it stands."""
    return _INVISIBLE.fullmatch(character) is not None


def symbol(code: str) -> str:
    r"""Character for a hexadecimal code as in Word's ``w:sym``; empty where it has no meaning outside its font.

    Examples
    --------
    >>> symbol("F0B7") == "\u2022", symbol("00A7") == "\u00a7", symbol("F04A") == ""
    (True, True, True)
    """
    try:
        character = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ud800" <= character <= "\udfff" else tidy(character)
