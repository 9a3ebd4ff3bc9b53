"""The service in this process, and as a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

import scr_tone
from api import create_app, read_settings

BASE = "http://127.0.0.1:8000"
KEY = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SCR_TONE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def client(tone: scr_tone.ToneAnalyser) -> Iterator[TestClient]:
    app = create_app(read_settings(), load=lambda _: tone)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client_with(tone: scr_tone.ToneAnalyser) -> Iterator[Callable[..., TestClient]]:
    """Makes clients of services with other settings."""
    with contextlib.ExitStack() as stack:

        def make(*, load: Callable[..., Any] = lambda _: tone, base_url: str = BASE, **settings: Any) -> TestClient:
            app = create_app(read_settings(**{"refusal_seconds": 0, **settings}), load=load)
            return stack.enter_context(TestClient(app, base_url=base_url, raise_server_exceptions=False))

        yield make


@dataclass
class Server:
    """A running ``scr-tone serve``."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def stop(self) -> tuple[int, str]:
        """End it as systemd does; its exit code, and all that it wrote."""
        if self.process.poll() is None:
            self.process.terminate()
        out, errors = self.process.communicate(timeout=30)
        return self.process.returncode, out + errors


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers, with code to run first; each is ended with the module."""
    running: list[Server] = []

    def start(*arguments: str, first: str = "", **environment: str) -> Server:
        run = f"{first}\nimport sys; from scr_tone.cli import main; sys.exit(main(sys.argv[1:]))"
        process = subprocess.Popen(
            [sys.executable, "-c", run, "serve", "--port", "0", "--model", "small", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        line = process.stderr.readline()
        found = re.search(r"http://[^ ]*:(\d+) ", line)
        assert found, line + process.communicate(timeout=10)[1]
        running.append(Server(process, int(found[1])))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve()
