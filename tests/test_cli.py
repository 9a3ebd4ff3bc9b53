"""The command line in this process: what it prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from scr_tone.cli import main

BLAME = "The nurse failed to call back. The family moved in May.\n"


@pytest.fixture
def draft(tmp_path: Path) -> str:
    path = tmp_path / "draft.txt"
    path.write_text(BLAME, encoding="utf-8")
    return str(path)


def test_text_view(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", draft]) == 0
    out, err = capsys.readouterr()
    assert "failed to (failure verbs)" in out
    assert "Summary" in out
    assert err == ""


def test_json_follows_the_schema(draft: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    assert main(["check", draft, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, schema)
    assert report["document"]["name"] == "draft.txt"
    assert main(["check", draft, draft, "--format", "json"]) == 0
    both = json.loads(capsys.readouterr().out)
    assert len(both) == 2
    for one in both:
        jsonschema.validate(one, schema)


def test_json_lines_and_csv_of_several_files(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", draft, draft, "--format", "jsonl"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["label"] for line in lines] == ["blame", "neutral"] * 2
    assert main(["check", draft, draft, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["label"] for row in rows] == ["blame", "neutral"] * 2


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BLAME.encode()), encoding="utf-8"))
    assert main(["check", "-", "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["label"] == "blame"


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "html", "txt"])
def test_output_takes_its_form_from_the_ending(
    draft: str, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"out.{suffix}"
    assert main(["check", draft, "--output", str(target)]) == 0
    content = target.read_text(encoding="utf-8")
    assert "failed" in content
    assert content.startswith(
        {"json": "{", "jsonl": "{", "csv": "document,", "html": "<!doctype", "txt": "draft.txt"}[suffix]
    )
    assert "\x1b" not in content
    assert capsys.readouterr().out == ""


def test_fail_on(draft: str, tmp_path: Path) -> None:
    assert main(["check", draft, "--fail-on", "blame"]) == 1
    assert main(["check", draft, "--fail-on", "accountability"]) == 0
    quiet = tmp_path / "quiet.txt"
    quiet.write_text("\u201cThe nurse failed to call back.\u201d", encoding="utf-8")
    assert main(["check", str(quiet), "--fail-on", "blame"]) == 1
    assert main(["check", str(quiet), "--fail-on", "blame", "--skip-quotes"]) == 0


def test_one_bad_file_does_not_cost_the_others(draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.json"
    assert main(["check", draft, str(tmp_path / "gone.docx"), draft, "--output", str(target)]) == 3
    assert "gone.docx: no such file; check the path" in capsys.readouterr().err
    assert len(json.loads(target.read_text(encoding="utf-8"))) == 2


def test_show(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", draft, "--show", "neutral"]) == 0
    out = capsys.readouterr().out
    assert "moved in May" in out
    assert "call back" not in out


def test_prior(draft: str, capsys: pytest.CaptureFixture[str]) -> None:
    def blame(*options: str) -> float:
        assert main(["check", draft, "--format", "jsonl", *options]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[1])["scores"]["blame"]

    rare = blame("--prior", "blame=0.001,learning=0.3,accountability=0.1,neutral=0.599")
    assert rare < blame("--prior", "natural") < blame() == blame("--prior", "training")
    assert main(["check", draft, "--prior", "lots"]) == 2
    assert "--prior: cannot be read" in capsys.readouterr().err
    assert main(["check", draft, "--prior", "blame=1"]) == 2
    assert main(["check", draft, "--prior-strength", "7"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["check"],
        ["check", "x", "--format", "yaml"],
        ["check", "x", "--fail-on", "rain"],
        ["evaluate"],
    ],
)
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "never people" in " ".join(capsys.readouterr().out.split())
    assert main(["--version"]) == 0
    assert main(["check", "--help"]) == 0


def test_unknown_model(draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", draft, "--model", "nonsense"]) == 4
    assert "nonsense: no such model; use small" in capsys.readouterr().err
    assert main(["check", draft, "--model", str(tmp_path)]) == 4
    assert "--trust-model" in capsys.readouterr().err


def test_output_is_checked_before_the_work(draft: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", draft, "--output", draft]) == 2
    assert "is also an input" in capsys.readouterr().err
    assert Path(draft).read_text(encoding="utf-8") == BLAME
    assert main(["check", draft, "--output", str(tmp_path)]) == 2
    assert main(["check", draft, "--output", str(tmp_path / "no" / "x.json")]) == 2
    assert "its folder does not exist" in capsys.readouterr().err


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info"]) == 0
    assert "macro-F1" in capsys.readouterr().out
    assert main(["info", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["manifest"]["labels"] == [
        "blame",
        "learning",
        "accountability",
        "neutral",
    ]


def test_a_check_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; from scr_tone.cli import main; main(['check', '-', '--model', 'small']);"
        "print([name for name in ('scipy', 'sklearn', 'pandas', 'spacy', 'onnxruntime', 'scr_tone.annotation', "
        "'scr_tone.estimation', 'scr_tone.qda', 'scr_tone.corpus') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], input="It rained.", capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_evaluate(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(root / "data" / "evaluation" / "review_dev.jsonl")
    assert main(["evaluate", path, "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"n", "macro_f1", "macro_f1_ci", "ece", "per_label", "confusion", "reliability", "by", "attributes"} <= set(
        figures
    )
    assert figures["n"] == 386
    # The published figure is the one that anybody gets.
    assert main(["info", "--format", "json"]) == 0
    published = json.loads(capsys.readouterr().out)["manifest"]["scores"]["review_dev"]
    assert abs(published["macro_f1"] - figures["macro_f1"]) < 0.005
    assert figures["macro_f1"] > 0.5
    assert main(["evaluate", path]) == 0
    assert "calibration error" in capsys.readouterr().out
    assert main(["evaluate", str(tmp_path / "none.jsonl")]) == 3


def test_train_and_use_what_came_of_it(
    tmp_path: Path, draft: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from scr_tone.training import train as training

    monkeypatch.setattr(training, "rerun_reproducibly", lambda arguments: None)
    (tmp_path / "data" / "authored").mkdir(parents=True)
    lines = []
    for index in range(60):
        for label, text in (
            ("blame", "The nurse failed to ring"),
            ("neutral", "The family moved in May"),
            ("learning", "Caseloads were high"),
            ("accountability", "The Trust apologises"),
        ):
            record = {
                "id": f"{label}{index}",
                "text": f"{text} {index} times{index}.",
                "label": label,
                "case": f"c{index}",
                "target": "agency" if index % 2 else "practitioner",
                "voice": "review",
            }
            lines.append(json.dumps(record))
    (tmp_path / "data" / "authored" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    model = tmp_path / "model"
    assert main(["train", "--data", str(tmp_path / "data"), "--output", str(model)]) == 0
    assert main(["check", draft, "--model", str(model), "--trust-model", "--fail-on", "blame"]) == 1
    assert main(["train", "--data", str(tmp_path / "none"), "--output", str(model)]) == 3
    capsys.readouterr()


def test_a_long_wait_is_announced_where_no_bar_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from scr_tone.cli import progress as waiting

    now = iter([0.0, 15.0])  # ten sentences a second
    monkeypatch.setattr(waiting.time, "monotonic", lambda: next(now))
    progress = waiting.Progress(1)
    for done in range(1, 400):
        progress.sentences(done, 6150)
    said = capsys.readouterr().err
    assert said.count("6,150 sentences, about 10 minutes") == 1 and "--model small" in said
    now = iter([0.0, 0.15])  # a thousand a second, as the n-grams read
    quick = waiting.Progress(1)
    for done in range(1, 400):
        quick.sentences(done, 615_000)
    said = capsys.readouterr().err
    assert "about 10 minutes" in said and "--model small" not in said
    now = iter([0.0, 15.0])
    short = waiting.Progress(1)
    for done in range(1, 400):
        short.sentences(done, 400)
    assert capsys.readouterr().err == ""
