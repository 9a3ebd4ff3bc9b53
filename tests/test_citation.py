"""What is cited is what ships: one version everywhere, and CITATION.cff is valid and says what the models say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import scr_tone
from scr_tone.artefact import bundled_names, load


class _Plain(yaml.SafeLoader):
    """YAML as the Citation File Format reads it: dates and versions are strings."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def citation(root: Path) -> dict[str, Any]:
    return yaml.load((root / "CITATION.cff").read_text(encoding="utf-8"), Loader=_Plain)


def test_it_is_valid(citation: dict[str, Any], root: Path) -> None:
    """By the format's own schema, version 1.2.0 (Druskat et al. 2021, CC BY 4.0), as cffconvert ships it."""
    schema = json.loads((root / "tests/citation/cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(citation)
    for broken in ({"version": None}, {"authors": []}, {"type": "book"}):
        assert not jsonschema.Draft7Validator(schema).is_valid(citation | broken)


def test_it_is_up_to_date(root: Path) -> None:
    command = [sys.executable, str(root / "scripts/write_citation.py"), "--check"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=environment)
    assert done.returncode == 0, done.stdout


def test_one_version_everywhere(citation: dict[str, Any], root: Path) -> None:
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert (
        project["tool"]["hatch"]["version"]["path"] == "scr_tone/version.py"
        and "version" in project["project"]["dynamic"]
    )
    assert newest is not None
    assert {citation["version"], newest[1], version("scr-tone")} == {scr_tone.__version__}


def test_models_and_data_are_those_that_ship(citation: dict[str, Any], root: Path) -> None:
    cited = {part["title"]: part for part in citation["references"]}
    assert len(cited) == len(bundled_names()) + 1
    for name in bundled_names():
        assert cited[f"scr-tone model {name}"]["identifiers"][0]["value"] == f"sha256:{load(name).digest}"
    fingerprint = re.search(r"Fingerprint `([0-9a-f]+)`", (root / "data/README.md").read_text(encoding="utf-8"))
    assert fingerprint is not None
    assert cited["scr-tone labelled sentences"]["identifiers"][0]["value"].startswith(f"sha256:{fingerprint[1]}")


def test_the_readme_says_how_to_cite(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    assert "## How to cite" in text and "CITATION.cff" in text
    part = text.split("## How to cite")[1]
    assert f"standard {scr_tone.__version__}+{load('standard').digest[:12]}" in part  # the default, that is
