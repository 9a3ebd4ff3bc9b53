"""What goes wrong around us: full disks, signals, folders that nobody may write to, clocks that stand wrong, two at once."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import scr_tone
from scr_tone.cli import main
from scr_tone.finding_ids import finding_ids
from scr_tone.output import write_whole
from tests.reading.docx_builder import docx, p
from tests.test_artefact import SCORES

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX systems")
BLAME = "The nurse failed to call back."
CODE = Path(scr_tone.__file__).parent


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.docx"
    path.write_bytes(docx(p(BLAME) + p("The family moved in May.")))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- a full disk -----------------------------------------------------------------------------------------------------


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, which to a program looks much as a full disk does."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@POSIX
@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        (["check", "draft.docx", "--output", "r.json"], "r.json"),
        (["check", "draft.docx", "--output", "r.csv"], "r.csv"),
        (["annotate", "draft.docx", "-o", "r.docx"], "r.docx"),
        (["compare", "draft.docx", "draft.docx", "--output", "r.html"], "r.html"),
        (["decide", "draft.docx", "ID", "intended"], "draft.docx.tone.json"),
        (["qda", "draft.docx", "-o", "r.qdpx"], "r.qdpx"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_a_full_disk(
    arguments: list[str],
    output: str,
    draft: Path,
    tone: scr_tone.ToneAnalyser,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(draft.parent)
    older = b'{"version": 1, "decisions": []}'
    Path(output).write_bytes(older)
    before = names(draft.parent)
    given = [finding_ids([BLAME])[0] if argument == "ID" else argument for argument in arguments]
    with room(0):
        assert main([*given, "--model", "small"]) == 2
    error = capsys.readouterr().err
    assert output in error and "cannot be written" in error and error.count("\n") == 1
    assert names(draft.parent) == before and Path(output).read_bytes() == older


@POSIX
def test_workers_for_which_there_is_no_room(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with room(0):
        assert (
            main(
                ["corpus", str(draft.parent), "-o", str(draft.with_name("r.csv")), "--workers", "1", "--model", "small"]
            )
            == 2
        )
    error = capsys.readouterr().err
    assert "worker processes: cannot be started (File too large)" in error and error.count("\n") == 1


@POSIX
@pytest.mark.parametrize(
    ("when", "size", "ending", "kept"),
    [("__init__", 100, ".csv", 0), ("close", 2_000, ".csv", 3), ("close", 2_000, ".parquet", 3)],
)
def test_a_disk_that_is_full_in_the_middle_of_a_corpus(
    when: str,
    size: int,
    ending: str,
    kept: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """When the first part is written, or the tables; the same command goes on when there is room again."""
    import resource

    from scr_tone.corpus import tables
    from scr_tone.corpus.workers import Processes
    from tests.corpus.test_resume import parts

    monkeypatch.setattr(tables, "ROWS", 4)  # so that Parquet is written as it comes
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.txt").write_text(f"{BLAME} It was day {number}. " * 12, encoding="utf-8")
    output = tmp_path / f"out{ending}"
    command = ["corpus", str(tmp_path / "in"), "-o", str(output), "--workers", "1", "--model", "small"]
    usual = getattr(Processes, when)

    def fill(self: Processes, *given: object, **named: object) -> None:
        usual(self, *given, **named)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))

    with monkeypatch.context() as patch, room(10_000_000):  # and back to what it was
        patch.setattr(Processes, when, fill)
        assert main(command) == 2
    error = capsys.readouterr().err
    assert str(output) in error and "cannot be written" in error and "standard output" not in error
    assert error.count("\n") == 1
    assert names(tmp_path) == ["in", f"{output.name}.unfinished"]
    assert len(parts(output)) == kept
    assert main(command) == 0
    assert ("done by an earlier run" in capsys.readouterr().out) == (kept > 0)


@pytest.mark.parametrize("left", [0, 5, -1])
def test_a_part_of_a_corpus_that_was_damaged(left: int, tmp_path: Path) -> None:
    from scr_tone.corpus.state import State
    from scr_tone.corpus.worker import error_part

    state = State(tmp_path / "out.csv", "0" * 64)
    state.write("a", error_part("died", "it was long", "split it"))
    assert state.read("a")["error"]["reason"] == "it was long"
    path = state.path("a")
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(scr_tone.ConfigError, match=r"cannot be read \(it is damaged\); remove this file") as caught:
        state.read("a")
    assert caught.value.subject == str(path)
    path.unlink()
    with pytest.raises(scr_tone.ConfigError, match="No such file"):
        state.read("a")
    state.close()


# --- signals ---------------------------------------------------------------------------------------------------------

# Waits where the file is whole and not yet in its place, or half written; says so, and goes on when nobody ends it.
_HALFWAY = """
import os, sys, time
from scr_tone import output
def wait(*given, **named):
    print("now", flush=True); time.sleep(60)
{where} = wait
from scr_tone.cli import main
sys.exit(main(sys.argv[1:]))
"""


@POSIX
@pytest.mark.parametrize(
    ("how", "where", "older"),
    [
        ("SIGTERM", "os.fsync", True),
        ("SIGTERM", "os.replace", True),
        ("SIGHUP", "os.replace", False),
        ("SIGKILL", "os.fsync", True),
        ("SIGKILL", "os.replace", False),
    ],
)
def test_a_signal_while_a_file_is_written(how: str, where: str, older: bool, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt.tone.json"
    old = '{"version": 1, "decisions": [{"id": "0a1b2c3d4e5f", "decision": "wrong", "label": "blame", "score": 0.5}]}'
    if older:
        path.write_text(old)
    code = f"""
from scr_tone.decisions import Decision, record_decisions
from scr_tone.cli import check
check.run = lambda options: record_decisions({str(path)!r}, [Decision("ffffffffffff", "wrong", "blame", 0.5)])
"""
    command = [sys.executable, "-c", code + _HALFWAY.format(where=where), "check", "x"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - no other thread runs
    ) as child:
        assert child.stdout.readline() == "now\n"
        child.send_signal(getattr(signal, how))
        _, errors = child.communicate(timeout=30)
    assert child.returncode == -getattr(signal, how)
    assert "Traceback" not in errors
    assert (path.read_text() if path.exists() else None) == (old if older else None)
    if how != "SIGKILL":  # which leaves no time to tidy up
        assert errors == "scr-tone: interrupted; nothing is half written\n"
        assert names(tmp_path) == ([path.name] if older else [])
    elif where == "os.fsync" and sys.platform == "linux":
        # A file without a name went with its process, where the file system has such files.
        assert names(tmp_path) == ([path.name] if older else []) or not _nameless(tmp_path)


def _nameless(folder: Path) -> bool:
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600))
    except OSError:
        return False
    return True


@POSIX
def test_what_is_finished_is_kept_when_a_check_is_ended(tmp_path: Path) -> None:
    first, fifo, out = tmp_path / "first.txt", tmp_path / "never", tmp_path / "out.json"
    first.write_text(BLAME, encoding="utf-8")
    os.mkfifo(fifo)
    command = [
        sys.executable,
        "-m",
        "scr_tone",
        "check",
        str(first),
        str(fifo),
        "--output",
        str(out),
        "--model",
        "small",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        # Opening the other end returns once the child opens the pipe, so the first file is done by then.
        writer = os.open(fifo, os.O_WRONLY)
        time.sleep(0.2)
        child.terminate()
        _, errors = child.communicate(timeout=60)
        os.close(writer)
    assert child.returncode == -signal.SIGTERM
    assert errors == f"scr-tone: interrupted; 1 of 2 files were done and are kept in {out}\n"
    assert BLAME in out.read_text(encoding="utf-8")


def test_signals_are_as_before_when_a_command_is_done() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    assert main(["--version"]) == 0
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    codes: list[int] = []
    other = threading.Thread(
        target=lambda: codes.append(main(["--version"]))
    )  # Python lets only the main thread set them
    other.start()
    other.join()
    assert codes == [0]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_reader_that_is_killed_midway(tmp_path: Path) -> None:
    from tests.reading.test_child import children

    path = tmp_path / "long.html"
    path.write_bytes(b"<html>" + b"<p>word</p>" * 700_000)
    before = children()

    def kill() -> None:
        deadline = time.monotonic() + 20
        while not (found := children() - before) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        for pid in found:
            os.kill(int(pid), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(scr_tone.InputError, match="long.html: the parser was stopped from outside"):
        scr_tone.read(path)
    killer.join()
    assert children() <= before


# --- every way to a file ---------------------------------------------------------------------------------------------

# What may write without `scr_tone.output`, and where that goes.
_WRITERS = {
    "corpus/tables.py": "into the folder of an unfinished run, from which whole tables are moved",
    "corpus/state.py": "the mark of that folder, which holds nothing",
    "carried.py": "a model into a folder that the caller names, or that is temporary; it is verified when it is opened",
    "packing.py": "into the folder from which `artefact.save` moves a whole model",
    "artefact.py": "the same",
    "cli/__init__.py": "to nowhere, where an output is closed",
    "cli/train.py": "the digest of a bundled model, in a checkout",
    "output.py": "the one writer",
}


def _writes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("write_text", "write_bytes", "mkstemp", "NamedTemporaryFile", "mkdtemp"):
        return True
    modes = [
        argument.value
        for argument in [*call.args[:2], *(word.value for word in call.keywords if word.arg == "mode")]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
    return name in ("open", "fdopen") and any(set(mode) <= set("wabx+t") and set(mode) & set("wax+") for mode in modes)


def test_results_are_written_in_one_place_only() -> None:
    """So that what is tested of it here holds of reports, tables, comments, decisions and settings alike."""
    found = {
        path.relative_to(CODE).as_posix()
        for path in CODE.rglob("*.py")
        if "training" not in path.parts and not path.name.startswith("_worker")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _writes(call)
    }
    assert found == set(_WRITERS)


def test_two_who_write_one_file(tmp_path: Path) -> None:
    """Whoever looks meanwhile sees the whole of one or the other."""
    path = tmp_path / "report.json"
    texts = ["a" * 300_000, "b" * 200_000]
    write_whole(path, texts[0])
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            seen.add(path.read_text())

    looking = threading.Thread(target=look)
    writing = [
        threading.Thread(target=lambda text=text: [write_whole(path, text) for _ in range(30)]) for text in texts
    ]
    looking.start()
    for thread in writing:
        thread.start()
    for thread in writing:
        thread.join()
    over.set()
    looking.join()
    assert seen <= set(texts) and names(tmp_path) == [path.name]


def test_without_files_that_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other systems than Linux, file systems without them, no /proc: a named file in their stead."""
    path = tmp_path / "r.csv"
    with monkeypatch.context() as patch:
        patch.delattr(os, "O_TMPFILE", raising=False)
        write_whole(path, "one")
    assert path.read_text() == "one"

    def refuse(*given: object, **named: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    write_whole(path, "two")
    assert path.read_text() == "two" and names(tmp_path) == [path.name]


ABOUT = {"features": {"ngrams": 9}, "data": {"sentences": 120, "sha256": "0" * 64}, "scores": SCORES}


def test_a_model_that_cannot_be_put_in_its_place_leaves_the_old_one(
    tmp_path: Path, tiny_model: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scr_tone.artefact import save

    folder = tmp_path / "mine"
    save(tiny_model, folder, name="mine", **ABOUT)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replace = os.replace

    def only_aside(one: object, other: object) -> None:
        if Path(str(other)) == folder and not str(one).endswith("-old"):
            raise OSError(28, "No space left on device")
        replace(str(one), str(other))

    monkeypatch.setattr(os, "replace", only_aside)
    with pytest.raises(scr_tone.ModelError, match="cannot be written"):
        save(tiny_model, folder, name="mine", **ABOUT)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert names(tmp_path) == ["mine"]
    monkeypatch.setattr(os, "replace", replace)
    save(tiny_model, folder, name="other", **ABOUT)
    assert names(tmp_path) == ["mine"] and '"other"' in (folder / "manifest.json").read_text()


# --- the machine -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a folder that nobody can write to")
@pytest.mark.parametrize("home", ["/proc", None])
def test_an_odd_machine(home: str | None, draft: Path) -> None:
    """No home or one that may not be written, no temporary folder, no terminal, no input, and a locale that is none."""
    environment = {key: value for key, value in os.environ.items() if key not in ("HOME", "LANG", "LC_ALL", "TMPDIR")}
    odd = {
        "LC_ALL": "tr_XX.KOI8-R",
        "TERM": "nonesuch",
        "TZ": "Nowhere/None",
        "COLUMNS": "-3",
        "TMPDIR": "/proc",
        "NO_COLOR": "",
    }
    where = {} if home is None else dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "USERPROFILE"), home)
    out = draft.with_name("out.docx")
    done = subprocess.run(
        [sys.executable, "-m", "scr_tone", "annotate", str(draft), "-o", str(out), "--model", "small"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**environment, **odd, **where},
        start_new_session=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert names(draft.parent) == ["draft.docx", "out.docx"]


# Dates that are written down for people to read; nothing is decided by them.
_DATED = {"annotate/document.py", "decisions.py", "qda.py"}


def test_no_clock_that_can_jump_decides_anything() -> None:
    """Limits, rates and progress go by a clock that only goes on, whatever daylight saving or a time server does."""
    found = set()
    for root, folder in ((CODE, "."), (CODE.parent / "api", "api")):
        for path in root.rglob("*.py"):
            if "training" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "datetime.now", "datetime.utcnow"),
                    *("date.today", "datetime.today"),
                ):
                    found.add((Path(folder) / path.relative_to(root)).as_posix())
    assert found == _DATED


@pytest.mark.parametrize("now", [0.0, 4.4e9])  # 1970, 2109
def test_a_clock_that_stands_wrong(
    now: float, draft: Path, monkeypatch: pytest.MonkeyPatch, tone: scr_tone.ToneAnalyser
) -> None:
    """A machine with an empty battery starts in 1970, and ZIP knows no year before 1980."""
    stopped = time.gmtime(now)
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(time, "localtime", lambda *given: stopped)
    report = tone.analyse(scr_tone.read(draft))
    scr_tone.save_qdpx(report, draft.with_name("out.qdpx"))
    report.save(draft.with_name("out.docx"))
    assert len(scr_tone.read(draft.with_name("out.docx")).stretches) == 2
