"""From a report to the matches of the LanguageTool protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scr_tone.around import reasons_beside
from scr_tone.project import Flags
from scr_tone.records import Cue, Sentence
from scr_tone.report import Report
from scr_tone.telling import telling_cues, telling_span, with_listed

from .annotated import SourceText, Utf16
from .rules import CATEGORY, RULES, Rule, message

__all__ = ["PICKY", "Choice", "matches", "underlines"]

#: With level=picky, what has this probability of blame is underlined, also where another label is likelier. Without it, what a report
#: flags. tests/benchmarks/editor_levels.py measures both.
PICKY = 0.3
_CONTEXT = 40
_ELLIPSIS = "..."
_STOP = re.compile(r"[.!?\u2026]+[\"'\u2019\u201d)\]]*\s*\Z")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules a client wants, by the protocol's parameters.

    Attributes
    ----------
    enabled, disabled : frozenset of str
        Rule ids.
    enabled_categories, disabled_categories : frozenset of str
    only : bool
        Only what is enabled.
    picky : bool
        Also doubtful cases of blame.
    """

    enabled: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    enabled_categories: frozenset[str] = frozenset()
    disabled_categories: frozenset[str] = frozenset()
    only: bool = False
    picky: bool = False

    def has(self, rule: Rule) -> bool:
        """Whether the rule is wanted, decided as LanguageTool does: its own id weighs more than its category."""
        category = CATEGORY["id"]
        if rule.id in self.disabled:
            return False
        if rule.id in self.enabled:
            return True
        if self.only:
            return rule.on and category in self.enabled_categories
        return rule.on and (category not in self.disabled_categories or category in self.enabled_categories)


def matches(report: Report, source: SourceText, choice: Choice, *, rules_url: str) -> list[dict[str, Any]]:
    """What to underline.

    Parameters
    ----------
    report : Report
        Of ``source.plain``.
    source : SourceText
    choice : Choice
    rules_url : str
        Address under which the rules are explained; the rule's id is put behind it.

    Returns
    -------
    list of dict
        Matches, by offset.
    """
    found = []
    beside = reasons_beside(report.sentences, source.plain)
    for sentence in report.sentences:
        label = _label(sentence, report.flags, choice)
        if sentence.skipped is None and label in RULES and choice.has(RULES[label]):
            own = sentence.cues if label == sentence.label else ()
            cues = telling_cues(with_listed(own, sentence.text, label, start=sentence.start), source.plain)
            said = message(sentence, label, cues, beside=beside.get(sentence.index))
            span = _underlined(sentence, label, cues, source.plain)
            found.append(_match(sentence, RULES[label], said, span, source, rules_url))
    return found


def underlines(label: str, scores: Mapping[str, float], text: str, flags: Flags, *, picky: bool) -> bool:
    """Whether a sentence is underlined as blame.

    Parameters
    ----------
    label, scores, text
        See `Flags.reached`.
    flags : Flags
        Of the report.
    picky : bool

    Examples
    --------
    >>> scores = {"blame": 0.6, "learning": 0.4, "accountability": 0.0, "neutral": 0.0}
    >>> [underlines("blame", scores, "She did not ring.", Flags(), picky=picky) for picky in (False, True)]
    [False, True]
    """
    return scores["blame"] >= PICKY if picky else label == "blame" and flags.reached(label, scores, text)


def _label(sentence: Sentence, flags: Flags, choice: Choice) -> str:
    """The label to show; nothing is said of a sentence that may be blame and is too doubtful for the level."""
    if underlines(sentence.label, sentence.scores, sentence.text, flags, picky=choice.picky):
        return "blame"
    return "neutral" if sentence.label == "blame" else sentence.label


def _match(
    sentence: Sentence, rule: Rule, said: str, span: tuple[int, int], source: SourceText, rules_url: str
) -> dict[str, Any]:
    start, end = span
    offset, length = source.span(start, end)
    return {
        "message": said,
        "shortMessage": rule.short,
        "replacements": [],  # no wording is known to be right; only the author knows what happened
        "offset": offset,
        "length": length,
        "context": _context(source.plain, start, end),
        "sentence": sentence.text,
        "type": {"typeName": "Hint"},
        "rule": {
            "id": rule.id,
            "description": rule.description,
            "issueType": "style",
            "category": CATEGORY,
            "urls": [{"value": rules_url + rule.id}],
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _underlined(sentence: Sentence, label: str, cues: tuple[Cue, ...], text: str) -> tuple[int, int]:
    """What to underline: the telling words, or, where the model names none, the sentence without number and stop.

    A short line under "should have" shows the author at once what readers will hear, and leaves the rest of the
    paragraph calm.
    """
    if sentence.telling and label == sentence.label:
        return sentence.telling.start, sentence.telling.end
    span = telling_span(cues, text)
    if span:
        return span
    start, end = sentence.start, sentence.end
    if sentence.number and sentence.text.startswith(sentence.number):
        after = sentence.text[len(sentence.number) :]
        start = end - len(after.lstrip())
    stop = _STOP.search(text, start, end)
    return (start, stop.start()) if stop and stop.start() > start else (start, end)


def _context(text: str, start: int, end: int) -> dict[str, Any]:
    """The words around, as LanguageTool cuts them: on one line, with dots where something was left out."""
    begin, finish = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    before = (_ELLIPSIS if begin else "") + text[begin:start]
    inside = text[start:end]
    after = text[end:finish] + (_ELLIPSIS if finish < len(text) else "")
    line = re.sub(r"[\r\n\t\u2028\u2029]", " ", before + inside + after)
    units = Utf16(line)
    offset = units.at(len(before))
    return {"text": line, "offset": offset, "length": units.at(len(before) + len(inside)) - offset}
