"""The light mark-up in which the example texts are written.

Blocks, parted by blank lines: `# heading` (one to three marks; `{-}` at the end for no number, `{- columns}` for two
columns), `- bullet`, `(a) lettered item`, `> quotation` with `> -- source`, `~ paragraph without number`, `| table |`
rows after a `!table WIDTHS: caption` line (a cell `<` joins the one to its left), `:::box title` to `:::`,
`%% contents`, and otherwise a numbered paragraph. A line break within a block is a space.

Within a line: `**bold**`, `*italic*`, `^[footnote]`, `^^[endnote]`, `[label](address)`, and after CriticMarkup
`{++PN: put in++}`, `{--PN: taken out--}` and `{==these words==}{>>PN: a comment<<}`, where PN is one of the editors
named at the head of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

__all__ = ["Block", "Remark", "Source", "Span", "parse_source", "read_source", "spans"]


@dataclass(frozen=True)
class Remark:
    """A comment in the margin."""

    who: str
    text: str


@dataclass(frozen=True)
class Span:
    """A stretch of text with one look. `note` is "footnote" or "endnote", and then `text` is the note's own text."""

    text: str
    bold: bool = False
    italic: bool = False
    note: str = ""
    url: str = ""
    inserted_by: str = ""
    deleted_by: str = ""
    remark: Remark | None = None


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item, quotation, table or box; `kind` says which."""

    kind: str
    text: str = ""
    level: int = 0
    numbered: bool = True
    columns: bool = False
    widths: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """A source file: its head and its blocks."""

    head: dict[str, str]
    blocks: tuple[Block, ...]


_INLINE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>.+?)\*"
    r"|\^\^\[(?P<endnote>[^\]]+)\]|\^\[(?P<footnote>[^\]]+)\]"
    r"|\[(?P<label>[^\]]+)\]\((?P<url>[^)]+)\)"
    r"|\{\+\+(?P<ins_by>[A-Z]{2}): (?P<ins>.*?)\+\+\}|\{--(?P<del_by>[A-Z]{2}): (?P<del>.*?)--\}"
    r"|\{==(?P<anchor>.*?)==\}\{>>(?P<remark_by>[A-Z]{2}): (?P<remark>.*?)<<\}"
)
_ITEM = re.compile(r"- |\(([a-z])\) ")
_HEADING = re.compile(r"(#{1,3}) (.*?)(?: \{-( columns)?\})?$")
_OPENING = re.compile(r"(^|[\s(\[*+=>:\u2013])([\"'])")


def spans(text: str, look: Span = Span("")) -> Iterator[Span]:
    """Yield the stretches of one block's text, in order."""
    done = 0
    for found in _INLINE.finditer(text):
        if found.start() > done:
            yield replace(look, text=text[done : found.start()])
        done = found.end()
        part = found.groupdict()
        if part["bold"]:
            yield from spans(part["bold"], replace(look, bold=True))
        elif part["italic"]:
            yield from spans(part["italic"], replace(look, italic=True))
        elif part["label"]:
            yield replace(look, text=part["label"], url=part["url"])
        elif part["ins"]:
            yield from spans(part["ins"], replace(look, inserted_by=part["ins_by"]))
        elif part["del"]:
            yield from spans(part["del"], replace(look, deleted_by=part["del_by"]))
        elif part["anchor"]:
            yield from spans(part["anchor"], replace(look, remark=Remark(part["remark_by"], part["remark"])))
        else:
            kind = "footnote" if part["footnote"] else "endnote"
            yield replace(look, text=part[kind], note=kind)
    if done < len(text):
        yield replace(look, text=text[done:])


def read_source(path: Path) -> Source:
    """Read and parse one source file."""
    return parse_source(path.read_text(encoding="utf-8"))


def parse_source(text: str) -> Source:
    """Parse what a source file holds."""
    _, head, body = text.split("---\n", 2)
    pairs = (line.split(": ", 1) for line in head.splitlines() if line)
    return Source({key: _curl(value) for key, value in pairs}, tuple(_blocks(_curl(body))))


def _curl(text: str) -> str:
    """Straight quotation marks and apostrophes made into typographic ones."""
    curly = {'"': "\u201c", "'": "\u2018"}
    text = _OPENING.sub(lambda found: found.group(1) + curly[found.group(2)], text)
    return text.replace('"', "\u201d").replace("'", "\u2019")


def _blocks(body: str) -> Iterator[Block]:
    numbered, widths, caption = True, (), ""
    box: list[str] | None = None
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.splitlines()
        if box is not None or lines[0].startswith(":::"):
            box = (box or []) + [_joined([line for line in lines if line != ":::"])]
            if lines[-1] == ":::":
                yield Block("box", text="\n".join(box).removeprefix(":::box "))
                box = None
        elif heading := _HEADING.match(lines[0]):
            level, title = len(heading.group(1)), heading.group(2)
            if level == 1:
                numbered = not lines[0].endswith("}")
            yield Block("heading", title, level, numbered, bool(heading.group(3)))
        elif lines[0].startswith("!table "):
            figures, caption = lines[0].removeprefix("!table ").split(": ", 1)
            widths = tuple(int(figure) for figure in figures.split())
        elif lines[0].startswith("|"):
            rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)
            yield Block("table", caption, widths=widths, rows=rows)
        elif lines[0].startswith("> "):
            yield from _quotation([line.removeprefix("> ") for line in lines])
        elif lines[0] == "%% contents":
            yield Block("contents")
        elif _ITEM.match(lines[0]):
            yield from _items(lines)
        elif lines[0].startswith("~ "):
            yield Block("plain", _joined(lines).removeprefix("~ "))
        else:
            yield Block("paragraph" if numbered else "plain", _joined(lines))


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def _quotation(lines: list[str]) -> Iterator[Block]:
    words = [line for line in lines if not line.startswith("-- ")]
    yield Block("quote", _joined(words))
    for line in lines[len(words) :]:
        yield Block("source", line.removeprefix("-- "))


def _items(lines: list[str]) -> Iterator[Block]:
    items: list[list[str]] = []
    for line in lines:
        if _ITEM.match(line):
            items.append([])
        items[-1].append(line)
    for item in items:
        kind = "bullet" if item[0].startswith("- ") else "lettered"
        yield Block(kind, _ITEM.sub("", _joined(item), count=1))
