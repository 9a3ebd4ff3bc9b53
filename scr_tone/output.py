"""Writing results: whole files or none, and errors that say what to do."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

from scr_tone.errors import ConfigError

__all__ = ["check_writable", "place_folder", "same_file", "write_whole"]

_BINARY = getattr(os, "O_BINARY", 0)  # Windows


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
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        work = target.with_name(f".scr-tone-{secrets.token_hex(8)}")
        try:
            if not _appears(work, data):
                with open(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as file:
                    _fill(file, data)
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


def place_folder(work: Path, folder: Path) -> None:
    """Put a finished folder where another may be, which then goes; whatever happens, one of them is left whole.

    Between two renames, should the process be killed just there, the older one lies beside, under a name that ends in ``-old``.

    Parameters
    ----------
    work, folder : Path
        In one folder.

    Raises
    ------
    OSError
        If it cannot be put there; then the other one stays.
    """
    old = work.with_name(f"{work.name}-old")
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(work, folder)
    except OSError:
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _appears(work: Path, data: bytes) -> bool:
    """Fill a file that has no name yet, and only then give it one; False where that cannot be done here.

    It is of a confidential text. While it has no name the system itself drops it when we are killed, or the power fails.
    """
    if not hasattr(os, "O_TMPFILE"):  # it is Linux's
        return False
    try:
        descriptor = os.open(work.parent, os.O_TMPFILE | os.O_WRONLY, 0o600)
    except OSError:  # some file systems have none
        return False
    with open(descriptor, "wb") as file:
        _fill(file, data)
        folder = os.open(work.parent, os.O_RDONLY)
        try:
            # Given a folder, Python asks the system to follow the link in /proc, and else not.
            os.link(f"/proc/self/fd/{file.fileno()}", work.name, dst_dir_fd=folder)
        except OSError:  # no /proc
            return False
        finally:
            os.close(folder)
    return True


def _fill(file: BinaryIO, data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
