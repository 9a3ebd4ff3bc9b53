"""On a real terminal: colour, and progress while there is something to wait for; elsewhere neither."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> bytes:
    """What the command writes to a pseudo-terminal."""
    pid, descriptor = pty.fork()
    if pid == 0:  # the child: its streams are the terminal
        os.execve(
            sys.executable,
            [sys.executable, "-m", "scr_tone", *arguments],
            {**os.environ, "TERM": "xterm-256color", **environment},
        )
    out = b""
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the child has gone
            break
        if not chunk:
            break
        out += chunk
    os.close(descriptor)
    assert os.waitpid(pid, 0)[1] == 0
    return out


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_colour_and_progress(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("The nurse failed to call back.", encoding="utf-8")
    coloured = on_a_terminal(["check", str(path)], {"NO_COLOR": ""})
    assert b"\x1b[1;31mblame" in coloured
    assert b"checking" not in coloured  # one short file is done at once
    assert b"\x1b[1;31m" not in on_a_terminal(["check", str(path)], {"NO_COLOR": "1"})
    assert b"checking" in on_a_terminal(["check", *[str(path)] * 3], {})
