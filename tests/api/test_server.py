"""The running server: slow clients, silent clients, clients that never read, and how it ends."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable

import pytest

import api
from scr_tone.cli import main
from scr_tone.cli.serve import _package
from tests.api.conftest import Server

TEXT = "The nurse failed to call back. "


@pytest.fixture(scope="module")
def hasty(serve: Callable[..., Server]) -> Server:
    return serve(
        SCR_TONE_HEADER_SECONDS="2",
        SCR_TONE_BODY_SECONDS="1",
        SCR_TONE_SEND_SECONDS="1",
        SCR_TONE_KEEP_ALIVE_SECONDS="2",
        SCR_TONE_BODY_BYTES="2000000",
        SCR_TONE_CONNECTIONS="20",
    )


def is_well(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/v1/health", timeout=5) as reply:
        return json.load(reply) == {"status": "ok"}


def read_all(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection, which it may do rudely."""
    received = b""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionError:
        pass
    return received


def trickle(connection: socket.socket, data: bytes, seconds: float) -> float:
    """Send a byte at a time until the server has had enough; after how long that was."""
    began = time.monotonic()
    try:
        while time.monotonic() - began < seconds:
            connection.sendall(data)
            time.sleep(0.1)
    except OSError:
        pass
    return time.monotonic() - began


def test_a_silent_client(hasty: Server) -> None:
    with hasty.connect(10) as connection:
        began = time.monotonic()
        assert read_all(connection) == b""
        assert time.monotonic() - began < 6


def test_a_head_that_never_ends(hasty: Server) -> None:
    with hasty.connect(10) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert trickle(connection, b"a", 8) < 6


def test_a_second_head_that_never_ends(hasty: Server) -> None:
    with hasty.connect(10) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert trickle(connection, b"X", 8) < 6


def test_a_body_that_never_ends(hasty: Server) -> None:
    with hasty.connect(10) as connection:
        connection.sendall(b"POST /v1/analyse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        sender = threading.Thread(target=trickle, args=(connection, b"a", 4))
        sender.start()
        assert read_all(connection).startswith(b"HTTP/1.1 408")
        sender.join()


def test_a_head_that_is_too_large(hasty: Server) -> None:
    with hasty.connect(10) as connection:
        try:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100_000)
        except OSError:
            return
        assert read_all(connection)[:12] in (b"HTTP/1.1 400", b"")


def test_a_body_without_a_length_that_is_too_large(hasty: Server) -> None:
    """Chunked, three times what is allowed: the client sends all of it and still reads why it was refused."""
    with hasty.connect(10) as connection:
        connection.sendall(
            b"POST /v1/analyse/file HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        for _ in range(35):
            connection.sendall(b"186a0\r\n" + b"a" * 100_000 + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        reply = read_all(connection)
    assert reply.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in reply


def test_a_client_that_reads_nothing(hasty: Server) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        connection.connect(("127.0.0.1", hasty.port))
        with contextlib.suppress(OSError):
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2000)
        time.sleep(3)
        received = len(read_all(connection))
    assert received < 2000 * 10_000  # it was cut off
    assert is_well(hasty)


def test_more_connections_than_allowed(hasty: Server) -> None:
    idle = [hasty.connect() for _ in range(25)]
    try:
        time.sleep(0.2)
        with pytest.raises(OSError):
            is_well(hasty)
        time.sleep(3)  # the idle ones are gone by now
        assert is_well(hasty)
    finally:
        for connection in idle:
            connection.close()


def post(server: Server, text: str) -> int:
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(f"{server.url}/v1/analyse", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert json.load(reply)["schema"]
        return reply.status


SLOW = """
import time
from scr_tone.analyser import ToneAnalyser
analyse = ToneAnalyser.analyse
ToneAnalyser.analyse = lambda self, *a, **k: (time.sleep(2), analyse(self, *a, **k))[1]
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_is_finished_at_the_end(serve: Callable[..., Server], how: signal.Signals) -> None:
    server = serve(first=SLOW)
    assert is_well(server)
    results: list[int] = []
    client = threading.Thread(target=lambda: results.append(post(server, TEXT)))
    client.start()
    time.sleep(0.7)
    assert results == []
    server.process.send_signal(how)
    client.join()
    assert results == [200]
    assert server.process.wait(10) == (0 if how == signal.SIGINT else -signal.SIGTERM)
    assert server.stop()[1] == ""


def test_a_port_that_is_taken(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(server.port)]) == 2
    error = capsys.readouterr().err
    assert f"127.0.0.1:{server.port}" in error
    assert "--port" in error
    assert "Traceback" not in error


def test_a_model_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--model", "nonesuch"]) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_it_says_what_it_needs() -> None:
    """Without the extra, a remedy instead of a traceback."""
    code = "import sys; sys.modules['uvicorn'] = None\nfrom scr_tone.cli import main; sys.exit(main(['serve']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "scr-tone[api]" in done.stderr
    assert "Traceback" not in done.stderr


def test_in_a_checkout_it_serves_what_lies_there() -> None:
    """Not the copy that an editable install makes of it."""
    assert _package().__file__ == api.__file__


def test_headers_of_a_running_server(server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/v1/health", timeout=5) as reply:
        assert reply.headers["Server"] is None
        assert reply.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


def test_a_library_that_is_started_by_others() -> None:
    """Importing the service starts nothing and reads no setting."""
    code = "import os; os.environ['SCR_TONE_PORT'] = 'nonsense'; import api, api.app; print('ok')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "ok\n"
