"""Decisions on the page: what was marked as intended goes to a file without text, and holds for the next draft."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scr_tone.cli import main

from .actions import download, edit
from .conftest import TEXT, check, sync_api

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = sync_api and sync_api.expect


def test_marks_are_kept_in_a_file_and_hold_for_the_next_draft(
    checked: Page, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = checked
    assert page.locator("#get-decisions").is_hidden()
    page.keyboard.press("n")
    page.keyboard.press("i")
    name, data = download(page, "#get-decisions")
    assert name == "text.tone.json" or name == "text.txt.tone.json"
    (made,) = json.loads(data)["decisions"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", made["date"])
    assert set(made) == {"id", "decision", "label", "score", "model", "date"}
    assert b"health visitor" not in data

    # The command line takes the same file, and a page that was opened anew too.
    later = TEXT.replace("4.1 The nurse", "A new beginning was written.\n\n4.7 The nurse")
    draft, kept = tmp_path / "draft.txt", tmp_path / "draft.txt.tone.json"
    draft.write_text(later, encoding="utf-8")
    kept.write_bytes(data)
    out = tmp_path / "report.json"
    assert main(["check", str(draft), "--output", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["summary"]["skipped"]["accepted"] == 1

    again = open_page()
    again.set_input_files("#file", kept)
    expect(again.locator("#status")).to_contain_text("1 decision loaded from draft.txt.tone.json")
    check(again, later)
    assert again.inner_text("#count-blame") == "2"
    assert "failed to follow up" in again.locator(".flag.kept mark").inner_text()


def test_a_file_that_holds_no_decisions_is_said(page: Page, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"version": 1, "decisions": [{"id": 3}]}', encoding="utf-8")
    page.set_input_files("#file", other)
    expect(page.locator("#error")).to_contain_text("This is no file of decisions")


def test_a_mark_in_the_text_keeps_its_sentence_quiet_also_after_an_edit(page: Page) -> None:
    check(page, "4.1 The nurse failed to ring. [tone: intended]\n\n4.2 The school failed to ring. It rained.")
    assert page.inner_text("#count-blame") == "1"
    assert (
        page.locator("#document .row").first.inner_text().startswith("4.1 The nurse failed to ring. [tone: intended]")
    )
    edit(page, 0, "4.1 The nurse failed to ring. [tone: intended] It was cold.")
    assert page.inner_text("#count-blame") == "1"
    _, data = download(page, "#get-text")
    assert b"4.1 The nurse failed to ring. [tone: intended] It was cold." in data
