"""Whether a text that says it wants to learn goes on to blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scr_tone.purpose.places import Places
from scr_tone.purpose.questions import Finding, profile, same_length
from scr_tone.purpose.rules import readings

__all__ = ["HIGH_SHARE", "contradiction"]

#: Share of blame in the findings from which on it contradicts a learning purpose: more than twice what whole real texts hold
#: (5 to 8 in 100, see the README on the prior).
HIGH_SHARE = 0.15
_FEW = 5  # flagged sentences: fewer are no pattern


def contradiction(
    sentences: Sequence[str],
    labels: Sequence[str],
    *,
    sections: Sequence[str | None] | None = None,
    skipped: Sequence[object] | None = None,
    found: Mapping[str, Finding] | None = None,
    findings: int | None = None,
) -> str | None:
    """Say, with numbers, where a text claims to learn while its findings blame.

    Parameters
    ----------
    sentences : sequence of str
    labels : sequence of str
        Label of each sentence, "blame" for those that are flagged.
    sections : sequence of str or None, optional
        See `profile`.
    skipped : sequence, optional
        For each sentence whether, or why, it is left out of the counts.
    found : mapping, optional
        What `profile` returned, if it is known.
    findings : int, optional
        Index of the sentence at which the findings begin, if it is known.

    Returns
    -------
    str or None
        One sentence, or None where there is no contradiction.

    Raises
    ------
    ConfigError
        If the sequences are not of one length.

    Examples
    --------
    >>> text = ["The purpose of this review is to learn and to improve services."]
    >>> print(contradiction(text + ["The nurse failed to ring."] * 9, ["learning"] + ["blame"] * 9))
    The text says that it wants to learn (sentence 1), yet 9 of the 10 sentences counted (90%) put the fault in somebody;
    in whole reports 5 to 8 in 100 do.
    """
    same_length(sentences, labels=labels, sections=sections, skipped=skipped)
    if labels.count("blame") < _FEW:
        return None
    positive = (profile(sentences, sections=sections) if found is None else found)["positive"]
    if positive.status == "not_found" or not positive.evidence:
        return None
    start = _findings(sentences, sections) if findings is None else findings
    known = start < len(sentences)
    counted = [
        label
        for label, left_out in zip(
            labels[start if known else 0 :], (skipped or [None] * len(labels))[start if known else 0 :], strict=True
        )
        if not left_out
    ]
    flagged = sum(label == "blame" for label in counted)
    if flagged < _FEW or flagged < HIGH_SHARE * len(counted):
        return None
    where = "sentences from the findings on" if known else "sentences counted"
    return (
        f"The text says that it wants to learn (sentence {positive.evidence[0] + 1}), yet {flagged} of the {len(counted)} "
        f"{where} ({flagged / len(counted):.0%}) put the fault in somebody; in whole reports 5 to 8 in 100 do."
    )


def _findings(sentences: Sequence[str], sections: Sequence[str | None] | None) -> int:
    places = Places()
    for _ in readings(sentences, sections, places):
        pass
    return places.findings()
