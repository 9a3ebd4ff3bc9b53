"""What an editor's user gets at each level of the LanguageTool protocol: how many underlines, how many of them right.

python -m tests.benchmarks.editor_levels

Labelled sets hold far more blame than a text does, so each label's rate of underlines is weighed by its share of whole real
documents (``NATURAL_PRIOR``). For the intervals, whole cases are drawn with replacement where they are known, else sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

import scr_tone
from api.matches import PICKY, underlines
from scr_tone.labelled import LabelledSentence, read_labelled, read_labelled_folder
from scr_tone.project import LEAST, SURE, Flags
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR
from scr_tone.training.examples import held_out
from tests.benchmarks.table import write_section

ROOT = Path(__file__).resolve().parents[2]
#: Thresholds without a look at the words; 0 underlines every sentence whose likeliest label is blame.
_CANDIDATES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_PICKY_CANDIDATES = (0.1, 0.2, 0.3, 0.4, 0.5)
_RESAMPLES = 1000

BoolArray = npt.NDArray[np.bool_]


class Scored(NamedTuple):
    """A labelled set with what the model makes of it; all have one entry a sentence."""

    truth: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    predictions: Sequence[scr_tone.Prediction]
    texts: Sequence[str]


class Figures(NamedTuple):
    """At natural shares: underlines in 1,000 words, share of them right, share of blame underlined."""

    alerts: float
    precision: float
    recall: float


def scored(tone: scr_tone.ToneAnalyser, sentences: Sequence[LabelledSentence]) -> Scored:
    """Label a set."""
    cases = [str(s.extra.get("case") or s.text) for s in sentences]
    return Scored(
        np.array([LABELS.index(s.label) for s in sentences]),
        np.array([len(s.text.split()) for s in sentences]),
        np.unique(cases, return_inverse=True)[1],
        tone.label([s.text for s in sentences], cues=False),
        [s.text for s in sentences],
    )


def without_picked(data: Scored, sentences: Sequence[LabelledSentence]) -> Scored:
    """Without the sentences that were picked for what they say and are no blame: nobody meets so many of them in a text."""
    kept = np.array([s.extra.get("mode") != "picked" or s.label == "blame" for s in sentences])
    predictions = [p for p, keep in zip(data.predictions, kept, strict=True) if keep]
    groups = np.unique(data.groups[kept], return_inverse=True)[1]
    texts = [text for text, keep in zip(data.texts, kept, strict=True) if keep]
    return Scored(data.truth[kept], data.words[kept], groups, predictions, texts)


def figures(data: Scored, shown: BoolArray, rows: npt.NDArray[np.int64] | None = None) -> Figures:
    """Weigh what is underlined by the labels' natural shares.

    Parameters
    ----------
    data : Scored
    shown : ndarray of bool, shape (n,)
    rows : ndarray of int, optional
        Sentences to count, for a bootstrap.
    """
    rows = np.arange(len(shown)) if rows is None else rows
    truth, words, seen = data.truth[rows], data.words[rows], shown[rows]
    there = np.maximum(np.bincount(truth, minlength=len(LABELS)), 1)
    rates = np.bincount(truth, weights=seen, minlength=len(LABELS)) / there
    lengths = np.bincount(truth, weights=words, minlength=len(LABELS)) / there
    shares = np.array([NATURAL_PRIOR[label] for label in LABELS])
    found = shares * rates
    blame = LABELS.index("blame")
    return Figures(
        float(1000 * found.sum() / (shares @ lengths)),
        float(found[blame] / found.sum()) if found.sum() else float("nan"),
        float(rates[blame]),
    )


def interval(data: Scored, shown: BoolArray, seed: int = 0) -> tuple[float, float]:
    """Percentile bootstrap of the precision, over cases."""
    generator = np.random.default_rng(seed)
    order = np.argsort(data.groups, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(data.groups))[:-1])
    drawn = [
        figures(
            data, shown, np.concatenate([members[at] for at in generator.integers(len(members), size=len(members))])
        )
        for _ in range(_RESAMPLES)
    ]
    low, high = np.nanpercentile([one.precision for one in drawn], [2.5, 97.5])
    return float(low), float(high)


def row(name: str, level: str, data: Scored, shown: BoolArray) -> str:
    """A line of a table."""
    found, (low, high) = figures(data, shown), interval(data, shown)
    return f"| {name} | {level} | {found.alerts:.1f} | {found.precision:.2f} ({low:.2f} to {high:.2f}) | {found.recall:.2f} |"


def _above(data: Scored, at: float, *, likeliest: bool) -> BoolArray:
    return np.array(
        [p.scores["blame"] >= at and (p.label == "blame" or not likeliest) for p in data.predictions], dtype=np.bool_
    )


def main() -> None:
    held = [s for s in read_labelled_folder(ROOT / "data" / "authored") if held_out(s)]
    restated = read_labelled(ROOT / "data" / "evaluation" / "review_dev.jsonl")
    sets: dict[tuple[str, str], Scored] = {}
    for model in ("standard", "small"):
        tone = scr_tone.load(model)
        whole = scored(tone, restated)
        sets[model, "`review_dev`, consecutive"] = without_picked(whole, restated)
        sets[model, "`review_dev`, all"] = whole
        if model == "standard":  # `small` was trained on them
            sets[model, "authored, held-out cases"] = scored(tone, held)
    shares = ", ".join(f"{label} {share:.0%}" for label, share in NATURAL_PRIOR.items())
    head = "| underlines in 1,000 words | precision | recall |"
    lines = [
        "## Underlines in editors",
        "",
        "What `POST /v2/check` underlines as blame, without and with `level=picky`, weighed by the label shares of whole real "
        f"documents ({shares}), as labelled sets hold far more blame than a text does. Precision with its 95% interval; recall "
        "is the share of blame that is underlined. `review_dev` has sentences that were picked because they are hard; "
        "*consecutive* takes false alarms only from sentences that stood one after the other, as an author meets them.",
        "",
        f"| model, sentences | level {head}",
        "|---|---|---|---|---|",
    ]
    for (model, name), data in sets.items():
        for level, picky in (("default: what is flagged", False), (f"picky, from {PICKY:.2f}", True)):
            shown = np.array(
                [
                    underlines(p.label, p.scores, text, Flags(), picky=picky)
                    for p, text in zip(data.predictions, data.texts, strict=True)
                ],
                dtype=np.bool_,
            )
            lines.append(row(f"{model}, {name}", level, data, shown))
    lines += [
        "",
        f"Flagged is what has telling words and a score of {LEAST['blame']:.2f}, or a score of {SURE:.2f}. The "
        "candidates from which the levels were chosen, on these sentences, so the figures above are a little too good:",
        "",
        f"| model, sentences | blame is likeliest, from {head}",
        "|---|---|---|---|---|",
    ]
    for (model, name), data in sets.items():
        lines += [row(f"{model}, {name}", f"{at:.2f}", data, _above(data, at, likeliest=True)) for at in _CANDIDATES]
    lines += ["", f"| model, sentences | whatever is likeliest, from {head}", "|---|---|---|---|---|"]
    for (model, name), data in sets.items():
        lines += [
            row(f"{model}, {name}", f"{at:.2f}", data, _above(data, at, likeliest=False)) for at in _PICKY_CANDIDATES
        ]
    print("\n".join(lines))
    write_section("editor_levels", lines)


if __name__ == "__main__":
    main()
