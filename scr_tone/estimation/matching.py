"""Labelled sentences found again in their corpus, and refused where they were not drawn from it by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from scr_tone.annotation.sampling import Origin, origin_of
from scr_tone.errors import InputError
from scr_tone.estimation.design import Design, FloatArray, IntArray
from scr_tone.finding_ids import finding_ids
from scr_tone.labelled import LabelledSentence
from scr_tone.records import LABELS
from scr_tone.tables import Corpus

__all__ = ["LEAST", "matched"]

#: Fewest labelled sentences from which a share is estimated: below it an interval has no coverage to speak of.
LEAST = 50
#: How many standard errors the sample's mean score may lie from the corpus's before nobody believes that it was random.
_FAR = 5.0

_DRAW = "draw sentences with scr-tone sample, label all of them, and import them again"


def matched(
    corpus: Corpus, labelled: Sequence[LabelledSentence], *, random: bool = False, subject: str = "the labelled file"
) -> tuple[Design, list[str]]:
    """Find each labelled sentence in the corpus.

    Parameters
    ----------
    corpus : Corpus
    labelled : sequence of LabelledSentence
        As imported: with ``document``, ``id``, ``inclusion_probability``, ``stratum``, ``stratum_size`` and ``sample``.
    random : bool
        That the sentences were drawn from the whole corpus with equal chances, where they do not say how.
    subject : str
        What to call the labelled sentences in messages.

    Returns
    -------
    design : Design
    notes : list of str
        What to know beside.

    Raises
    ------
    InputError
        If they are too few, were not drawn from this corpus by chance, or do not look as if.
    """
    if len(labelled) < LEAST:
        raise InputError(
            f"{len(labelled)} labelled sentences are too few to correct anything by; it takes {LEAST}, and 200 are better",
            remedy="label more of the sample",
            subject=subject,
        )
    rows = _rows(corpus, labelled, subject)
    origin = _origin(corpus, labelled, random, subject)
    notes = []
    if origin is not None and len(labelled) < origin.drawn:
        notes.append(
            f"{origin.drawn:,} sentences were drawn and {len(labelled):,} have a label: sentences passed over because they were hard "
            "bend the shares"
        )
    chance, names, sizes = _weights(corpus, labelled, origin)
    stratum = np.unique(names, return_inverse=True)[1].astype(np.int64)
    predicted, document = corpus.scores, _documents(corpus)
    truth = np.array([sentence.label for sentence in labelled])[:, None] == np.array(LABELS)
    design = Design(
        predicted,
        document,
        rows,
        truth.astype(np.float64),
        chance,
        stratum,
        sizes,
        _corpus_strata(corpus, rows, stratum, sizes),
    )
    _check_looks_random(design, subject)
    return design, notes


def _documents(corpus: Corpus) -> IntArray:
    if not corpus.documents:
        return np.arange(len(corpus))
    return np.unique(corpus.frame["document"].to_numpy(dtype=str), return_inverse=True)[1].astype(np.int64)


def _rows(corpus: Corpus, labelled: Sequence[LabelledSentence], subject: str) -> IntArray:
    place = {key: row for row, key in enumerate(corpus.keys)}
    ids = [str(one.extra.get("id") or finding_ids([one.text])[0]) for one in labelled]
    keys = [
        (str(one.extra.get("document") or "") if corpus.documents else "", name)
        for one, name in zip(labelled, ids, strict=True)
    ]
    missing = sum(key not in place for key in keys)
    if missing:
        raise InputError(
            f"{missing:,} of {len(keys):,} labelled sentences are not in the corpus",
            remedy="give the table that the sample was drawn from",
            subject=subject,
        )
    twice = sum(count > 1 for count in Counter(keys).values())
    if twice:
        raise InputError(
            f"{twice:,} sentences are labelled twice", remedy="leave one line for each sentence", subject=subject
        )
    return np.array([place[key] for key in keys], dtype=np.int64)


def _origin(corpus: Corpus, labelled: Sequence[LabelledSentence], random: bool, subject: str) -> Origin | None:
    """The one sample that all are from; None where it is only said that they are random."""
    told = {str(one.extra.get("sample") or "") for one in labelled}
    origins = {origin_of(text) for text in told}
    if origins == {None}:
        if random:
            return None
        raise InputError(
            "does not say how its sentences were drawn, and sentences that somebody picked say nothing about a corpus",
            remedy=f"{_DRAW}; or say that they are a simple random sample of the corpus (--random, random=True)",
            subject=subject,
        )
    if len(origins) > 1:
        raise InputError(
            f"mixes sentences of {len(told)} samples", remedy="give the labels of one sample at a time", subject=subject
        )
    (origin,) = origins
    if origin is not None and (origin.sentences, origin.corpus) != (len(corpus), corpus.fingerprint):
        raise InputError(
            f"was drawn from another corpus ({origin.sentences:,} sentences; this one has {len(corpus):,} that count)",
            remedy="give the table that it was drawn from, with the same sentences left out",
            subject=subject,
        )
    return origin


def _weights(
    corpus: Corpus, labelled: Sequence[LabelledSentence], origin: Origin | None
) -> tuple[FloatArray, list[str], IntArray]:
    if origin is None:
        even = np.full(len(labelled), len(labelled) / len(corpus))
        return even, ["1"] * len(labelled), np.array([len(corpus)])
    chance = np.array([float(one.extra.get("inclusion_probability") or np.nan) for one in labelled])
    names = [str(one.extra.get("stratum") or "1") for one in labelled]
    size = {name: int(one.extra.get("stratum_size") or 0) for name, one in zip(names, labelled, strict=True)}
    sizes = np.array([size[name] for name in sorted(size)], dtype=np.int64)
    if not ((chance > 0) & (chance <= 1)).all() or sizes.min() < 1:
        raise InputError(
            "lacks a sentence's inclusion_probability or stratum_size",
            remedy="leave these columns as scr-tone sample wrote them",
            subject="the labelled file",
        )
    if sizes.sum() != len(corpus):
        raise InputError(
            "has no label for a whole stratum of the sample, so nothing is known of it",
            remedy="label the rest of the sample, or at least some of each stratum",
            subject="the labelled file",
        )
    return chance, names, sizes


def _corpus_strata(corpus: Corpus, rows: IntArray, stratum: IntArray, sizes: IntArray) -> IntArray | None:
    """The stratum of every sentence: the model's label, if the sample agrees with the table on that."""
    if len(sizes) == 1:
        return np.zeros(len(corpus), dtype=np.int64)
    labels = corpus.labels
    of_label = {int(label): int(name) for label, name in zip(labels[rows], stratum, strict=True)}
    fits = all(of_label[int(label)] == name for label, name in zip(labels[rows], stratum, strict=True))
    if not fits or set(labels.tolist()) != set(of_label) or len(set(of_label.values())) != len(of_label):
        return None
    found = np.array([of_label[int(label)] for label in labels], dtype=np.int64)
    return found if (np.bincount(found, minlength=len(sizes)) == sizes).all() else None


def _check_looks_random(design: Design, subject: str) -> None:
    """The model's mean score in a random sample is near its mean in the corpus; in a picked one it seldom is."""
    corpus, size = design.predicted.mean(axis=0), len(design.rows)
    weight = design.weight / design.weight.sum()
    here = design.predicted[design.rows]
    gap = (weight[:, None] * (here - corpus)).sum(axis=0)
    own = np.sqrt((weight[:, None] ** 2 * (here - corpus - gap) ** 2).sum(axis=0))
    error = np.maximum(own, design.predicted.std(axis=0) / np.sqrt(size))
    far = np.abs(gap) / np.maximum(error, 1e-9)
    if far.max() > _FAR:
        at = int(far.argmax())
        raise InputError(
            f"is no random sample of the corpus: its mean score for {LABELS[at]} is {corpus[at] + gap[at]:.2f}, the corpus's is "
            f"{corpus[at]:.2f}",
            remedy=_DRAW,
            subject=subject,
        )
