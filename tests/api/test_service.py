"""Our own routes: the same report as the library's, and errors that repeat nothing."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

import scr_tone
from api import create_app
from api.app import places_needed

CANARY = "Zebedee Quartermain"
TEXT = "The nurse failed to call back. The family moved in May."


def test_the_reply_is_the_report(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    reply = client.post("/v1/analyse", json={"text": TEXT})
    assert reply.status_code == 200
    assert reply.json() == json.loads(tone.analyse(TEXT).to_json())
    schema = json.loads((root / "scr_tone/resources/report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(reply.json(), schema)
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("suffix", ["docx", "pdf", "md"])
def test_files(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path, suffix: str) -> None:
    path = next((root / "examples").glob(f"*.{suffix}"))
    reply = client.post("/v1/analyse/file?skip_quotes=true", files={"file": (path.name, path.read_bytes())})
    assert reply.status_code == 200
    assert reply.json() == json.loads(tone.analyse(scr_tone.read(path), skip_quotes=True).to_json())


def test_what_to_skip(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    text = "1 Findings\n\nShe failed to ring.\n\n2 Appendix A\n\nHe failed to write. \u201cThey failed us.\u201d"
    reply = client.post("/v1/analyse", json={"text": text, "skip": ["appendices", "quotes"]}).json()
    assert reply == json.loads(tone.analyse(text, skip=["appendices", "quotes"]).to_json())
    assert reply["summary"]["skipped"] == {"appendix": 3}
    path = root / "examples" / "draft_review_child_m.docx"
    files = {"file": (path.name, path.read_bytes())}
    reply = client.post("/v1/analyse/file?skip=tables&skip=footnotes&skip_quotes=true", files=files).json()
    assert reply["settings"]["skip"] == ["footnotes", "quotes", "tables"]
    assert reply["summary"]["skipped"]["table"] > 0
    for wrong in ("quotes", ["quote"], [CANARY], ["tables"] * 9):
        refused = client.post("/v1/analyse", json={"text": text, "skip": wrong})
        assert refused.status_code == 422
        assert "body.skip" in refused.json()["detail"]
        assert CANARY not in refused.text
    assert client.post("/v1/analyse/file?skip=all", files=files).status_code == 422


def test_nothing_on_disk_is_heeded(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scr-tone.toml").write_text("[flags]\nlabels = []", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert client.post("/v1/analyse", json={"text": TEXT}).json()["summary"]["flagged"] == 1
    assert client.post("/v2/check", data={"text": TEXT, "language": "en-GB"}).json()["matches"]


def test_the_layout_and_the_page_on_request(client: TestClient, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    path = root / "examples" / "draft_review_child_m.docx"
    report = tone.analyse(scr_tone.read(path))
    upload = {"file": (path.name, path.read_bytes())}
    reply = client.post("/v1/analyse/file?layout=true", files=upload).json()
    layout = reply.pop("layout")
    assert reply == json.loads(report.to_json())
    assert layout["text"] == report.document.text
    assert [block["section"] for block in layout["blocks"]] == [s.section for s in report.document.stretches]
    page = client.post("/v1/analyse/file?format=html", files=upload)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-disposition"].startswith("attachment")
    assert page.text == report.to_html()
    assert client.post("/v1/analyse?format=xml", json={"text": TEXT}).status_code == 422
    lone = b'{"text": "The nurse \\ud800 failed to call back."}'
    for form in ("format=html", "layout=true"):
        reply = client.post(f"/v1/analyse?{form}", content=lone, headers={"Content-Type": "application/json"})
        assert reply.status_code == 200


def test_a_file_name_in_any_alphabet_without_its_folder(client: TestClient) -> None:
    reply = client.post("/v1/analyse/file", files={"file": ("C:\\drafts\\Zoë 😀.txt", TEXT.encode())})
    assert reply.json()["document"]["name"] == "Zoë 😀.txt"


def test_lone_surrogates_survive(client: TestClient) -> None:
    body = b'{"text": "The nurse \\ud800 failed to call back."}'
    reply = client.post("/v1/analyse", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200
    assert reply.json()["sentences"][0]["text"] == "The nurse \ud800 failed to call back."


def test_health_and_model(client: TestClient, tone: scr_tone.ToneAnalyser) -> None:
    assert client.get("/v1/health").json() == {"status": "ok"}
    assert client.get("/v1/model").json() == {
        "name": tone.name,
        "version": f"{scr_tone.__version__}+{tone.digest[:12]}",
        "sha256": tone.digest,
        "labels": list(scr_tone.LABELS),
    }


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"txt": CANARY}},
        {"json": {"text": [CANARY]}},
        {"json": {"text": {CANARY: 1}}},
        {"json": {"text": "", "skip_quotes": CANARY}},
        {"json": {"text": "a", "skip_quotes": 1}},
        {"json": [CANARY]},
        {"content": f'{{"text": "{CANARY}'.encode(), "headers": {"Content-Type": "application/json"}},
        {"content": CANARY.encode(), "headers": {"Content-Type": f"text/{CANARY}"}},
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


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"x", "text/plain", 415),
        (b"x", None, 415),
        (b"x", "multipart/form-data", 422),
        (b"x", "multipart/form-data; boundary=b", 422),
        (b"--b\r\nno colon\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", 422),
        (b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n', "multipart/form-data; boundary=b", 422),
        (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx', "multipart/form-data; boundary=b", 422),
        (b"--b\r\n\r\nx\r\n" * 50 + b"--b--\r\n", "multipart/form-data; boundary=b", 422),
        (b"x", f"multipart/form-data; boundary={'b' * 5000}", 422),
    ],
)  # fmt: skip
def test_forms_that_hold_no_file(client: TestClient, content: bytes, kind: str | None, status: int) -> None:
    reply = client.post("/v1/analyse/file", content=content, headers={"Content-Type": kind} if kind else {})
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nonsense", 404),
        ("GET", f"/v1/{CANARY}", 404),
        ("GET", "/v1/analyse", 405),
        ("DELETE", "/v1/health", 405),
        ("GET", "/docs", 404),  # it would fetch scripts from another host
        ("GET", "/redoc", 404),
        ("GET", "/static/../settings.py", 404),
        ("GET", "/static/%2e%2e/settings.py", 404),
        ("GET", "/static/%00", 404),
    ],
)
def test_unknown_routes_and_methods(client: TestClient, method: str, path: str, status: int) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert CANARY not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_what_fails_inside_is_a_problem_too(
    client_with: Callable[..., TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def analyse(self, text: str, **_: object) -> None:
            raise RuntimeError(text)

    with caplog.at_level(logging.DEBUG):
        reply = client_with(load=lambda _: Broken()).post("/v1/analyse", json={"text": CANARY})
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" in caplog.text
    assert CANARY not in caplog.text + reply.text


def test_all_places_taken(client_with: Callable[..., TestClient], tone: scr_tone.ToneAnalyser) -> None:
    """One works, one waits, the third is told to come back; health answers meanwhile."""
    let_go, working = threading.Event(), threading.Semaphore(0)

    class Slow:
        def analyse(self, text: str, **_: object) -> scr_tone.Report:
            working.release()
            assert let_go.wait(20)
            return tone.analyse(text)

    client = client_with(load=lambda _: Slow(), concurrency=1, queue=1)
    ask = lambda: client.post("/v1/analyse", json={"text": TEXT}).status_code  # noqa: E731
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask)
        assert working.acquire(timeout=10)
        second = pool.submit(ask)
        for _ in range(100):
            if client.app.state.places._waiting == 1:
                break
            time.sleep(0.02)
        refused = client.post("/v2/check", data={"text": TEXT})
        unread = client.post("/v1/analyse/file", content=b"no form at all")
        began = time.monotonic()
        assert client.get("/v1/health").status_code == 200
        assert time.monotonic() - began < 1
        let_go.set()
        assert (first.result(20), second.result(20)) == (200, 200)
    for reply in (refused, unread):  # the second before anybody looks at what was sent
        assert reply.status_code == 503
        assert reply.headers["content-type"] == "application/problem+json"
        assert int(reply.headers["retry-after"]) > 0
    assert ask() == 200  # every place was given back


def test_refusals_are_held_back(client_with: Callable[..., TestClient], tone: scr_tone.ToneAnalyser) -> None:
    """Who asks again at once would otherwise keep the service busy with refusing; health does not wait with them."""
    let_go, working = threading.Event(), threading.Event()

    class Slow:
        def analyse(self, text: str, **_: object) -> scr_tone.Report:
            working.set()
            assert let_go.wait(20)
            return tone.analyse(text)

    client = client_with(load=lambda _: Slow(), concurrency=1, queue=0, refusal_seconds=1, rate_per_minute=4)

    def ask() -> tuple[int, float]:
        began = time.monotonic()
        return client.post("/v1/analyse", json={"text": TEXT}).status_code, time.monotonic() - began

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(ask)
        assert working.wait(10)
        refused = [pool.submit(ask) for _ in range(5)]
        began = time.monotonic()
        assert client.get("/v1/health").status_code == 200
        assert time.monotonic() - began < 0.4
        statuses, seconds = zip(*(each.result(20) for each in refused), strict=True)
        let_go.set()
        assert first.result(20)[0] == 200
    assert sorted(statuses) == [429, 429, 503, 503, 503]
    assert min(seconds) >= 0.5
    assert max(seconds) - min(seconds) > 0.01  # they do not come back together


def test_who_waits_too_long_is_told(client_with: Callable[..., TestClient], tone: scr_tone.ToneAnalyser) -> None:
    let_go, working = threading.Event(), threading.Event()

    class Slow:
        def analyse(self, text: str, **_: object) -> scr_tone.Report:
            working.set()
            assert let_go.wait(20)
            return tone.analyse(text)

    client = client_with(load=lambda _: Slow(), concurrency=1, queue_seconds=0.1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: client.post("/v1/analyse", json={"text": TEXT}).status_code)
        assert working.wait(10)
        assert client.post("/v1/analyse", json={"text": TEXT}).status_code == 503
        let_go.set()
        assert first.result(20) == 200


def test_places_are_given_back_whatever_happens(client_with: Callable[..., TestClient]) -> None:
    client = client_with(concurrency=1, queue=0, text_chars=1_000)
    for _ in range(3):
        assert client.post("/v1/analyse", json={"txt": ""}).status_code == 422
        assert client.post("/v1/analyse", json={"text": "12"}).status_code == 422
        assert client.post("/v1/analyse", json={"text": "a" * 1_001}).status_code == 413
        assert client.post("/v1/analyse/file", content=b"x").status_code == 415
        assert client.post("/v2/check", data={"language": "en"}).status_code == 400
    assert client.post("/v1/analyse", json={"text": TEXT}).status_code == 200


def test_many_at_once_get_their_own_reports(client: TestClient, tone: scr_tone.ToneAnalyser) -> None:
    texts = [f"{'The nurse failed to call back. ' * n}The family moved in May {2000 + n}." for n in range(24)]
    expected = [json.loads(tone.analyse(text).to_json()) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda text: client.post("/v1/analyse", json={"text": text}).json(), texts))
    assert replies == expected


def test_work_ends_when_its_time_is_over(client_with: Callable[..., TestClient]) -> None:
    client = client_with(analysis_seconds=0.000_001)
    reply = client.post("/v1/analyse", json={"text": TEXT})
    assert reply.status_code == 503
    assert "retry-after" in reply.headers


def test_the_model_is_loaded_once_and_not_before_the_start(tone: scr_tone.ToneAnalyser) -> None:
    loaded = []
    app = create_app(load=lambda settings: loaded.append(settings) or tone)
    assert loaded == []
    with TestClient(app, base_url="http://localhost") as client:
        client.post("/v1/analyse", json={"text": TEXT})
        client.post("/v1/analyse", json={"text": TEXT})
    assert len(loaded) == 1


def test_openapi(client: TestClient) -> None:
    """Every reference in the description leads somewhere, and the report's schema there is the published one."""
    spec = client.get("/openapi.json").json()
    text = json.dumps(spec)
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in spec["components"]["schemas"], name
    assert set(spec["paths"]) >= {
        "/v1/analyse",
        "/v1/analyse/file",
        "/v1/health",
        "/v1/model",
        "/v2/check",
        "/v2/languages",
    }
    assert {path for path, operations in spec["paths"].items() if "post" in operations} == places_needed()
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            content = operation["responses"].get("422", {"content": {"application/problem+json": {}}})["content"]
            assert list(content) == ["application/problem+json"], path
    body = spec["components"]["schemas"]["AnalyseRequest"]
    assert body["examples"]
    report = client.post("/v1/analyse", json={"text": TEXT}).json()
    report["layout"] = client.post("/v1/analyse?layout=true", json={"text": TEXT}).json()["layout"]
    jsonschema.validate(report, {**spec["components"]["schemas"]["Report"], "components": spec["components"]})
    assert "securitySchemes" not in spec["components"]
