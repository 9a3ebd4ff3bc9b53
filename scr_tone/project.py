"""What a project of drafts has settled: what is flagged, and what is left alone. `scr_tone.project_file` reads it from a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scr_tone.cues import find_cues
from scr_tone.errors import ConfigError
from scr_tone.guidance import denied, owned, recited
from scr_tone.records import LABELS, SKIPS

__all__ = ["FLAGGABLE", "LEAST", "SURE", "Flags", "Project", "checked_skips", "hint"]

#: Labels that can be flagged.
FLAGGABLE = tuple(label for label in LABELS if label != "neutral")
#: The least score that makes a flag, where a project names none.
LEAST: Mapping[str, float] = {"blame": 0.5}
#: From which score blame is flagged without telling words, where a project does not say it.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Flags:
    """Which sentences are flagged, that is, put before the author. The others keep their label and are counted with it.

    A false alarm costs an author's trust. A flag of blame that can point at words of a known family ("failed to") is more often
    right than one that cannot, so that kind needs a higher score; tests/benchmarks/README.md has the figures. What a criminal
    court said of people, and what is alleged before one, is an event of the case and never flagged as blame; nor is a sentence
    that says there was no fault, or in which somebody owns theirs.

    Attributes
    ----------
    labels : sequence of str
        Labels that are flagged.
    threshold : mapping of label to float
        The least score of the label that makes a flag, from 0 to 1; where none is named, that of `LEAST`, else 0.
    model : str or None
        First digits of the digest of the model with which the thresholds were learned.
    sure : float
        From which score of blame a sentence is flagged although it has no words of a family that speaks for blame.

    Examples
    --------
    >>> flags = Flags()
    >>> for text in ("She failed to ring.", "She did not ring."):
    ...     [flags.has("blame", {"blame": score}, text) for score in (0.4, 0.6, 0.9)]
    [False, True, True]
    [False, False, True]
    """

    labels: Sequence[str] = ("blame",)
    threshold: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None
    sure: float = SURE

    def __post_init__(self) -> None:
        if isinstance(self.labels, str):
            raise ConfigError(f"is {self.labels!r}", remedy="give a list of labels", subject="flags.labels")
        for key, names in (("labels", self.labels), ("threshold", self.threshold)):
            for name in names:
                if name not in FLAGGABLE:
                    reason = (
                        "names neutral, which is no flag" if name == "neutral" else f"names an unknown label {name!r}"
                    )
                    raise ConfigError(reason, remedy=hint(name, FLAGGABLE), subject=f"flags.{key}")
        for name, least in self.threshold.items():
            if not 0 <= least <= 1:
                raise ConfigError(
                    f"is {least} for {name}", remedy="give a score from 0 to 1", subject="flags.threshold"
                )
        if not 0 <= self.sure <= 1:
            raise ConfigError(f"is {self.sure}", remedy="give a score from 0 to 1", subject="flags.sure")

    def reached(self, label: str, scores: Mapping[str, float], text: str) -> bool:
        """Whether a sentence is sure enough for a flag, whether or not its label is flagged.

        Parameters
        ----------
        label : str
        scores : mapping of label to float
        text : str
            The sentence. Its words are looked up in the families themselves, so that it does not matter whether an analysis has
            worked out the words that weighed.
        """
        least = self.threshold.get(label, LEAST.get(label, 0.0))
        if scores[label] < least:
            return False
        if label == "blame":
            # Looked up only where the score is high enough, as few are.
            telling = scores[label] >= self.sure or bool(find_cues(text, label))
            return telling and not (recited(text) or denied(text) or owned(text))
        return True

    def has(self, label: str, scores: Mapping[str, float], text: str) -> bool:
        """Whether a sentence is flagged; see `reached`."""
        return label in self.labels and self.reached(label, scores, text)


@dataclass(frozen=True)
class Project:
    """What a project of drafts has settled. All of it may also be given in Python.

    Attributes
    ----------
    flags : Flags
    skip : frozenset of str
        What is left out of counts and flags: any of "quotes", "tables", "appendices", "glossary", "footnotes".
    sections : tuple of str
        Headings whose sections are left out, with ``*`` and ``?`` for what may differ, whatever the case and the number in front.
    phrases : tuple of str
        A sentence with one of them is left out; whatever the case.
    terms : tuple of str
        House terms, such as a team's name, whose words do not count; see `scr_tone.house_terms`.
    decisions : Path or None
        File in which the decisions on all drafts are kept; None where each draft has its own.
    file : str or None
        Name of the settings file, without its folder.

    Examples
    --------
    >>> Project(skip=["quotes"], phrases=["so called"]).skip
    frozenset({'quotes'})
    """

    flags: Flags = field(default_factory=Flags)
    skip: frozenset[str] = frozenset()
    sections: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    decisions: Path | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "skip", checked_skips(self.skip))
        for name in ("sections", "phrases", "terms"):
            given = getattr(self, name)
            if isinstance(given, str):
                raise ConfigError(f"is {given!r}", remedy="give a list of texts", subject=name)
            texts = tuple(" ".join(text.split()) for text in given)
            for text in texts:
                if not any(character.isalnum() for character in text) and not (name == "sections" and text):
                    raise ConfigError(f"has {text!r}, which holds no word", remedy="write words", subject=name)
            object.__setattr__(self, name, texts)


def checked_skips(names: Iterable[str], subject: str = "skip") -> frozenset[str]:
    """The names of what is to be left out, if all are known.

    Raises
    ------
    ConfigError
        If one is not.
    """
    if isinstance(names, str):
        raise ConfigError(f"is {names!r}", remedy="give a list of names", subject=subject)
    names = list(names)
    for name in names:
        if name not in SKIPS:
            raise ConfigError(f"does not know {name!r}", remedy=hint(name, SKIPS), subject=subject)
    return frozenset(names)


def hint(name: str, known: Iterable[str]) -> str:
    """The remedy for a name that is not known.

    Examples
    --------
    >>> hint("quote", ["quotes", "tables"])
    "did you mean 'quotes'? It knows quotes and tables"
    """
    known = list(known)
    near = difflib.get_close_matches(name.lower(), known, n=1)
    listed = f"{', '.join(known[:-1])} and {known[-1]}" if len(known) > 1 else known[0]
    return f"did you mean {near[0]!r}? It knows {listed}" if near else f"it knows {listed}"
