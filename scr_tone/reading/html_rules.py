"""What the elements of a web page mean: what is left out, what makes a block, and of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from scr_tone.reading.block_kind import Mark
from scr_tone.reading.number_words import format_number
from scr_tone.reading.tidy import tidy
from scr_tone.records import Kind

__all__ = ["BLOCKS", "Context", "inside", "is_left_out", "word_mark"]

# fmt: off
_LEFT_OUT = frozenset([
    "audio", "button", "canvas", "datalist", "del", "dialog", "embed", "head", "iframe", "map", "math", "meter", "nav",
    "noscript", "object", "progress", "rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
])
#: Elements that begin and end a block of text.
BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
])
# fmt: on
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_WORD_MARK = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
# What Word calls its paragraphs when it saves a web page, and others their notes.
_CLASSES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"msotoc(?!heading)|toc$|table[ _-]of[ _-]contents"), "contents"),
    (re.compile(r"mso(?:intense)?quote|msoblocktext"), "quote"),
    (re.compile(r"mso(?:foot|end)notetext|(?:foot|end)notes?$"), "footnote"),
    (re.compile(r"msolist(?:bullet|number)"), "list_item"),
)
_TITLES = {"msotitle": 1, "msosubtitle": 2}
_NOTES = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+|(?:foot|end)notes?|doc-(?:foot|end)notes?")
_LIST_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NOTE_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}|[ivxlc]{1,5}|[*\u2020\u2021]{1,3}|[a-z])[\])]?\s*")
_NOTE_LINK = re.compile(r"#_?(?:ftn|edn|fn|footnote|endnote|note|cite_note|sdfootnote|sdendnote)", re.IGNORECASE)


class _Counter:
    """The numbers of one ordered list."""

    def __init__(self, element: Any) -> None:
        self._fmt = _LIST_TYPES.get(element.get("type") or "1", "decimal")
        self._step = -1 if element.get("reversed") is not None else 1
        items = sum(1 for item in element if item.tag == "li") if self._step < 0 else 1
        self._next = _integer(element.get("start"), items)

    def mark(self, item: Any) -> str:
        """Count the next item and give its number as a browser prints it."""
        number = _integer(item.get("value"), self._next)
        self._next = number + self._step
        return format_number(number, self._fmt) + "."


@dataclass(frozen=True, slots=True)
class Context:
    """What the elements around a piece of text make of it.

    Attributes
    ----------
    kind : Kind
    level : int or None
        Heading level.
    pre : bool
        Whether line breaks in the source count.
    counter : _Counter or None
        Of the innermost list, if it is numbered.
    """

    kind: Kind = "body"
    level: int | None = None
    pre: bool = False
    counter: _Counter | None = None


def is_left_out(element: Any, tag: Any) -> bool:
    """Whether a browser does not show it, or it is no part of the text."""
    if not isinstance(tag, str) or tag in _LEFT_OUT or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and _HIDING.search(style):
        return True
    if tag == "footer":
        parent = element.getparent()
        return parent is None or parent.tag == "body"
    return tag in ("a", "sup") and _is_note_mark(element, tag)


def _is_note_mark(element: Any, tag: str) -> bool:
    """Whether it is the small number that points to a note, which would stick to the word before it."""
    link = element if tag == "a" else next(element.iter("a"), None)
    if link is None:
        return False
    target = link.get("href") or ""
    if link.get("role") == "doc-backlink":
        return True
    noted = link.get("role") == "doc-noteref" or _NOTE_LINK.search(target) or (tag == "sup" and target.startswith("#"))
    return bool(noted) and _NOTE_MARK.fullmatch("".join(element.itertext())) is not None


def word_mark(element: Any, tag: str) -> Mark | None:
    """List mark that Word wrote into its paragraph as text, in a web page that it saved."""
    style = element.get("style") if tag == "span" else None
    if not style or not _WORD_MARK.search(style):
        return None
    text = tidy("".join(element.itertext()))
    if len(text) == 1 and (text == "o" or not text.isalnum()):
        return Mark("\u2022", True)
    return Mark(text[:100], False)


def inside(element: Any, tag: str, context: Context) -> Context:
    """Tell what holds inside a block element.

    Parameters
    ----------
    element : element
    tag : str
        One of `BLOCKS`.
    context : Context
        What holds around it.
    """
    if tag in ("td", "th"):
        return Context("table_cell")
    if tag in ("ol", "ul", "menu"):
        context = replace(context, counter=_Counter(element) if tag == "ol" else None)
    elif tag == "pre":
        context = replace(context, pre=True)
    names = [
        *(element.get("class") or "").lower().split(),
        (element.get("id") or "").lower(),
        element.get("role") or "",
    ]
    if context.kind in ("body", "list_item", "quote") and any(_NOTES.fullmatch(name) for name in names if name):
        return replace(context, kind="footnote")
    if (context.kind == "list_item" and tag in ("p", "div")) or context.kind not in ("body", "quote", "list_item"):
        return context
    if tag[0] == "h" and tag[1:].isdigit():
        return replace(context, kind="heading", level=int(tag[1]))
    if tag == "blockquote":
        return replace(context, kind="quote")
    if tag == "li":
        return replace(context, kind="list_item") if context.kind != "quote" else context
    for name in names:
        if name in _TITLES:
            return replace(context, kind="heading", level=_TITLES[name])
        for pattern, kind in _CLASSES:
            if pattern.match(name):
                return replace(context, kind=kind)
    return context


def _integer(text: str | None, default: int) -> int:
    text = (text or "").strip()  # of more kinds of white space than int() takes
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else default
