"""Bad input: a clear message that names the file, the reason and the remedy; never a traceback, a hang or a loss."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import scr_tone
from scr_tone.reading import read_bytes

GOOD = "The nurse failed to call back. The family moved in May.\n"


def run(*arguments: str, stdin: bytes | None = None, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "scr_tone", *arguments],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )  # type: ignore[call-overload]


def refused(path: Path, *words: str) -> None:
    """The library raises InputError, the command says the same in one line and exits with 3."""
    with pytest.raises(scr_tone.InputError) as caught:
        scr_tone.read(path)
    message = str(caught.value)
    assert path.name in message
    assert caught.value.remedy
    for word in words:
        assert word in message
    done = run("check", str(path))
    assert done.returncode == 3
    assert done.stdout == b""
    assert done.stderr.decode().count("\n") == 1
    assert message in done.stderr.decode()


def test_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "gone.docx", "no such file")


def test_folder(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder")


@pytest.mark.parametrize("content", [b"", b"\n \t\n", b"\xef\xbb\xbf", b"\x00" * 100])
def test_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "empty.txt").write_bytes(content)
    refused(tmp_path / "empty.txt", "is empty")


def test_binary_as_text(tmp_path: Path) -> None:
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    refused(tmp_path / "binary.txt", "is not text but a binary file")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    refused(tmp_path / "picture.txt", "is a picture")


def test_no_letters(tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text("12 34 -- 56\n7.8.2014", encoding="utf-8")
    refused(tmp_path / "numbers.txt", "holds no words")


def test_formats_that_are_not_read_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "old.rtf").write_bytes(b"{\\rtf1 text}")
    refused(tmp_path / "old.rtf", "RTF", "save it as DOCX")


def test_fifty_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("The nurse failed to call back. " * 1_620_000, encoding="utf-8")
    assert path.stat().st_size > 50_000_000
    began = time.monotonic()
    refused(path, "more than 20,000,000", "split it")
    assert time.monotonic() - began < 30


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with open(path, "wb") as file:
        file.truncate(5_000_000_000)  # sparse: takes no room
    refused(path, "larger than 100 MB")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_an_endless_device() -> None:
    done = run("check", "/dev/zero")
    assert done.returncode == 3


def test_a_sentence_of_100_000_characters(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("The nurse, " + "who was tired and, " * 6_000 + "failed to call back.", encoding="utf-8")
    began = time.monotonic()
    done = run("check", str(path), "--format", "jsonl")
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert time.monotonic() - began < 20


def test_another_language(tmp_path: Path) -> None:
    path = tmp_path / "cymraeg.txt"
    path.write_text(
        "Nid oedd y nyrs wedi ffonio yn \u00f4l. Roedd llwyth achosion y t\u00eem yn uchel iawn ac nid oedd neb ar gael i helpu "
        "y teulu ar y pryd, er bod yr ysgol wedi gofyn am gymorth sawl gwaith.",
        encoding="utf-8",
    )
    done = run("check", str(path))
    assert done.returncode == 0
    assert b"does not look like English" in done.stderr
    assert b"Summary" in done.stdout


def test_nul_and_control_characters_in_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(GOOD * 20 + "The nurse\x00 failed\x07 to call.", encoding="utf-8")
    done = run("check", str(path), "--format", "jsonl")
    assert done.returncode == 0
    assert b"control characters were left out" in done.stderr
    assert b"\\u0000" not in done.stdout


def test_lone_surrogates(tone: scr_tone.ToneAnalyser) -> None:
    report = tone.analyse("The nurse \ud800 failed to call back.")
    assert report.sentences[0].label == "blame"
    assert any("surrogates" in warning for warning in report.warnings)
    for text in (report.to_json(), report.to_html()):
        text.encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings(encoding: str, newline: str) -> None:
    text = f"The na\u00efve nurse\u2019s caf\u00e9 visit{newline}was on a Friday. She failed to call back."
    document = read_bytes(text.encode(encoding), name="note.txt")
    assert document.text == "The na\u00efve nurse\u2019s caf\u00e9 visit was on a Friday. She failed to call back."


def test_the_ending_of_the_name_does_not_decide(root: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "draft.docx"
    pdf.write_bytes((root / "examples" / "review_family_r.pdf").read_bytes())
    assert scr_tone.read(pdf).format == "pdf"
    text = tmp_path / "draft.pdf"
    text.write_text(GOOD, encoding="utf-8")
    assert scr_tone.read(text).format == "text"


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(scr_tone.InputError, match="cannot be read"):
        scr_tone.read("a\x00b")
    with pytest.raises(scr_tone.InputError, match="cannot be read"):
        scr_tone.read("x" * 5_000)


def unprivileged() -> dict[str, object]:
    """Options that run a child as nobody, as permissions mean nothing to root."""
    return {"user": 65534, "group": 65534} if os.getuid() == 0 else {}


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_unreadable_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(GOOD, encoding="utf-8")

    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(scr_tone.InputError, match="secret.txt: may not be read; check its permissions"):
        scr_tone.read(path)


@pytest.mark.skipif(os.name != "posix" or not Path("/proc").exists(), reason="needs a folder that nobody can write to")
def test_unwritable_output(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, encoding="utf-8")
    done = run("check", str(path), "--output", "/proc/report.json")
    assert done.returncode == 2
    assert b"report.json" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, encoding="utf-8")
    done = run("check", str(path), "--format", "json", "--output", "/dev/full")
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    with open("/dev/full", "wb") as full:
        piped = subprocess.run(
            [sys.executable, "-m", "scr_tone", "check", str(path)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert piped.returncode == 2
    assert b"Traceback" not in piped.stderr


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
def test_broken_pipe(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD * 5_000, encoding="utf-8")
    command = [sys.executable, "-m", "scr_tone", "check", "--model", "small", str(path), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        errors = child.stderr.read()
        assert child.wait(timeout=60) == 0
    assert errors == b""


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("older", [False, True])
def test_control_c_keeps_finished_files_and_older_results(tmp_path: Path, older: bool) -> None:
    first = tmp_path / "first.txt"
    first.write_text(GOOD, encoding="utf-8")
    fifo = tmp_path / "never"
    os.mkfifo(fifo)
    out = tmp_path / "out.json"
    if older:
        out.write_text("an older result")
    command = [sys.executable, "-m", "scr_tone", "check", str(first), str(fifo), "--output", str(out)]
    # Whoever runs the tests in the background hands on an ignored SIGINT.
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread runs
    ) as child:
        try:
            # Opening the other end returns once the child opens the pipe, so the first file is done by then.
            writer = os.open(fifo, os.O_WRONLY)
            time.sleep(0.2)
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=60)
            os.close(writer)
        finally:
            child.kill()
    assert child.returncode == 130
    kept = tmp_path / "out.partial.json" if older else out
    assert errors.decode() == f"scr-tone: interrupted; 1 of 2 files were done and are kept in {kept}\n"
    assert "failed to call back" in kept.read_text(encoding="utf-8")
    if older:
        assert out.read_text() == "an older result"
    assert {p.name for p in tmp_path.iterdir()} == {"first.txt", "never", "out.json", kept.name}


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("redirect", "code", "message"),
    [
        ("check {} >&-", 2, "standard output: is closed"),
        ("info >&-", 2, "standard output: is closed"),
        ("check {} --output {}.json >&-", 0, ""),
        ("check - <&-", 3, "standard input: is closed"),
        ("check nope 2>&-", 3, ""),
        ("check nope 2>/dev/full", 3, ""),
    ],
)
def test_closed_streams(tmp_path: Path, redirect: str, code: int, message: str) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, encoding="utf-8")
    command = f"exec {sys.executable} -m scr_tone {redirect.format(path, path)}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert message in done.stderr.decode()


@pytest.mark.skipif(os.name != "posix", reason="POSIX file names")
def test_odd_names_reach_no_terminal(tmp_path: Path) -> None:
    for name in ("\x1b[31mnope\nb.txt", "x" * 5_000, ""):
        done = run("check", name)
        assert done.returncode == 3
        assert b"\x1b" not in done.stderr
        assert done.stderr.count(b"\n") == 1
        assert len(done.stderr) < 400
    path = tmp_path / "\x1b[31m\nodd.txt"
    path.write_text(GOOD, encoding="utf-8")
    done = run("check", str(path))
    assert b"\x1b" not in done.stdout
    assert b"odd.txt  2 sentences" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="POSIX links")
def test_outputs_that_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(GOOD, encoding="utf-8")
    (tmp_path / "loop").symlink_to("loop")
    for name in (str(tmp_path / "loop"), "x" * 5_000, str(tmp_path / "report.docx")):
        done = run("check", str(path), "--output", name)
        assert done.returncode == 2, done.stderr
        assert done.stderr.count(b"\n") == 1
    assert b"use .json, .jsonl, .csv, .html" in done.stderr
    assert not (tmp_path / "report.docx").exists()


def test_a_labelled_file_that_is_all_brackets_or_has_its_columns_swapped(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("[" * 200_000)
    done = run("evaluate", str(path))
    assert done.returncode == 3
    assert b"line 1: is not JSON" in done.stderr
    path.write_text('{"text": "blame", "label": "Secret words of a review."}')
    done = run("evaluate", str(path))
    assert done.returncode == 3
    assert b"Secret" not in done.stderr


def test_odd_locale_and_no_home(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("The nurse\u2019s note \u2014 \U0001f600 \u2014 failed to say why.", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in ("HOME", "LANG", "LC_ALL", "PYTHONUTF8")}
    done = run("check", str(path), env={**environment, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stderr == b""


def test_standard_input_without_words() -> None:
    done = run("check", "-", stdin=b"\n")
    assert done.returncode == 3
    assert b"standard input: is empty" in done.stderr
