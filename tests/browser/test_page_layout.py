"""The paragraphs of a file on the page, where the service gives them and where it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .conftest import DRAFT, give

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_without_the_services_paragraphs_no_paragraph_is_made_up(page: Page, service: str) -> None:
    draft = {"name": "d.docx", "mimeType": "x/y", "buffer": DRAFT.read_bytes()}
    reply = page.request.post(f"{service}v1/analyse/file?skip_quotes=true", multipart={"file": draft}).json()
    assert "layout" not in reply
    page.route("**/v1/analyse/file*", lambda route: route.fulfill(json=reply))
    give(page)
    rows = page.locator("#document .row").evaluate_all(
        "rows => rows.map(row => row.querySelectorAll('[id^=sentence-]').length)"
    )
    assert sum(rows) == len(reply["sentences"])
    assert max(rows) > 1  # numbered paragraphs hold together
    several = [s for s in reply["sentences"] if s["number"] is None and s["kind"] == "body"]
    assert rows.count(1) >= len(several)


def test_paragraphs_of_a_file_where_the_service_gives_them(page: Page, tone: Any) -> None:
    import scr_tone

    report = tone.analyse(scr_tone.read(DRAFT), skip_quotes=True)
    reply = json.loads(report.to_json())
    fields = ("start", "end", "kind", "page", "section", "number", "level")
    reply["layout"] = {
        "text": report.document.text,
        "blocks": [{field: getattr(stretch, field) for field in fields} for stretch in report.document.stretches],
    }
    page.route("**/v1/analyse/file*", lambda route: route.fulfill(json=reply))
    give(page)
    assert page.locator("#document .row").count() == len(report.document.stretches)
    shown = page.locator("#document .para").evaluate_all(
        "list => list.map(e => { const c = e.cloneNode(true); c.querySelectorAll('.tag, .note').forEach(x => x.remove());"
        " return c.textContent.replace(/\\s+/g, ' ').trim(); })"
    )
    text = report.document.text
    assert shown == [" ".join(text[s.start : s.end].split()) for s in report.document.stretches]
    assert page.locator("#document h2").count() > 3
    assert page.locator("#document h3").count() > 3
