"""What a draft is still missing, and why it matters, in plain words."""

from __future__ import annotations

from scr_tone.purpose.statuses import Decision

__all__ = ["missing"]

_PEOPLE = {
    "practitioner": "the practitioners involved",
    "family": "the family",
    "board": "the board or agency leaders",
    "panel": "the reviewers or panel",
}
_PROCESS = {
    "criminal": "criminal proceedings",
    "coroner": "an inquest",
    "discipline": "a disciplinary matter",
    "regulator": "a regulator's or complaints process",
    "media": "media or political attention",
    "answer": "a wish that somebody should answer for it",
    "breach": "breaches of standards",
}
_TEXTS = {
    "communicated": {
        "not found": "nothing says that anybody was told what the review is for; those who do not know come to it expecting "
        "blame, and say less",
        "practitioners only": "nothing says that anybody but the practitioners was told what the review is for (the family, "
        "the board or agency leaders, the reviewers); those who were not told may expect something else of it",
        "others only": "nothing says that the practitioners involved were told what the review is for; {people} were, but "
        "those whose work it looks at need most to know that it is for learning",
        "took part": "{people} took part, but nothing says that they were told what the review is for; say who was told, when "
        "and by whom",
        "planned": "telling people what the review is for is only planned; say whether it was done, or people will have taken "
        "part without knowing",
    },
    "positive": {
        "not found": "no sentence says what the review is meant to learn or improve; a reader who is not told will take it for a "
        "search for fault",
        "only contrary": "the purpose that is stated is to establish who was at fault; nothing says what the review is meant to "
        "learn or improve",
        "contrary": "beside the wish to learn the text sets out to establish who was at fault, and that undoes it; leave that to "
        "the processes that are for it",
        "formula": "the purpose is given only in the words of guidance or law; say in words of your own what this review is meant "
        "to learn or improve",
        "negative": "the purpose is put only in the negative; saying what a review is not does not tell readers what it is meant "
        "to learn or improve",
        "late": "the purpose is stated only once the findings have begun; say it before them, so that they are read in its light",
    },
    "complications": {
        "not found": "nothing says what pulled against learning (criminal or coroner's proceedings, a disciplinary or regulatory "
        "process, the media, a wish that somebody should answer for it); if there was nothing, say so",
        "denied": "the text says that there was no such process; if nothing else pulled against learning either, nothing is missing",
        "named": "{process} named, but nothing says what this meant for the learning, for those taking part or for what the review "
        "could find out",
    },
}


def missing(question: str, decision: Decision) -> str:
    """What is missing for a question to be met; empty when it is met.

    Examples
    --------
    >>> missing("communicated", Decision("partly", (3,), "others only", frozenset({"family"})))
    'nothing says that the practitioners involved were told what the review is for; the family were, but those whose...'
    """
    if decision.status == "met":
        return ""
    people = [name for party, name in _PEOPLE.items() if party in decision.about] or ["others"]
    processes = [name for concept, name in _PROCESS.items() if concept in decision.about] or ["a complication"]
    verb = "is" if len(processes) == 1 else "are"
    verb = "are" if processes in (["criminal proceedings"], ["breaches of standards"]) else verb
    return _TEXTS[question][decision.why].format(people=_listed(people), process=f"{_listed(processes)} {verb}")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
