"""A shorter vocabulary for the student: the embedding table is a third of its size, and most of it is never looked up."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tokenizers import Tokenizer

__all__ = ["kept_tokens", "shorten"]

#: Whole words of BERT's vocabulary stand by frequency; those up to this id are kept even if no training sentence has them.
_FREQUENT = 16_000


def kept_tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> list[int]:
    """Ids to keep, ascending: special tokens, ASCII word pieces, frequent words, and all that occurs in `texts`."""
    used = {token for encoding in tokenizer.encode_batch(list(texts)) for token in encoding.ids}
    added = {int(token["id"]) for token in json.loads(tokenizer.to_str())["added_tokens"]}
    kept = used | added
    for token, number in tokenizer.get_vocab().items():
        bare = token.removeprefix("##")
        if not bare.isascii() or token.startswith("[unused"):
            continue
        if token.startswith("##") or len(bare) == 1 or number < _FREQUENT:
            kept.add(number)
    return sorted(kept)


def shorten(tokenizer: Tokenizer, keep: Sequence[int]) -> Tokenizer:
    """The tokenizer with only the tokens `keep`, numbered anew in that order; a dropped word falls into its pieces."""
    new = {old: at for at, old in enumerate(keep)}
    state = json.loads(tokenizer.to_str())
    vocabulary = state["model"]["vocab"]
    state["model"]["vocab"] = {token: new[old] for token, old in vocabulary.items() if old in new}
    for token in state["added_tokens"]:
        token["id"] = new[token["id"]]
    processor = state["post_processor"]
    for special in (processor.get("special_tokens") or {}).values():
        special["ids"] = [new[old] for old in special["ids"]]
    for side in ("sep", "cls"):  # RoBERTa's way of saying it, which MPNet uses
        if isinstance(processor.get(side), list):
            processor[side][1] = new[processor[side][1]]
    return Tokenizer.from_str(json.dumps(state))
