"""Numbers as lists print them: 4, 04, iv, D, 4th, Four."""

from __future__ import annotations

import re

__all__ = ["format_number"]

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_CHICAGO = "*\u2020\u2021\u00a7"
_CUSTOM = re.compile(r"0*1(?=,|$)")


def format_number(number: int, fmt: str) -> str:
    """Print a number in one of Word's number formats.

    Parameters
    ----------
    number : int
    fmt : str
        As in ``w:numFmt`` ("decimal", "lowerRoman", ...), or the example of a custom one ("001, 002, 003, ...").
        One that is not known counts in digits.

    Examples
    --------
    >>> [format_number(4, fmt) for fmt in ("decimalZero", "lowerRoman", "upperLetter", "ordinal", "ordinalText")]
    ['04', 'iv', 'D', '4th', 'Fourth']
    >>> format_number(28, "lowerLetter"), format_number(7, "001, 002, 003, ...")
    ('bb', '007')
    """
    if fmt == "none":
        return ""
    if fmt == "decimalZero":
        return f"{number:02d}"
    if fmt in ("lowerRoman", "upperRoman"):
        return _cased(_roman(number), fmt)
    if fmt in ("lowerLetter", "upperLetter"):
        return _cased(_letter(number), fmt)
    if fmt == "ordinal":
        return f"{number}{_suffix(number)}"
    if fmt == "cardinalText":
        return _words(number).capitalize()
    if fmt == "ordinalText":
        return _ordinal_words(number).capitalize()
    if fmt == "numberInDash":
        return f"- {number} -"
    if fmt == "decimalEnclosedParen":
        return f"({number})"
    if fmt == "decimalEnclosedFullstop":
        return f"{number}."
    if fmt == "chicago" and number > 0:
        return _CHICAGO[(number - 1) % 4] * ((number - 1) // 4 + 1) if number <= 400 else str(number)
    if custom := _CUSTOM.match(fmt):
        return f"{number:0{len(custom.group())}d}"
    return str(number)


def _cased(text: str, fmt: str) -> str:
    return text.upper() if fmt.startswith("upper") else text


def _roman(number: int) -> str:
    if not 0 < number < 5000:
        return str(number)
    parts = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        parts.append(letters * times)
    return "".join(parts)


def _letter(number: int) -> str:
    """Count a to z, then aa, bb, ... as Word does, not as in spreadsheets."""
    if not 0 < number <= 780:
        return str(number)
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _suffix(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _words(number: int) -> str:
    if not 0 <= number < 1000:
        return str(number)
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    rest = f" {_words(number % 100)}" if number % 100 else ""
    return f"{_SMALL[number // 100]} hundred{rest}"


def _ordinal_words(number: int) -> str:
    words = _words(number)
    head, last = re.fullmatch(r"(.*?)(\w+)", words, re.DOTALL).groups()  # type: ignore[union-attr]
    if last in _IRREGULAR:
        return head + _IRREGULAR[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")
