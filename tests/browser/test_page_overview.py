"""The text as a whole: what it says of its purpose, which factors its learning names, where it blames honest acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scr_tone.rendering import names

from .actions import answer, edit, expect, focused, posts, status
from .conftest import check, give

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

FRONT = """1 Introduction

1.1 The purpose of this review is to learn and to improve how services work together for children.

1.2 The family were told at the outset what the review is for and how it would be done.

2 Findings

2.1 The nurse failed to call back. The ward had two vacancies.

2.2 The record system hid missed visits. It rained.
"""


def with_attributes(route: Route) -> None:
    """What `small`, with which these tests run, does not say: factors, and how an act was meant."""
    reply = route.fetch().json()
    for sentence in reply["sentences"]:
        text = sentence["text"]
        if "vacancies" in text or "record system" in text:
            sentence["label"] = "learning"
            sentence["factors"] = ["workload"] if "vacancies" in text else ["tools", "workload"]
        if "failed to call" in text:
            sentence["label"] = "blame"
            sentence["culpability"] = "error"
            sentence["advice"] = {**sentence["advice"], "note": "An honest mistake is to be supported."}
    route.fulfill(json=reply)


@pytest.fixture
def front(page: Page) -> Page:
    page.route("**/v1/analyse?*", with_attributes)
    check(page, FRONT)
    return page


def test_the_purpose_is_shown_with_the_sentences_that_show_it_and_what_is_missing(front: Page) -> None:
    page = front
    glance = page.inner_text("#profile-glance")
    for question, state in (("communicated", "partly"), ("positive", "met"), ("complications", "not_found")):
        assert f"{names.PURPOSE_SHORT[question]}: {names.PURPOSE_STATUS[state]}" in glance
    assert page.locator("#profile-body").is_hidden()
    page.click("#profile summary")
    asked = page.locator("#profile .answer")
    assert [asked.nth(at).locator("h3").inner_text() for at in range(3)] == [
        f"{names.PURPOSE[question]} {names.PURPOSE_SIGN[state]} {names.PURPOSE_STATUS[state]}"
        for question, state in (("communicated", "partly"), ("positive", "met"), ("complications", "not_found"))
    ]
    assert "practitioners involved were told" in asked.nth(0).locator(".missing").inner_text()
    assert asked.nth(1).locator(".missing").count() == 0
    assert asked.nth(2).locator(".jump").count() == 0
    asked.nth(1).locator("button.jump").click()
    assert "The purpose of this review" in page.evaluate("document.activeElement.textContent")
    assert page.locator(".chosen").is_visible()
    page.keyboard.press("o")
    assert page.evaluate("document.activeElement.closest('details').id") == "profile"


def test_a_short_text_without_a_purpose_is_not_told_so(checked: Page) -> None:
    assert checked.locator("#profile").is_hidden()
    assert checked.locator("#overview").is_hidden()
    checked.keyboard.press("o")
    assert "no overview" in status(checked)


def test_after_an_edit_the_purpose_is_marked_and_can_be_asked_for_again(front: Page) -> None:
    page = front
    edit(page, 1, "1.1 The review looks at what was done.")
    assert "before your edits" in page.inner_text("#profile-glance")
    assert "learning put first: met" in page.inner_text("#profile-glance")
    page.click("#profile summary")
    assert "changed since" in page.inner_text("#profile .answer >> nth=1")
    sent = posts(page)
    page.click("#ask-again")
    expect(page.locator("#profile-glance")).to_contain_text("learning put first: not found")
    assert "before your edits" not in page.inner_text("#profile-glance")
    assert len(sent) == 1
    assert "looks at what was done" in (sent[0].post_data_buffer or b"").decode()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert "Learning put first: not found" in status(page)
    page.locator("#profile button.jump").first.click()  # the sentences are found again
    assert "The family were told" in page.evaluate("document.activeElement.textContent")
    # With the old words back, what was found now is of another text again.
    page.locator("text=Put back the original").click()
    assert "before your edits" in page.inner_text("#profile-glance")


def test_an_edit_that_is_taken_back_leaves_the_purpose_as_it_was(front: Page) -> None:
    edit(front, 1, "1.1 The review looks at what was done.")
    front.locator("text=Put back the original").click()
    assert "before your edits" not in front.inner_text("#profile-glance")


def test_the_purpose_that_cannot_be_asked_for_says_why(open_page: Callable[..., Page]) -> None:
    page = open_page(errors=True)
    check(page, FRONT)
    edit(page, 1, "1.1 The review looks at what was done.")
    answer(page, "v1/analyse/file", 503)
    page.click("#profile summary")
    page.click("#ask-again")
    expect(page.locator("#profile .error")).to_contain_text("busy")
    assert "before your edits" in page.inner_text("#profile-glance")


def test_learning_claimed_and_blame_found(page: Page) -> None:
    check(
        page, f"{FRONT}\n" + "\n\n".join(f"2.{n} The nurse failed to ring the ward on day {n}." for n in range(3, 12))
    )
    box = page.locator("#contradiction")
    assert "wants to learn" in box.inner_text()
    assert "decisions aside" not in box.inner_text()
    page.keyboard.press("n")
    page.keyboard.press("w")
    assert "decisions aside" in box.inner_text()
    box.locator("button").click()
    assert "The purpose of this review" in page.evaluate("document.activeElement.textContent")


def test_factors_filter_and_step(front: Page) -> None:
    page = front
    assert page.inner_text("#factors-glance").split("\n") == ["Workload 2", "Tools 1"]
    page.click("#factors summary")
    assert "commissioning" in page.inner_text("#factors-body > p >> nth=1")
    tools = page.locator("button.factor", has_text="Tools")
    tools.click()
    assert tools.get_attribute("aria-pressed") == "true"
    assert "Only tools: 1 sentence" in status(page)
    assert page.inner_text("#place") == "1 flag"
    assert page.locator("#document .flag .tag:visible").count() == 1
    assert not page.is_checked("#show-blame")
    assert page.is_checked("#show-learning")
    page.keyboard.press("n")
    assert focused(page) == "The record system hid missed visits."
    assert "tools, workload" in page.inner_text(".note.open .names")
    page.click("#only")
    assert page.is_checked("#show-blame")
    assert not page.is_checked("#show-learning")
    assert page.locator("#only").is_hidden()
    page.locator("button.factor", has_text="Workload").click()
    assert page.inner_text("#place") == "2 of 2"
    page.check("#show-blame")  # a filter of another kind ends it
    assert page.locator("#only").is_hidden()
    assert page.inner_text("#place").endswith(" of 5")  # with those that say what the review is for
    edit(page, 5, "2.2 It rained.")
    assert page.inner_text("#factors-glance") == "Workload 1"


def test_blame_for_an_honest_mistake(front: Page) -> None:
    page = front
    assert page.inner_text("#claims-glance") == "1 sentence"
    page.click("#claims summary")
    page.locator("#claims button.jump").click()
    assert focused(page) == "The nurse failed to call back."
    note = page.inner_text(".note.open")
    assert f"{names.CULPABILITY_TEXTS['claim']}: {names.CULPABILITY['error']}" in note
    assert "An honest mistake is to be supported." in note


def test_a_service_that_knows_neither(page: Page) -> None:
    def old(route: Route) -> None:
        reply = route.fetch().json()
        del reply["purpose"], reply["contradiction"]
        for sentence in reply["sentences"]:
            del sentence["factors"], sentence["culpability"]
        route.fulfill(json=reply)

    page.route("**/v1/analyse?*", old)
    check(page, FRONT)
    assert page.locator("#overview").is_hidden()
    page.keyboard.press("n")
    assert page.locator(".note.open").is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_overview_is_accessible_and_goes_to_paper(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]], dark: bool
) -> None:
    page = open_page(dark=dark)
    page.emulate_media(reduced_motion="reduce")
    page.route("**/v1/analyse?*", with_attributes)
    check(page, FRONT)
    for box in ("profile", "factors", "claims", "decisions"):
        page.click(f"#{box} summary")
    assert axe(page) == []
    page.locator("button.factor").first.click()
    assert axe(page) == []
    edit(page, 1, "1.1 The review looks at what was done.")
    assert axe(page) == []
    for box in ("profile", "factors"):
        page.click(f"#{box} summary")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#profile-body").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#profile-body").is_hidden()


def test_a_whole_review_on_small_and_large_screens(open_page: Callable[..., Page]) -> None:
    for width in (320, 1920):
        page = open_page(width, 740)
        give(page)
        page.click("#profile summary")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("button.jump").first.inner_text().endswith("What the review is for")  # its section
