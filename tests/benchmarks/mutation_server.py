"""Runs tests again and again, each time in a fork that has all libraries loaded but nothing of ours.

Started by `tests.benchmarks.mutation` in a copy of the checkout. Reads lines of JSON, `tests` (arguments of pytest) and
`seconds`, from standard input; writes for each the exit code, or null if it took longer.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

OURS = {"scr_tone", "tests", "api", "conftest", "__main__"}


def forked(work: Callable[[], int], seconds: float) -> int | None:
    """Exit code of `work` in a process group of its own, which is killed after so many seconds."""
    child = os.fork()
    if child == 0:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = 3
        try:
            code = work()
        finally:
            os._exit(code)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run(tests: list[str]) -> int:
    import pytest

    # Its plugins are loaded already, too late to rewrite their assertions; nobody needs those.
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *quiet]))


def libraries_of(tests: list[str], note: Path) -> list[str]:
    """All that the tests import and that is not ours, in the order of the imports."""

    def noting() -> int:
        sys.dont_write_bytecode = False
        code = run(tests)
        names = [name for name in sys.modules if name.partition(".")[0] not in OURS]
        note.write_text(json.dumps(names), encoding="utf-8")
        return code

    forked(noting, 600)
    return list(json.loads(note.read_text(encoding="utf-8")))


def main() -> None:
    sys.dont_write_bytecode = True
    known: set[str] = set()
    for line in sys.stdin:
        asked = json.loads(line)
        if tuple(asked["tests"]) not in known:
            known.add(tuple(asked["tests"]))
            for name in libraries_of(asked["tests"], Path("libraries.json")):
                try:
                    importlib.import_module(name)
                except Exception:
                    continue  # parts of a package that only it can import
        print(json.dumps(forked(lambda tests=asked["tests"]: run(tests), asked["seconds"])), flush=True)


if __name__ == "__main__":
    main()
