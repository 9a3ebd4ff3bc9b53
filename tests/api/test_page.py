"""How the page's files are served, whatever they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.page import STATIC, add_page
from api.shield import Shield
from api.words import WORDS_PATH
from scr_tone.rendering import names


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "main.js").write_text("1", encoding="utf-8")
    app = FastAPI(openapi_url=None)
    assert add_page(app, tmp_path)
    app.add_middleware(Shield, access_log=False)
    return TestClient(app, base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "text/html; charset=utf-8"), ("/static/js/main.js", "text/javascript; charset=utf-8")]
)
def test_files(page: TestClient, path: str, kind: str) -> None:
    reply = page.get(path)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == kind
    policy = reply.headers["content-security-policy"]
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-cache"  # kept, but asked for again each time
    again = page.get(path, headers={"If-None-Match": reply.headers["etag"]})
    if path != "/":
        assert again.status_code == 304
    assert page.head(path).status_code == 200


def test_the_words_of_the_html_report_are_served_as_a_module(page: TestClient) -> None:
    reply = page.get(WORDS_PATH)
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    served = json.loads(reply.text.removeprefix("export default ").removesuffix(";\n"))
    assert served["purpose"]["questions"] == names.PURPOSE
    assert {factor: tuple(words) for factor, words in served["factors"]["names"].items()} == names.FACTORS
    assert served["culpability"]["levels"] == names.CULPABILITY
    used = {path.name for path in (STATIC / "js").glob("*.js") if "./words.js" in path.read_text(encoding="utf-8")}
    assert {"overview.js", "notes.js", "decisions.js"} <= used
    assert not (STATIC / "js" / "words.js").exists()  # it would be a second copy


def test_what_is_not_there(page: TestClient) -> None:
    assert page.get("/static/none.js").status_code == 404
    assert page.get("/static/").status_code == 404
    assert page.post("/").status_code == 405


def test_without_a_page_there_is_none(tmp_path: Path) -> None:
    assert not add_page(FastAPI(), tmp_path)


def test_the_files_lie_in_the_package() -> None:
    """So that the wheel carries them."""
    assert STATIC.parent.name == "api"
