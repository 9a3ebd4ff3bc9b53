"""What an encoder made of the sentences that it read last, by a digest: the sentences themselves are not kept."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping

from scr_tone.encoder_reading import Read

__all__ = ["Memory", "digest"]

#: Entries, two for a sentence: as it is written, and as the encoder reads it. Both lead to the same arrays.
_LIMIT = 40_000


class Memory:
    """The last 20,000 different sentences; several threads may use it."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, Read] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[bytes]:
        return iter(tuple(self._found))

    def known(self, keys: Iterable[bytes]) -> dict[bytes, Read]:
        """What is known under these keys."""
        with self._lock:
            return {key: self._found[key] for key in keys if key in self._found}

    def keep(self, found: Mapping[bytes, Read]) -> None:
        """Remember these as the latest, and forget the oldest where there are too many."""
        with self._lock:
            for key, read in found.items():
                self._found[key] = read
                self._found.move_to_end(key)
            while len(self._found) > _LIMIT:
                self._found.popitem(last=False)

    def start_afresh(self) -> None:
        """In a forked process: the lock may be held by a thread that is not there."""
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._found.clear()


def digest(text: str, *, normalised: bool = False) -> bytes:
    """Key of a text, which does not give the text away to whoever looks into the memory; 16 bytes.

    A sentence as it is written and one as the encoder reads it have keys of two kinds, as the same words may be both: "- no entry."
    is read as "no entry.", and is itself how "6.10.20 - no entry." is read.
    """
    kind = b"normalised" if normalised else b"written"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, person=kind).digest()
