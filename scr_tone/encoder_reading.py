"""A sentence as the encoder read it, and which of its words did it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.normalise import Normalised
from scr_tone.pointer import POINTER, WordOdds, parts_of
from scr_tone.scorer import FloatArray, TokenWeight

if TYPE_CHECKING:
    from scr_tone.encoder import EncoderModel

__all__ = ["EncoderReading", "Read"]

#: Times that a sentence is read again to explain it.
_STRETCHES = 10


@dataclass(frozen=True)
class Read:
    """What is kept of a sentence, in a few arrays, as thousands of sentences are kept.

    Attributes
    ----------
    logits : ndarray of float32, shape (n_outputs,)
        Of all heads, one after the other.
    shares : ndarray of float32, shape (n_tokens, n_labels)
        The states' shares in the label's logits.
    odds : ndarray of float32, shape (n_tokens, n_pointed)
        Log-odds of what `scr_tone.pointer` asks of each token; of no columns for a model that does not say.
    offsets : ndarray of int32, shape (n_tokens, 2)
        Where each token stands in the normalised text.
    left_out : dict of str to (list of (int, int), list of float)
        For each label that was explained by leaving words out, where the pieces stand and what each weighs. That took up to ten
        readings, which a second check need not make again.
    words : dict of (str, bool) to (ndarray of int32, ndarray of float64)
        For each label, and whether it was explained thoroughly, where the words of one sentence stand and what each weighs.
    pointing : dict of str to list of WordOdds
        For each label, what is made of `odds` for the words of one sentence.
    """

    logits: FloatArray
    shares: FloatArray
    odds: FloatArray
    offsets: npt.NDArray[np.int32]
    left_out: dict[str, tuple[list[tuple[int, int]], list[float]]] = field(default_factory=dict)
    words: dict[tuple[str, bool], tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]] = field(default_factory=dict)
    pointing: dict[str, list[WordOdds]] = field(default_factory=dict)


@dataclass(frozen=True)
class EncoderReading:
    """A sentence as the encoder reads it."""

    model: EncoderModel
    sentence: str
    found: Read
    #: Begins to read normalised texts; only while the reader that this comes from goes on.
    submit: Callable[[Sequence[str]], Callable[[], list[Read]]] | None = None
    _begun: dict[str, Callable[[], list[Read]]] = field(default_factory=dict, init=False)

    @cached_property
    def normalised(self) -> Normalised:
        """The sentence as the encoder reads it; worked out where it is asked for, as most sentences are not explained."""
        return self.model.normalised(self.sentence)

    def logits(self, head: str) -> FloatArray:
        """See `scr_tone.scorer.Reading`."""
        return self.model.output(self.found, head)

    def foresee(self, label: str, *, thorough: bool = False) -> None:
        """See `scr_tone.scorer.Reading`."""
        if self.submit is None or (label, thorough) in self.found.words or not (thorough or label == "blame"):
            return
        stretches = _stretches(self.normalised)
        if len(stretches) > 1 and self._weighed(label) is None:
            with suppress(RuntimeError):  # the reader's threads have gone: it is done where it is asked for
                self._begun[label] = self.submit(self._texts_without(stretches))

    def token_weights(self, label: str, *, thorough: bool = False) -> list[TokenWeight]:
        """How much each word speaks for `label` against `neutral`, in reading order, in logits.

        For blame, which is rare and where a reader most wants to know, the sentence is read again without each stretch of a
        few words (occlusion), at most `_STRETCHES` times, and what the logit loses is shared among the stretch's words. For the
        other labels that is done where `thorough` asks for it; else it is each word's share in the mean that the heads see,
        which costs nothing and says less: a transformer's states all take on what the sentence says.
        """
        known = self.found.words.get((label, thorough))
        if known is None:
            stretches = _stretches(self.normalised) if thorough or label == "blame" else []
            weights = self._left_out(stretches, label) if len(stretches) > 1 else self.shares(label)
            places = [(piece.source_start, piece.source_end) for piece in self.normalised.pieces]
            known = np.array(places, np.int32).reshape(-1, 2), np.array(weights, np.float64)
            self.found.words[label, thorough] = known
        places, weights = known[0].tolist(), known[1].tolist()
        return [TokenWeight(start, end, weight) for (start, end), weight in zip(places, weights, strict=True)]

    def _left_out(self, stretches: list[range], label: str) -> list[float]:
        weights = self._weighed(label)
        if weights is None:
            weights = self._without(stretches, label)
            self.found.left_out[label] = self._spans(), weights
        return weights

    def _weighed(self, label: str) -> list[float] | None:
        """What each piece weighs, if that is known; a sentence that reads the same may be cut into other pieces."""
        spans, weights = self.found.left_out.get(label, (None, None))
        return weights if spans == self._spans() else None

    def _spans(self) -> list[tuple[int, int]]:
        return [(piece.start, piece.end) for piece in self.normalised.pieces]

    def _texts_without(self, stretches: list[range]) -> list[str]:
        text, pieces = self.normalised.text, self.normalised.pieces
        return [" ".join((text[: pieces[part[0]].start] + text[pieces[part[-1]].end :]).split()) for part in stretches]

    def _without(self, stretches: list[range], label: str) -> list[float]:
        text, pieces = self.normalised.text, self.normalised.pieces
        try:
            reads = self._begun.pop(label)()
        except (KeyError, CancelledError):  # not foreseen, or the reader was given up
            reads = self.model.compute(self._texts_without(stretches))
        head = self.model.heads["label"]
        wanted, neutral = head.classes.index(label), head.classes.index("neutral")
        whole = float(self.logits("label")[wanted] - self.logits("label")[neutral])
        weights = [0.0] * len(pieces)
        for part, found in zip(stretches, reads, strict=True):
            logits = self.model.output(found, "label")
            words = [at for at in part if text[pieces[at].start].isalnum()]
            for at in words:
                weights[at] = (whole - float(logits[wanted] - logits[neutral])) / len(words)
        return weights

    def shares(self, label: str) -> list[float]:
        """Share of each word in the logit of `label` minus that of `neutral`.

        The heads are linear over the mean of the token states, so the difference is exactly a sum over tokens, the marks at both
        ends and the intercept.
        """
        head = self.model.heads["label"]
        logits = self.found.shares
        difference = logits[:, head.classes.index(label)] - logits[:, head.classes.index("neutral")]
        sums = [0.0] * len(self.normalised.pieces)
        for at, weight in self._by_piece(difference):
            sums[at] += weight
        return sums

    def pointer_odds(self, label: str) -> list[WordOdds]:
        """See `scr_tone.scorer.Reading`."""
        if label not in self.found.pointing:
            self.found.pointing[label] = self._pointing(label)
        return self.found.pointing[label]

    def _pointing(self, label: str) -> list[WordOdds]:
        head = self.model.heads.get(POINTER)
        if head is None:
            return []
        columns = [head.classes.index(part) for part in parts_of(label)]
        tokens: list[list[list[float]]] = [[] for _ in self.normalised.pieces]
        for at, found in self._by_piece(self.found.odds[:, columns]):
            tokens[at].append(found)
        return [
            WordOdds(
                piece.source_start,
                piece.source_end,
                sum(inside for inside, _, _ in found) / len(found),
                found[0][1],
                found[-1][2],
            )
            for piece, found in zip(self.normalised.pieces, tokens, strict=True)
            if found  # nothing is known beyond the tokens that are read
        ]

    def _by_piece(self, values: FloatArray) -> Iterator[tuple[int, Any]]:
        """What there is for each token, with the index of the piece that it is in; the marks at both ends are in none."""
        pieces, at = self.normalised.pieces, 0
        for (start, end), value in zip(self.found.offsets.tolist(), values.tolist(), strict=True):
            if start == end:
                continue
            while at < len(pieces) - 1 and pieces[at].end <= start:
                at += 1
            yield at, value


def _stretches(normalised: Normalised) -> list[range]:
    """Runs of pieces, each of two words or more, that end at a stop or comma if one is near; at most about `_STRETCHES`."""
    text, pieces = normalised.text, normalised.pieces
    words = sum(text[piece.start].isalnum() for piece in pieces)
    size = max(2, math.ceil(words / _STRETCHES))
    found, start, count = [], 0, 0
    for at, piece in enumerate(pieces):
        count += text[piece.start].isalnum()
        if count >= size and at + 1 < len(pieces) and text[pieces[at + 1].start].isalnum():
            found.append(range(start, at + 1))
            start, count = at + 1, 0
    if count:
        found.append(range(start, len(pieces)))
    return found
