"""The heads of an encoder, side by side: from the token states of a sentence to the logits of all of them in one product."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scr_tone.pointer import POINTER
from scr_tone.scorer import FloatArray, Head, softmax

__all__ = ["StackedHeads"]

#: Rows of a matrix product that OpenBLAS leaves to the thread that asks for it, with room to spare.
_ROWS = 8


class StackedHeads:
    """All heads of a model as one matrix, their temperatures multiplied in.

    Parameters
    ----------
    heads : mapping of str to Head
        Their coefficients have shape (width, n_classes).

    Attributes
    ----------
    columns : dict of str to slice
        Where each head's logits stand.
    width : int
    """

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self.columns: dict[str, slice] = {}
        coef, bias, at = [], [], 0
        for name, head in heads.items():
            self.columns[name] = slice(at, at + len(head.classes))
            coef.append(head.coef / np.float32(head.temperature))
            bias.append(head.intercept / np.float32(head.temperature))
            at += len(head.classes)
        self._bias = np.concatenate(bias)
        # Behind the heads' columns stand those by which some of them weigh the tokens.
        self._focused: list[tuple[slice, slice]] = []
        for name, head in heads.items():
            if head.focus is not None:
                self._focused.append((self.columns[name], slice(at, at + len(head.classes))))
                coef.append(head.focus)
                at += len(head.classes)
        self._matrix = np.ascontiguousarray(np.concatenate(coef, axis=1))
        self.width = len(self._matrix)

    def __call__(self, states: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Logits of all heads, the tokens' shares in those of the label, and what is asked of them to point at words.

        Parameters
        ----------
        states : ndarray of float32, shape (n_tokens, width)

        Returns
        -------
        logits : ndarray of float32, shape (n_outputs,)
        shares : ndarray of float32, shape (n_tokens, n_labels)
        odds : ndarray of float32, shape (n_tokens, n_pointed)
            See `scr_tone.pointer`; of no columns for a model without that head.
        """
        products = _product(states, self._matrix)
        length = np.float32(len(states))
        logits = products[:, : len(self._bias)].sum(0) / length + self._bias
        for columns, scores in self._focused:
            weights = softmax(products[:, scores].T.astype(np.float64))
            logits[columns] = (weights.T * products[:, columns]).sum(0) + self._bias[columns]
        pointed = self.columns.get(POINTER, slice(0, 0))
        return logits, products[:, self.columns["label"]] / length, products[:, pointed] + self._bias[pointed]


def _product(states: FloatArray, columns: FloatArray) -> FloatArray:
    """Their matrix product, a few rows at a time.

    A larger one numpy's OpenBLAS shares among threads of its own, which go on spinning for a while and take the cores from the
    encoder: it then reads a third fewer sentences a second (`python -m tests.benchmarks.peers`).
    """
    parts = np.array_split(states, -(-len(states) // _ROWS))
    return np.concatenate([part @ columns for part in parts])
