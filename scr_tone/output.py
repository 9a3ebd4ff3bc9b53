"""Writing results: whole files or none, and errors that say what to do."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from scr_tone.errors import ConfigError

__all__ = ["check_writable", "same_file", "write_whole"]


def check_writable(path: str | Path) -> None:
    """Say before the work, not after it, that its result could not be written.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    ConfigError
        If it is a folder, lies in none, or may not be written.
    """
    target, subject = Path(path), str(path)
    try:
        if target.is_dir():
            raise ConfigError("is a folder", remedy="name a file in it", subject=subject)
        parent = target.resolve().parent
        if not parent.is_dir():
            raise ConfigError("its folder does not exist", remedy=f"make {target.parent}", subject=subject)
        if not os.access(target if target.exists() else parent, os.W_OK):
            raise ConfigError("may not be written", remedy="check its permissions", subject=subject)
    except (OSError, RuntimeError, ValueError) as error:  # a name that is too long; a loop of links; a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot be written ({reason})", remedy="name another file", subject=subject) from None


def same_file(one: str | Path, other: str | Path) -> bool:
    """Whether two names are of one file that is there; a name that cannot be looked up is of no other."""
    try:
        return Path(one).samefile(other)
    except (OSError, RuntimeError, ValueError):  # what is wrong with it is said when it is opened
        return False


def write_whole(path: str | Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half.

    Parameters
    ----------
    path : str or Path
        A regular file that exists is replaced, keeping its permissions; a device or pipe is written to as it is.
    content : str or bytes
        A text is written as UTF-8, lone surrogates in it as question marks.

    Raises
    ------
    ConfigError
        If it cannot be written; the message names the path and the reason.
    """
    path = Path(path)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            if path.is_dir():
                raise ConfigError("is a folder", remedy="name a file in it", subject=str(path))
            with open(path, "wb") as device:
                device.write(data)
            return
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
        target = path.resolve()  # write through a link, do not replace it
        descriptor, work = tempfile.mkstemp(prefix=".scr-tone-", dir=target.parent)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            os.chmod(work, mode)
            os.replace(work, target)
        except BaseException:  # also Ctrl-C: the half-written file goes, the exception goes on
            with contextlib.suppress(OSError):
                os.unlink(work)
            raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"cannot be written ({reason})", remedy="check the folder and its permissions", subject=str(path)
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
