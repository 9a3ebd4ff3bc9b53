"""What an unfinished run has done so far, so that the next one goes on from there.

A folder beside the output holds one file for each finished document, written whole or not at all, named after the
document's content and all that its result depends on. It holds text of the documents (unless the run keeps none), may
be read by its owner only, and goes when the run is finished.
"""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path
from typing import IO, Any

from scr_tone.corpus.worker import unpacked
from scr_tone.errors import ConfigError
from scr_tone.output import write_whole

__all__ = ["State"]

_MARK = "scr-tone"
_PARTS = "parts"
_SUFFIX = ".part"


class State:
    """The folder of an unfinished run.

    Parameters
    ----------
    output : Path
        The first file that the run will write; the folder has its name and ``.unfinished``.
    key : str
        See `Setup.key`.

    Attributes
    ----------
    folder : Path
    other : int
        Finished documents in it that were analysed with other settings, another model or another version.

    Raises
    ------
    ConfigError
        If another run writes there now, or the folder is not ours.
    """

    def __init__(self, output: Path, key: str) -> None:
        self.folder = output.with_name(output.name + ".unfinished")
        self._key = key[:16]
        self._parts = self.folder / _PARTS
        try:
            fresh = not self.folder.exists()
            if not fresh and not (self.folder / _MARK).is_file():
                raise ConfigError(
                    "is there already and holds something else", remedy="move it away", subject=str(self.folder)
                )
            if fresh:
                self.folder.mkdir(mode=0o700)
            self._parts.mkdir(mode=0o700, exist_ok=True)
            self._lock: IO[str] | None = open(self.folder / _MARK, "a", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise ConfigError(
                f"cannot be made ({error.strerror})", remedy="check its permissions", subject=str(self.folder)
            ) from None
        self._hold()
        self.other = sum(self._key not in path.name for path in self._parts.glob(f"*{_SUFFIX}"))

    def _hold(self) -> None:
        """Keep a second run out; the system lets go when this process ends, however it does."""
        try:
            import fcntl
        except ImportError:  # Windows
            return
        assert self._lock is not None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise ConfigError(
                "another run works on it", remedy="wait for it, or name another output", subject=str(self.folder)
            ) from None
        except OSError:  # a file system without locks
            return

    def path(self, content: str) -> Path:
        """Where the part of a content is kept."""
        return self._parts / f"{content}.{self._key}{_SUFFIX}"

    def has(self, content: str) -> bool:
        """Whether a content is done."""
        return self.path(content).is_file()

    def read(self, content: str) -> dict[str, Any]:
        """What its part holds.

        Raises
        ------
        ConfigError
            If a disk or a person has damaged it.
        """
        path = self.path(content)
        try:
            return unpacked(path.read_bytes())
        except (OSError, ValueError, zlib.error) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is damaged"
            raise ConfigError(
                f"cannot be read ({reason})",
                remedy="remove this file; the same command then does its document again",
                subject=str(path),
            ) from None

    def write(self, content: str, part: bytes) -> None:
        """Keep a part."""
        write_whole(self.path(content), part)

    def close(self) -> None:
        """Let another run go on from here."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def discard(self) -> None:
        """Take the folder away: what it is for has been written."""
        for path in [*self._parts.iterdir()]:
            if path.suffix == _SUFFIX or path.name.startswith(".scr-tone-"):
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._parts.rmdir()
        (self.folder / _MARK).unlink(missing_ok=True)
        self.close()
        with contextlib.suppress(OSError):  # somebody else's file in it
            self.folder.rmdir()
