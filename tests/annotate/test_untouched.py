"""Nothing of a document changes but what a comment needs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scr_tone.annotate.job import do
from scr_tone.reading.docx import read_docx
from scr_tone.reading.docx_xml import parse_part
from tests.annotate.bodies import BODIES, TORTURE
from tests.annotate.helpers import (
    LIMITS,
    W,
    bare,
    body_of,
    check_anchors,
    commented,
    comments_of,
    document_of,
    job_for,
    parts_of,
    ranges_of,
    spans_of,
)
from tests.reading.docx_builder import docx, p, run, zipped
from tests.reading.test_docx import FRAGMENTS

CHANGED = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}


def check(data: bytes) -> bytes:
    """Comment on every sentence, and compare the package part by part."""
    made = commented(data)
    before, after = parts_of(data), parts_of(made)
    assert list(after)[: len(before)] == list(before)
    assert set(after) - set(before) <= {"word/comments.xml"}
    assert {name for name in before if before[name] != after[name]} <= CHANGED
    root = body_of(made)
    check_anchors(root)
    theirs = (
        {c.get(W + "id") for c in parse_part(before["word/comments.xml"], "x")}
        if "word/comments.xml" in before
        else set()
    )
    ours = set(comments_of(made)) - theirs
    assert bare(root, ours) == bare(body_of(data), ())
    assert set(ranges_of(root)) >= ours
    assert len(ours) == len(spans_of(document_of(data))) + 1
    assert read_docx(made, LIMITS) == read_docx(data, LIMITS)
    return made


@pytest.mark.parametrize("name", BODIES)
def test_in_each_kind_of_markup(name: str) -> None:
    check(docx(BODIES[name]))


def test_in_all_of_it_at_once() -> None:
    check(TORTURE)


def test_the_example_with_its_changes_notes_and_comments(root: Path) -> None:
    for path in (root / "examples").rglob("*.docx"):
        check(path.read_bytes())


@settings(max_examples=100, deadline=None)
@given(st.lists(FRAGMENTS, max_size=5))
def test_any_nesting(fragments: list[str]) -> None:
    data = docx(p("Start.") + "".join(fragments))
    made = commented(data)
    root = body_of(made)
    assert bare(root) == bare(body_of(data))
    assert read_docx(made, LIMITS) == read_docx(data, LIMITS)
    assert len(ranges_of(root)) == len(spans_of(document_of(data))) + 1


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_words_of_a_paragraph(data: st.DataObject) -> None:
    """Ranges that touch, hold one another, overlap."""
    draft = docx(
        p(
            run("The nurse ")
            + run("failed to ring, ", "<w:b/>")
            + f"<w:ins>{run('and so on')}</w:ins>"
            + "<w:r><w:t xml:space='preserve'> for </w:t><w:t>ever</w:t><w:noBreakHyphen/><w:t>more.</w:t></w:r>"
        )
    )
    document = document_of(draft)
    spans = []
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(document.text) - 1))
        spans.append((start, data.draw(st.integers(start + 1, len(document.text)))))
    spans.sort()
    root = body_of(commented(draft, spans))
    check_anchors(root)
    assert bare(root) == bare(body_of(draft))
    found = ranges_of(root)
    for number, (start, end) in enumerate(spans, 1):
        words = document.text[start:end].strip()
        assert found[str(number)].strip() == words


def test_other_parts_are_the_same_bytes_packed_the_same_way(root: Path) -> None:
    data = (root / "examples" / "draft_review_child_m.docx").read_bytes()
    made = commented(data)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        for info in old.infolist():
            other = new.getinfo(info.filename)
            assert (other.date_time, other.compress_type, other.external_attr) == (
                info.date_time,
                info.compress_type,
                info.external_attr,
            )


def test_the_same_comes_out_each_time() -> None:
    assert commented(TORTURE) == commented(TORTURE)


def test_python_docx_opens_it_and_reads_the_comments(root: Path) -> None:
    made = commented((root / "examples" / "draft_review_child_m.docx").read_bytes())
    document = python_docx.Document(io.BytesIO(made))
    authors = {comment.author for comment in document.comments}
    assert "scr-tone" in authors
    assert len(authors) > 3
    assert any(comment.text.startswith("finding ") for comment in document.comments)


def test_a_package_without_a_part_for_comments_gets_one() -> None:
    made = parts_of(commented(docx(p("The nurse rang."))))
    types = etree.fromstring(made["[Content_Types].xml"])
    named = [e.get("ContentType") for e in types if e.get("PartName") == "/word/comments.xml"]
    assert named == ["application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"]
    relations = etree.fromstring(made["word/_rels/document.xml.rels"])
    assert [r.get("Target") for r in relations if r.get("Type").endswith("/comments")] == ["comments.xml"]
    ids = [r.get("Id") for r in relations]
    assert len(ids) == len(set(ids))


def test_a_part_that_is_there_but_of_nobody_is_left_alone() -> None:
    data = docx(p("The nurse rang."), extra={"word/comments.xml": b"not XML at all"})
    made = parts_of(commented(data))
    assert made["word/comments.xml"] == b"not XML at all"
    assert b"finding" in made["word/comments1.xml"]


def test_the_main_part_may_lie_elsewhere_and_have_no_relations() -> None:
    parts = parts_of(docx(p("The nurse rang."), main="office/main7.xml"))
    del parts["office/_rels/main7.xml.rels"]
    del parts["[Content_Types].xml"]
    made = parts_of(commented(zipped(parts)))
    assert b"finding" in made["office/comments.xml"]
    assert b'Target="comments.xml"' in made["office/_rels/main7.xml.rels"]
    assert b"/office/comments.xml" in made["[Content_Types].xml"]


def test_a_strict_document_stays_strict() -> None:
    data = docx(p("The nurse failed to ring. It rained."), strict=True)
    made = commented(data)
    for name, part in parts_of(made).items():
        assert b"http://schemas.openxmlformats.org/wordprocessingml/2006/main" not in part, name
    parts = parts_of(made)
    assert b"http://purl.oclc.org/ooxml/wordprocessingml/main" in parts["word/comments.xml"]
    assert b"http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in parts["word/_rels/document.xml.rels"]
    assert read_docx(made, LIMITS) == read_docx(data, LIMITS)
    assert bare(body_of(made)) == bare(body_of(data))


def test_parts_in_utf16_and_folders_in_the_archive() -> None:
    from tests.reading.docx_builder import NAMESPACES

    text = f'<?xml version="1.0" encoding="UTF-16"?><w:document {NAMESPACES}><w:body>{p("Naïve. So.")}</w:body></w:document>'
    parts = {"word/": b"", **parts_of(docx("")), "word/document.xml": text.encode("utf-16")}
    made = commented(zipped(parts))
    assert ranges_of(body_of(made))["1"] == "Naïve."


def test_prefixes_and_ignorable_namespaces_stay_declared(root: Path) -> None:
    """A reader refuses a part whose mc:Ignorable names a prefix that is not declared."""
    data = (root / "examples" / "draft_review_child_m.docx").read_bytes()
    old, new = body_of(data), body_of(commented(data))
    assert new.nsmap == old.nsmap
    assert dict(new.attrib) == dict(old.attrib)
    assert b"ns0:" not in parts_of(commented(data))["word/document.xml"]


def test_ids_are_new_also_where_ranges_without_a_comment_lie_about() -> None:
    stray = '<w:commentRangeStart w:id="7"/><w:commentRangeEnd w:id="odd"/><w:commentRangeEnd w:id="99999999999"/>'
    made = commented(docx(p(stray + run("The nurse rang."))))
    assert set(comments_of(made)) == {"8", "9"}


def test_another_document_is_refused() -> None:
    from scr_tone.errors import InputError

    job = job_for(document_of(docx(p("The nurse rang."))))
    with pytest.raises(InputError, match="is not the document that was analysed; analyse it again"):
        do(docx(p("The nurse rang. Twice.")), job, LIMITS)
