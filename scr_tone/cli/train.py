"""``scr-tone train``: from ``data/`` to ``models/``, the same bytes each time."""

from __future__ import annotations

import argparse
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from scr_tone.artefact import bundled_names, pin
from scr_tone.cli.exits import Exit

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train the model from data/",
        description="Trains the n-gram model from the labelled sentences in DATA/authored and writes it as an artefact.",
    )
    parser.add_argument("--data", default="data", metavar="DATA", help="folder with authored/*.jsonl (default: data)")
    parser.add_argument("--output", default="models/small", metavar="FOLDER", help="default: models/small")
    parser.add_argument(
        "--pin", action="store_true", help="make this the bundled model: note its digest in the package"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train, in a process whose floating point is reproducible."""
    from scr_tone.training.train import rerun_reproducibly, train

    arguments = ["train", "--data", options.data, "--output", options.output]
    arguments += ["--pin"] * options.pin
    code = rerun_reproducibly(arguments)
    if code is not None:
        return code
    manifest = train(options.data, options.output, say=lambda line: print(line, file=sys.stderr, flush=True))
    digest = pin(options.output)
    print(f"{options.output}: {manifest['files']['classifier.joblib']['bytes'] / 1e6:.1f} MB, manifest {digest}")
    for name, figures in manifest["scores"].items():
        print(f"{name}: macro-F1 {figures['macro_f1']:.3f}")
    if options.pin:
        path = Path(str(files("scr_tone"))) / "resources" / "bundled.json"
        pins = json.loads(path.read_text(encoding="utf-8")) if bundled_names() else {}
        pins[manifest["name"]] = digest
        path.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return Exit.DONE
