"""The codebook's keys in words, for the views; the page takes them from here too (`api.words`)."""

from __future__ import annotations

__all__ = [
    "CULPABILITY",
    "CULPABILITY_TEXTS",
    "FACTORS",
    "FACTORS_TEXTS",
    "MEANING",
    "PURPOSE",
    "PURPOSE_SHORT",
    "PURPOSE_SIGN",
    "PURPOSE_STATUS",
    "PURPOSE_TEXTS",
    "WHOLE",
    "counted",
]

MEANING = {
    "blame": "puts the fault in a person, a group or an organisation, and stops there",
    "learning": "points at conditions, at the reasoning of the time, or at improvement",
    "accountability": "owns or fairly apportions responsibility, without condemning",
    "neutral": "reports or describes, and does nothing with responsibility",
}

#: Contributory factors: a name, and what it takes in.
FACTORS = {
    "workload": ("Workload", "staffing, caseloads, time, shifts"),
    "supervision": ("Supervision", "management oversight, assurance of practice"),
    "training": ("Training", "skills, knowledge, induction"),
    "procedures": ("Procedures", "policies, thresholds, pathways, law"),
    "tools": ("Tools", "records systems, forms, equipment, premises"),
    "information": ("Information", "what reaches whom: sharing, handover, access"),
    "joint_working": ("Joint working", "who leads, roles, meetings, escalation"),
    "culture": ("Culture", "norms, climate, pressure, fear of blame"),
    "commissioning": ("Commissioning", "which services exist and are paid for, capacity"),
    "reasoning": ("Reasoning", "how people made sense of things at the time"),
    "family_work": ("Work with families", "access, language, fear, the child\u2019s voice"),
}

FACTORS_TEXTS = {
    "title": "What made things likely",
    "note": "Contributory factors that the learning sentences name; a sentence may name several. Factors that a review never "
    "names are as telling as those that it does.",
    "silent": "Not named",
}

#: What a sentence claims of how an act was meant.
CULPABILITY = {
    "error": "a mistake without intent",
    "at_risk": "a knowing shortcut",
    "reckless": "conscious disregard of a risk",
    "deliberate": "intent",
}

CULPABILITY_TEXTS = {
    "title": "How acts were meant, as the text has it",
    "note": "What flagged sentences claim, whoever claims it; not what happened. Only reckless and malicious acts are a matter of "
    "culpability, and for other processes than a review.",
    "claim": "says or implies",
}

#: The purpose profile: the question, and what to add where it is not answered.
PURPOSE = {
    "communicated": "Were those involved told what the review is for?",
    "positive": "Is learning put as the purpose, strongly and positively?",
    "complications": "Are circumstances that complicate this purpose acknowledged?",
}

#: The questions where there is room for a word or two.
PURPOSE_SHORT = {
    "communicated": "people told of it",
    "positive": "learning put first",
    "complications": "complications named",
}

PURPOSE_STATUS = {"met": "met", "partly": "partly", "not_found": "not found"}
PURPOSE_SIGN = {"met": "\u2713", "partly": "\u25d0", "not_found": "\u2013"}

PURPOSE_TEXTS = {
    "title": "What the text says of its purpose",
    "note": "After SCR Quality Marker 5. It says what was found in the words, not what was done; check the sentences.",
}
#: Sentences from which on a text is taken for a whole report. Shorter ones are parts of one, or none; that they name no
#: purpose is no news.
WHOLE = 25


def counted(number: int, noun: str, several: str | None = None) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "sentence"), counted(1200, "sentence")
    ('1 sentence', '1,200 sentences')
    """
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
