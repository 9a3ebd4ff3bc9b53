"""What a worker gives back where something is wrong with it or with the document, and how tables are written from that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

import scr_tone
from scr_tone.artefact import identify
from scr_tone.corpus import tables, worker
from scr_tone.corpus.settings import Setup
from scr_tone.corpus.tables import Outputs
from scr_tone.decisions import Decision, Decisions
from scr_tone.errors import ConfigError, ModelError
from scr_tone.project import Flags, Project
from tests.benchmarks.make_corpus import make
from tests.corpus.helpers import table

SETUP = Setup(*identify("small"))
BLAME = b"The nurse failed to call back."


def failing(error: BaseException) -> SimpleNamespace:
    def analyse(*_: object, **__: object) -> None:
        raise error

    return SimpleNamespace(analyse=analyse, forget=lambda: None)


@pytest.mark.parametrize(
    ("error", "reason"), [(MemoryError(), "more memory"), (RecursionError(), "failed on it (RecursionError)")]
)
def test_a_document_that_the_analysis_fails_on_is_an_error(
    error: BaseException, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_analyser", lambda _: failing(error))
    found = worker.unpacked(worker.analysed(SETUP, ".txt", BLAME))["error"]
    assert found["kind"] == "failed" and reason in found["reason"] and found["remedy"]


def test_what_is_wrong_with_the_worker_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_loaded", None)
    with pytest.raises(ModelError, match="is another model here"):
        worker.analysed(replace(SETUP, digest="0" * 64), ".txt", BLAME)
    with pytest.raises(ConfigError, match="install the same version everywhere"):
        worker.prepare(replace(SETUP, version="0.0.0"))


def test_all_that_changes_a_result_changes_its_key() -> None:
    decisions = Decisions([Decision("0a1b2c3d4e5f", "intended", "blame", 0.9)])
    others = [
        replace(SETUP, digest="0" * 64),
        replace(SETUP, version="0.0.0"),
        replace(SETUP, prior="natural"),
        replace(SETUP, prior=(("blame", 0.1),)),
        replace(SETUP, prior_strength=0.6),
        replace(SETUP, skip=frozenset(["tables"])),
        replace(SETUP, project=Project(phrases=["so called"])),
        replace(SETUP, project=Project(Flags(threshold={"blame": 0.6}))),
        replace(SETUP, decisions=decisions),
        replace(SETUP, cues=False),
        replace(SETUP, explain=True),
        replace(SETUP, text=False),
        replace(SETUP, limits=scr_tone.Limits(pages=7)),
    ]
    assert len({SETUP.key(), *(other.key() for other in others)}) == 1 + len(others)
    assert replace(SETUP, threads=7).key() == SETUP.key()


def test_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS", 2)
    outputs = Outputs(tmp_path / "out.parquet")
    work = tmp_path / "work"
    work.mkdir()
    columns = [{"path": "category", "factors": "list", "page": "integer"}, {"path": "text"}, {"path": "text"}]
    with outputs.open(work, columns, {"schema": "1"}) as made:
        for number in range(5):
            made[0].add({"path": f"{number // 2}.txt", "factors": ["tools"] * number, "page": number or None})
    assert not (tmp_path / "out.parquet").exists()
    outputs.place(work)
    assert pq.ParquetFile(tmp_path / "out.parquet").num_row_groups == 3
    rows = table(tmp_path / "out.parquet")
    assert [row["path"] for row in rows] == ["0.txt", "0.txt", "1.txt", "1.txt", "2.txt"]
    assert [row["page"] for row in rows] == [None, 1, 2, 3, 4] and rows[2]["factors"] == ["tools"] * 2
    assert table(tmp_path / "out.errors.parquet") == []


def test_the_fictional_corpus_is_the_same_each_time_and_can_be_read(tmp_path: Path) -> None:
    one, other = make(tmp_path / "one", 2, workers=1), make(tmp_path / "other", 2, workers=1)
    rows = table(one)
    assert one.read_bytes() == other.read_bytes() and len(rows) == 2
    assert {Path(row["path"]).suffix for row in rows} == {".docx", ".pdf"}
    for row in rows:
        assert (one.parent / row["path"]).read_bytes() == (other.parent / row["path"]).read_bytes()
        document = scr_tone.read(one.parent / row["path"])
        assert len(document.text.split()) > 400 and "Recommendations" in document.text
        assert row["year"] and row["area"] and row["lead"]
    assert make(tmp_path / "seeded", 2, seed=1, workers=1).read_bytes() != one.read_bytes()
