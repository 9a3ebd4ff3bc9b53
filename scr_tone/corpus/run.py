"""`analyse_corpus`: from a folder or manifest to three tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from scr_tone.artefact import identify
from scr_tone.corpus.assemble import Counts, assemble
from scr_tone.corpus.inputs import Entry, Inputs, inputs_of
from scr_tone.corpus.schema import reserved
from scr_tone.corpus.settings import Setup
from scr_tone.corpus.state import State
from scr_tone.corpus.tables import Outputs
from scr_tone.corpus.worker import error_part
from scr_tone.corpus.workers import Processes, Workers, usable_cores
from scr_tone.decisions import Decisions
from scr_tone.errors import ConfigError, InputError, ScrToneError
from scr_tone.output import same_file
from scr_tone.project import Project, checked_skips
from scr_tone.reading import Limits, content

__all__ = ["CorpusResult", "analyse_corpus"]

_LOOK = 0.25  # seconds between looks at how far the documents in hand are
#: Endings that say how a text is to be read.
_TELLING = frozenset({".md", ".markdown", ".html", ".htm", ".xhtml"})


@dataclass(frozen=True)
class CorpusResult:
    """What came of a run.

    Attributes
    ----------
    sentences, documents, errors : Path
        The tables.
    counts : Counts
        Rows of each.
    resumed : int
        Documents that an earlier, unfinished run had done.
    anew : int
        Documents that it had done with other settings, another model or another version, and that did not count.
    left_out : mapping of str to int
        Endings of files that are no documents, and how many there were.
    """

    sentences: Path
    documents: Path
    errors: Path
    counts: Counts
    resumed: int = 0
    anew: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


def analyse_corpus(
    source: str | Path,
    output: str | Path,
    *,
    model: str | Path | None = None,
    trusted: bool = False,
    prior: Mapping[str, float] | str | None = None,
    prior_strength: float = 0.5,
    skip: Iterable[str] = (),
    project: Project | None = None,
    decisions: Decisions | None = None,
    cues: bool = True,
    explain: bool = False,
    text: bool = True,
    with_metadata: bool = False,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[float, int], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> CorpusResult:
    """Analyse all documents below a folder, or all that a manifest names, into tables.

    The tables are the same bytes whatever the number of workers and the order in which they finish. A run that was
    interrupted or killed goes on where it was when it is called again with the same output; see docs/corpora.md.

    Parameters
    ----------
    source : str or Path
        A folder, or a manifest in CSV (`manifest_inputs`).
    output : str or Path
        The table of sentences, ``.parquet`` (needs the extra ``corpus``) or ``.csv``. The others lie beside it:
        ``NAME.documents.parquet`` and ``NAME.errors.parquet``. They appear when the run is complete.
    model, trusted, prior, prior_strength
        See `scr_tone.load`.
    skip, project, decisions, cues, explain
        See `ToneAnalyser.analyse`. They hold for all documents.
    text : bool
        False leaves the columns ``text``, ``cues`` and ``section`` empty, for corpora that are confidential. The ids are
        still made from the words, so that whoever guesses a sentence can check the guess.
    with_metadata : bool
        Put the manifest's columns into the table of sentences too.
    workers : int, optional
        Processes to work with; as many as there are cores, if not given.
    threads : int, optional
        Threads of each; the cores shared out among them, if not given.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the work instead (needs the extra ``dask``).
    limits : Limits, optional
        See `scr_tone.read`.
    progress : callable, optional
        Called with how many documents are done, parts of documents included, and how many there are.
    note : callable, optional
        Called with what is worth knowing on the way.

    Returns
    -------
    CorpusResult

    Raises
    ------
    InputError
        If there is no document at all. One that cannot be read is a row in the table of errors.
    ConfigError
        If a setting makes no sense, an output cannot be written, the workers cannot be started, or a library is missing.
    ModelError
        See `scr_tone.load`.

    Examples
    --------
    >>> import csv, pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = pathlib.Path(folder.name, "a.txt").write_text("The nurse failed to call back. It rained.")
    >>> found = analyse_corpus(folder.name, f"{folder.name}/out.csv", model="small", workers=1)
    >>> found.counts.documents, [row["label"] for row in csv.DictReader(found.sentences.open())]
    (1, ['blame', 'neutral'])
    >>> folder.cleanup()
    """
    if min(workers or 1, threads or 1) < 1 or 0 in (workers, threads):
        raise ConfigError("must be 1 or more", remedy="give a number from 1", subject="workers and threads")
    outputs = Outputs(output)
    inputs = inputs_of(source, reserved())
    if any(same_file(source, path) for path in outputs.paths):
        raise ConfigError("is also an input", remedy="name another file for the result", subject=str(output))
    place, digest = identify(model, trusted=trusted)
    cores = usable_cores()
    count = min(workers or cores, max(1, len(inputs.entries)))
    setup = Setup(
        place,
        digest,
        tuple(sorted(prior.items())) if isinstance(prior, Mapping) else prior,
        prior_strength,
        checked_skips(skip),
        project or Project(),
        decisions,
        cues,
        explain,
        text,
        limits or Limits(),
        threads if threads or scheduler else max(1, cores // count),
    )
    state = State(outputs.targets[0], setup.key())
    say = note or (lambda _: None)
    if state.other:
        say(
            f"{state.other:,} documents were done before with other settings, another model or another version of scr-tone, "
            "and do not count for this run"
        )
    try:
        work = _Run(inputs, setup, state, progress)
        work.plan()
        if work.missing:
            work.go(_workers(setup, count, scheduler))
        counts = assemble(inputs, work.contents, work.failures, setup, state, outputs, metadata=with_metadata)
        outputs.place(state.folder)
        state.discard()
    finally:
        state.close()
    sentences, documents, errors = outputs.paths
    return CorpusResult(sentences, documents, errors, counts, work.resumed, state.other, inputs.left_out)


def _workers(setup: Setup, count: int, scheduler: str | None) -> Workers:
    if scheduler is None:
        return Processes(setup, count)
    from scr_tone.corpus.cluster import Cluster

    return Cluster(setup, scheduler)


@dataclass(frozen=True)
class _Job:
    """A document to analyse."""

    content: str
    entry: Entry


class _Run:
    """The work of one run: what has to be done, and the doing.

    Attributes
    ----------
    contents : list of (str or None)
        For each entry what names its content and the way it is read; None if it could not be read.
    failures : dict of str or int to bytes
        Parts with errors that are not kept for the next run, by content, or by the place of an entry without one.
    missing : list of _Job
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
        self.missing: list[_Job] = []
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
                self.missing.append(_Job(name, entry))

    def _name(self, entry: Entry, data: bytes) -> str:
        suffix = entry.file.suffix.lower()
        return hashlib.sha256(data).hexdigest() + (suffix if suffix in _TELLING else "")

    def go(self, workers: Workers) -> None:
        """Have all that is missing done."""
        total = len(self._inputs.entries)
        self._show(self._done)
        died: list[_Job] = []
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

    def _give_out(self, jobs: Iterable[_Job], workers: Workers, died: list[_Job]) -> None:
        pending: dict[Future[bytes], _Job] = {}

        def finished() -> list[Future[bytes]]:
            found, _ = wait(pending, timeout=_LOOK, return_when=FIRST_COMPLETED)
            self._show(self._done + len(found) + workers.fraction())
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

    def _read(self, jobs: Iterable[_Job]) -> Iterator[tuple[_Job, bytes]]:
        for job in jobs:
            try:
                data = content(job.entry.file, self._setup.limits)
                if self._name(job.entry, data) != job.content:
                    raise InputError("has changed since the run began", remedy="run again when it is finished")
                yield job, data
            except InputError as error:
                self.failures[job.content] = error_part("unreadable", error.reason, error.remedy)
                self._done += 1

    def _keep(self, job: _Job, future: Future[bytes], workers: Workers, died: list[_Job]) -> None:
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
