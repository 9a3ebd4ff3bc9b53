"""Notes beside the flags, filters, going from flag to flag, the strip, the sections, quoted speech."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .actions import FLAGS, expect, focused, status
from .conftest import TEXT, check, give

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def test_a_note_says_why_how_sure_and_what_to_ask(checked: Page) -> None:
    checked.click(f"{FLAGS} mark")
    note = checked.locator(".note.open")
    text = note.inner_text()
    assert "puts the fault in somebody" in text
    assert "failed to" in note.locator(".clues").inner_text()
    scores = note.locator(".scores > div").all_inner_texts()
    assert len(scores) == 4
    assert all(re.search(r"\d%", score) for score in scores)
    assert note.locator(".scores svg rect").count() == 4
    assert note.locator(".questions li").count() == 2
    assert "Dekker" in note.locator(".sources").inner_text()
    tag = checked.locator(f"{FLAGS} button.tag").first
    assert tag.get_attribute("aria-expanded") == "true"
    assert checked.locator(f"#{tag.get_attribute('aria-controls')}").count() == 1
    assert "health visitor" in checked.inner_text(f"#{tag.get_attribute('aria-describedby')}")
    checked.keyboard.press("Escape")
    assert note.count() == 0
    assert "health visitor" in focused(checked)


def test_the_questions_are_those_that_the_service_gives(page: Page) -> None:
    with page.expect_response("**/v1/analyse*") as caught:
        check(page)
    sentences = {s["text"]: s for s in caught.value.json()["sentences"] if s["advice"]}
    page.check("#show-learning")
    page.check("#show-accountability")
    marks = page.locator("#document .flag:not(.quoted) mark")
    assert marks.count() >= 4
    for index in range(marks.count()):
        marks.nth(index).click()
        note = page.locator(".note.open")
        shown = marks.nth(index).inner_text()
        advice = next(s["advice"] for text, s in sentences.items() if text.endswith(shown))
        assert note.locator(".questions li").all_inner_texts() == [q["text"] for q in advice["questions"]]
        assert advice["why"] in note.inner_text()
        names = {source["name"] for question in advice["questions"] for source in question["sources"]}
        assert all(name in note.locator(".sources").inner_text() for name in names)
        page.keyboard.press("Escape")


def test_a_note_offers_a_rewording_and_says_where_an_honest_act_is_blamed(page: Page) -> None:
    text = "\U0001f600 He rang. \U0001f600 Staff failed to check the dose. It was naive of the nurse."

    def add(route: Route) -> None:
        reply = route.fetch().json()
        start = text.index("failed to")
        for sentence in reply["sentences"][1:]:
            first = sentence["start"] <= start < sentence["end"]
            sentence["label"] = "blame"
            sentence["advice"] = {
                "why": "Why.",
                "questions": [
                    {"text": "What?", "sources": [{"key": "k", "name": "A source", "url": "https://a.invalid"}]}
                ],
                "note": "Berwick says." if first else None,
                "rewording": {"start": start, "end": start + 9, "text": "did not"} if first else None,
            }
        route.fulfill(json=reply)

    page.route("**/v1/analyse*", add)
    check(page, text)
    page.keyboard.press("n")
    note = page.locator(".note.open")
    assert note.locator(".rewording q").all_inner_texts() == ["did not", "failed to"]
    assert note.locator(".ladder").inner_text() == "Berwick says."
    assert note.locator("a").count() == 0  # nothing that a browser could look up in advance
    assert "failed to" in page.locator(".flag.chosen mark").inner_text()  # nothing was applied
    page.keyboard.press("n")
    assert note.locator(".rewording, .ladder").count() == 0


def test_a_service_without_advice_still_gets_its_notes(page: Page) -> None:
    def strip(route: Route) -> None:
        reply = route.fetch().json()
        for sentence in reply["sentences"]:
            sentence.pop("advice", None)
        route.fulfill(json=reply)

    page.route("**/v1/analyse*", strip)
    check(page)
    page.keyboard.press("n")
    note = page.locator(".note.open")
    assert "puts the fault in somebody" in note.inner_text()
    assert note.locator(".questions, .sources").count() == 0
    assert note.locator(".scores > div").count() == 4


def test_filters(checked: Page) -> None:
    page = checked
    assert page.is_checked("#show-blame")
    assert not page.is_checked("#show-learning")
    assert page.locator("#document .flag.learning .tag").first.is_hidden()
    assert page.inner_text("#place") == "3 flags"
    page.check("#show-learning")
    page.check("#show-accountability")
    assert page.locator("#document .flag.learning .tag").first.is_visible()
    learning = page.locator("#document .flag.learning mark").first
    assert learning.evaluate("e => getComputedStyle(e).borderBottomStyle") == "dotted"
    assert (
        page.locator("#document .flag.accountability mark").evaluate("e => getComputedStyle(e).borderBottomStyle")
        == "dashed"
    )
    count = sum(int(page.inner_text(f"#count-{label}")) for label in ("blame", "learning", "accountability"))
    assert page.inner_text("#place") == f"{count} flags"
    assert f"{count} flags shown" in status(page)
    page.uncheck("#show-blame")
    assert page.locator("#document .flag.blame .tag").first.is_hidden()
    assert page.locator(".note.blame").first.is_hidden()


def test_the_current_sentence_stays_in_place_while_others_come_and_go(page: Page) -> None:
    give(page)
    for _ in range(4):
        page.keyboard.press("n")
    top = "document.querySelector('.flag.chosen').getBoundingClientRect().top"
    before = page.evaluate(top)
    for box in ("#show-learning", "#show-accountability", "#quotes"):
        page.focus(box)
        page.keyboard.press("Space")
        assert abs(page.evaluate(top) - before) < 2, box
    page.keyboard.press("i")
    assert abs(page.evaluate(top) - before) < 2


def test_stepping_by_keys_and_buttons(checked: Page) -> None:
    page = checked
    seen = []
    for key in ("n", "j", "n"):
        page.keyboard.press(key)
        seen.append(focused(page))
        assert page.locator(".note.open").is_visible()
        assert page.locator(".flag.chosen").evaluate(
            "e => e.getBoundingClientRect().top >= document.getElementById('controls').getBoundingClientRect().bottom - 1"
        )
    assert seen == page.locator(f"{FLAGS} mark").all_inner_texts()
    assert page.inner_text("#place") == "3 of 3"
    page.keyboard.press("n")
    assert focused(page) == seen[0]
    assert "from the other end" in status(page)
    page.keyboard.press("p")
    assert focused(page) == seen[2]
    page.keyboard.press("k")
    assert focused(page) == seen[1]
    page.click("#next")
    assert focused(page) == seen[2]
    page.click("#previous")
    assert focused(page) == seen[1]


def test_single_letter_keys_can_be_turned_off_and_never_eat_typing(checked: Page) -> None:
    page = checked
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.uncheck("#keys")
    page.click("#help-close")
    page.keyboard.press("n")
    assert page.inner_text("#place") == "3 flags"
    page.click("#help-open")
    page.check("#keys")
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    assert page.evaluate("document.activeElement.id") == "help-open"
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.keyboard.type("nnpp??")
    assert "nnpp??" in page.input_value(".editor textarea")
    assert page.locator("#help").is_hidden()


def test_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result:not([hidden])")
    page.keyboard.press("n")
    page.keyboard.press("Enter")  # the label is a button: closes the note, and opens it
    assert page.locator(".note.open").count() == 0
    page.keyboard.press("Enter")
    assert page.locator(".note.open").count() == 1
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"


def test_the_strip_jumps_on_click(page: Page) -> None:
    give(page)
    strip = page.locator("#strip")
    assert strip.locator("rect.fill-blame").count() == int(page.inner_text("#count-blame"))
    widths = strip.locator("rect.fill-blame").evaluate_all("list => list.map(rect => +rect.getAttribute('width'))")
    widest = widths.index(max(widths))
    target = strip.locator("rect.fill-blame").nth(widest)
    box, whole = target.bounding_box(), strip.bounding_box()
    assert box
    assert whole
    strip.click(position={"x": box["x"] - whole["x"] + box["width"] / 2, "y": 20})
    assert page.inner_text("#place").startswith(f"{widest + 1} of")
    assert page.locator(".flag.chosen").is_visible()
    assert page.evaluate("scrollY") > 500
    strip.click(position={"x": 3, "y": 20})
    assert page.locator(".note.open").count() == 0  # nothing is flagged there
    assert page.evaluate("scrollY") < 1500
    width = page.locator("#strip .seen").get_attribute("width")
    assert width
    assert float(width) > 0


def test_the_strip_is_a_slider_for_the_keyboard(page: Page) -> None:
    give(page)
    page.focus("#strip")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#place").startswith("2 of")
    assert page.evaluate("document.activeElement.id") == "strip"
    assert "reads as blame" in (page.get_attribute("#strip", "aria-valuetext") or "")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#place").startswith("1 of")
    page.keyboard.press("End")
    last = page.inner_text("#place")
    assert last.split(" of ")[0] == last.split(" of ")[1]
    page.keyboard.press("Home")
    before = int(page.get_attribute("#strip", "aria-valuenow") or 0)
    page.keyboard.press("PageDown")
    assert int(page.get_attribute("#strip", "aria-valuenow") or 0) > before
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    assert int(page.get_attribute("#strip", "aria-valuenow") or 0) < before + 1
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert focused(page)


def test_section_bars_count_and_jump(page: Page) -> None:
    give(page)
    item = page.locator("button.section", has_text="The eight-year-old who told")
    assert re.search(r"\d blame in \d+ sentences", item.inner_text())
    assert item.locator("svg rect.fill-blame").count() == 1
    item.click()
    assert page.evaluate("document.activeElement.textContent") == "The eight-year-old who told"
    top = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert 0 < top < 500
    expect(page.locator("button.section[aria-current]").first).to_contain_text("eight-year-old")


def test_quoted_speech_can_be_left_out(checked: Page) -> None:
    page = checked
    check_text = "\u201cThe social worker is to blame for this.\u201d"
    assert page.locator(".flag.quoted").inner_text().endswith(check_text)
    page.check("#quotes")
    assert page.inner_text("#count-blame") == "2"
    assert page.locator(".flag.quoted .tag").is_hidden()
    assert page.inner_text("#place") == "2 flags"
    page.uncheck("#quotes")
    assert page.inner_text("#count-blame") == "3"
