"""The service: the same report as the library's, errors that repeat nothing, nothing in any log."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

import scr_tone
from api import create_app
from scr_tone.cli import main

CANARY = "Zebedee Quartermain"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


def test_the_reply_is_the_report(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    text = "The nurse failed to call back. The family moved in May."
    reply = client.post("/v1/analyse", json={"text": text})
    assert reply.status_code == 200
    assert reply.json() == json.loads(tone.analyse(text).to_json())
    jsonschema.validate(
        reply.json(), json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    )
    assert reply.headers["cache-control"] == "no-store"


def test_files(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    path = root / "examples" / "draft_review_child_m.docx"
    reply = client.post("/v1/analyse/file", files={"file": (path.name, path.read_bytes())})
    assert reply.status_code == 200
    assert reply.json() == json.loads(tone.analyse(scr_tone.read(path)).to_json())


def test_health_and_model(client: TestClient, tone: scr_tone.ToneAnalyser) -> None:
    assert client.get("/v1/health").json() == {"status": "ok"}
    assert client.get("/v1/model").json()["sha256"] == tone.digest


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"txt": CANARY}},
        {"json": {"text": [CANARY]}},
        {"json": {"text": "", "skip_quotes": CANARY}},
        {"content": f'{{"text": "{CANARY}'.encode()},
        {"json": {"text": "\u00a0"}},
    ],
)
def test_errors_repeat_nothing(client: TestClient, request_: dict, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = client.post("/v1/analyse", **request_)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert CANARY not in reply.text
    assert CANARY not in caplog.text


def test_an_unreadable_file_says_why(client: TestClient) -> None:
    reply = client.post(
        "/v1/analyse/file", files={"file": (f"{CANARY}.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)}
    )
    assert reply.status_code == 422
    assert "save it" in reply.json()["detail"]
    assert CANARY not in reply.text


def test_unknown_routes_and_methods(client: TestClient) -> None:
    assert client.get("/nonsense").status_code == 404
    assert client.get("/v1/analyse").status_code == 405
    assert client.get("/docs").status_code == 404  # it would fetch scripts from another host


def test_a_large_body_is_cut_off_as_it_streams(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(40):
            yield b"a" * 1_000_000

    reply = client.post("/v1/analyse", content=chunks())
    assert reply.status_code == 413


def test_only_loopback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "0.0.0.0"]) == 2
    assert "no loopback address" in capsys.readouterr().err


def test_it_runs_as_a_command() -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scr_tone", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            for _ in range(200):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=1) as reply:
                        assert json.load(reply) == {"status": "ok"}
                    break
                except OSError:
                    assert server.poll() is None
                    time.sleep(0.1)
            else:
                raise AssertionError("never answered")
            body = json.dumps({"text": f"{CANARY} failed to call back."}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/analyse", body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=10) as reply:
                assert json.load(reply)["sentences"][0]["text"].startswith(CANARY)
        finally:
            server.terminate()
            out, errors = server.communicate(timeout=20)
    assert CANARY.encode() not in out + errors
