"""Prevalence: the share of each label in a corpus, with an interval that knows of the model's errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scr_tone.errors import ConfigError, InputError
from scr_tone.estimation.adjusted import adjusted_shares
from scr_tone.estimation.design import Design, FloatArray
from scr_tone.estimation.matching import matched
from scr_tone.estimation.predicted import About, shares_of
from scr_tone.labelled import LabelledSentence, read_labelled
from scr_tone.records import LABELS
from scr_tone.tables import Corpus, corpus_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimate", "Prevalence", "prevalence"]

#: Fewest documents with a labelled sentence from which one can speak of other documents.
_LEAST_DOCUMENTS = 10


@dataclass(frozen=True)
class Estimate:
    """Shares of the labels by one method.

    Attributes
    ----------
    share, low, high : ndarray, shape (4,)
        In the order of `scr_tone.LABELS`.
    """

    share: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Prevalence:
    """The share of each label in a corpus, by four methods.

    Attributes
    ----------
    counted : ndarray, shape (4,)
        What the model's labels come to, uncorrected. It has no interval, because its error is not one of chance.
    corrected : Estimate
        Prediction-powered (PPI++): the one to report.
    by_hand : Estimate
        The labelled sentences alone.
    adjusted : Estimate
        Adjusted counts, as a second opinion.
    factor : float
        How much of the model's word the correction took, 0 to 1.
    worth : ndarray, shape (4,)
        How many sentences labelled by hand alone would give as narrow an interval as `corrected`.
    sentences, documents : int
        In the corpus; no documents where the table does not name them.
    labelled, documents_labelled : int
    about : {"documents", "corpus"}
        Whether the shares are of documents like these, or of this corpus alone.
    confidence : float
    notes : tuple of str
        What to know before reporting it.
    """

    counted: FloatArray
    corrected: Estimate
    by_hand: Estimate
    adjusted: Estimate
    factor: float
    worth: FloatArray
    sentences: int
    documents: int
    labelled: int
    documents_labelled: int
    about: About
    confidence: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row a label.

        Returns
        -------
        pandas.DataFrame
            Columns ``label, counted, corrected, corrected_low, corrected_high, by_hand, by_hand_low, by_hand_high, adjusted,
            adjusted_low, adjusted_high, worth``; shares from 0 to 1.
        """
        import pandas as pd

        columns: dict[str, Any] = {"label": list(LABELS), "counted": self.counted}
        for name in ("corrected", "by_hand", "adjusted"):
            found: Estimate = getattr(self, name)
            columns |= {name: found.share, f"{name}_low": found.low, f"{name}_high": found.high}
        return pd.DataFrame({**columns, "worth": self.worth})

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON; what is not a number is None."""
        rows = [
            {name: value if isinstance(value, str) else _finite(value) for name, value in row.items()}
            for row in self.to_frame().to_dict("records")
        ]
        return {
            "about": self.about,
            "confidence": self.confidence,
            "sentences": self.sentences,
            "documents": self.documents,
            "labelled": self.labelled,
            "documents_labelled": self.documents_labelled,
            "factor": self.factor,
            "labels": rows,
            "notes": list(self.notes),
        }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def prevalence(
    table: pd.DataFrame | str | Path | Sequence[pd.DataFrame | str | Path] | Corpus,
    labelled: Sequence[LabelledSentence] | str | Path,
    *,
    about: About | None = None,
    confidence: float = 0.95,
    random: bool = False,
) -> Prevalence:
    """The share of each label in a corpus, corrected for the model's errors by a sample that people labelled.

    Parameters
    ----------
    table : DataFrame, path, sequence of them, or Corpus
        The corpus as a model labelled it, one row a sentence; see `scr_tone.tables.corpus_of`.
    labelled : path, or sequence of LabelledSentence
        The sample from `scr_tone.draw_sample`, labelled, as labelled JSON Lines. Inclusion probabilities are heeded.
    about : {"documents", "corpus"}, optional
        Of what the shares are. "documents": of documents like these; sentences of one document are not taken to be independent, and
        the variance is that between documents. "corpus": of this corpus and no other, which is sharper and says less. If not
        given, documents; where the table does not name them, each sentence counts as one.
    confidence : float
        Of the intervals, between 0 and 1.
    random : bool
        That the labelled sentences are a simple random sample of the table, where they do not say how they were drawn.

    Returns
    -------
    Prevalence

    Raises
    ------
    InputError
        If there are fewer than 50 labelled sentences, or, for shares of documents, fewer than 10 documents with one; if they are
        not from this corpus, or not drawn at random.
    ConfigError
        If an argument makes no sense.

    Notes
    -----
    The estimate is PPI++ (Angelopoulos, Duchi and Zrnic 2023), with inclusion probabilities as in Zrnic and Candès (2024), and
    linearised variances over documents; the interval is Wilson's with the effective sample size.

    Examples
    --------
    >>> import pandas as pd
    >>> from scr_tone import LabelledSentence, draw_sample, prevalence
    >>> texts = [f"Visit {k}." for k in range(400)]
    >>> frame = pd.DataFrame({"text": texts, "label": ["blame"] * 80 + ["neutral"] * 320})
    >>> drawn = draw_sample(frame, 100, seed=1)
    >>> said = ["blame" if label == "blame" and at % 2 else "neutral" for at, label in enumerate(drawn["label"])]
    >>> rows = drawn.to_dict("records")
    >>> mine = [LabelledSentence(row["text"], label, extra=row) for row, label in zip(rows, said)]
    >>> found = prevalence(frame, mine, about="corpus")
    >>> bool(found.counted[0] == 0.2), bool(0.05 < found.corrected.share[0] < 0.15)
    (True, True)
    """
    if not 0 < confidence < 1:
        raise ConfigError(f"is {confidence}", remedy="give a number between 0 and 1", subject="confidence")
    if about not in ("documents", "corpus", None):
        raise ConfigError(f"is {about!r}", remedy='use "documents" or "corpus"', subject="about")
    corpus = table if isinstance(table, Corpus) else corpus_of(table)
    subject = "the labelled file" if not isinstance(labelled, str | Path) else str(labelled)
    sentences = read_labelled(labelled) if isinstance(labelled, str | Path) else labelled
    design, notes = matched(corpus, sentences, random=random, subject=subject)
    chosen: About = about or "documents"
    if chosen == "documents":
        _check_documents(design, corpus, subject)
        if not corpus.documents:
            notes.append(
                "the table names no documents, so sentences count as independent; where several are from one document the intervals "
                "are too narrow"
            )
    corrected = shares_of(design, about=chosen, confidence=confidence)
    by_hand = shares_of(design, about=chosen, confidence=confidence, factor=0.0)
    adjusted = adjusted_shares(design, about=chosen, confidence=confidence)
    rare = [label for at, label in enumerate(LABELS) if design.truth[:, at].sum() < 5]
    if rare:
        notes.append(f"fewer than 5 labelled sentences are {' or '.join(rare)}; read these intervals as rough")
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(corrected.error > 0, design.truth.shape[0] * (by_hand.error / corrected.error) ** 2, np.nan)
    return Prevalence(
        counted=np.bincount(corpus.labels, minlength=len(LABELS)) / len(corpus),
        corrected=Estimate(np.clip(corrected.share, 0, 1), corrected.low, corrected.high),
        by_hand=Estimate(by_hand.share, by_hand.low, by_hand.high),
        adjusted=Estimate(adjusted.share, adjusted.low, adjusted.high),
        factor=corrected.factor,
        worth=worth,
        sentences=len(corpus),
        documents=design.documents if corpus.documents else 0,
        labelled=len(design.rows),
        documents_labelled=design.documents_labelled if corpus.documents else 0,
        about=chosen,
        confidence=confidence,
        notes=tuple(notes),
    )


def _check_documents(design: Design, corpus: Corpus, subject: str) -> None:
    if corpus.documents and design.documents_labelled < _LEAST_DOCUMENTS:
        raise InputError(
            f"has labels in {design.documents_labelled} documents, and it takes {_LEAST_DOCUMENTS} to speak of documents like these",
            remedy='ask for the shares of this corpus alone (--about corpus, about="corpus"), or label in more documents',
            subject=subject,
        )
