"""The work of a run: what has to be done, and the doing, document by document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass

from scr_tone.corpus.inputs import Entry, Inputs
from scr_tone.corpus.settings import Setup
from scr_tone.corpus.state import State
from scr_tone.corpus.worker import error_part
from scr_tone.corpus.workers import Workers
from scr_tone.errors import ConfigError, InputError, ScrToneError
from scr_tone.reading import content

__all__ = ["Job", "Work"]

_LOOK = 0.25  # seconds between looks at how far the documents in hand are
#: Endings that say how a text is to be read.
_TELLING = frozenset({".md", ".markdown", ".html", ".htm", ".xhtml"})


@dataclass(frozen=True)
class Job:
    """A document to analyse."""

    content: str
    entry: Entry


class Work:
    """The work of one run: what has to be done, and the doing.

    Attributes
    ----------
    contents : list of (str or None)
        For each entry what names its content and the way it is read; None if it could not be read.
    failures : dict of str or int to bytes
        Parts with errors that are not kept for the next run, by content, or by the place of an entry without one.
    missing : list of Job
        One for each different content that is not done.
    resumed : int
        Entries whose content was done before.
    """

    def __init__(
        self, inputs: Inputs, setup: Setup, state: State, progress: Callable[[float, int], None] | None
    ) -> None:
        self._inputs, self._setup, self._state = inputs, setup, state
        self._progress = progress or (lambda done, total: None)
        self._done = 0
        self._shown = 0.0
        self.contents: list[str | None] = []
        self.failures: dict[str | int, bytes] = {}
        self.missing: list[Job] = []
        self.resumed = 0

    def plan(self) -> None:
        """Find out which contents there are, and which of them are done."""
        known: set[str] = set()
        for place, entry in enumerate(self._inputs.entries):
            name: str | None = None
            try:
                name = self._name(entry, content(entry.file, self._setup.limits))
            except InputError as error:
                self.failures[place] = error_part("unreadable", error.reason, error.remedy)
            self.contents.append(name)
            if name is None or self._state.has(name):
                self.resumed += name is not None
                self._done += 1
            elif name in known:
                self._done += 1
            else:
                known.add(name)
                self.missing.append(Job(name, entry))

    def _name(self, entry: Entry, data: bytes) -> str:
        suffix = entry.file.suffix.lower()
        return hashlib.sha256(data).hexdigest() + (suffix if suffix in _TELLING else "")

    def go(self, workers: Workers) -> None:
        """Have all that is missing done."""
        total = len(self._inputs.entries)
        self._show(self._done)
        died: list[Job] = []
        try:
            self._give_out(self.missing, workers, died)
            again = workers.alone() if died else None
            if again is not None:
                workers = again
                self._give_out(list(died), workers, died)
        except CancelledError:
            workers.close(kill=True)
            raise ConfigError(
                "the cluster went away",
                remedy="start it again and give the same command; what is done is kept",
                subject="--scheduler",
            ) from None
        except KeyboardInterrupt:
            workers.close(kill=True)
            left = total - self._done
            raise KeyboardInterrupt(
                f"{self._done:,} of {total:,} documents are done and kept in {self._state.folder}; the same command does the "
                f"{'last' if left == 1 else f'other {left:,}'}"
            ) from None
        except BaseException:
            workers.close(kill=True)
            raise
        workers.close()
        self._show(total)

    def _show(self, done: float) -> None:
        """Tell how far it is; never backwards, as a document may be finished and not yet counted."""
        self._shown = max(self._shown, done)
        self._progress(self._shown, len(self._inputs.entries))

    def _give_out(self, jobs: Iterable[Job], workers: Workers, died: list[Job]) -> None:
        pending: dict[Future[bytes], Job] = {}

        def finished() -> list[Future[bytes]]:
            found, _ = wait(pending, timeout=_LOOK, return_when=FIRST_COMPLETED)
            self._show(self._done + len(found) + workers.fraction())
            if not found:
                workers.check()
            return list(found)

        def keep(found: Iterable[Future[bytes]]) -> None:
            for future in found:
                self._keep(pending.pop(future), future, workers, died)

        for job, data in self._read(jobs):  # the next is read while the others are worked on
            found: list[Future[bytes]] = []
            while len(pending) - len(found) >= workers.places:
                keep(found)
                found = finished()
            pending[workers.submit(job.entry.file.suffix.lower(), data)] = job
            keep(found)  # and kept while the next is worked on
        while pending:
            keep(finished())

    def _read(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, bytes]]:
        for job in jobs:
            try:
                data = content(job.entry.file, self._setup.limits)
                if self._name(job.entry, data) != job.content:
                    raise InputError("has changed since the run began", remedy="run again when it is finished")
                yield job, data
            except InputError as error:
                self.failures[job.content] = error_part("unreadable", error.reason, error.remedy)
                self._done += 1

    def _keep(self, job: Job, future: Future[bytes], workers: Workers, died: list[Job]) -> None:
        error = future.exception()
        if error is None:
            self._state.write(job.content, future.result())
            self.failures.pop(job.content, None)
            self._done += 1
            return
        reason = workers.death(error)
        if isinstance(error, ScrToneError):
            raise error
        if reason is None:  # what the work itself meets is in its part; this is a place where it cannot be done
            raise ConfigError(
                f"cannot do the work ({type(error).__name__}: {str(error)[:200]})",
                remedy="install the same version of scr-tone where it runs",
                subject="a worker",
            ) from error
        died.append(job)
        self.failures[job.content] = error_part(
            "died",
            f"{reason}, most likely because memory ran out",
            "use fewer workers, split the document, or take large pictures and tables out",
        )
