"""`ToneAnalyser`: a loaded model, and what users call on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.artefact import load as load_artefact
from scr_tone.errors import ConfigError, InputError
from scr_tone.explain import explain
from scr_tone.reading import from_text
from scr_tone.records import LABELS, Cue, Document, Label, Prediction, Sentence
from scr_tone.report import Report
from scr_tone.scorer import NATURAL_PRIOR, Model, adjusted_prior, probabilities, softmax
from scr_tone.units import skipped_because, units_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ToneAnalyser", "load"]


_ATTRIBUTES = ("target", "voice")


class ToneAnalyser:
    """Labels sentences and documents with one model.

    Parameters
    ----------
    model : Model
    name : str
        Name of the model, for the provenance of reports.
    digest : str
        SHA-256 of its manifest.
    prior : mapping of label to share, "natural" or None
        Label shares to expect. None are those of the training data; "natural" those of whole real documents, which makes
        for fewer flags of every kind (models/EXPERIMENTS.md compares the two).
    prior_strength : float
        How far to go towards `prior`, 0 to 1.

    Examples
    --------
    >>> import scr_tone
    >>> tone = scr_tone.load()
    >>> tone.label(["The nurse failed to call back."])[0].label
    'blame'
    """

    def __init__(
        self,
        model: Model,
        *,
        name: str = "unnamed",
        digest: str = "",
        prior: Mapping[str, float] | str | None = None,
        prior_strength: float = 0.5,
    ) -> None:
        self.name = name
        self.digest = digest
        if isinstance(prior, str) and prior != "natural":
            raise ConfigError(
                f"is {prior!r}", remedy='give "natural", None, or a share for each label', subject="prior"
            )
        self.prior: Mapping[str, float] | None = NATURAL_PRIOR if prior == "natural" else prior  # type: ignore[assignment]
        self.prior_strength = prior_strength
        self._model = model
        head = model.heads["label"]
        self._order = [head.classes.index(label) for label in LABELS]
        self._shift = adjusted_prior(head, self.prior, prior_strength)

    def score_matrix(self, sentences: Sequence[str]) -> npt.NDArray[np.float64]:
        """Calibrated probabilities, shape (n_sentences, 4), columns in the order of `scr_tone.LABELS`."""
        return probabilities(self._model, sentences, shift=self._shift)[:, self._order]

    def attribute_matrix(
        self, sentences: Sequence[str], attribute: str
    ) -> tuple[tuple[str, ...], npt.NDArray[np.float64]]:
        """Classes of an attribute, and their probabilities, shape (n_sentences, n_classes), whatever the label is.

        Parameters
        ----------
        sentences : sequence of str
        attribute : {"target", "voice"}

        Raises
        ------
        ConfigError
            If the model does not know the attribute.
        """
        if attribute not in _ATTRIBUTES or attribute not in self._model.heads:
            raise ConfigError(f"is {attribute!r}", remedy=f"use {' or '.join(_ATTRIBUTES)}", subject="attribute")
        return self._model.heads[attribute].classes, probabilities(self._model, sentences, attribute)

    def label(self, sentences: Iterable[str], *, cues: bool = True) -> list[Prediction]:
        """Label sentences as they stand.

        Parameters
        ----------
        sentences : iterable of str
            Each is taken as one sentence, whatever it holds.
        cues : bool
            Whether to work out the words that carried each label, which takes most of the time.

        Returns
        -------
        list of Prediction
            Same order, same length.

        Raises
        ------
        InputError
            If one of them is not a string.
        """
        texts = list(sentences)
        for index, text in enumerate(texts):
            if not isinstance(text, str):
                raise InputError(
                    f"is a {type(text).__name__}, not a string",
                    remedy="pass a list of strings",
                    subject=f"sentence {index}",
                )
        if isinstance(sentences, str):
            raise InputError("label takes a list of sentences", remedy="use analyse for a text, or [text]")
        return [
            Prediction(label, scores, found, target, voice)
            for label, scores, found, target, voice in self._predict(texts, cues)
        ]

    def _predict(
        self, texts: list[str], cues: bool
    ) -> Iterator[tuple[Label, dict[str, float], tuple[Cue, ...], str | None, str | None]]:
        heads = self._model.heads
        attributes = [name for name in _ATTRIBUTES if name in heads]
        for text, reading in zip(texts, self._model.read(texts), strict=True):
            logits = (reading.logits("label") + self._shift)[None, :].astype(np.float64)
            shares = softmax(logits)[0, self._order]
            label = LABELS[int(shares.argmax())]
            scores: dict[str, float] = {
                name: round(float(share), 6) for name, share in zip(LABELS, shares, strict=True)
            }
            if label == "neutral":
                yield label, scores, (), None, None
                continue
            found = {name: heads[name].classes[int(reading.logits(name).argmax())] for name in attributes}
            words = explain(reading, text, label) if cues else ()
            yield label, scores, words, found.get("target"), found.get("voice")

    def analyse(
        self,
        source: str | Document,
        *,
        cues: bool = True,
        skip_quotes: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Label every sentence of a text or document.

        Parameters
        ----------
        source : str or Document
            A text as it stands, or what `scr_tone.read` returned.
        cues : bool
            See `label`.
        skip_quotes : bool
            Leave block quotes, and sentences that are wholly in quotation marks, out of the counts and flags.
        progress : callable, optional
            Called after each sentence with how many are done and how many there are.

        Returns
        -------
        Report
            Its sentences hold offsets into the text that was given.

        Raises
        ------
        InputError
            If there is nothing to read in it.
        """
        if not isinstance(source, str | Document):
            raise InputError(
                f"analyse takes a text or a Document, not {type(source).__name__}",
                remedy="read files with scr_tone.read",
            )
        document = from_text(source) if isinstance(source, str) else source
        places = [
            (stretch, stretch.start + start, stretch.start + end)
            for stretch in document.stretches
            if stretch.kind != "contents"
            for start, end in units_of(document.text, stretch)
        ]
        texts = [document.text[start:end] for _, start, end in places]
        sentences = []
        for index, ((stretch, start, end), text, found) in enumerate(
            zip(places, texts, self._predict(texts, cues), strict=True)
        ):
            label, scores, words, target, voice = found
            if progress is not None:
                progress(index + 1, len(texts))
            moved = tuple(Cue(c.start + start, c.end + start, c.text, c.family, c.weight) for c in words)
            sentences.append(
                Sentence(
                    index,
                    start,
                    end,
                    text,
                    label,
                    scores,
                    moved,
                    target,
                    voice,
                    stretch.kind,
                    stretch.page,
                    stretch.section,
                    stretch.number,
                    skipped_because(stretch, text, skip_quotes),
                )
            )
        return Report(document, tuple(sentences), provenance=self._provenance(skip_quotes))

    def label_frame(self, frame: pd.DataFrame, column: str = "text", *, prefix: str = "") -> pd.DataFrame:
        """Label a column of sentences.

        Parameters
        ----------
        frame : pandas.DataFrame
        column : str
            Column of sentences; missing values stay missing.
        prefix : str
            Put before the names of the new columns. A column of the frame that has such a name is replaced in the copy,
            with a warning.

        Returns
        -------
        pandas.DataFrame
            A copy with the same index and the new columns ``label``, ``score`` (of that label), ``score_blame``,
            ``score_learning``, ``score_accountability``, ``score_neutral``, ``target`` and ``voice``.

        Raises
        ------
        InputError
            If there is no such column.
        """
        from scr_tone.frames import with_predictions

        if column not in frame.columns:
            raise InputError(
                f"has no column {column!r}", remedy=f"name one of {list(frame.columns)}", subject="the frame"
            )
        known = frame[column].notna().to_numpy()
        return with_predictions(frame, known, self.label(frame.loc[known, column].astype(str), cues=False), prefix)

    def _provenance(self, skip_quotes: bool) -> dict[str, Any]:
        return {
            "model": {"name": self.name, "sha256": self.digest},
            "settings": {
                "prior": None if self.prior is None else dict(self.prior),
                "prior_strength": self.prior_strength,
                "skip_quotes": skip_quotes,
            },
        }


def load(
    model: str | Path | None = None,
    *,
    trusted: bool = False,
    prior: Mapping[str, float] | str | None = None,
    prior_strength: float = 0.5,
) -> ToneAnalyser:
    """Load a model: the bundled default, another bundled one by name, or an artefact folder.

    Parameters
    ----------
    model : str or Path, optional
    trusted : bool
        For a folder: that its origin is trusted (see `scr_tone.artefact.load`).
    prior, prior_strength
        See `ToneAnalyser`.

    Raises
    ------
    ModelError
        If the model is missing, damaged, not trusted, or made for a newer version.

    Examples
    --------
    >>> import scr_tone
    >>> report = scr_tone.load().analyse("The nurse failed to call back.")
    >>> report.sentences[0].label
    'blame'
    """
    artefact = load_artefact(model, trusted=trusted)
    return ToneAnalyser(
        artefact.model, name=artefact.name, digest=artefact.digest, prior=prior, prior_strength=prior_strength
    )
