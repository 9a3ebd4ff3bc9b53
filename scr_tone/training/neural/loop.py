"""The training loop: length buckets, warm-up and decay, a deadline, checkpoints that a crash or an interruption survives."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from scr_tone.errors import ConfigError

__all__ = ["Schedule", "buckets", "run"]

_CHUNK = 50  # batches that are sorted by length together


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes
    ----------
    rate, head_rate : float
        Peak learning rates of the encoder and of the heads (AdamW).
    deadline : float, optional
        Seconds since the epoch by which the rate has reached zero. On a crowded machine the run then takes fewer steps
        instead of more time; without it the number of steps is what was planned, and the run repeatable.
    warm_up : float
        Share of the steps.
    """

    rate: float
    head_rate: float
    deadline: float | None = None
    warm_up: float = 0.06
    checkpoint_seconds: float = 300.0


def buckets(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """One pass over all indices in batches of similar length, in random order."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches = []
    for start in range(0, len(order), size * _CHUNK):
        part = sorted(order[start : start + size * _CHUNK], key=lambda index: lengths[index])
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    rng.shuffle(batches)
    return batches


def _optimiser(network: nn.Module, schedule: Schedule) -> torch.optim.AdamW:
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    heads: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if name.startswith("heads."):
            heads.append(parameter)
        else:
            (plain if parameter.ndim < 2 else decayed).append(parameter)
    groups = [
        {"params": decayed, "lr": schedule.rate, "peak": schedule.rate, "weight_decay": 0.01},
        {"params": plain, "lr": schedule.rate, "peak": schedule.rate, "weight_decay": 0.0},
        {"params": heads, "lr": schedule.head_rate, "peak": schedule.head_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def run(
    network: nn.Module,
    batches: Sequence[Sequence[int]],
    loss: Callable[[Sequence[int]], torch.Tensor],
    schedule: Schedule,
    folder: Path,
    say: Callable[[str], None],
    *,
    kept: torch.Tensor,
) -> int:
    """Train on `batches` in order.

    Parameters
    ----------
    network : Network
    batches : sequence of sequence of int
    loss : callable
        From the indices of a batch to its loss.
    schedule : Schedule
    folder : Path
        Checkpoints go there; a run that finds one goes on from it.
    say : callable
        Gets a line of progress a minute.
    kept : Tensor
        What `loss` notes as it goes; it goes into the checkpoints too, and is filled in again in place.

    Returns
    -------
    int
        Steps taken.

    Raises
    ------
    ConfigError
        If the checkpoint is of a run over other batches.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    optimiser = _optimiser(network, schedule)
    plan = hashlib.sha256(repr([list(batch) for batch in batches]).encode()).hexdigest()
    step, began = 0, time.time()
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        if state["plan"] != plan:
            raise ConfigError(
                "is of another training run", remedy="remove it, or name another --work", subject=str(checkpoint)
            )
        kept.copy_(state["kept"])
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["rng"])
        step, began = state["step"], state["began"]
        say(f"goes on from step {step}")
    total, warm = len(batches), max(1, int(schedule.warm_up * len(batches)))
    last_said = last_kept = first = time.time()
    first_step, summed, seen = step, 0.0, 0
    network.train()
    while step < total:
        done = step / total
        if schedule.deadline is not None:
            done = max(done, (time.time() - began) / max(1.0, schedule.deadline - began))
        if done >= 1:
            break
        scale = min((step + 1) / warm, (1 - done) / (1 - schedule.warm_up), 1.0)
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * scale
        value = loss(batches[step])
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        summed, seen = summed + value.item(), seen + 1
        now = time.time()
        if now - last_said > 60 or step == total:
            pace = (now - first) / (step - first_step)
            say(
                f"step {step:,} of {total:,}: loss {summed / seen:.4f}, {pace:.2f} s a step, rate {scale:.2f} of the peak"
            )
            last_said, summed, seen = now, 0.0, 0
        if now - last_kept > schedule.checkpoint_seconds:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
            state |= {"plan": plan, "kept": kept}
            torch.save({**state, "began": began, "rng": torch.get_rng_state()}, checkpoint.with_suffix(".new"))
            os.replace(checkpoint.with_suffix(".new"), checkpoint)
            last_kept = now
    checkpoint.unlink(missing_ok=True)  # as large as the network three times over, and done with
    return step
