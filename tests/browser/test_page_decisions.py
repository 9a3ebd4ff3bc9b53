"""Decisions on the page: they go to a file without text, and hold for the next draft, on the page and for the commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scr_tone.cli import main
from scr_tone.decisions import decisions_in

from .actions import FLAGS, download, edit
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
    name, data = download(page, "#get-decisions", "#decisions")
    assert name == "text.tone.json"
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


def test_a_flag_can_be_wrong_or_helpful_too(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    page.click(".note.open .decide-wrong")
    assert page.inner_text(".flag.kept .tag").lower() == "not blame"
    assert page.inner_text("#count-blame") == "2"
    assert "1 flag marked as wrong" in page.inner_text("#result-counts")
    assert page.get_attribute(".note.open .decide-wrong", "aria-pressed") == "true"
    page.keyboard.press("n")
    page.keyboard.press("h")  # stays a flag
    assert page.inner_text("#count-blame") == "2"
    assert "helpful" in page.inner_text(".note.open .kept-word")
    assert page.inner_text("#decisions-size").strip() == "2"
    page.keyboard.press("h")  # and back
    assert page.inner_text("#decisions-size").strip() == "1"
    page.keyboard.press("w")
    page.click("#decisions summary")
    assert "2 flags: 2 wrong" in page.inner_text("#decisions-count")
    _, data = download(page, "#get-decisions", "#decisions")
    assert [entry.decision for entry in decisions_in(data)] == ["wrong", "wrong"]
    page.click("#forget")  # nothing is lost, so nobody is asked
    assert page.inner_text("#count-blame") == "3"
    assert page.locator("#forget, #get-decisions").first.is_hidden()


def test_the_file_of_the_command_line_goes_both_ways(checked: Page, tmp_path: Path) -> None:
    page = checked
    draft = tmp_path / "text.txt"
    draft.write_text(TEXT, encoding="utf-8")
    kept = tmp_path / "text.tone.json"
    first = page.locator(FLAGS).first
    page.keyboard.press("n")
    page.keyboard.press("i")
    _, data = download(page, "#get-decisions", "#decisions")
    (identity,) = [entry.id for entry in decisions_in(data)]
    page.click("#forget")
    assert main(["decide", str(draft), identity, "wrong", "--decisions", str(kept)]) == 0
    page.click("#decisions summary")
    page.set_input_files("#load-decisions", kept)
    expect(page.locator("#status")).to_have_text(
        "1 decision loaded from text.tone.json; one is about sentences of this text."
    )
    assert page.inner_text("#count-blame") == "2"
    assert "failed to follow up" in page.locator(".flag.kept mark").inner_text()
    assert "failed to follow up" not in first.inner_text()
    # What was loaded and not changed is written as the library writes it.
    page.click("#decisions summary") if not page.locator("#decisions[open]").count() else None
    _, again = download(page, "#get-decisions", "#decisions")
    assert decisions_in(again) == decisions_in(kept.read_bytes())


def test_leaving_with_decisions_that_were_not_taken_home_asks_first(checked: Page) -> None:
    page = checked
    page.keyboard.press("n")
    page.keyboard.press("w")
    kinds: list[str] = []

    def stay(dialog: Any) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.reload())")
    expect(page.locator("#result")).to_be_visible()
    page.wait_for_timeout(300)
    assert kinds == ["beforeunload"]
    download(page, "#get-decisions", "#decisions")
    assert page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))")


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
