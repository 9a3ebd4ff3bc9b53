"""What a person takes away from the page, on disk and on paper."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

import scr_tone

from .actions import answer, download, edit, expect, posts
from .conftest import give

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def test_the_table(checked: Page) -> None:
    checked.keyboard.press("n")
    checked.keyboard.press("i")
    name, data = download(checked, "#get-csv")
    assert name == "text-tone.csv"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == checked.locator("[id^=sentence-]").count()
    kept = [row for row in rows if row["decision"] == "intended"]
    assert [row["label"] for row in kept] == ["blame"]
    assert "failed to" in kept[0]["cues"]
    assert (
        abs(sum(float(kept[0][f"score_{label}"]) for label in ("blame", "learning", "accountability", "neutral")) - 1)
        < 1e-4
    )
    dash = next(row for row in rows if "naive" in row["text"])
    assert dash["text"].startswith("'-")  # no spreadsheet runs it
    assert {(row["software"], row["model"].split("+")[0]) for row in rows} == {
        (f"scr-tone {scr_tone.__version__}", f"small {scr_tone.__version__}")
    }


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
