"""A draft leaves no trace: not in a log, an error, a temporary file, a core dump, nor on any network."""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Server

CANARY = "ZebedeeQuartermain"
TEXT = f"{CANARY} failed to call back."

OUTWARD = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")

# Does ACT and then tells what Python itself reported meanwhile: files opened, sockets connected. In a process of its own, as a hook
# cannot be taken off again: it would stay in the way of all later tests, and of coverage, which sets a tracer in each thread.
WATCH = """
import json, os, sys, tempfile
from pathlib import Path

sys.path.insert(0, sys.argv[1])
root, canary, text = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
events = None

def hook(event, arguments):
    if events is not None and (event in ("open", "subprocess.Popen") or event in OUTWARD):
        events.append((event, arguments))

sys.addaudithook(hook)
PREPARE
events = []
result = ACT
seen, events = events, None
writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
opened = [a[0] for event, a in seen if event == "open" and (a[2] or 0) & writing and a[0] != os.devnull]
# A number is a file that was open before; compiled code is written where a module is imported for the first time.
written = [str(file) for file in opened if not isinstance(file, int) and "__pycache__" not in str(file)]
called = [event for event, _ in seen if event in OUTWARD]
started = [str(arguments) for event, arguments in seen if event == "subprocess.Popen"]
print(json.dumps({"result": result, "written": written, "called": called, "started": started}))
"""
SERVICE = """
from fastapi.testclient import TestClient
from api import create_app, read_settings

client = TestClient(create_app(read_settings(model="small")), base_url="http://127.0.0.1:8000")
client.__enter__()
draft = (root / "examples" / "draft_review_child_m.docx").read_bytes()
large = b" " * 1_500_000 + text.encode()  # beyond a megabyte, where the framework would take to the disk
requests = [
    ("/v1/analyse", {"json": {"text": text}}),
    ("/v2/check", {"data": {"text": text, "language": "auto"}}),
    ("/v1/analyse/file", {"files": {"file": (canary + ".docx", draft)}}),
    ("/v1/analyse/file", {"files": {"file": (canary + ".txt", large), "other": (canary, large)}}),
]
client.post(requests[0][0], **requests[0][1])  # what is imported at the first request is read now
"""


def watched(root: Path, act: str, prepare: str = "") -> dict[str, Any]:
    """What came of an expression, and what it wrote and whom it called."""
    program = WATCH.replace("OUTWARD", repr(OUTWARD)).replace("PREPARE", prepare).replace("ACT", act)
    command = [sys.executable, "-c", program, str(root), CANARY, TEXT]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_nothing_is_written_and_nobody_is_called(root: Path) -> None:
    found = watched(root, "[client.post(path, **body).status_code for path, body in requests]", SERVICE)
    assert found["result"] == [200, 200, 200, 200]
    assert found["written"] == []
    assert found["called"] == []


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("tempfile.NamedTemporaryFile().close()", "written"),
        ("tempfile.TemporaryFile().close()", "written"),
        ("__import__('socket').socket().connect_ex(('127.0.0.1', 9))", "called"),
    ],
)
def test_the_watch_would_notice(root: Path, act: str, kind: str) -> None:
    assert watched(root, act)[kind]


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
