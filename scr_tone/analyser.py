"""`ToneAnalyser`: a loaded model, and what users call on it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scr_tone.batches import label_documents
from scr_tone.decisions import Decisions
from scr_tone.encoder import EncoderModel
from scr_tone.errors import ConfigError, InputError
from scr_tone.prediction import ATTRIBUTES, checked, predict
from scr_tone.project import Project, checked_skips
from scr_tone.provenance import SOFTWARE, model_entry
from scr_tone.provenance import libraries as libraries_of
from scr_tone.reading import from_text
from scr_tone.records import LABELS, Document, Prediction
from scr_tone.report import SCHEMA_VERSION, Report
from scr_tone.scorer import NATURAL_PRIOR, Model, adjusted_prior, probabilities
from scr_tone.units import settings_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ToneAnalyser"]


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
    again : callable, optional
        Loads the same model from where this one came, given prior and strength (`scr_tone.load` gives it). With it the analyser can
        be pickled: the pickle holds place and digest, not the model, and whoever unpickles it loads that very model there, or
        gets a `ModelError` and no code is run.
    manifest : mapping, optional
        Of the model, for its version and data in the provenance of reports.

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
        again: Callable[[tuple[tuple[str, float], ...] | None, float], ToneAnalyser] | None = None,
        manifest: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.digest = digest
        self.manifest = manifest or {}
        if isinstance(prior, str) and prior != "natural":
            raise ConfigError(
                f"is {prior!r}", remedy='give "natural", None, or a share for each label', subject="prior"
            )
        self.prior: Mapping[str, float] | None = NATURAL_PRIOR if prior == "natural" else prior  # type: ignore[assignment]
        self.prior_strength = prior_strength
        self._model = model
        self._again = again
        head = model.heads["label"]
        self._order = [head.classes.index(label) for label in LABELS]
        self._shift = adjusted_prior(head, self.prior, prior_strength)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._again is None:
            raise pickle.PicklingError(
                "a model in memory is not pickled; save it, load it with scr_tone.load, pickle that"
            )
        prior = None if self.prior is None else tuple(self.prior.items())
        return self._again, (prior, self.prior_strength)

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
        return self.analyse_all(
            [from_text(source) if isinstance(source, str) else source],
            cues=cues,
            explain=explain,
            skip=checked_skips(skip) | (frozenset({"quotes"}) if skip_quotes else frozenset()),
            project=project,
            decisions=decisions,
            progress=progress,
        )[0]

    def analyse_all(
        self,
        documents: Sequence[Document],
        *,
        spans: Sequence[Iterable[tuple[int, int]] | None] | None = None,
        cues: bool = True,
        explain: bool = False,
        skip: Iterable[str] = (),
        project: Project | None = None,
        decisions: Decisions | None = None,
        progress: Callable[[int, int], None] | None = None,
        libraries: Iterable[str] = (),
    ) -> list[Report]:
        """Label every sentence of several documents, all of which the model reads together.

        Parameters
        ----------
        documents : sequence of Document
        spans : sequence of iterable of (int, int), one for each document, optional
            Its sentences, as offsets into its text, where somebody else has found them. None leaves that to `scr_tone.split`.
        cues, explain, skip, project, decisions, progress
            See `analyse`.
        libraries : iterable of str
            Packages beside our own that had a part, for the provenance.

        Returns
        -------
        list of Report
            One for each document, in order; the same as from `analyse`.

        Raises
        ------
        ConfigError
            If `skip` names something else.
        """
        asked, project, packages = checked_skips(skip), project or Project(), tuple(libraries)
        found = label_documents(
            self._model,
            self._shift,
            documents,
            spans=[None] * len(documents) if spans is None else spans,
            cues=cues,
            explain=explain,
            skip=asked,
            project=project,
            decisions=decisions,
            progress=progress,
        )
        settings = settings_of(project, asked, decisions) | {"cues": cues, "explain": explain}
        learned = project.flags.model
        other = bool(learned) and not self.digest.startswith(str(learned))
        notes = [f"the thresholds were learned with another model ({learned}); learn them again"] if other else []
        return [
            Report(
                one.document,
                one.sentences,
                self._provenance(settings, libraries_of(one.document.format, packages)),
                project.flags,
                (*one.notes, *notes),
            )
            for one in found
        ]

    def label_frame(self, frame: pd.DataFrame, column: str = "text", *, prefix: str = "") -> pd.DataFrame:
        """Label a column of sentences; see `scr_tone.frames.label_frame`."""
        from scr_tone.frames import label_frame

        return label_frame(self, frame, column, prefix=prefix)

    @property
    def provenance(self) -> dict[str, Any]:
        """Software, model, label shares and libraries, of labels given to lone sentences (`scr_tone.provenance`)."""
        return self._provenance({}, libraries_of())

    def _provenance(self, settings: Mapping[str, Any], libraries: Mapping[str, str]) -> dict[str, Any]:
        prior = None if self.prior is None else dict(self.prior)
        return {
            "schema": SCHEMA_VERSION,
            "software": dict(SOFTWARE),
            "model": model_entry(self.name, self.digest, self.manifest),
            "settings": {"prior": prior, "prior_strength": self.prior_strength, **settings},
            "libraries": dict(libraries),
        }
