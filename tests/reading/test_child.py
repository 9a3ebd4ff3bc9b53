"""The child process: its answers, its limits, and what happens when it misbehaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from scr_tone.errors import InputError
from scr_tone.reading import child
from scr_tone.reading.child import read_in_child
from scr_tone.reading.limits import Limits
from scr_tone.records import Block
from tests.reading.docx_builder import docx, p

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and resource limits are for POSIX systems")
ROOT = Path(child.__file__).parents[2]


def pretend(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Run this program instead of the worker."""
    monkeypatch.setattr(child, "_command", lambda fmt: [sys.executable, "-I", "-c", code])


def children() -> set[str]:
    """Process ids of our children that have not been waited for, where /proc tells."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.add(stat.parent.name)
    return found


def test_reads_docx() -> None:
    data = docx(
        p("The nurse rang.\u00e9\U0001f600") + p("Findings", '<w:outlineLvl w:val="0"/>') + '<w:altChunk r:id="x"/>'
    )
    blocks, warnings = read_in_child("docx", data, Limits())
    assert blocks == [Block("The nurse rang.\u00e9\U0001f600"), Block("Findings", "heading", level=1)]
    assert len(warnings) == 1


def test_reads_html() -> None:
    assert read_in_child("html", b"<ol><li>the plan", Limits())[0] == [Block("1. the plan", "list_item", number="1.")]


def test_refusal_comes_back_with_the_files_name() -> None:
    with pytest.raises(InputError) as caught:
        read_in_child("docx", b"%PDF-1.7", Limits(), subject="draft.docx")
    assert str(caught.value) == "draft.docx: is a PDF, not a Word document; rename it so that its name ends in .pdf"


def test_generous_limits() -> None:
    limits = Limits(seconds=float("inf"), memory_bytes=10**20)
    assert read_in_child("html", b"<p>x", limits)[0] == [Block("x")]


def test_unknown_format() -> None:
    with pytest.raises(InputError, match="no reader"):
        read_in_child("odt", b"x", Limits())


def test_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "import time; time.sleep(60)")
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"takes more than 0\.5 s to read"):
        read_in_child("docx", b"x" * 1_000_000, Limits(seconds=0.5))  # more than a pipe holds, and never read
    assert time.monotonic() - begun < 5


def test_time_limit_after_the_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "import os, time; os.close(1); time.sleep(60)")
    with pytest.raises(InputError, match=r"takes more than 0\.5 s"):
        read_in_child("docx", b"x", Limits(seconds=0.5))


@POSIX
def test_processor_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass")
    with pytest.raises(InputError, match="takes more than 60 s"):
        read_in_child("docx", b"x", Limits(seconds=60))


@POSIX
def test_memory_limit() -> None:
    data = b"<p>word</p>" * 400_000
    with pytest.raises(InputError, match=r"needs more memory than 0\.15 GB to read; split it"):
        read_in_child("html", data, Limits(memory_bytes=150_000_000))
    with pytest.raises(InputError, match="needs more memory"):
        read_in_child(
            "docx", docx(p("word") * 150_000, compression=zipfile.ZIP_STORED), Limits(memory_bytes=150_000_000)
        )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("import os; os.abort()", "the parser crashed on this file; open it in Word", id="abort"),
        pytest.param("raise SystemExit(3)", "the parser crashed", id="exit"),
        pytest.param("print('chatter')", "the parser crashed", id="no-json"),
        pytest.param("print('{}')", "the parser crashed", id="no-answer"),
        pytest.param("print('[' * 200000)", "the parser crashed", id="deep-json"),
        pytest.param(
            """print('{"blocks": [["x", "spam", null, null, null]], "warnings": []}')""", "crashed", id="kind"
        ),
        pytest.param("""print('{"blocks": [[1, "body", null, null, null]], "warnings": []}')""", "crashed", id="type"),
        pytest.param("print('x' * 5_000_000)", "more than 1,000 characters", id="endless"),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "stopped from outside", id="killed", marks=POSIX
        ),
    ],
)
def test_misbehaviour(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    pretend(monkeypatch, code)
    with pytest.raises(InputError, match=words) as caught:
        read_in_child("docx", b"x" * 200_000, Limits(text_chars=1000), subject="a.docx")
    assert caught.value.remedy
    assert caught.value.subject == "a.docx"


def test_no_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(InputError, match="could not be started"):
        read_in_child("docx", b"x", Limits())
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(InputError, match="could not be started"):
        read_in_child("docx", b"x", Limits())


def worker(setup: str, *, data: bytes = b"x") -> tuple[subprocess.CompletedProcess[bytes], dict[str, object]]:
    """Run the worker with a reader of our own."""
    code = f"""
import sys
sys.path[:] = {sys.path!r}
from scr_tone.reading import _worker
from scr_tone.records import Block
def reader(data, limits):
{setup}
_worker._reader = lambda fmt: reader
_worker.main("docx")
"""
    header = json.dumps({"seconds": 20}).encode() + b"\n"
    done = subprocess.run([sys.executable, "-I", "-c", code], input=header + data, capture_output=True, check=False)
    return done, json.loads(done.stdout.decode("utf-8", "surrogatepass"))


def test_chatter_of_libraries_goes_nowhere() -> None:
    setup = """
    import os
    print("python"); print("error", file=sys.stderr); os.write(1, b"library"); os.write(2, b"library")
    return [Block("x")], []
"""
    done, answer = worker(setup)
    assert answer["blocks"] == [["x", "body", None, None, None]]
    assert done.stderr == b""


def test_lone_surrogates_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    done, _ = worker("    return [Block('a\\ud800b')], ['\\udfff']")
    monkeypatch.setattr(child, "_converse", lambda *given: (0, done.stdout))
    assert read_in_child("docx", b"", Limits()) == ([Block("a\ud800b")], ["\udfff"])


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("KeyError('x')", "the DOCX reader failed on this file (KeyError)"),
        ("MemoryError", "needs more memory than 2 GB"),
        ("ImportError('lxml')", "cannot be loaded (lxml)"),
    ],
)
def test_surprises_become_messages(failure: str, words: str) -> None:
    _, answer = worker(f"    raise {failure}")
    error = answer["error"]
    assert isinstance(error, dict)
    assert words in error["reason"]
    assert error["remedy"]


@POSIX
def test_limits_are_set() -> None:
    setup = """
    import resource
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE")
    return [Block(" ".join(str(resource.getrlimit(getattr(resource, name))[0]) for name in names))], []
"""
    if sys.platform != "linux":
        pytest.skip("macOS refuses some of these limits")
    _, answer = worker(setup)
    assert answer["blocks"][0][0] == "2000000000 21 0"  # type: ignore[index]


@POSIX
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_interrupt_kills_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "import time; time.sleep(60)")
    before = children()
    # Whoever runs the tests in the background hands on an ignored SIGINT.
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            read_in_child("docx", b"x" * 1_000_000, Limits())
    finally:
        signal.signal(signal.SIGINT, kept)
    assert time.monotonic() - begun < 10
    assert children() <= before


def test_from_several_threads() -> None:
    found: list[str] = []

    def read(text: str) -> None:
        found.append(read_in_child("html", text.encode(), Limits())[0][0].text)

    threads = [threading.Thread(target=read, args=(f"text {i}",)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["text 0", "text 1", "text 2"]


def parent(folder: Path, *, env: dict[str, str], code: str = "") -> str:
    """Read a page in a fresh interpreter that runs in the folder."""
    program = f"{code}\nfrom scr_tone.reading.child import read_in_child\nfrom scr_tone.reading.limits import Limits\n"
    program += "print(read_in_child('html', b'<p>found', Limits())[0][0].text)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={**kept, **env}, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr


def test_package_known_by_pythonpath_only(tmp_path: Path) -> None:
    assert parent(tmp_path, env={"PYTHONPATH": str(ROOT)}) == "found"


def test_package_known_by_current_folder_only() -> None:
    assert parent(ROOT, env={}) == "found"


def test_package_known_by_a_changed_path_only(tmp_path: Path) -> None:
    assert parent(tmp_path, env={}, code=f"import sys; sys.path.append({str(ROOT)!r})") == "found"


def test_files_in_the_current_folder_are_not_run(tmp_path: Path) -> None:
    """A folder of case reviews from elsewhere may hold a lxml.py."""
    for name in ("lxml.py", "json.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('run')")
    code = f"import sys, os; sys.path[0:1] = [{str(ROOT)!r}]"
    assert parent(tmp_path, env={}, code=code) == "found"


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    read_in_child("html", b"<p>word</p>" * 20_000, Limits())
    assert list(tmp_path.iterdir()) == []


def test_importing_it_is_cheap() -> None:
    code = f"import sys; sys.path.append({str(ROOT)!r}); import scr_tone.reading.child; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"lxml", "pypdfium2", "spacy", "numpy", "sklearn"} & set(done.stdout.split())
