"""What holds on the whole page: accessibility, sizes, and that nothing leaves or is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.page import STATIC

from .conftest import TEXT, check, give

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_a_small_screen(
    open_page: Callable[..., Page], axe: Callable[[Page], list[str]], dark: bool
) -> None:
    page = open_page(360, 740, dark=dark)
    page.emulate_media(reduced_motion="reduce")
    check(page)
    assert axe(page) == []
    page.check("#show-learning")
    page.keyboard.press("n")
    assert axe(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(open_page: Callable[..., Page], axe: Callable[[Page], list[str]], dark: bool) -> None:
    page = open_page(dark=dark)
    page.emulate_media(reduced_motion="reduce")
    assert axe(page) == []
    page.click("text=Check this text")  # an error
    assert axe(page) == []
    check(page)
    assert axe(page) == []
    page.check("#show-learning")
    page.check("#show-accountability")
    page.keyboard.press("n")
    assert axe(page) == []  # an open note, all marks
    page.keyboard.press("i")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("e")
    assert axe(page) == []  # one kept, one being edited
    page.fill(".editor textarea", "4.2 She failed to call.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".editor", state="detached")
    page.check("#quotes")
    page.click("#downloads summary")
    assert axe(page) == []
    page.click("#help-open")
    assert axe(page) == []


def test_axe_finds_nothing_in_a_whole_review(open_page: Callable[..., Page], axe: Callable[[Page], list[str]]) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    give(page)
    assert axe(page) == []


def test_landmarks_and_live_regions(checked: Page) -> None:
    page = checked
    for selector in (
        "header",
        "main",
        "footer",
        "nav[aria-label]",
        "#controls[role=region][aria-label]",
        "article[aria-label]",
    ):
        assert page.locator(selector).count() == 1, selector
    assert page.get_attribute("#status", "aria-live") == "polite"
    assert page.locator("h1:visible").count() == 1


@pytest.mark.parametrize("width", [320, 360, 700, 900, 1280, 1920])
def test_nothing_sticks_out(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width, 740)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    check(page, TEXT + "\n\nhttps://example.invalid/" + "averylongaddress" * 20)
    page.check("#show-learning")
    page.keyboard.press("n")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("e")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    box = page.locator("#help").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_the_note_is_under_its_sentence_on_a_small_screen_and_in_the_margin_on_a_large_one(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(360, 740)
    check(page)
    page.keyboard.press("n")
    note, sentence = page.locator(".note.open").bounding_box(), page.locator(".flag.chosen").bounding_box()
    assert note
    assert sentence
    assert note["y"] >= sentence["y"] + sentence["height"] - 1
    assert page.locator(".flag.chosen + .note.open").count() == 1  # also in the order of reading
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_selector(".notes > .note.open")
    note, sentence = page.locator(".note.open").bounding_box(), page.locator(".flag.chosen").bounding_box()
    assert note
    assert sentence
    assert note["x"] >= sentence["x"] + sentence["width"]
    assert "failed to" in page.locator(".note.open .clues").inner_text()


def test_targets_are_large_enough_for_a_finger(open_page: Callable[..., Page]) -> None:
    page = open_page(360, 740)
    check(page)
    for selector in ("#previous", "#next", "#help-open", ".pill", "#again", ".pencil"):
        box = page.locator(selector).first.bounding_box()
        assert box, selector
        assert box["height"] >= 24, selector
        assert box["width"] >= 24, selector


def test_no_motion_for_those_who_want_none(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('button')).transitionDuration") in ("0s", "")
    page.emulate_media(reduced_motion="no-preference")


def test_dark_is_dark(open_page: Callable[..., Page]) -> None:
    light, dark = (
        open_page(dark=d).evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
        for d in (False, True)
    )
    assert light > 200
    assert dark < 60


def test_the_policy_is_strict_and_kept(page: Page, service: str) -> None:
    policy = page.request.get(service).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    # The page has nothing inline that would need less: `open_page` fails a test on any breach.
    scripts = [f"static/js/{path.name}" for path in (STATIC / "js").glob("*.js")]
    assert scripts
    for name in ("", "static/style.css", "static/icon.svg", *scripts):
        body = page.request.get(service + name).text()
        assert "http://" not in body.replace("http://www.w3.org/", ""), name
        assert "https://" not in body, name
    html = page.request.get(service).text()
    assert "style=" not in html
    assert "<script>" not in html
    assert " onclick" not in html


def test_nothing_is_kept_in_the_browser(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    page.keyboard.press("i")
    kept = page.evaluate(
        """async () => ({
          local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
          databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
          workers: (await navigator.serviceWorker.getRegistrations()).length, address: location.href, state: history.state,
        })"""
    )
    assert kept.pop("address") == page.url
    assert "?" not in page.url
    assert "#" not in page.url
    assert not any(kept.values()), kept
    assert page.title() == "scr-tone: checked"  # browsers keep titles
    page.keyboard.press("e")
    for area in ("#text", ".editor textarea"):  # what would send words to the maker of a browser or an add-on
        wanted = {"spellcheck": "false", "writingsuggestions": "false", "autocomplete": "off", "data-gramm": "false"}
        assert {name: page.get_attribute(area, name) for name in wanted} == wanted
    page.keyboard.press("Escape")
    assert page.get_attribute("html", "translate") == "no"
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.input_value("#text") == ""
    assert page.locator("#result").is_hidden()
