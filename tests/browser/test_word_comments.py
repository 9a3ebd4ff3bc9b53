"""The Word file with comments, from the page: the file that was given goes to the service once more and comes back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import docx as python_docx
import pytest

from tests.browser.actions import download, posts
from tests.browser.conftest import DRAFT, check, give
from tests.reading.docx_builder import docx, p

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A short one, so that a busy machine is done with it in time."""
    path = tmp_path / "draft.docx"
    texts = ["The nurse failed to ring.", "\u201cThe school failed to ring.\u201d", "The family moved in May."]
    path.write_bytes(docx("".join(map(p, texts))))
    return path


def ours(data: bytes) -> list[str]:
    return [comment.text for comment in python_docx.Document(io.BytesIO(data)).comments if comment.author == "scr-tone"]


def test_it_has_a_comment_for_each_flag(page: Page, draft: Path) -> None:
    give(page, draft)
    assert page.inner_text("#count-blame") == "2"
    name, data = download(page, "#get-docx")
    assert name == "draft-comments.docx"
    assert len(ours(data)) == 3
    assert "2 may read as blame" in ours(data)[0]
    assert "have settled" not in page.inner_text("#downloads-note")


def test_what_is_kept_as_intended_has_none(page: Page, draft: Path) -> None:
    give(page, draft)
    page.keyboard.press("n")
    page.keyboard.press("i")
    assert len(ours(download(page, "#get-docx")[1])) == 2
    assert "but for those that you have settled" in page.inner_text("#downloads-note")


def test_it_heeds_that_quotations_are_left_out(page: Page, draft: Path) -> None:
    give(page, draft)
    page.check("#quotes")
    sent = posts(page)
    assert len(ours(download(page, "#get-docx")[1])) == 2
    assert [request.url.rpartition("/")[2] for request in sent] == ["annotate?skip_quotes=true"]


def test_it_is_offered_for_word_files_only(page: Page, draft: Path) -> None:
    check(page)
    page.click("#downloads summary")
    assert page.locator("#get-docx").is_hidden()
    page.click("#again")
    give(page, draft)
    page.click("#downloads summary")
    assert page.locator("#get-docx").is_visible()
    page.click("#again")
    give(page, next(DRAFT.parent.glob("*.pdf")))
    page.click("#downloads summary")
    assert page.locator("#get-docx").is_hidden()
