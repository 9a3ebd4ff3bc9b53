"""``scr-tone sample``: sentences to label by hand, for a spreadsheet, Label Studio or doccano."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scr_tone.annotation.forms import csv_form, doccano_form, label_studio_config, label_studio_form
from scr_tone.annotation.sampling import METHODS, draw_sample
from scr_tone.cli.exits import Exit
from scr_tone.cli.results import check_output
from scr_tone.cli.sentences import add_sources, corpus_from
from scr_tone.errors import ConfigError
from scr_tone.output import write_whole

__all__ = ["add"]

_FORMS = {".csv": "csv", ".json": "label-studio", ".jsonl": "doccano"}


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "sample",
        help="draw sentences to label by hand",
        description="Draws sentences from a corpus and writes them for people to label: CSV for a spreadsheet, tasks for Label Studio, "
        "or JSON Lines for doccano. Each keeps the probability with which it was drawn, so that prevalence can make good what a "
        "sample that is not even distorts. The file holds text: it is as confidential as the documents.",
    )
    add_sources(parser)
    parser.add_argument("-n", type=int, default=200, metavar="N", help="how many sentences (default: 200)")
    parser.add_argument(
        "--by",
        choices=METHODS,
        default="random",
        help="random: each with the same chance; stratified: more of the labels that are rare; uncertain: more of what the model "
        "is not sure of (default: random)",
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed draws other sentences (default: 0)")
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help=".csv, .json (Label Studio) or .jsonl (doccano)"
    )
    parser.add_argument("--form", choices=sorted(_FORMS.values()), help="default: what the ending of --output says")
    parser.add_argument(
        "--blind",
        action="store_true",
        help="leave the model's labels out. People who see them are drawn towards them; label blind what is to measure the model",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw, write, say what to do next."""
    output = Path(options.output)
    form = options.form or _FORMS.get(output.suffix.lower())
    if form is None:
        raise ConfigError(
            "has an ending that names no form", remedy=f"use {', '.join(_FORMS)}, or --form", subject=options.output
        )
    config = output.with_suffix(".xml") if form == "label-studio" else None
    check_output(options.output, options.paths)
    if config is not None:
        check_output(str(config), options.paths)
    drawn = draw_sample(corpus_from(options), options.n, by=options.by, seed=options.seed)
    if form == "csv":
        text = csv_form(drawn, blind=options.blind)
    elif form == "doccano":
        text = doccano_form(drawn, blind=options.blind)
    else:
        text = label_studio_form(drawn, blind=options.blind)
    write_whole(output, text)
    print(f"{output}: {drawn['sample'].iloc[0]}; {drawn['document'].nunique():,} documents")
    if config is not None:
        write_whole(config, label_studio_config())
        print(f"{config}: the labelling interface for Label Studio")
    return Exit.DONE
