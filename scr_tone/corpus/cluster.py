"""A Dask cluster as the workers of a run. Its machines need scr-tone of the same version, and share no disk with this one."""

from __future__ import annotations

import contextlib
import gc
import time
import warnings
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, cast

from scr_tone.corpus.settings import Setup
from scr_tone.corpus.worker import analysed
from scr_tone.corpus.workers import Workers
from scr_tone.errors import ConfigError

__all__ = ["Cluster"]

_PATIENCE = 30  # seconds to wait for the scheduler, and for its first worker
_ABSENCE = 120  # seconds for which a run waits for a worker to come back, as after a restart of its machine
_LOOK = 5  # seconds between questions to the scheduler whether it has workers


class Cluster:
    """The workers of a Dask scheduler.

    A worker that dies is the scheduler's business: it gives the document to another one, three times if it has to
    (``distributed.scheduler.allowed-failures``), and only then up.

    Parameters
    ----------
    setup : Setup
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``. For TLS, and who may connect, see Dask's own settings.

    Raises
    ------
    ConfigError
        If the scheduler cannot be reached, or has no worker.
    """

    def __init__(self, setup: Setup, address: str) -> None:
        try:
            import distributed
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise ConfigError(
                "a cluster needs Dask's distributed, which is not installed",
                remedy='pip install "scr-tone[dask]"',
                subject="--scheduler",
            ) from None
        self._killed = KilledWorker
        # A worker with several threads has several documents in hand; one of them must not take all its cores.
        self._setup = replace(setup, threads=setup.threads or 1)
        made: Any = distributed.Client  # which has no types
        reason = ""
        try:
            self._client: Any = made(address, timeout=_PATIENCE, set_as_default=False, name="scr-tone")
        except (OSError, TimeoutError, ValueError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        if reason:
            # A client that could not connect is ended by the garbage collector, and if that happens to run while the next
            # one starts, both wait for the same lock for ever (distributed.utils.LoopRunner). So it is ended here.
            gc.collect()
            raise ConfigError(
                f"no scheduler answers there ({reason})",
                remedy="check the address, and that the scheduler runs",
                subject=address,
            )
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            self._client.close()
            raise ConfigError(
                "the scheduler has no worker", remedy=f"start one: dask worker {address}", subject=address
            ) from None
        self._executor: Any = self._client.get_executor(pure=False)
        self._threads = 0
        self._seen = time.monotonic()
        self._asked = -float("inf")

    @property
    def places(self) -> int:
        """Twice as many as there are threads now, so that none waits for the way to here and back."""
        self._look()
        return max(2, 2 * self._threads)

    def submit(self, suffix: str, data: bytes) -> Future[bytes]:
        with warnings.catch_warnings():
            # Content travels with its task, so that the scheduler can give it to another worker when one dies.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return cast("Future[bytes]", self._executor.submit(analysed, self._setup, suffix, data))

    def death(self, error: BaseException) -> str | None:
        return "the workers that read it were ended, one after the other" if isinstance(error, self._killed) else None

    def alone(self) -> Workers | None:
        return None

    def fraction(self) -> float:
        return 0.0

    def check(self) -> None:
        self._look()
        if time.monotonic() - self._seen >= _ABSENCE:
            raise ConfigError(
                f"no worker of it was seen for {_ABSENCE} seconds",
                remedy="start scheduler and workers and give the same command; what is done is kept",
                subject="--scheduler",
            )

    def _look(self) -> None:
        """Now and then, and for a bounded time, ask the scheduler for its workers."""
        if time.monotonic() - self._asked < min(_LOOK, _ABSENCE):
            return
        # One that does not answer may be busy, so what was known stays; if it is gone, what it had is cancelled.
        with contextlib.suppress(OSError, TimeoutError):
            cores = self._client.sync(self._client.scheduler.ncores, callback_timeout=_LOOK)
            self._threads = int(sum(cores.values()))
            if cores:
                self._seen = time.monotonic()
        self._asked = time.monotonic()

    def close(self, *, kill: bool = False) -> None:
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=not kill)
        with contextlib.suppress(Exception):
            self._client.close()
