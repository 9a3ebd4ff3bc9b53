"""Eight-bit arithmetic for the encoder, the same for a sentence alone and among others.

Weights are int8 with a scale for each output (seven bits of it used, as processors without VNNI saturate otherwise),
activations uint8 with a fixed scale for each layer, found on training sentences. A scale that is found anew for each batch,
ONNX Runtime's "dynamic" way, would let a sentence's neighbours move its score.

A few channels of a transformer's activations are far larger than the rest and would spend the eight bits. They are divided
by a factor that the weights are multiplied with (SmoothQuant, Xiao et al. 2023), which changes nothing in exact arithmetic.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from scr_tone.training.neural.network import Network, TokenIds, padded

__all__ = ["quantise", "smooth"]

_ALPHA = 0.5  # how much of the range moves into the weights; the paper's value
_PERCENTILE = 99.99
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


def quantise(graph: bytes, batches: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]) -> bytes:
    """The graph with eight-bit layers.

    Parameters
    ----------
    graph : bytes
        From `scr_tone.training.neural.export.export`.
    batches : sequence of (ids, mask)
        Sentences on which the ranges of the activations are found.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(graph)
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        model = onnx.load(str(target))
    found = [node for node in model.graph.node if node.op_type == "DynamicQuantizeLinear"]
    ranges = _ranges(graph, sorted({node.input[0] for node in found}), batches)
    for node in found:
        low, high = ranges[node.input[0]]
        scale = np.float32(max(high - low, 1e-6) / 255)
        zero = np.uint8(np.clip(round(-low / scale), 0, 255))
        quantised, scale_name, zero_name = node.output
        model.graph.initializer.append(numpy_helper.from_array(np.array(scale), scale_name))
        model.graph.initializer.append(numpy_helper.from_array(np.array(zero), zero_name))
        fixed = helper.make_node("QuantizeLinear", [node.input[0], scale_name, zero_name], [quantised], name=node.name)
        node.CopyFrom(fixed)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _ranges(
    graph: bytes, tensors: Sequence[str], batches: Sequence[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
) -> dict[str, tuple[float, float]]:
    """Where almost all values of each tensor lie, zero included."""
    model = onnx.load_from_string(graph)
    for name in tensors:
        model.graph.output.append(helper.make_empty_tensor_value_info(name))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # keeps the tensors' names
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    low, high = dict.fromkeys(tensors, 0.0), dict.fromkeys(tensors, 0.0)
    for ids, mask in batches:
        values = session.run(list(tensors), {"input_ids": ids, "attention_mask": mask})
        for name, value in zip(tensors, values, strict=True):
            low[name] = min(low[name], float(np.percentile(value, 100 - _PERCENTILE)))
            high[name] = max(high[name], float(np.percentile(value, _PERCENTILE)))
    return {name: (low[name], high[name]) for name in tensors}
