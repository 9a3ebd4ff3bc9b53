"""``scr-tone evaluate LABELLED.jsonl``: how good the model is on labelled sentences."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scr_tone.analyser import ToneAnalyser
from scr_tone.artefact import bundled_names, load
from scr_tone.cli.differences import difference_text
from scr_tone.cli.exits import Exit, complain
from scr_tone.cli.options import add_model, add_prior, loaded
from scr_tone.errors import ConfigError, InputError
from scr_tone.evaluation import by_parts, metrics
from scr_tone.flag_figures import flag_figures
from scr_tone.labelled import LabelledSentence, read_labelled, reports_of
from scr_tone.output import write_whole
from scr_tone.paired import paired_difference
from scr_tone.project import Flags
from scr_tone.records import LABELS
from scr_tone.rendering.reliability import reliability_svg
from scr_tone.scorer import NATURAL_PRIOR
from scr_tone.training.own import unseen_by

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="measure the model on labelled sentences",
        description="Reads JSON Lines with the keys text and label. Where they also name the report (report or case), "
        "the bootstrap draws whole reports.",
    )
    parser.add_argument("labelled", metavar="LABELLED.jsonl")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument(
        "--reliability", metavar="FILE.svg", help="also draw how sure it was against how often it was right"
    )
    parser.add_argument(
        "--against",
        metavar="MODEL",
        help="compare with this model too, on the same sentences, with an interval of the difference",
    )
    add_model(parser)
    add_prior(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Score, compare, print."""
    sentences = read_labelled(options.labelled)
    names = [options.model, *([options.against] if options.against is not None else [])]
    sentences = _not_learned_from(sentences, names, options)
    tone = loaded(options)
    texts, truth = [sentence.text for sentence in sentences], [sentence.label for sentence in sentences]
    scores = tone.score_matrix(texts)
    figures = metrics(truth, scores, groups=reports_of(sentences), natural=NATURAL_PRIOR)
    figures["flags"] = flag_figures(
        truth,
        [
            Flags().has(found.label, found.scores, text)
            for text, found in zip(texts, tone.label(texts, cues=False), strict=True)
        ],
        groups=reports_of(sentences),
        natural=NATURAL_PRIOR,
    )
    genres = [sentence.extra.get("genre") for sentence in sentences]
    figures["by"] = by_parts(sentences, scores, genres=[str(g) for g in genres] if all(genres) else None)
    figures["attributes"] = {
        name: found for name in ("target", "voice") if (found := _attribute(tone, sentences, name)) is not None
    }
    if options.against is not None:
        against = loaded(argparse.Namespace(**{**vars(options), "model": options.against}))
        other = against.score_matrix(texts)
        difference = paired_difference(truth, scores, other, groups=reports_of(sentences))
        figures["against"] = {"model": against.name, "sha256": against.digest, **difference}
    if options.reliability:
        name = f"{tone.name} on {Path(options.labelled).stem}"
        write_whole(options.reliability, reliability_svg(figures["reliability"], name))
    if options.format == "json":
        print(json.dumps(figures, indent=2))
        return Exit.DONE
    _show(figures, options.labelled, tone.name)
    if "against" in figures:
        print(f"\n{difference_text(figures['against'], tone.name, figures['against']['model'])}", end="")
    return Exit.DONE


def _not_learned_from(
    sentences: list[LabelledSentence], models: Sequence[str | None], options: argparse.Namespace
) -> list[LabelledSentence]:
    """Those that none of the models was adapted to; figures on the others would flatter it.

    Raises
    ------
    InputError
        If a model was adapted to all of them.
    """
    kept = np.ones(len(sentences), dtype=bool)
    for model in (name for name in models if name not in (None, *bundled_names())):
        kept &= unseen_by(load(model, trusted=options.trust_model).manifest["data"], sentences)
    if not kept.any():
        raise InputError(
            "holds only sentences that the model was adapted to",
            remedy="evaluate on others; the model's README.md has figures for those that were held out",
            subject=options.labelled,
        )
    if not kept.all():
        complain(f"note: {int((~kept).sum()):,} sentences that a model was adapted to are left out")
    return [sentence for sentence, good in zip(sentences, kept, strict=True) if good]


def _attribute(tone: ToneAnalyser, sentences: list[LabelledSentence], name: str) -> dict[str, Any] | None:
    """Figures of an attribute over the sentences that are not neutral, whatever label the model gives them."""
    try:
        classes, _ = tone.attribute_matrix([], name)
    except ConfigError:
        return None
    charged = [s for s in sentences if s.label != "neutral" and s.extra.get(name) in classes]
    if not charged:
        return None
    shares = tone.attribute_matrix([sentence.text for sentence in charged], name)[1]
    return metrics([sentence.extra[name] for sentence in charged], shares, labels=classes, groups=reports_of(charged))


def _show(figures: dict[str, Any], path: str, model: str) -> None:
    low, high = figures["macro_f1_ci"]
    print(f"{path}: {figures['n']:,} sentences, model {model}")
    print(f"macro-F1           {figures['macro_f1']:.3f}  (95% interval {low:.3f} to {high:.3f})")
    print(f"accuracy           {figures['accuracy']:.3f}")
    print(f"calibration error  {figures['ece']:.3f}")
    print(f"\n{'':15}{'precision':>10}{'recall':>10}{'F1':>10}{'n':>8}{'precision at natural shares':>30}")
    for label, row in figures["per_label"].items():
        print(
            f"{label:15}{row['precision']:>10.3f}{row['recall']:>10.3f}{row['f1']:>10.3f}{row['support']:>8,}"
            f"{row['natural_precision']:>30.3f}"
        )
    flags = figures["flags"]
    print(
        f"\nflagged as blame (telling words or a high score): {flags['flags']:,}, precision {flags['precision']:.3f} "
        f"({flags['precision_ci'][0]:.3f} to {flags['precision_ci'][1]:.3f}), recall {flags['recall']:.3f} "
        f"({flags['recall_ci'][0]:.3f} to {flags['recall_ci'][1]:.3f}), precision at natural shares {flags['natural_precision']:.3f}"
    )
    print(f"\n{'true, predicted:':17}" + "".join(f"{label:>16}" for label in LABELS))
    for truth in LABELS:
        print(f"{truth:17}" + "".join(f"{figures['confusion'][truth][label]:>16,}" for label in LABELS))
    print(f"\n{'sure by':>12}{'right':>10}{'n':>8}")
    for row in figures["reliability"]:
        print(f"{row['low']:>6.1f} - {row['high']:.1f}{row['accuracy']:>9.3f}{row['n']:>8,}")
    for name, found in figures["attributes"].items():
        low, high = found["macro_f1_ci"]
        print(
            f"\n{name}, sentences not neutral: macro-F1 {found['macro_f1']:.3f} ({low:.3f} to {high:.3f}), "
            f"accuracy {found['accuracy']:.3f}, n = {found['n']:,}"
        )
    for name, parts in figures["by"].items():
        print(f"\n{'by ' + name:60}{'macro-F1':>10}{'blame P':>10}{'R':>8}{'n':>8}")
        for part, row in parts.items():
            print(
                f"{part[:59]:60}{row['macro_f1']:>10.3f}{row['blame_precision']:>10.3f}{row['blame_recall']:>8.3f}{row['n']:>8,}"
            )
    if figures["n"] < 100:
        print("\nFewer than 100 sentences: the interval matters more than the figure.", file=sys.stderr)
