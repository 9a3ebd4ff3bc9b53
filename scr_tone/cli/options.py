"""Options that several commands share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from scr_tone.analyser import ToneAnalyser
from scr_tone.decisions import Decisions, decisions_beside, read_decisions
from scr_tone.loading import load
from scr_tone.project import Project, checked_skips
from scr_tone.project_file import FILE_NAME, find_project, read_project
from scr_tone.records import SKIPS

__all__ = [
    "add_analysis",
    "add_config",
    "add_model",
    "add_prior",
    "analysis_of",
    "check_settings",
    "loaded",
    "prior_of",
    "project_of",
]


def add_analysis(parser: argparse.ArgumentParser) -> None:
    """Add what every command that labels a document takes: model, prior, settings, decisions, what to leave out."""
    add_model(parser)
    _add_skips(parser)
    add_config(parser)
    _add_decisions(parser)
    add_prior(parser)


def loaded(options: argparse.Namespace) -> ToneAnalyser:
    """The model that the options name.

    Raises
    ------
    ConfigError
        If the prior cannot be read.
    ModelError
        See `scr_tone.load`.
    """
    return load(options.model, trusted=options.trust_model, **prior_of(options))


def analysis_of(options: argparse.Namespace, draft: str, project: Project | None = None) -> dict[str, Any]:
    """Arguments for `ToneAnalyser.analyse` from the options of `add_analysis`.

    Parameters
    ----------
    options : argparse.Namespace
    draft : str
        Path of the document, or "-".
    project : Project, optional
        The settings to use; if not given, those that hold for the draft.

    Raises
    ------
    ConfigError
        If an option or the settings cannot be read.
    InputError
        If a file of decisions that is given, or that is there, cannot be read.
    """
    skip, project = _skips_of(options), project_of(options, draft) if project is None else project
    return {"skip": skip, "project": project, "decisions": _decisions_for(options.decisions, project, draft)}


def check_settings(options: argparse.Namespace, draft: str) -> None:
    """Say before the model is loaded what is wrong with the options of `add_analysis` or the draft's settings.

    Raises
    ------
    ConfigError
        If one of them cannot be read.
    """
    _skips_of(options)
    project_of(options, draft)


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add ``--model`` and ``--trust-model``."""
    parser.add_argument("--model", metavar="NAME", help="a bundled model, or the folder of a trained one")
    parser.add_argument(
        "--trust-model", action="store_true", help="load a model from a folder; its maker can run code on this machine"
    )


def add_prior(parser: argparse.ArgumentParser) -> None:
    """Add ``--prior``."""
    parser.add_argument(
        "--prior",
        default="training",
        metavar="SHARES",
        help='label shares to expect: "training", "natural", or blame=0.1,learning=0.3,accountability=0.1,neutral=0.5',
    )
    parser.add_argument(
        "--prior-strength",
        type=float,
        metavar="0..1",
        help="how far to go towards them (default: 0.5 for natural, 1 for shares that you give)",
    )


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add ``--config`` and ``--no-config``."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--config",
        metavar="FILE",
        help=f"settings to use (default: {FILE_NAME} beside the draft, or in the nearest folder above it, up to the one that holds "
        ".git, or to your home folder)",
    )
    choice.add_argument("--no-config", action="store_true", help=f"use no {FILE_NAME}")


def _add_decisions(parser: argparse.ArgumentParser) -> None:
    """Add ``--decisions``."""
    parser.add_argument(
        "--decisions",
        action="append",
        metavar="FILE",
        help="decisions to heed (default: DRAFT.tone.json beside the draft, or the file that the settings name)",
    )


def _add_skips(parser: argparse.ArgumentParser) -> None:
    """Add ``--skip`` and ``--skip-quotes``."""
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="WHAT",
        help=f"leave out of counts and flags: {', '.join(SKIPS)}; several with commas",
    )
    parser.add_argument("--skip-quotes", action="store_true", help="as --skip quotes")


def project_of(options: argparse.Namespace, draft: str) -> Project:
    """The settings that hold for a draft; "-" for standard input takes those of the present folder.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    """
    if options.no_config:
        return Project()
    found = options.config or find_project(Path.cwd() if draft == "-" else Path(draft).absolute().parent)
    return read_project(found) if found else Project()


def _decisions_for(given: list[str] | None, project: Project, draft: str) -> Decisions:
    """Decisions that hold for a draft: those in the files that are given, else in the project's, else beside the draft.

    Raises
    ------
    InputError
        If a file that is given, or that is there, cannot be read.
    """
    if given:
        return Decisions(one for path in given for one in read_decisions(path))
    kept = project.decisions or (None if draft in ("-", "") else decisions_beside(draft))
    if kept is None or not os.path.isfile(kept):  # noqa: PTH113, which takes any name, however long
        return Decisions()
    return read_decisions(kept)


def _skips_of(options: argparse.Namespace) -> frozenset[str]:
    """What ``--skip`` (each time one or several separated by commas) and ``--skip-quotes`` name.

    Raises
    ------
    ConfigError
        If it names something else.
    """
    names = (name.strip() for part in options.skip for name in part.split(","))
    quotes = frozenset(["quotes"]) if options.skip_quotes else frozenset()
    return quotes | checked_skips([name for name in names if name], "--skip")


def prior_of(options: argparse.Namespace) -> dict[str, Any]:
    """Arguments for `scr_tone.load` from the options.

    Raises
    ------
    ConfigError
        If the shares cannot be read.
    """
    from scr_tone.errors import ConfigError

    text = options.prior
    own = text not in ("natural", "training")
    strength = options.prior_strength if options.prior_strength is not None else (1.0 if own else 0.5)
    if not own:
        return {"prior": None if text == "training" else text, "prior_strength": strength}
    try:
        shares = {name.strip(): float(share) for name, share in (part.split("=") for part in text.split(","))}
    except ValueError:
        raise ConfigError(
            f"cannot be read: {text!r}",
            remedy="write blame=0.1,learning=0.3,accountability=0.1,neutral=0.5",
            subject="--prior",
        ) from None
    return {"prior": shares, "prior_strength": strength}
