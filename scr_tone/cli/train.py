"""``scr-tone train``: from ``data/`` to ``models/``, or a model adapted to own labels."""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from scr_tone.artefact import bundled_names, pin
from scr_tone.cli.differences import difference_text
from scr_tone.cli.exits import Exit
from scr_tone.errors import ConfigError
from scr_tone.rendering.names import counted

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train a model, or adapt one to your own labels",
        description=(
            "Given a file of your own labelled sentences (--data MINE.jsonl), adapts a shipped model to them, writes the result as a "
            "new artefact, and says on documents that were held out whether it helped. Given the project's data folder, trains a model "
            "from the labelled sentences in DATA/authored: 'small' takes minutes and gives the same bytes each time; 'standard' and "
            "'accurate' need the extra 'train' and hours on a CPU."
        ),
    )
    parser.add_argument("--preset", choices=["small", "standard", "accurate"], default="small", help="default: small")
    parser.add_argument(
        "--data",
        default="data",
        metavar="DATA",
        help="folder with authored/*.jsonl (default: data), or a file of your own labelled sentences",
    )
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="default: models/PRESET; to be named for own sentences"
    )
    own = parser.add_argument_group("own labelled sentences (--data MINE.jsonl)")
    own.add_argument(
        "--method",
        choices=["recalibrate", "ngrams"],
        default="recalibrate",
        help="recalibrate: fit the scores of a finished model, a hundred sentences are enough (default); ngrams: train the n-gram "
        "model on them",
    )
    own.add_argument("--base", metavar="NAME", help="the model to recalibrate (default: standard)")
    own.add_argument(
        "--trust-model",
        action="store_true",
        help="for a --base or --start that is a folder: its maker can run code here",
    )
    own.add_argument("--with-ours", metavar="DATA", help="for ngrams: learn from the project's data folder too")
    own.add_argument(
        "--held-out",
        type=float,
        default=0.25,
        metavar="SHARE",
        help="of the sentences, by whole documents (default: 0.25)",
    )
    parser.add_argument(
        "--work",
        default="build/training",
        metavar="FOLDER",
        help="where teacher and student are kept; a stage that is there is not repeated (default: build/training)",
    )
    parser.add_argument(
        "--start",
        metavar="NAME",
        help="for standard: train the encoder of this model on, with a teacher's labels only if its teacher.npz is in --work; "
        "a bundled model, or a folder with --trust-model",
    )
    parser.add_argument("--seed", type=int, default=1, help="of teacher and student (default: 1)")
    parser.add_argument(
        "--bfloat16",
        action="store_true",
        help="of teacher and student: multiply in bfloat16, several times as fast where the processor can (avx512_bf16, amx_bf16)",
    )
    parser.add_argument(
        "--calibrate-only",
        action="store_true",
        help="of the presets with an encoder: train nothing, but set the temperatures of the model that is there anew, and score it",
    )
    parser.add_argument(
        "--pin", action="store_true", help="make this the bundled model: note its digest in the package"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train; the n-gram model in a process whose floating point is reproducible."""
    if options.start is not None and (
        options.preset != "standard" or options.calibrate_only or Path(options.data).is_file()
    ):
        raise ConfigError("is for training `standard` from the data folder", remedy="leave it out", subject="--start")
    if Path(options.data).is_file():
        return _adapt(options)
    output = options.output or f"models/{options.preset}"
    if options.preset == "small":
        from scr_tone.training.train import rerun_reproducibly, train

        code = rerun_reproducibly(["train", "--data", options.data, "--output", output, *["--pin"] * options.pin])
        if code is not None:
            return code
        manifest = train(options.data, output, say=_say)
    elif options.calibrate_only:
        from scr_tone.training.examples import load_examples
        from scr_tone.training.finish import calibrate_again

        examples = load_examples(options.data)
        manifest = calibrate_again(
            options.base or "standard", examples, options.data, output, trusted=options.trust_model, say=_say_with_time
        )
    else:
        from scr_tone.training.standard import train_encoder

        manifest = train_encoder(
            options.preset,
            options.data,
            output,
            options.work,
            start=options.start,
            trusted=options.trust_model,
            seed=options.seed,
            bfloat16=options.bfloat16,
            say=_say_with_time,
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


def _adapt(options: argparse.Namespace) -> int:
    from scr_tone.training.adapt import recalibrated, retrained

    if options.output is None:
        raise ConfigError("is not named", remedy="name the folder of the new model", subject="--output")
    if not 0 < options.held_out < 1:
        raise ConfigError("is no share", remedy="give a number between 0 and 1", subject="--held-out")
    common = {"held_out": options.held_out, "seed": options.seed, "say": _say}
    if options.method == "recalibrate":
        found = recalibrated(options.data, options.output, base=options.base, trusted=options.trust_model, **common)
    else:
        found = retrained(options.data, options.output, ours=options.with_ours, **common)
    adapted = found.manifest["data"]["adapted"]
    print(f"{options.output}: {adapted['method']}; load it with --model {options.output} --trust-model")
    print(
        f"on {adapted['held_out']:,} sentences of {counted(adapted['held_out_documents'], 'document')} that it did not learn from:"
    )
    print(difference_text(found.difference, found.manifest["name"], adapted.get("base", "small")), end="")
    return Exit.DONE


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_with_time(line: str) -> None:
    _say(f"{time.strftime('%H:%M:%S')} {line}")
