"""What can go wrong, as one small tree.

Every error says three things: what it is about (a file, a value), why it failed, and what to do next. The command
line prints them in one line; nobody should need a traceback to know the remedy.
"""

from __future__ import annotations

__all__ = ["ConfigError", "InputError", "ModelError", "ScrToneError"]


class ScrToneError(Exception):
    """Base of all errors that scr_tone raises on purpose.

    Parameters
    ----------
    reason : str
        Why it failed, in plain words, without a full stop.
    remedy : str, optional
        What the user can do about it.
    subject : str, optional
        The file, option or value in question, as the user named it.

    Examples
    --------
    >>> print(ScrToneError("it is empty", remedy="check the path", subject="a.txt"))
    a.txt: it is empty; check the path
    """

    def __init__(self, reason: str, *, remedy: str | None = None, subject: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.subject = subject

    def __str__(self) -> str:
        head = f"{self.subject}: " if self.subject else ""
        tail = f"; {self.remedy}" if self.remedy else ""
        return f"{head}{self.reason}{tail}"


class InputError(ScrToneError):
    """A text or file that cannot be read: missing, empty, encrypted, scanned, broken, too large."""


class ConfigError(ScrToneError):
    """A setting or argument that makes no sense, or an output that cannot be written."""


class ModelError(ScrToneError):
    """A model that is missing, incomplete, tampered with, or made for another version."""
