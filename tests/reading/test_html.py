"""Web pages: what is taken, as what, and what is left out."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scr_tone.errors import InputError
from scr_tone.reading.html import read_html
from scr_tone.reading.limits import Limits
from scr_tone.records import KINDS, Block

LIMITS = Limits()


def read(html: str) -> list[Block]:
    return read_html(f"<!DOCTYPE html><html><body>{html}</body></html>".encode(), LIMITS)[0]


def kinds(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<p>The\n  nurse\trang.</p><p>Twice.</p>", [("body", "The nurse rang."), ("body", "Twice.")], id="p"
        ),
        pytest.param("<div>a<p>b</p>c</div>d", [("body", text) for text in "abcd"], id="text-beside-blocks"),
        pytest.param(
            "<p>A <b>bold</b> and <a href='x'>linked</a> word</p>", [("body", "A bold and linked word")], id="inline"
        ),
        pytest.param("<p>one<br>two</p>", [("body", "one\ntwo")], id="br"),
        pytest.param("<pre>one\n  two</pre>", [("body", "one\ntwo")], id="pre"),
        pytest.param("<p>a&nbsp;b &amp; c&shy;d&#8203;e</p>", [("body", "a b & cde")], id="entities"),
        pytest.param(
            "<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p><p>goes on</p></li></ul>",
            [("list_item", text) for text in ("\u2022 one", "\u2022 inner", "\u2022 two", "goes on")],
            id="ul",
        ),
        pytest.param("<blockquote><p>I was not asked.</p></blockquote>", [("quote", "I was not asked.")], id="quote"),
        pytest.param(
            "<table><caption>Dates</caption><tr><th>May</th><td><p>Visit</p><p>Call</p></td></tr></table>",
            [("body", "Dates"), ("table_cell", "May"), ("table_cell", "Visit"), ("table_cell", "Call")],
            id="table",
        ),
        pytest.param("<figure><img alt='x'><figcaption>Map</figcaption></figure>", [("body", "Map")], id="figure"),
        pytest.param(
            "<head><title>T</title></head><nav>Menu</nav><script>x()</script><style>p{}</style><noscript>No</noscript>"
            "<template>T</template><p hidden>H</p>"
            "<p style='display: none'>D</p><button>B</button><svg><text>S</text></svg>"
            "<!-- comment --><p>Kept<del> gone</del><ins> too</ins></p><footer>Contact us</footer>",
            [("body", "Kept too")],
            id="left-out",
        ),
        pytest.param("<nav>Menu</nav>after<p>x</p>", [("body", "after"), ("body", "x")], id="text-after-left-out"),
        pytest.param("<article><footer>Note</footer></article>", [("body", "Note")], id="footer-of-an-article"),
        pytest.param(
            '<p>Late<sup><a href="#fn1">1</a></sup> again<a href="#_ftn2">[2]</a>.</p><div class="footnotes">'
            "<p>Note.</p></div>",
            [("body", "Late again."), ("footnote", "Note.")],
            id="notes",
        ),
        pytest.param(
            "<p>10 m<sup>2</sup>, see <a href='#s2'>section 2</a></p>",
            [("body", "10 m2, see section 2")],
            id="no-notes",
        ),
        pytest.param('<div class="toc"><p>1 Findings 3</p></div>', [("contents", "1 Findings 3")], id="contents"),
        pytest.param(
            '<p class="MsoTitle">Review</p><p class="MsoToc1">Findings 3</p><p class="MsoQuote">No.</p>',
            [("heading", "Review"), ("contents", "Findings 3"), ("quote", "No.")],
            id="word-classes",
        ),
        pytest.param(
            "<p class='MsoListParagraph'><![if !supportLists]><span style='mso-list:Ignore'>\u00b7<span>&nbsp; </span>"
            "</span><![endif]>the plan</p><p><span style='mso-list:Ignore'>(b)&nbsp;</span>the visit</p>",
            [("list_item", "\u2022 the plan"), ("list_item", "(b) the visit")],
            id="word-lists",
        ),
        pytest.param("<p>not <b>closed<p>second", [("body", "not closed"), ("body", "second")], id="sloppy"),
    ],
)
def test_blocks(html: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(html) == expected


def test_headings() -> None:
    found = read("<h1>Review</h1><h3>1.2 Findings</h3>")
    assert found == [Block("Review", "heading", level=1), Block("1.2 Findings", "heading", number="1.2", level=3)]


@pytest.mark.parametrize(
    ("html", "numbers"),
    [
        ("<ol><li>a</li><li>b</li></ol>", ["1.", "2."]),
        ('<ol start="4"><li>a</li><li value="9">b</li><li>c</li></ol>', ["4.", "9.", "10."]),
        ('<ol type="a"><li>a</li><li>b</li></ol>', ["a.", "b."]),
        ('<ol type="I" reversed><li>a</li><li>b</li></ol>', ["II.", "I."]),
        ('<ol><li>a<ol type="i"><li>b</li></ol></li><li>c</li></ol>', ["1.", "i.", "2."]),
        ('<ol start="x"><li>a</li><ul><li>b</li></ul></ol>', ["1.", None]),
        ("<p>4.12 The nurse rang.</p>", ["4.12"]),
    ],
)
def test_numbers(html: str, numbers: list[str | None]) -> None:
    assert [block.number for block in read(html)] == numbers


@pytest.mark.parametrize(
    ("data", "text", "warned"),
    [
        (codecs.BOM_UTF8 + "<p>Caf\u00e9".encode(), "Caf\u00e9", False),
        (codecs.BOM_UTF16_LE + "<p>Caf\u00e9".encode("utf-16-le"), "Caf\u00e9", False),
        ("<p>Caf\u00e9".encode(), "Caf\u00e9", False),
        (b'<meta charset="iso-8859-1"><p>\x93Caf\xe9\x94', "\u201cCaf\u00e9\u201d", False),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>Caf\xe9', "Caf\u00e9", False),
        (b'<?xml version="1.0" encoding="iso-8859-15"?><html><body><p>\xa4 5</p></body></html>', "\u20ac 5", False),
        (b'<meta charset="utf-8"><p>Caf\xe9', "Caf\u00e9", True),
        (b"<p>\x93Caf\xe9\x94 \x81", "\u201cCaf\u00e9\u201d \ufffd", True),
        (b'<meta charset="base64"><p>plain', "plain", False),
    ],
)
def test_encodings(data: bytes, text: str, warned: bool) -> None:
    found, warnings = read_html(data, LIMITS)
    assert [block.text for block in found] == [text]
    assert bool(warnings) is warned


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4", "is a PDF, not a web page"),
        (b"PK\x03\x04rest", "is a ZIP archive"),
        (b"<html>\x00\x01\x02", "is a binary file"),
        (b"<html><script>x</script></html>", "holds no text"),
        (b"", "holds no text"),
        (b"<div>" * 5000 + b"x", "nested too deeply"),
    ],
)
def test_refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_html(data, LIMITS)
    assert caught.value.remedy


def test_deep_nesting_is_read() -> None:
    assert kinds("<div>" * 1500 + "x" + "</div>" * 1500) == [("body", "x")]


def test_text_limit() -> None:
    with pytest.raises(InputError, match="more than 1,000 characters"):
        read_html(b"<p>word</p>" * 1000, Limits(text_chars=1000))


PIECES = st.sampled_from(
    [
        *(
            f"<{close}{name}>"
            for name in ("p", "li", "ol", "td", "h2", "b", "sup", "pre", "nav")
            for close in ("", "/")
        ),
        "word",
        " ",
        "<br>",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_any_tag_soup_is_read(pieces: list[str]) -> None:
    found = read("<p>Start.</p>" + "".join(pieces))
    assert found[0] == Block("Start.")
    assert all(block.kind in KINDS and block.text.strip() == block.text != "" for block in found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_html(b"<html><body><p>" + data, LIMITS)
    except InputError as error:
        assert error.remedy
