"""The page, as authors use it: every action, by mouse and by keyboard, in real Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import DRAFT, TEXT, Running, check, give, sync_api

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

expect = sync_api and sync_api.expect
FLAGS = "#document .flag.blame:not(.kept)"


def status(page: Page) -> str:
    return page.inner_text("#status")


def focused(page: Page) -> str:
    """The sentence whose label has the keyboard."""
    return page.evaluate("document.activeElement.closest('.flag')?.querySelector('mark').textContent ?? ''")


def answer(page: Page, path: str, status_: int, detail: str = "", title: str = "t", **headers: str) -> None:
    """Let the service answer so."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status_, "detail": detail})
    page.route(
        f"**/{path}*",
        lambda route: route.fulfill(
            status=status_, content_type="application/problem+json", body=body, headers=headers
        ),
    )


def posts(page: Page) -> list[Any]:
    """What is posted from now on."""
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


# ---- start, check, progress, errors ----


def test_the_start_says_what_it_is_and_is_not(page: Page) -> None:
    assert page.inner_text("h1 >> visible=true") == "How will this draft sound?"
    top = page.inner_text("header")
    assert "judges wording, never people" in top
    assert "stays on this machine" in top
    assert "no evidence" in page.inner_text(".know")
    assert page.get_attribute("html", "lang") == "en-GB"


def test_pasted_text_becomes_a_document(checked: Page) -> None:
    page = checked
    assert page.evaluate("document.activeElement.id") == "result-title"
    assert page.inner_text("#count-blame") == "3"
    assert page.inner_text("#count-accountability") == "1"
    assert page.locator("#document h2").all_inner_texts() == ["1 What happened", "2 What was said"]
    assert page.locator("#document [role=list] > [role=listitem]").count() == 2
    mark = page.locator(FLAGS).first
    assert mark.locator("button.tag").inner_text().lower() == "blame"  # a word, not only a colour
    assert mark.locator("mark").evaluate("e => getComputedStyle(e).borderBottomStyle") == "solid"
    assert mark.locator("mark").inner_text().startswith("The health visitor failed to follow up")
    assert "failed to" in page.locator(".note.blame").first.inner_text()
    assert "3 sentences read as blame" in page.inner_text("#result-counts")
    assert "Done." in status(page)


def test_what_is_shown_is_what_the_service_says(page: Page, service: str) -> None:
    with page.expect_response("**/v1/analyse/file*") as caught:
        give(page)
    report = caught.value.json()
    assert page.inner_text("#result-title") == "draft_review_child_m.docx"
    shown = page.locator("#document .flag").count()
    assert shown == sum(s["label"] != "neutral" and s["skipped"] in (None, "quote") for s in report["sentences"])
    counts = page.inner_text("#result-counts")
    # The page's own counting, with quotations in, is the service's.
    plain = page.request.post(
        f"{service}v1/analyse/file",
        multipart={"file": {"name": "d.docx", "mimeType": "x/y", "buffer": DRAFT.read_bytes()}},
    ).json()["summary"]
    assert counts.startswith(f"{plain['sentences']} sentences, {plain['words']:,} words. {plain['flagged']} sentences")
    assert page.locator("#section-list li").count() == len(plain["sections"])
    text = page.inner_text("#document")
    assert all(
        " ".join(s["text"].split()) in " ".join(text.split()) for s in report["sentences"] if s["label"] == "neutral"
    )


def test_a_dropped_file_is_checked(page: Page) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "draft.md", {type: "text/markdown"}));
          document.body.dispatchEvent(new DragEvent("dragover", {dataTransfer: data, bubbles: true, cancelable: true}));
          window.dropping = document.body.classList.contains("dropping");
          document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        "# Findings\n\nThe nurse failed to call back.\n\n> It was a disgrace.\n",
    )
    page.wait_for_selector("#result:not([hidden])")
    assert page.evaluate("window.dropping") is True
    assert page.inner_text("#result-title") == "draft.md"
    assert page.locator("#document h2").inner_text() == "Findings"
    assert page.locator("#document blockquote").count() == 1


def test_a_pdf(page: Page) -> None:
    give(page, DRAFT.with_name("review_family_r.pdf"))
    assert page.locator("#document .row").count() > 50


def test_progress_is_shown_and_can_be_cancelled(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/analyse*", hold)
    page.fill("#text", TEXT)
    page.click("text=Check this text")
    page.wait_for_selector("#working:not([hidden])")
    assert page.locator("#progress").get_attribute("value") is None  # nobody knows how far it is, so it does not say
    assert "words" in page.inner_text("#working-what")
    expect(page.locator("#working-time")).to_contain_text("s so far")
    page.click("text=Cancel")
    page.wait_for_selector("#start:not([hidden])")
    assert "Cancelled" in status(page)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.input_value("#text") == TEXT
    page.unroute("**/v1/analyse*")
    page.click("text=Check this text")
    page.wait_for_selector("#result:not([hidden])")


@pytest.mark.parametrize(
    ("code", "detail", "headers", "words"),
    [
        (413, "", {}, "more than the service takes"),
        (429, "", {"Retry-After": "7"}, "room again in 7 seconds"),
        (503, "", {}, "busy"),
        (500, "", {}, "went wrong inside"),
        (422, "holds no words; give a text with at least one word", {}, "It holds no words. Give a text"),
        (418, "", {}, "did not accept"),
    ],
)
def test_errors_in_plain_words(
    open_page: Callable[..., Page], code: int, detail: str, headers: dict[str, str], words: str
) -> None:
    page = open_page(errors=True)
    answer(page, "v1/analyse", code, detail, **headers)
    page.fill("#text", "The nurse failed to call back.")
    page.click("text=Check this text")
    error = page.locator("#error")
    error.wait_for()
    assert words in error.inner_text()
    assert error.get_attribute("role") == "alert"
    assert page.evaluate("document.activeElement.id") == "error"
    assert page.input_value("#text") == "The nurse failed to call back."
    page.unroute("**/v1/analyse*")
    page.click("text=Check this text")
    page.wait_for_selector("#result:not([hidden])")
    assert error.is_hidden()


def test_a_service_that_has_gone(open_page: Callable[..., Page]) -> None:
    page = open_page(errors=True)
    page.route("**/v1/analyse*", lambda route: route.abort())
    page.fill("#text", "The nurse failed to call back.")
    page.click("text=Check this text")
    page.wait_for_selector("#error:not([hidden])")
    assert "does not answer" in page.inner_text("#error")


def test_nothing_to_check(page: Page) -> None:
    page.click("text=Check this text")
    assert "no text yet" in page.inner_text("#error")


def test_an_old_word_file_says_what_to_do(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(errors=True)
    old = tmp_path / "old.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)
    page.set_input_files("#file", old)
    page.wait_for_selector("#error:not([hidden])")
    assert "save it as DOCX" in page.inner_text("#error")


def test_a_service_with_a_key(open_page: Callable[..., Page]) -> None:
    running = Running(api_key="a-key-for-the-tests-1234")
    try:
        page = open_page(url=running.url, errors=True)
        page.fill("#text", TEXT)
        page.click("text=Check this text")
        page.fill("#key", "not the right one at all")
        page.click("text=Use this key")
        page.wait_for_selector("text=That key is not right")
        page.fill("#key", "a-key-for-the-tests-1234")
        page.click("text=Use this key")
        page.wait_for_selector("#result:not([hidden])")
    finally:
        running.stop()


# ---- notes, filters, stepping ----


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
    assert note.locator(".questions li").count() >= 3
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


# ---- strip, sections, quotations ----


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


# ---- intended, edit ----


def test_intended_stays_quiet_also_after_checking_again(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    first = focused(page)
    page.click(".note.open .keep")
    assert page.inner_text("#count-blame") == "2"
    assert page.locator(".flag.kept mark").inner_text() == first
    assert "kept as intended" in page.inner_text("#result-counts")
    assert page.inner_text(".flag.kept .tag").lower() == "blame, kept"
    page.keyboard.press("n")
    assert focused(page) != first
    page.click("#again")
    check(page)
    assert page.inner_text("#count-blame") == "2"
    assert page.locator(".flag.kept mark").inner_text() == first
    page.click(".flag.kept mark")
    page.keyboard.press("i")  # and back
    assert page.inner_text("#count-blame") == "3"
    assert page.locator(".flag.kept").count() == 0


def edit(page: Page, row: int, text: str) -> None:
    line = page.locator("#document .row").nth(row)
    line.hover()
    line.locator("button.pencil").click()
    page.fill(".editor textarea", text)
    page.click("text=Check again")
    page.wait_for_selector(".editor", state="detached")


def test_only_the_edited_paragraph_is_checked_again(checked: Page) -> None:
    page = checked
    sent = posts(page)
    ids = page.locator("#document .row").evaluate_all("rows => rows.map(row => row.id)")
    kept = page.locator("#document .row").nth(1).locator("[id^=sentence]").first.get_attribute("id")
    new = "4.1 The nurse visited on 3 March. A card was left, and the visit was not repeated."
    edit(page, 1, new)
    assert len(sent) == 1
    assert sent[0].post_data_json["text"] == new
    assert page.inner_text("#count-blame") == "2"
    assert page.locator("#document .row").evaluate_all("rows => rows.map(row => row.id)") == ids
    row = page.locator("#document .row").nth(1)
    assert row.locator("[id^=sentence]").first.get_attribute("id") == kept  # the sentence that stayed
    assert "A card was left" in row.inner_text()
    assert "1 changed sentence reads as: neutral" in status(page)
    # Back again, without the service.
    row.locator("text=Put back the original").click()
    assert page.inner_text("#count-blame") == "3"
    assert page.locator(".edited").count() == 0
    assert len(sent) == 1


def test_an_intended_sentence_stays_quiet_in_an_edited_paragraph(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    sentence = focused(page)
    page.keyboard.press("i")
    edit(page, 1, f"4.1 {sentence} She failed to write it down.")
    assert page.locator(".flag.kept mark").inner_text() == sentence
    assert (
        "She failed to write it down"
        in page.locator("#document .row").nth(1).locator(".flag.blame:not(.kept)").inner_text()
    )


def test_edit_by_keyboard_cancel_split_and_take_out(checked: Page) -> None:
    page = checked
    sent = posts(page)
    rows = page.locator("#document .row").count()
    page.keyboard.press("n")
    page.keyboard.press("e")
    area = page.locator(".editor textarea")
    before = area.input_value()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    area.fill("Something else.")
    page.keyboard.press("Escape")
    assert page.locator(".editor").count() == 0
    assert "health visitor" in focused(page)
    page.keyboard.press("e")
    assert area.input_value() == before
    page.keyboard.press("Control+Enter")  # nothing was changed, nothing is sent
    assert not sent
    # A line break makes two paragraphs.
    edit(page, 1, "4.1 The nurse visited on 3 March.\nThe health visitor failed to call.")
    assert page.locator("#document .row").count() == rows + 1
    assert page.locator("#document .row").nth(2).locator(".flag.blame").count() == 1
    page.locator("text=Put back the original").first.click()
    assert page.locator("#document .row").count() == rows
    # No text takes it out.
    edit(page, 1, "")
    assert page.inner_text("#count-blame") == "2"
    page.click("text=Put it back")
    assert page.inner_text("#count-blame") == "3"


def test_an_edit_that_cannot_be_checked_is_not_lost(open_page: Callable[..., Page]) -> None:
    page = open_page(errors=True)
    check(page)
    answer(page, "v1/analyse", 503)
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.fill(".editor textarea", "The visit was not repeated.")
    page.click("text=Check again")
    page.wait_for_selector(".editor .error")
    assert "busy" in page.inner_text(".editor .error")
    assert page.input_value(".editor textarea") == "The visit was not repeated."
    page.unroute("**/v1/analyse*")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".editor", state="detached")
    assert page.inner_text("#count-blame") == "2"


def test_an_edit_left_while_it_is_checked_changes_nothing(checked: Page) -> None:
    page = checked
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/analyse*", hold)
    before = page.inner_text("#document")
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.fill(".editor textarea", "Something quite different.")
    page.click("text=Check again")
    expect(page.locator(".editor button.main")).to_have_text("Checking…")
    page.click(".editor >> text=Cancel")
    held[0].continue_()
    page.wait_for_timeout(500)
    page.keyboard.press("Escape")
    assert page.inner_text("#document") == before


def test_leaving_with_edits_asks_first(checked: Page) -> None:
    page = checked
    edit(page, 1, "4.1 The nurse visited on 3 March.")
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.click("#again")
    assert "not been downloaded" in asked[0]
    assert page.locator("#result").is_visible()
    kinds: list[str] = []

    def stay(dialog: Any) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(700)
    assert kinds == ["beforeunload"]
    assert page.locator("#result").is_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#again")
    assert page.locator("#start").is_visible()


def test_offsets_beyond_the_basic_plane(page: Page) -> None:
    check(
        page,
        "\U0001f600 The nurse said \U0001f468\u200d\U0001f469\u200d\U0001f467. The \U0001f600 nurse failed to call back.",
    )
    marked = page.locator(FLAGS).last
    assert marked.locator("mark").inner_text() == "The \U0001f600 nurse failed to call back."
    assert any("failed to" in words for words in marked.locator("b").all_inner_texts())


# ---- downloads, paper ----


def download(page: Page, button: str) -> tuple[str, bytes]:
    if not page.locator("#downloads[open]").count():
        page.click("#downloads summary")
    with page.expect_download() as caught:
        page.click(button)
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()


def test_the_table(checked: Page) -> None:
    checked.keyboard.press("n")
    checked.keyboard.press("i")
    name, data = download(checked, "#get-csv")
    assert name == "text-tone.csv"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == checked.locator("[id^=sentence-]").count()
    kept = [row for row in rows if row["intended"] == "yes"]
    assert [row["label"] for row in kept] == ["blame"]
    assert "failed to" in kept[0]["cues"]
    assert (
        abs(sum(float(kept[0][f"score_{label}"]) for label in ("blame", "learning", "accountability", "neutral")) - 1)
        < 1e-4
    )
    dash = next(row for row in rows if "naive" in row["text"])
    assert dash["text"].startswith("'-")  # no spreadsheet runs it


def test_the_text_with_its_edits(checked: Page) -> None:
    edit(checked, 1, "4.1 A card was left.")
    name, data = download(checked, "#get-text")
    assert name == "text-edited.txt"
    text = data.decode()
    assert "4.1 A card was left.\n\n4.2 She had" in text
    assert "failed to follow up" not in text


def test_the_html_report(page: Page, service: str) -> None:
    """Made by the service, where it offers that; of an edited text, by way of a web page that it reads again."""
    paths = page.request.get(f"{service}openapi.json").json()["paths"]
    offered = any(p["name"] == "format" for p in paths["/v1/analyse/file"]["post"].get("parameters", []))
    if not offered:
        give(page)
        page.click("#downloads summary")
        assert page.locator("#get-html").is_hidden()
        pytest.skip("this service makes no HTML reports; the page does not offer them")
    give(page)
    name, data = download(page, "#get-html")
    assert name == "draft_review_child_m-tone.html"
    assert "draft_review_child_m.docx" in data.decode()
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.fill(".editor textarea", "A quite new sentence about this day.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".editor", state="detached")
    name, data = download(page, "#get-html")
    assert "A quite new sentence about this day." in data.decode()


def test_html_and_word_files_are_offered_when_the_service_makes_them(
    open_page: Callable[..., Page], service: str
) -> None:
    page = open_page()
    description = {
        "paths": {
            "/v1/analyse/file": {"post": {"parameters": [{"name": "format", "in": "query"}]}},
            "/v1/annotate": {"post": {}},
        }
    }
    page.route("**/openapi.json", lambda route: route.fulfill(json=description))
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_load_state("networkidle")
    sent = posts(page)
    give(page)
    page.route(
        "**/v1/analyse/file*format=html*", lambda route: route.fulfill(content_type="text/html", body="<p>report</p>")
    )
    page.route("**/v1/annotate", lambda route: route.fulfill(content_type="application/octet-stream", body=b"PK"))
    assert download(page, "#get-html") == ("draft_review_child_m-tone.html", b"<p>report</p>")
    assert download(page, "#get-docx") == ("draft_review_child_m-comments.docx", b"PK")
    assert b'filename="draft_review_child_m.docx"' in (sent[-1].post_data_buffer or b"")
    page.keyboard.press("n")
    page.keyboard.press("e")
    page.fill(".editor textarea", "A quite new <b>sentence</b> & more.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".editor", state="detached")
    download(page, "#get-html")
    body = (sent[-1].post_data_buffer or b"").decode()
    assert "<p>A quite new &lt;b&gt;sentence&lt;/b&gt; &amp; more.</p>" in body
    assert "<h" in body
    download(page, "#get-docx")
    assert "without the changes" in page.inner_text("#downloads-note")


def test_a_download_that_fails_says_so(open_page: Callable[..., Page]) -> None:
    page = open_page(errors=True)
    description = {"paths": {"/v1/analyse/file": {"post": {}}, "/v1/annotate": {"post": {}}}}
    page.route("**/openapi.json", lambda route: route.fulfill(json=description))
    page.reload()
    page.wait_for_load_state("networkidle")
    give(page)
    assert page.locator("#get-html").is_hidden()
    answer(page, "v1/annotate", 503)
    page.click("#downloads summary")
    page.click("#get-docx")
    expect(page.locator("#downloads-note")).to_contain_text("busy")


def test_paper(checked: Page) -> None:
    page = checked
    page.emulate_media(media="print")
    assert page.locator(".tools").is_hidden()
    assert page.locator(".downloads").is_hidden()
    assert page.locator(".note.blame .paper").first.is_visible()  # questions go along
    assert page.locator("#document .flag.blame .tag").first.is_visible()
    assert "judges wording" in page.inner_text("header")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("#downloads summary")
    page.click("#get-print")
    assert page.evaluate("window.printed") is True


# ---- what the service's paragraphs add ----


def test_without_the_services_paragraphs_no_paragraph_is_made_up(page: Page, service: str) -> None:
    draft = {"name": "d.docx", "mimeType": "x/y", "buffer": DRAFT.read_bytes()}
    reply = page.request.post(f"{service}v1/analyse/file?skip_quotes=true", multipart={"file": draft}).json()
    assert "layout" not in reply
    page.route("**/v1/analyse/file*", lambda route: route.fulfill(json=reply))
    give(page)
    rows = page.locator("#document .row").evaluate_all(
        "rows => rows.map(row => row.querySelectorAll('[id^=sentence-]').length)"
    )
    assert sum(rows) == len(reply["sentences"])
    assert max(rows) > 1  # numbered paragraphs hold together
    several = [s for s in reply["sentences"] if s["number"] is None and s["kind"] == "body"]
    assert rows.count(1) >= len(several)


def test_paragraphs_of_a_file_where_the_service_gives_them(page: Page, tone: Any) -> None:
    import scr_tone

    report = tone.analyse(scr_tone.read(DRAFT), skip_quotes=True)
    reply = json.loads(report.to_json())
    fields = ("start", "end", "kind", "page", "section", "number", "level")
    reply["layout"] = {
        "text": report.document.text,
        "blocks": [{field: getattr(stretch, field) for field in fields} for stretch in report.document.stretches],
    }
    page.route("**/v1/analyse/file*", lambda route: route.fulfill(json=reply))
    give(page)
    assert page.locator("#document .row").count() == len(report.document.stretches)
    shown = page.locator("#document .para").evaluate_all(
        "list => list.map(e => { const c = e.cloneNode(true); c.querySelectorAll('.tag, .note').forEach(x => x.remove());"
        " return c.textContent.replace(/\\s+/g, ' ').trim(); })"
    )
    text = report.document.text
    assert shown == [" ".join(text[s.start : s.end].split()) for s in report.document.stretches]
    assert page.locator("#document h2").count() > 3
    assert page.locator("#document h3").count() > 3
