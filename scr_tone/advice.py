"""What a flagged sentence can be asked: questions by label, cue family, target, voice and culpability, after named guidance.

The questions, their sources and the conditions under which each is asked are data (``resources/advice.json``); what a
sentence's own words show (that it gives a reason, names a speaker, opens a list) is among the conditions. Which are chosen
never changes a label; nothing here says that a sentence is untrue or that nobody was at fault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any, get_args

from scr_tone.around import Beside
from scr_tone.cues import cue_families, find_cues
from scr_tone.errors import ConfigError
from scr_tone.guidance import JUDGED, Asked, Entry, Question, Source, guide, holding
from scr_tone.records import LABELS, Cue, Sentence
from scr_tone.rewording import Rewording, suggest_rewording

__all__ = ["Advice", "Question", "Source", "advise", "advise_on", "families_of", "sources"]

_TARGETS = ("practitioner", "agency", "family", "child", "perpetrator", "system", "none")
_VOICES = ("review", "reported")
_LEVELS = ("none", "error", "at_risk", "reckless", "deliberate")
#: No more families than this have a say; what weighed third says little about the sentence.
_FAMILIES = 2
#: Entries from this tier on only fill up what the others leave.
_FILLERS = 5


@dataclass(frozen=True, slots=True)
class Advice:
    """Why a sentence may be worth another look, and what it can be asked.

    Attributes
    ----------
    why : str
        One or two sentences on what its wording does.
    questions : tuple of Question
        One or two, the most specific first.
    rewording : Rewording or None
        Words that could be put otherwise without a loss; an offer, never applied.
    note : str or None
        Said where judging words blame for what reads as an honest error or a usual shortcut, without a reason.
    """

    why: str
    questions: tuple[Question, ...]
    rewording: Rewording | None = None
    note: str | None = None

    def to_dict(self, *, start: int = 0) -> dict[str, Any]:
        """Plain data for JSON.

        Parameters
        ----------
        start : int
            Where the sentence begins; added to the rewording's offsets, so that they are into the document's text.

        Returns
        -------
        dict
            ``why``, ``questions`` (each with ``text`` and ``sources``: ``key``, ``name`` and, where there is one,
            ``url``), ``note`` and ``rewording`` (``start``, ``end``, ``text``, or None).
        """
        known = sources()
        change = self.rewording
        return {
            "why": self.why,
            "questions": [
                {"text": question.text, "sources": [_source(key, known[key]) for key in question.sources]}
                for question in self.questions
            ],
            "note": self.note,
            "rewording": change and {"start": change.start + start, "end": change.end + start, "text": change.text},
        }


def _source(key: str, source: Source) -> dict[str, str]:
    return {"key": key, "name": source.name} | ({"url": source.url} if source.url else {})


def sources() -> Mapping[str, Source]:
    """The guidance behind the questions, by key.

    Examples
    --------
    >>> sources()["beingfair"].name
    'NHS England, being fair tool (2025)'
    """
    return guide().sources


def advise(
    label: str,
    *,
    families: Sequence[str] = (),
    target: str | None = None,
    voice: str | None = None,
    culpability: str | None = None,
    factors: Sequence[str] = (),
    text: str = "",
    beside: Beside | None = None,
) -> Advice | None:
    """What to ask of a sentence; for `learning` and `accountability` questions that take it further.

    Parameters
    ----------
    label : str
    families : sequence of str
        Cue families of the words that weighed, the heaviest first; if there are none, those that `text` shows.
    target, voice, culpability : str, optional
    factors : sequence of str
        As in `Prediction`.
    text : str
        The sentence, for a rewording and for finer questions.
    beside : {"before", "after", "owned"}, optional
        Where a sentence near it may give the reason, or that the next ones may own it (`scr_tone.around.reasons_beside`).

    Returns
    -------
    Advice or None
        None for `neutral`.

    Raises
    ------
    ConfigError
        If one of the names is not known.

    Examples
    --------
    >>> sentence = "The health visitor failed to follow up the missed visit."
    >>> advice = advise("blame", families=["failure verbs"], target="practitioner", text=sentence)
    >>> print(advice.questions[0].text)
    What did happen? Can the sentence say that plainly?
    >>> advice.rewording.text
    'did not'
    """
    names = tuple(family.name for family in cue_families())
    _check("label", [label], LABELS)
    _check("families", families, names)
    _check("target", [target], (*_TARGETS, None))
    _check("voice", [voice], (*_VOICES, None))
    _check("culpability", [culpability], (*_LEVELS, None))
    _check("beside", [beside], (*get_args(Beside), None))
    known = guide()
    _check("factors", factors, tuple(known.factors))
    if label == "neutral":
        return None
    if not families and text:
        families = [match.family for match in find_cues(text, label)]
    families = [*families, *(known.factors[factor] for factor in factors)]
    leading = tuple(dict.fromkeys(name for name in families if name in known.families[label]))[:_FAMILIES]
    shown = holding(text) | ({JUDGED, *leading} if leading else set())
    why, questions, note = _chosen(label, leading, frozenset(shown), target, voice, culpability, beside)
    # Other people's words are not the author's to change, and harm that was done is not to be put more softly.
    may = label == "blame" and voice != "reported" and target != "perpetrator"
    return Advice(why, questions, suggest_rewording(text, target=target) if may else None, note)


def advise_on(sentence: Sentence, *, beside: Beside | None = None) -> Advice | None:
    """`advise` for a sentence of a report: by the words that weighed, the heaviest first, and all else that is known of it.

    Parameters
    ----------
    sentence : Sentence
    beside : {"before", "after", "owned"}, optional
        As for `advise`.

    Examples
    --------
    >>> import scr_tone
    >>> (sentence,) = scr_tone.load().analyse("The nurse failed to call back.").sentences
    >>> advise_on(sentence).why
    'Words like these say what was missing, not what was there instead.'
    """
    return advise(
        sentence.label,
        families=families_of(sentence.cues, sentence.telling),
        target=sentence.target,
        voice=sentence.voice,
        culpability=sentence.culpability,
        factors=sentence.factors,
        text=sentence.text,
        beside=beside,
    )


def families_of(cues: Sequence[Cue], telling: Cue | None) -> list[str]:
    """Families of a sentence's words: those first that are pointed at, as they are what is asked about, then the heaviest first.

    Parameters
    ----------
    cues : sequence of Cue
    telling : Cue, optional
        As in `Sentence`.
    """
    listed = sorted(
        (cue for cue in cues if cue.family),
        key=lambda cue: (not (telling and cue.start < telling.end and cue.end > telling.start), -cue.weight),
    )
    return [str(cue.family) for cue in listed]


def _check(subject: str, given: Collection[str | None], known: Collection[str | None]) -> None:
    for name in given:
        if name not in known:
            names = ", ".join(str(one) for one in known if one is not None)
            raise ConfigError(f"is {name!r}", remedy=f"use one of: {names}", subject=subject)


@lru_cache(maxsize=4096)
def _chosen(
    label: str,
    families: tuple[str, ...],
    shown: frozenset[str],
    target: str | None,
    voice: str | None,
    culpability: str | None,
    beside: str | None,
) -> tuple[str, tuple[Question, ...], str | None]:
    known = guide()
    holds = {"target": target, "voice": voice, "culpability": culpability, "beside": beside}
    entries = [
        entry
        for entry in known.entries
        if entry.label == label
        and (entry.family is None or entry.family in families)
        and entry.conditions.suits(shown)
        and all(holds[name] in values for name, values in entry.given.items())
    ]
    entries.sort(key=lambda entry: (entry.tier, families.index(entry.family) if entry.family else 0))
    for place, entry in enumerate(entries):
        if entry.alone:
            del entries[place + 1 :]
            break
    why = next(entry.why for entry in entries if entry.why)
    asked: dict[str, Question] = {}
    for one in _in_turn(entries):
        if len(asked) < known.most[label]:
            asked.setdefault(one.topic, one.question)
    return why, tuple(asked.values()), next((entry.note for entry in entries if entry.note), None)


def _in_turn(entries: Sequence[Entry]) -> Iterator[Asked]:
    """The first question of each entry, then the second ones; those that only fill up come after all others."""
    for part in (
        [entry for entry in entries if entry.tier < _FILLERS],
        [entry for entry in entries if entry.tier >= _FILLERS],
    ):
        for row in zip_longest(*(entry.questions for entry in part)):
            yield from (one for one in row if one is not None)
