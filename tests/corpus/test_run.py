"""What comes of a run: three tables, the same whoever did the work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import scr_tone
from scr_tone.corpus import analyse_corpus, arrow_schema, document_columns, error_columns, sentence_columns
from scr_tone.errors import ConfigError, InputError, ModelError
from scr_tone.rendering.table import COLUMNS
from tests.corpus.helpers import ask, contents, run, table, three, write_texts
from tests.reading.docx_builder import docx, p
from tests.reading.docx_builder import run as words

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good and bad files, one content three times, and one of them read in another way."""
    folder = tmp_path_factory.mktemp("mixed")
    write_texts(folder, 5)
    (folder / "sub").mkdir()
    (folder / "sub" / "again.txt").write_bytes((folder / "001.txt").read_bytes())
    (folder / "sub" / "again.md").write_bytes((folder / "001.txt").read_bytes())
    (folder / "report.docx").write_bytes(
        docx(p(words("The nurse failed to call back.")) + p(words("=1+1 is what it rained.")))
    )
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing else")
    (folder / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "old.rtf").write_bytes(b"{\\rtf1 text}")
    (folder / "surrogate.html").write_bytes(
        b"<html><body><p>The nurse failed to call back &#xd83d; today.</p></body></html>"
    )
    (folder / "manifest.csv").write_text(
        "path,year,lead\nreport.docx,2012,health\n001.txt,,police\ngone.pdf,2013,\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def done(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mixed folder, done by the command with two workers."""
    output = tmp_path_factory.mktemp("done") / "out.parquet"
    found = run(mixed, "-o", output, "--workers", 2)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""  # nobody looks, so no bar
    assert found.stdout == (
        f"{output}: 9 documents, {len(table(output))} sentences; 4 files could not be read, see {three(output)[2]}; "
        "1 document with the content of another; no documents and left out: .csv 1\n"
    )
    return output


def test_every_file_is_in_one_table_or_the_other(done: Path) -> None:
    sentences, documents, errors = map(table, three(done))
    read = [row["path"] for row in documents]
    assert read == sorted(read) and len(read) == 9
    assert [(row["path"], row["kind"]) for row in errors] == [
        (name, "unreadable") for name in ("broken.pdf", "empty.txt", "locked.docx", "old.rtf")
    ]
    assert all(row["reason"] and row["remedy"] and len(row["document_id"]) == 64 for row in errors)
    assert list(dict.fromkeys(row["path"] for row in sentences)) == read
    for document in documents:
        own = [row for row in sentences if row["path"] == document["path"]]
        assert [row["index"] for row in own] == list(range(len(own)))
        counted = [row for row in own if row["skipped"] is None]
        assert document["sentences"] == len(counted)
        assert document["count_blame"] == sum(row["label"] == "blame" for row in counted)
        assert document["flagged"] == sum(row["flagged"] for row in own)
        assert {row["document_id"] for row in own} == {document["document_id"]}


def test_rows_are_those_of_a_report(done: Path, mixed: Path) -> None:
    report = scr_tone.load("small").analyse(scr_tone.read(mixed / "report.docx"))
    own = [row for row in table(done) if row["path"] == "report.docx"]
    frame = report.to_frame()
    for name in COLUMNS:
        expected = [None if pd.isna(cell) else cell for cell in frame[name]]
        if name in ("factors", "cues"):
            expected = [cell.split({"cues": " | "}.get(name, "; ")) if cell else [] for cell in expected]
        assert [row[name] for row in own] == expected, name
    (document,) = [row for row in table(three(done)[1]) if row["path"] == "report.docx"]
    assert document["purpose_positive"] == report.purpose["positive"].status
    assert json.loads(document["settings"]) == report.to_dict()["settings"]
    assert document["model_sha256"] == scr_tone.load("small").digest and document["model"] == "small"


def test_a_content_that_is_there_twice_is_in_both_rows(done: Path) -> None:
    documents = {row["path"]: row for row in table(three(done)[1])}
    assert documents["sub/again.txt"]["duplicate_of"] == "001.txt"
    assert documents["sub/again.txt"]["document_id"] == documents["001.txt"]["document_id"]
    assert documents["001.txt"]["duplicate_of"] is None
    # The same bytes, but read as Markdown: no copy of what came of it as a text.
    assert documents["sub/again.md"]["duplicate_of"] is None and documents["sub/again.md"]["format"] == "markdown"
    rows = table(done)
    assert [r["text"] for r in rows if r["path"] == "001.txt"] == [
        r["text"] for r in rows if r["path"] == "sub/again.txt"
    ]


def test_the_schema_is_typed_and_says_what_made_it(done: Path) -> None:
    for path, columns in zip(three(done), (sentence_columns(), document_columns(), error_columns()), strict=True):
        schema = pq.read_schema(path)
        assert schema.equals(arrow_schema(columns))
        about = json.loads(schema.metadata[b"scr_tone"])
        assert about["model"] == "small" and about["schema"] == "1.0"
        assert about["software"] == f"scr-tone {scr_tone.__version__}"
    schema = pq.read_schema(done)
    assert schema.field("label").type == pa.dictionary(pa.int32(), pa.string())
    assert schema.field("factors").type == pa.list_(pa.string())


def test_the_columns_are_documented() -> None:
    text = (ROOT / "docs" / "corpora.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z0-9_]+)`", text))
    assert {*sentence_columns(), *document_columns(), *error_columns()} <= listed


def test_the_same_bytes_from_one_worker(done: Path, mixed: Path, tmp_path: Path) -> None:
    seen: list[tuple[float, int]] = []
    found = analyse_corpus(
        mixed, tmp_path / "out.parquet", model="small", workers=1, threads=1, progress=lambda *at: seen.append(at)
    )
    assert contents(tmp_path / "out.parquet") == contents(done)
    assert found.counts.documents == 9 and found.counts.errors == 4 and found.counts.duplicates == 1
    assert seen == sorted(seen) and seen[-1] == (13, 13)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.documents.parquet",
        "out.errors.parquet",
        "out.parquet",
    ]


def test_a_manifest_in_csv_without_text(mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out.csv"
    asked = (mixed / "manifest.csv", "-o", output, "--workers", 1, "--no-text", "--with-metadata", "--strict")
    code, _, err = ask(capsys, *asked)
    assert (code, err) == (3, "")  # one is not there, and --strict
    sentences, documents, errors = map(table, three(output))
    assert [(row["path"], row["year"], row["lead"]) for row in documents] == [
        ("report.docx", "2012", "health"),
        ("001.txt", "", "police"),
    ]
    assert [(row["path"], row["year"], row["reason"]) for row in errors] == [("gone.pdf", "2013", "no such file")]
    assert sentences[0]["year"] == "2012" and sentences[0]["label"] == "blame"
    assert list(sentences[0]) == [*sentence_columns(["year", "lead"])]
    for path in three(output):
        assert "nurse" not in path.read_text(encoding="utf-8") and "ring" not in path.read_text(encoding="utf-8")


def test_a_spreadsheet_runs_nothing(mixed: Path, tmp_path: Path) -> None:
    analyse_corpus(mixed / "manifest.csv", tmp_path / "out.csv", model="small", workers=1)
    assert any(row["text"].startswith("'=1+1") for row in table(tmp_path / "out.csv"))


def test_exit_codes(mixed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, code, said in (
        ([mixed, "-o", tmp_path / "out.xlsx"], 2, "has an ending that names no form; use .parquet or .csv"),
        ([tmp_path / "gone", "-o", tmp_path / "out.csv"], 3, "no such folder or file"),
        ([mixed, "-o", tmp_path / "no" / "out.csv"], 2, "its folder does not exist"),
    ):
        found, _, err = ask(capsys, *arguments)
        assert found == code and said in err


def test_what_cannot_work_is_said_before_the_work(mixed: Path, tmp_path: Path) -> None:
    only = tmp_path / "only"
    only.mkdir()
    (only / "a.pdf").write_bytes(b"%PDF-1.7 nothing else")
    for error, arguments in (
        (ConfigError, {"workers": 0}),
        (ConfigError, {"workers": 2, "scheduler": "tcp://127.0.0.1:9"}),
        (ConfigError, {"skip": ["nonsense"]}),
        (ModelError, {"model": "no-such-model"}),
        (ModelError, {"model": mixed}),
        (ConfigError, {"prior": {"blame": 1.0}, "workers": 1}),
    ):
        with pytest.raises(error):
            analyse_corpus(only, tmp_path / "out.csv", **{"model": "small", **arguments})
    with pytest.raises(ConfigError, match="is also an input"):
        analyse_corpus(mixed / "manifest.csv", mixed / "manifest.csv", model="small")
    assert not (tmp_path / "out.csv").exists()


def test_parquet_without_its_library_names_the_extra(
    mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"scr-tone\[corpus\]"):
        analyse_corpus(mixed, tmp_path / "out.parquet", model="small")


def test_nothing_but_errors_is_said_by_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    assert ask(capsys, tmp_path, "-o", tmp_path / "out.csv", "--workers", 1)[0] == 3
    assert [row["reason"] for row in table(tmp_path / "out.errors.csv")] == ["is empty"]
    with pytest.raises(InputError):
        analyse_corpus(tmp_path / "gone", tmp_path / "out.csv")
