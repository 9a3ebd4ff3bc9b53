"""Plain text and Markdown: wrapped lines, kinds, numbers; and what a string keeps."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scr_tone
from scr_tone.reading import from_text, read_bytes
from scr_tone.reading.text import decode, text_blocks

PROSE = (
    "The health visitor called at the house on three occasions in the month and left a card each time, but nobody at the "
    "clinic was told. She had at that time four hundred families and no colleague, and the cards were what she could do."
)


@pytest.mark.parametrize("width", [60, 72, 80, 95])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined(width: int, newline: str) -> None:
    second = "4.13 A second paragraph follows, which says that the supervision of staff was not what it had once been."
    text = "Findings\n\n" + textwrap.fill("4.12 " + PROSE, width) + "\n\n" + textwrap.fill(second, width) + "\n"
    document = read_bytes(text.replace("\n", newline).encode(), name="draft.txt")
    assert document.text == f"Findings\n4.12 {PROSE}\n{second}"
    assert [s.kind for s in document.stretches] == ["heading", "body", "body"]
    assert [s.number for s in document.stretches] == [None, "4.12", "4.13"]
    assert {s.section for s in document.stretches} == {"Findings"}


def test_wrapped_lists_and_their_lead_in() -> None:
    text = (
        "The panel found:\n\n- that the plan was not shared with the school or\n  with the nursery;\n- that minutes were lost; and\n"
        "- nobody asked.\n\n(a) a first item\n(b) a second item\n"
    )
    blocks = text_blocks(text)
    assert [b.text for b in blocks] == [
        "The panel found:",
        "- that the plan was not shared with the school or with the nursery;",
        "- that minutes were lost; and",
        "- nobody asked.",
        "(a) a first item",
        "(b) a second item",
    ]
    assert [b.kind for b in blocks] == ["body"] + ["list_item"] * 5
    assert [b.number for b in blocks] == [None, None, None, None, "(a)", "(b)"]


def test_a_hyphen_at_the_line_end_stays() -> None:
    text = "The child was made the subject of a multi-\nagency plan in the spring of that\nyear and it was followed."
    assert text_blocks(text)[0].text.startswith("The child was made the subject of a multi-agency plan")


def test_contents_lines() -> None:
    blocks = text_blocks("1. Introduction ............ 3\n2. Findings . . . . . . . 12\n\nThe report begins here.")
    assert [b.kind for b in blocks] == ["contents", "contents", "body"]


def test_a_string_is_kept_as_it_is() -> None:
    text = "\ufeffFindings \r\n\r\n  The\u00a0plan was\r\nnot shared.\t\r\n"
    document = from_text(text)
    assert document.text == text
    assert [text[s.start : s.end] for s in document.stretches] == ["\ufeffFindings", "The\u00a0plan was\r\nnot shared."]


def test_encodings_that_were_guessed_are_said() -> None:
    assert decode("caf\u00e9".encode("cp1252")) == ("caf\u00e9", ["the encoding was guessed to be Windows-1252"])
    assert decode("caf\u00e9".encode()) == ("caf\u00e9", [])
    text, notes = decode("The nurse rang.".encode("utf-16-le"))
    assert (text, notes) == ("The nurse rang.", ["the encoding was guessed to be UTF-16"])
    assert decode(b"caf\xe9 \x81")[1] == ["the encoding was guessed to be ISO 8859-1"]


MARKDOWN = """# Review

## 2 Findings

Some *text* with a [link](https://example.org/secret) and `code`,
over two lines.

1. The first
2. The second

* a bullet

> Nobody rang us.

| Action | Lead |
|---|---|
| Revise | Board |

```
not prose
```
"""


def test_markdown() -> None:
    document = read_bytes(MARKDOWN.encode(), name="draft.md")
    assert document.format == "markdown"
    found = [(s.kind, document.text[s.start : s.end]) for s in document.stretches]
    assert found == [
        ("heading", "Review"),
        ("heading", "2 Findings"),
        ("body", "Some text with a link and code, over two lines."),
        ("list_item", "1. The first"),
        ("list_item", "2. The second"),
        ("list_item", "\u2022 a bullet"),
        ("quote", "Nobody rang us."),
        *[("table_cell", cell) for cell in ("Action", "Lead", "Revise", "Board")],
    ]
    assert document.stretches[2].section == "2 Findings"
    assert [s.level for s in document.stretches[:3]] == [1, 2, None]


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=200), st.sampled_from(["draft.md", "draft.txt", None]))
def test_any_text_reads_or_is_an_input_error(text: str, name: str | None) -> None:
    try:
        document = read_bytes(text.encode("utf-8", "surrogatepass"), name=name)
    except scr_tone.InputError:
        return
    at = 0
    for stretch in document.stretches:
        assert at <= stretch.start < stretch.end <= len(document.text)
        at = stretch.end
