"""Write sbom.json, the bill of materials of the product with its service, as CycloneDX 1.6.

.venv-tools/bin/python scripts/write_sbom.py .venv/bin/python     # or make sbom

Packages, versions and who needs whom come from lock/api.txt; licences from the metadata of what is installed for the
Python named, read by cyclonedx-py; models from their manifests. It holds no time and no serial number, so that the same
locks and models give the same bytes. tests/test_supply.py says when it is out of date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = "lock/api.txt"
US = "scr-tone"
_SECONDS = 120

#: What `scr_tone.training.weights` starts from. The shipped encoder is cut out of it and trained further.
PRETRAINED = {
    "bom-ref": "pretrained:all-mpnet-base-v2",
    "type": "machine-learning-model",
    "publisher": "sentence-transformers",
    "name": "all-mpnet-base-v2",
    "licenses": [{"license": {"id": "Apache-2.0", "acknowledgement": "declared"}}],
    "description": "Pretrained encoder; not shipped itself.",
}


def locked(text: str) -> list[dict[str, Any]]:
    """Packages of a lock file: name, version, marker, and who needs them. A name comes twice where Python versions differ."""
    packages = []
    for block in re.split(r"\n(?=[a-z0-9])", text):
        head = re.match(r"([a-z0-9][a-z0-9._-]*)==([^\s;]+)(?: ; ([^\\\n]+?))?(?: \\)?\n", block)
        assert head is not None, block[:80]
        name, version, marker = head.groups()
        via = re.findall(r"^    #(?: via|  ) (\S+)", block, re.MULTILINE)
        packages.append(
            {"name": name, "version": version, "marker": marker, "via": via, "ref": f"pkg:pypi/{name}@{version}"}
        )
    return packages


def canonical(name: str) -> str:
    """A package's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(python: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Licences by name and version, of what is installed for an interpreter."""
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--of",
        "JSON",
        str(python),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS)
    return {
        (canonical(found["name"]), found["version"]): found.get("licenses", [])
        for found in json.loads(done.stdout)["components"]
    }


def package(entry: dict[str, Any], licences: list[dict[str, Any]]) -> dict[str, Any]:
    """One package as a component."""
    component: dict[str, Any] = {
        "bom-ref": entry["ref"],
        "type": "library",
        "name": entry["name"],
        "version": entry["version"],
        "purl": entry["ref"],
    }
    if licences:
        # The format allows one expression or a list of licences; metadata that give both say the same twice.
        expressions = [licence for licence in licences if "expression" in licence]
        named = [licence for licence in licences if "id" in licence.get("license", {})]
        component["licenses"] = expressions[:1] or named or licences
    if entry["marker"]:
        component["scope"] = "optional"
        component["properties"] = [{"name": "scr-tone:marker", "value": entry["marker"]}]
    return component


def model(folder: Path) -> dict[str, Any]:
    """One bundled model as a component, pinned by its manifest, with its files inside."""
    raw = (folder / "manifest.json").read_bytes()
    manifest = json.loads(raw)
    component: dict[str, Any] = {
        "bom-ref": f"model:{folder.name}",
        "type": "machine-learning-model",
        "name": f"{US} {folder.name}",
        "version": f"{manifest['libraries'][US]}+{hashlib.sha256(raw).hexdigest()[:12]}",
        "description": "; ".join(f"{key} {value}" for key, value in manifest["features"].items()),
        "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(raw).hexdigest()}],
        "properties": [
            {"name": "scr-tone:hash-of", "value": "manifest.json, which lists the SHA-256 of every other file"},
            {"name": "scr-tone:training-data-sha256", "value": manifest["data"]["sha256"]},
        ],
        "components": [
            {
                "type": "file",
                "name": name,
                "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
            }
            for name, entry in sorted(manifest["files"].items())
        ],
    }
    if "encoder.onnx" in manifest["files"]:
        component["licenses"] = [{"expression": "MIT AND Apache-2.0", "acknowledgement": "declared"}]
        component["pedigree"] = {
            "ancestors": [_pretrained()],
            "notes": "Cut to fewer layers, distilled, trained further on our sentences, turned into eight-bit ONNX.",
        }
    return component


def _pretrained() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = sorted(name for name in project["optional-dependencies"]["train"] if name.startswith("all-mpnet"))
    carried = [{"name": "scr-tone:carried-by", "value": name} for name in wanted]
    return {**PRETRAINED, "properties": carried}


def bill(licences: dict[tuple[str, str], list[dict[str, Any]]]) -> dict[str, Any]:
    """The whole bill."""
    text = (ROOT / LOCK).read_text(encoding="utf-8")
    packages = locked(text)
    names = json.loads((ROOT / "scr_tone/resources/bundled.json").read_text(encoding="utf-8"))
    models = [model(ROOT / "models" / name) for name in sorted(names)]
    version = runpy.run_path(str(ROOT / "scr_tone/version.py"))["__version__"]
    refs_of_models = [found["bom-ref"] for found in models]
    needs: dict[str, list[str]] = {
        US: list(refs_of_models),
        **{ref: [] for ref in refs_of_models},
        **{entry["ref"]: [] for entry in packages},
    }
    refs = {US: [US]}
    for entry in packages:
        refs.setdefault(entry["name"], []).append(entry["ref"])
    for entry in packages:
        for by in entry["via"]:
            for ref in refs[by]:
                needs[ref].append(entry["ref"])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": US,
                "type": "application",
                "name": US,
                "version": version,
                "purl": f"pkg:pypi/{US}@{version}",
                "licenses": [{"expression": "MIT AND Apache-2.0", "acknowledgement": "declared"}],
            },
            "properties": [
                {"name": "scr-tone:packages-from", "value": LOCK},
                {"name": "scr-tone:packages-sha256", "value": hashlib.sha256(text.encode()).hexdigest()},
            ],
        },
        "components": [
            package(entry, licences.get((entry["name"], entry["version"]), []))
            for entry in sorted(packages, key=lambda entry: str(entry["ref"]))
        ]
        + models,
        "dependencies": [
            {"ref": ref, **({"dependsOn": sorted(found)} if found else {})} for ref, found in sorted(needs.items())
        ],
    }


def main() -> int:
    """Write it, once CycloneDX's own schema finds nothing wrong with it."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", type=Path, help="interpreter for which lock/api.txt is installed")
    parser.add_argument("--output", type=Path, default=ROOT / "sbom.json")
    options = parser.parse_args()
    text = json.dumps(bill(installed(options.python)), indent=1, ensure_ascii=False) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        print(f"not written, as the format forbids it: {wrong}", file=sys.stderr)
        return 1
    options.output.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
