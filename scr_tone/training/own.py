"""A researcher's own labelled sentences: which of them are held out, and how much each weighs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scr_tone.errors import InputError
from scr_tone.finding_ids import finding_ids
from scr_tone.labelled import LabelledSentence, group_of
from scr_tone.records import LABELS

__all__ = ["HELD_OUT", "LEAST", "check_enough", "held_out_groups", "sampling_weights", "sentence_ids", "unseen_by"]

#: Fewest labelled sentences, and documents, to adapt a model to.
LEAST, _LEAST_GROUPS = 100, 4
#: Share of the sentences that is kept from the adapting, by whole documents.
HELD_OUT = 0.25
_LEAST_OF_LABEL = 5


def check_enough(sentences: Sequence[LabelledSentence], subject: str) -> None:
    """Say before the work that there is too little to learn from.

    Raises
    ------
    InputError
        If there are fewer than 100 sentences or 4 documents, or of two labels fewer than 5.
    """
    groups = {group_of(sentence) for sentence in sentences}
    known = [label for label in LABELS if sum(s.label == label for s in sentences) >= _LEAST_OF_LABEL]
    if len(sentences) < LEAST or len(groups) < _LEAST_GROUPS or len(known) < 2:
        raise InputError(
            f"holds {len(sentences)} sentences of {len(groups)} documents, and {len(known)} labels at least {_LEAST_OF_LABEL} times",
            remedy=f"label at least {LEAST} sentences of {_LEAST_GROUPS} documents with two labels or more (scr-tone sample)",
            subject=subject,
        )


def held_out_groups(
    sentences: Sequence[LabelledSentence], *, share: float = HELD_OUT, seed: int = 0
) -> npt.NDArray[np.bool_]:
    """Which sentences are held out, shape (n,): whole documents in random order until they hold the share.

    At least one document, and never all, whatever the share.
    """
    groups = [group_of(sentence) for sentence in sentences]
    names = sorted(set(groups))
    held: set[str] = set()
    count = 0
    for at in np.random.default_rng(seed).permutation(len(names)):
        size = groups.count(names[at])
        if held and (count + size / 2 > share * len(groups) or len(held) + 1 == len(names)):
            continue
        held.add(names[at])
        count += size
    return np.array([group in held for group in groups])


def sampling_weights(sentences: Sequence[LabelledSentence]) -> npt.NDArray[np.float64]:
    """For how much of the corpus each sentence stands, shape (n,), with mean 1: the inverse of its inclusion probability.

    A sample that favours rare labels would else teach the model that they are common. 1 where a sentence does not say it.
    """
    chance = [sentence.extra.get("inclusion_probability") for sentence in sentences]
    if not all(isinstance(one, int | float) and 0 < one <= 1 for one in chance):
        return np.ones(len(sentences))
    weight = 1 / np.array(chance, dtype=np.float64)
    return np.asarray(weight / weight.mean())


def sentence_ids(sentences: Sequence[LabelledSentence]) -> list[str]:
    """Names of sentences by their words alone, as a manifest keeps of those that a model has learned from."""
    return [finding_ids([sentence.text])[0] for sentence in sentences]


def unseen_by(manifest_data: object, sentences: Sequence[LabelledSentence]) -> npt.NDArray[np.bool_]:
    """Which sentences a model was not adapted to, as far as its manifest's ``data`` says, shape (n,)."""
    adapted = manifest_data.get("adapted") if isinstance(manifest_data, dict) else None
    seen = set(adapted.get("learned_from", ())) if isinstance(adapted, dict) else set()
    return np.array([name not in seen for name in sentence_ids(sentences)], dtype=bool)
