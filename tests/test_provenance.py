"""Every output says what made it, alike, and nothing in it depends on who made it, where or when."""

from __future__ import annotations

import csv
import getpass
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

import scr_tone
from scr_tone.annotate.remarks import summary_lines
from scr_tone.artefact import load as load_artefact
from scr_tone.project import Flags, Project
from scr_tone.project_file import FILE_NAME
from scr_tone.provenance import libraries, made_with, model_entry, settings_in_words
from scr_tone.rendering.terminal import terminal_text

TEXT = "The nurse failed to call back. Caseloads were high and nobody covered. \u201cThey failed him.\u201d"


@pytest.fixture(scope="module")
def report() -> scr_tone.Report:
    tone = scr_tone.load(prior="natural")
    project = Project(Flags(["blame"], {"blame": 0.6}), terms=("Heart Failure Team",))
    return tone.analyse(TEXT, skip=["quotes"], project=project)


@pytest.fixture(scope="module")
def model() -> str:
    digest = load_artefact("small").digest
    return f"small {scr_tone.__version__}+{digest[:12]}"


def test_the_report_knows_all_of_it(report: scr_tone.Report) -> None:
    manifest = load_artefact("small").manifest
    made = report.provenance
    assert made["software"] == {"name": "scr-tone", "version": scr_tone.__version__}
    assert made["model"]["sha256"] == load_artefact("small").digest
    assert made["model"]["version"].startswith(f"{manifest['libraries']['scr-tone']}+{made['model']['sha256'][:12]}")
    assert made["model"]["data"] == {key: manifest["data"][key] for key in ("sentences", "sha256")}
    assert made["settings"]["skip"] == ["quotes"] and made["settings"]["flags"]["threshold"] == {"blame": 0.6}
    assert set(made["libraries"]) == {"python", "numpy", "onnxruntime", "tokenizers"}
    assert made["schema"] == "1.3"


def test_the_json_has_it_and_keeps_to_its_schema(report: scr_tone.Report, root: Path) -> None:
    data = json.loads(report.to_json())
    assert {key: data[key] for key in report.provenance} == json.loads(json.dumps(report.provenance))
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"].endswith(data["schema"])
    jsonschema.Draft202012Validator(schema).validate(data)
    for part in ("libraries", "model"):
        broken = {name: value for name, value in data.items() if name != part}
        assert not jsonschema.Draft202012Validator(schema).is_valid(broken)


def test_every_other_form_has_it(report: scr_tone.Report, model: str) -> None:
    words = "prior=blame:0.07,learning:0.23,accountability:0.04,neutral:0.66; prior_strength=0.5; skip=quotes; "
    words += "terms=Heart Failure Team; threshold.blame=0.6"
    line = f"scr-tone {scr_tone.__version__}, model {model}; {words}"
    assert made_with(report.to_dict()) == line
    assert line in " ".join(terminal_text(report.to_dict()).split())
    assert summary_lines(report.to_dict(), [])[-1] == ("small", line)
    page = re.sub(r"<[^>]+>", "", report.to_html())
    for part in (model, report.provenance["model"]["sha256"], "20,826 labelled sentences", "numpy", "quotes"):
        assert part in page
    for row in csv.DictReader(io.StringIO(report.to_csv())):
        assert [row[name] for name in ("software", "model", "settings")] == [
            f"scr-tone {scr_tone.__version__}",
            model,
            words,
        ]
    for sentence in map(json.loads, report.to_jsonl().splitlines()):
        for part in ("software", "model", "settings", "libraries", "schema"):
            assert sentence[part] == json.loads(report.to_json())[part]
    assert report.to_frame().attrs["scr_tone"] == report.provenance


def test_comparisons_have_it(report: scr_tone.Report, model: str, root: Path) -> None:
    comparison = scr_tone.compare(report, report)
    data = json.loads(comparison.to_json())
    assert data["model"] == report.provenance["model"] and data["libraries"] == report.provenance["libraries"]
    schema = json.loads((root / "scr_tone/resources/comparison.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"].endswith(data["schema"])
    jsonschema.Draft202012Validator(schema).validate(data)
    assert model in " ".join(comparison.to_text().split()) and model in comparison.to_html()
    assert comparison.to_frame().attrs["scr_tone"]["model"] == data["model"]


def test_labelled_frames_have_it(model: str, tmp_path: Path) -> None:
    tone = scr_tone.load(prior="natural")
    made = tone.label_frame(pd.DataFrame({"text": ["It rained."]}))
    assert made.attrs["scr_tone"]["model"]["name"] == "small"
    assert made.attrs["scr_tone"]["settings"]["prior"]["neutral"] == 0.66
    both = pd.concat([made, tone.label_frame(pd.DataFrame({"text": ["It snowed."]}))])
    assert both.attrs == made.attrs  # as both were made alike
    pytest.importorskip("pyarrow")
    both.to_parquet(tmp_path / "labels.parquet")
    assert pd.read_parquet(tmp_path / "labels.parquet").attrs == made.attrs


def test_the_libraries_are_those_that_had_a_part(tone: scr_tone.ToneAnalyser, root: Path) -> None:
    found = tone.analyse(scr_tone.read(root / "examples/draft_review_child_m.docx")).provenance["libraries"]
    assert "lxml" in found and "pypdfium2" not in found
    assert (
        "pypdfium2" in libraries("pdf")
        and libraries(more=["nothing-of-this-name"])["nothing-of-this-name"] == "unknown"
    )


def test_the_same_bytes_for_another_person_elsewhere_and_later(tmp_path: Path, root: Path) -> None:
    """Two folders, two users, two days; and no trace of any of them but the document's own name."""
    outputs = []
    for user, zone in (("zuleika", "Asia/Tokyo"), ("bartholomew", "America/Lima")):
        folder = tmp_path / user
        folder.mkdir()
        (folder / "draft.txt").write_text(TEXT, encoding="utf-8")
        (folder / f"{user}.toml").write_text("[skip]\nquotes = true\n", encoding="utf-8")
        environment = {
            **os.environ,
            "USER": user,
            "LOGNAME": user,
            "HOME": str(folder),
            "TZ": zone,
            "PYTHONPATH": str(root),
        }
        code = (
            "import sys, scr_tone; t = scr_tone.load('small'); p = scr_tone.read_project(sys.argv[1]);"
            "r = t.analyse(scr_tone.read('draft.txt'), project=p);"
            "print(r.to_json(), r.to_html(), r.to_csv(), r.to_jsonl(), r.to_frame().attrs)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, f"{user}.toml"],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            cwd=folder,
        )
        outputs.append(done.stdout)
        for trace in (user, str(tmp_path), str(root), os.uname().nodename, f"{user}.toml"):
            assert trace not in done.stdout
    assert outputs[0] == outputs[1]
    assert not re.search(r"\b20[2-9]\d-\d\d-\d\d|\d\d:\d\d:\d\d", outputs[0])
    assert len(getpass.getuser()) < 5 or getpass.getuser() not in outputs[0]


def test_the_usual_settings_file_is_named_and_no_other(tone: scr_tone.ToneAnalyser) -> None:
    for name, told in ((None, None), (FILE_NAME, FILE_NAME), ("child-m.toml", "(a file of another name)")):
        assert tone.analyse(TEXT, project=Project(file=name)).provenance["settings"]["project"] == told


def test_words_on_models_and_settings_of_every_kind() -> None:
    assert model_entry("mine", "") == {"name": "mine", "version": "unknown", "sha256": "", "data": None}
    assert settings_in_words({}) == ""
    told = settings_in_words({"cues": False, "explain": True, "decisions": 3, "flags": {"labels": [], "threshold": {}}})
    assert told == "flags=; decisions=3; cues=no; explain=yes"


def test_a_model_of_ones_own_says_what_it_is(tiny_model, tmp_path: Path, root: Path) -> None:
    from scr_tone.artefact import save

    save(
        tiny_model,
        tmp_path / "mine",
        name="mine",
        features={"ngrams": 1},
        data={"sentences": 120, "sha256": "ab" * 32},
        scores={},
    )
    made = scr_tone.load(tmp_path / "mine", trusted=True).analyse(TEXT).provenance
    assert made["model"]["name"] == "mine" and made["model"]["data"]["sentences"] == 120
    assert str(tmp_path) not in json.dumps(made)
    lone = scr_tone.ToneAnalyser(tiny_model).analyse(TEXT)
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(lone.to_json()))
