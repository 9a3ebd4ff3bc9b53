"""Markdown through markdown-it: its blocks, without the mark-up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scr_tone.lines import printed_number
from scr_tone.marks import comments_as_marks
from scr_tone.reading.tidy import tidy
from scr_tone.records import Block, Kind

__all__ = ["markdown_blocks"]

_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?|(?<=[-*] )\[[ xX]\] ")  # note marks and the boxes of task lists


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of a CommonMark text with tables; code, HTML and link targets are left out.

    Examples
    --------
    >>> [(b.kind, b.text) for b in markdown_blocks("# Findings\\n\\n- no *minutes*")]
    [('heading', 'Findings'), ('list_item', '\u2022 no minutes')]
    """
    blocks: list[Block] = []
    lists: list[int | None] = []  # for each open list its next number, None for bullets
    mark = ""
    quote = 0
    level: int | None = None
    cell = False
    text = comments_as_marks(_FOOTNOTE.sub("", _FRONT_MATTER.sub("", text)))
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                mark = "\u2022 " if number is None else f"{number}{token.markup or '.'} "
                if number is not None:
                    lists[-1] = number + 1
            case "blockquote_open":
                quote += 1
            case "blockquote_close":
                quote -= 1
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = None
            case "td_open" | "th_open":
                cell = True
            case "td_close" | "th_close":
                cell = False
            case "inline":
                words = tidy(_plain(token.children or ()))
                if words:
                    kind = _kind(level, cell, quote, bool(lists))
                    words = mark + words
                    blocks.append(Block(words, kind, None, printed_number(words), level))
                mark = ""
    return blocks


def _kind(level: int | None, cell: bool, quote: int, listed: bool) -> Kind:
    if level is not None:
        return "heading"
    if cell:
        return "table_cell"
    if quote:
        return "quote"
    return "list_item" if listed else "body"


def _plain(children: Sequence[Token]) -> str:
    parts = []
    for child in children:
        match child.type:
            case "text" | "code_inline" | "image":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
    return "".join(parts)
