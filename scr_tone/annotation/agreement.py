"""How far annotators agree: Krippendorff's alpha by the library krippendorff, with an interval, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.annotation.incoming import Annotation
from scr_tone.errors import ConfigError, InputError
from scr_tone.records import LABELS

__all__ = ["Agreement", "LabelAgreement", "agreement_of"]

#: Sentences that two people must have labelled before a figure means anything.
_LEAST = 10

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How far annotators agree on one label.

    Attributes
    ----------
    given : int
        How often it was given.
    alpha : float
        Of this label against all others; not a number where it was always or never given.
    interval : (float, float)
    again : float
        How often another annotator gave it too, once one had (positive specific agreement, Cicchetti and Feinstein 1990).
    """

    given: int
    alpha: float
    interval: tuple[float, float]
    again: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """What annotators agree on.

    Attributes
    ----------
    sentences : int
        That two or more labelled.
    single : int
        That only one did; they tell nothing here.
    annotators : mapping of str to int
        How many of the sentences each labelled.
    alpha : float
        Krippendorff's alpha (nominal): 1 is perfect, 0 what chance would give. From 0.8 on a label is taken to be reliable, from
        0.667 on for tentative conclusions (Krippendorff 2004).
    interval : (float, float)
        Percentile bootstrap over sentences.
    per_label : mapping of label to LabelAgreement
    pairs : mapping of (label, label) to int
        How often two people gave these two labels to a sentence.
    disagreements : tuple of dict
        Sentences with different labels: ``document``, ``id``, ``text``, ``labels`` (annotator to label).
    """

    sentences: int
    single: int
    annotators: Mapping[str, int]
    alpha: float
    interval: tuple[float, float]
    per_label: Mapping[str, LabelAgreement]
    pairs: Mapping[tuple[str, str], int]
    disagreements: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "sentences": self.sentences,
            "single": self.single,
            "annotators": dict(self.annotators),
            "alpha": _finite(self.alpha),
            "alpha_ci": [_finite(bound) for bound in self.interval],
            "per_label": {
                label: {
                    "given": one.given,
                    "alpha": _finite(one.alpha),
                    "alpha_ci": [_finite(bound) for bound in one.interval],
                    "given_again": _finite(one.again),
                }
                for label, one in self.per_label.items()
            },
            "pairs": [{"labels": list(pair), "count": count} for pair, count in self.pairs.items()],
            "disagreements": list(self.disagreements),
        }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def agreement_of(
    annotations: Iterable[Annotation],
    *,
    labels: Sequence[str] = LABELS,
    confidence: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Measure how far people who labelled the same sentences agree.

    Parameters
    ----------
    annotations : iterable of Annotation
        From `read_annotations`.
    labels : sequence of str
    confidence : float
        Of the intervals.
    resamples, seed : int
        Of the bootstrap, which draws sentences with all their labels.

    Raises
    ------
    InputError
        If fewer than ten sentences were labelled by two people or more.
    ConfigError
        If the package krippendorff is not installed.
    """
    alpha_of = _library()
    by_sentence: dict[tuple[str, str], list[Annotation]] = {}
    for one in annotations:
        by_sentence.setdefault(one.sentence, []).append(one)
    shared = [said for said in by_sentence.values() if len(said) > 1]
    if len(shared) < _LEAST:
        raise InputError(
            f"{len(shared)} sentences were labelled by two people or more, and it takes {_LEAST}",
            remedy="give the files of all annotators, who labelled the same sample; say who is who in the column annotator",
            subject="agreement",
        )
    counts = np.zeros((len(shared), len(labels)), dtype=np.int64)
    for row, said in enumerate(shared):
        for one in said:
            counts[row, labels.index(one.label)] += 1
    rng = np.random.default_rng(seed)
    draws = [rng.integers(len(shared), size=len(shared)) for _ in range(resamples)]
    tail = (1 - confidence) / 2
    alpha, interval = _with_interval(alpha_of, counts, draws, tail)
    per_label = {}
    for at, label in enumerate(labels):
        here = counts[:, at]
        one_against_rest = np.stack([here, counts.sum(axis=1) - here], axis=1)
        own, bounds = _with_interval(alpha_of, one_against_rest, draws, tail)
        chances = int((here * (counts.sum(axis=1) - 1)).sum())
        again = float((here * (here - 1)).sum() / chances) if chances else float("nan")
        per_label[label] = LabelAgreement(int(here.sum()), own, bounds, again)
    different = [said for said in shared if len({one.label for one in said}) > 1]
    pairs = Counter(
        tuple(sorted((one.label, other.label), key=labels.index))
        for said in different
        for one, other in combinations(said, 2)
        if one.label != other.label
    )
    return Agreement(
        sentences=len(shared),
        single=len(by_sentence) - len(shared),
        annotators=dict(Counter(one.annotator for said in shared for one in said).most_common()),
        alpha=alpha,
        interval=interval,
        per_label=per_label,
        pairs=dict(pairs.most_common()),  # type: ignore[arg-type]
        disagreements=tuple(
            {
                "document": said[0].sentence[0],
                "id": said[0].id,
                "text": said[0].text,
                "labels": {one.annotator: one.label for one in said},
            }
            for said in different
        ),
    )


def _library() -> Callable[[Counts], float]:
    try:
        from krippendorff import alpha
    except ImportError:
        raise ConfigError(
            "needs the package krippendorff", remedy="pip install 'scr-tone[research]'", subject="agreement"
        ) from None

    def of(counts: Counts) -> float:
        if (counts.sum(axis=0) > 0).sum() < 2:  # one label only: nothing that chance could have got wrong
            return float("nan")
        return float(alpha(value_counts=counts, level_of_measurement="nominal"))

    return of


def _with_interval(
    alpha_of: Callable[[Counts], float], counts: Counts, draws: Sequence[Counts], tail: float
) -> tuple[float, tuple[float, float]]:
    found = np.array([alpha_of(counts[draw]) for draw in draws])
    found = found[np.isfinite(found)]
    if not len(found):
        return alpha_of(counts), (float("nan"), float("nan"))
    low, high = np.quantile(found, [tail, 1 - tail])
    return alpha_of(counts), (float(low), float(high))
