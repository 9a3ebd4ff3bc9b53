"""Sizes and clocks: in one request, over all requests, and when the client goes away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.limits import BodyLimit
from api.pool import Places, Watch
from api.problems import ProblemError

TEXT = "The nurse failed to call back."


def chunks(size: int, count: int) -> Iterator[bytes]:
    yield b'{"text": "'
    for _ in range(count):
        yield b"a" * size


def test_a_large_body_is_cut_off_as_it_streams(client_with: Callable[..., TestClient]) -> None:
    client = client_with(text_bytes=100_000)
    reply = client.post("/v1/analyse", content=chunks(10_000, 50))
    assert reply.status_code == 413
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["connection"] == "close"
    assert "100,000" in reply.json()["detail"]
    assert client.post("/v1/analyse", json={"text": TEXT}).status_code == 200


def test_a_header_that_lies_changes_nothing(client_with: Callable[..., TestClient]) -> None:
    client = client_with(text_bytes=1_000)
    reply = client.post("/v1/analyse", content=chunks(1_000, 5), headers={"Content-Length": "2"})
    assert reply.status_code == 413


def test_large_files(client_with: Callable[..., TestClient]) -> None:
    client = client_with(file_bytes=2_000, body_bytes=10_000)
    within, beyond, far_beyond = (client.post("/v1/analyse/file", files={"file": ("a.txt", TEXT.encode() * n)})
                                  for n in (10, 100, 1000))  # fmt: skip
    assert [within.status_code, beyond.status_code, far_beyond.status_code] == [200, 413, 413]


def test_text_from_a_file_that_is_too_long(client_with: Callable[..., TestClient]) -> None:
    client = client_with(text_chars=500)
    html = b"<!doctype html><p>" + TEXT.encode() * 50
    for name, data in (("a.txt", TEXT.encode() * 50), ("a.html", html)):
        reply = client.post("/v1/analyse/file", files={"file": (name, data)})
        assert reply.status_code == 422  # the file was read to find out
        assert "characters" in reply.json()["detail"]


def run(limit: BodyLimit, messages: list[dict[str, Any]], *, wait: float = 0) -> list[dict[str, Any]]:
    """Send a request to the middleware; what it replies."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(wait or 60)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(limit({"type": "http", "headers": [], "method": "POST", "path": "/"}, receive, send))
    return sent


async def never(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the application was asked")


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_bodies_of_all_requests_together() -> None:
    limit = BodyLimit(never, most=1_000, held=1_500, seconds=5)
    limit._now_held = 1_000  # another request's
    sent = run(limit, [part(b"x" * 400), part(b"x" * 200, False)])
    assert sent[0]["status"] == 503
    assert b"retry-after" in dict(sent[0]["headers"])
    assert limit._now_held == 1_000


def test_bodies_that_take_too_long() -> None:
    limit = BodyLimit(never, most=1_000, held=1_500, seconds=0.2)
    began = time.monotonic()
    sent = run(limit, [part(b"x")], wait=0.05)
    assert sent[0]["status"] == 408
    assert dict(sent[0]["headers"])[b"connection"] == b"close"
    assert time.monotonic() - began < 3
    assert limit._now_held == 0


def test_clients_that_go_away_while_they_send() -> None:
    limit = BodyLimit(never, most=1_000, held=1_500, seconds=5)
    assert run(limit, [part(b"x"), {"type": "http.disconnect"}]) == []
    assert limit._now_held == 0


def test_clients_that_go_away_while_we_work() -> None:
    seen = []

    async def work(scope: Any, receive: Any, send: Any) -> None:
        assert await receive() == part(b"xy", False)
        assert (await receive())["type"] == "http.disconnect"
        watch = Watch(60, scope["state"]["gone"])
        with pytest.raises(ProblemError):
            watch()
        seen.append(scope["state"]["gone"].is_set())

    limit = BodyLimit(work, most=1_000, held=1_500, seconds=5)
    run(limit, [part(b"x"), part(b"y", False), {"type": "http.disconnect"}])
    assert seen == [True]


def test_a_place_is_given_to_the_next_in_the_queue() -> None:
    async def scene() -> list[str]:
        places, order = Places(1, 2, 5), []

        async def worker(name: str) -> None:
            try:
                await places.take()
            except ProblemError as refused:
                order.append(f"{name}: {refused.status}")
                return
            await asyncio.sleep(0.02)
            order.append(name)
            places.give_back()

        await asyncio.gather(*(worker(name) for name in "abcd"))
        return order

    assert asyncio.run(scene()) == ["d: 503", "a", "b", "c"]


def test_who_gives_up_waiting_leaves_no_trace() -> None:
    async def scene() -> None:
        places = Places(1, 2, 5)
        await places.take()
        waiting = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        places.give_back()
        await asyncio.wait_for(places.take(), 1)

    asyncio.run(scene())
