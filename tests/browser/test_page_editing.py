"""Flags that are intended, and paragraphs that are edited and checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .actions import FLAGS, answer, edit, expect, focused, posts, status
from .conftest import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route


def test_intended_stays_quiet_also_after_checking_again(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    first = focused(page)
    page.click(".note.open .decide-intended")
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
