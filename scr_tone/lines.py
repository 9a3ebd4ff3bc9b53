"""Which line breaks end something, and which only wrap.

Text from PDFs, web pages and hard-wrapped files breaks its lines both where a paragraph, heading or list item ends and
where the column was full. `logical_lines` tells the two apart, without changing a character: each logical line is a
range of the text, which may hold wrapped line breaks. The text reader and the sentence splitter share it.

The signs, strongest first: a blank line; a bullet or enumerator at the start of the next line; a hyphen at the line
end; punctuation at the line end; the case of the next word; and whether the next word would still have fitted, which
is what "full" means (the same test as in Knuth's and every greedy line filler, read backwards).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from scr_tone.records import Kind
from scr_tone.words import word_set

__all__ = ["ENUMERATOR", "LogicalLine", "line_kind", "logical_lines", "printed_number"]

# All that Python's str.splitlines treats as a line end, CRLF first.
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")

_BULLET = r"[\u2022\u2023\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u25ba\u25b6\u27a2\u2713\u2714\u00b7\u2219\uf0b7\uf0a7\uf0d8\u2043*]"
_NUMBER = r"\(?\d{1,3}(?:\.\d{1,3}){0,4}(?:[.):]+|(?=\s|$))|\(\d{1,3}[a-z]?\)|\d{1,2}[a-z][.)]"
# A capital with a stop is left out: "A. Smith" is a name far more often than an item.
_LETTER = r"\([a-zA-Z]{1,2}\)|\(?[a-z][.)]|\(?[A-Z]\)|\(?[ivx]{1,5}[.)]|\(?[IVX]{2,5}[.)]|\([IVX]{1,5}\)"

#: A list mark or paragraph number at the start of a line, with the space behind it.
ENUMERATOR = re.compile(rf"(?:{_BULLET}\s?|[-\u2010-\u2015o]\s+|(?:{_NUMBER}|{_LETTER})(?=\s|$)\s*)")

_MARK = re.compile(rf"\s*((?:{_NUMBER}|{_LETTER}))(?=\s)")
_WORD = re.compile(r"\S+")
_TERMINAL = re.compile(r"(?:[.!?\u2026]['\"\u2019\u201d)\]]*\d{0,3}|[.!?]\])$")
_LIST_GOES_ON = re.compile(r"[;,]\s+(?:and|or)$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$|\t\d{1,4}$|\u2026{2,}\s*\d{1,4}$")
_MONTH = re.compile(r"(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber")
_DATE_LINE = re.compile(r"\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")

# A column narrower than this is an address or a table, wider than that an unwrapped paragraph.
_NARROW, _WIDE = 40, 140


class _Line(NamedTuple):
    start: int
    end: int
    indent: int


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """A range of the text that no line break divides in meaning.

    Attributes
    ----------
    start, end : int
        Offsets of its first printing character and behind its last one.
    after_blank : bool
        Whether an empty line stands before it.
    """

    start: int
    end: int
    after_blank: bool


def _physical_lines(text: str) -> Iterator[_Line]:
    """Ranges of the lines of `text`, trimmed; an empty line has start == end."""
    at = 0
    for match in _LINE_END.finditer(text):
        yield _trim(text, at, match.start())
        at = match.end()
    yield _trim(text, at, len(text))


def _trim(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    left = len(line) - len(line.lstrip())
    return _Line(start + left, max(start + left, start + len(line.rstrip())), left)


def _column_width(text: str, lines: list[_Line]) -> int:
    """Width at which the text was wrapped: that of its longest line that is certainly wrapped; 0 when none is.

    Certain is a line that ends without a stop before one that begins in lower case. Lines of like length alone prove
    nothing: the items of a list without bullets have them too.
    """
    width = 0
    for before, here in pairwise(lines):
        length = before.indent + before.end - before.start
        if not (_NARROW <= length <= _WIDE and length > width) or here.start == here.end:
            continue
        if text[here.start].islower() and text[before.end - 1] not in '.!?:;)"\u201d\u2019':
            width = length
    return width


def logical_lines(text: str) -> list[LogicalLine]:
    """Join wrapped lines and part the others.

    Parameters
    ----------
    text : str
        Any text. It is not changed.

    Returns
    -------
    list of LogicalLine
        In order; together they hold every character of `text` that is not white space.

    Examples
    --------
    >>> text = "Findings\\nThe plan was not\\nshared.\\n\\n- no minutes"
    >>> [text[line.start:line.end] for line in logical_lines(text)]
    ['Findings', 'The plan was not\\nshared.', '- no minutes']
    """
    lines = list(_physical_lines(text))
    if len(lines) == 1:
        line = lines[0]
        return [LogicalLine(line.start, line.end, False)] if line.end > line.start else []
    width = _column_width(text, lines)
    joined: list[LogicalLine] = []
    blank = False
    in_list = False
    last: _Line | None = None
    for line in lines:
        if line.start == line.end:
            blank = True
            continue
        here = text[line.start : line.end]
        if last is None:
            joined.append(LogicalLine(line.start, line.end, blank))
        else:
            before = text[last.start : last.end]
            first_of_item = last.start == joined[-1].start
            if _wraps(before, here, blank=blank, width=width - last.indent, in_list=in_list, lone=first_of_item):
                joined[-1] = LogicalLine(joined[-1].start, line.end, joined[-1].after_blank)
            else:
                # An unmarked list begins after a lead-in and ends with a line that ends a sentence.
                in_list = before.endswith((":", ":-", ":\u2013", ": -", ": \u2013", ";")) or (
                    in_list and not _TERMINAL.search(before)
                )
                joined.append(LogicalLine(line.start, line.end, blank))
        last, blank = line, False
    return joined


def _wraps(before: str, here: str, *, blank: bool, width: int, in_list: bool, lone: bool) -> bool:
    """Whether the break between two printing lines is only a wrap."""
    mark = ENUMERATOR.match(before)
    if lone and mark and mark.end() == len(before) and not (before[0] == "*" or before.isalpha()):
        return True  # an enumerator alone on its line belongs to what follows
    last_word = before.rsplit(None, 1)[-1]
    ends_sentence = _TERMINAL.search(before) is not None and not _abbreviated(last_word, here)
    lower = here[0].islower()
    if _starts_item(before, here, last_word, ends_sentence=ends_sentence, blank=blank):
        return False
    if before.endswith((":", ":-", ":\u2013")):
        return not blank and lower and not here.endswith((";", ",")) and _full(before, here, width)
    full = _full(before, here, width)
    if blank:
        # Only a sentence that plainly goes on bridges an empty line (a page break in the middle of a paragraph).
        goes_on = lower and not ends_sentence and last_word[-1] not in ";:" and len(before) >= _NARROW
        return goes_on and not in_list and not (mark and not full)
    if ends_sentence:
        return full or lower
    if last_word.rstrip(".").lower() in word_set("titles") and last_word.endswith("."):
        return True  # "Dr." at a line end waits for its name
    if last_word.isdigit() and _MONTH.match(here):
        return True  # "4" and "May 2021"
    if before.endswith(";"):
        return full and lower and not in_list and not mark
    if re.search(r"[a-z]-$", before) and lower:
        return True
    if lower:
        unfinished = last_word.lower() in word_set("mid-phrase") and not _LIST_GOES_ON.search(before)
        return full or not in_list or unfinished
    if last_word.lower().strip("(") in word_set("mid-phrase") or before.endswith((",", " &", " \u2013")):
        return full or width == 0 or len(before) > _NARROW
    heading_like = before.isupper() != here.isupper()
    return full and width > 0 and len(before) >= 0.75 * width and not heading_like


def _abbreviated(last_word: str, here: str) -> bool:
    """Whether a line ends in an abbreviation that always has something behind it ("approx.", "Dr.", "para." 4)."""
    core = last_word.rstrip(".").strip("('\"\u2018\u201c[").lower()
    if core in word_set("titles") or core in word_set("inner"):
        return True
    return core in word_set("numbered") and here[0].isdigit()


def _full(before: str, here: str, width: int) -> bool:
    """Whether the first word of the next line would have overrun the column."""
    if width <= 0:
        return False
    first = _WORD.match(here)
    return len(before) + 1 + (len(first.group()) if first else 0) > width - 2


def _starts_item(before: str, here: str, last_word: str, *, ends_sentence: bool, blank: bool) -> bool:
    """Whether the line opens with a list mark or paragraph number that is one, not a number in running text."""
    mark = ENUMERATOR.match(here)
    if not mark:
        return False
    if _LIST_GOES_ON.search(before):
        return True
    text = mark.group().strip()
    rest = here[mark.end() :]
    if not rest:
        return True
    if text[0].isdigit() or text[0] == "(":
        lead = last_word.lower().strip("(")
        wraps = not ends_sentence and not blank and (lead in word_set("reference") or lead in word_set("mid-phrase"))
        if wraps:
            return False
        if text.isdigit():  # "12 children were" or a date, rather than paragraph 12
            return (ends_sentence or blank or not last_word[-1].isalnum()) and not rest[0].islower()
        # "2.5 mg" at a line start
        return not ("." in text and not text.endswith((".", ")", ":")) and rest[0].islower())
    return True


def printed_number(line: str) -> str | None:
    """Paragraph number or list mark that a line opens with, as printed.

    Examples
    --------
    >>> printed_number("4.12 The nurse rang."), printed_number("(b) the plan"), printed_number("Two visits.")
    ('4.12', '(b)', None)
    """
    match = _MARK.match(line)
    if not match:
        return None
    mark = match.group(1)
    if mark.isdigit():
        rest = line[match.end() :].lstrip()
        if not rest[:1].isupper() or _DATE_LINE.match(line.lstrip()):
            return None
    return mark


def line_kind(line: str) -> Kind:
    """Guess what a logical line of plain text is: "contents", "list_item", "heading" or "body".

    Examples
    --------
    >>> line_kind("3. Findings"), line_kind("- no minutes"), line_kind("The plan was not shared.")
    ('heading', 'list_item', 'body')
    """
    text = line.strip()
    if _CONTENTS.search(text):
        return "contents"
    mark = ENUMERATOR.match(text)
    words = text[mark.end() :] if mark else text
    count = len(words.split())
    ended = text[-1:] in ".!?:;,\u2026" or _TERMINAL.search(text) is not None
    numeric = bool(mark) and text[0].isdigit()
    if not ended and 0 < count <= 12 and words[:1].isupper():
        if words.isupper() and len(words) > 3:
            return "heading"
        if numeric or not mark:
            return "heading" if count <= 10 and not _DATE_LINE.match(text) else "body"
    if not mark:
        return "body"
    # "4.12 The nurse ..." numbers a paragraph, "(b)" and "3." an item of a list, unless it is as long as a paragraph.
    paragraph = numeric and (re.search(r"\d\.\d", text[: mark.end()]) is not None or count > 40)
    return "body" if paragraph and (ended or count > 12) else "list_item"
