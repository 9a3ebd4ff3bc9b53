"""The behavioural suites: well formed, kept apart from the data, rightly counted, and run on the bundled model."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from scipy.stats import binom

import scr_tone
from scr_tone.records import LABELS, Prediction
from tests.behaviour.__main__ import main
from tests.behaviour.suites import (
    FOLDER,
    RULES,
    SUITES,
    TOLERANCE,
    markdown,
    read,
    run,
    run_direction,
    run_invariance,
    run_rules,
    wilson,
)
from tests.test_data import shingles

INVARIANCE = ["name", "gender", "ethnicity", "agency", "date", "place", "spelling", "quotes"]
DIRECTION = {
    "failed_to": ("blame", "up"),
    "system_explanation": ("blame", "down"),
    "ownership": ("accountability", "up"),
}
KEYS = {
    "invariance": {"id", "kind", "a", "b", "label"},
    "direction": {"id", "kind", "a", "b", "label", "change"},
    "rules": {"id", "rule", "text", "label"},
}
STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


class Scripted:
    """Stands in for an analyser and says what it was told to say."""

    def __init__(self, blame: dict[str, float]) -> None:
        self.blame = blame

    def label(self, sentences, *, cues: bool = True) -> list[Prediction]:
        found = []
        for text in sentences:
            scores = {"blame": self.blame[text], "learning": 0.0, "accountability": 0.0}
            scores["neutral"] = 1 - self.blame[text]
            found.append(Prediction(max(scores, key=scores.get), scores, (), None, None))
        return found


@pytest.fixture(scope="module")
def small() -> scr_tone.ToneAnalyser:
    return scr_tone.load("small")


@pytest.mark.parametrize("name", SUITES)
def test_the_files_are_well_formed(name: str) -> None:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = read(name)
    assert len(cases) == len(lines)
    assert all(set(case) == KEYS[name] for case in cases)
    assert all(case["label"] in LABELS for case in cases)
    for case in cases:
        for text in (case[key] for key in ("a", "b", "text") if key in case):
            assert text == " ".join(text.split()), case["id"]
            assert "[[" not in text and "{" not in text, case["id"]
    assert not [line for line in lines if "\\u" in line]  # readable as it stands, like the data


def test_ids_are_unique() -> None:
    ids = [case["id"] for name in SUITES for case in read(name)]
    assert len(set(ids)) == len(ids)


def test_there_are_enough_pairs_of_each_kind_and_label() -> None:
    cases = read("invariance")
    assert list(dict.fromkeys(case["kind"] for case in cases)) == INVARIANCE
    for kind in INVARIANCE:
        labels = Counter(case["label"] for case in cases if case["kind"] == kind)
        n = labels.total()
        assert n >= 40
        # About 30% neutral, 30% blame, 25% learning, 15% accountability.
        for label, share in {"neutral": 0.3, "blame": 0.3, "learning": 0.25, "accountability": 0.15}.items():
            assert abs(labels[label] / n - share) <= 0.06, (kind, label)
        bases = [case["a"] for case in cases if case["kind"] == kind]
        assert len(set(bases)) == len(bases)
    assert len({case["a"] for case in cases}) >= 200
    kinds = Counter(case["kind"] for case in read("direction"))
    assert set(kinds) == set(DIRECTION)
    assert min(kinds.values()) >= 40


def test_the_two_sentences_of_a_pair_differ_in_what_they_say_they_differ_in() -> None:
    for case in [*read("invariance"), *read("direction")]:
        a, b = case["a"], case["b"]
        assert a != b, case["id"]
        if case["kind"] == "quotes":
            assert a == b.translate(STRAIGHT), case["id"]
        elif case["kind"] == "spelling":
            assert len(a.split()) == len(b.split()), case["id"]
        elif case["kind"] == "system_explanation":
            assert b.startswith(a.removesuffix(".") + ","), case["id"]
        else:
            assert a.translate(STRAIGHT) != b.translate(STRAIGHT), case["id"]
        if case["kind"] in DIRECTION:
            assert (case["label"], case["change"]) == DIRECTION[case["kind"]]


def test_every_rule_has_its_sentences_and_more_than_one_side() -> None:
    labels = defaultdict(list)
    for case in read("rules"):
        labels[case["rule"]].append(case["label"])
    assert sorted(labels) == sorted(RULES)
    for rule, found in labels.items():
        assert len(found) >= 12, rule
        assert len(set(found)) >= 2, rule
    texts = [case["text"] for case in read("rules")]
    assert len(set(texts)) == len(texts)


def test_the_titles_are_those_of_the_codebook(root: Path) -> None:
    codebook = (root / "data" / "codebook.md").read_text(encoding="utf-8")
    for rule, title in RULES.items():
        assert f"\n{rule}. **{title.capitalize()}" in codebook  # some go on in bold


def test_no_sentence_is_shared_with_the_data(root: Path) -> None:
    ours = {
        shingle: case["id"]
        for name in SUITES
        for case in read(name)
        for key in ("a", "b", "text")
        for shingle in shingles(case.get(key, ""))
    }
    # Labelled, evaluation, and what is labelled otherwise; the purpose profile's texts are no part of what labels learn from.
    paths = sorted(path for path in (root / "data").rglob("*.jsonl") if not path.name.startswith("purpose"))
    assert {"authored", "evaluation"} <= {path.parent.name for path in paths}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            shared = shingles(json.loads(line).get("text", "")) & ours.keys()
            assert not shared, (path.name, {ours[shingle] for shingle in shared}, shared)
    codebook = (root / "data" / "codebook.md").read_text(encoding="utf-8")
    assert not shingles(codebook) & ours.keys()


@pytest.mark.parametrize(("count", "n"), [(0, 40), (3, 42), (21, 42), (40, 40), (1, 1)])
def test_the_interval_is_wilsons(count: int, n: int) -> None:
    low, high = wilson(count, n)
    z, share = 1.959963984540054, count / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    assert (low, high) == pytest.approx((max(0, centre - half), min(1, centre + half)), abs=1e-9)
    assert 0 <= low <= share <= high <= 1
    narrow = wilson(count, n, level=0.8)
    assert narrow[1] - narrow[0] < high - low


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    # Wilson's interval covers 95% on the average over the rates, and no less than about 90% here.
    for rate in (0.05, 0.1, 0.3, 0.5):
        covered = sum(
            binom.pmf(count, 42, rate) for count in range(43) if wilson(count, 42)[0] <= rate <= wilson(count, 42)[1]
        )
        assert covered > 0.9, rate


def test_what_counts_as_a_failure() -> None:
    blame = {"a": 0.6, "same": 0.9, "other": 0.4, "a bit less": 0.6 - TOLERANCE / 2, "much less": 0.6 - 2 * TOLERANCE}
    tone = Scripted(blame)

    def pair(b: str, **more: str) -> dict[str, str]:
        return {"id": b, "kind": "k", "a": "a", "b": b, **more}

    invariance = run_invariance(tone, [pair("same"), pair("other")])["k"]
    assert (invariance.n, [failure.id for failure in invariance.failures]) == (2, ["other"])
    assert invariance.failures[0].found == "blame (0.60), then neutral (0.60)"

    up = [pair(b, label="blame", change="up") for b in ("same", "a bit less", "much less", "a")]
    found = run_direction(tone, up)["k"]
    assert (found.n, found.right, [failure.id for failure in found.failures]) == (4, 1, ["much less"])
    down = [{**case, "change": "down"} for case in up]
    found = run_direction(tone, down)["k"]
    assert (found.n, found.right, [failure.id for failure in found.failures]) == (4, 2, ["same"])

    cases = [{"id": text, "rule": 6, "text": text, "label": "blame"} for text in blame]
    found = run_rules(tone, cases)["6 reported blame"]
    assert [failure.id for failure in found.failures] == ["other"]  # 0.55 and 0.5 are blame still


def test_the_table_says_what_was_counted() -> None:
    pairs = [{"id": f"k-{i}", "kind": "k", "a": "a", "b": "b", "label": "blame", "change": "up"} for i in range(5)]
    text = markdown(run_direction(Scripted({"a": 0.9, "b": 0.2}), pairs), examples=3)
    assert "| k | 5 | 5 | 100.0% | 56.6% to 100.0% | 0.0% | -0.700 |" in text
    assert "**k** (3 of 5 failures)" in text
    assert text.count("- `k-") == 3
    assert "moved rightly" not in markdown(run_invariance(Scripted({"a": 0.9, "b": 0.2}), pairs))


def test_any_model_can_be_run(tiny_model) -> None:
    suites = run(scr_tone.ToneAnalyser(tiny_model, name="tiny"))
    assert [suite.name for suite in suites] == list(SUITES)
    for suite in suites:
        assert suite.total.n == len(read(suite.name))
        assert suite.total.failed == sum(count.failed for count in suite.counts)


def test_the_command_prints_and_writes_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "behaviour.md"
    assert main(["--model", "small", "--output", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert text in capsys.readouterr().out
    assert "# Model small (manifest " in text
    for heading in ("## Invariance", "## Direction", "## Rules"):
        assert heading in text
    assert main(["--model", "nosuch"]) == 4
    assert "nosuch" in capsys.readouterr().err


@pytest.mark.parametrize(
    # No quotation mark or date moved a label when this was written, and 4.8% of the names did, those that are also words
    # ("Grace", "Waters"). The margin is for a model trained anew: about one pair for the former, two for the latter.
    ("kind", "ceiling"),
    [("quotes", 0.03), ("date", 0.03), ("name", 0.10)],
)
def test_typeface_days_and_names_seldom_move_a_label(small: scr_tone.ToneAnalyser, kind: str, ceiling: float) -> None:
    cases = [case for case in read("invariance") if case["kind"] == kind]
    count = run_invariance(small, cases)[kind]
    assert count.rate <= ceiling, json.dumps(count.failures, ensure_ascii=False, indent=1)


def test_what_must_not_move_the_label_of_the_default_model_hardly_does(standard: scr_tone.ToneAnalyser) -> None:
    """At most two in a hundred, the project's own bar (issue 4)."""
    count = run_invariance(standard, read("invariance")).total
    assert count.rate <= 0.02, json.dumps(count.failures, ensure_ascii=False, indent=1)
