"""What ends a command from outside: it ends as Ctrl-C would end it, and then in the way that was asked for."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from types import FrameType, TracebackType

__all__ = ["Ending"]

#: Asked to end, as by ``kill``, ``timeout`` or a shutdown; the terminal is gone.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ending:
    """While it holds, these signals raise `KeyboardInterrupt`; behind it, the process ends by the one that came.

    So children are ended, what is half written goes, what is finished is kept and said, and whoever sent the signal sees that it
    was heeded. A signal that is ignored already (``nohup``) stays so. A second one ends the process at once.
    """

    def __init__(self) -> None:
        self._kept: list[int] = []
        self._came: int | None = None

    def __enter__(self) -> Ending:
        if threading.current_thread() is threading.main_thread():  # Python lets no other set them
            self._kept = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
            for number in self._kept:
                signal.signal(number, self._raise)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go()
        if self._came is not None:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(OSError, ValueError):
                    stream.flush()
            os.kill(os.getpid(), self._came)

    def _raise(self, number: int, frame: FrameType | None) -> None:
        self._came = number
        self._let_go()
        raise KeyboardInterrupt

    def _let_go(self) -> None:
        for number in self._kept:
            signal.signal(number, signal.SIG_DFL)
