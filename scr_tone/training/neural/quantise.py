"""Eight-bit arithmetic for the encoder.

Weights are int8 with a scale for each output (seven bits of it used: processors without VNNI saturate otherwise), activations
uint8 with a scale that is found at run time for each matrix, which is one sentence (`scr_tone.encoder.EncoderFiles.alone`).
A fixed scale, found on training sentences, was tried and is far worse.

A few channels of a transformer's activations are far larger than the rest and would spend the eight bits. They are divided
by a factor that the weights are multiplied with (SmoothQuant, Xiao et al. 2023), which changes nothing in exact arithmetic.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from scr_tone.training.neural.export import shrink
from scr_tone.training.neural.network import Network, TokenIds, padded

__all__ = ["quantise", "smooth"]

_ALPHA = 0.7  # how much of the range moves into the weights; 0.5, the paper's value, leaves twice the error here
_BATCH = 16


class Scaled(nn.Module):
    """A linear layer whose input is divided by a factor for each channel, and whose weights are multiplied by it."""

    def __init__(self, layer: nn.Linear, factor: torch.Tensor) -> None:
        super().__init__()
        self.layer = layer
        self.layer.weight.data = layer.weight.data * factor
        self.register_buffer("inverse", 1 / factor)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """The layer's own result."""
        return torch.as_tensor(self.layer(states * self.inverse))


@torch.no_grad()
def smooth(network: Network, tokens: TokenIds, texts: Sequence[str]) -> None:
    """Move large activations into the weights, in place.

    Parameters
    ----------
    network : Network
    tokens : TokenIds
    texts : sequence of str
        Some hundred normalised sentences of the training data.
    """
    largest: dict[str, torch.Tensor] = {}
    layers = {name: module for name, module in network.encoder.named_modules() if isinstance(module, nn.Linear)}
    hooks = []
    for name, module in layers.items():

        def keep(_: nn.Module, inputs: tuple[torch.Tensor, ...], name: str = name) -> None:
            found = inputs[0].abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest[name], found) if name in largest else found

        hooks.append(module.register_forward_pre_hook(keep))
    network.eval()
    ids = sorted(tokens(texts), key=len)
    for start in range(0, len(ids), _BATCH):
        network.states(*padded(ids[start : start + _BATCH], tokens.pad))
    for hook in hooks:
        hook.remove()
    factors = {}
    for name in layers:
        parent, _, own = name.rpartition(".")
        # Queries, keys and values read the same states, so one factor serves the three.
        together = [f"{parent}.{other}" for other in ("q", "k", "v")] if own in ("q", "k", "v") else [name]
        weight = torch.stack([layers[other].weight.abs().amax(0) for other in together]).amax(0)
        factor = largest[name].clamp(min=1e-5) ** _ALPHA / weight.clamp(min=1e-5) ** (1 - _ALPHA)
        factors[name] = factor.clamp(1e-2, 1e4)
    for name, layer in layers.items():
        parent, _, own = name.rpartition(".")
        setattr(network.encoder.get_submodule(parent), own, Scaled(layer, factors[name]))


def quantise(graph: bytes) -> bytes:
    """The graph of `scr_tone.training.neural.export.export` with eight-bit layers and tables."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(graph)
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return shrink(target.read_bytes())
