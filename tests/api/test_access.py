"""Who may ask: key, host, origin, rate; and how the settings refuse to open a door by accident."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import create_app, read_settings
from api.rate import Rate
from api.settings import is_loopback
from scr_tone.cli import main
from scr_tone.errors import ConfigError
from tests.api.conftest import KEY, Server

TEXT = "The nurse failed to call back."
WRONG = "x" * len(KEY)


@pytest.fixture
def locked(client_with: Callable[..., TestClient]) -> TestClient:
    return client_with(api_key=KEY)


@pytest.mark.parametrize(
    ("path", "kwargs", "status"),
    [
        ("/v1/analyse", {"json": {"text": TEXT}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT, "apiKey": KEY}}, 401),
        ("/v1/analyse?apiKey=" + KEY, {"json": {"text": TEXT}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"X-API-Key": KEY}}, 200),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"Authorization": f"Bearer {KEY}"}}, 200),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"Authorization": f"bearer  {KEY}"}}, 200),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"Authorization": f"Basic {KEY}"}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"X-API-Key": WRONG}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"X-API-Key": ""}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"X-API-Key": KEY + "x"}}, 401),
        ("/v1/analyse", {"json": {"text": TEXT}, "headers": {"X-API-Key": b"\xff"}}, 401),
        ("/v1/analyse/file", {"files": {"file": ("a.txt", TEXT)}}, 401),
        ("/v2/check", {"data": {"text": TEXT}}, 401),
        ("/v2//check/", {"data": {"text": TEXT}}, 401),
        ("/v2/check", {"data": {"text": TEXT, "username": "me", "apiKey": KEY}}, 200),
        ("/v2//check/", {"data": {"text": TEXT, "apiKey": KEY}}, 200),
        ("/v2/check", {"data": {"text": TEXT, "username": "me", "apiKey": WRONG}}, 401),
        ("/v2/check", {"data": {"text": f"apiKey={KEY}"}}, 401),
        ("/v2/check", {"content": f"text=a&xapiKey={KEY}"}, 401),
        ("/v2/check", {"data": {"text": TEXT, "apiKey": KEY}, "headers": {"X-API-Key": WRONG}}, 401),
        ("/v2/check?apiKey=" + KEY, {"data": {"text": TEXT}}, 200),
        ("/v2/check?apiKey=" + WRONG, {"data": {"text": TEXT}}, 401),
        ("/v2/check", {"data": {"text": TEXT}, "headers": {"X-API-Key": KEY}}, 200),
    ],
)
def test_the_key(locked: TestClient, path: str, kwargs: dict, status: int) -> None:
    reply = locked.post(path, **kwargs)
    assert reply.status_code == status
    assert KEY not in reply.text
    if status == 401:
        assert reply.headers["www-authenticate"] == "Bearer"


def test_what_needs_no_key(locked: TestClient) -> None:
    for path in (
        "/v1/health",
        "/v2/healthcheck",
        "/v2/languages",
    ):  # the last for LibreOffice, which sends no key there
        assert locked.get(path).status_code == 200
    for path in ("/v1/model", "/openapi.json", "/v2/check", "/nonsense", "/static/../v1/model"):
        assert locked.get(path).status_code in (401, 404), path
    assert locked.get("/v1/model").status_code == 401
    assert locked.get("/openapi.json", headers={"X-API-Key": KEY}).json()["components"]["securitySchemes"]


@pytest.mark.parametrize(
    ("key", "status"), [("right+and%41long", 200), ("right and%41long", 401), ("right+andAlong", 401)]
)
def test_the_key_as_libreoffice_7_sends_it(client_with: Callable[..., TestClient], key: str, status: int) -> None:
    """As it was typed, like the text."""
    client = client_with(api_key="right+and%41long")
    for text in (TEXT, f"Ask & tell: &apiKey=wrong. {TEXT}"):
        body = f"text={text}&language=en-GB&username=anna&apiKey={key}".encode()
        assert client.post("/v2/check", content=body).status_code == status
    without = f"text=Ask & tell: &apiKey=right+and%41long. {TEXT}&language=en-GB".encode()
    assert client.post("/v2/check", content=without).status_code == 401


def test_keys_are_compared_in_constant_time(locked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = secrets.compare_digest
    monkeypatch.setattr(secrets, "compare_digest", lambda a, b: compared.append(a) or real(a, b))
    locked.get("/v1/model", headers={"X-API-Key": WRONG})
    locked.post("/v2/check", data={"text": TEXT, "apiKey": WRONG})
    assert compared == [WRONG.encode()] * 2


@pytest.mark.parametrize("key", ["short", "ä" * 20, "with a space in it x", "new\nline" * 4])
def test_keys_that_are_none(key: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCR_TONE_API_KEY", key)
    assert main(["serve"]) == 2
    error = capsys.readouterr().err
    assert "SCR_TONE_API_KEY" in error
    assert "secrets.token_urlsafe" in error
    assert key not in error


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_beyond_loopback_needs_a_key(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCR_TONE_API_KEY", "")  # an empty key is none
    assert main(["serve", "--host", host]) == 2
    error = capsys.readouterr().err
    assert "SCR_TONE_API_KEY" in error
    assert "--insecure" in error
    with pytest.raises(ConfigError):
        create_app(read_settings(host=host))
    read_settings(host=host, insecure=True).check_access()
    read_settings(host=host, api_key=KEY).check_access()


def test_by_default_only_this_machine_is_served(server: Server) -> None:
    assert read_settings().host == "127.0.0.1"
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("needs /proc")
    listening = [line.split()[1] for line in table.read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{server.port:04X}")] == [
        f"0100007F:{server.port:04X}"
    ]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCR_TONE_PORT", "8123")
    monkeypatch.setenv("SCR_TONE_ALLOWED_HOSTS", "Tone.example.org, other.example.org")
    monkeypatch.setenv("SCR_TONE_API_KEY", KEY)
    settings = read_settings(host=None)
    assert settings.port == 8123
    assert settings.allowed_hosts == ("tone.example.org", "other.example.org")
    assert KEY not in repr(settings)
    assert read_settings(port=1).port == 1


@pytest.mark.parametrize("name", ["PORT", "CONCURRENCY", "PRIOR", "BODY_BYTES", "ACCESS_LOG"])
def test_wrong_settings_are_named_and_not_repeated(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"SCR_TONE_{name}", "Quartermain")
    assert main(["serve"]) == 2
    error = capsys.readouterr().err
    assert f"SCR_TONE_{name}" in error
    assert "Quartermain" not in error


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost", 200), ("LOCALHOST:1", 200), ("[::1]:8000", 200), ("127.0.0.2", 200),
        ("localhost.:80", 200),
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example", 421), ("192.0.2.1:8000", 421),
        ("0.0.0.0", 421), ("", 421), ("[", 421), ("127.0.0.1@evil.example", 421), ("evil.example:127.0.0.1", 421),
    ],
)  # fmt: skip
def test_a_name_that_was_made_to_mean_loopback(client: TestClient, host: str, status: int) -> None:
    """DNS rebinding: a page's own host name, pointed at 127.0.0.1, would make our replies its own."""
    assert client.get("/v1/health", headers={"Host": host}).status_code == status


def test_names_that_are_allowed(client_with: Callable[..., TestClient]) -> None:
    proxied = client_with(allowed_hosts="tone.example.org", public_url="https://drafts.example.org/")
    for host, status in [
        ("tone.example.org", 200),
        ("drafts.example.org", 200),
        ("localhost", 200),
        ("a.example", 421),
    ]:
        assert proxied.get("/v1/health", headers={"Host": host}).status_code == status
    opened = client_with(host="0.0.0.0", api_key=KEY)
    assert opened.get("/v1/health", headers={"Host": "anything.example"}).status_code == 200
    named = client_with(host="0.0.0.0", api_key=KEY, allowed_hosts="tone.example.org")
    assert named.get("/v1/health", headers={"Host": "anything.example"}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "app://obsidian.md"}, 200),
        ({"Origin": "moz-extension://6b1c"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "HTTPS://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_pages_of_other_sites(client: TestClient, headers: dict[str, str], status: int) -> None:
    reply = client.post("/v2/check", data={"text": TEXT}, headers=headers)
    assert reply.status_code == status
    assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_no_preflight_is_answered(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/analyse", headers=headers).status_code == 403
    assert client.options("/v1/analyse").status_code == 405


def test_too_many_requests(client_with: Callable[..., TestClient]) -> None:
    client = client_with(rate_per_minute=2)
    statuses = [client.get("/v1/model").status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert int(client.get("/v1/model").headers["retry-after"]) > 0
    assert client.get("/v1/health").status_code == 200


def test_the_rate_fills_up_and_counts_networks() -> None:
    now = 0.0
    rate = Rate(60, clock=lambda: now)
    assert [rate.wait("192.0.2.1") for _ in range(61)] == [0] * 60 + [1]
    now = 1.0
    assert [rate.wait("192.0.2.1") for _ in range(2)] == [0, 1]
    assert [rate.wait(f"2001:db8::{n}") for n in range(61)] == [0] * 60 + [1]
    assert rate.wait("2001:db8:0:1::1") == 0
    assert rate.wait("testclient") == 0
    for number in range(10_100):
        rate.wait(f"10.{number // 62500}.{number // 250 % 250}.{number % 250}")
    assert len(rate._buckets) == 10_000
    assert not any(Rate(0).wait("192.0.2.1") for _ in range(1000))


def test_rates_by_where_we_listen() -> None:
    assert read_settings().rate == 0
    assert read_settings(host="0.0.0.0", api_key=KEY).rate > 0
    assert read_settings(host="0.0.0.0", api_key=KEY, rate_per_minute=0).rate == 0


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("[::1]", True), ("Localhost", True), ("0.0.0.0", False), ("::", False), ("a.b", False)],
)
def test_what_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
