"""Which files a corpus has."""

from __future__ import annotations

from pathlib import Path

import pytest

from scr_tone.corpus import folder_inputs, inputs_of, manifest_inputs
from scr_tone.errors import ConfigError, InputError


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("It rained.", encoding="utf-8")


def paths(folder: Path) -> list[str]:
    return [entry.path for entry in folder_inputs(folder).entries]


def test_documents_below_a_folder_sorted_by_path(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.PDF", "a/b/c.docx", "a.md", "old.doc", "notes.rtf")
    assert paths(tmp_path) == ["a.md", "a/b/c.docx", "a/z.PDF", "b.txt", "notes.rtf", "old.doc"]


def test_what_is_no_document_is_left_out_and_counted(tmp_path: Path) -> None:
    write(
        tmp_path,
        ".hidden.txt",
        ".git/a.txt",
        "~$draft.docx",
        ".~lock.draft.docx#",
        "draft.docx",
        "draft.docx.tone.json",
    )
    write(
        tmp_path,
        "scr-tone.toml",
        "chart.png",
        "map.PNG",
        "figures.xlsx",
        "Makefile",
        "out.parquet.unfinished/parts/a.txt",
    )
    found = folder_inputs(tmp_path)
    assert [entry.path for entry in found.entries] == ["draft.docx"]
    assert found.left_out == {".png": 2, ".xlsx": 1, "no ending": 1}


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "corpus/a/one.txt", "elsewhere/two.txt")
    root = tmp_path / "corpus"
    (root / "a" / "loop").symlink_to(root)
    (root / "0-first").symlink_to(root / "a")  # sorts before the folder itself, which yet keeps its own name
    (root / "more").symlink_to(tmp_path / "elsewhere")
    (root / "again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(root)
    (root / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
    (root / "link.txt").symlink_to(root / "a" / "one.txt")
    assert paths(root) == ["a/one.txt", "again/two.txt", "link.txt"]


def test_manifest_carries_metadata_in_its_own_order(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        '\ufeffyear,path,"area, lead"\r\n2012,b.txt,"North, East"\r\n\r\n,sub/a.pdf,\r\n', encoding="utf-8"
    )
    found = manifest_inputs(tmp_path / "m.csv")
    assert found.metadata == ("year", "area, lead")
    assert [(entry.path, entry.metadata) for entry in found.entries] == [
        ("b.txt", ("2012", "North, East")),
        ("sub/a.pdf", (None, None)),
    ]
    assert found.entries[1].file == tmp_path / "sub/a.pdf"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"file,year\na.txt,1\n", 'no column "path"'),
        (b"path,path\na.txt,1\n", "two columns 'path'"),
        (b"path,\na.txt,1\n", "without a name"),
        (b"path,label\na.txt,1\n", "'label', a name that the tables need"),
        (b"path,year\na.txt\n", "1 cells in line 2 and 2 names"),
        (b"path,year\n,2012\n", "no path in line 2"),
        (b"path\na.txt\n./a.txt\n", "a.txt in line 2 and in line 3"),
        (b"path\n\xff.txt\n", "not UTF-8"),
        (b'path\n"a.txt\n', "is no CSV"),
        (b"", 'no column "path"'),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "m.csv").write_bytes(content)
    with pytest.raises(ConfigError, match=reason) as caught:
        inputs_of(tmp_path / "m.csv", ["label"])
    assert str(tmp_path) in str(caught.value) and caught.value.remedy


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "chart.png")
    (tmp_path / "empty.csv").write_text("path,year\n", encoding="utf-8")
    for source, reason in (
        (tmp_path, "holds no document"),
        (tmp_path / "empty.csv", "holds no document"),
        (tmp_path / "gone", "no such folder"),
        (tmp_path / "chart.png", "neither a folder nor a manifest"),
    ):
        with pytest.raises(InputError, match=reason):
            inputs_of(source)
