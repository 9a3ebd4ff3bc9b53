"""``scr-tone info``: what is installed, and what its model is worth."""

from __future__ import annotations

import argparse
import json
from typing import Any

from scr_tone.artefact import bundled_names
from scr_tone.artefact import load as load_artefact
from scr_tone.cli.exits import Exit
from scr_tone.cli.options import add_model
from scr_tone.provenance import model_entry, model_in_words
from scr_tone.version import __version__

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("info", help="say what is installed and how good the model is")
    add_model(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print it."""
    artefact = load_artefact(options.model, trusted=options.trust_model)
    manifest = artefact.manifest
    if options.format == "json":
        print(json.dumps({"version": __version__, "sha256": artefact.digest, "manifest": dict(manifest)}, indent=2))
        return Exit.DONE
    print(f"scr-tone {__version__}")
    print(f"models   {', '.join(bundled_names())}")
    entry = model_entry(artefact.name, artefact.digest, manifest)
    print(f"model    {model_in_words(entry)}, {_features(manifest['features'])}")
    print(f"data     {manifest['data']['sentences']:,} sentences, {manifest['data']['sha256'][:16]}")
    print(f"prior    {', '.join(f'{label} {share:.0%}' for label, share in manifest['shares'].items())}")
    for name, figures in manifest["scores"].items():
        low, high = figures["macro_f1_ci"]
        print(f"score    {name}: macro-F1 {figures['macro_f1']:.3f} ({low:.3f} to {high:.3f}), n = {figures['n']:,}")
    print("limits   it judges wording, never people; see the model card")
    return Exit.DONE


def _features(features: dict[str, Any]) -> str:
    return f"{features['ngrams']:,} n-grams" if "ngrams" in features else str(features["encoder"])
