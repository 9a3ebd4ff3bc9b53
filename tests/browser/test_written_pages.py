"""The pages that the library writes, in Chromium: accessible, within a small screen, without a request, complete on paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import scr_tone
from scr_tone.rendering.comparison import comparison_page
from scr_tone.rendering.html import html_page
from tests.test_report_views import ADVICE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def written(tone: scr_tone.ToneAnalyser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    old, new = (
        tone.analyse(scr_tone.read(EXAMPLES / f"draft_review_child_m{name}.docx"), skip_quotes=True)
        for name in ("", "_v05")
    )
    data = [report.to_dict() for report in (old, new)]
    for report in data:
        report["purpose"] = {
            name: {"status": status, "evidence": [40, 41], "missing": "Say so."}
            for name, status in (("communicated", "met"), ("positive", "partly"), ("complications", "not_found"))
        }
        for sentence in report["sentences"]:
            flagged = sentence["label"] == "blame" and not sentence["skipped"]
            sentence["advice"] = {**ADVICE, "rewording": None} if flagged else None
            if sentence["label"] == "learning":
                sentence["factors"] = ["workload", "tools"]
                sentence["culpability"] = "at_risk"
        report["summary"]["factors"] = {"workload": 9, "tools": 9}
    pages = {
        "report": html_page([data[0]], texts=[old.document.text]),
        "comparison": comparison_page(scr_tone.compare(old, new).to_dict(), old=data[0], new=data[1]),
    }
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def opened(browser: Browser, written: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    contexts = []
    wrong: list[str] = []

    def open_(name: str, width: int, *, dark: bool = False) -> Page:
        # The page itself runs no script; what a test asks of it does.
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url != written[name].as_uri() else None)
        page.on("console", lambda line: wrong.append(line.text))
        page.goto(written[name].as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("name", ["report", "comparison"])
@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, False), (1280, True)])
def test_axe_finds_nothing_and_nothing_sticks_out(
    opened: Callable[..., Page], axe: Callable[[Page], list[str]], name: str, width: int, dark: bool
) -> None:
    page = opened(name, width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert axe(page) == []


def test_the_strip_and_the_text_lead_to_the_flags(opened: Callable[..., Page]) -> None:
    page = opened("report", 1280)
    page.click(".text sup a >> nth=0")
    assert page.locator(":target .number").inner_text() == "1"
    page.click(":target .jump a")
    assert page.locator("mark:target").count() == 1
    page.locator(".strip a >> nth=-1").dispatch_event("click")
    assert page.locator("article:target .number").inner_text() == str(page.locator("article.finding").count())


@pytest.mark.parametrize("name", ["report", "comparison"])
def test_on_paper(opened: Callable[..., Page], name: str) -> None:
    page = opened(name, 1280, dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    data = page.pdf(format="A4")
    printed = scr_tone.read_bytes(data, subject="page.pdf").text
    assert len(data) < 3_000_000
    assert "Method and limits" in printed
    assert "in the text" not in printed.replace("in the text below", "")  # a link says nothing on paper
    closed = {"report": "They let him down, every one of them", "comparison": "PGM’s own view of her son"}[name]
    assert closed in printed  # what is folded on the screen is there
    assert io.BytesIO(data).read(5) == b"%PDF-"
