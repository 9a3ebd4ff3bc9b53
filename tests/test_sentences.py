"""The splitter against its golden table, against independent extracts, and against anything Hypothesis can think of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scr_tone
from scr_tone.lines import logical_lines
from scr_tone.sentences import sentence_spans

GOLDEN = Path(__file__).parent / "golden"


def golden_cases() -> list[tuple[str, str, list[str]]]:
    cases = []
    for line in (GOLDEN / "sentences.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        rule, marked = line.split("\t", 1)
        marked = re.sub(r"\\(u[0-9a-f]{4}|[ntrf])", lambda m: json.loads(f'"{m.group()}"'), marked)
        cases.append((rule, marked.replace("¦", ""), [part.strip() for part in marked.split("¦") if part.strip()]))
    return cases


@pytest.mark.parametrize(
    ("rule", "text", "units"), golden_cases(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_golden(rule: str, text: str, units: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == units, rule


def test_the_golden_table_is_as_large_as_promised() -> None:
    cases = golden_cases()
    assert len(cases) >= 120
    assert len({rule for rule, _, _ in cases}) >= 50


def boundary_f1(extracts: list[dict[str, object]]) -> float:
    hits = found = there = 0
    for extract in extracts:
        wanted = {end for _, end in extract["units"][:-1]}
        got = {end for _, end in sentence_spans(extract["text"])[:-1]}
        hits, found, there = hits + len(wanted & got), found + len(got), there + len(wanted)
    return 2 * hits / (found + there)


def test_extracts_that_somebody_else_wrote_and_marked() -> None:
    """Deliberately harder than life; for the figure see tests/benchmarks/splitting.py."""
    extracts = [json.loads(line) for line in (GOLDEN / "extracts.jsonl").read_text(encoding="utf-8").splitlines()]
    ordinary = [e for e in extracts if e["level"] == "ordinary"]
    assert len(ordinary) > 70
    assert boundary_f1(ordinary) >= 0.985
    assert boundary_f1(extracts) >= 0.96


texts = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["Dr.", "Mr. A.", "4.12", "(a)", "s.47", "No.", "e.g.", "p.m.", "[REDACTED]", "Child J.", "\u2022", "-", "...", "\u2026",
             "The", "nurse", "failed", "home.The", "10.30", "3.5.2016", "\n", "\n\n", "\t", "\r\n", " ", "  ", "\u00a0", "\u2028",
             '"', "\u201c", "\u201d", "(", ")", "?", "!", ":", ";", ",", "end.12", "\U0001f600", "e\u0301", "\ufeff", "\x00"]
        ),
        max_size=60,
    ).map(" ".join),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(texts)
@example("")
@example("\ud800. \udfff")
@example(". . . .")
def test_spans_are_ordered_trimmed_and_lose_nothing(text: str) -> None:
    spans = sentence_spans(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@settings(max_examples=200, deadline=None)
@given(texts)
def test_logical_lines_lose_nothing(text: str) -> None:
    lines = logical_lines(text)
    assert "".join("".join(text[line.start : line.end].split()) for line in lines) == "".join(text.split())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["The nurse rang.", "Nobody came?", "It was 4 May!", "4.12 He left."]), min_size=1, max_size=8
    )
)
def test_one_sentence_a_line_is_kept(sentences: list[str]) -> None:
    text = "\n".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_split_is_public_and_refuses_what_is_no_string() -> None:
    assert scr_tone.split("One. Two.") == [(0, 4), (5, 9)]
    with pytest.raises(scr_tone.InputError, match="not bytes"):
        scr_tone.split(b"One.")  # type: ignore[arg-type]
