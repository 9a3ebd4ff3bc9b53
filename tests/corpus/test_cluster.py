"""The same run on a Dask cluster of real processes, one of which is killed; frames that are labelled part by part."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import scr_tone
from scr_tone.corpus import analyse_corpus
from scr_tone.errors import ConfigError
from tests.corpus.helpers import ask, contents, write_texts

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore:.*port.*:UserWarning"
)


@dataclass
class Running:
    """A scheduler and two workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
DASK = [sys.executable, "-m", "dask"]


def told(contact: Path, seconds: float = 60) -> str:
    """The address that a scheduler wrote; the file is there before anything is in it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            return str(json.loads(contact.read_text(encoding="utf-8"))["address"])
        time.sleep(0.05)
    raise TimeoutError(f"no scheduler after {seconds} s")


@contextlib.contextmanager
def running(folder: Path, root: Path, count: int) -> Iterator[Running]:
    """A scheduler and workers, which are started when there is one: they read half a file for a whole one."""
    contact = folder / "scheduler.json"
    processes = [
        subprocess.Popen(
            [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show",
             "--scheduler-file", contact],
            cwd=root, **QUIET,
        )
    ]  # fmt: skip
    try:
        address = told(contact)
        processes += [
            subprocess.Popen(
                [*DASK, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
                 "--local-directory", folder / str(number)],
                cwd=root, **QUIET,
            )
            for number in range(count)
        ]  # fmt: skip
        yield Running(address, processes[0], processes[1:])
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("dask"), root, 2) as found:
        yield found


def test_frames_are_labelled_part_by_part(cluster: Running) -> None:
    import dask.dataframe as dd
    from distributed import Client

    tone = scr_tone.load()
    frame = pd.DataFrame({"id": range(6), "text": ["The nurse failed to call back.", None, "It rained."] * 2})
    meta = tone.label_frame(frame.head(0))
    parts = dd.from_pandas(frame, npartitions=3)
    with Client(cluster.address, set_as_default=True) as client:
        client.wait_for_workers(2, timeout=60)
        found = parts.map_partitions(tone.label_frame, column="text", meta=meta).compute()
    expected = tone.label_frame(frame)
    assert found["label"].tolist()[0] == "blame" and found["label"].isna().tolist() == [False, True, False] * 2
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_a_worker_that_is_killed_midway_loses_nothing(cluster: Running, tmp_path: Path) -> None:
    from distributed import Client

    corpus = write_texts(tmp_path / "corpus", 10, 200)
    (corpus / "bad.pdf").write_bytes(b"%PDF-1.7 nothing else")
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    gone: list[int] = []

    def kill(done: float, total: int) -> None:
        if done >= 2 and not gone:
            gone.append(cluster.workers[0].pid)
            os.kill(gone[0], signal.SIGKILL)

    found = analyse_corpus(corpus, tmp_path / "out.parquet", model="small", scheduler=cluster.address, progress=kill)
    assert gone and cluster.workers[0].wait() == -signal.SIGKILL
    assert (found.counts.documents, found.counts.errors) == (10, 1)
    analyse_corpus(corpus, tmp_path / "here.parquet", model="small", workers=1)
    assert contents(tmp_path / "out.parquet") == contents(tmp_path / "here.parquet")


def test_a_cluster_whose_last_worker_left_ends_the_run_and_keeps_what_is_done(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, output = write_texts(tmp_path / "corpus", 10, 200), tmp_path / "out.csv"
    monkeypatch.setattr("scr_tone.corpus.cluster._ABSENCE", 2)
    (tmp_path / "dask").mkdir()
    with running(tmp_path / "dask", root, 1) as only:

        def kill(done: float, total: int) -> None:
            if done >= 2:
                only.workers[0].kill()

        with pytest.raises(ConfigError, match="no worker of it was seen for 2 seconds"):
            analyse_corpus(corpus, output, model="small", scheduler=only.address, progress=kill)
    assert analyse_corpus(corpus, output, model="small", workers=1).resumed >= 2


def test_a_scheduler_that_answers_no_more_ends_the_run(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, output = write_texts(tmp_path / "corpus", 10, 200), tmp_path / "out.csv"
    monkeypatch.setattr("scr_tone.corpus.cluster._ABSENCE", 2)
    monkeypatch.setattr("scr_tone.corpus.cluster._LOOK", 1)
    (tmp_path / "dask").mkdir()
    with running(tmp_path / "dask", root, 1) as held:

        def freeze(done: float, total: int) -> None:
            if done >= 2:
                held.scheduler.send_signal(signal.SIGSTOP)

        with pytest.raises(ConfigError, match="no worker of it was seen for 2 seconds"):
            analyse_corpus(corpus, output, model="small", scheduler=held.address, progress=freeze)


def test_a_scheduler_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_texts(tmp_path / "corpus", 1)
    monkeypatch.setattr("scr_tone.corpus.cluster._PATIENCE", 1)
    with pytest.raises(ConfigError, match="no scheduler answers there"):
        analyse_corpus(corpus, tmp_path / "out.csv", model="small", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ConfigError, match="no scheduler answers there"):
        analyse_corpus(corpus, tmp_path / "out.csv", model="small", scheduler="nonsense")
    # None is left that would be ended while another one starts, which waits for ever.
    assert not [one for one in gc.get_objects() if type(one).__name__ == "Client" and one.status != "closed"]
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"scr-tone\[dask\]"):
        analyse_corpus(corpus, tmp_path / "out.csv", model="small", scheduler="tcp://127.0.0.1:9")


def test_the_command_takes_a_scheduler(cluster: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write_texts(tmp_path / "corpus", 3)
    code, out, _ = ask(capsys, corpus, "-o", tmp_path / "out.csv", "--scheduler", cluster.address)
    assert code == 0 and "3 documents, 60 sentences" in out
