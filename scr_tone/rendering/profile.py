"""The purpose profile of the HTML report: what the text says of what the review is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scr_tone.rendering.names import PURPOSE, PURPOSE_SIGN, PURPOSE_STATUS, PURPOSE_TEXTS, WHOLE
from scr_tone.rendering.page import anchor

__all__ = ["profile"]


def profile(report: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """The three questions, each with its status, the sentences that show it, and what is missing; nothing without them."""
    found: Mapping[str, Any] | None = report.get("purpose")
    asked = report["summary"]["sentences"] >= WHOLE or any(
        one["status"] != "not_found" for one in (found or {}).values()
    )
    if not found or not asked:
        return
    texts = {s["index"]: s for s in report["sentences"]}
    yield f'<h2 id="{prefix}purpose">{PURPOSE_TEXTS["title"]}</h2>'
    yield f'<p class="note">{PURPOSE_TEXTS["note"]}</p><dl class="profile">'
    for name, question in PURPOSE.items():
        if name not in found:
            continue
        entry = found[name]
        status = entry["status"]
        yield (
            f'<div class="{status}"><dt>{escape(question)} <span class="status"><span aria-hidden="true">{PURPOSE_SIGN[status]}</span> '
            f"{PURPOSE_STATUS[status]}</span></dt>"
        )
        for index in entry["evidence"]:
            sentence = texts.get(index)
            if sentence is not None:
                place = f"page {sentence['page']}" if sentence["page"] else "in the text"
                yield (
                    f'<dd class="evidence">{escape(sentence["text"])} '
                    f'<a class="jump" href="#{anchor(prefix, sentence)}">{place}</a></dd>'
                )
        if entry.get("missing"):
            yield f'<dd class="where">{escape(entry["missing"])}</dd>'
        yield "</div>"
    yield "</dl>"
    if report.get("contradiction"):
        yield f'<p class="warning">{escape(report["contradiction"])}</p>'
