"""The command line: one module a command, this one only finds it.

Exit codes: 0 done, 1 ``--fail-on`` found something, 2 usage, 3 unreadable input, 4 model, 130 interrupted. Errors go to
standard error, one line each: what, why, and what to do.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from scr_tone.cli.ending import Ending
from scr_tone.cli.exits import Exit, complain, exit_for
from scr_tone.errors import ConfigError, ScrToneError
from scr_tone.version import __version__

__all__ = ["main"]


class _Parser(argparse.ArgumentParser):
    """Usage errors in the same form as all others."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.USAGE, f"scr-tone: {message}; see {self.prog} --help\n")


#: The commands, in the order of the help, and the module of each.
_COMMANDS: Mapping[str, str] = {
    "check": "check",
    "annotate": "annotate",
    "compare": "compare",
    "corpus": "corpus",
    "decide": "decide",
    "calibrate": "calibrate",
    "sample": "sample",
    "import": "imports",
    "agreement": "agreement",
    "prevalence": "prevalence",
    "qda": "qda",
    "evaluate": "evaluate",
    "info": "info",
    "serve": "serve",
    "train": "train",
}


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser.

    Parameters
    ----------
    command : str, optional
        The only command that it needs to know; all of them without it. What the others import then costs nothing.
    """
    parser = _Parser(
        prog="scr-tone",
        description="Says which sentences of a case review blame, which point at learning, which take responsibility "
        "fairly, and which are neutral. It judges wording, never people. Nothing leaves this machine.",
    )
    parser.add_argument("--version", action="version", version=f"scr-tone {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=_Parser)
    for name in _COMMANDS if command not in _COMMANDS else [name for name in _COMMANDS if name == command]:
        import_module(f"scr_tone.cli.{_COMMANDS[name]}").add(commands)
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
    closed = _plain_output()
    with Ending():
        return _done(arguments, closed)


def _done(arguments: Sequence[str] | None, closed: bool) -> int:
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        options = build_parser(given[0] if given else None).parse_args(given)
        if options.command is None:
            build_parser().print_help()
            return Exit.USAGE
        if closed and getattr(options, "output", None) is None:
            raise ConfigError("is closed", remedy="give it somewhere to go, or use --output", subject="standard output")
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # argparse's own way out, for --help and for usage errors
        return int(stop.code or 0)
    except ScrToneError as error:
        complain(error)
        return exit_for(error)
    except KeyboardInterrupt as stop:
        complain(f"interrupted; {stop.args[0] if stop.args else 'nothing is half written'}")
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        _drop_output()
        return Exit.DONE
    except OSError as error:  # files are handled where they are opened; what is left is our own output
        _drop_output()
        what = "standard output: cannot be written" if error.filename is None else f"{error.filename}: cannot be used"
        complain(f"{what} ({error.strerror or error}); check where it goes")
        return Exit.USAGE
    except MemoryError:
        complain("not enough memory; split the text into parts, or allow more")
        return Exit.INPUT


def _drop_output() -> None:
    """Let nothing more be written, also not when Python flushes its buffers at exit."""
    with contextlib.suppress(OSError):  # an output that is no file, in a notebook
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plain_output() -> bool:
    """Never fail on a character that the terminal cannot show, nor on a stream that is closed; say if output is."""
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return closed
