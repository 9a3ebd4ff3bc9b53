"""A draft leaves no trace: not in a log, an error, a temporary file, a core dump, nor on any network."""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Server

CANARY = "ZebedeeQuartermain"
TEXT = f"{CANARY} failed to call back."

_EVENTS: list[list[tuple[str, tuple[Any, ...]]]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _EVENTS:
        _EVENTS[-1].append((event, arguments))


@contextmanager
def audited() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """All that Python itself reports as happening: files opened, sockets connected, processes started."""
    if not _hook.__dict__.setdefault("added", False):
        sys.addaudithook(_hook)
        _hook.__dict__["added"] = True
    events: list[tuple[str, tuple[Any, ...]]] = []
    _EVENTS.append(events)
    try:
        yield events
    finally:
        _EVENTS.remove(events)


def written(events: list[tuple[str, tuple[Any, ...]]]) -> list[Any]:
    """Files that were opened for writing."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    return [a[0] for event, a in events if event == "open" and (a[2] or 0) & writing and a[0] not in (os.devnull,)]


OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")


@pytest.fixture
def requests_(root: Path) -> list[tuple[str, dict[str, Any]]]:
    draft = (root / "examples" / "draft_review_child_m.docx").read_bytes()
    large = b" " * 1_500_000 + TEXT.encode()  # beyond a megabyte, where the framework would take to the disk
    return [
        ("/v1/analyse", {"json": {"text": TEXT}}),
        ("/v2/check", {"data": {"text": TEXT, "language": "auto"}}),
        ("/v1/analyse/file", {"files": {"file": (f"{CANARY}.docx", draft)}}),
        ("/v1/analyse/file", {"files": {"file": (f"{CANARY}.txt", large), "other": (CANARY, large)}}),
    ]


def test_nothing_is_written_and_nobody_is_called(
    client: TestClient, requests_: list[tuple[str, dict[str, Any]]]
) -> None:
    client.post("/v1/analyse", json={"text": TEXT})  # imports write compiled files
    with audited() as events:
        statuses = [client.post(path, **kwargs).status_code for path, kwargs in requests_]
    assert statuses == [200, 200, 200, 200]
    assert [file for file in written(events) if not isinstance(file, int) and "__pycache__" not in str(file)] == []
    assert [event for event in events if event[0] in OUTWARD] == []


def test_the_audit_would_notice(tmp_path: Path) -> None:
    import tempfile

    with audited() as events:
        (tmp_path / "x").write_text("x")
        tempfile.TemporaryFile(dir=tmp_path).close()
    assert len(written(events)) >= 2


HOOK = f"""
import sys
def hook(event, arguments):
    if event in {OUTWARD}:
        raise RuntimeError("outward: " + event)
sys.addaudithook(hook)
"""


def ask(server: Server, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(
        server.url + path, data, {name.replace("_", "-"): v for name, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_server_that_logs_all_it_can_tells_nothing(serve: Callable[..., Server], tmp_path: Path) -> None:
    """With a key, the access log on, a temporary folder of its own, and network calls forbidden."""
    key = f"{CANARY}-key-key-key"
    server = serve(first=HOOK, SCR_TONE_API_KEY=key, SCR_TONE_ACCESS_LOG="1", TMPDIR=str(tmp_path))
    body = json.dumps({"text": TEXT}).encode()
    kind, boundary = "application/json", "----boundary"
    good = {"X_API_Key": key, "Content_Type": kind}
    file = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{CANARY}.pdf"\r\n\r\n'
        f"%PDF-1.4 {CANARY}\r\n--{boundary}--\r\n"
    ).encode()
    results = {
        "check": ask(server, f"/v1/analyse?q={CANARY}", body, **good),
        "protocol": ask(server, "/v2/check", f"text={CANARY}+failed+to+call.&apiKey={key}".encode()),
        "in the query": ask(server, f"/v2/check?apiKey={key}", f"text={CANARY}+failed+to+call.".encode()),
        "broken file": ask(
            server, "/v1/analyse/file", file, X_API_Key=key, Content_Type=f"multipart/form-data; boundary={boundary}"
        ),
        "invalid": ask(server, "/v1/analyse", json.dumps({"text": [CANARY]}).encode(), **good),
        "no JSON": ask(server, "/v1/analyse", CANARY.encode(), **good),
        "no route": ask(server, f"/v1/{CANARY}?{CANARY}", None, X_API_Key=key),
        "wrong key": ask(server, "/v1/model", None, X_API_Key=CANARY),
        "wrong host": ask(server, "/v1/model", None, Host=f"{CANARY}.example"),
        "other site": ask(server, "/v1/model", None, Origin=f"https://{CANARY}.example"),
    }
    with server.connect() as raw:
        raw.sendall(f"{CANARY}\r\n\r\n".encode())
        results["no HTTP"] = (400, raw.recv(10_000).decode())
    code, output = server.stop()
    assert [status for status, _ in results.values()] == [200, 200, 200, 422, 422, 422, 404, 401, 421, 403, 400]
    for name, (status, reply) in results.items():
        assert (CANARY in reply) is (status == 200), name
    assert CANARY not in output
    assert "outward" not in output
    assert "POST /v1/analyse 200" in output  # the log was on
    assert "GET (no route) 404" in output
    assert list(tmp_path.iterdir()) == []
    assert code in (0, -15)


def test_no_core_dump(server: Server) -> None:
    soft, _ = resource.prlimit(server.process.pid, resource.RLIMIT_CORE)
    assert soft == 0


def test_debug_logging_of_everything_tells_nothing(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for path in ("/v1/analyse", "/v2/check"):
            client.post(f"{path}?q={CANARY}", json={"text": TEXT}, headers={"X-API-Key": CANARY})
            client.post(path, data={"text": TEXT})
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    assert CANARY not in "".join(record.getMessage() for record in ours)
