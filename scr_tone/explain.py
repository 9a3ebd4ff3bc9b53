"""Which words of a sentence carried its label: the model's own weights, named by the cue families where they agree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache

from scr_tone.cues import CueMatch, find_cues
from scr_tone.records import Cue
from scr_tone.scorer import Reading, TokenWeight
from scr_tone.words import word_set

__all__ = ["explain"]

#: Common words that do say something about responsibility.
_TELLING = {"should", "would", "could", "did", "not", "no", "when", "if"}

#: No more phrases than a reader takes in at a glance.
_MOST = 4
#: A phrase must carry this share of all that speaks for the label.
_LEAST_SHARE = 0.08
_LEAST_LISTED = 0.03
#: Share of the heaviest word's weight that makes a word heavy where no phrase carries enough.
_NEAR_HEAVIEST = 0.6
_WORD = re.compile(r"\S+")


def explain(reading: Reading, sentence: str, label: str, *, thorough: bool = False) -> tuple[Cue, ...]:
    """Phrases that pull the sentence from `neutral` towards `label`, in reading order.

    Parameters
    ----------
    reading : Reading
        What the model made of the sentence.
    sentence : str
    label : str
        A label other than `neutral`; for `neutral` the result is empty.
    thorough : bool
        See `Reading.token_weights`.

    Returns
    -------
    tuple of Cue
        At most four, with offsets into `sentence`; each weight is the sum of the model's own weights on those words.
    """
    if label == "neutral":
        return ()
    words = reading.token_weights(label, thorough=thorough)
    total = sum(word.weight for word in words if word.weight > 0)
    if total <= 0:
        return ()
    listed = find_cues(sentence, label)
    phrases = _phrases(sentence, words, listed, least=total * 0.05)
    # A listed cue that pulls at all is named, as the list has its own evidence.
    strong = [
        phrase for phrase in phrases if phrase.weight >= total * (_LEAST_LISTED if phrase.family else _LEAST_SHARE)
    ]
    if not strong:
        # Where a label hangs on the whole of a long sentence no word stands out; the heaviest are named all the same.
        strong = _phrases(sentence, words, listed, least=_NEAR_HEAVIEST * max(word.weight for word in words))
        strong = [phrase for phrase in strong if phrase.weight > 0]
    strong = [_trimmed(phrase) for phrase in strong]
    # "this" or "the" by itself tells a reader nothing, unless it is all there is.
    phrases = [phrase for phrase in strong if phrase.family or not _dull(phrase.text)] or strong
    best = sorted(phrases, key=lambda phrase: -phrase.weight)[:_MOST]
    return tuple(sorted(best, key=lambda phrase: phrase.start))


def _trimmed(phrase: Cue) -> Cue:
    """Without common words at either end, which a transformer's states spill over to, unless that leaves nothing."""
    if phrase.family:
        return phrase
    words = list(_WORD.finditer(phrase.text))
    telling = [word for word in words if not _dull(word.group())]
    if not telling:
        return phrase
    start, end = telling[0].start(), telling[-1].end()
    return Cue(phrase.start + start, phrase.start + end, phrase.text[start:end], None, phrase.weight)


@cache
def _dull_words() -> frozenset[str]:
    return word_set("english") - _TELLING


def _dull(phrase: str) -> bool:
    return all(word.lower() in _dull_words() for word in phrase.split())


def _phrases(sentence: str, words: list[TokenWeight], listed: list[CueMatch], *, least: float) -> list[Cue]:
    """Listed cues as they stand, and runs of neighbouring heavy words outside them."""
    phrases = []
    taken: set[int] = set()
    starts, ends = [word.start for word in words], [word.end for word in words]
    for match in listed:
        inside = range(bisect_right(ends, match.start), bisect_left(starts, match.end))
        taken.update(inside)
        weight = sum(words[index].weight for index in inside)
        phrases.append(Cue(match.start, match.end, sentence[match.start : match.end], match.family, weight))
    run: list[TokenWeight] = []
    for index, word in enumerate(words):
        heavy = index not in taken and word.weight >= least and sentence[word.start : word.end][0].isalnum()
        if heavy:
            run.append(word)
        if run and (not heavy or index == len(words) - 1):
            start, end = run[0].start, run[-1].end
            phrases.append(Cue(start, end, sentence[start:end], None, sum(part.weight for part in run)))
            run = []
    return phrases
