"""Write a section of tests/benchmarks/README.md between its markers, so that no figure there is typed by hand."""

from __future__ import annotations

import os
import platform
from pathlib import Path

README = Path(__file__).parent / "README.md"


def write_section(name: str, lines: list[str], *, by: str | None = None) -> None:
    """Replace the section `name`, or add it at the end; `by` is the command, if it does not have the section's name."""
    source = os.path.normpath(f"tests/benchmarks/{by or f'{name}.py'}")
    begin, end = f"<!-- {name}: written by {source} -->", f"<!-- end of {name} -->"
    text = README.read_text(encoding="utf-8")
    body = "\n".join([begin, *lines, end])
    if begin in text:
        head, rest = text.split(begin)
        text = head + body + rest.split(end, 1)[1]
    else:
        text = text.rstrip("\n") + "\n\n" + body + "\n"
    README.write_text(text, encoding="utf-8")


def environment() -> dict[str, str]:
    """What a measured process is given: ours, without what some machines set to hold OpenBLAS to an older kernel."""
    return {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}


def machine() -> str:
    """What it ran on, in words."""
    return f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
