"""The wheel: complete, the same bytes each time, and enough by itself in an empty environment outside the checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

PARTS = ("scr_tone", "api", "models", "LICENSES", "pyproject.toml", "README.md", "LICENSE", "NOTICE", ".gitignore")


@pytest.fixture(scope="module")
def wheels(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One built from the checkout, one from a copy made by somebody careful on another day; one backend for both."""
    from build import ProjectBuilder
    from build.env import DefaultIsolatedEnv

    copy = tmp_path_factory.mktemp("elsewhere") / "a copy"
    copy.mkdir()
    kept = os.umask(0o077)
    try:
        for part in sorted(PARTS, reverse=True):
            if (root / part).is_dir():
                shutil.copytree(root / part, copy / part, copy_function=shutil.copyfile)
            else:
                shutil.copyfile(root / part, copy / part)
        for path in copy.rglob("*"):
            os.utime(path, (86_400 * 365 * 20, 86_400 * 365 * 20))
        with DefaultIsolatedEnv() as environment, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", "1580601600")  # as in the Makefile
            first = ProjectBuilder.from_isolated_env(environment, copy)
            environment.install(first.build_system_requires)
            environment.install(first.get_requires_for_build("wheel"))
            strict = first.build("wheel", tmp_path_factory.mktemp("strict"))
            os.umask(0o022)
            patch.setenv("TZ", "Pacific/Auckland")
            usual = ProjectBuilder.from_isolated_env(environment, root).build("wheel", tmp_path_factory.mktemp("dist"))
    finally:
        os.umask(kept)
    return Path(usual), Path(strict)


@pytest.fixture(scope="module")
def wheel(wheels: tuple[Path, Path]) -> Path:
    return wheels[0]


def test_built_twice_it_is_the_same_bytes(wheels: tuple[Path, Path]) -> None:
    one, other = (zipfile.ZipFile(wheel).infolist() for wheel in wheels)
    assert [(i.filename, i.CRC, i.external_attr, i.date_time) for i in one] == [
        (i.filename, i.CRC, i.external_attr, i.date_time) for i in other
    ]
    assert len({hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}) == 1


def test_it_carries_the_licences_of_all_its_parts(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    head = archive.read(metadata).decode()
    for name in ("LICENSE", "NOTICE", "LICENSES/Apache-2.0.txt"):
        assert f"License-File: {name}\n" in head
    assert "License-Expression: MIT AND Apache-2.0\n" in head


def test_the_wheel_carries_model_and_resources(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "scr_tone/py.typed",
        "scr_tone/models/small/manifest.json",
        "scr_tone/models/small/classifier.joblib",
        "scr_tone/models/small/README.md",
        "scr_tone/models/standard/encoder.onnx",
        "scr_tone/models/standard/tokenizer.json",
        "scr_tone_api/static/index.html",
        "scr_tone/resources/report.schema.json",
        "scr_tone/resources/comparison.schema.json",
        "scr_tone/resources/report.css",
        "scr_tone/resources/cues.json",
        "scr_tone/resources/advice.json",
        "scr_tone/resources/rewordings.json",
        "scr_tone/resources/bundled.json",
        "scr_tone_api/app.py",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "data/", "examples/"))]
    assert wheel.stat().st_size < 70_000_000  # most of it is the encoder


def test_it_runs_in_an_empty_environment_outside_the_checkout(wheel: Path, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONPATH", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
    }

    def run(*arguments: str) -> str:
        return subprocess.run(
            [str(python), *arguments], check=True, capture_output=True, text=True, cwd=tmp_path, env=environment
        ).stdout

    run("-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(root / "lock" / "runtime.txt"))
    run("-m", "pip", "install", "--quiet", "--no-deps", str(wheel))
    (tmp_path / "draft.txt").write_text("The nurse failed to call back.", encoding="utf-8")
    assert "failed to (failure verbs)" in run("-m", "scr_tone", "check", "draft.txt")
    assert "blame" in run("-m", "scr_tone", "check", str(root / "examples" / "draft_review_child_m.docx"))
    assert "small" in run("-m", "scr_tone", "info")
    assert str(tmp_path) in run("-c", "import scr_tone; print(scr_tone.__file__)")
    assert (
        run(
            "-c",
            "import spacy; n = spacy.blank('en'); n.add_pipe('scr_tone_sentences'); print(len(list(n('A b. C d.').sents)))",
        ).strip()
        == "2"
    )
    code = (
        "import spacy; from spacy import displacy; n = spacy.blank('en'); n.add_pipe('scr_tone', config={'model': 'small'});"
        "n.to_disk('pipeline'); d = spacy.load('pipeline')('The nurse failed to call back.');"
        "h = displacy.render(d, style='span', options={'spans_key': 'scr_tone'}, jupyter=False);"
        "print(d.spans['scr_tone'][0].label_, d._.tone_report.summary['flagged'], '#e0752d' in h)"
    )
    assert run("-c", code).strip() == "blame 1 True"
    run("-m", "pip", "check")
