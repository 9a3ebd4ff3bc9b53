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
from scr_tone.artefact import FORMAT_VERSION, bundled_names, load, pin, save
from scr_tone.cli import main
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
        pytest.fail("unpickled before it was verified")  # which no `except Exception` holds up

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


def list_anew(folder: Path, **values: object) -> None:
    """The manifest as its maker would write it: the digests of the files as they are now, and these values."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, entry in manifest["files"].items():
        entry["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({**manifest, **values}))


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\x80\x04.", b"cnonsense\nthing\n.", b"\x1f\x8bxxxx"],
    ids=["other", "empty", "pop", "import", "zip"],
)
def test_right_digest_wrong_content(folder: Path, content: bytes | None) -> None:
    path = folder / "classifier.joblib"
    if content is None:
        joblib.dump({"vocabulary": 3}, path)
    else:
        path.write_bytes(content)
    list_anew(folder)
    with pytest.raises(scr_tone.ModelError, match="cannot be unpacked"):
        load(folder, trusted=True)


class Trap:
    """A pickle that runs code when it is opened: it leaves a file."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.sprung,)


class TestTheTrap:
    """The same with a file that would really run code. Each refusal leaves it unopened."""

    @pytest.fixture
    def sprung(self, folder: Path, tmp_path: Path) -> Path:
        joblib.dump(Trap(tmp_path / "sprung"), folder / "classifier.joblib")
        return tmp_path / "sprung"

    def test_it_would_spring_in_a_folder_that_is_trusted(self, folder: Path, sprung: Path) -> None:
        list_anew(folder)
        with pytest.raises(scr_tone.ModelError, match="cannot be unpacked"):
            load(folder, trusted=True)
        assert sprung.exists()  # which is why nothing is trusted unless somebody says so

    def test_a_stranger(self, folder: Path, sprung: Path, capsys: pytest.CaptureFixture[str]) -> None:
        list_anew(folder)
        with pytest.raises(scr_tone.ModelError, match="can run code"):
            load(folder)
        (folder.parent / "draft.txt").write_text("The nurse failed to ring.", encoding="utf-8")
        assert main(["check", str(folder.parent / "draft.txt"), "--model", str(folder)]) == 4
        assert "--trust-model" in capsys.readouterr().err
        assert not sprung.exists()

    def test_another_digest_than_was_asked_for(self, folder: Path, sprung: Path) -> None:
        list_anew(folder)
        with pytest.raises(scr_tone.ModelError, match="is another model here"):
            load(folder, trusted=True, digest="0" * 64)
        assert not sprung.exists()

    def test_put_in_afterwards(self, folder: Path, sprung: Path) -> None:
        with pytest.raises(scr_tone.ModelError, match="damaged or was changed"):
            load(folder, trusted=True)
        assert not sprung.exists()

    def test_behind_a_link(self, folder: Path, sprung: Path) -> None:
        path = folder / "classifier.joblib"
        path.rename(folder.parent / "elsewhere.joblib")
        path.symlink_to(folder.parent / "elsewhere.joblib")
        with pytest.raises(scr_tone.ModelError, match="damaged or was changed"):
            load(folder, trusted=True)
        assert not sprung.exists()

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"format_version": FORMAT_VERSION + 1}, "update scr-tone"),
            ({"format_version": FORMAT_VERSION + 1, "labels": None, "files": [], "name": 3}, "update scr-tone"),
            ({"format_version": None}, "broken"),
            ({"format_version": float("inf")}, "broken"),
            ({"labels": ["good", "bad"]}, "not for this program"),
            ({"files": {}}, "misses a file"),
        ],
    )
    def test_manifests_that_are_refused(self, folder: Path, sprung: Path, values: dict, message: str) -> None:
        list_anew(folder, **values)
        with pytest.raises(scr_tone.ModelError, match=message):
            load(folder, trusted=True)
        assert not sprung.exists()

    @pytest.mark.parametrize("whole", [False, True])
    def test_in_place_of_a_bundled_model(
        self, folder: Path, sprung: Path, whole: bool, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file alone, or all of an artefact that is consistent in itself; saying that it is trusted changes nothing."""
        list_anew(folder)
        place = folder.parent / "root" / "small"
        shutil.copytree(folder if whole else root / "models" / "small", place)
        shutil.copyfile(folder / "classifier.joblib", place / "classifier.joblib")
        monkeypatch.setattr(artefact, "_root", lambda: place.parent)
        with pytest.raises(scr_tone.ModelError, match="reinstall"):
            load("small", trusted=True)
        assert not sprung.exists()


@pytest.mark.usefixtures("never_unpickled")
class TestSwapped:
    """Sound files, but of another model."""

    @pytest.mark.parametrize(
        ("name", "other"),
        [("classifier.joblib", "small"), ("classifier.joblib", "standard"), ("README.md", "small")],
    )
    def test_one_file(self, folder: Path, root: Path, name: str, other: str) -> None:
        shutil.copyfile(root / "models" / other / name, folder / name)
        with pytest.raises(scr_tone.ModelError, match=f"{name} is damaged or was changed"):
            load(folder, trusted=True)

    def test_the_manifest(self, folder: Path, root: Path) -> None:
        shutil.copyfile(root / "models" / "small" / "manifest.json", folder / "manifest.json")
        with pytest.raises(scr_tone.ModelError, match="damaged or was changed"):
            load(folder, trusted=True)

    def test_one_bundled_model_for_the_other(self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "standard").symlink_to(root / "models" / "small")
        monkeypatch.setattr(artefact, "_root", lambda: tmp_path)
        with pytest.raises(scr_tone.ModelError, match="not the one that was shipped; reinstall"):
            load("standard")


#: What a key of the manifest may not be: gone, or of these values.
GONE = object()


@pytest.mark.parametrize(
    "key", ["files", "name", "labels", "features", "libraries", "shares", "data", "scores", "format_version"]
)
def test_a_manifest_that_misses_or_mistypes_something(folder: Path, key: str, never_unpickled: None) -> None:
    sound = json.loads((folder / "manifest.json").read_text())
    halves: list[object] = [
        {"sentences": "many", "sha256": "x"},
        {"sentences": 3, "sha256": 3},
        {"ngrams": "x"},
        {"a": {"n": 1}},
    ]
    halves += [
        {"a": {"n": n, "macro_f1": f1, "macro_f1_ci": interval}}
        for n, f1, interval in [
            (1.5, 0.5, [0, 1]), (1, "x", [0, 1]), (1, 0.5, [0, 1, 2]), (1, 0.5, [0, "x"]), (1, 0.5, "01"), (1, 0.5, None),
        ]
    ]  # fmt: skip
    for value in (GONE, None, [], 3, "x", {"a": 1}, *halves):
        if (key, value) in (("name", "x"), ("shares", {"a": 1}), ("shares", halves[1])) or (
            key == "libraries" and isinstance(value, dict)
        ):
            continue  # which is fine
        manifest = {**sound, key: value} if value is not GONE else {k: v for k, v in sound.items() if k != key}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(scr_tone.ModelError):
            load(folder, trusted=True)


def test_a_manifest_of_a_million_bytes_is_read_and_no_longer_one(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text + " " * (1_000_000 - len(text.encode())))
    assert load(folder, trusted=True).name == "mine"
    (folder / "manifest.json").write_text(text + " " * (1_000_001 - len(text.encode())))
    with pytest.raises(scr_tone.ModelError, match="not for this program"):
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
