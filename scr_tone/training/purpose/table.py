"""Measure answers against the labels, and write what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scr_tone.purpose.document import read_through
from scr_tone.purpose.model import Scores
from scr_tone.purpose.rules import Reading
from scr_tone.purpose.statuses import QUESTIONS, Decision, decide
from scr_tone.training.purpose.material import SETS, PurposeDocument

__all__ = ["STATUSES", "Measured", "answers", "measure", "table"]

STATUSES = ("met", "partly", "not_found")
_BOOTSTRAPS = 2000


@dataclass
class Measured:
    """Counts of one question over some documents.

    Attributes
    ----------
    right : list of bool
        Whether the status is right, by document.
    confusion : Counter of (labelled, answered)
    first, any_shown, evidenced : int
        Documents whose labels name evidence; of them those whose first sentence shown is among it, and those where any is.
    """

    right: list[bool] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: int = 0
    any_shown: int = 0
    evidenced: int = 0

    @property
    def accuracy(self) -> float:
        """Share of right statuses."""
        return sum(self.right) / len(self.right)

    def interval(self) -> tuple[float, float]:
        """95% bootstrap interval of the accuracy, over documents."""
        drawn = np.random.default_rng(0).choice(np.array(self.right, dtype=float), (_BOOTSTRAPS, len(self.right)))
        low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
        return float(low), float(high)


def answers(
    texts: Sequence[PurposeDocument], score: Callable[[PurposeDocument], Callable[[Sequence[Reading]], Scores]]
) -> dict[str, dict[str, Decision]]:
    """The decision on each question, by document."""
    return {text.id: decide(read_through(text.sentences, None, score(text))) for text in texts}


def measure(
    texts: Sequence[PurposeDocument], found: Mapping[str, Mapping[str, Decision]]
) -> dict[str, dict[str, Measured]]:
    """By set of documents and question."""
    result = {name: {question: Measured() for question in QUESTIONS} for name in SETS}
    for text in texts:
        for question in QUESTIONS:
            measured, decision = result[text.set][question], found[text.id][question]
            measured.right.append(decision.status == text.statuses[question])
            measured.confusion[text.statuses[question], decision.status] += 1
            evidence = set(text.evidence[question])
            if evidence:
                measured.evidenced += 1
                measured.first += decision.evidence[:1] != () and decision.evidence[0] in evidence
                measured.any_shown += bool(evidence & set(decision.evidence[:3]))
    return result


def table(results: Mapping[str, Mapping[str, Mapping[str, Measured]]]) -> list[str]:
    """Markdown: accuracy and evidence of every way of deciding, then the confusions of the last."""
    lines = [
        "| documents | question | decided by | right | accuracy | first sentence shown | among three shown |",
        "|---" * 7 + "|",
    ]
    for name in SETS:
        for question in QUESTIONS:
            for way, by_set in results.items():
                one = by_set[name][question]
                low, high = one.interval()
                lines.append(
                    f"| {name} | {question} | {way} | {sum(one.right)} of {len(one.right)} | {one.accuracy:.2f} "
                    f"({low:.2f}-{high:.2f}) | {one.first} of {one.evidenced} | {one.any_shown} of {one.evidenced} |"
                )
    lines += ["", f"Confusions of `{list(results)[-1]}`: rows as labelled, columns as answered.", ""]
    lines += [f"| documents | question | labelled | {' | '.join(STATUSES)} |", "|---" * (3 + len(STATUSES)) + "|"]
    for name, by_question in list(results.values())[-1].items():
        for question, one in by_question.items():
            for status in STATUSES:
                counts = " | ".join(str(one.confusion[status, answered]) for answered in STATUSES)
                lines.append(f"| {name} | {question} | {status} | {counts} |")
    return lines
