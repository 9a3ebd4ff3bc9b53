"""A run that is stopped, however it is, goes on where it was and loses nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from scr_tone.corpus import analyse_corpus
from scr_tone.corpus.state import State
from scr_tone.errors import ConfigError
from tests.corpus.helpers import ask, command, contents, table, text, three, write_texts

DOCUMENTS = 16


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_texts(tmp_path_factory.mktemp("corpus"), DOCUMENTS, 200)


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    output = tmp_path_factory.mktemp("whole") / "out.parquet"
    analyse_corpus(corpus, output, model="small", workers=1)
    return contents(output)


def parts(output: Path) -> list[Path]:
    return sorted(output.with_name(output.name + ".unfinished").glob("parts/*.part"))


def killed(arguments: list[str], output: Path, at: int) -> None:
    """Start the command and kill it when it has done so many documents."""
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    children: list[int] = []
    deadline = time.monotonic() + 120
    while len(parts(output)) < at and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if listed.exists():
        children = [int(pid) for pid in listed.read_text(encoding="ascii").split()]
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    process.stderr.close()
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]  # workers do not outlive who started them


def test_killed_again_and_again(corpus: Path, whole: list[bytes], tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    arguments = command(corpus, "-o", output, "--workers", 2)
    for at in (1, DOCUMENTS - 4):
        killed(arguments, output, at)
        assert len(parts(output)) >= at
        assert [path.name for path in tmp_path.iterdir()] == ["out.parquet.unfinished"]  # no half table
        assert (tmp_path / "out.parquet.unfinished").stat().st_mode & 0o077 == 0
    before = {path: path.stat().st_mtime_ns for path in parts(output)}
    # Half of a table that a kill left, and half of a part: neither is taken for whole.
    (tmp_path / "out.parquet.unfinished" / "out.parquet").write_bytes(b"PAR1 half")
    (tmp_path / "out.parquet.unfinished" / "parts" / ".scr-tone-abc").write_bytes(b"half")
    found = analyse_corpus(corpus, output, model="small", workers=1)
    assert found.resumed == len(before)
    assert contents(output) == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in three(output))


def test_interrupted_keeps_what_is_done_and_says_so(corpus: Path, whole: list[bytes], tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    for _ in range(5):  # it may be done before the signal comes
        process = subprocess.Popen(
            command(corpus, "-o", output, "--workers", 1), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
            # Whoever runs the tests in the background hands on an ignored SIGINT.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread runs
        )  # fmt: skip
        while len(parts(output)) < 2 and process.poll() is None:
            time.sleep(0.005)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)  # as the terminal does, to the workers too
        out, err = process.communicate(timeout=120)
        if process.returncode:
            break
        for written in three(output):
            written.unlink(missing_ok=True)
    assert (process.returncode, out) == (130, "")
    assert (
        err.startswith("scr-tone: interrupted; ") and "the same command does the other" in err and err.count("\n") == 1
    )
    assert len(parts(output)) >= 2 and not output.exists()
    analyse_corpus(corpus, output, model="small", workers=1)
    assert contents(output) == whole


def test_other_settings_start_anew_and_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, output = write_texts(tmp_path / "corpus", 3), tmp_path / "out.csv"

    def stop(done: float, total: int) -> None:
        if parts(output):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse_corpus(corpus, output, model="small", workers=1, progress=stop)
    code, out, err = ask(capsys, corpus, "-o", output, "--workers", 1, "--prior", "natural")
    assert code == 0
    assert "note: " in err and "with other settings, another model or another version" in err
    assert "done by an earlier run" not in out
    assert not parts(output)
    assert '"prior": {' in table(three(output)[1])[0]["settings"]


def test_a_document_that_changed_is_done_anew(tmp_path: Path) -> None:
    corpus, output = write_texts(tmp_path / "corpus", 3), tmp_path / "out.csv"

    def stop(done: float, total: int) -> None:
        if len(parts(output)) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyse_corpus(corpus, output, model="small", workers=1, progress=stop)
    (corpus / "000.txt").write_text("The nurse failed to call back.", encoding="utf-8")
    found = analyse_corpus(corpus, output, model="small", workers=1)
    assert found.resumed >= 1
    assert [row["text"] for row in table(output) if row["path"] == "000.txt"] == ["The nurse failed to call back."]


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_dies_costs_at_most_its_document(deaths: int, tmp_path: Path) -> None:
    corpus, output = write_texts(tmp_path / "corpus", 4), tmp_path / "out.csv"
    (corpus / "001.txt").write_text(text(1, 3000), encoding="utf-8")
    seen: list[int] = []

    def kill(done: float, total: int) -> None:
        """Kill the worker while it has the long document: after the first is done, and when all others are."""
        workers = multiprocessing.active_children()
        if len(seen) < deaths and len(parts(output)) == (1, 3)[len(seen)] and workers:
            seen.append(int(workers[0].pid or 0))
            os.kill(seen[-1], signal.SIGKILL)

    found = analyse_corpus(corpus, output, model="small", workers=1, progress=kill)
    assert len(seen) == deaths
    errors = table(three(output)[2])
    if deaths == 1:
        assert found.counts.documents == 4 and not errors
    else:
        assert [row["path"] for row in table(three(output)[1])] == ["000.txt", "002.txt", "003.txt"]
        assert [(row["path"], row["kind"]) for row in errors] == [("001.txt", "died")]
        assert "memory" in errors[0]["reason"] and errors[0]["remedy"]


def test_two_runs_do_not_mix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = State(tmp_path / "out.csv", "0" * 64)
    code, _, err = ask(capsys, write_texts(tmp_path / "corpus", 1), "-o", tmp_path / "out.csv")
    assert code == 2 and "another run works on it" in err
    held.close()


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "out.csv.unfinished"
    folder.mkdir()
    (folder / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(ConfigError, match="holds something else"):
        State(tmp_path / "out.csv", "0" * 64)
    (folder / "thesis.docx").unlink()
    (folder / "scr-tone").touch()
    state = State(tmp_path / "out.csv", "0" * 64)
    (folder / "notes.txt").write_bytes(b"mine")
    state.discard()
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
