"""The views: terminal and HTML. What they must show, and what they must never let through."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

import scr_tone
from scr_tone.records import Block, Document
from scr_tone.rendering import names
from scr_tone.rendering.html import html_page
from scr_tone.rendering.skipped import reason_in_words
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
    for sentence in report.flagged:
        # From the strip and from the text to the flag, and from the flag to the text.
        assert checker.links.count(f"#d0-f{sentence.index}") == 2
        assert f"#d0-{sentence.index}" in checker.links


def test_html_escapes_a_hostile_text(tone: scr_tone.ToneAnalyser) -> None:
    document = Document.from_blocks([Block(HOSTILE)], name="<b>.txt")
    page = tone.analyse(document).to_html()
    checked(page)
    assert "<script>" not in page
    assert "<b>.txt" not in page


def test_html_of_several_documents(report: scr_tone.Report) -> None:
    page = html_page([report.to_dict()] * 2, texts=[report.document.text] * 2)
    assert page.count("<h1>") == 2
    assert checked(page).text.count("It is no evidence for or against anybody") == 2


def test_html_of_a_text_without_blame(tone: scr_tone.ToneAnalyser) -> None:
    assert "none reads as blame" in checked(tone.analyse("The family moved in May.").to_html()).text


ADVICE = {
    "why": "It says that somebody failed & stops there.",
    "questions": [
        {
            "text": "What did she know <then>?",
            "sources": [{"key": "dekker", "name": "Dekker 2012"}, {"key": "m", "name": "Munro 2011"}],
        },
        {"text": "What else was pressing?", "sources": []},
    ],
    "note": "A reckless act is for another process.",
    "rewording": {"start": 27, "end": 36, "text": "did not"},
}


@pytest.fixture
def whole(report: scr_tone.Report) -> dict[str, object]:
    """A report with everything that the page can show."""
    data = json.loads(report.to_json())
    data["purpose"] = {
        "communicated": {"status": "met", "evidence": [1], "missing": ""},
        "positive": {"status": "partly", "evidence": [], "missing": "Say what is to be learned."},
        "complications": {"status": "not_found", "evidence": [], "missing": "Name what complicates it."},
    }
    for sentence in data["sentences"]:
        sentence["advice"] = ADVICE if sentence["label"] == "blame" else None
    family = data["sentences"][2]
    family |= {"label": "learning", "factors": ["workload", "information"], "culpability": "reckless"}
    next(s for s in data["sentences"] if s["flagged"])["culpability"] = "at_risk"
    data["summary"]["factors"] = {"workload": 1, "information": 1}
    school = data["sentences"][-1]
    school |= {"skipped": "accepted", "flagged": False}
    data["summary"]["skipped"]["accepted"] = 1
    return data


def page_of(data: dict[str, object], report: scr_tone.Report) -> tuple[str, str]:
    page = html_page([data], texts=[report.document.text])
    return page, re.sub(r"\s+", " ", checked(page).text)


def test_html_shows_why_and_the_questions_with_what_they_rest_on(
    whole: dict[str, object], report: scr_tone.Report
) -> None:
    page, text = page_of(whole, report)
    assert "It says that somebody failed & stops there." in text
    assert "What did she know <then>? [1, 2]" in text
    assert '<a href="#d0-r2" title="Munro 2011">2</a>]</cite></li>' in page
    assert "What the questions rest on Dekker 2012 Munro 2011" in text
    assert "<li>What else was pressing?</li>" in page
    assert "without a loss: failed to did not" in text
    assert text.count("A reckless act is for another process.") == 1  # the other one is accepted


def test_html_numbers_the_flags_here_and_in_the_text(report: scr_tone.Report) -> None:
    page = report.to_html()
    for number, sentence in enumerate(report.flagged, 1):
        assert f'<span class="number">{number}</span>' in page
        assert f'<sup><a href="#d0-f{sentence.index}">{number}</a></sup>' in page


def test_html_shows_the_purpose_profile(whole: dict[str, object], report: scr_tone.Report) -> None:
    _, text = page_of(whole, report)
    assert re.search(r"told what the review is for\? \S met 4.12 The nurse failed to call back\.", text)
    assert re.search(
        r"strongly and positively\? \S partlySay what is to be learned\.", text.replace("partly ", "partly")
    )
    assert "not found" in text
    del whole["purpose"]
    assert "What the text says of its purpose" not in page_of(whole, report)[1]


def test_html_shows_contributory_factors_and_those_that_are_not_named(
    whole: dict[str, object], report: scr_tone.Report
) -> None:
    page, text = page_of(whole, report)
    assert '<th scope="row">Workload <span class="scope">' in page
    assert "Not named: supervision, training, procedures, tools, joint working, culture" in text
    assert "A knowing shortcut (1)" in text
    for sentence in whole["sentences"]:  # type: ignore[attr-defined]
        sentence["label"] = "neutral"
    assert "What made things likely" not in page_of(whole, report)[1]


def test_html_lists_what_was_left_out(whole: dict[str, object], report: scr_tone.Report) -> None:
    page, text = page_of(whole, report)
    assert "Left out of the counts (3)" in text
    assert "2 headings, 1 accepted as intended." in text
    assert page.index("accepted as intended; 1 reads as blame</summary>") < page.index("2 headings</summary>")
    assert re.search(r'<span class="aside" id="d0-\d+" title="blame \d+%, left out: accepted as intended">', page)
    assert "Sentences to look at again (1)" in text


def test_html_has_a_name_for_every_key() -> None:
    schema = json.loads(files("scr_tone").joinpath("resources/report.schema.json").read_text(encoding="utf-8"))
    sentence = schema["$defs"]["sentence"]["properties"]
    assert set(names.FACTORS) == set(schema["$defs"]["factor"]["enum"])
    assert set(names.CULPABILITY) == {level for level in sentence["culpability"]["enum"] if level not in ("none", None)}
    assert set(names.MEANING) == set(scr_tone.LABELS)
    for reason in filter(None, sentence["skipped"]["enum"]):
        assert reason_in_words(reason)


def test_cells_with_a_word_or_two_share_a_line(tone: scr_tone.ToneAnalyser) -> None:
    cells = [
        Block(text, "table_cell") for text in ("Version", "Date", "The nurse failed to call back.", "0.1", "3 July")
    ]
    page = tone.analyse(Document.from_blocks(cells)).to_html()
    text = re.sub(r"<(?!/?p)[^>]*>", "", page[page.index('<div class="text">') :])
    assert '<p class="table_cell">Version \u00b7 Date</p>' in text
    assert '<p class="table_cell">0.1 \u00b7 3 July</p>' in text
