"""SECURITY.md promises nothing without a test, and what it says of the library and the command line is so.

The service has tests of its own, in `tests/api/test_confidential.py` above all.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

import scr_tone
from scr_tone.cli import build_parser, main
from tests.reading.docx_builder import docx, p

CANARY = "ZebedeeQuartermain"
TEXT = f"{CANARY} failed to call back. The school wrote to {CANARY} on 3 May.\n"


def section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def functions(path: Path) -> set[str]:
    """Names of the tests of a file, as pytest gives them."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found.add(node.name)
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return found


def test_every_promise_has_tests_that_exist_and_a_command(root: Path) -> None:
    text = (root / "SECURITY.md").read_text(encoding="utf-8")
    promises = section(text, "What is promised, and how you can check it").split("\n### ")[1:]
    assert len(promises) >= 8
    for promise in promises:
        title = promise.splitlines()[0]
        named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", promise)
        assert named, title
        for path, name in named:
            assert name in functions(root / path), (title, path, name)
        assert "```console\n" in promise, title
    outside = text.replace(section(text, "What is promised, and how you can check it"), "")
    assert "::test_" not in outside  # a claim with a test is a promise


def test_its_commands_exist(root: Path) -> None:
    text = (root / "SECURITY.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", text)) <= targets
    commands = build_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert set(re.findall(r"bin/scr-tone ([a-z]+)|`scr-tone ([a-z]+)", text)) <= {
        pair for name in commands for pair in ((name, ""), ("", name))
    }
    for path in re.findall(r"\b(?:scripts|tests|lock|examples|models)/[\w/.-]+\b", text):
        assert (root / path).exists(), path
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (root / target).exists(), target


# Ends the process at once, so that nobody can catch it; a child of ours that ends so has read no file.
WATCH = """
import os, sys
sys.dont_write_bytecode = True
def watch(event, arguments):
    outward = event.startswith(("socket.connect", "socket.get", "socket.send", "urllib.", "http.", "ftplib.", "smtplib."))
    changes = event.startswith(("os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", "tempfile.", "sqlite3."))
    writes = event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and arguments[0] != os.devnull
    if outward or changes or (writes and not isinstance(arguments[0], int)):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(77)
sys.addaudithook(watch)
"""
RUN = f"""
source = {WATCH!r}
exec(source)
import json
import scr_tone.reading.child as child
child._BOOT = source + child._BOOT
from scr_tone.cli import main
for arguments in json.loads(sys.argv[1]):
    code = main(arguments)
    assert code == 0, (code, arguments)
"""


@pytest.fixture
def elsewhere(tmp_path: Path, root: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program in a folder, with a home and a place for temporary files that can be looked through afterwards."""
    for name in ("work", "home", "tmp"):
        (tmp_path / name).mkdir()
    home = str(tmp_path / "home")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "XDG_"))}
    environment |= {"HOME": home, "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(root)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=tmp_path / "work", env=environment, timeout=120
        )

    return run


def test_a_check_calls_nobody_and_writes_nothing(
    elsewhere: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, root: Path
) -> None:
    """Every format, with both models; also the processes that read a file are watched."""
    work = tmp_path / "work"
    (work / "draft.txt").write_text(TEXT, encoding="utf-8")
    (work / "draft.md").write_text(TEXT, encoding="utf-8")
    (work / "draft.html").write_text(f'<img src="http://192.0.2.1/x.png"><p>{TEXT}', encoding="utf-8")
    (work / "draft.docx").write_bytes(docx(p(TEXT)))
    (work / "draft.pdf").write_bytes((root / "examples" / "review_family_r.pdf").read_bytes())
    before = sorted(tmp_path.rglob("*"))
    names = [f"draft.{ending}" for ending in ("txt", "md", "html", "docx", "pdf")]
    commands = [["check", *names, "--model", "small"], ["check", "draft.txt", "--model", "standard"], ["info"]]
    commands += [
        ["check", "draft.txt", "--model", "small", "--format", form] for form in ("json", "jsonl", "csv", "html")
    ]
    commands += [["compare", "draft.txt", "draft.md", "--model", "small"]]
    done = elsewhere(RUN, json.dumps(commands))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(CANARY) > 10
    assert CANARY not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


BREACHES = {
    "open('x', 'w')": 77,
    "import tempfile; tempfile.mkdtemp()": 77,
    "import socket; socket.create_connection(('127.0.0.1', 9))": 77,
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')": 77,
    # In the process that reads a file.
    "child._BOOT = source + 'open(\"x\", \"w\")'; sys.exit(main(['check', 'draft.html', '--model', 'small']))": 3,
}


@pytest.mark.parametrize(("breach", "code"), BREACHES.items())
def test_the_watch_would_notice(
    elsewhere: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, breach: str, code: int
) -> None:
    (tmp_path / "work" / "draft.html").write_text("<p>It rained.", encoding="utf-8")
    done = elsewhere(RUN + breach, "[]")
    assert done.returncode == code, done.stderr
    assert not (tmp_path / "work" / "x").exists()


def broken_drafts() -> dict[str, bytes]:
    whole = docx(p(TEXT))
    return {
        f"{CANARY}-cut.docx": whole[: len(whole) // 2],
        "wrong.pdf": b"%PDF-1.7\n" + TEXT.encode() * 50,
        "xml.docx": docx(f"<w:p><w:r><w:t>{TEXT}</w:r></w:p>"),
        "wrong.txt": TEXT.encode() * 50 + bytes(range(256)) * 50,
        "picture.png": b"\x89PNG\r\n\x1a\n" + TEXT.encode(),
        f"cut-{CANARY}.docx": whole[: len(whole) // 2 + 9],
    }


def test_errors_repeat_nothing_of_a_draft(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only its name, which is how the user called it."""
    (tmp_path / "good.txt").write_text("It rained in March.", encoding="utf-8")
    commands = cycle(
        [("check",), ("compare", str(tmp_path / "good.txt")), ("annotate", "-o", str(tmp_path / "out.docx"))]
    )
    for (name, content), command in zip(broken_drafts().items(), commands, strict=False):
        path = tmp_path / name
        path.write_bytes(content)
        code = main([*command, str(path)])
        told = capsys.readouterr()
        assert code == 3, (command, told)
        assert CANARY not in (told.out + told.err).replace(name, ""), command
        assert "Traceback" not in told.err
    assert not list(tmp_path.glob("out.*"))


def test_nothing_of_a_draft_is_logged(
    tmp_path: Path, tone: scr_tone.ToneAnalyser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draft.docx").write_bytes(docx(p(TEXT)))
    with caplog.at_level(logging.DEBUG):
        report = tone.analyse(scr_tone.read(tmp_path / "draft.docx"))
        assert CANARY in report.to_json()
        with pytest.raises(scr_tone.InputError):
            tone.analyse("")
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


def test_onnx_runtime_is_loaded_where_its_telemetry_is_turned_off(root: Path) -> None:
    """It looks at the variable when it is loaded, once; what it does is in native code, where the watch sees nothing."""
    off = 'os.environ["ORT_DISABLE_TELEMETRY"] = "1"'
    package = root / "scr_tone"
    loading = {
        path.relative_to(package).as_posix(): path.read_text(encoding="utf-8")
        for path in package.rglob("*.py")
        if re.search(
            r"^ {8,}import onnxruntime|^(import|from) onnxruntime", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert set(loading) == {"encoder.py", "training/neural/quantise.py"}
    encoder = loading["encoder.py"]
    assert encoder.index(off) < encoder.index("            import onnxruntime")
    assert off in (package / "training" / "neural" / "__init__.py").read_text(encoding="utf-8")
