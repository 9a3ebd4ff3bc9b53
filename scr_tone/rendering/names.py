"""The codebook's keys in words, for the views."""

from __future__ import annotations

__all__ = ["CULPABILITY", "FACTORS", "MEANING", "PURPOSE", "PURPOSE_STATUS", "counted"]

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

#: What a sentence claims of how an act was meant.
CULPABILITY = {
    "error": "a mistake without intent",
    "at_risk": "a knowing shortcut",
    "reckless": "conscious disregard of a risk",
    "deliberate": "intent",
}

#: The purpose profile: the question, and what to add where it is not answered.
PURPOSE = {
    "communicated": "Were those involved told what the review is for?",
    "positive": "Is learning put as the purpose, strongly and positively?",
    "complications": "Are circumstances that complicate this purpose acknowledged?",
}

PURPOSE_STATUS = {"met": "met", "partly": "partly", "not_found": "not found"}


def counted(number: int, noun: str, several: str | None = None) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "sentence"), counted(1200, "sentence")
    ('1 sentence', '1,200 sentences')
    """
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
