"""A trained encoder as ONNX, its weights stored small."""

from __future__ import annotations

import io
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from scr_tone.training.neural.network import Network

__all__ = ["export", "shrink"]

_OPSET = 17
_SMALLEST = 1024  # elements; biases and norms stay as they are


class _States(nn.Module):
    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state)


def export(network: Network) -> bytes:
    """Graph from ``input_ids`` and ``attention_mask`` to ``states``, any batch and any length, float32."""
    ids = torch.full((2, 12), 50, dtype=torch.long)
    axes = {"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}}
    axes["states"] = {0: "batch", 1: "tokens"}
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the tracer's, about shapes that it takes for constants; tests/test_neural.py compares
        torch.onnx.export(
            _States(network.encoder).eval(),
            (ids, torch.ones_like(ids)),
            file,
            input_names=["input_ids", "attention_mask"],
            output_names=["states"],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
    return file.getvalue()


def shrink(graph: bytes) -> bytes:
    """The same graph with its large float32 weights stored in float16; the arithmetic stays float32.

    A cast behind each stored weight restores it, and ONNX Runtime folds the casts away when it loads the file.
    """
    model = onnx.load_from_string(graph)
    nodes = []
    for stored in list(model.graph.initializer):
        if stored.data_type != TensorProto.FLOAT or np.prod(stored.dims) < _SMALLEST:
            continue
        weight, name = numpy_helper.to_array(stored), stored.name
        model.graph.initializer.remove(stored)
        model.graph.initializer.append(numpy_helper.from_array(weight.astype(np.float16), f"{name}_stored"))
        nodes.append(helper.make_node("Cast", [f"{name}_stored"], [name], to=TensorProto.FLOAT))
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
