"""Decisions: made on one draft, kept without its text, still good on the next."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from pathlib import Path

import jsonschema
import pytest

import scr_tone
from scr_tone.cli import main
from scr_tone.decisions import Decision, Decisions, decisions_beside, read_decisions, record_decisions
from scr_tone.finding_ids import finding_ids

FIRST = """# Review of J

## 4 Findings

4.1 The nurse failed to call back. The family moved in May.

4.2 The school should have rung that day.

4.3 The doctor neglected to write to anybody.
"""
#: Sections before it, other numbers, another order, other white space, and one sentence changed.
THIRD = """# Review of J

## 1 Why this review was held

1.1 It was held to learn. The ward was full.

## 6 What we found

6.1 The doctor neglected to write to anybody.

6.2 We were told much. The nurse failed to
call back. The family moved in May.

6.3 The school should have rung the mother that day.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text(FIRST, encoding="utf-8")
    return path


def checked(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert main(["check", *map(str, arguments), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def finding(report: dict, words: str) -> dict:
    (found,) = [s for s in report["sentences"] if words in " ".join(s["text"].split())]
    return found


# ---- three drafts ----


def test_a_decision_on_draft_one_holds_on_draft_three(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = checked(capsys, draft)
    assert report["summary"]["flagged"] == 3
    nurse, school, doctor = (finding(report, words)["id"] for words in ("call back", "have rung", "neglected"))
    assert main(["decide", str(draft), nurse[:8], "intended"]) == 0
    assert main(["decide", str(draft), school, doctor, "wrong"]) == 0
    out = capsys.readouterr().out
    assert f"{nurse}  blame" in out
    assert out.endswith("draft.md.tone.json: 3 decisions\n")
    assert "call" not in out  # no text where nobody asked for it
    report = checked(capsys, draft)
    assert report["summary"]["flagged"] == 0
    assert report["summary"]["skipped"] == {"heading": 2, "accepted": 1, "wrong": 2}
    assert report["settings"]["decisions"] == 3

    draft.write_text(
        FIRST.replace("The family moved in May.", "The family moved in June."), encoding="utf-8"
    )  # draft 2
    assert checked(capsys, draft)["summary"]["flagged"] == 0

    draft.write_text(THIRD, encoding="utf-8")
    report = checked(capsys, draft)
    assert finding(report, "call back")["skipped"] == "accepted"
    assert finding(report, "call back")["id"] == nurse
    assert finding(report, "neglected")["skipped"] == "wrong"
    changed = finding(report, "have rung the mother")  # other words, a new question
    assert (changed["flagged"], changed["skipped"]) == (True, None)
    assert main(["check", str(draft), "--show", "skipped"]) == 0
    out = capsys.readouterr().out
    assert "left out: accepted as intended" in out
    assert "left out: false alarm" in out

    assert main(["decide", str(draft), nurse[:6], "undo"]) == 0
    capsys.readouterr()
    assert finding(checked(capsys, draft), "call back")["flagged"]


def test_another_file_name_by_option_and_by_the_project(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = finding(checked(capsys, draft), "call back")["id"]
    kept = draft.parent / "kept.json"
    assert main(["decide", str(draft), identity, "intended", "--decisions", str(kept)]) == 0
    capsys.readouterr()
    assert not decisions_beside(draft).exists()
    later = draft.parent / "later.md"
    later.write_text(THIRD, encoding="utf-8")
    assert finding(checked(capsys, later), "call back")["flagged"]
    assert not finding(checked(capsys, later, "--decisions", kept), "call back")["flagged"]
    (draft.parent / "scr-tone.toml").write_text('[decisions]\nfile = "kept.json"', encoding="utf-8")
    assert not finding(checked(capsys, later), "call back")["flagged"]
    assert main(["decide", str(later), finding(checked(capsys, later), "neglected")["id"], "helpful"]) == 0
    assert sorted(one.decision for one in read_decisions(kept)) == ["helpful", "intended"]


def test_helpful_stays_flagged(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = finding(checked(capsys, draft), "call back")["id"]
    assert main(["decide", str(draft), identity, "helpful"]) == 0
    capsys.readouterr()
    assert checked(capsys, draft)["summary"]["flagged"] == 3


def test_the_same_words_twice_share_a_decision(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft.write_text(FIRST + "\n4.4 The nurse failed to call back.\n", encoding="utf-8")
    ids = [s["id"] for s in checked(capsys, draft)["sentences"] if "call back" in s["text"]]
    assert ids[1] == f"{ids[0]}-2"
    assert main(["decide", str(draft), ids[1], "intended"]) == 0
    capsys.readouterr()
    assert checked(capsys, draft)["summary"]["skipped"]["accepted"] == 2


def test_the_file_holds_no_text_and_follows_its_schema(
    draft: Path, root: Path, tone: scr_tone.ToneAnalyser, capsys: pytest.CaptureFixture[str]
) -> None:
    found = finding(checked(capsys, draft), "call back")
    assert main(["decide", str(draft), found["id"], "wrong"]) == 0
    raw = json.loads(decisions_beside(draft).read_text(encoding="utf-8"))
    schema = json.loads((root / "scr_tone/resources/decisions.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(raw, schema)
    (entry,) = raw["decisions"]
    assert entry.pop("date")[:2] == "20"
    assert entry == {
        "id": found["id"],
        "decision": "wrong",
        "label": "blame",
        "score": found["scores"]["blame"],
        "model": tone.digest,
    }
    assert sorted(path.name for path in draft.parent.iterdir()) == ["draft.md", "draft.md.tone.json"]


@pytest.mark.parametrize("name", ["", ".", "/", "..", "x" * 5000, "a\0b"])
def test_names_that_are_no_draft(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 3
    assert main(["decide", name, "aaaa", "intended"]) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_nothing_is_written_by_a_check(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked(capsys, draft)
    assert [path.name for path in draft.parent.iterdir()] == ["draft.md"]


def test_ids_that_do_not_fit(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for given in ("zzzzzzzzzzzz", "", "a"):
        assert main(["decide", str(draft), given, "intended"]) == 3
        assert f"has no finding {given}; copy an id from scr-tone check" in capsys.readouterr().err
    assert main(["decide", str(draft), "aaaa", "perhaps"]) == 2
    assert not decisions_beside(draft).exists()


def test_an_id_that_begins_two_findings(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Two sentences whose ids begin alike, found by trying.
    seen: dict[str, str] = {}
    for number in range(5000):
        sentence = f"The nurse failed to call {number} times."
        beginning = finding_ids([sentence])[0][:4]
        if beginning in seen:
            break
        seen[beginning] = sentence
    draft.write_text(f"{sentence} {seen[beginning]}\n", encoding="utf-8")
    assert main(["decide", str(draft), beginning, "intended"]) == 3
    assert f"has several findings {beginning}..." in capsys.readouterr().err


# ---- the library ----


def test_decisions_in_python(tone: scr_tone.ToneAnalyser) -> None:
    text = "The nurse failed to call back. The school should have rung that day."
    first = tone.analyse(text).sentences[0]
    made = scr_tone.Decisions([Decision(first.id, "intended", "blame", 0.9)])
    assert [s.skipped for s in tone.analyse(text, decisions=made).sentences] == ["accepted", None]


def test_the_later_decision_counts_and_undo_takes_it_back(tmp_path: Path) -> None:
    path = tmp_path / "d.tone.json"
    one, other = (Decision("aaaaaaaaaaaa", what, "blame", 0.5) for what in ("intended", "wrong"))
    record_decisions(path, [one, Decision("bbbbbbbbbbbb", "helpful", "learning", 1)])
    assert record_decisions(path, [other]).verdict("aaaaaaaaaaaa") == "wrong"
    kept = record_decisions(path, undone=["aaaaaaaaaaaa-3"])
    assert [(entry.id, entry.decision) for entry in kept] == [("bbbbbbbbbbbb", "helpful")]
    assert read_decisions(path).to_json() == path.read_text(encoding="utf-8")
    assert json.loads(Decisions().to_json()) == {"version": 1, "decisions": []}


GOOD = {"id": "aaaaaaaaaaaa", "decision": "wrong", "label": "blame", "score": 0.5}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1 is no JSON"),
        (b"[]", 'it has no list "decisions"'),
        (b'{"version": 1, "decisions": 3}', 'it has no list "decisions"'),
        (b'{"version": 2, "decisions": []}', "its version is 2, and this scr-tone reads 1"),
        (b'{"version": true, "decisions": []}', "its version is True"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        *(
            (json.dumps({"version": 1, "decisions": [GOOD, {**GOOD, **wrong}]}).encode(), "decision 2 is not one of id")
            for wrong in (
                {"id": "../../x"},
                {"id": 3},
                {"decision": "perhaps"},
                {"label": "guilt"},
                {"score": 1.5},
                {"score": True},
                {"score": float("nan")},
                {"model": 3},
            )
        ),
    ],
)
def test_a_file_that_is_none_of_decisions_is_refused_and_kept(
    draft: Path, content: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = decisions_beside(draft)
    path.write_bytes(content)
    with pytest.raises(scr_tone.InputError) as caught:
        read_decisions(path)
    assert says in str(caught.value)
    assert "mend it, or move it away and decide again" in str(caught.value)
    assert main(["check", str(draft)]) == 3
    identity = finding_ids(["The nurse failed to call back."])[0]
    assert main(["decide", str(draft), identity, "intended"]) == 3
    assert says in capsys.readouterr().err
    assert path.read_bytes() == content


def test_keys_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(json.dumps({"version": 1, "by": "x", "decisions": [GOOD | {"note": 1}]}), encoding="utf-8")
    assert read_decisions(path).verdict(GOOD["id"]) == "wrong"


def test_one_bad_file_of_decisions_does_not_cost_the_other_drafts(
    draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = draft.parent / "other.txt"
    other.write_text("It rained.", encoding="utf-8")
    decisions_beside(draft).write_text("{", encoding="utf-8")
    assert main(["check", str(draft), str(other)]) == 3
    assert "other.txt" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_folder_that_may_not_be_written(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft.parent.chmod(0o500)
    try:
        identity = finding_ids(["The nurse failed to call back."])[0]
        assert main(["decide", str(draft), identity, "intended"]) == 2
        assert "cannot be written" in capsys.readouterr().err
    finally:
        draft.parent.chmod(0o700)


def _record(path: str, start: int) -> None:
    for number in range(start, start + 25):
        record_decisions(path, [Decision(f"{number:012x}", "wrong", "blame", 0.5)])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a lock that Windows does not have")
def test_several_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "d.tone.json"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_record, args=(str(path), 100 * number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert len(read_decisions(path)) == 100
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
