"""The codebook as a tree of codes: labels, below them targets and factors; and the culpability ladder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scr_tone.records import LABELS, Sentence
from scr_tone.rendering.names import CULPABILITY, FACTORS, MEANING

__all__ = ["Codes", "codebook_tree"]

_LADDER = "how an act was meant"
_LADDER_MEANS = "What the sentence claims of how an act was meant, whoever claims it (culpability ladder)."
#: On whom or what responsibility is put.
_TARGETS = ("practitioner", "agency", "system", "family", "child", "perpetrator")
_WITH_TARGET = ("blame", "accountability")
#: As in the HTML report.
_COLOURS = {"blame": "#A3261C", "learning": "#1E6B3A", "accountability": "#1F4FA3", "neutral": "#8A8A8A"}

Guid = Callable[..., str]


def _below(label: str) -> dict[str, tuple[str, str]]:
    """Key, name and meaning of the codes below a label."""
    if label in _WITH_TARGET:
        return {target: (target, f"Responsibility is put on: {target}.") for target in _TARGETS}
    if label == "learning":
        return {key: (name.lower(), f"Contributory factor: {means}.") for key, (name, means) in FACTORS.items()}
    return {}


def codebook_tree(guid: Guid, make: Any) -> list[Any]:
    """The codes, in the class of codes that is given (a project's and a codebook's differ)."""
    tree = [
        make(
            guid=guid("code", label),
            name=label,
            is_codable=True,
            color=_COLOURS[label],
            description=MEANING[label],
            code=[
                make(
                    guid=guid("code", label, key), name=name, is_codable=True, color=_COLOURS[label], description=means
                )
                for key, (name, means) in _below(label).items()
            ],
        )
        for label in LABELS
    ]
    levels = [
        make(guid=guid("code", _LADDER, level), name=level.replace("_", " "), is_codable=True, description=means)
        for level, means in CULPABILITY.items()
    ]
    return [
        *tree,
        make(guid=guid("code", _LADDER), name=_LADDER, is_codable=False, description=_LADDER_MEANS, code=levels),
    ]


class Codes:
    """Which codes a sentence gets."""

    def __init__(self, guid: Guid) -> None:
        self._guid = guid

    def of(self, sentence: Sentence) -> Iterator[str]:
        """GUIDs of its codes, that of the label first."""
        yield self._guid("code", sentence.label)
        below = _below(sentence.label)
        for key in (sentence.target, *sentence.factors):
            if key in below:
                yield self._guid("code", sentence.label, key)
        if sentence.culpability in CULPABILITY:
            yield self._guid("code", _LADDER, sentence.culpability)
