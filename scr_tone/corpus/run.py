"""`analyse_corpus`: from a folder or manifest to three tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scr_tone.artefact import identify
from scr_tone.cores import usable_cores
from scr_tone.corpus.assemble import Counts, assemble
from scr_tone.corpus.inputs import inputs_of
from scr_tone.corpus.schema import reserved
from scr_tone.corpus.settings import Setup
from scr_tone.corpus.state import State
from scr_tone.corpus.tables import Outputs
from scr_tone.corpus.work import Work
from scr_tone.corpus.workers import Processes, Workers
from scr_tone.decisions import Decisions
from scr_tone.errors import ConfigError
from scr_tone.output import same_file
from scr_tone.project import Project, checked_skips
from scr_tone.reading import Limits

__all__ = ["CorpusResult", "analyse_corpus"]


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
    >>> import pandas, pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = pathlib.Path(folder.name, "a.txt").write_text("The nurse failed to call back. It rained.")
    >>> found = analyse_corpus(folder.name, f"{folder.name}/out.csv", model="small", workers=1)
    >>> found.counts.documents, list(pandas.read_csv(found.sentences)["label"])
    (1, ['blame', 'neutral'])
    >>> folder.cleanup()
    """
    if min(workers or 1, threads or 1) < 1 or 0 in (workers, threads):
        raise ConfigError("must be 1 or more", remedy="give a number from 1", subject="workers and threads")
    if scheduler is not None and workers is not None:
        raise ConfigError("has workers of its own", remedy="leave --workers out", subject="--scheduler")
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
        work = Work(inputs, setup, state, progress)
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
