"""The page, as authors use it: it starts, checks a text or a file, shows how far it is, and says what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .actions import FLAGS, answer, expect, status
from .conftest import DRAFT, TEXT, Running, give

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route


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
    assert any(s["unsure"] for s in report["sentences"])
    assert shown == sum(
        s["label"] != "neutral" and s["skipped"] in (None, "quote") and not s["unsure"] for s in report["sentences"]
    )
    counts = page.inner_text("#result-counts")
    # The page's own counting, with quotations in, is the service's.
    plain = page.request.post(
        f"{service}v1/analyse/file",
        multipart={"file": {"name": "d.docx", "mimeType": "x/y", "buffer": DRAFT.read_bytes()}},
    ).json()["summary"]
    assert counts.startswith(f"{plain['sentences']} sentences, {plain['words']:,} words. {plain['flagged']} sentences")
    assert f"{plain['below_threshold']} more may be blame" in counts
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
