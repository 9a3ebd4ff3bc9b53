"""The words of a sentence by which its author will recognise what is meant: where a comment is anchored, what an editor underlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from scr_tone.cues import find_cues
from scr_tone.records import Cue
from scr_tone.words import word_set

__all__ = ["telling_cues", "telling_span", "with_listed"]

#: Words between two cues that still make one stretch ("failed to adequately consider").
_GAP_WORDS = 2
#: A stretch of words of no family is cut to so many, as a line under half of a sentence points at nothing.
_FEW = 5
#: Common words that a stretch may begin with.
_TELLING = {"no", "nor", "not", "nobody", "should", "could", "would", "did"}
#: Words that say nothing where they stand alone: whoever strikes out "sadly" has mended nothing. What follows them is pointed at too.
_NOTHING_ALONE = {
    "apparently", "could", "regrettably", "sadly", "said", "says", "seem", "seemed", "seems", "should", "told", "unfortunately",
    "would",
}  # fmt: skip
#: Words for who is at work and where: by themselves they tell nothing about how a sentence puts it.
_BODY = re.compile(
    "(?:social|health|family|key|support|duty|ward|school|police|head|care|home|the|worker|nurse|officer|team|manager|doctor|gp"
    "|teacher|visitor|professional|practitioner|service|hospital|clinic|trust|council)s?",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
#: What may follow or go before within a word of several parts ("ill-judged"), if only a part of it weighed.
_AFTER = re.compile(r"(?:[-\u2010\u2011]\w+)+")
_BEFORE = re.compile(r"(?:\w+[-\u2010\u2011])+$")
#: What a stretch is not drawn across: quotation marks (an apostrophe within a word is none), and the ends of clauses.
_BREAK = re.compile(r"[\"\u201c\u201d\u2018(),;:\u2013\u2014]|(?<!\w)['\u2019]|['\u2019](?!\w)")


def with_listed(cues: Sequence[Cue], sentence: str, label: str, *, start: int = 0) -> tuple[Cue, ...]:
    """The words that weighed, or, where none of them is of a family, those of the sentence that are: what is asked is about them.

    Parameters
    ----------
    cues : sequence of Cue
        Of the sentence, with offsets into its document; none for a label that is not its own.
    sentence : str
    label : str
        Whose families count.
    start : int
        Offset of the sentence in its document.

    Examples
    --------
    >>> [cue.text for cue in with_listed([Cue(14, 19, "nurse", None, 2.0)], "The nurse failed to ring.", "blame", start=10)]
    ['failed to']
    """
    if any(cue.family for cue in cues):
        return tuple(cues)
    listed = (
        Cue(start + match.start, start + match.end, sentence[match.start : match.end], match.family, 0.0)
        for match in find_cues(sentence, label)
    )
    return tuple(listed) or tuple(cues)


def telling_cues(cues: Sequence[Cue], text: str) -> tuple[Cue, ...]:
    """The cues that an author will recognise: those of the word list, else a few words of the one that weighs most.

    The model often leans on "the nurse" as well. Saying so would sound as if the nurse were the trouble, so that such words are
    pointed at only where there are no others.

    Parameters
    ----------
    cues : sequence of Cue
        In reading order, with offsets into `text`.
    text : str
        The sentence, or the document.

    Returns
    -------
    tuple of Cue
        Made of whole words, in reading order; none where there are no cues.

    Examples
    --------
    >>> text = "The nurse, he said, failed to ring."
    >>> [cue.text for cue in telling_cues([Cue(4, 9, "nurse", None, 2.0), Cue(20, 29, "failed to", "failure verbs", 1.0)], text)]
    ['failed to']
    """
    listed = tuple(cue for cue in cues if cue.family)
    if listed or not cues:
        return listed
    saying = [cue for cue in cues if not _names(cue.text)] or cues
    return (_few(max(saying, key=lambda cue: cue.weight), text),)


def telling_span(cues: Sequence[Cue], text: str) -> tuple[int, int] | None:
    """The one stretch of words to point at, as offsets into `text`; None where there are no cues.

    Telling words that stand together make one stretch; where they stand apart, it is the one that weighs most. None is drawn
    across a quotation mark.

    Parameters
    ----------
    cues, text
        As for `telling_cues`.

    Examples
    --------
    >>> text = "He should have known better, and it was careless."
    >>> listed = [Cue(3, 20, text[3:20], "counterfactuals", 2.0), Cue(40, 48, "careless", "character and competence", 1.0)]
    >>> start, end = telling_span(listed, text)
    >>> text[start:end]
    'should have known'
    """
    groups: list[list[Cue]] = []
    for cue in telling_cues(cues, text):
        if groups and _together(text[groups[-1][-1].end : cue.start]):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    if not groups:
        return None
    best = max(groups, key=lambda group: sum(cue.weight for cue in group))
    return best[0].start, best[-1].end


def _together(gap: str) -> bool:
    return len(_WORD.findall(gap)) <= _GAP_WORDS and not _BREAK.search(gap)


def _names(phrase: str) -> bool:
    """Whether a phrase only says who it is about: "Social Worker 1", "duty nurse"."""
    words = _WORD.findall(phrase)
    bodies = [bool(_BODY.fullmatch(word)) for word in words]
    return any(bodies) and all(
        body or word[0].isupper() or word.isdigit() for body, word in zip(bodies, words, strict=True)
    )


def _few(cue: Cue, text: str) -> Cue:
    """A cue without a part of a word at either end, without what stands beyond a break, and cut to a few words."""
    words = [
        word
        for word in _WORD.finditer(text, max(0, cue.start - 60), cue.end + 60)
        if word.start() >= cue.start and word.end() <= cue.end
    ]
    runs: list[list[re.Match[str]]] = [words[:1]]
    for before, word in pairwise(words):
        if _BREAK.search(text[before.end() : word.start()]):
            runs.append([])
        runs[-1].append(word)
    dull = word_set("english")
    run = max(runs, key=lambda run: sum(word.group().lower() not in dull for word in run))
    while len(run) > 1 and run[0].group().lower() in dull - _TELLING:
        run = run[1:]
    run = run[:_FEW]
    while len(run) > 1 and run[-1].group().lower() in dull:
        run = run[:-1]
    if not run:
        return cue
    start, end = run[0].start(), run[-1].end()
    if len(run) == 1 and run[0].group().lower() in _NOTHING_ALONE:
        start, end = _with_what_follows(run[0], text)
    rest, lead = _AFTER.match(text, end), _BEFORE.search(text, max(0, start - 30), start)
    start, end = lead.start() if lead else start, rest.end() if rest else end
    return Cue(start, end, text[start:end], None, cue.weight)


def _with_what_follows(word: re.Match[str], text: str) -> tuple[int, int]:
    """From the word to the end of its clause, or, where it ends one, the next clause; a few words in all."""
    first, end = word, word.end()
    for count, after in enumerate(_WORD.finditer(text, word.end())):
        gap = text[end : after.start()]
        if count == _FEW or re.search(r"[.!?;\t\n\v]", gap):  # where a sentence may end
            break
        if _BREAK.search(gap):
            if count:
                break
            first = after
        end = after.end()
    return first.start(), end
