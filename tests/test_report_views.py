"""The views: terminal and HTML. What they must show, and what they must never let through."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import scr_tone
from scr_tone.records import Block, Document
from scr_tone.rendering.html import html_page
from scr_tone.rendering.terminal import terminal_text

HOSTILE = "The nurse failed <script>alert(1)</script> to \x1b[31mring\x1b]0;title\x07 & \u202eleft \"quotes\" 'too'."


@pytest.fixture(scope="module")
def report(tone: scr_tone.ToneAnalyser) -> scr_tone.Report:
    return tone.analyse(
        Document.from_blocks(
            [
                Block("4. Analysis", "heading", 3, "4.", 1),
                Block("4.12 The nurse failed to call back. The family moved.", "body", 3, "4.12"),
                Block("5. Response", "heading", 4, "5.", 1),
                Block("The Trust accepts this and apologises to the family.", "quote", 4),
                Block("The school should have known.", "list_item", 5),
            ],
            name="draft.docx",
            format="docx",
        )
    )


def test_terminal_shows_where_what_and_why(report: scr_tone.Report) -> None:
    text = terminal_text(report.to_dict())
    assert "4. Analysis" in text
    assert re.search(r"blame \d+% · p\. 3 · 4\.12 · on: practitioner", text)
    assert "4.12 The nurse failed to call back." in text
    assert "failed to (failure verbs)" in text
    assert "The family moved" not in text  # neutral is not listed
    assert "flagged: 2" in text
    assert "left out of the counts: 2 headings" in text
    assert "\x1b" not in text


def test_terminal_lists_other_labels_on_request(report: scr_tone.Report) -> None:
    text = terminal_text(report.to_dict(), show=("accountability",))
    assert "apologises" in text
    assert "failed to call back" not in text


def test_terminal_marks_cues_in_colour_only_when_asked(
    report: scr_tone.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;4mfailed\x1b[0m" in terminal_text(report.to_dict(), colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in terminal_text(report.to_dict(), colour=True)


def test_terminal_keeps_hostile_characters_out(tone: scr_tone.ToneAnalyser) -> None:
    text = terminal_text(tone.analyse(HOSTILE).to_dict(), show=scr_tone.LABELS, colour=False)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


class Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert tag not in ("script", "iframe", "object", "img", "link", "form"), tag
        assert not any(name.startswith("on") for name in values), values
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def checked(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    assert len(set(checker.ids)) == len(checker.ids)
    assert {link.removeprefix("#") for link in checker.links} <= set(checker.ids)
    return checker


def test_html_is_well_formed_and_self_contained(report: scr_tone.Report) -> None:
    page = report.to_html()
    checker = checked(page)
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    assert "failed to call back" in checker.text
    assert "not people" in checker.text
    assert len(checker.links) == 2 * len(report.flagged)  # from the strip and from the list


def test_html_escapes_a_hostile_text(tone: scr_tone.ToneAnalyser) -> None:
    document = Document.from_blocks([Block(HOSTILE)], name="<b>.txt")
    page = tone.analyse(document).to_html()
    checked(page)
    assert "<script>" not in page
    assert "<b>.txt" not in page


def test_html_of_several_documents(report: scr_tone.Report) -> None:
    page = html_page([report.to_dict()] * 2, texts=[report.document.text] * 2)
    assert checked(page).text.count("Method and limits") == 2


def test_html_of_a_text_without_blame(tone: scr_tone.ToneAnalyser) -> None:
    assert "No sentence reads as blame" in checked(tone.analyse("The family moved in May.").to_html()).text
