"""A second run: our comments are replaced, other people's stay, and what was settled stays settled."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from scr_tone.annotate.job import do
from scr_tone.reading.docx_xml import parse_part
from tests.annotate.helpers import (
    LIMITS,
    W,
    bare,
    body_of,
    check_anchors,
    commented,
    comments_of,
    document_of,
    find,
    job_for,
    parts_of,
    ranges_of,
)
from tests.reading.docx_builder import docx, p, run, zipped

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
CID = "http://schemas.microsoft.com/office/word/2016/wordml/cid"
CEX = "http://schemas.microsoft.com/office/word/2018/wordml/cex"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BODY = p("Title") + p("The nurse failed to ring. It rained. The school should have known. It was late.")
FIRST, SECOND = "The nurse failed to ring.", "The school should have known."


def run_again(data: bytes, words: Iterable[str] = (FIRST, SECOND)) -> tuple[bytes, dict[str, int]]:
    document = document_of(data)
    return do(data, job_for(document, [find(document, part) for part in words]), LIMITS)


def as_word_saves(
    data: bytes, *, done: Iterable[str] = (), replies: dict[str, str] | None = None, extensible: bool = True
) -> bytes:
    """Give the comments what Word gives them: paragraph ids, and the three parts with states, replies and durable ids.

    Parameters
    ----------
    done : iterable of str
        Ids of comments that somebody resolved.
    replies : dict
        Comment id -> what Moira answered.
    """
    parts = parts_of(data)
    comments = parse_part(parts["word/comments.xml"], "x")
    body = parse_part(parts["word/document.xml"], "x")
    extended, ids, durable = [], [], []

    def known(comment: Any, parent: str = "", resolved: bool = False) -> str:
        for at, paragraph in enumerate(comment.iter(W + "p")):
            identity = f"{1000 * (int(comment.get(W + 'id')) + 1) + at:08X}"
            paragraph.set(f"{{{W14}}}paraId", identity)
        above = f' w15:paraIdParent="{parent}"' if parent else ""
        extended.append(f'<w15:commentEx w15:paraId="{identity}"{above} w15:done="{int(resolved)}"/>')
        ids.append(f'<w16cid:commentId w16cid:paraId="{identity}" w16cid:durableId="D{identity}"/>')
        durable.append(f'<w16cex:commentExtensible w16cex:durableId="D{identity}"/>')
        return identity

    last = {c.get(W + "id"): known(c, resolved=c.get(W + "id") in done) for c in list(comments)}
    for name, words in (replies or {}).items():
        number = str(max(int(c.get(W + "id")) for c in comments) + 1)
        text = f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>{words}</w:t></w:r></w:p>'
        reply = etree.SubElement(comments, W + "comment", {W + "id": number, W + "author": "Moira Tansley"})
        reply.append(etree.fromstring(text))
        known(reply, last[name])
        for mark in list(body.iter(W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference")):
            if mark.get(W + "id") == name:
                twin = etree.Element(mark.tag, {W + "id": number})
                if mark.tag == W + "commentReference":
                    holder = etree.Element(W + "r")
                    holder.append(twin)
                    mark.getparent().addnext(holder)
                else:
                    mark.addnext(twin)
    parts["word/comments.xml"] = etree.tostring(comments)
    parts["word/document.xml"] = etree.tostring(body)
    new = {
        "commentsExtended": (f'<w15:commentsEx xmlns:w15="{W15}">{"".join(extended)}</w15:commentsEx>', W15),
        "commentsIds": (f'<w16cid:commentsIds xmlns:w16cid="{CID}">{"".join(ids)}</w16cid:commentsIds>', CID),
        "commentsExtensible": (
            f'<w16cex:commentsExtensible xmlns:w16cex="{CEX}">{"".join(durable)}</w16cex:commentsExtensible>',
            CEX,
        ),
    }
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    for name, (part, kind) in new.items():
        parts[f"word/{name}.xml"] = part.encode()
        target = {"Id": name, "Type": f"{kind}/relationships/{name}", "Target": f"{name}.xml"}
        etree.SubElement(
            relations, "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship", target
        )
    parts["word/_rels/document.xml.rels"] = etree.tostring(relations)
    return zipped(parts)


def states_of(data: bytes) -> list[tuple[str, str, str]]:
    """Paragraph ids in the three parts of Word's; they must speak of the same comments."""
    parts = parts_of(data)
    extended = etree.fromstring(parts["word/commentsExtended.xml"])
    ids = {
        e.get(f"{{{CID}}}paraId"): e.get(f"{{{CID}}}durableId") for e in etree.fromstring(parts["word/commentsIds.xml"])
    }
    durable = {e.get(f"{{{CEX}}}durableId") for e in etree.fromstring(parts["word/commentsExtensible.xml"])}
    assert set(ids.values()) == durable
    assert set(ids) == {e.get(f"{{{W15}}}paraId") for e in extended}
    there = {q.get(f"{{{W14}}}paraId") for q in parse_part(parts["word/comments.xml"], "x").iter(W + "p")}
    assert set(ids) <= there
    return [
        (e.get(f"{{{W15}}}paraId"), e.get(f"{{{W15}}}paraIdParent") or "", e.get(f"{{{W15}}}done")) for e in extended
    ]


def test_a_second_run_gives_the_same_file(root: Path) -> None:
    for data in (docx(BODY), (root / "examples" / "draft_review_child_m.docx").read_bytes()):
        once = commented(data)
        assert commented(once) == once


def test_other_peoples_comments_stay_as_they_are(root: Path) -> None:
    data = (root / "examples" / "draft_review_child_m.docx").read_bytes()
    theirs = {name: c for name, c in comments_of(data).items() if c[0] != "scr-tone"}
    assert len(theirs) > 3
    made = commented(commented(data))
    assert {name: c for name, c in comments_of(made).items() if c[0] != "scr-tone"} == theirs
    old, new = (parse_part(parts_of(d)["word/comments.xml"], "x") for d in (data, made))
    for comment in old:
        same = next(c for c in new if c.get(W + "id") == comment.get(W + "id"))
        assert etree.canonicalize(etree.tostring(same, with_tail=False).decode()) == etree.canonicalize(
            etree.tostring(comment, with_tail=False).decode()
        )
    ranges = ranges_of(body_of(made))
    assert {name: ranges[name] for name in theirs} == ranges_of(body_of(data))


def test_a_finding_that_is_gone_loses_its_comment_and_its_marks() -> None:
    once, told = run_again(docx(BODY))
    assert told == {"added": 2, "kept": 0, "replaced": 0, "signed": 0}
    twice, told = run_again(once, [SECOND])
    assert told == {"added": 1, "kept": 0, "replaced": 2, "signed": 0}
    assert list(ranges_of(body_of(twice)).values()) == ["Title", SECOND]
    assert len(comments_of(twice)) == 2
    assert bare(body_of(twice)) == bare(body_of(docx(BODY)))


def test_a_comment_of_ours_that_somebody_answered_stays_with_the_answer() -> None:
    once, _ = run_again(docx(BODY))
    saved = as_word_saves(once, replies={"1": "We mean this."})
    twice, told = run_again(saved)
    assert told == {"added": 1, "kept": 1, "replaced": 1, "signed": 0}
    check_anchors(body_of(twice))
    found = comments_of(twice)
    assert [author for author, _ in found.values()].count("Moira Tansley") == 1
    assert [r for r in ranges_of(body_of(twice)).values() if r == FIRST] == [FIRST] * 2  # the question and the answer
    assert sum(text[0].startswith("finding") for _, text in found.values()) == 2
    assert "1 comment that was answered or resolved stands as before." in next(
        t for _, t in found.values() if t[0] == "Summary."
    )
    states = states_of(twice)
    assert len(states) == 2
    assert states[1][1] == states[0][0]
    gone, told = run_again(twice, [SECOND])  # also when the sentence is no finding any more
    assert told["kept"] == 1
    assert len(states_of(gone)) == 2


def test_what_somebody_resolved_is_not_asked_again() -> None:
    once, _ = run_again(docx(BODY))
    saved = as_word_saves(once, done=["0", "1"])  # the summary too, which has new counts now
    twice, told = run_again(saved)
    assert told == {"added": 1, "kept": 1, "replaced": 1, "signed": 0}
    assert [state[2] for state in states_of(twice)] == ["1"]
    assert sorted(ranges_of(body_of(twice)).values()) == sorted(["Title", FIRST, SECOND])
    changed, told = run_again(twice, [SECOND])  # once the sentence is no finding, the comment has no use
    assert told == {"added": 1, "kept": 0, "replaced": 2, "signed": 0}
    assert states_of(changed) == []


def test_a_resolved_finding_stays_quiet_when_the_text_around_it_changes() -> None:
    once, _ = run_again(docx(BODY))
    saved = parts_of(as_word_saves(once, done=["1"]))
    saved["word/document.xml"] = saved["word/document.xml"].replace(b"Title", b"Another title, and more")
    twice, told = run_again(zipped(saved))
    assert told == {"added": 1, "kept": 1, "replaced": 1, "signed": 0}
    assert list(ranges_of(body_of(twice)).values()).count(FIRST) == 1


def test_answers_to_each_other_and_states_of_others_stay() -> None:
    """A thread between two people, resolved, beside ours."""
    thread = (
        f'<w:comments xmlns:w="{W[1:-1]}"><w:comment w:id="5" w:author="Roy"><w:p><w:r><w:t>Sure?</w:t></w:r></w:p></w:comment>'
        "</w:comments>"
    )
    body = p("Title") + p(
        '<w:commentRangeStart w:id="5"/>'
        + run(FIRST)
        + '<w:commentRangeEnd w:id="5"/><w:r><w:commentReference w:id="5"/></w:r>'
    )
    parts = parts_of(docx(body, extra={"word/comments.xml": thread}))
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="c" Type="{REL}/comments" Target="comments.xml"/></Relationships>'.encode(),
    )
    saved = as_word_saves(zipped(parts), done=["5"], replies={"5": "Yes."})
    once, _ = run_again(saved, [FIRST])
    twice, _ = run_again(once, [FIRST])
    assert states_of(twice) == states_of(saved)
    assert parts_of(twice)["word/commentsExtended.xml"] == parts_of(saved)["word/commentsExtended.xml"]
    theirs = {name: c for name, c in comments_of(twice).items() if c[0] != "scr-tone"}
    assert theirs == comments_of(saved)
    check_anchors(body_of(twice))


def test_marks_that_word_moved_or_wrapped_go_too() -> None:
    """With changes tracked, or after an edit, our marks may stand between paragraphs or in an insertion of their own."""
    once = parts_of(run_again(docx(BODY), [FIRST])[0])
    text = once["word/document.xml"].decode()
    reference = '<w:r><w:commentReference w:id="1"/></w:r>'
    assert reference in text
    text = text.replace(reference, f'<w:ins w:id="50" w:author="A">{reference}</w:ins>')
    text = text.replace('<w:commentRangeStart w:id="1"/>', "").replace(
        "<w:body>", '<w:body><w:commentRangeStart w:id="1"/>'
    )
    once["word/document.xml"] = text.encode()
    twice, _ = run_again(zipped(once), [SECOND])
    assert list(ranges_of(body_of(twice)).values()) == ["Title", SECOND]
    assert bare(body_of(twice)) == bare(body_of(docx(BODY)))
