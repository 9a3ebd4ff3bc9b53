"""Every notebook runs from top to bottom, is kept without outputs, and names no file of somebody's machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# A quotation that begins with a slash, a drive or a home folder.
ABSOLUTE = re.compile(r"""["'](?:/\w|[A-Za-z]:[\\/]|~|file:)""")


def test_there_are_notebooks() -> None:
    assert [path.name[0] for path in NOTEBOOKS] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs_and_without_absolute_paths(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert not ABSOLUTE.search(cell.source), cell.source
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_absolute_paths_are_told_from_others() -> None:
    assert ABSOLUTE.search('read("/' + 'home/ann/draft.docx")') and ABSOLUTE.search("Path('C:\\\\reviews')")
    assert not ABSOLUTE.search('read("../examples/draft.docx"), folder / "a.csv"')


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::RuntimeWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})  # this tree's code, whatever is installed
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len(shown) >= 5
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert not [output for output in shown if output.get("name") == "stderr"]
    assert sum(len(str(output)) for output in shown) < 2_000_000
