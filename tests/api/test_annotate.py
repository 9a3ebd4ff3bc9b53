"""``POST /v1/annotate``: the library's comments, over the wire, with nothing left behind."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from fastapi.testclient import TestClient

import scr_tone
from scr_tone.annotate import annotate
from scr_tone.decisions import Decision, Decisions
from tests.annotate.helpers import comments_of, parts_of
from tests.api.conftest import Server
from tests.api.test_confidential import ask, watched
from tests.reading.docx_builder import docx, p

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CANARY = "ZebedeeQuartermain"
TEXT = f"{CANARY} failed to call back. Caseloads were high."


@pytest.fixture(scope="module")
def draft(root: Path) -> bytes:
    return (root / "examples" / "draft_review_child_m.docx").read_bytes()


def test_the_reply_is_the_document_with_the_librarys_comments(
    client: TestClient, tone: scr_tone.ToneAnalyser, draft: bytes
) -> None:
    reply = client.post("/v1/annotate", files={"file": ("draft.docx", draft)})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == TYPE
    assert reply.headers["content-disposition"] == 'attachment; filename="scr-tone-comments.docx"'
    assert reply.headers["cache-control"] == "no-store"
    mine = annotate(draft, tone.analyse(scr_tone.read_bytes(draft)))
    assert comments_of(reply.content) == comments_of(mine)
    theirs = parts_of(reply.content)
    assert {name: part for name, part in parts_of(mine).items() if name != "word/comments.xml"} == {
        name: part for name, part in theirs.items() if name != "word/comments.xml"
    }
    assert len(list(python_docx.Document(io.BytesIO(reply.content)).comments)) == len(comments_of(mine))


def test_its_settings(client: TestClient) -> None:
    quoted = "\u201cThe nurse failed to call back.\u201d"
    upload = {"file": ("d.docx", docx(p(TEXT) + p(quoted)))}
    counts = {
        query: len(comments_of(client.post(f"/v1/annotate{query}", files=upload).content)) - 1
        for query in ("", "?skip_quotes=true", "?labels=learning", "?labels=blame,%20learning")
    }
    assert counts == {"": 2, "?skip_quotes=true": 1, "?labels=learning": 1, "?labels=blame,%20learning": 3}


def test_what_was_decided_gets_no_comment(client: TestClient, tone: scr_tone.ToneAnalyser) -> None:
    data = docx(p(TEXT) + p("The school should have known."))
    (first, _) = tone.analyse(scr_tone.read_bytes(data)).flagged
    made = Decisions([Decision(first.id, "intended", "blame", 0.9)]).to_json().encode()
    upload = {"file": ("d.docx", data), "decisions": ("d.docx.tone.json", made)}
    comments = comments_of(client.post("/v1/annotate", files=upload).content)
    assert len(comments) == 2
    assert any("Left out: 1 accepted as intended." in line for _, lines in comments.values() for line in lines)
    for wrong in (b"{", CANARY.encode(), b'{"version": 1, "decisions": ["' + CANARY.encode() + b'"]}', b"\xff"):
        reply = client.post("/v1/annotate", files={**upload, "decisions": ("x", wrong)})
        assert reply.status_code == 422
        assert reply.json()["detail"] == "the field called decisions holds no file of decisions"


@pytest.mark.parametrize("labels", ["neutral", CANARY, "", "blame;learning", "x" * 200])
def test_labels_that_are_none(client: TestClient, labels: str) -> None:
    reply = client.post(f"/v1/annotate?labels={labels}", files={"file": ("d.docx", docx(p(TEXT)))})
    assert reply.status_code == 422
    assert CANARY not in reply.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TEXT.encode(), "is no Word document, so it can hold no Word comments"),
        (f"%PDF-1.7 {CANARY}".encode(), "open it"),
        (docx(p(TEXT))[:-100], "cut short"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_word_document(
    client: TestClient, data: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = client.post("/v1/annotate", files={"file": (f"{CANARY}.docx", data)})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert words in reply.json()["detail"]
    assert CANARY not in reply.text + "".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))


def test_limits(client_with: Callable[..., TestClient], draft: bytes) -> None:
    upload = {"file": ("d.docx", draft)}
    assert client_with(file_bytes=20_000).post("/v1/annotate", files=upload).status_code == 413
    assert client_with(body_bytes=20_000).post("/v1/annotate", files=upload).status_code == 413
    # A file may be larger than a text.
    assert client_with(text_bytes=2_000).post("/v1/annotate", files=upload).status_code == 200
    assert client_with(text_chars=1_000).post("/v1/annotate", files=upload).status_code == 422
    assert client_with(unpacked_bytes=20_000).post("/v1/annotate", files=upload).status_code == 422
    assert client_with(analysis_seconds=0.001).post("/v1/annotate", files=upload).status_code == 503
    assert client_with(api_key="k" * 20).post("/v1/annotate", files=upload).status_code == 401
    assert client_with().post("/v1/annotate", content=draft, headers={"Content-Type": TYPE}).status_code == 415
    assert client_with().get("/v1/annotate").status_code == 405


def test_it_is_described(client: TestClient) -> None:
    route = client.get("/openapi.json").json()["paths"]["/v1/annotate"]["post"]
    assert route["requestBody"]["content"]["multipart/form-data"]["schema"]["required"] == ["file"]
    assert list(route["responses"]["200"]["content"]) == [TYPE]
    assert {parameter["name"] for parameter in route["parameters"]} == {"skip_quotes", "skip", "labels"}


SERVICE = """
from fastapi.testclient import TestClient
from api import create_app, read_settings

client = TestClient(create_app(read_settings(model="small")), base_url="http://127.0.0.1:8000")
client.__enter__()
draft = (root / "examples" / "draft_review_child_m.docx").read_bytes()
client.post("/v1/annotate", files={"file": ("d.docx", draft)})  # what is imported at the first request is read now

def ask():
    reply = client.post("/v1/annotate", files={"file": (canary + ".docx", draft)})
    return {"status": reply.status_code, "headers": str(reply.headers)}
"""


def test_nothing_is_written_and_nobody_is_called(root: Path) -> None:
    found = watched(root, "ask()", SERVICE)
    assert found["result"]["status"] == 200
    assert CANARY not in found["result"]["headers"]
    assert found["written"] == []
    assert found["called"] == []
    assert len(found["started"]) == 2  # one reads it, one writes into it
    assert CANARY not in str(found["started"])


def test_a_server_tells_nothing_of_it(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(SCR_TONE_ACCESS_LOG="1", TMPDIR=str(tmp_path))
    boundary = "----boundary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{CANARY}.docx"\r\n\r\n'.encode()
    kind = f"multipart/form-data; boundary={boundary}"

    def send(data: bytes, query: str = "") -> int:
        body = head + data + f"\r\n--{boundary}--\r\n".encode()
        try:
            return ask(server, f"/v1/annotate{query}", body, Content_Type=kind)[0]
        except UnicodeDecodeError:  # the file itself
            return 200

    assert send(docx(p(TEXT))) == 200
    assert send(docx(p(TEXT))[:-50]) == 422
    assert send(docx(p(TEXT)), f"?labels={CANARY}") == 422
    _, output = server.stop()
    assert CANARY not in output
    assert "POST /v1/annotate 200" in output
    assert list(tmp_path.iterdir()) == []
