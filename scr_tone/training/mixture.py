"""What a pass has when a student is trained on: all that was written freely, several times, and a draw of the rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scr_tone.labelled import LabelledSentence
from scr_tone.training.examples import Examples
from scr_tone.training.train import FOR_ENCODERS, WRITTEN_FREELY

__all__ = ["times_in_a_pass"]

#: How often a sentence that was written freely is in a pass; blame and accountability, which are rare there, more often.
_FREELY = {"blame": 4, "accountability": 3}
_FREELY_ELSE = 2
#: How many of the others are drawn.
_OTHERS = 8_800


def times_in_a_pass(examples: Examples, seed: int) -> npt.NDArray[np.int64]:
    """How often each sentence is in a pass, shape (n,).

    The student has met the older files many times. What it lacks are sentences as doubtful as real prose, which only those have whose
    writers knew of no labels; the draw keeps it from forgetting the rest.

    Parameters
    ----------
    examples : Examples
    seed : int
        Of the draw. Data without such files are met once, whole.
    """
    free = np.array([sentence.file in WRITTEN_FREELY for sentence in examples.sentences])
    if not free.any():
        return np.ones(len(free), dtype=np.int64)
    drawn = np.flatnonzero(~free & ~examples.held)
    shares = np.array([_share(examples.sentences[at]) for at in drawn])
    further = [
        np.array(np.isfinite(examples.targets[name]).all(axis=1), dtype=bool) for name in ("factors", "culpability")
    ]
    shares = np.where(np.logical_or(*further)[drawn], 1.5, 1.0) * shares
    times = np.zeros(len(free), dtype=np.int64)
    if len(drawn):
        count = min(_OTHERS, len(drawn))
        times[np.random.default_rng(seed).choice(drawn, size=count, replace=False, p=shares / shares.sum())] = 1
    for at in np.flatnonzero(free):
        times[at] = _FREELY.get(examples.sentences[at].label, _FREELY_ELSE)
    return times


def _share(sentence: LabelledSentence) -> float:
    """How likely a sentence is drawn, beside another: what is hard or rare is likelier."""
    hard = 1.0
    if sentence.file in FOR_ENCODERS:
        hard = 0.5 if sentence.file.endswith("_life.jsonl") else 1.5
    return hard * {"blame": 2.0, "accountability": 1.5}.get(sentence.label, 1.0)
