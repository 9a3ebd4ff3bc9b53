"""The purpose profile of a report: the questions of `profile`, answered with the sentences themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scr_tone.purpose.claims import contradiction
from scr_tone.purpose.questions import Finding, asked
from scr_tone.purpose.statuses import Status
from scr_tone.records import Sentence

__all__ = ["Answer", "answers", "contradiction_in"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question of the purpose profile.

    Attributes
    ----------
    status : {"met", "partly", "not_found"}
    evidence : tuple of Sentence
        The sentences that show it, best first; empty if nothing does.
    missing : str
        For a draft: what is still missing and why it matters; empty when met.
    """

    status: Status
    evidence: tuple[Sentence, ...]
    missing: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data, the evidence as the sentences' places in the report."""
        return {"status": self.status, "evidence": [s.index for s in self.evidence], "missing": self.missing}


def answers(sentences: Sequence[Sentence]) -> tuple[dict[str, Answer], int]:
    """Ask all sentences of a report, those left out of the counts too, for its purpose.

    Parameters
    ----------
    sentences : sequence of Sentence
        All of a report, in order.

    Returns
    -------
    answers : dict of str to Answer
        For ``communicated``, ``positive`` and ``complications``.
    findings : int
        Index of the sentence at which the findings begin.
    """
    found, findings = asked([s.text for s in sentences], [s.section for s in sentences])
    return {
        question: Answer(one.status, tuple(sentences[at] for at in one.evidence), one.missing)
        for question, one in found.items()
    }, findings


def contradiction_in(
    sentences: Sequence[Sentence], flagged: Sequence[Sentence], found: dict[str, Answer], findings: int
) -> str | None:
    """`contradiction` for a report: learning claimed, blame found; None where there is none."""
    blaming = {s.index for s in flagged if s.label == "blame"}
    return contradiction(
        [s.text for s in sentences],
        ["blame" if s.index in blaming else "neutral" for s in sentences],
        sections=[s.section for s in sentences],
        skipped=[s.skipped for s in sentences],
        found={
            name: Finding(one.status, tuple(s.index for s in one.evidence), one.missing) for name, one in found.items()
        },
        findings=findings,
    )
