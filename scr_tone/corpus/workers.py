"""Who does the work: processes of this machine, or a Dask cluster, behind one face."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from ctypes import c_double
from multiprocessing.connection import wait as wait_for
from typing import Any, Protocol

from scr_tone.corpus.settings import Setup
from scr_tone.corpus.worker import analysed, prepare
from scr_tone.errors import ConfigError

__all__ = ["Processes", "Workers"]

#: Numerical libraries that would each take all cores, and the variable by which each is told not to.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Workers(Protocol):
    """What analyses documents for a run."""

    @property
    def places(self) -> int:
        """Documents to have in hand at a time."""

    def submit(self, suffix: str, data: bytes) -> Future[bytes]:
        """Give out a document; the result is a part (`scr_tone.corpus.worker.analysed`)."""

    def death(self, error: BaseException) -> str | None:
        """Why the worker with a document ended, if that is what the error says."""

    def alone(self) -> Workers | None:
        """Whom to give a document that ended its worker, with nothing beside it; None where that was done already."""

    def fraction(self) -> float:
        """How much of the documents in hand is done, counted in documents."""

    def check(self) -> None:
        """Raise ConfigError if nobody is left to do the work and nobody came back for a while."""

    def close(self, *, kill: bool = False) -> None:
        """End; with `kill` without waiting for what is in hand."""


class Processes:
    """Worker processes of this machine.

    Each has an executor of its own: when one dies, for want of memory or in a crash of a library, it takes exactly the
    document with it that it had.

    Parameters
    ----------
    setup : Setup
    count : int
        How many.

    Raises
    ------
    ConfigError
        If they cannot be started.
    ModelError
        If they cannot load the model.
    """

    def __init__(self, setup: Setup, count: int) -> None:
        self._setup = setup
        self._slots = [_Slot(setup) for _ in range(count)]
        try:
            for slot in self._slots:
                slot.check()
        except BaseException:
            self.close(kill=True)
            raise

    @property
    def places(self) -> int:
        return len(self._slots)

    def submit(self, suffix: str, data: bytes) -> Future[bytes]:
        place = next(place for place, slot in enumerate(self._slots) if slot.free)
        with contextlib.suppress(BrokenProcessPool):  # it died with its last document, or while it waited
            return self._slots[place].submit(suffix, data)
        self._slots[place].close(kill=True)
        self._slots[place] = _Slot(self._setup)
        self._slots[place].check()
        return self._slots[place].submit(suffix, data)

    def death(self, error: BaseException) -> str | None:
        return "the process that read it was ended" if isinstance(error, BrokenProcessPool) else None

    def alone(self) -> Workers | None:
        self.close()
        return _Alone(self._setup)

    def fraction(self) -> float:
        return sum(slot.fraction for slot in self._slots)

    def check(self) -> None:
        """Nothing to raise: the process of a document that is in hand runs, or its end is that document's result."""

    def pids(self) -> Sequence[int]:
        """Process ids of the workers."""
        return [slot.pid for slot in self._slots]

    def close(self, *, kill: bool = False) -> None:
        for slot in self._slots:
            slot.close(kill=kill)


class _Alone(Processes):
    """One process, which is not followed by another try."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup, 1)

    def alone(self) -> Workers | None:
        return None


class _Slot:
    """One worker process and the document that it has."""

    def __init__(self, setup: Setup) -> None:
        # A fresh interpreter: this one has threads, which a fork would not survive.
        context = multiprocessing.get_context("spawn")
        self._setup = setup
        try:
            self._share: Any = context.RawValue(c_double, 0.0)
            self._executor = ProcessPoolExecutor(1, context, _begin, (self._share, setup.threads))
            self._ready = self._executor.submit(_ready, setup)
        except OSError as error:
            raise _not_started(error.strerror or str(error)) from None
        self._work: Future[bytes] | None = None
        self.pid = 0

    def check(self) -> None:
        """Wait until the model is loaded."""
        try:
            self.pid = self._ready.result()
        except BrokenProcessPool:
            raise _not_started() from None

    @property
    def free(self) -> bool:
        return self._work is None or self._work.done()

    @property
    def fraction(self) -> float:
        return 0.0 if self.free else float(self._share.value)

    def submit(self, suffix: str, data: bytes) -> Future[bytes]:
        self._share.value = 0.0
        self._work = self._executor.submit(_work, self._setup, suffix, data)
        return self._work

    def close(self, *, kill: bool) -> None:
        if kill and self.pid:
            with contextlib.suppress(OSError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self._executor.shutdown(wait=True, cancel_futures=True)


def _not_started(reason: str | None = None) -> ConfigError:
    return ConfigError(
        f"cannot be started ({reason})" if reason else "cannot be started",
        remedy="use fewer workers if memory is short; a script that calls analyse_corpus must do so under "
        'if __name__ == "__main__":',
        subject="worker processes",
    )


_share: Any = None


def _begin(share: Any, threads: int | None) -> None:
    """Set up a worker process, before any numerical library is loaded in it."""
    global _share  # noqa: PLW0603 - there is no other way from an initializer to the work
    _share = share
    for name in _THREADS if threads else ():
        os.environ.setdefault(name, str(threads))
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; what it means is the parent's business
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed cannot end its workers, which would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _ready(setup: Setup) -> int:
    prepare(setup)
    return os.getpid()


def _work(setup: Setup, suffix: str, data: bytes) -> bytes:
    def progress(done: int, total: int) -> None:
        if _share is not None:
            _share.value = done / max(1, total)

    return analysed(setup, suffix, data, progress)
