"""What the sentence model of the purpose profile sees of a sentence."""

from __future__ import annotations

from scr_tone.purpose.rules import PROCESSES, Reading, ruled

__all__ = ["features_of"]

_PROCESS = frozenset((*PROCESSES, "answer"))
_COMMON = frozenset("a an the of to and in on at it its is was were be been that which with for by as from had has have".split())


def features_of(reading: Reading, use_rules: bool = True, use_concepts: bool = True, use_words: bool = True) -> list[str]:
    found: list[str] = []
    tags = reading.tags
    words = ["0" if token.isdigit() else token for token in tags.tokens]
    if use_words:
        found += [f"w {word}" for word in set(words) - _COMMON]
        found += {f"w {a} {b}" for a, b in zip(words, words[1:], strict=False)}
    if use_concepts:
        names = sorted(tags.found)
        found += [f"c {name}" for name in names]
        found += [f"c {a} {b}" for i, a in enumerate(names) for b in names[i + 1 :]]
        if reading.recent & _PROCESS:
            found += [f"q process {name}" for name in ("cause", "limit") if name in tags]
        if {"purpose", "tell"} <= reading.before:
            found += [f"q told {name}" for name in ("same", "tell") if name in tags]
    if use_rules:
        found += [f"r {kind}" for kind in ruled(reading)]
    return found
