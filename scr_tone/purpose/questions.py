"""`profile`: the three questions of Quality Marker 5, asked of a whole text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scr_tone.errors import ConfigError, InputError
from scr_tone.purpose.document import read_through
from scr_tone.purpose.model import SentenceModel, bundled
from scr_tone.purpose.statuses import Status, decide
from scr_tone.purpose.wording import missing

__all__ = ["Finding", "profile", "same_length"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question.

    Attributes
    ----------
    status : {"met", "partly", "not_found"}
    evidence : tuple of int
        Indices of the sentences that show it, best first; empty if nothing does.
    missing : str
        For a draft: what is still missing and why it matters; empty when met.
    """

    status: Status
    evidence: tuple[int, ...]
    missing: str


def profile(
    sentences: Sequence[str], *, sections: Sequence[str | None] | None = None, model: SentenceModel | None = None
) -> dict[str, Finding]:
    """Ask a whole text whether its purpose was communicated, is put positively, and what complicates it.

    The statuses do not depend on the label model. They are read from the words of single sentences, and are a help to a
    reader, who has the sentences before them, and no verdict.

    Parameters
    ----------
    sentences : sequence of str
        All of a document, in order, headings too.
    sections : sequence of str or None, optional
        Heading that each sentence stands under; without it, headings are taken from among the sentences.
    model : SentenceModel, optional
        Another than the one that ships.

    Returns
    -------
    dict of str to Finding
        For ``communicated``, ``positive`` and ``complications`` (codebook, purpose profile).

    Raises
    ------
    InputError
        If a sentence is not a string.
    ConfigError
        If `sections` is of another length.

    Examples
    --------
    >>> found = profile(
    ...     [
    ...         "We undertook this review to learn how services can do better for babies.",
    ...         "The reviewer explained the purpose of the review to the social workers and to the mother.",
    ...         "Father is awaiting trial.",
    ...     ]
    ... )
    >>> {question: finding.status for question, finding in found.items()}
    {'communicated': 'met', 'positive': 'met', 'complications': 'partly'}
    >>> found["communicated"].evidence
    (1,)
    """
    if isinstance(sentences, str):
        raise InputError("profile takes a list of sentences", remedy="split the text with scr_tone.split first")
    for index, sentence in enumerate(sentences):
        if not isinstance(sentence, str):
            raise InputError(
                f"is a {type(sentence).__name__}, not a string",
                remedy="pass a list of strings",
                subject=f"sentence {index}",
            )
    same_length(sentences, sections=sections)
    return asked(sentences, sections, model)[0]


def asked(
    sentences: Sequence[str], sections: Sequence[str | None] | None, model: SentenceModel | None = None
) -> tuple[dict[str, Finding], int]:
    """What `profile` returns, and the index of the sentence at which the findings begin; one reading gives both."""
    read = read_through(sentences, sections, (bundled() if model is None else model).scores)
    found = {
        question: Finding(decision.status, decision.evidence, missing(question, decision))
        for question, decision in decide(read).items()
    }
    return found, read.findings


def same_length(sentences: Sequence[object], **others: Sequence[object] | None) -> None:
    """Check that what goes with the sentences is of their length.

    Raises
    ------
    ConfigError
        If it is not.
    """
    for name, values in others.items():
        if values is not None and len(values) != len(sentences):
            raise ConfigError(
                f"has {len(values)} entries for {len(sentences)} sentences", remedy="give one a sentence", subject=name
            )
