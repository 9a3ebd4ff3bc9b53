"""A window of sentences on its way through an encoder: what is known of them is taken from memory, the rest is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from scr_tone.encoder_memory import Memory, digest
from scr_tone.encoder_reading import Read

__all__ = ["Window"]


class Window:
    """Sentences that are read together. Their reading begins at once, where `submit` has threads for it.

    Parameters
    ----------
    normalised : callable
        From a sentence to the text that the encoder reads.
    memory : Memory
    part : sequence of str
    submit : callable
        From normalised texts to a callable that waits for what was made of them (`EncoderModel.submit`).
    before : Window, optional
        The one before, which may still be on its way; `reads` must be called on it first. Its sentences are not read again.
    """

    def __init__(
        self,
        normalised: Callable[[str], str],
        memory: Memory,
        part: Sequence[str],
        submit: Callable[[Sequence[str]], Callable[[], list[Read]]],
        *,
        before: Window | None = None,
    ) -> None:
        self._memory = memory
        self._sources = [digest(sentence) for sentence in part]
        self._known = self._memory.known(self._sources)
        texts = {
            source: normalised(sentence)
            for source, sentence in zip(self._sources, part, strict=True)
            if source not in self._known
        }
        self._keys = {source: digest(text, normalised=True) for source, text in texts.items()}
        self._alike = self._memory.known(self._keys.values())
        self._underway = before.fresh if before is not None else {}
        wanted = {key: texts[source] for source, key in self._keys.items() if key not in self._alike | self._underway}
        #: What is read anew, by key; None as long as it is on its way.
        self.fresh: dict[bytes, Read | None] = dict.fromkeys(wanted)
        self._wait = submit(list(wanted.values()))

    def reads(self) -> list[Read]:
        """What was made of each sentence, from memory where it, or one that is the same to the encoder, was read before."""
        self.fresh.update(zip(self.fresh, self._wait(), strict=True))
        alike, known = {**self._alike, **self._underway, **self.fresh}, dict(self._known)
        kept: dict[bytes, Read] = {}
        for source, key in self._keys.items():
            found = alike[key]
            assert found is not None, "the window before was not read"
            # Two sentences that are the same to the encoder have their words in different places.
            kept[key], known[source] = found, replace(found, words={}, pointing={})
        self._memory.keep({**kept, **known})
        return [known[source] for source in self._sources]
