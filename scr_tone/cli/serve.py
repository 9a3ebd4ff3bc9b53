"""``scr-tone serve``: the REST service and the page, on this machine only unless told otherwise."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from scr_tone.cli.exits import Exit
from scr_tone.cli.options import add_model
from scr_tone.errors import ConfigError

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "serve",
        help="run the page, the REST service and the LanguageTool protocol (needs the extra api)",
        epilog="Every setting can also come from the environment: SCR_TONE_HOST, SCR_TONE_PORT, SCR_TONE_API_KEY, "
        "SCR_TONE_CONCURRENCY and others. The key is taken from there only; an option could be seen by others.",
    )
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1, which only this machine reaches)")
    parser.add_argument("--port", type=int, help="port (default: 8000); 0 takes a free one")
    add_model(parser)
    parser.add_argument("--prior", choices=("training", "natural"), help="label shares to expect")
    parser.add_argument(
        "--insecure", action="store_true", help="listen beyond this machine without an API key (SCR_TONE_API_KEY)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        service = _package()
    except ModuleNotFoundError as error:
        raise ConfigError(f"the service needs {error.name}", remedy='pip install "scr-tone[api]"') from None
    settings = service.read_settings(
        host=options.host,
        port=options.port,
        model=options.model,
        prior=options.prior,
        trust_model=options.trust_model or None,
        insecure=options.insecure or None,
    )
    try:
        service.serve(settings, ready=_say)
    except KeyboardInterrupt:  # the way in which it is meant to end
        return Exit.DONE
    return Exit.DONE


def _say(url: str) -> None:
    print(
        f"scr-tone serves on {url} (LibreOffice and other editors: {url}/v2); Ctrl-C ends it",
        file=sys.stderr,
        flush=True,
    )


def _package() -> Any:
    """The service: ``api`` in a checkout, ``scr_tone_api`` in an installed wheel.

    An editable install has both, and its ``scr_tone_api`` is a copy from the day on which it was made.
    """
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "api" / "app.py").is_file():
        return import_module("api")
    return import_module("scr_tone_api")
