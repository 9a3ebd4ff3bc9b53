"""The teacher and the student: which batches, which loss, in which order.

The teacher is all of MPNet-base, fine-tuned on the annotators' soft labels. The student is cut out of the teacher (some of
its layers, a shorter vocabulary) and learns from the annotators and from the teacher's own soft labels at once
(Hinton et al. 2015). Those of the teacher are noted while it trains, which costs nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from scr_tone.training.examples import CLASSES, Examples
from scr_tone.training.neural.loop import Schedule, buckets, run
from scr_tone.training.neural.network import Network, TokenIds, padded

__all__ = ["Recipe", "fine_tune", "teacher_logits", "write_teacher_logits"]

#: Share of each further head in the loss, the label's being 1.
_SHARES = {"label": 1.0, "target": 0.2, "voice": 0.1, "culpability": 1.0, "factors": 2.0}


@dataclass(frozen=True)
class Recipe:
    """What one training run does.

    Attributes
    ----------
    epochs : float
        Passes over the sentences that are not held out; a last part of a pass takes the first of its batches.
    batch : int
    schedule : Schedule
    seed : int
    teacher_share : float
        Share of the teacher's labels in the label's loss, for the sentences that it has read.
    temperature : float
        Teacher's and student's logits are divided by it before they are compared.
    bfloat16 : bool
        Multiply matrices in bfloat16, the weights kept in float32 (mixed precision; Micikevicius et al. 2018). Several times as
        fast on a processor that has instructions for it, and not the same bytes.
    """

    epochs: float
    schedule: Schedule
    batch: int = 16
    seed: int = 1
    teacher_share: float = 0.5
    temperature: float = 2.0
    bfloat16: bool = False


def fine_tune(
    network: Network,
    tokens: TokenIds,
    examples: Examples,
    recipe: Recipe,
    folder: Path,
    *,
    taught: npt.NDArray[np.float32] | None = None,
    times: npt.NDArray[np.int64] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> npt.NDArray[np.float32]:
    """Train `network` in place on all examples that are not held out.

    Parameters
    ----------
    network, tokens
        See `scr_tone.training.neural.network`.
    examples : Examples
    recipe : Recipe
    folder : Path
        For checkpoints.
    taught : ndarray of float32, shape (n, 4), optional
        The teacher's label logits; NaN where it has not read a sentence.
    times : ndarray of int64, shape (n,), optional
        How often each sentence is in a pass; once if not given.
    say : callable

    Returns
    -------
    ndarray of float32, shape (n, 4)
        The network's own label logits when it last met each sentence, before it learned from it; NaN where it did not.
        In the first pass they are out of sample, and they cost nothing.
    """
    torch.manual_seed(recipe.seed)
    torch.set_flush_denormal(True)
    rng = random.Random(recipe.seed)
    rows = np.flatnonzero(~examples.held)
    rows = rows if times is None else np.repeat(rows, times[rows])
    ids = tokens([examples.texts[row] for row in rows])
    targets = {name: torch.tensor(found[rows]) for name, found in examples.targets.items()}
    lengths = [len(found) for found in ids]
    batches: list[list[int]] = []
    while len(batches) < recipe.epochs * len(ids) / recipe.batch:
        batches += buckets(lengths, recipe.batch, rng)
    batches = batches[: int(np.ceil(recipe.epochs * len(ids) / recipe.batch))]
    soft = torch.tensor(np.full((len(rows), 4), np.nan, np.float32) if taught is None else taught[rows])
    known = torch.isfinite(soft).all(1)
    soft = torch.softmax(torch.nan_to_num(soft) / recipe.temperature, -1)
    met = torch.full((len(rows), 4), float("nan"))

    def loss(batch: Sequence[int]) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bfloat16):
            found = network(*padded([ids[at] for at in batch], tokens.pad))
        logits = {name: one.float() for name, one in found.items()}
        met[batch] = logits["label"].detach()
        own = -(targets["label"][batch] * torch.log_softmax(logits["label"], -1)).sum(-1)
        logs = torch.log_softmax(logits["label"] / recipe.temperature, -1)
        distance = functional.kl_div(logs, soft[batch], reduction="none").sum(-1) * recipe.temperature**2
        share = recipe.teacher_share * known[batch].float()
        total = ((1 - share) * own + share * distance).mean()
        for name in CLASSES:
            if name != "label":
                total = total + _SHARES[name] * _attribute_loss(name, logits[name], targets[name][batch])
        return total

    steps = run(network, batches, loss, recipe.schedule, folder, say, kept=met)
    say(f"{steps:,} steps of {len(batches):,}, {int(known.sum()):,} sentences with the teacher's labels")
    found = np.full((len(examples.texts), 4), np.nan, np.float32)
    found[rows] = met.numpy()
    return found


def _attribute_loss(name: str, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Loss of one further head, over the sentences for which it is known, as a mean over the batch."""
    known = torch.isfinite(target).all(1)
    if not bool(known.any()):
        return logits.sum() * 0
    logits, target = logits[known], target[known]
    if name == "factors":
        each = functional.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(-1)
    else:
        each = -(target * torch.log_softmax(logits, -1)).sum(-1)
    return each.sum() / len(known)


def write_teacher_logits(path: Path, examples: Examples, logits: npt.NDArray[np.float32]) -> None:
    """Keep what the teacher said of each sentence, by id, in half precision."""
    read = np.isfinite(logits).all(1)
    ids = np.array([str(sentence.extra.get("id", "")) for sentence in examples.sentences])
    np.savez_compressed(path, ids=ids[read], logits=logits[read].astype(np.float16))


def teacher_logits(path: Path, examples: Examples) -> npt.NDArray[np.float32]:
    """What `write_teacher_logits` kept, for these examples, shape (n, 4); NaN where there is nothing."""
    found = np.full((len(examples.sentences), 4), np.nan, np.float32)
    with np.load(path) as kept:
        place = {name: at for at, name in enumerate(kept["ids"])}
        logits = kept["logits"].astype(np.float32)
    for row, sentence in enumerate(examples.sentences):
        at = place.get(str(sentence.extra.get("id", "")))
        if at is not None:
            found[row] = logits[at]
    return found
