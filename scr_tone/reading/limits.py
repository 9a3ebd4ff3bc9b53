"""How much of a file we are willing to read. One place, so that the service can tighten them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on untrusted input.

    Attributes
    ----------
    file_bytes : int
        Largest file read at all.
    text_chars : int
        Most characters of text taken from one file.
    unpacked_bytes : int
        Most bytes that a zipped format (DOCX) may unpack to, over all its parts.
    pages : int
        Most pages of a PDF.
    memory_bytes : int
        Address space of the child process that parses PDF, DOCX and HTML.
    seconds : float
        Wall-clock time of that child.
    """

    file_bytes: int = 100_000_000
    text_chars: int = 20_000_000
    unpacked_bytes: int = 400_000_000
    pages: int = 5_000
    memory_bytes: int = 2_000_000_000
    seconds: float = 120.0
