"""A network out of a model that ships, to be trained on or to be run by another library."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import AutoModel, MPNetConfig

from scr_tone.encoder import EncoderModel
from scr_tone.errors import ConfigError
from scr_tone.pointer import POINTER
from scr_tone.training.examples import CLASSES
from scr_tone.training.neural.network import Network, TokenIds

__all__ = ["configuration", "encoder_weights", "restored"]

_SPECIAL = {"pad_token_id": "<pad>", "bos_token_id": "<s>", "eos_token_id": "</s>"}


def restored(model: EncoderModel) -> tuple[Network, TokenIds]:
    """The network that an eight-bit model was made of, as far as eight bits can tell.

    Its heads are the model's calibrated ones.

    Parameters
    ----------
    model : EncoderModel

    Returns
    -------
    network : Network
    tokens : TokenIds

    Raises
    ------
    ConfigError
        If the model's layers are not of eight bits.
    """
    state, epsilon = encoder_weights(model.files.onnx)
    tokenizer = Tokenizer.from_str(model.files.tokenizer)
    config = configuration(state, epsilon, {name: tokenizer.token_to_id(token) for name, token in _SPECIAL.items()})
    network = Network(AutoModel.from_config(config, add_pooling_layer=False), config.hidden_size)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}
    missing, unexpected = network.encoder.load_state_dict(tensors, strict=False)
    wrong = [name for name in (*missing, *unexpected) if "position_ids" not in name]
    if wrong:
        raise ValueError(f"the weights do not fit transformers' MPNet: {wrong[:5]}")
    with torch.no_grad():
        for name, head in model.heads.items():
            if name == POINTER:  # fitted on the finished encoder
                continue
            if head.classes != CLASSES[name]:
                raise ValueError(f"{name} has other classes: {head.classes}")
            layer = network.heads[name]
            layer.weight.copy_(torch.from_numpy(head.coef.T / np.float32(head.temperature)))
            layer.bias.copy_(torch.from_numpy(head.intercept / np.float32(head.temperature)))
            if head.focus is not None:
                layer.focus.copy_(torch.from_numpy(head.focus.T.copy()))
    return network, TokenIds(tokenizer)


def configuration(
    state: Mapping[str, npt.NDArray[np.float32]], epsilon: float, special: Mapping[str, int | None]
) -> MPNetConfig:
    """The configuration for the weights of `encoder_weights`; `special` are ids of tokens by the names of transformers."""
    buckets, heads = state["encoder.relative_attention_bias.weight"].shape
    return MPNetConfig(
        vocab_size=len(state["embeddings.word_embeddings.weight"]),
        max_position_embeddings=len(state["embeddings.position_embeddings.weight"]),
        hidden_size=state["embeddings.LayerNorm.weight"].shape[0],
        intermediate_size=state["encoder.layer.0.intermediate.dense.weight"].shape[0],
        num_hidden_layers=1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.layer.")),
        num_attention_heads=heads,
        relative_attention_num_buckets=buckets,
        layer_norm_eps=epsilon,
        **special,
    )


def encoder_weights(graph: bytes) -> tuple[dict[str, npt.NDArray[np.float32]], float]:
    """Weights of an eight-bit encoder as float32, each under the name that ``MPNetModel.state_dict`` has for it.

    A weight of eight bits is its integers times their scale. What SmoothQuant divides the activations by is multiplied into
    the weights, which is where it came from (`scr_tone.training.neural.quantise`); in exact arithmetic this is the same network.

    Parameters
    ----------
    graph : bytes
        As `scr_tone.encoder.EncoderFiles` has it.

    Returns
    -------
    state : dict of str to ndarray
    epsilon : float
        Of the layers' norms.

    Raises
    ------
    ConfigError
        If its layers are not of eight bits.
    """
    model = onnx.load_from_string(graph)
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    aliases = {node.output[0]: node.input[0] for node in model.graph.node if node.op_type == "Identity"}
    products = [node for node in model.graph.node if node.op_type == "MatMulInteger"]
    if not products:
        raise ConfigError("has no eight-bit layers", remedy="start from `standard`", subject="the model to start from")

    def get(name: str) -> npt.NDArray[np.float32]:
        name = aliases.get(name, name)
        for at in (name, f"{name}_stored"):
            if at in stored:
                return stored[at].astype(np.float32)
        integers, zero = (stored[f"{name}_{part}"].astype(np.float32) for part in ("quantized", "zero_point"))
        return np.asarray((integers - zero) * get(f"{name}_scale"), np.float32)

    found = {}
    for product in products:
        inside = product.name.removeprefix("/encoder/").removesuffix("/layer/MatMul_quant").replace("/", ".")
        inverse = get(f"encoder.{inside}.inverse")
        found[f"{inside}.weight"] = (get(product.input[1].removesuffix("_quantized")) * inverse[:, None]).T
        found[f"{inside}.bias"] = get(f"encoder.{inside}.layer.bias")
    for name in (*stored, *aliases):  # equal weights are stored once
        plain = name.removesuffix("_stored").removesuffix("_quantized").removeprefix("encoder.")
        is_table = name.endswith("_quantized") and "MatMul" not in name
        if is_table or ("LayerNorm" in name and name.startswith("encoder.")):
            found[plain] = get(f"encoder.{plain}")
    norm = next(node for node in model.graph.node if node.op_type == "LayerNormalization")
    return found, float(next(one.f for one in norm.attribute if one.name == "epsilon"))
