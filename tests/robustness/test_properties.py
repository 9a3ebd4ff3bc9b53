"""Whatever text, option or file comes in: a result that keeps its promises, or a `ScrToneError` with a remedy.

In the ordinary run a few examples of each, always the same; `make fuzz` takes a hundred times as many, others each time.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

import scr_tone
from scr_tone.project import Flags, Project
from scr_tone.records import SKIPS

TIMES = 100


def examples(count: int) -> settings:
    """So many in the ordinary run."""
    long = settings.get_current_profile_name() == "long"
    return settings(
        max_examples=count * (TIMES if long else 1),
        derandomize=not long,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


# --- what comes in ---------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "The nurse failed to call back. ",
            "She should have known better.",
            "Caseloads were high! ",
            "The board apologises.",
        ),
        *("\u201cThey failed him,\u201d she said. ", '"Careless."', "He said: \u2018no\u2019. "),
        *(
            "Findings\n\n",
            "4.12 ",
            "(b) ",
            "- ",
            "Appendix A\n",
            "References\n\n",
            "Glossary of terms\n",
            "APPENDIX\r\n",
        ),
        *("[tone: intended]", "[tone: ", "]", "Dr. A. B. ", "e.g. ", "3.4.2016 ", "... ", "?!", "(", "\u2026"),
        *("\n", "\r\n", "\r", "\n\n", "\t", "\u2028", "\x0c", "\x00", "\u00a0", "\ufeff", "\u200b", "\u202e", " "),
        *(
            "\U0001f600",
            "\ud800",
            "\udfff",
            "e\u0301",
            "\ufdfa",
            "\u0130",
            "\u00df",
            "\u4e2d\u6587",
            "na\u00efve ",
            "a" * 300,
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map("".join))
WORDS = st.text(min_size=1, max_size=12)
SCORES = st.floats(0, 1)
FLAGS = st.builds(
    Flags,
    labels=st.lists(st.sampled_from(["blame", "learning", "accountability"]), max_size=3),
    threshold=st.dictionaries(st.sampled_from(["blame", "learning", "accountability"]), SCORES, max_size=3),
    sure=SCORES,
)


def worded(texts: list[str]) -> list[str]:
    return [text for text in texts if any(char.isalnum() for char in text)]


PROJECTS = st.builds(
    Project,
    flags=FLAGS,
    skip=st.sets(st.sampled_from(SKIPS)),
    sections=st.lists(st.one_of(WORDS, st.just("appendix*"), st.just("[*")), max_size=2).map(worded),
    phrases=st.lists(st.one_of(WORDS, st.just("failed to"), st.just("(")), max_size=2).map(worded),
    terms=st.lists(st.one_of(WORDS, st.just("Call Back")), max_size=2).map(worded),
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "cues": st.booleans(),
        "explain": st.booleans(),
        "skip_quotes": st.booleans(),
        "skip": st.sets(st.sampled_from(SKIPS)),
        "project": PROJECTS,
    },
)
#: What nobody should give, but somebody will.
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


def or_error(work: Callable[[], Any]) -> Any:
    """What comes of it, or None where it is refused properly."""
    try:
        return work()
    except scr_tone.ScrToneError as error:
        event(type(error).__name__)
        assert error.remedy and error.reason
        assert str(error)
        return None


# --- what goes out ---------------------------------------------------------------------------------------------------


def holds(report: scr_tone.Report, text: str) -> None:
    """All that a report promises, in all its forms."""
    assert report.document.text == text
    at = 0
    for place, sentence in enumerate(report.sentences):
        assert sentence.index == place
        assert at <= sentence.start < sentence.end <= len(text)
        at = sentence.end
        assert text[sentence.start : sentence.end] == sentence.text
        assert set(sentence.scores) == set(scr_tone.LABELS)
        assert all(0 <= score <= 1 for score in sentence.scores.values())
        assert math.isclose(sum(sentence.scores.values()), 1, abs_tol=2.1e-6)
        assert sentence.scores[sentence.label] == max(sentence.scores.values())
        for cue in sentence.cues:
            assert sentence.start <= cue.start < cue.end <= sentence.end
            assert text[cue.start : cue.end] == cue.text
    assert all(s.label in report.flags.labels and s.skipped is None for s in report.flagged)
    holds_together(report.to_dict(), report)


def holds_together(data: dict[str, Any], report: scr_tone.Report) -> None:
    """The forms that are given out agree with one another."""
    summary, sentences = data["summary"], data["sentences"]
    left = sum(summary["skipped"].values())
    assert summary["sentences"] + left == len(sentences) == len(report.sentences)
    assert sum(label["count"] for label in summary["labels"].values()) == summary["sentences"]
    assert sum(section["sentences"] for section in summary["sections"]) == summary["sentences"]
    assert sum(section["flagged"] for section in summary["sections"]) == summary["flagged"]
    assert summary["flagged"] == sum(s["flagged"] for s in sentences) == len(report.flagged)
    assert not any(s["flagged"] and (s["skipped"] or s["unsure"]) for s in sentences)
    written = report.to_json()
    written.encode("utf-8")
    assert json.loads(written) == json.loads(json.dumps(data))
    lines = report.to_jsonl().encode("utf-8", "replace").decode().removesuffix("\n")
    assert [json.loads(line)["index"] for line in lines.split("\n") if line] == list(range(len(sentences)))
    frame = report.to_frame()
    assert list(frame["text"]) == [s["text"].encode("utf-8", "replace").decode() for s in sentences]
    assert list(frame["label"]) == [s["label"] for s in sentences]
    rows = list(csv.DictReader(io.StringIO(report.to_csv(), newline="")))
    assert [row["id"] for row in rows] == [s["id"] for s in sentences]
    report.to_html().encode("utf-8", "replace")


@examples(40)
@given(text=TEXTS, options=OPTIONS)
@example(text="The \ud800 nurse\rfailed to ring.", options={})
def test_any_text_with_any_options(tone: scr_tone.ToneAnalyser, text: str, options: dict[str, Any]) -> None:
    report = or_error(lambda: tone.analyse(text, **options))
    if report is not None:
        holds(report, text)


@examples(25)
@given(text=TEXTS, other=TEXTS, options=OPTIONS)
def test_the_same_again_whatever_came_between(
    tone: scr_tone.ToneAnalyser, text: str, other: str, options: dict[str, Any]
) -> None:
    first = or_error(lambda: tone.analyse(text, **options))
    or_error(lambda: tone.analyse(other))
    again = or_error(lambda: tone.analyse(text, **options))
    assert (first and first.to_json()) == (again and again.to_json())


@examples(25)
@given(text=TEXTS, skip=st.sets(st.sampled_from(SKIPS), min_size=1))
def test_leaving_out_moves_sentences_and_changes_none(tone: scr_tone.ToneAnalyser, text: str, skip: set[str]) -> None:
    whole = or_error(lambda: tone.analyse(text))
    if whole is None:
        return
    part = tone.analyse(text, skip=skip)
    assert [(s.start, s.end, s.label, s.id) for s in part.sentences] == [
        (s.start, s.end, s.label, s.id) for s in whole.sentences
    ]
    gone = {s.index for s in part.sentences if s.skipped}
    assert gone >= {s.index for s in whole.sentences if s.skipped}
    assert {s.index for s in part.flagged} == {s.index for s in whole.flagged} - gone


@examples(30)
@given(sentences=st.lists(TEXTS, max_size=6))
def test_lone_sentences(tone: scr_tone.ToneAnalyser, sentences: list[str]) -> None:
    found = tone.label(sentences)
    assert len(found) == len(sentences)
    for sentence, prediction in zip(sentences, found, strict=True):
        assert math.isclose(sum(prediction.scores.values()), 1, abs_tol=2.1e-6)
        assert prediction.scores[prediction.label] == max(prediction.scores.values())
        assert all(sentence[cue.start : cue.end] == cue.text for cue in prediction.cues)


@examples(15)
@given(rows=st.lists(st.one_of(TEXTS, st.none(), st.just(math.nan)), max_size=6), prefix=st.sampled_from(["", "tone_"]))
def test_a_row_for_each_row(tone: scr_tone.ToneAnalyser, rows: list[Any], prefix: str) -> None:
    import pandas as pd

    index = [f"r{number % 3}" for number in range(len(rows))]
    frame = pd.DataFrame({"text": pd.Series(rows, index=index, dtype=object)})
    made = tone.label_frame(frame, prefix=prefix)
    assert list(made.index) == list(frame.index)
    for text, label in zip(rows, made[f"{prefix}label"], strict=True):
        assert (label in scr_tone.LABELS) if isinstance(text, str) and text.strip() else pd.isna(label)


@examples(25)
@given(text=TEXTS)
def test_a_draft_beside_itself(tone: scr_tone.ToneAnalyser, text: str) -> None:
    report = or_error(lambda: tone.analyse(text))
    if report is None:
        return
    same = scr_tone.compare(report, report)
    assert [(pair.old, pair.new, pair.status, pair.moved) for pair in same.pairs] == [
        ((s,), (s,), "unchanged", False) for s in report.sentences
    ]
    assert not (same.worse or same.mended or same.warnings)
    assert all(link["old"] == link["new"] for link in same.summary["transitions"])


@examples(20)
@given(drafts=st.tuples(TEXTS, TEXTS))
@example(drafts=("She failed \ud800 to ring.", "She rang."))
def test_every_sentence_of_two_drafts_is_in_one_pair(tone: scr_tone.ToneAnalyser, drafts: tuple[str, str]) -> None:
    old, new = (or_error(lambda text=text: tone.analyse(text)) for text in drafts)
    if old is None or new is None:
        return
    found = scr_tone.compare(old, new)
    assert sorted(s.index for pair in found.pairs for s in pair.old) == [s.index for s in old.sentences]
    assert sorted(s.index for pair in found.pairs for s in pair.new) == [s.index for s in new.sentences]
    assert json.loads(found.to_json()) == json.loads(json.dumps(found.to_dict()))
    assert len(found.to_frame())
    found.to_html().encode("utf-8", "replace")


@examples(20)
@given(text=TEXTS, crlf=st.booleans())
def test_a_project_for_other_programs(tone: scr_tone.ToneAnalyser, text: str, crlf: bool) -> None:
    import zipfile

    from lxml import etree

    from scr_tone.qda import qdpx_bytes

    report = or_error(lambda: tone.analyse(text))
    if report is None:
        return
    with zipfile.ZipFile(io.BytesIO(qdpx_bytes(report, line_ends="crlf" if crlf else "lf"))) as project:
        tree = etree.fromstring(project.read("project.qde"))
        source = next(project.read(name).decode("utf-8") for name in project.namelist() if name.endswith(".txt"))
    for spot in tree.iter("{*}PlainTextSelection"):
        assert 0 <= int(spot.get("startPosition")) < int(spot.get("endPosition")) <= len(source)


# --- options and files that make no sense ----------------------------------------------------------------------------


@examples(8)
@given(
    prior=st.one_of(
        st.none(),
        st.text(max_size=8),
        st.dictionaries(st.sampled_from([*scr_tone.LABELS, "x"]), st.floats(), max_size=5),
    ),
    strength=st.one_of(st.floats(), st.integers()),
)
def test_any_expected_shares(prior: Any, strength: float) -> None:
    tone = or_error(lambda: scr_tone.load("small", prior=prior, prior_strength=strength))
    if tone is not None:
        holds(tone.analyse("The nurse failed to call back."), "The nurse failed to call back.")


@examples(60)
@given(
    labels=st.one_of(st.text(max_size=6), st.lists(st.text(max_size=6), max_size=3)),
    threshold=st.dictionaries(st.sampled_from(["blame", "neutral", "x"]), st.floats(), max_size=2),
    sure=st.floats(),
    names=st.one_of(st.text(max_size=6), st.lists(st.text(max_size=6), max_size=3)),
)
def test_any_project(
    tone: scr_tone.ToneAnalyser, labels: Any, threshold: dict[str, float], sure: float, names: Any
) -> None:
    or_error(lambda: Flags(labels=labels))
    flags = or_error(lambda: Flags(threshold=threshold, sure=sure))
    for key in ("skip", "sections", "phrases", "terms"):
        project = or_error(lambda key=key: Project(flags=flags or Flags(), **{key: names}))
        if project is not None:
            holds(tone.analyse("Findings\n\nShe failed to ring.", project=project), "Findings\n\nShe failed to ring.")
    or_error(lambda: tone.analyse("She failed to ring.", skip=names))


DECISION = st.builds(
    lambda number, verdict, label, score, day: {
        "id": number,
        "decision": verdict,
        "label": label,
        "score": score,
        "date": day,
    },
    st.one_of(st.from_regex(r"[0-9a-f]{12}(-\d)?", fullmatch=True), ANYTHING),
    st.one_of(st.sampled_from(["intended", "wrong", "helpful"]), ANYTHING),
    st.one_of(st.sampled_from(scr_tone.LABELS), ANYTHING),
    st.one_of(SCORES, ANYTHING),
    st.one_of(st.just("2026-01-01"), ANYTHING),
)


@examples(60)
@given(entries=st.one_of(st.lists(DECISION, max_size=3), ANYTHING), version=st.one_of(st.just(1), ANYTHING))
def test_any_decisions(tmp_path: Path, entries: Any, version: Any) -> None:
    path = tmp_path / "d.tone.json"
    path.write_text(json.dumps({"version": version, "decisions": entries}), encoding="utf-8")
    found = or_error(lambda: scr_tone.read_decisions(path))
    if found is not None:
        path.write_text(found.to_json(), encoding="utf-8")
        assert list(scr_tone.read_decisions(path)) == sorted(found, key=lambda entry: entry.id)


LABELLED = st.fixed_dictionaries(
    {"text": st.one_of(TEXTS, ANYTHING), "label": st.one_of(st.sampled_from(scr_tone.LABELS), ANYTHING)},
    optional=dict.fromkeys(
        ("annotator", "document", "inclusion_probability", "id", "meta", "labels", "stratum_size"), ANYTHING
    ),
)
RESULT = st.fixed_dictionaries(
    {"value": st.one_of(ANYTHING, st.fixed_dictionaries({"choices": ANYTHING, "text": ANYTHING}))},
    optional={"type": st.one_of(st.just("textarea"), ANYTHING)},
)
TASK = st.fixed_dictionaries(
    {},
    optional={
        "data": st.one_of(ANYTHING, LABELLED),
        "annotations": st.one_of(
            ANYTHING, st.lists(st.fixed_dictionaries({"result": st.one_of(ANYTHING, st.lists(RESULT))}))
        ),
        "text": ANYTHING,
        "label": ANYTHING,
    },
)
CELLS = st.sampled_from(["text", "label", "id", "path", '"a,b"', '"', "\x00", "blame", "", "\u00e9", "=1", "score"])
TABLES = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(LABELLED, max_size=4).map(lambda rows: "\n".join(map(json.dumps, rows)).encode()),
    st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=4).map(lambda lines: "\n".join(lines).encode()),
    st.lists(TASK, max_size=3).map(lambda tasks: json.dumps(tasks).encode()),
)


@examples(50)
@example(data=b'[{"data": {"text": "She rang."}, "annotations": [{"result": "blame"}]}]', ending=".json")
@example(data=b'{"text": "She rang.", "label": 5}', ending=".jsonl")
@given(data=TABLES, ending=st.sampled_from([".jsonl", ".json", ".csv", ".parquet"]))
def test_any_table(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    path.write_bytes(data)
    or_error(lambda: scr_tone.read_labelled(path))
    incoming = or_error(lambda: scr_tone.read_annotations([path]))
    if incoming is not None:
        or_error(lambda: scr_tone.agreement_of(incoming.annotations, resamples=2))
    or_error(lambda: scr_tone.draw_sample(path, 2))
    or_error(lambda: scr_tone.prevalence(path, path))


TOML = st.lists(
    st.sampled_from(
        [
            *(
                "[flags]",
                "[skip]",
                "[terms]",
                "[decisions]",
                "[[flags]]",
                "labels = ['blame']",
                "labels = 3",
                "sure = nan",
                "sure = 0.5",
            ),
            *(
                "threshold = {blame = 0.5}",
                "threshold = {blame = 'x'}",
                "quotes = true",
                "sections = ['a*']",
                "phrases = [1]",
                "house = ['x']",
            ),
            *(
                "file = 'd.json'",
                "file = ''",
                'file = "\\u0000"',
                "= ",
                "model = 'ab'",
                "\ufeff",
                "x.y = 1979-05-27",
                "house = [['x']]",
            ),
        ]
    ),
    max_size=6,
).map("\n".join)


@examples(60)
@given(text=st.one_of(TOML, st.text(max_size=60)))
def test_any_settings_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scr-tone.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    or_error(lambda: scr_tone.read_project(path))
    assert scr_tone.find_project(tmp_path) == path


# --- files -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def no_child() -> Iterator[None]:
    """Parse in this process: what is in question is the file, and a child takes half a second to start."""
    from scr_tone.reading import child
    from scr_tone.reading._worker import _reader

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "read_in_child", lambda fmt, data, limits, subject=None: _reader(fmt)(data, limits))
        yield


HEADS = st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xef\xbb\xbf", b"{\\rtf", b"\xd0\xcf"])
LINES = st.sampled_from(
    ["# A", "> b", "- c", "1. d", "|x|y|", "|-|-|", "```", "<!-- tone: intended -->", "[^1]: n", "***", "", "a\rb"]
)
FILES = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.builds(bytes.__add__, HEADS, st.binary(max_size=60)),
    st.lists(LINES, max_size=9).map(lambda lines: "\n".join(lines).encode()),
)
NAMES = st.one_of(
    st.none(), st.sampled_from(["a.md", "a.txt", "a.html", "a.docx", "a.pdf", ".", "", "\x00.md"]), st.text(max_size=8)
)


@examples(60)
@given(data=FILES, name=NAMES)
def test_any_file_with_any_name(tone: scr_tone.ToneAnalyser, data: bytes, name: str | None) -> None:
    with no_child():
        document = or_error(lambda: scr_tone.read_bytes(data, name=name))
    if document is not None:
        holds(tone.analyse(document, skip=SKIPS), document.text)


# --- the service -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(tone: scr_tone.ToneAnalyser) -> Iterator[Any]:
    from fastapi.testclient import TestClient

    from api import create_app, read_settings

    app = create_app(read_settings(), load=lambda _: tone)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:  # raises what fails inside
        yield client


def told(reply: Any, *more: int) -> bool:
    """Whether it is a result; a refusal must be one that the description knows."""
    assert reply.status_code in (200, 400, 413, 422, *more), reply.text
    if reply.status_code != 200:
        assert reply.json()["detail"] and reply.json()["title"]
    return bool(reply.status_code == 200)


@examples(30)
@given(text=TEXTS, skip=st.sets(st.sampled_from(SKIPS)))
def test_the_service_says_what_the_library_says(
    client: Any, tone: scr_tone.ToneAnalyser, text: str, skip: set[str]
) -> None:
    sent = json.dumps({"text": text, "skip": sorted(skip)})
    text = json.loads(sent)["text"]  # JSON makes a pair of two lone surrogates that fit
    reply = client.post("/v1/analyse", content=sent, headers={"content-type": "application/json"})
    report = or_error(lambda: tone.analyse(text, skip=skip))
    assert told(reply) == (report is not None)
    if report is not None:
        assert reply.json() == json.loads(report.to_json())


@examples(40)
@given(
    body=st.one_of(
        ANYTHING,
        st.fixed_dictionaries(
            {"text": st.one_of(TEXTS, ANYTHING)}, optional={"skip": ANYTHING, "skip_quotes": ANYTHING}
        ),
    )
)
def test_any_request(client: Any, body: Any) -> None:
    for path in ("/v1/analyse", "/v2/check", "/v1/annotate", "/v1/analyse/file"):
        told(client.post(path, content=json.dumps(body), headers={"content-type": "application/json"}), 415)


@examples(25)
@given(data=FILES, name=NAMES)
def test_any_upload(client: Any, data: bytes, name: str | None) -> None:
    with no_child():
        reply = client.post(
            "/v1/analyse/file?layout=true", files={"file": ((name or "").replace("\x00", "") or "x", data)}
        )
    if told(reply):
        found = reply.json()
        assert all(found["layout"]["text"][s["start"] : s["end"]] == s["text"] for s in found["sentences"])


@examples(50)
@given(text=TEXTS, picky=st.booleans(), asked=st.one_of(st.sampled_from(["auto", "en-GB", "de"]), st.text(max_size=5)))
def test_underlines_lie_in_the_text(client: Any, text: str, picky: bool, asked: str) -> None:
    """In UTF-16 units, apart, in order, and whole characters."""
    form = {"data": json.dumps({"text": text}), "language": asked, "level": "picky" if picky else "default"}
    reply = client.post(
        "/v2/check", data={key: value.encode("utf-8", "replace").decode() for key, value in form.items()}
    )
    if not told(reply):
        return
    units = text.encode("utf-16-le", "surrogatepass")
    at = 0
    for match in reply.json()["matches"]:
        start, end = match["offset"], match["offset"] + match["length"]
        assert at <= start < end <= len(units) // 2
        at = end
        units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass").strip()
        around = match["context"]
        assert (
            0
            <= around["offset"]
            < around["offset"] + around["length"]
            <= len(around["text"].encode("utf-16-le", "surrogatepass")) // 2
        )
