"""The spaCy component marks the same sentences as `split`, whatever the tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from spacy.tokens import Doc

import scr_tone
from scr_tone.component import blank_pipeline
from tests.test_sentences import golden_cases, texts


def trimmed(doc: Doc) -> list[tuple[int, int]]:
    spans = []
    for sent in doc.sents:
        text = sent.text
        start = sent.start_char + len(text) - len(text.lstrip())
        end = sent.start_char + len(text.rstrip())
        if end > start:
            spans.append((start, end))
    return spans


@pytest.mark.parametrize("text", [text for _, text, _ in golden_cases()])
def test_same_as_split_on_the_golden_table(text: str) -> None:
    assert trimmed(blank_pipeline()(text)) == scr_tone.split(text)


def test_same_as_split_on_the_extracts() -> None:
    path = Path(__file__).parent / "golden" / "extracts.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        assert trimmed(blank_pipeline()(text)) == scr_tone.split(text)


@settings(max_examples=150, deadline=None)
@given(texts.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_same_as_split_on_anything(text: str) -> None:
    doc = blank_pipeline()(text)
    assert doc.text == text
    assert trimmed(doc) == scr_tone.split(text)


def test_found_by_entry_point_and_survives_serialisation(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("scr_tone_sentences")
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    doc = again("Dr. Smith left.The ward was full. Nobody rang.")
    assert [sent.text for sent in doc.sents] == ["Dr. Smith left.", "The ward was full.", "Nobody rang."]
    copy = Doc(again.vocab).from_bytes(doc.to_bytes())
    assert [sent.text for sent in copy.sents] == [sent.text for sent in doc.sents]


def test_in_batches() -> None:
    docs = list(blank_pipeline().pipe(["One. Two.", "", "Three."]))
    assert [[sent.text for sent in doc.sents] for doc in docs] == [["One.", "Two."], [], ["Three."]]


def test_a_tagged_doc_keeps_its_tokens() -> None:
    nlp = spacy.blank("en")
    doc = nlp.make_doc("He went home.12 The nurse rang.")
    for token in doc:
        token.tag_ = "X"
    before = [token.text for token in doc]
    doc = nlp.add_pipe("scr_tone_sentences")(doc)
    assert [token.text for token in doc] == before
    assert len(list(doc.sents)) == 2
