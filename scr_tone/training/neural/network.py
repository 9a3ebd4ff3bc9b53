"""The network that is fine-tuned: an encoder, the mean over its tokens, one linear layer for each head."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel

from scr_tone.encoder import MAX_TOKENS
from scr_tone.training.examples import CLASSES, FOCUSED
from scr_tone.training.vocabulary import kept_tokens, shorten

__all__ = ["Network", "TokenIds", "cut", "fresh", "load_network", "padded", "save_network"]


class Focused(nn.Linear):
    """A linear layer over token states that weighs the tokens, each class in its own way.

    A class is often named by one or two words, which the mean over a long sentence drowns. With `focus` at zero, as it
    begins, all tokens weigh alike, and the layer is one over the mean (attention pooling; Yang et al. 2016, section 2.2, with a
    query for each class).
    """

    def __init__(self, width: int, classes: int) -> None:
        super().__init__(width, classes)
        self.focus = nn.Parameter(torch.zeros(classes, width))

    def forward(self, states: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        """Logits, shape (batch, n_classes), from states of shape (batch, tokens, width)."""
        scores = (states @ self.focus.T).masked_fill(attention_mask.unsqueeze(-1) == 0, float("-inf"))
        return (scores.softmax(1) * (states @ self.weight.T)).sum(1) + self.bias


class Network(nn.Module):
    """Encoder, mean pooling, dropout, linear heads; those of `FOCUSED` weigh the tokens instead.

    Parameters
    ----------
    encoder : transformers.PreTrainedModel
    width : int
        Size of its hidden states.
    """

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.ModuleDict(
            {name: (Focused if name in FOCUSED else nn.Linear)(width, len(found)) for name, found in CLASSES.items()}
        )

    def states(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """States of the tokens, shape (batch, tokens, width); zero where there is padding."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return torch.as_tensor(states * attention_mask.unsqueeze(-1).to(states.dtype))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of each head, shape (batch, n_classes)."""
        states = self.states(input_ids, attention_mask)
        features = self.dropout(states.sum(1) / attention_mask.sum(1, keepdim=True))
        return {
            name: head(self.dropout(states), attention_mask) if name in FOCUSED else head(features)
            for name, head in self.heads.items()
        }


@dataclass(frozen=True)
class TokenIds:
    """A tokenizer that gives ids of at most `MAX_TOKENS` tokens, and pads."""

    tokenizer: Tokenizer

    @property
    def pad(self) -> int:
        """Id of the padding."""
        for name in ("<pad>", "[PAD]"):
            found = self.tokenizer.token_to_id(name)
            if found is not None:
                return int(found)
        raise ValueError("the tokenizer has no padding token")

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, the closing token kept where it is cut."""
        ids = (encoding.ids for encoding in self.tokenizer.encode_batch(list(texts)))
        return [found if len(found) <= MAX_TOKENS else found[: MAX_TOKENS - 1] + found[-1:] for found in ids]


def padded(batch: Sequence[Sequence[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of a batch, each of shape (batch, longest)."""
    width = max(map(len, batch))
    ids = torch.full((len(batch), width), pad, dtype=torch.long)
    mask = torch.zeros((len(batch), width), dtype=torch.long)
    for row, found in enumerate(batch):
        ids[row, : len(found)] = torch.tensor(found)
        mask[row, : len(found)] = 1
    return ids, mask


def _tokenizer(path: Path) -> TokenIds:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return TokenIds(tokenizer)


def fresh(folder: Path, seed: int) -> tuple[Network, TokenIds]:
    """A network with pretrained weights (see `scr_tone.training.weights.pretrained`) and new heads, drawn with `seed`."""
    torch.manual_seed(seed)
    config = AutoConfig.from_pretrained(folder)
    network = Network(AutoModel.from_config(config, add_pooling_layer=False), config.hidden_size)
    state = {k: v for k, v in load_file(folder / "model.safetensors").items() if not k.startswith("pooler.")}
    missing, unexpected = network.encoder.load_state_dict(state, strict=False)
    wrong = [key for key in (*missing, *unexpected) if "position_ids" not in key]
    if wrong:
        raise ValueError(f"the weights do not fit the configuration: {wrong[:5]}")
    return network, _tokenizer(folder / "tokenizer.json")


def save_network(network: Network, tokens: TokenIds, folder: Path) -> None:
    """Write weights, configuration and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(network.encoder.config.to_json_string(), encoding="utf-8")
    tokens.tokenizer.save(str(folder / "tokenizer.json"))


def load_network(folder: Path) -> tuple[Network, TokenIds]:
    """What `save_network` wrote."""
    config = AutoConfig.from_pretrained(folder)
    network = Network(AutoModel.from_config(config, add_pooling_layer=False), config.hidden_size)
    state = load_file(folder / "model.safetensors")
    for name in FOCUSED:  # a network from before that head weighed its tokens weighs them alike
        state.setdefault(f"heads.{name}.focus", torch.zeros_like(state[f"heads.{name}.weight"]))
    network.load_state_dict(state)
    return network, _tokenizer(folder / "tokenizer.json")


def cut(network: Network, tokens: TokenIds, layers: Sequence[int], texts: Sequence[str]) -> tuple[Network, TokenIds]:
    """A smaller network out of a fine-tuned one: some of its layers, and the tokens that English reports need.

    Parameters
    ----------
    network, tokens
        The teacher.
    layers : sequence of int
        Indices of the layers to keep, in order.
    texts : sequence of str
        Tokens that occur in these are kept whatever else is dropped.

    Returns
    -------
    network : Network
        Its heads are the teacher's.
    tokens : TokenIds
    """
    config = AutoConfig.for_model(**json.loads(network.encoder.config.to_json_string(use_diff=False)))
    config.num_hidden_layers = len(layers)
    keep = kept_tokens(tokens.tokenizer, texts)
    config.vocab_size = len(keep)
    tokenizer = shorten(tokens.tokenizer, keep)
    place = {old: new for new, old in enumerate(layers)}
    state: Mapping[str, torch.Tensor] = network.state_dict()
    kept: dict[str, torch.Tensor] = {}
    for key, value in state.items():
        parts = key.split(".")
        if "layer" in parts:
            at = parts.index("layer") + 1
            if int(parts[at]) not in place:
                continue
            parts[at] = str(place[int(parts[at])])
        name = ".".join(parts)
        kept[name] = value[keep].clone() if name.endswith("word_embeddings.weight") else value
    for name in ("pad_token_id", "bos_token_id", "eos_token_id"):
        old = getattr(config, name, None)
        if old is not None:
            setattr(config, name, keep.index(old))
    small = Network(AutoModel.from_config(config, add_pooling_layer=False), config.hidden_size)
    small.load_state_dict(kept)
    return small, TokenIds(tokenizer)
