"""What a sentence shows for the three questions, by rules over the concepts of `scr_tone.purpose.lexicon`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scr_tone.purpose.lexicon import Tags, lexicon, word_list
from scr_tone.purpose.places import Places

__all__ = [
    "KINDS",
    "PARTIES",
    "PROCESSES",
    "Reading",
    "affirms",
    "complicates",
    "denies",
    "parties_of",
    "readings",
    "ruled",
    "tied",
    "untold",
]

#: What a sentence can show, by question.
KINDS = {
    "communicated": ("told", "planned", "took_part"),
    "positive": ("own", "formula", "negative", "contrary"),
    "complications": ("named", "effect"),
}
#: Who may be told what a review is for.
PARTIES = ("practitioner", "family", "board", "panel")
PROCESSES = ("criminal", "coroner", "discipline", "regulator", "media")

_REACH = 4  # sentences before that may say what "it" or "for that reason" is about
_PASSIVE = word_list("passive")
_OPINES = word_list("opines")
_ACTIVE = tuple(sorted(word_list("active_stems")))
_NEGATORS = word_list("negators")
_BREAKS = word_list("breaks")
_UNCONCERNED = word_list("unconcerned")
_DENIAL = 9  # tokens from a denial to what it denies
_SHORT = 4  # tokens: shorter ones are headings, and show nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's concepts, with those of the sentences before it.

    Attributes
    ----------
    tags : Tags
    before : frozenset of str
        Concepts of the sentence before.
    recent : frozenset of str
        Concepts of the few sentences before, that one included.
    part : frozenset of str
        Kinds of the heading that it stands under.
    """

    tags: Tags
    before: frozenset[str] = frozenset()
    recent: frozenset[str] = frozenset()
    part: frozenset[str] = frozenset()


def readings(
    sentences: Iterable[str], sections: Sequence[str | None] | None = None, places: Places | None = None
) -> Iterator[Reading]:
    """Each sentence with what goes before it, one by one: of a long document little is kept.

    Parameters
    ----------
    sentences : iterable of str
    sections : sequence of str or None, optional
        Heading that each sentence stands under.
    places : Places, optional
        Told of each sentence, for who wants to know afterwards where the findings begin.
    """
    places, words = Places() if places is None else places, lexicon()
    near: deque[frozenset[str]] = deque(maxlen=_REACH)
    for index, sentence in enumerate(sentences):
        tags = words.tag(sentence)
        part = places.add(sentence, tags, None if sections is None else sections[index])
        yield Reading(tags, near[-1] if near else frozenset(), frozenset().union(*near), part)
        near.append(frozenset(tags.found))


def parties_of(tags: Tags) -> frozenset[str]:
    """The parties that a sentence names, those left out that do the telling ("was told by the Board")."""
    return frozenset(
        party for party in PARTIES if any(_is_told(tags, party, *span) for span in tags.found.get(party, ()))
    )


def _is_told(tags: Tags, party: str, first: int, last: int) -> bool:
    before, after = tags.tokens[max(0, first - 3) : first], tags.tokens[last + 1 : last + 4]
    if "by" in before or "behalf" in before:
        return False
    if party in ("practitioner", "family"):
        return True
    if after[:1] == ["to"] and any(word.startswith(_ACTIVE) for word in after):
        return False
    if _OPINES & set(after[:1]):
        return False
    if "from" in before or "'s" in after[:1]:
        return bool({"members", "meeting", "executive", "main"} & set(after))
    return bool(_PASSIVE & set(after[:1])) or not any(word.startswith(_ACTIVE) for word in after)


def ruled(reading: Reading) -> frozenset[str]:
    """The kinds that the rules see in a sentence."""
    if len(reading.tags.tokens) < _SHORT:
        return frozenset()
    kinds: set[str] = set()
    _communicated(reading, kinds)
    _positive(reading, kinds)
    _complications(reading, kinds)
    return frozenset(kinds)


def _communicated(reading: Reading, kinds: set[str]) -> None:
    tags, before = reading.tags, reading.before
    if "tell" not in tags and not tags.any("contact", "event"):
        return
    party = bool(parties_of(tags))
    other = tags.any("other_purpose", "other_review")
    about = tags.any("review", "reviewer", "event", "panel") or bool(before & {"review", "reviewer", "event"})
    told = "tell" in tags and "purpose" in tags and party and about and not other and tags.near("purpose", "tell", 9, 9)
    again = {"purpose", "tell"} <= before and "same" in tags and "tell" in tags and (party or "reviewer" in tags)
    if (told or again) and not untold(tags):
        if not tags.near("tell", "negated", 3, 0) or tags.near("tell", "negated", 0, 0):
            kinds.add("planned" if "planned" in tags else "told")
    elif (
        tags.any("practitioner", "family", "event")
        and tags.any("reviewer", "event", "review", "panel")
        and "contact" in tags
        and not tags.any("checking", "paper", "negated")
        and not other
    ):
        kinds.add("planned" if "planned" in tags else "took_part")


def affirms(tags: Tags) -> bool:
    """Whether some word of learning is not denied ("nor to find out how he died")."""
    return any(not _NEGATORS & set(tags.tokens[max(0, first - 5) : first]) for first, _ in tags.found.get("learn", ()))


def denies(tags: Tags) -> bool:
    """Whether a sentence says of every process that it names that there was none."""
    spans = [span for process in PROCESSES for span in tags.found.get(process, ())]
    return bool(spans) and all(_denied(tags.tokens, *span) for span in spans)


def _denied(tokens: list[str], first: int, last: int) -> bool:
    before = tokens[max(0, first - _DENIAL) : first]
    while before and set(before) & _BREAKS:
        before = before[1:]
    after = tokens[last + 1 : last + 6]
    return bool(_NEGATORS & set(before)) or bool({"not", "no"} & set(after) and _UNCONCERNED & set(after))


def untold(tags: Tags) -> bool:
    """Whether it is the review that was told something and nobody else, or nobody is known to have been told."""
    return "untold" in tags or (
        "told_review" in tags
        and not any(
            first - 2 <= at <= last + 1
            for first, last in tags.found.get("tell", ())
            for at, token in enumerate(tags.tokens)
            if token in ("was", "were", "been") and not any(a <= first <= b for a, b in tags.found["told_review"])
        )
    )


def complicates(tags: Tags) -> bool:
    """Whether a sentence has anything in it that can complicate a purpose."""
    return tags.any(*PROCESSES, "answer", "breach")


def tied(tags: Tags) -> bool:
    """Whether a sentence is about the review or its text, and not only about the case."""
    return tags.any("review", "reviewer", "panel", "event", "text")


def _positive(reading: Reading, kinds: set[str]) -> None:
    tags = reading.tags
    review = tags.any("review", "board", "reviewer", "panel")
    near = review or bool(reading.recent & {"review", "board", "reviewer", "purpose"})
    disclaims = "fault" in tags and tags.near("fault", "disclaim", 8, 1)
    listed = tags.tokens[0] in ("to", "and") and (near or "aims_heading" in reading.part)
    if "contrary" in tags and not disclaims and (near or listed):
        kinds.add("contrary")
    if affirms(tags):
        aims = "frame" in tags and tags.near("frame", "learn", 3, 40)
        if review and tags.any("guidance", "formula"):
            kinds.add("formula")
        elif aims and (review or (listed and ("purpose" in reading.recent or "aims_heading" in reading.part))):
            kinds.add("own")
    if disclaims and review and "own" not in kinds:
        kinds.add("negative")


def _complications(reading: Reading, kinds: set[str]) -> None:
    tags = reading.tags
    process = tags.any(*PROCESSES)
    wish = "answer" in tags and (tags.any("family", "media", "board") or "family" in reading.recent)
    breach = "breach" in tags and "duty" in tags
    denied = process and denies(tags)
    if (process or wish or breach) and not denied and not tags.any("elsewhere", "lawonly"):
        kinds.add("named")
    about = process or wish or breach or bool(reading.recent & {*PROCESSES, "answer"})
    if about and tied(tags) and not denied and "cause" in tags and "limit" in tags:
        kinds.add("effect")
