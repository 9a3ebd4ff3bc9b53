"""`ToneAnalyser`: a loaded model, and what users call on it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.artefact import load as load_artefact
from scr_tone.decisions import Decisions
from scr_tone.encoder import EncoderModel
from scr_tone.errors import ConfigError, InputError
from scr_tone.prediction import ATTRIBUTES, checked, predict
from scr_tone.project import Project, checked_skips
from scr_tone.reading import from_text
from scr_tone.records import LABELS, Document, Prediction
from scr_tone.report import Report
from scr_tone.scorer import NATURAL_PRIOR, Model, adjusted_prior, probabilities
from scr_tone.units import settings_of, units_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ToneAnalyser", "load"]


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
    place : str, optional
        The bundled name or folder that it was loaded from. With it the analyser can be pickled: the pickle holds place and
        digest, not the model, and whoever unpickles it loads the same model there, or gets a `ModelError` and no code is run.

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
        place: str | None = None,
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
        self._place = place
        head = model.heads["label"]
        self._order = [head.classes.index(label) for label in LABELS]
        self._shift = adjusted_prior(head, self.prior, prior_strength)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._place is None:
            raise pickle.PicklingError(
                "a model in memory is not pickled; save it, load it with scr_tone.load, pickle that"
            )
        prior = None if self.prior is None else tuple(self.prior.items())
        return _unpickled, (self._place, self.digest, prior, self.prior_strength)

    def forget(self) -> None:
        """Forget the sentences that were read, which a model with an encoder remembers by their digests."""
        if isinstance(self._model, EncoderModel):
            self._model.forget()

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
        attribute : {"target", "voice", "culpability"}

        Raises
        ------
        ConfigError
            If the model does not know the attribute.
        """
        if attribute not in ATTRIBUTES or attribute not in self._model.heads:
            raise ConfigError(f"is {attribute!r}", remedy=f"use {', '.join(ATTRIBUTES)}", subject="attribute")
        return self._model.heads[attribute].classes, probabilities(self._model, sentences, attribute)

    def label(self, sentences: Iterable[str], *, cues: bool = True, explain: bool = False) -> list[Prediction]:
        """Label sentences as they stand.

        Parameters
        ----------
        sentences : iterable of str
            Each is taken as one sentence, whatever it holds.
        cues : bool
            Whether to work out the words that carried each label, which takes most of the time.
        explain : bool
            Find those words for learning and accountability by reading each such sentence again, up to ten times, as is always
            done for blame. Slower, and more faithful to the model (tests/benchmarks/README.md).

        Returns
        -------
        list of Prediction
            Same order, same length.

        Raises
        ------
        InputError
            If one of them is not a string.
        """
        return list(predict(self._model, checked(sentences), self._shift, cues=cues, thorough=explain))

    def analyse(
        self,
        source: str | Document,
        *,
        cues: bool = True,
        explain: bool = False,
        skip_quotes: bool = False,
        skip: Iterable[str] = (),
        project: Project | None = None,
        decisions: Decisions | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """Label every sentence of a text or document.

        Parameters
        ----------
        source : str or Document
            A text as it stands, or what `scr_tone.read` returned.
        cues, explain : bool
            See `label`.
        skip_quotes : bool
            As `skip` with "quotes".
        skip : iterable of str
            What to leave out of the counts and flags, beside what the project leaves out: "quotes" (block quotes, and sentences
            wholly in quotation marks), "tables", "appendices" (and references), "glossary", "footnotes".
        project : Project, optional
            What the project has settled; see `scr_tone.read_project`.
        decisions : Decisions, optional
            What was decided about findings of this draft or an earlier one; see `scr_tone.read_decisions`.
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
        ConfigError
            If `skip` names something else.
        """
        if not isinstance(source, str | Document):
            raise InputError(
                f"analyse takes a text or a Document, not {type(source).__name__}",
                remedy="read files with scr_tone.read",
            )
        document = from_text(source) if isinstance(source, str) else source
        asked = checked_skips(skip) | (frozenset({"quotes"}) if skip_quotes else frozenset())
        project = project or Project()
        units, notes = units_of(document, skip=asked, project=project, decisions=decisions)
        texts = [unit.masked.text for unit in units]
        sentences = []
        for index, (unit, found) in enumerate(
            zip(units, predict(self._model, texts, self._shift, cues=cues, thorough=explain), strict=True)
        ):
            if progress is not None:
                progress(index + 1, len(texts))
            sentences.append(unit.labelled(index, found))
        if (learned := project.flags.model) and not self.digest.startswith(learned):
            notes.append(f"the thresholds were learned with another model ({learned}); learn them again")
        provenance = self._provenance(settings_of(project, asked, decisions))
        return Report(document, tuple(sentences), provenance, project.flags, tuple(notes))

    def label_frame(self, frame: pd.DataFrame, column: str = "text", *, prefix: str = "") -> pd.DataFrame:
        """Label a column of sentences; also part by part in Dask and Spark (docs/corpora.md).

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
            ``score_learning``, ``score_accountability``, ``score_neutral``, ``target``, ``voice``, ``culpability`` and
            ``factors`` (joined by a semicolon).

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

    def _provenance(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "model": {"name": self.name, "sha256": self.digest},
            "settings": {
                "prior": None if self.prior is None else dict(self.prior),
                "prior_strength": self.prior_strength,
                **settings,
            },
        }


def load(
    model: str | Path | None = None,
    *,
    trusted: bool = False,
    prior: Mapping[str, float] | str | None = None,
    prior_strength: float = 0.5,
    digest: str | None = None,
    threads: int | None = None,
) -> ToneAnalyser:
    """Load a model: the bundled default, another bundled one by name, or an artefact folder.

    Parameters
    ----------
    model : str or Path, optional
    trusted : bool
        For a folder: that its origin is trusted (see `scr_tone.artefact.load`).
    prior, prior_strength
        See `ToneAnalyser`.
    digest, threads : optional
        See `scr_tone.artefact.load`.

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
    found = load_artefact(model, trusted=trusted, digest=digest, threads=threads)
    return ToneAnalyser(
        found.model, name=found.name, digest=found.digest, prior=prior, prior_strength=prior_strength, place=found.place
    )


@lru_cache(maxsize=2)  # a worker gets the same analyser with every task
def _unpickled(
    place: str, digest: str, prior: tuple[tuple[str, float], ...] | None, prior_strength: float
) -> ToneAnalyser:
    """Load what was pickled. A folder was trusted where that was done, and only that very model has this digest."""
    shares = None if prior is None else dict(prior)
    return load(place, trusted=True, prior=shares, prior_strength=prior_strength, digest=digest)
