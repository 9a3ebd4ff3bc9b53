"""What is shipped and what it is built from: locked by hash, listed in the bill of materials, and audited without excuses."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scr_tone.artefact import bundled_names, pin
from scr_tone.version import __version__

LOCKS = ("runtime", "api", "dev", "tools", "mutation")


@pytest.fixture(scope="module")
def bill(root: Path) -> dict[str, Any]:
    return json.loads((root / "sbom.json").read_text(encoding="utf-8"))


def pinned(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(root: Path, name: str) -> None:
    text = (root / "lock" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert len(blocks) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 10
    for block in blocks:
        assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+", block), block[:80]
        assert re.search(r"^    --hash=sha256:[0-9a-f]{64}", block, re.MULTILINE), block[:80]


def test_what_is_installed_by_make_is_checked_by_hash(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    installing = [line for line in makefile.splitlines() if "pip install" in line and "-r lock/" in line]
    assert len(installing) >= 4
    unchecked = [line for line in installing if "--require-hashes" not in line]
    # What others' programs are measured with, in an environment of its own: the builds of PyTorch have different hashes.
    assert [line.split("-r ")[1] for line in unchecked] == ["lock/peers.txt"]


def test_the_bill_lists_what_is_locked(bill: dict[str, Any], root: Path) -> None:
    locked = pinned((root / "lock" / "api.txt").read_text(encoding="utf-8"))
    listed = {(part["name"], part["version"]) for part in bill["components"] if part["type"] == "library"}
    assert listed == locked, "sbom.json is out of date: make sbom"
    assert pinned((root / "lock" / "runtime.txt").read_text(encoding="utf-8")) <= listed
    assert bill["metadata"]["component"]["version"] == __version__
    # All are there because something needs them, in the end the product itself.
    needs = {entry["ref"]: set(entry.get("dependsOn", ())) for entry in bill["dependencies"]}
    found, new = set(), {"scr-tone"}
    while new:
        found |= new
        new = {ref for by in new for ref in needs[by]} - found
    assert found == set(needs)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = project["dependencies"] + project["optional-dependencies"]["api"]
    named = {re.match(r"[a-z0-9-]+", line)[0] for line in direct}  # type: ignore[index]
    assert {re.sub(r"pkg:pypi/(.*)@.*", r"\1", ref) for ref in needs["scr-tone"] if "pypi" in ref} == named


def test_the_bill_holds_the_models_and_where_their_weights_come_from(bill: dict[str, Any], root: Path) -> None:
    models = {part["name"]: part for part in bill["components"] if part["type"] == "machine-learning-model"}
    assert set(models) == {f"scr-tone {name}" for name in bundled_names()}
    for name in bundled_names():
        model = models[f"scr-tone {name}"]
        assert model["hashes"] == [{"alg": "SHA-256", "content": pin(root / "models" / name)}], "make sbom"
        manifest = json.loads((root / "models" / name / "manifest.json").read_text(encoding="utf-8"))
        files = {part["name"]: part["hashes"][0]["content"] for part in model["components"]}
        assert files == {name: entry["sha256"] for name, entry in manifest["files"].items()}
    (ancestor,) = models["scr-tone standard"]["pedigree"]["ancestors"]
    assert (ancestor["name"], ancestor["licenses"][0]["license"]["id"]) == ("all-mpnet-base-v2", "Apache-2.0")
    assert len(ancestor["properties"]) == 5
    assert "pedigree" not in models["scr-tone small"]


def test_the_bill_is_the_same_each_time(bill: dict[str, Any], root: Path) -> None:
    """No time, no random number; written anew from the same lock it is the same but for licences, which pip knows."""
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]
    script = runpy.run_path(str(root / "scripts" / "write_sbom.py"))
    licences = {(part["name"], part["version"]): part.get("licenses", []) for part in bill["components"]}
    assert script["bill"](licences) == bill
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    assert text == (root / "sbom.json").read_text(encoding="utf-8")


# What pip-audit would say, by the lock file that it is asked about.
PRETENDED = """
import json, sys
lock = sys.argv[sys.argv.index("--requirement") + 1]
clean = {"name": "numpy", "version": "2.0", "vulns": []}
weak = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
unknown = {"name": "spacy", "skip_reason": "Dependency not found"}
said = {"clean": [clean], "weak": [clean, weak], "unknown": [clean, unknown], "both": [weak, unknown], "empty": []}
if lock == "offline":
    print("Traceback: ConnectionError", file=sys.stderr)
    sys.exit(1)
print(json.dumps({"dependencies": said[lock]}))
sys.exit(lock in ("weak", "both"))
"""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["clean"], 0, "clean: nothing is known against 1 packages"),
        (["weak"], 1, "weak: lxml 1.0: PYSEC-1, mended in 1.1"),
        (["unknown"], 3, "unknown: NOT AUDITED: the vulnerability service knew nothing of 1 of 2 packages (spacy)"),
        (["offline"], 3, "offline: NOT AUDITED: the vulnerability service could not be reached"),
        (["empty"], 3, "empty: NOT AUDITED: the vulnerability service knew nothing of 0 of 0 packages"),
        (["both"], 1, "both: NOT AUDITED"),
        (["clean", "unknown"], 3, "unknown: NOT AUDITED"),
        (["unknown", "weak"], 1, "unknown: NOT AUDITED"),
        (["clean", "--also", "weak", "--also", "offline"], 0, "weak: lxml 1.0: PYSEC-1"),
    ],
)
def test_an_audit_that_got_no_answer_does_not_pass(
    root: Path, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "pip_audit.py").write_text(PRETENDED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "audit.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == code, done.stderr
    assert said in done.stdout
    assert "Traceback" not in done.stderr


def test_explained_mutants_are_of_lines_that_are_there(root: Path) -> None:
    entries = json.loads((root / "tests" / "benchmarks" / "mutants.json").read_text(encoding="utf-8"))
    assert entries
    for entry in entries:
        source = (root / "scr_tone" / f"{entry['module']}.py").read_text(encoding="utf-8")
        assert entry["before"] in {" ".join(line.split()) for line in source.splitlines()}, entry
        assert entry["before"] != entry["after"]
        assert entry["why"].endswith(".")
