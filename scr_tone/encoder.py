"""The encoder model: a small transformer run by ONNX Runtime, and linear heads over the mean of its token states.

Needs onnxruntime, tokenizers and numpy; no PyTorch. Everything comes from bytes that the artefact has verified.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scr_tone.cores import usable_cores
from scr_tone.encoder_batches import by_length, in_order, padded
from scr_tone.encoder_heads import StackedHeads
from scr_tone.encoder_memory import Memory
from scr_tone.encoder_reading import EncoderReading, Read
from scr_tone.encoder_window import Window
from scr_tone.errors import ModelError
from scr_tone.normalise import Normalised, normalise
from scr_tone.scorer import FloatArray, Head

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

__all__ = ["MAX_TOKENS", "EncoderFiles", "EncoderModel"]

#: Tokens of a sentence that are read; what follows is not. 99 in 100 authored sentences have fewer than 64.
MAX_TOKENS = 128
#: Sentences that are read together. In batches, many can be sorted by length, which saves padding; one by one, few, so that
#: whoever waits sees progress and a service can stop in between.
_WINDOW_BATCHED, _WINDOW_ALONE = 512, 32
#: Tokens in a batch, padding included; bounds the memory.
_BATCH_TOKENS = 1024
#: All that are alive, to be told of a fork.
_ENCODERS: weakref.WeakSet[EncoderModel] = weakref.WeakSet()


@dataclass(frozen=True)
class EncoderFiles:
    """The encoder as it lies in an artefact.

    Attributes
    ----------
    onnx : bytes
        Graph from ``input_ids`` and ``attention_mask``, int64 of shape (batch, tokens), to ``states``, float32 of shape
        (batch, tokens, width).
    tokenizer : str
        ``tokenizer.json`` of the library tokenizers.
    common, names : frozenset of str
        Vocabulary of `scr_tone.normalise.normalise`.
    alone : bool
        Run each sentence by itself, several at a time on as many threads. Eight-bit layers find their scale anew for each
        run, so in a batch a sentence's neighbours would move its score.
    """

    onnx: bytes = field(repr=False)
    tokenizer: str = field(repr=False)
    common: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)
    alone: bool = False


class EncoderModel:
    """Encoder and heads.

    What it made of the last 20,000 different sentences is remembered, so that a draft that is checked again costs only
    what was changed. The sentences themselves are not: the key is a digest.

    Parameters
    ----------
    files : EncoderFiles
    heads : mapping of str to Head
        Their coefficients have shape (width, n_classes).
    threads : int, optional
        Threads to compute with; as many as the process may use, if not given.
    """

    def __init__(self, files: EncoderFiles, heads: Mapping[str, Head], *, threads: int | None = None) -> None:
        self.files = files
        self.heads = heads
        self._threads = threads or usable_cores()
        self._session: onnxruntime.InferenceSession | None = None
        self._tokenizer: Tokenizer | None = None
        self._pad = 0
        self._memory = Memory()
        self._lock = threading.Lock()
        _ENCODERS.add(self)
        self._stacked = StackedHeads(heads)

    def read(self, sentences: Sequence[str]) -> Iterator[EncoderReading]:
        """Read sentences, a few hundred at a time, in order.

        While the caller looks at some, the encoder reads the next ones, and what `EncoderReading.foresee` asks for.

        Parameters
        ----------
        sentences : sequence of str

        Yields
        ------
        EncoderReading
            One for each sentence.
        """
        size = _WINDOW_ALONE if self.files.alone else _WINDOW_BATCHED
        parts = [sentences[start : start + size] for start in range(0, len(sentences), size)]
        with self._pool(len(sentences)) or nullcontext() as pool:
            try:
                yield from self._windows(parts, pool)
            except BaseException:  # also where the caller wants no more: what is not begun is not worth the wait
                if pool is not None:
                    pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _windows(self, parts: Sequence[Sequence[str]], pool: ThreadPoolExecutor | None) -> Iterator[EncoderReading]:
        submit = partial(self.submit, pool=pool)
        begin = partial(Window, lambda text: self.normalised(text).text, self._memory, submit=submit)
        following: Window | None = None
        for at, part in enumerate(parts):
            current = following or begin(part)
            following = begin(parts[at + 1], before=current) if pool and at + 1 < len(parts) else None
            for found, text in zip(current.reads(), part, strict=True):
                yield EncoderReading(self, text, found, submit if pool else None)

    def output(self, found: Read, head: str) -> FloatArray:
        """One head's logits of what was read, shape (n_classes,)."""
        return found.logits[self._stacked.columns[head]]

    def __getstate__(self) -> tuple[EncoderFiles, dict[str, Head], int]:
        """For another process, which opens the encoder for itself."""
        return self.files, dict(self.heads), self._threads

    def __setstate__(self, state: tuple[EncoderFiles, dict[str, Head], int]) -> None:
        files, heads, threads = state
        self.__init__(files, heads, threads=threads)  # type: ignore[misc]

    def start_afresh(self) -> None:
        """Give up what belongs to the process that this one was forked from: threads, and a lock that nobody will release."""
        self._lock = threading.Lock()
        self._session = self._tokenizer = None
        self._memory.start_afresh()

    def forget(self) -> None:
        """Forget the sentences that were read."""
        self._memory.clear()

    def states(self, sentences: Sequence[str]) -> list[tuple[FloatArray, tuple[tuple[int, int], ...]]]:
        """Token states of each sentence, shape (n_tokens, width), and where the tokens stand in the normalised text.

        Not from memory, which does not keep them.
        """
        encodings = self._encode([self.normalised(text).text for text in sentences])

        def read(rows: list[int]) -> list[tuple[int, tuple[FloatArray, tuple[tuple[int, int], ...]]]]:
            states, mask = self._run([encodings[row][0] for row in rows])
            return [(row, (states[at, : int(mask[at].sum())], encodings[row][1])) for at, row in enumerate(rows)]

        with self._pool(len(sentences)) or nullcontext() as pool:
            return in_order((pool.map if pool else map)(read, self._batches([ids for ids, _ in encodings])))

    def normalised(self, sentence: str) -> Normalised:
        """The sentence as the encoder reads it."""
        return normalise(sentence, self.files.common, self.files.names)

    def compute(self, texts: Sequence[str]) -> list[Read]:
        """Read normalised texts, without remembering them.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        list of Read
            In the order of the texts.
        """
        with self._pool(len(texts)) or nullcontext() as pool:
            return self.submit(texts, pool=pool)()

    def _pool(self, count: int) -> ThreadPoolExecutor | None:
        """Threads to read so many texts, each by itself; None where one thread does as well."""
        if not self.files.alone or self._threads == 1 or count < 2:
            return None
        return ThreadPoolExecutor(self._threads, thread_name_prefix="scr-tone")

    def submit(self, texts: Sequence[str], *, pool: ThreadPoolExecutor | None = None) -> Callable[[], list[Read]]:
        """Have normalised texts read by the threads of a pool, and go on meanwhile.

        Parameters
        ----------
        texts : sequence of str
        pool : ThreadPoolExecutor, optional
            For an encoder that reads each sentence by itself. Without it they are read when the result is asked for.

        Returns
        -------
        callable
            Waits for them and gives what `compute` gives.
        """
        encodings = self._encode(texts) if texts else []

        def read(rows: list[int]) -> list[tuple[int, Read]]:
            states, mask = self._run([encodings[row][0] for row in rows])
            found = []
            for at, row in enumerate(rows):
                logits, shares, odds = self._stacked(states[at, : int(mask[at].sum())])
                found.append((row, Read(logits, shares, odds, np.array(encodings[row][1], np.int32))))
            return found

        batches = self._batches([ids for ids, _ in encodings])
        if pool is None:
            return lambda: in_order(read(rows) for rows in batches)
        futures = [pool.submit(read, rows) for rows in batches]
        return lambda: in_order(future.result() for future in futures)

    def _encode(self, texts: Sequence[str]) -> list[tuple[list[int], tuple[tuple[int, int], ...]]]:
        """Ids and offsets into the text of each one's tokens, cut to `MAX_TOKENS` with the closing token kept."""
        tokenizer, _ = self._started()
        encodings = []
        # A lone surrogate, which a broken file can hold, is no character to the tokenizer; "?" has the same length.
        sound = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        for found in tokenizer.encode_batch(sound):
            ids, offsets = found.ids, found.offsets
            if len(ids) > MAX_TOKENS:
                ids, offsets = ids[: MAX_TOKENS - 1] + ids[-1:], offsets[: MAX_TOKENS - 1] + offsets[-1:]
            encodings.append((ids, tuple(offsets)))
        return encodings

    def _batches(self, ids: Sequence[Sequence[int]]) -> list[list[int]]:
        """Rows that run together."""
        if self.files.alone:  # the longest first, so that towards the end no thread waits long for another
            return [[row] for row in sorted(range(len(ids)), key=lambda row: -len(ids[row]))]
        return by_length(ids, _BATCH_TOKENS)

    def _run(self, ids: Sequence[Sequence[int]]) -> tuple[FloatArray, FloatArray]:
        """A batch's states (zero where there is padding) and mask."""
        _, session = self._started()
        input_ids, mask = padded(ids, self._pad)
        states = session.run(["states"], {"input_ids": input_ids, "attention_mask": mask})[0]
        return states * mask[:, :, None].astype(np.float32), mask.astype(np.float32)

    def _started(self) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        """Open the encoder on first use: it takes a good part of a second, which `info` need not spend."""
        if self._tokenizer is not None and self._session is not None:
            return self._tokenizer, self._session
        with self._lock:
            if self._tokenizer is not None and self._session is not None:  # another thread was first
                return self._tokenizer, self._session
            # Its official builds otherwise give the machine an id, keep a database in the home folder and send events to
            # their maker, from the moment they are loaded.
            os.environ["ORT_DISABLE_TELEMETRY"] = "1"
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1 if self.files.alone else self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            # A waiting thread that spins takes a core from whatever else the laptop does.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            onnxruntime.disable_telemetry_events()  # the other kind, of Windows, which the variable does not reach
            try:
                tokenizer = Tokenizer.from_str(self.files.tokenizer)
                pads = [tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]")]
                self._pad = next(int(pad) for pad in pads if pad is not None)
                session = onnxruntime.InferenceSession(self.files.onnx, options, providers=["CPUExecutionProvider"])
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - the boundary: files that were made wrong, or for other versions
                raise ModelError(
                    f"its encoder cannot be opened ({type(error).__name__})",
                    remedy="install the libraries that its model card names, or train the model again",
                ) from None
            tokenizer.no_padding()
            tokenizer.no_truncation()
            self._session = session
            self._tokenizer = tokenizer
            return tokenizer, self._session


def _after_fork() -> None:
    """A forked process has none of its parent's threads, so a session waits for ever there; tokenizers warns of its own."""
    for encoder in list(_ENCODERS):
        if encoder._tokenizer is not None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        encoder.start_afresh()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
