"""``scr-tone train``: from ``data/`` to ``models/``."""

from __future__ import annotations

import argparse
import json
import sys
import time
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
        help="train a model from data/",
        description=(
            "Trains a model from the labelled sentences in DATA/authored and writes it as an artefact. 'small' takes minutes "
            "and gives the same bytes each time; 'standard' and 'accurate' need the extra 'train' and hours on a CPU."
        ),
    )
    parser.add_argument("--preset", choices=["small", "standard", "accurate"], default="small", help="default: small")
    parser.add_argument("--data", default="data", metavar="DATA", help="folder with authored/*.jsonl (default: data)")
    parser.add_argument("--output", metavar="FOLDER", help="default: models/PRESET")
    parser.add_argument(
        "--work",
        default="build/training",
        metavar="FOLDER",
        help="where teacher and student are kept; a stage that is there is not repeated (default: build/training)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of teacher and student (default: 1)")
    parser.add_argument(
        "--pin", action="store_true", help="make this the bundled model: note its digest in the package"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train; the n-gram model in a process whose floating point is reproducible."""
    output = options.output or f"models/{options.preset}"
    if options.preset == "small":
        from scr_tone.training.train import rerun_reproducibly, train

        code = rerun_reproducibly(["train", "--data", options.data, "--output", output, *["--pin"] * options.pin])
        if code is not None:
            return code
        manifest = train(options.data, output, say=_say)
    else:
        from scr_tone.training.standard import train_encoder

        manifest = train_encoder(
            options.preset, options.data, output, options.work, seed=options.seed, say=_say_with_time
        )
    digest = pin(output)
    size = sum(entry["bytes"] for entry in manifest["files"].values())
    print(f"{output}: {size / 1e6:.1f} MB, manifest {digest}")
    for name, figures in manifest["scores"].items():
        print(f"{name}: macro-F1 {figures['macro_f1']:.3f}")
    if options.pin:
        path = Path(str(files("scr_tone"))) / "resources" / "bundled.json"
        pins = json.loads(path.read_text(encoding="utf-8")) if bundled_names() else {}
        pins[manifest["name"]] = digest
        path.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return Exit.DONE


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_with_time(line: str) -> None:
    _say(f"{time.strftime('%H:%M:%S')} {line}")
