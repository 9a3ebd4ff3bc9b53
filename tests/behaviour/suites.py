"""Behavioural suites after CheckList (Ribeiro et al. 2020): what must not move a label, what must, and the rules.

Three files lie beside this one, all written by hand for this purpose and kept out of training:

- ``invariance.jsonl``: pairs `a`, `b` that differ only in what the codebook gives no weight to. A pair fails when the two
  get different labels, whichever they are.
- ``direction.jsonl``: pairs in which `b` adds a reproach, an explanation or an owning. A pair fails when the probability
  of `label` moves against `change` by more than `TOLERANCE`; the share that moved rightly is reported beside it.
- ``rules.jsonl``: plain cases of the codebook's thirteen rules. A sentence fails when it gets another label.

No file here is an estimate of accuracy on real prose: the sentences were chosen to press on one thing each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scipy.stats import binomtest

from scr_tone.analyser import ToneAnalyser
from scr_tone.records import Prediction

__all__ = [
    "FOLDER",
    "RULES",
    "SUITES",
    "TOLERANCE",
    "Count",
    "Failure",
    "Suite",
    "markdown",
    "read",
    "run",
    "run_direction",
    "run_invariance",
    "run_rules",
    "wilson",
]

FOLDER = Path(__file__).resolve().parent
SUITES = ("invariance", "direction", "rules")

#: How far a probability may go the wrong way before a direction pair fails; smaller moves are noise to a reader.
TOLERANCE = 0.05

#: Titles of the codebook's rules, so that a table can be read without it.
RULES = {
    1: "explained shortfall",
    2: "owned shortfall",
    3: "described or judged",
    4: "conduct or condition",
    5: "negated blame",
    6: "reported blame",
    7: "should",
    8: "counterfactuals",
    9: "knowledge and information",
    10: "perpetrators and parents who harm",
    11: "recommendation or answerability",
    12: "mixed sentences",
    13: "questions, conditionals, terms of reference",
}


class Failure(NamedTuple):
    """One case that failed, and what happened, in words."""

    id: str
    texts: tuple[str, ...]
    found: str


@dataclass
class Count:
    """What came of one kind.

    Attributes
    ----------
    kind : str
    n : int
        Cases run.
    failures : list of Failure
        In the order of the file.
    right : int
        Direction only: pairs that moved the right way at all.
    moves : list of float
        Direction only: how far the probability moved in the right direction, below 0 for the wrong one.
    """

    kind: str
    n: int = 0
    failures: list[Failure] = field(default_factory=list)
    right: int = 0
    moves: list[float] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def rate(self) -> float:
        return self.failed / self.n

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.failed, self.n)


@dataclass(frozen=True)
class Suite:
    """Name of a suite and its counts, one to a kind, in the order of the file."""

    name: str
    counts: tuple[Count, ...]

    def __getitem__(self, kind: str) -> Count:
        return next(count for count in self.counts if count.kind == kind)

    @property
    def total(self) -> Count:
        """All kinds together."""
        return Count(
            "all",
            sum(count.n for count in self.counts),
            [failure for count in self.counts for failure in count.failures],
            sum(count.right for count in self.counts),
            [move for count in self.counts for move in count.moves],
        )


def wilson(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval for a share: it stays within 0 and 1 and does not collapse when nothing failed.

    Parameters
    ----------
    count, n : int
    level : float

    Examples
    --------
    >>> low, high = wilson(0, 40)
    >>> f"{low:.3f} {high:.3f}"
    '0.000 0.088'
    """
    found = binomtest(count, n).proportion_ci(confidence_level=level, method="wilson")
    # At the ends scipy leaves a rounding error of either sign.
    return max(0.0, float(found.low)), min(1.0, float(found.high))


def read(name: str) -> list[dict[str, Any]]:
    """Cases of a suite, in the order of its file."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def run_invariance(tone: ToneAnalyser, cases: Sequence[Mapping[str, Any]]) -> Suite:
    """Count the pairs whose two sentences get different labels."""
    counts: dict[str, Count] = {}
    for case, a, b in _pairs(tone, cases):
        count = _counted(counts, case["kind"])
        if a.label != b.label:
            found = f"{a.label} ({a.scores[a.label]:.2f}), then {b.label} ({b.scores[b.label]:.2f})"
            count.failures.append(Failure(case["id"], (case["a"], case["b"]), found))
    return Suite("invariance", tuple(counts.values()))


def run_direction(tone: ToneAnalyser, cases: Sequence[Mapping[str, Any]]) -> Suite:
    """Count the pairs in which the probability goes the wrong way by more than `TOLERANCE`."""
    counts: dict[str, Count] = {}
    for case, a, b in _pairs(tone, cases):
        count = _counted(counts, case["kind"])
        label = case["label"]
        move = (b.scores[label] - a.scores[label]) * (1 if case["change"] == "up" else -1)
        count.moves.append(move)
        count.right += move > 0
        if move < -TOLERANCE:
            found = f"P({label}) from {a.scores[label]:.2f} to {b.scores[label]:.2f}, should go {case['change']}"
            count.failures.append(Failure(case["id"], (case["a"], case["b"]), found))
    return Suite("direction", tuple(counts.values()))


def run_rules(tone: ToneAnalyser, cases: Sequence[Mapping[str, Any]]) -> Suite:
    """Count the sentences that get another label than the codebook's."""
    counts: dict[str, Count] = {}
    predictions = tone.label([case["text"] for case in cases], cues=False)
    for case, prediction in zip(cases, predictions, strict=True):
        count = _counted(counts, f"{case['rule']} {RULES[case['rule']]}")
        if prediction.label != case["label"]:
            found = f"{prediction.label} ({prediction.scores[prediction.label]:.2f}), should be {case['label']}"
            count.failures.append(Failure(case["id"], (case["text"],), found))
    return Suite("rules", tuple(counts.values()))


def run(tone: ToneAnalyser) -> tuple[Suite, Suite, Suite]:
    """All three suites, from their files.

    Parameters
    ----------
    tone : ToneAnalyser
        Any model: only its labels and scores are looked at.
    """
    invariance, direction, rules = (read(name) for name in SUITES)
    return run_invariance(tone, invariance), run_direction(tone, direction), run_rules(tone, rules)


def markdown(suite: Suite, *, examples: int = 3) -> str:
    """A table of a suite and, below it, the first failures of each kind.

    Parameters
    ----------
    suite : Suite
    examples : int
        Failures to show for each kind, at most.
    """
    moves = any(count.moves for count in suite.counts)
    heads = ["kind", "cases", "failed", "rate", "95% interval", *(["moved rightly", "mean move"] if moves else [])]
    rows = [_cells(count, moves) for count in (*suite.counts, suite.total)]
    lines = [
        f"## {suite.name.capitalize()}",
        "",
        *("| " + " | ".join(cells) + " |" for cells in (heads, ["---", *["---:"] * (len(heads) - 1)], *rows)),
        "",
    ]
    for count in suite.counts:
        shown = count.failures[:examples]
        if shown:
            lines += [f"**{count.kind}** ({len(shown)} of {count.failed} failures)", ""]
            lines += [f"- `{one.id}` {one.found}: {' → '.join(one.texts)}" for one in shown]
            lines.append("")
    return "\n".join(lines)


def _cells(count: Count, moves: bool) -> list[str]:
    low, high = count.interval
    cells = [count.kind, str(count.n), str(count.failed), f"{count.rate:.1%}", f"{low:.1%} to {high:.1%}"]
    if moves:
        cells += [f"{count.right / count.n:.1%}", f"{sum(count.moves) / count.n:+.3f}"]
    return cells


def _counted(counts: dict[str, Count], kind: str) -> Count:
    """The count of a kind, with one more case in it."""
    count = counts.setdefault(kind, Count(kind))
    count.n += 1
    return count


def _pairs(
    tone: ToneAnalyser, cases: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Prediction, Prediction]]:
    """Cases with the predictions of their two sentences, asked for in one call, as an encoder is faster on batches."""
    found = tone.label([case[side] for case in cases for side in ("a", "b")], cues=False)
    return zip(cases, found[::2], found[1::2], strict=True)
