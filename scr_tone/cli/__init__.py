"""The command line: one module a command, this one only finds it.

Exit codes: 0 done, 1 ``--fail-on`` found something, 2 usage, 3 unreadable input, 4 model, 130 interrupted. Errors go to
standard error, one line each: what, why, and what to do.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from scr_tone.cli.exits import Exit, exit_for
from scr_tone.errors import ScrToneError
from scr_tone.version import __version__

__all__ = ["main"]


class _Parser(argparse.ArgumentParser):
    """Usage errors in the same form as all others."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"scr-tone: {message}; see {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    from scr_tone.cli import check, evaluate, info, serve, train

    parser = _Parser(
        prog="scr-tone",
        description="Says which sentences of a case review blame, which point at learning, which take responsibility "
        "fairly, and which are neutral. It judges wording, never people. Nothing leaves this machine.",
    )
    parser.add_argument("--version", action="version", version=f"scr-tone {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=_Parser)
    for module in (check, evaluate, info, serve, train):
        module.add(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; ``sys.argv`` if not given.

    Returns
    -------
    int
        The exit code.
    """
    _plain_output()
    parser = build_parser()
    try:
        options = parser.parse_args(sys.argv[1:] if arguments is None else list(arguments))
    except SystemExit as stop:  # argparse's own way out, for --help and for usage errors
        return int(stop.code or 0)
    if options.command is None:
        parser.print_help()
        return Exit.USAGE
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except ScrToneError as error:
        print(f"scr-tone: {error}", file=sys.stderr)
        return exit_for(error)
    except KeyboardInterrupt:
        print("scr-tone: interrupted; what was written before is complete", file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        _drop_output()
        return Exit.DONE
    except OSError as error:  # files are handled where they are opened; what is left is our own output
        _drop_output()
        print(f"scr-tone: standard output: cannot be written ({error.strerror})", file=sys.stderr)
        return Exit.USAGE
    except MemoryError:
        print("scr-tone: not enough memory; split the text into parts", file=sys.stderr)
        return Exit.INPUT


def _drop_output() -> None:
    """Let nothing more be written, also not when Python flushes its buffers at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain_output() -> None:
    """Never fail on a character that the terminal cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
