"""Fill in the README's example and figures from what the program and its benchmarks say.

python scripts/write_readme.py            # rewrite
python scripts/write_readme.py --check    # fail if a part that must not depend on the machine is out of date
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scr_tone.artefact import bundled_names, load
from scr_tone.provenance import model_entry
from scr_tone.version import __version__

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for the benchmarks' tables


def between(text: str, begin: str, end: str, body: str) -> str:
    """Replace what stands between two markers."""
    head, rest = text.split(begin, 1)
    return head + begin + "\n" + body + "\n" + end + rest.split(end, 1)[1]


def demo() -> str:
    """The beginning and the end of the demo's output."""
    command = [sys.executable, "-m", "scr_tone", "check", "examples/draft_review_child_m.docx"]
    environment = {**os.environ, "COLUMNS": "96"}  # whatever the terminal of whoever runs this
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
    lines = out.splitlines()
    flags = [index for index, line in enumerate(lines) if re.match(r"  blame [89]\d%", line)][:3]
    kept = [lines[0]]
    for index in flags:
        entry = lines[index : next(i for i in range(index, len(lines)) if not lines[i])]
        heading = next(line for line in reversed(lines[:index]) if line and not line.startswith(" "))
        kept += ([] if heading in kept else ["", heading]) + ["", *entry]
    kept += ["", "  ...", "", *lines[lines.index("Summary") :]]
    return "\n".join(kept).rstrip()


def quiet() -> str:
    """A decision on the first flag of the example, and what the next check says of it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "examples/draft_review_child_m.docx", Path(folder) / "draft.docx")
        environment = {**os.environ, "COLUMNS": "96", "PYTHONPATH": str(ROOT)}

        def run(*arguments: str) -> list[str]:
            command = [sys.executable, "-m", "scr_tone", *arguments]
            done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env=environment)
            return done.stdout.splitlines()

        first = next(line for line in run("check", "draft.docx") if line.startswith("  blame "))
        decide = ("decide", "draft.docx", first.split()[-1], "intended")
        check = ("check", "draft.docx", "--skip", "quotes,tables,glossary")
        told, found = run(*decide), run(*check)
    summary = [line for line in found if line.startswith(("  flagged", "  left out"))]
    lines = [f"$ scr-tone {' '.join(decide)}", *told, f"$ scr-tone {' '.join(check)}", "...", *summary, "..."]
    return "\n".join(["```console", *lines, "```"])


def scores() -> str:
    """A table of what the manifests say, and of the experiments' figures on real sentences."""
    lines = [
        "| model | on | sentences | macro-F1 (95% interval) | blame: precision, recall | calibration error |",
        "|---|---|---|---|---|---|",
    ]
    real = {name: sets["real_dev"] for name, sets in shipped().items()}
    for name in bundled_names():
        for on, figures in load(name).manifest["scores"].items():
            blame = figures["per_label"]["blame"]
            lines.append(_row(name, on, figures["n"], figures, blame["precision"], blame["recall"]))
        if name in real:
            found = real[name]
            lines.append(
                _row(name, "real sentences", found["n"], found, found["blame_precision"], found["blame_recall"])
            )
    lines += [
        "",
        "Real sentences are from coroners' reports and are not part of the project; `review_dev` holds sentences restated from "
        "published reviews. Neither was ever trained on, and a careful person reaches about 0.9 on both. What is called "
        "authored was written for the project and flatters any model. `standard` is the default; `small` is made of n-grams, for "
        "very large corpora.",
    ]
    return "\n".join(lines)


def _row(model: str, on: str, n: int, figures: dict[str, Any], precision: float, recall: float) -> str:
    low, high = figures["macro_f1_ci"]
    return (
        f"| `{model}` | {on} | {n:,} | {figures['macro_f1']:.2f} ({low:.2f} to {high:.2f}) | {precision:.2f}, {recall:.2f} "
        f"| {figures['ece']:.2f} |"
    )


def shipped() -> dict[str, dict[str, Any]]:
    """What `scripts/record_experiment.py` measured of the models that ship: model -> set -> figures."""
    paths = sorted((ROOT / "models/experiments").glob("*.json"))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {record["ships"]: record["scores"] for record in records if "ships" in record}


def flags() -> str:
    """A table of how right the flags are."""
    lines = [
        "| model | on | flags | precision (95% interval) | recall | precision where blame is as rare as in whole documents |",
        "|---|---|---|---|---|---|",
    ]
    for model, sets in sorted(shipped().items()):
        for name, on in (("review_dev", "review_dev"), ("real_dev", "real sentences")):
            found = sets[name]["flags"]
            low, high = found["precision_ci"]
            lines.append(
                f"| `{model}` | {on} | {found['flags']} | {found['precision']:.2f} ({low:.2f} to {high:.2f}) | "
                f"{found['recall']:.2f} | {found['natural_precision']:.2f} |"
            )
    return "\n".join(lines)


def speed() -> str:
    """The table of the benchmark."""
    text = (ROOT / "tests/benchmarks/README.md").read_text(encoding="utf-8")
    found = re.search(r"## Cold start and a long review\n\n(.*?)<!-- end of", text, re.DOTALL)
    return found.group(1).strip() if found else ""


def peers() -> str:
    """What `make peers` measured, the peers beside ours, each with its command."""
    from tests.benchmarks.peer_tables import DRAFTS, PEERS, against, drafted, outdated, table

    if not PEERS.exists():
        return "Not measured yet: `make peers`."
    record = json.loads(PEERS.read_text(encoding="utf-8"))
    parts = [
        f"{record['sentences']:,} sentences of cases that nobody was trained on (`small`, which ships trained on all, by a copy "
        f"fitted without them), {record['bulk']} of them in bulk, side by side in one run "
        f"({record['machine']}).",
        "\n".join(table(record, command=True)),
        against(record),
        outdated(record, load("standard").digest),
    ]
    if DRAFTS.exists():
        parts.append(drafted(json.loads(DRAFTS.read_text(encoding="utf-8"))))
    return "\n\n".join(part for part in parts if part)


def cite() -> str:
    """A sentence for a method part, with the versions that ship."""
    entry = load().manifest
    made = model_entry(entry["name"], load().digest, entry)
    return (
        f"> Sentences were labelled with scr-tone {__version__}, model {made['name']} {made['version']}, trained from\n"
        f"> {made['data']['sentences']:,} labelled sentences (fingerprint {made['data']['sha256'][:16]}), at its default settings."
    )


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    wanted = between(text, "$ scr-tone check examples/draft_review_child_m.docx", "```\n\n## Two commands", demo())
    wanted = between(wanted, "<!-- quiet: written by scripts/write_readme.py -->", "<!-- end of quiet -->", quiet())
    wanted = between(wanted, "<!-- scores: written by scripts/write_readme.py -->", "<!-- end of scores -->", scores())
    wanted = between(wanted, "<!-- flags: written by scripts/write_readme.py -->", "<!-- end of flags -->", flags())
    wanted = between(wanted, "<!-- speed: written by scripts/write_readme.py -->", "<!-- end of speed -->", speed())
    wanted = between(wanted, "<!-- peers: written by scripts/write_readme.py -->", "<!-- end of peers -->", peers())
    wanted = between(wanted, "<!-- cite: written by scripts/write_readme.py -->", "<!-- end of cite -->", cite())
    if options.check:
        if wanted != text:
            print("README.md is out of date: run python scripts/write_readme.py")
        return int(wanted != text)
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
