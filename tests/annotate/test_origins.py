"""Every sentence is found back where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scr_tone.annotate.job import _Places
from scr_tone.reading.docx import read_docx, trace_docx
from scr_tone.reading.docx_package import Package
from scr_tone.reading.tidy import tidy, tidy_traced
from tests.annotate.bodies import BODIES, TORTURE
from tests.annotate.helpers import LIMITS, spans_of
from tests.reading.docx_builder import docx
from tests.reading.test_docx import FRAGMENTS

ODD = "\u00a0\u200b\u200d\ufe0f\u00ad\u2011\uf0b7\uf0e0\ue000\u2028\u0085\u202e\u3000\t\r\n\v \x07a.\U0001f600\u0301"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(alphabet=ODD, max_size=40), st.text(max_size=40)))
def test_what_is_traced_is_what_is_tidied(text: str) -> None:
    tidied, places = tidy_traced(text)
    assert tidied == tidy(text)
    assert len(places) == len(tidied)
    assert places == sorted(set(places))
    for character, at in zip(tidied, places, strict=True):
        if character.isalnum():
            assert text[at] == character


def origins(data: bytes) -> tuple[Any, _Places]:
    package = Package(data, LIMITS)
    root = package.root(package.main)
    blocks, found = trace_docx(package, root, LIMITS)
    assert blocks == read_docx(data, LIMITS)[0]
    assert len(blocks) == len(found)
    return blocks, _Places(blocks, found)


def check_found_back(data: bytes) -> int:
    """Cut each sentence out of the very elements that its ends point into."""
    blocks, places = origins(data)
    document = places._stretches
    from scr_tone.records import Document

    whole = Document.from_blocks(blocks)
    spans = spans_of(whole)
    for start, end in spans:
        index = next(at for at, s in enumerate(document) if s.start <= start < s.end)
        origin = places._origins[index]
        first, last = origin.spots(start - document[index].start, end - document[index].start)
        pieces = []
        inside = False
        for piece, source in zip(origin.pieces, origin.sources, strict=True):
            begin = first.offset if source is first.element else 0
            stop = last.offset if source is last.element else len(piece)
            inside = inside or source is first.element
            if inside:
                pieces.append(piece[begin:stop])
            inside = inside and source is not last.element
        words = whole.text[start:end]
        if start == document[index].start and origin.mark:
            words = words[origin.mark :]
        assert tidy("".join(pieces)) == words
    return len(spans)


@pytest.mark.parametrize("name", BODIES)
def test_in_each_kind_of_markup(name: str) -> None:
    assert check_found_back(docx(BODIES[name])) > 0


def test_in_all_of_it_at_once() -> None:
    assert check_found_back(TORTURE) > 30


def test_in_the_example(root: Path) -> None:
    found = [check_found_back(path.read_bytes()) for path in (root / "examples").rglob("*.docx")]
    assert sum(found) > 250


@settings(max_examples=100, deadline=None)
@given(st.lists(FRAGMENTS, max_size=5))
def test_in_any_nesting(fragments: list[str]) -> None:
    check_found_back(docx("<w:p><w:r><w:t>Start.</w:t></w:r></w:p>" + "".join(fragments)))
