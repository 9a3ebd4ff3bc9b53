"""The authored sentences as a network learns them: normalised text, soft targets for each head, and what is held out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scr_tone.errors import InputError
from scr_tone.features import common_words
from scr_tone.labelled import LabelledSentence, group_of, read_labelled_folder
from scr_tone.normalise import known_names, normalise
from scr_tone.records import LABELS

__all__ = ["CLASSES", "FOCUSED", "Examples", "held_out", "lines_by_id", "load_examples", "soft_label"]

#: Heads of the network and their classes; `factors` may be several at once, the others are one of them.
CLASSES: Mapping[str, tuple[str, ...]] = {
    "label": LABELS,
    "target": ("practitioner", "agency", "system", "family", "child", "perpetrator", "none"),
    "voice": ("review", "reported"),
    "culpability": ("none", "error", "at_risk", "reckless", "deliberate"),
    "factors": (
        "workload",
        "supervision",
        "training",
        "procedures",
        "tools",
        "information",
        "joint_working",
        "culture",
        "commissioning",
        "reasoning",
        "family_work",
    ),
}
#: Heads that weigh the tokens of a sentence, as one or two words name what they look for.
FOCUSED = ("factors",)
_SMOOTHING = 0.01
_SECOND_CHOICE = 0.2
_HELD_OUT = 10  # one case in so many; a divisor of the fold's hash, so that all of it lies in fold 0

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """What a network is trained on; all arrays have one row for each sentence.

    Attributes
    ----------
    sentences : list of LabelledSentence
    texts : list of str
        As the encoder reads them (`scr_tone.normalise`).
    targets : dict of str to ndarray of float32, shape (n, n_classes)
        For each head of `CLASSES`; a row of NaN where nothing is known.
    held : ndarray of bool, shape (n,)
        Cases kept from all fitting of the network: its heads are calibrated and it is judged on them.
    common, names : frozenset of str
        Vocabulary of the normaliser.
    """

    sentences: list[LabelledSentence]
    texts: list[str]
    targets: Mapping[str, FloatArray]
    held: npt.NDArray[np.bool_]
    common: frozenset[str]
    names: frozenset[str]


def held_out(sentence: LabelledSentence) -> bool:
    """Whether the sentence's case is kept from the network: a tenth of all cases, all from fold 0."""
    digest = hashlib.sha256(group_of(sentence).encode()).digest()
    return int.from_bytes(digest[:8], "big") % _HELD_OUT == 0


def soft_label(sentence: LabelledSentence) -> FloatArray:
    """Target distribution over `LABELS`: both annotators' labels by halves, or a second choice with 0.2; smoothed by 0.01.

    Examples
    --------
    >>> shares = soft_label(LabelledSentence("A.", "blame", "f", {"second_choice": "learning"}))
    >>> [round(float(share), 2) for share in shares]
    [0.79, 0.2, 0.0, 0.0]
    """
    shares = np.zeros(len(LABELS), dtype=np.float32)
    blind = sentence.extra.get("label_blind", sentence.label)
    second = sentence.extra.get("second_choice", "-")
    shares[LABELS.index(sentence.label)] = 1
    if blind in LABELS and blind != sentence.label:
        shares[LABELS.index(sentence.label)] = shares[LABELS.index(blind)] = 0.5
    elif second in LABELS and second != sentence.label:
        shares[LABELS.index(sentence.label)] = 1 - _SECOND_CHOICE
        shares[LABELS.index(second)] = _SECOND_CHOICE
    return _smoothed(shares)


def _smoothed(shares: FloatArray) -> FloatArray:
    return np.asarray(shares * (1 - _SMOOTHING) + _SMOOTHING / len(shares), dtype=np.float32)


def load_examples(data: str | Path) -> Examples:
    """Everything in ``data/authored``, with the factors and culpability levels that ``data`` has for some.

    Raises
    ------
    InputError
        If a file is missing or malformed, or a class is not one of `CLASSES`.
    """
    data = Path(data)
    sentences = read_labelled_folder(data / "authored")
    plain = [sentence.text for sentence in sentences]
    common = common_words(plain)
    names = known_names(plain, common)
    targets = {"label": np.stack([soft_label(sentence) for sentence in sentences])}
    for head in ("target", "voice"):
        targets[head] = _hard(head, [str(sentence.extra.get(head, "")) for sentence in sentences])
    ids = [str(sentence.extra.get("id", "")) for sentence in sentences]
    levels = lines_by_id(data / "culpability.jsonl")
    targets["culpability"] = _levels([levels.get(name) for name in ids])
    factors = lines_by_id(data / "factors.jsonl")
    targets["factors"] = _tags([factors.get(name) for name in ids])
    return Examples(
        sentences,
        [normalise(text, common, names).text for text in plain],
        targets,
        np.array([held_out(sentence) for sentence in sentences]),
        common,
        names,
    )


def lines_by_id(path: Path) -> dict[str, dict[str, object]]:
    """The lines of a file that says something of sentences, by their ``id``; none if there is no such file."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {row["id"]: row for row in rows}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"holds a line that cannot be used ({type(error).__name__})",
            remedy='give one JSON object with an "id" a line',
            subject=str(path),
        ) from None


def _hard(head: str, values: Sequence[str]) -> FloatArray:
    classes = CLASSES[head]
    rows = np.full((len(values), len(classes)), np.nan, dtype=np.float32)
    for index, value in enumerate(values):
        if value in classes:
            rows[index] = 0
            rows[index, classes.index(value)] = 1
            rows[index] = _smoothed(rows[index])
    return rows


def _levels(found: Sequence[Mapping[str, object] | None]) -> FloatArray:
    classes = CLASSES["culpability"]
    rows = np.full((len(found), len(classes)), np.nan, dtype=np.float32)
    for index, row in enumerate(found):
        if row is None:
            continue
        rows[index] = 0
        second = row.get("second")
        doubtful = second in classes and second != row["level"]
        rows[index, classes.index(str(row["level"]))] = 1 - _SECOND_CHOICE * doubtful
        if doubtful:
            rows[index, classes.index(str(second))] = _SECOND_CHOICE
        rows[index] = _smoothed(rows[index])
    return rows


def _tags(found: Sequence[Mapping[str, object] | None]) -> FloatArray:
    classes = CLASSES["factors"]
    rows = np.full((len(found), len(classes)), np.nan, dtype=np.float32)
    for index, row in enumerate(found):
        if row is not None:
            tags = row["factors"]
            rows[index] = [float(name in tags) for name in classes]  # type: ignore[operator]
    return rows
