"""Options that several commands share."""

from __future__ import annotations

import argparse

__all__ = ["add_model", "add_prior", "prior_of"]


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


def prior_of(options: argparse.Namespace) -> dict[str, object]:
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
