"""What runs inside the child process: take a job and a Word document, give back the document with comments.

The header is ``{"limits": {...}, "job": {...}}``. The reply is a line of JSON, ``{"added": ..., "kept": ..., "replaced": ...}`` or
``{"error": {"reason": ..., "remedy": ...}}``, and behind it, where all went well, the file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from scr_tone.reading._worker import guarded, reply_with
from scr_tone.reading.limits import Limits

__all__ = ["main"]


def main(fmt: str) -> None:
    """Put comments into the document on standard input; for ``fmt`` there is "docx" only."""
    reply_with(lambda: _reply(fmt))


def _reply(fmt: str) -> bytes:
    header = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**header["limits"])
    made: list[bytes] = []

    def load() -> Callable[[bytes], dict[str, Any]]:
        from scr_tone.annotate.job import do

        def work(data: bytes) -> dict[str, Any]:
            written, told = do(data, header["job"], limits)
            made.append(written)
            return told

        return work

    told = guarded(fmt, limits, load)
    return b"\n".join([json.dumps(told).encode(), *made])
