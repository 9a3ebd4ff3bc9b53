"""A trained encoder as ONNX, its weights stored small."""

from __future__ import annotations

import io
import warnings
from typing import Literal

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
        warnings.simplefilter("ignore")  # the tracer's, about shapes that it takes for constants; a test compares
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


def shrink(graph: bytes, kind: Literal["int8", "float16"]) -> bytes:
    """The same graph with its large weights stored in int8 or float16; the arithmetic stays float32.

    A cast behind each stored weight restores it, and ONNX Runtime folds the casts away when it loads the file. int8
    weights have one scale for each output of a layer, and one for each row of an embedding table.
    """
    model = onnx.load_from_string(graph)
    nodes = []
    for stored in list(model.graph.initializer):
        if stored.data_type != TensorProto.FLOAT or np.prod(stored.dims) < _SMALLEST:
            continue
        weight, name = numpy_helper.to_array(stored), stored.name
        model.graph.initializer.remove(stored)
        if kind == "float16" or weight.ndim != 2:
            model.graph.initializer.append(numpy_helper.from_array(weight.astype(np.float16), f"{name}_stored"))
            nodes.append(helper.make_node("Cast", [f"{name}_stored"], [name], to=TensorProto.FLOAT))
            continue
        table = weight.shape[0] > 4 * weight.shape[1]
        scale = np.maximum(np.abs(weight).max(axis=1 if table else 0, keepdims=True) / 127, 1e-12).astype(np.float32)
        small = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        model.graph.initializer.append(numpy_helper.from_array(small, f"{name}_stored"))
        model.graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        nodes.append(helper.make_node("Cast", [f"{name}_stored"], [f"{name}_cast"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
