"""``scr-tone serve``: the REST service, on this machine only."""

from __future__ import annotations

import argparse
import ipaddress
import sys
from importlib import import_module
from typing import Any

from scr_tone.cli.exits import Exit
from scr_tone.errors import ConfigError

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("serve", help="run the REST service on this machine (needs the extra api)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted. No request is logged."""
    if not _is_loopback(options.host):
        raise ConfigError(
            "is no loopback address, and this version has no access control",
            remedy="use 127.0.0.1, behind a proxy that asks who comes",
            subject=f"--host {options.host}",
        )
    try:
        import uvicorn

        app = _package().create_app()
    except ModuleNotFoundError as error:
        raise ConfigError(f"the service needs {error.name}", remedy='pip install "scr-tone[api]"') from None
    print(f"scr-tone serves on http://{options.host}:{options.port}/v1; Ctrl-C ends it", file=sys.stderr)
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning", access_log=False, server_header=False)
    return Exit.DONE


def _package() -> Any:
    """The service: ``scr_tone_api`` in an installed wheel, ``api`` in a checkout."""
    try:
        return import_module("scr_tone_api")
    except ModuleNotFoundError as error:
        if error.name != "scr_tone_api":
            raise
        return import_module("api")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
