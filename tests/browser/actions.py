"""What the tests of the page do over and over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .conftest import sync_api

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


def edit(page: Page, row: int, text: str) -> None:
    line = page.locator("#document .row").nth(row)
    line.hover()
    line.locator("button.pencil").click()
    page.fill(".editor textarea", text)
    page.click("text=Check again")
    page.wait_for_selector(".editor", state="detached")


def download(page: Page, button: str, menu: str = "#downloads") -> tuple[str, bytes]:
    if not page.locator(f"{menu}[open]").count():
        page.click(f"{menu} summary")
    with page.expect_download() as caught:
        page.click(button)
    return caught.value.suggested_filename, Path(caught.value.path()).read_bytes()
