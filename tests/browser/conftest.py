"""Chromium without a window against a running service; tests skip where either is missing.

Every page that a test opens is watched: a request to anything but the service, an error on the console (a breach of the
content security policy is one) or an uncaught exception fails the test.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

try:
    from playwright import sync_api
except ImportError:  # the fixture `browser` skips
    sync_api = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM") or next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
DRAFT = Path(__file__).resolve().parents[2] / "examples" / "draft_review_child_m.docx"
TEXT = """1 What happened

4.1 The nurse visited on 3 March. The health visitor failed to follow up the missed visit and should have told the social worker.

4.2 She had forty-six families, and the record system hid missed visits from her team.

- It was naive of the school to believe it.
- The family moved in May.

2 What was said

4.3 Mother spoke to us. \u201cThe social worker is to blame for this.\u201d The Trust accepts that its cover was not safe.
"""


class Running:
    """A service in a thread, on a free port of the loopback address."""

    def __init__(self, **settings: Any) -> None:
        uvicorn = pytest.importorskip("uvicorn", reason="the service needs the extra 'api'")
        from api.app import create_app
        from api.settings import Settings

        app = create_app(Settings(model="small", **settings))
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="none"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        for _ in range(600):
            if self.server.started:
                break
            assert self.thread.is_alive(), "the service did not start"
            time.sleep(0.05)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(15)


@pytest.fixture(scope="package")
def service() -> Iterator[str]:
    running = Running()
    yield running.url
    running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if sync_api is None:
        pytest.skip("needs the Python package playwright (pip install playwright)")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, service: str) -> Iterator[Callable[..., Page]]:
    """Open the page: ``open_page(width=360, height=740, dark=True, url=..., quiet=False)``."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_(
        width: int = 1280, height: int = 800, *, dark: bool = False, url: str = service, errors: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
            locale="en-GB",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()

        def request(asked: Any) -> None:
            if not asked.url.startswith((url, f"blob:{url}")):
                wrong.append(f"request to {urlsplit(asked.url).netloc or asked.url}")

        page.on("request", request)
        page.on("pageerror", lambda error: wrong.append(f"exception: {error}"))
        if not errors:  # a reply of 4xx or 5xx is one
            page.on("console", lambda line: wrong.append(f"console: {line.text}") if line.type == "error" else None)
        page.goto(url)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def checked(page: Page) -> Page:
    """The page with `TEXT` checked."""
    check(page)
    return page


def check(page: Page, text: str = TEXT) -> None:
    page.fill("#text", text)
    page.click("text=Check this text")
    page.wait_for_selector("#result:not([hidden])")


def give(page: Page, path: Path = DRAFT) -> None:
    page.set_input_files("#file", path)
    page.wait_for_selector("#result:not([hidden])")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page as it is; each finding in a line."""
    pytest.importorskip(
        "axe_playwright_python", reason="needs the Python package axe-playwright-python, which carries axe-core"
    )
    source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        # What the bar at the top half covers as the page scrolls is a small target only until it scrolls on.
        sizes = page.evaluate("scrollY === 0")
        found = page.evaluate(
            """sizes => axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
              rules: {'target-size': {enabled: sizes}},
            })""",
            sizes,
        )
        return [
            f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run
