"""The next draft of an example: its source with what was changed in it."""

from __future__ import annotations

import re
from pathlib import Path

from build_markup import Source, parse_source

__all__ = ["edited_source"]


def edited_source(path: Path, edits: Path) -> Source:
    """The source with the edits of a file, each of which must find its words once.

    Parameters
    ----------
    path : Path
        Of the source.
    edits : Path
        What to change; the form is described at its head.
    """
    text = path.read_text(encoding="utf-8")
    for block in edits.read_text(encoding="utf-8").split("\n---\n")[1:]:
        old, new = (part.strip() for part in block.split("\n=>", 1))
        wanted = r"\s+".join(map(re.escape, old.split()))
        text, found = re.subn(rf"(?m)(?<!\S){wanted}(?!\w)", lambda _, new=new: new, text)
        if found != 1:
            raise ValueError(f"{edits.name}: found {found} times: {old[:60]}")
    return parse_source(text)
