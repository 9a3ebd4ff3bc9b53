"""From path to path, in a child process: what is refused, what appears, and what does not."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

import scr_tone
from scr_tone.annotate import annotate, annotate_file, annotated
from scr_tone.annotate import document as module
from scr_tone.cli import main
from scr_tone.errors import ConfigError, InputError
from scr_tone.reading.limits import Limits
from tests.annotate.bodies import TORTURE
from tests.annotate.helpers import W, body_of, check_anchors, comments_of, parts_of, ranges_of
from tests.reading.docx_builder import NAMESPACES, docx, ole, p, zipped

BLAME = "The nurse failed to ring the family."


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.docx"
    path.write_bytes(
        docx(p("What happened", '<w:outlineLvl w:val="0"/>') + p(f"{BLAME} Caseloads were high. It rained."))
    )
    return path


# --- the comments ----------------------------------------------------------------------------------------------------


def test_a_comment_says_why_asks_and_says_where_it_comes_from(draft: Path, tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse(scr_tone.read(draft))
    data = annotate(draft.read_bytes(), report, when=datetime(2026, 11, 28, 12, 30))
    comments = comments_of(data)
    assert [author for author, _ in comments.values()] == ["scr-tone"] * 2
    top, first = (lines for _, lines in comments.values())
    assert "1 may read as blame" in top[0]
    assert any("judges wording, never people" in line and "no evidence" in line for line in top)
    assert any(line.startswith("Shares: blame 33% (1), ") for line in top)
    assert any("resolve" in line for line in top)
    assert any("may be true" in line for line in top)
    *lines, last = first
    (sentence,) = report.flagged
    advice = report.to_dict()["sentences"][sentence.index]["advice"]
    questions = advice["questions"][:2]
    assert lines[:3] == [advice["why"], *(f"\u2022 {question['text']}" for question in questions)]
    assert lines[3:] == ["Perhaps \u201cdid not\u201d for \u201cfailed to\u201d."]
    assert sum(len(line.lstrip("\u2022 ").split()) for line in lines[:3]) <= 40
    sources = dict.fromkeys(source["name"] for question in advice["questions"] for source in question["sources"])
    assert f"The questions rest on: {'; '.join(sources)}." in top
    assert sentence.scores["blame"] < 0.9
    assert last == f"May read as blame: worth a look \u00b7 finding {sentence.id}"
    assert ranges_of(body_of(data))["1"] == "failed to"
    xml = parts_of(data)["word/comments.xml"].decode()
    assert xml.count('w:date="2026-11-28T12:30:00Z"') == 2
    assert xml.count('w:initials="ST"') == 2


def test_a_comment_says_where_the_model_is_sure() -> None:
    data = docx(p(f"{BLAME} It rained."))
    report = scr_tone.load("standard").analyse(scr_tone.read_bytes(data), cues=False)
    assert report.flagged[0].scores["blame"] >= 0.9
    _, (_, lines) = comments_of(annotate(data, report)).values()
    assert lines[-1].startswith("May read as blame: clear")


def test_the_whole_sentence_where_no_words_stand_out() -> None:
    tone = scr_tone.load("standard")
    plain = "The manager had better things to do than read the file."
    for sentence, told in ((plain, plain), (BLAME, "failed to")):
        data = docx(p(f"{sentence} It rained."))
        report = tone.analyse(scr_tone.read_bytes(data), cues=False)
        assert ranges_of(body_of(annotate(data, report)))["1"] == told


def test_a_document_without_findings_gets_the_summary_alone(tone: scr_tone.ToneAnalyser) -> None:
    data = docx(p("The family moved in May."))
    comments = comments_of(annotate(data, tone.analyse(scr_tone.read_bytes(data))))
    ((_, lines),) = comments.values()
    assert "which does not mean that nobody will read one so" in lines[0]
    assert not any("resolve" in line for line in lines)


def test_labels(draft: Path, tone: scr_tone.ToneAnalyser) -> None:
    data = draft.read_bytes()
    report = tone.analyse(scr_tone.read_bytes(data))
    assert annotated(data, report).added == 1
    assert annotated(data, report, labels=["blame", "learning"]).added == 2
    last = [lines[-1] for _, lines in comments_of(annotate(data, report, labels=["learning"])).values()]
    assert last[1].startswith("Reads as learning: ")
    for wrong in (["neutral"], ["Blame"], [], "blame"):
        with pytest.raises(ConfigError, match=r"labels: .*choose from blame, learning, accountability"):
            annotate(data, report, labels=wrong)


def test_every_place_with_the_model_that_is_there(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse(scr_tone.read_bytes(TORTURE))
    done = annotated(TORTURE, report, labels=["blame", "learning", "accountability"])
    assert done.added > 15
    check_anchors(body_of(done.data))


def test_advice_with_a_note_and_other_words(
    draft: Path, tone: scr_tone.ToneAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scr_tone.report import Report

    whole = Report.to_dict

    def to_dict(report: Report) -> dict[str, object]:
        given = whole(report)
        for sentence in given["sentences"]:
            if sentence["label"] == "blame":
                start = given["sentences"][0]["start"] * 0 + report.document.text.index("failed to ring")
                sentence["advice"] |= {
                    "note": "These may be somebody else\u2019s words.",
                    "rewording": {"start": start, "end": start + len("failed to ring"), "text": "did not ring"},
                    "questions": sentence["advice"]["questions"] * 3,
                }
        return given

    monkeypatch.setattr(Report, "to_dict", to_dict)
    data = draft.read_bytes()
    lines = comments_of(annotate(data, tone.analyse(scr_tone.read_bytes(data))))["1"][1]
    assert not any("somebody else\u2019s words" in line for line in lines)  # notes are for where there is room
    assert sum(line.startswith("\u2022") for line in lines) == 2
    assert lines[-2] == "Perhaps \u201cdid not ring\u201d for \u201cfailed to ring\u201d."


# --- what is refused -------------------------------------------------------------------------------------------------


def refusal(data: bytes, tone: scr_tone.ToneAnalyser, **limits: float) -> str:
    good = docx(p(BLAME))
    report = tone.analyse(scr_tone.read_bytes(good))
    with pytest.raises(InputError) as caught:
        annotated(data, report, subject="draft.docx", limits=Limits(**limits))  # type: ignore[arg-type]
    assert caught.value.remedy
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    f"<w:{{}} {NAMESPACES}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:{{}}>"
)


def test_what_is_no_sound_word_document_is_refused(tone: scr_tone.ToneAnalyser) -> None:
    assert refusal(b"%PDF-1.7", tone).startswith("draft.docx: is a PDF, not a Word document")
    assert "password protected" in refusal(ole("EncryptedPackage"), tone)
    assert "cut short" in refusal(docx(p(BLAME))[:-200], tone)
    assert "defines XML entities" in refusal(
        docx("", extra={"word/document.xml": ENTITIES.format("document", "document")}), tone
    )
    assert "times its size" in refusal(docx(p(BLAME), extra={"word/x.xml": b" " * 20_000_000}), tone)
    assert "unpacks to more" in refusal(
        docx(p(BLAME), extra={"word/media/x.png": b"x" * 200_000}), tone, unpacked_bytes=100_000
    )
    assert "needs more memory" in refusal(
        docx(p("word") * 150_000, compression=zipfile.ZIP_STORED), tone, memory_bytes=150_000_000
    )


def test_a_part_for_comments_that_would_do_harm_is_refused(tone: scr_tone.ToneAnalyser) -> None:
    parts = {
        "word/comments.xml": ENTITIES.format("comments", "comments"),
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="c" Type="http://x/comments" Target="comments.xml"/></Relationships>',
    }
    data = docx(p(BLAME), extra=parts)
    assert scr_tone.read_bytes(data).text == BLAME  # the reader does not look there
    assert "its part word/comments.xml defines XML entities" in refusal(data, tone)
    assert "its part word/comments.xml is broken" in refusal(
        docx(p(BLAME), extra={**parts, "word/comments.xml": "<a>"}), tone
    )


def test_a_report_on_something_else_is_refused(tone: scr_tone.ToneAnalyser) -> None:
    assert "is not the document that was analysed" in refusal(docx(p("Another text.")), tone)
    report = tone.analyse(BLAME)
    with pytest.raises(InputError, match="is no Word document, so it can hold no Word comments; save it as DOCX"):
        annotate(docx(p(BLAME)), report)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.abort()", "the parser crashed"),
        ("print('chatter')", "the parser crashed"),
        ("""print('{"added": 1, "kept": 0, "replaced": 0, "signed": 0}'); print("no archive")""", "the parser crashed"),
        ("""print('{"added": "x"}')""", "the parser crashed"),
        ("import time; time.sleep(60)", "takes more than 1 s"),
        ("print('x' * 30_000_000)", "grows too large with comments"),
    ],
)
def test_a_child_that_misbehaves(
    tone: scr_tone.ToneAnalyser, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    monkeypatch.setattr(module, "command", lambda worker, task: [sys.executable, "-I", "-c", code])
    assert words in refusal(docx(p(BLAME)), tone, seconds=1)


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_draft_is_left_as_it_is_and_nothing_else_appears(draft: Path, tone: scr_tone.ToneAnalyser) -> None:
    before = draft.read_bytes()
    out = draft.with_name("out.docx")
    report, done = annotate_file(draft, out, tone=tone)
    assert draft.read_bytes() == before
    assert sorted(path.name for path in draft.parent.iterdir()) == ["draft.docx", "out.docx"]
    assert out.read_bytes() == done.data
    assert (done.added, len(report.flagged)) == (1, 1)
    again = draft.with_name("again.docx")
    assert annotate_file(out, again, tone=tone)[1].replaced == 1


def test_outputs_that_make_no_sense(draft: Path, tone: scr_tone.ToneAnalyser) -> None:
    link = draft.with_name("link.docx")
    link.symlink_to(draft)
    for output, words in [
        (draft, "is the draft itself; name another file"),
        (link, "is the draft itself"),
        (draft.with_name("out.pdf"), "does not end in .docx, as the draft does"),
        (draft.with_name("nowhere") / "out.docx", "its folder does not exist"),
        (draft.parent, "is a folder"),
    ]:
        with pytest.raises(ConfigError) as caught:
            annotate_file(draft, output, tone=tone)
        assert words in str(caught.value)
    assert sorted(path.name for path in draft.parent.iterdir()) == ["draft.docx", "link.docx"]


def test_nothing_appears_when_the_draft_cannot_be_read(draft: Path, tone: scr_tone.ToneAnalyser) -> None:
    draft.write_bytes(docx(p(BLAME))[:-300])
    out = draft.with_name("out.docx")
    out.write_bytes(b"an older one")
    with pytest.raises(InputError):
        annotate_file(draft, out, tone=tone)
    assert out.read_bytes() == b"an older one"


def test_nothing_of_a_text_is_written_elsewhere(
    draft: Path, tone: scr_tone.ToneAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = draft.parent / "tmp"
    elsewhere.mkdir()
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    monkeypatch.chdir(elsewhere)
    annotate_file(draft, draft.with_name("out.docx"), tone=tone)
    assert list(elsewhere.iterdir()) == []


def test_a_report_saves_itself_into_the_document_that_it_was_read_from(
    draft: Path, tone: scr_tone.ToneAnalyser
) -> None:
    out = draft.with_name("out.docx")
    report = tone.analyse(scr_tone.read(draft))
    report.save(out)
    assert "scr-tone" in {author for author, _ in comments_of(out.read_bytes()).values()}
    assert str(draft.parent) not in repr(report.document) + report.to_json()
    with pytest.raises(ConfigError, match="is the draft itself"):
        report.save(draft)
    in_memory = tone.analyse(scr_tone.read_bytes(draft.read_bytes()))
    with pytest.raises(ConfigError, match=re.escape('report.save("out.docx", source="draft.docx")')):
        in_memory.save(out)
    in_memory.save(out, source=draft)
    in_memory.save(out, source=draft.read_bytes(), labels=["learning"])
    assert len(comments_of(out.read_bytes())) == 2
    draft.write_bytes(docx(p("Something else altogether.")))
    with pytest.raises(InputError, match=r"draft\.docx: is not the document that was analysed; analyse it again"):
        report.save(out)
    with pytest.raises(InputError, match="can hold no Word comments"):
        tone.analyse(BLAME).save(out, source=draft)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = draft.with_name("out.docx")
    assert main(["annotate", str(draft), "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 1 sentence with a comment\n"
    again = draft.with_name("again.docx")
    assert main(["annotate", str(out), "-o", str(again), "--labels", "blame, learning", "--skip-quotes"]) == 0
    assert capsys.readouterr().out == f"{again}: 2 sentences with a comment; 1 from before taken out\n"


def test_a_signature_does_not_hold_for_the_copy_and_that_is_said(
    draft: Path, tone: scr_tone.ToneAnalyser, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = parts_of(draft.read_bytes())
    relation = (
        '<Relationship Id="s" Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin" '
        'Target="_xmlsignatures/origin.sigs"/></Relationships>'
    )
    whole["_rels/.rels"] = whole["_rels/.rels"].replace(b"</Relationships>", relation.encode())
    signed, out = draft.with_name("signed.docx"), draft.with_name("out.docx")
    signed.write_bytes(zipped({**whole, "_xmlsignatures/origin.sigs": b""}))
    for path, is_signed in ((draft, False), (signed, True)):
        assert main(["annotate", str(path), "-o", str(out), "--model", "small"]) == 0
        assert ("digital signature" in capsys.readouterr().err) is is_signed
        top = " ".join(comments_of(out.read_bytes())["0"][1])
        assert ("digital signature" in top) is is_signed


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-o", "draft.docx"], 2, "draft.docx: is the draft itself"),
        (["-o", "out.txt"], 2, "out.txt: does not end in .docx"),
        (["-o", "out.docx", "--labels", "neutral"], 2, "--labels: cannot be 'neutral'; choose from blame"),
        (["-o", "out.docx", "--labels", ""], 2, "--labels: names no label"),
        ([], 2, "the following arguments are required: -o/--output"),
        (["-o", "out.docx", "--model", "nonsense"], 4, "nonsense"),
    ],
)
def test_what_the_command_refuses(
    draft: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(draft.parent)
    assert main(["annotate", "draft.docx", *arguments]) == code
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert [path.name for path in draft.parent.iterdir()] == ["draft.docx"]


def test_files_that_are_no_word_documents(tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.docx").write_text(BLAME)
    assert main(["annotate", str(tmp_path / "notes.docx"), "-o", str(tmp_path / "out.docx")]) == 3
    assert "notes.docx: is no Word document, so it can hold no Word comments" in capsys.readouterr().err
    assert main(["annotate", str(tmp_path / "missing.docx"), "-o", str(tmp_path / "out.docx")]) == 3
    pdf = next((root / "examples").glob("*.pdf"))
    assert main(["annotate", str(pdf), "-o", str(tmp_path / "out.pdf")]) == 3
    assert "scr-tone check" in capsys.readouterr().err
    assert not (tmp_path / "out.docx").exists()


def test_the_module_is_light_where_nothing_is_parsed() -> None:
    import subprocess

    code = (
        "import sys, json, scr_tone.annotate; print(json.dumps(sorted({'lxml', 'numpy', 'docx'} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
    assert W
