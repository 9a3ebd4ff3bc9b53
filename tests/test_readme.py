"""The README says what is true: its commands exist, its example is what comes out, its figures are the manifest's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from scr_tone.cli import build_parser
from scr_tone.project_file import read_project
from tests.benchmarks.contestants import CONTESTANTS


def test_example_and_figures_are_up_to_date(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "write_readme.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_two_commands_are_make_targets(root: Path) -> None:
    readme, makefile = (root / name for name in ("README.md", "Makefile"))
    targets = set(re.findall(r"^([a-z]+):", makefile.read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", readme.read_text(encoding="utf-8")))
    assert {"demo", "test"} <= named <= targets
    assert "make test" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_and_option_in_it_exists(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    commands = build_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert set(re.findall(r"scr-tone ([a-z]+) ", text)) <= set(commands)
    known = {option for parser in commands.values() for action in parser._actions for option in action.option_strings}
    alone = re.findall(r"`python -m tests\.benchmarks\.peers --only ([a-z-]+)`", text)
    assert set(alone) <= set(CONTESTANTS)
    text = re.sub(r"`python -m tests\.[^`]+`", "", text)
    assert set(re.findall(r"(?<=[\s`])--[a-z-]+", text)) - {"--upgrade"} <= known


def test_the_settings_in_it_are_understood(root: Path, tmp_path: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "scr-tone.toml").write_text(block, encoding="utf-8")
    project = read_project(tmp_path / "scr-tone.toml")
    assert project.sections and project.phrases and project.terms and project.decisions and project.skip
    assert project.flags.threshold == {"blame": 0.6}


def test_the_first_flag_is_the_false_alarm_that_it_is_called(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    example, rest = text.split("## Two commands")
    first = re.split(r"\n  blame \d+%", example)[1]
    assert "The first flag above is one" in rest and "hide the join" in first and "4.6" not in first


def test_links_lead_somewhere(root: Path) -> None:
    for name in ("README.md", "data/README.md", "CHANGELOG.md", "examples/README.md", "tests/benchmarks/README.md"):
        path = root / name
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (name, target)


def test_the_python_example_runs(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    head = "import pandas as pd\nframe = pd.DataFrame({'text': ['It rained.']})\ntext = 'One. Two.'\n"
    code = head + code.replace(
        '"report.html"', "'/dev/null.html' and __import__('tempfile').mkdtemp() + '/report.html'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr


def test_no_registry_host_and_no_machine_path_is_named(root: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True, cwd=root
    ).stdout.splitlines()
    hosts = (
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry" + ".npmjs",
        "debian" + ".org",
        "/" + "work/",
        "/" + "root/",
    )
    for name in listed:
        path = root / name
        if path.suffix in (".docx", ".pdf", ".joblib") or not path.is_file():
            continue
        content = path.read_text(encoding="utf-8", errors="replace")
        for host in hosts:
            assert host not in content, (name, host)
