"""The artefact: whole, verified, and closed to strangers. Nothing is unpickled before its digest is right."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import joblib
import numpy as np
import pytest

import scr_tone
from scr_tone import artefact
from scr_tone.artefact import bundled_names, load, pin, save
from scr_tone.scorer import TextModel, probabilities

SCORES = {
    "a set": {
        "n": 10, "macro_f1": 0.5, "macro_f1_ci": [0.4, 0.6], "accuracy": 0.5, "ece": 0.1,
        "per_label": {"blame": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 10}},
    }
}  # fmt: skip


def write(model: TextModel, folder: Path) -> dict:
    return save(
        model, folder, name=folder.name, data={"sentences": 120, "sha256": "0" * 64},
        features={"ngrams": len(model.features.vocabulary_)}, scores=SCORES,
    )  # fmt: skip


@pytest.fixture
def folder(tiny_model: TextModel, tmp_path: Path) -> Path:
    write(tiny_model, tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def never_unpickled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("unpickled before it was verified")

    monkeypatch.setattr(joblib, "load", refuse)


def test_round_trip(tiny_model: TextModel, folder: Path) -> None:
    again = load(folder, trusted=True)
    sentences = ["The nurse failed to ring.", "Caseloads were high.", ""]
    assert again.name == "mine"
    for head in tiny_model.heads:
        assert np.allclose(
            probabilities(again.model, sentences, head), probabilities(tiny_model, sentences, head), atol=2e-3
        )
    assert "macro-F1 **0.500**" in (folder / "README.md").read_text(encoding="utf-8")


def test_same_model_same_bytes(tiny_model: TextModel, tmp_path: Path, folder: Path) -> None:
    write(tiny_model, tmp_path / "other" / "mine")
    for name in ("manifest.json", "classifier.joblib", "README.md"):
        assert (tmp_path / "other" / "mine" / name).read_bytes() == (folder / name).read_bytes()


def test_bundled_models_are_pinned_and_intact(root: Path) -> None:
    assert artefact.DEFAULT in bundled_names()
    for name in bundled_names():
        assert load(name).digest == pin(root / "models" / name)


def test_a_folder_must_be_trusted(folder: Path, never_unpickled: None) -> None:
    with pytest.raises(scr_tone.ModelError, match="can run code.*trust"):
        load(folder)


@pytest.mark.usefixtures("never_unpickled")
class TestNothingIsUnpickled:
    def test_unknown_name(self) -> None:
        with pytest.raises(scr_tone.ModelError, match="no such model; use small"):
            load("nonsense")

    def test_tampered_weights(self, folder: Path) -> None:
        path = folder / "classifier.joblib"
        path.write_bytes(path.read_bytes()[:-1] + b"!")
        with pytest.raises(scr_tone.ModelError, match="damaged or was changed"):
            load(folder, trusted=True)

    @pytest.mark.parametrize("name", ["classifier.joblib", "README.md"])
    def test_missing_file(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        with pytest.raises(scr_tone.ModelError, match="missing or unreadable"):
            load(folder, trusted=True)

    def test_truncated_weights(self, folder: Path) -> None:
        path = folder / "classifier.joblib"
        path.write_bytes(path.read_bytes()[:100])
        with pytest.raises(scr_tone.ModelError, match="damaged"):
            load(folder, trusted=True)

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "{}", '{"files": 3, "name": "x", "format_version": 1}', "[" * 100_000]
    )
    def test_broken_manifest(self, folder: Path, text: str) -> None:
        (folder / "manifest.json").write_text(text)
        with pytest.raises(scr_tone.ModelError, match="manifest"):
            load(folder, trusted=True)

    def test_no_manifest(self, folder: Path) -> None:
        (folder / "manifest.json").unlink()
        with pytest.raises(scr_tone.ModelError, match="no readable manifest"):
            load(folder, trusted=True)

    def change(self, folder: Path, **values: object) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**manifest, **values}))

    def test_newer_format(self, folder: Path) -> None:
        self.change(folder, format_version=99)
        with pytest.raises(scr_tone.ModelError, match="format 99.*update"):
            load(folder, trusted=True)

    def test_other_labels(self, folder: Path) -> None:
        self.change(folder, labels=["good", "bad"])
        with pytest.raises(scr_tone.ModelError, match="not for this program"):
            load(folder, trusted=True)

    def test_file_outside(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        self.change(folder, files={**manifest["files"], "../../etc/passwd": {"sha256": ""}})
        with pytest.raises(scr_tone.ModelError, match="outside the folder"):
            load(folder, trusted=True)

    def test_swapped_bundle(self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A whole, self-consistent artefact in the place of the bundled one is still refused."""
        shutil.copytree(folder, tmp_path / "root" / "small")
        monkeypatch.setattr(artefact, "_root", lambda: tmp_path / "root")
        with pytest.raises(scr_tone.ModelError, match="not the one that was shipped; reinstall"):
            load("small")


def test_right_digest_wrong_content(folder: Path) -> None:
    path = folder / "classifier.joblib"
    joblib.dump({"vocabulary": 3}, path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["classifier.joblib"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(scr_tone.ModelError, match="cannot be unpacked"):
        load(folder, trusted=True)


def test_save_leaves_strangers_alone(tiny_model: TextModel, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.docx").write_text("years of work")
    with pytest.raises(scr_tone.ModelError, match="in the way"):
        write(tiny_model, tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter1.docx").read_text() == "years of work"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["thesis"]


def test_save_replaces_an_older_artefact(tiny_model: TextModel, folder: Path) -> None:
    (folder / "old-file").write_text("x")
    write(tiny_model, folder)
    assert sorted(p.name for p in folder.iterdir()) == ["README.md", "classifier.joblib", "manifest.json"]
