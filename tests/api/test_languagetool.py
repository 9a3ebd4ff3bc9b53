"""The LanguageTool protocol: what each editor sends, and what it reads."""

from __future__ import annotations

import json
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

import scr_tone
from api.annotated import from_annotation, from_plain
from api.matches import PICKY
from api.rules import message
from scr_tone.labelled import read_labelled
from scr_tone.project import Flags
from tests.api.conftest import BASE, Server

BLAME = "The social worker failed to visit."
LEARNING = "Caseloads in the team were twice what they should be, and supervision had lapsed."
ACCOUNTABILITY = "The council accepts this and apologises to the family."
NEUTRAL = "The family moved in May 2019."
ALL = " ".join((BLAME, LEARNING, ACCOUNTABILITY, NEUTRAL))


def check(client: TestClient, text: str | None = ALL, **parameters: str) -> dict:
    form = {"language": "en-GB", **({} if text is None else {"text": text}), **parameters}
    reply = client.post("/v2/check", data=form)
    assert reply.status_code == 200, reply.text
    return reply.json()


def ids(reply: dict) -> list[str]:
    return [match["rule"]["id"] for match in reply["matches"]]


def part(sent: str, offset: int, length: int) -> str:
    """What a client that counts UTF-16 units marks."""
    return sent.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)].decode(
        "utf-16-le", "surrogatepass"
    )


def underlined(sent: str, reply: dict) -> list[str]:
    return [part(sent, match["offset"], match["length"]) for match in reply["matches"]]


def test_all_that_any_client_reads(client: TestClient) -> None:
    """LTeX+ throws where `sentence` is missing; the published schema asks for the rest."""
    reply = check(client)
    assert {"name", "version", "buildDate", "apiVersion", "status"} <= set(reply["software"])
    assert reply["language"]["code"] == "en-GB"
    assert {"name", "code"} <= set(reply["language"]["detectedLanguage"])
    (match,) = reply["matches"]
    assert match["sentence"] == BLAME
    assert match["replacements"] == []
    assert match["rule"]["id"] == "SCR_BLAME"
    assert match["rule"]["issueType"] == "style"
    assert match["rule"]["category"]["id"] == "STYLE"  # LibreOffice draws this blue, not red
    assert match["rule"]["description"]
    assert match["shortMessage"]
    assert "\u201cfailed to\u201d" in match["message"]
    assert "leave it" in match["message"]
    context = match["context"]
    assert part(context["text"], context["offset"], context["length"]) == underlined(ALL, reply)[0]


def test_the_link_leads_to_an_explanation(client: TestClient) -> None:
    (url,) = check(client)["matches"][0]["rule"]["urls"]
    assert url["value"].startswith(BASE)
    reply = client.get(url["value"])
    assert reply.status_code == 200
    assert "never people" in reply.text
    assert client.get(f"{BASE}/v2/rules/NONE").status_code == 404


@pytest.mark.parametrize("path", ["/v2/check", "/v2/check/", "//v2/check", "/v2//check", "//v2///check//"])
def test_slashes_too_many(client: TestClient, path: str) -> None:
    assert ids(client.post(BASE + path, data={"text": BLAME}).json()) == ["SCR_BLAME"]
    languages = client.get(BASE + path.replace("check", "languages"))
    assert languages.status_code == 200
    assert {"name", "code", "longCode"} == set(languages.json()[0])
    assert "en-GB" in [language["longCode"] for language in languages.json()]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["SCR_BLAME"]),
        ({"level": "default"}, ["SCR_BLAME"]),
        ({"enabledRules": "SCR_LEARNING"}, ["SCR_BLAME", "SCR_LEARNING"]),
        ({"enabledRules": " SCR_LEARNING , SCR_ACCOUNTABILITY,OTHER"}, ["SCR_BLAME", "SCR_LEARNING", "SCR_ACCOUNTABILITY"]),
        ({"enabledRules": "SCR_ACCOUNTABILITY", "enabledOnly": "true"}, ["SCR_ACCOUNTABILITY"]),
        ({"enabledRules": "SCR_ACCOUNTABILITY", "enabledOnly": "false"}, ["SCR_BLAME", "SCR_ACCOUNTABILITY"]),
        ({"enabledOnly": "true"}, []),
        ({"enabledOnly": "true", "enabledCategories": "STYLE"}, ["SCR_BLAME"]),
        ({"disabledRules": "SCR_BLAME"}, []),
        ({"disabledRules": "SCR_BLAME", "enabledRules": "SCR_LEARNING"}, ["SCR_LEARNING"]),
        ({"disabledRules": "MORFOLOGIK_RULE_EN_GB,WHITESPACE_RULE"}, ["SCR_BLAME"]),
        ({"disabledCategories": "STYLE"}, []),
        ({"disabledCategories": "STYLE", "enabledRules": "SCR_BLAME"}, ["SCR_BLAME"]),
        ({"disabledCategories": "TYPOS,CASING"}, ["SCR_BLAME"]),
        ({"motherTongue": "de", "preferredVariants": "en-GB,de-DE", "username": "u", "apiKey": "k", "other": "1"}, ["SCR_BLAME"]),
    ],
)  # fmt: skip
def test_rules_can_be_chosen(client: TestClient, parameters: dict[str, str], expected: list[str]) -> None:
    assert ids(check(client, **parameters)) == expected


def test_the_level_decides_how_sure_a_line_must_be(
    client: TestClient, client_with: Callable[..., TestClient], tone: scr_tone.ToneAnalyser, root: Path
) -> None:
    rows = read_labelled(root / "data" / "evaluation" / "review_dev.jsonl")
    texts = [row.text for row in rows if not any(mark in row.text for mark in '"\u201c\u2018\n')]  # quotes are skipped
    found: dict[str, list[str]] = {"sure": [], "doubtful": [], "borderline": [], "other": []}
    for text, prediction in zip(texts, tone.label(texts), strict=True):
        if Flags().has(prediction.label, prediction.scores, text):
            found["sure"].append(text)
        elif prediction.scores["blame"] >= PICKY:
            found["doubtful" if prediction.label == "blame" else "borderline"].append(text)
        else:
            found["other"].append(text)
    for kind, (default, picky) in {
        "sure": (True, True),
        "doubtful": (False, True),
        "borderline": (False, True),
        "other": (False, False),
    }.items():
        assert found[kind], kind
        for text in found[kind][:3]:
            assert bool(ids(check(client, text))) is default, kind
            assert bool(ids(check(client, text, level="picky"))) is picky, kind
    assert ids(check(client, level="picky")) == ["SCR_BLAME"]
    assert ids(check(client_with(picky=True), found["doubtful"][0])) == ["SCR_BLAME"]


@pytest.mark.parametrize("language", ["auto", "en", "en-GB", "en-US", "EN-gb", "en_GB", ""])
def test_english_by_any_name(client: TestClient, language: str) -> None:
    assert ids(check(client, BLAME, language=language)) == ["SCR_BLAME"]


def test_other_languages_get_nothing(client: TestClient) -> None:
    """LibreOffice asks for each paragraph in its own language; an error would be of no use to it."""
    assert ids(check(client, BLAME, language="de-DE")) == []
    german = "Die Fachkraft hat es versäumt, die Familie zu besuchen, obwohl sie es hätte wissen müssen. " * 3
    assert ids(check(client, german, language="auto")) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "12.3", "\u200b", "…", "\U0001f600"])
def test_paragraphs_without_words(client: TestClient, text: str) -> None:
    assert check(client, text)["matches"] == []


@pytest.mark.parametrize(
    ("form", "detail"),
    [
        ({}, "text or data"),
        ({"text": BLAME, "language": "no such language"}, "language"),
        ({"data": "{"}, "annotation"),
        ({"data": "[1]"}, "annotation"),
        ({"data": '{"annotation": 1}'}, "annotation"),
        ({"data": '{"annotation": [1]}'}, "annotation"),
        ({"data": '{"annotation": [{"text": 1}]}'}, "annotation"),
        ({"data": '{"annotation": [{"text": "a", "markup": "b"}]}'}, "annotation"),
        ({"data": '{"annotation": [{"markup": "b", "interpretAs": 1}]}'}, "annotation"),
        ({"data": "[" * 100_000}, "annotation"),
        ({str(n): "" for n in range(300)}, "parameters"),
    ],
)
def test_what_cannot_be_understood(client: TestClient, form: dict[str, str], detail: str) -> None:
    reply = client.post("/v2/check", data=form)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert detail in reply.json()["detail"]


def test_parameters_in_the_query_or_without_a_content_type(client: TestClient) -> None:
    """Old LTeX sends a form and does not say so."""
    form = urllib.parse.urlencode({"text": BLAME, "language": "auto"})
    assert ids(client.post(f"/v2/check?{form}").json()) == ["SCR_BLAME"]
    assert ids(client.post("/v2/check", content=form.encode()).json()) == ["SCR_BLAME"]
    assert ids(client.post("/v2/check?language=de-DE", data={"text": BLAME, "language": "en-GB"}).json()) == [
        "SCR_BLAME"
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"Health & Housing. {BLAME}",
        f"50%20 of 3 + 4 😀 a=b;c&d=e é\u00a0. {BLAME}",
        f"It says &language=de&username=a&apiKey=b there.\n{BLAME}",
    ],
)
def test_libreoffice_7_does_not_encode_its_form(client: TestClient, text: str) -> None:
    """Read as a form, the text would end at its first ampersand, and its offsets would shift at a percent sign."""
    for end in ("&language=en-GB", "&language=en-GB&username=anna&apiKey=a+b%41"):
        reply = client.post("/v2/check", content=f"text={text}{end}".encode()).json()
        assert reply["language"]["code"] == "en-GB"
        assert underlined(text, reply) == ["failed to"]
    reply = client.post("/v2/check", content=f"text={text}&language=de".encode()).json()
    assert reply["matches"] == []


def test_what_is_encoded_stays_a_form(client: TestClient) -> None:
    text = f"Health & Housing, 50%20. {BLAME}"
    form = urllib.parse.urlencode({"text": text, "language": "en-GB"})
    assert underlined(text, client.post("/v2/check", content=form.encode()).json()) == ["failed to"]
    hostile = b"text=a b" + b"&language=" * 200_000 + b"!"
    began = time.monotonic()
    assert client.post("/v2/check", content=hostile).status_code in (200, 400)
    assert time.monotonic() - began < 5


ASTRAL = "\U0001f600\U00020000 e\u0301 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f "


@pytest.mark.parametrize("before", ["", ASTRAL, f"{NEUTRAL} {ASTRAL}{NEUTRAL}\r\n\r\n", "\u00a0\ufeff "])
def test_offsets_count_utf16(client: TestClient, before: str) -> None:
    text = before + BLAME
    reply = check(client, text)
    assert underlined(text, reply) == ["failed to"]
    context = reply["matches"][0]["context"]
    assert part(context["text"], context["offset"], context["length"]) == "failed to"


def test_offsets_with_markup_count_the_whole(client: TestClient) -> None:
    pieces = [
        {"markup": "\\section{", "interpretAs": "\n\n"}, {"text": "What 😀 happened"}, {"markup": "}\n", "interpretAs": "\n\n"},
        {"text": "The "}, {"markup": "\\emph{"}, {"text": "social worker"}, {"markup": "}"}, {"text": " fai"}, {"markup": "\\-"},
        {"text": "led "}, {"markup": "\\textbf{😀"}, {"text": "to"}, {"markup": "}"}, {"text": " visit "},
        {"markup": "\\ref{x}", "interpretAs": "them"}, {"text": "."},
    ]  # fmt: skip
    sent = "".join(piece.get("text", piece.get("markup", "")) for piece in pieces)
    reply = check(client, None, data=json.dumps({"annotation": pieces}), language="auto")
    assert underlined(sent, reply) == ["fai\\-led \\textbf{😀to"]


def test_data_weighs_more_than_text_and_may_be_plain(client: TestClient) -> None:
    assert ids(check(client, NEUTRAL, data=json.dumps({"text": BLAME}))) == ["SCR_BLAME"]


PIECES = st.lists(
    st.one_of(
        st.builds(lambda text: {"text": text}, st.text(max_size=6)),
        st.builds(lambda markup: {"markup": markup}, st.text(max_size=6)),
        st.builds(lambda markup, as_: {"markup": markup, "interpretAs": as_}, st.text(max_size=6), st.text(max_size=4)),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(PIECES, st.data())
def test_spans_lead_back(pieces: list[dict[str, str]], data: st.DataObject) -> None:
    """Without the markup, what is marked in the whole is what was meant in the plain text."""
    source = from_annotation(json.dumps({"annotation": pieces}))
    owners = [i for i, piece in enumerate(pieces) for _ in piece.get("text", piece.get("interpretAs", ""))]
    assert len(owners) == len(source.plain)
    if not owners:
        return
    start = data.draw(st.integers(0, len(owners) - 1))
    end = data.draw(st.integers(start + 1, len(owners)))
    offset, length = source.span(start, end)
    lengths = [len(p.get("text", p.get("markup", "")).encode("utf-16-le")) // 2 for p in pieces]
    assert 0 <= offset <= offset + length <= sum(lengths)
    if {"text"} == {key for i in owners[start:end] for key in pieces[i]} and len(set(owners[start:end])) == 1:
        sent = "".join(p.get("text", p.get("markup", "")) for p in pieces)
        assert part(sent, offset, length) == source.plain[start:end]


@settings(deadline=None)
@given(st.text(min_size=1, max_size=20), st.data())
def test_plain_spans(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert part(text, *from_plain(text).span(start, end)) == text[start:end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The nurse failed to call back.", "failed to"),
        ("4.15 He should have known better, and for a nurse of his years it was careless.", "careless"),
        ("It was wholly unacceptable.", "wholly unacceptable"),
    ],
)
def test_what_is_underlined(client: TestClient, text: str, expected: str | None) -> None:
    """Telling words that stand together; of those that stand apart, the heaviest."""
    sentence = text.removeprefix("4.15 ").removesuffix(".")
    assert underlined(text, check(client, text)) == [expected or sentence]


def test_quoted_speech_is_left_alone(client: TestClient, client_with: Callable[..., TestClient]) -> None:
    text = "\u201cThe social worker failed to visit.\u201d"
    assert ids(check(client, text)) == []
    assert ids(check(client_with(skip_quotes=False), text)) == ["SCR_BLAME"]


def test_texts_that_are_too_long(client_with: Callable[..., TestClient]) -> None:
    client = client_with(text_chars=100)
    for form in ({"text": "a" * 101}, {"data": json.dumps({"text": "a" * 101})}):
        assert client.post("/v2/check", data=form).status_code == 413
    assert client.post("/v1/analyse", json={"text": "a" * 101}).status_code == 413
    assert client.get("/v2/maxtextlength").text == "100"


def test_surrogates_and_broken_encodings(client: TestClient) -> None:
    reply = client.post("/v2/check", content=b"text=%ED%A0%80+The+nurse+failed+to+ring.%FF\xfe")
    assert ids(reply.json()) == ["SCR_BLAME"]
    lone = client.post("/v2/check", data={"data": '{"text": "\\ud800 The nurse failed to ring."}'})
    assert lone.json()["matches"][0]["offset"] == len("\ud800 The nurse ")


def test_language_tool_python(server: Server) -> None:
    """The real client, in Python, which counts code points and does its own sums."""
    client_library = pytest.importorskip("language_tool_python")
    text = f"{NEUTRAL} 😀 {BLAME} {LEARNING}"
    with client_library.LanguageTool("en-GB", remote_server=server.url) as tool:
        (match,) = tool.check(text)
        assert (match.rule_id, match.category, match.rule_issue_type) == ("SCR_BLAME", "STYLE", "style")
        assert match.replacements == []
        assert text[match.offset : match.offset + match.error_length] == "failed to"
        assert tool.correct(text) == text
        tool.enabled_rules = {"SCR_LEARNING"}
        assert [found.rule_id for found in tool.check(text)] == ["SCR_BLAME", "SCR_LEARNING"]
        tool.disabled_rules = {"SCR_BLAME"}
        tool.picky = True
        assert [found.rule_id for found in tool.check(text)] == ["SCR_LEARNING"]
        tool.disabled_rules, tool.enabled_rules_only = set(), True
        assert [found.rule_id for found in tool.check(text)] == ["SCR_LEARNING"]
    with client_library.LanguageTool("auto", remote_server=server.url + "/") as tool:
        assert len(tool.check(BLAME)) == 1


def sentence(label: str = "blame", **others: object) -> scr_tone.Sentence:
    known = {"target": "practitioner", "voice": "review", "kind": "body", "page": None, "section": None, "number": None}
    return scr_tone.Sentence(0, 0, len(BLAME), BLAME, label, {}, (), **(known | others))  # type: ignore[arg-type]


def cue(text: str, family: str | None, weight: float = 1.0) -> scr_tone.Cue:
    return scr_tone.Cue(0, len(text), text, family, weight)


@pytest.mark.parametrize(
    ("found", "cues", "words"),
    [
        (sentence(), [cue("failed\nto", "failure verbs")], ["Some readers", ": “failed to”.", "What did happen?"]),
        (sentence(), [cue("a", "failure verbs"), cue("b", "victim-blaming", 2.0)], ["“a”, “b”", "Who did the harm?"]),
        (sentence(), [cue("keeping", None)], ["; “keeping” weighed most.", "What did happen?"]),
        (sentence(), [], ["blame in this. It may"]),
        (sentence("neutral"), [], ["A few readers"]),
        (sentence(target="perpetrator"), [cue("a", "failure verbs")], ["Is the harm told plainly"]),
        (sentence(voice="reported"), [cue("a", "failure verbs")], ["Whose view is it"]),
    ],
)
def test_messages_that_one_can_accept(found: scr_tone.Sentence, cues: list[scr_tone.Cue], words: list[str]) -> None:
    text = message(found, "blame", tuple(cues))
    for expected in words:
        assert expected in text
    assert text.endswith("If it says what you mean, leave it.")
    assert not {"you should", "wrong", "error", "mistake", "violates"} & set(text.lower().split())


def test_a_sentence_that_the_author_marked_is_not_underlined(client: TestClient) -> None:
    assert check(client, "She failed to ring.")["matches"]
    assert not check(client, "She failed to ring. [tone: intended]")["matches"]
