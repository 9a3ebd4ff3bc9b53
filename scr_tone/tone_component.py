"""The spaCy component `scr_tone`: labels on the sentences of any English pipeline.

spaCy finds the factory through the package's entry points, so ``nlp.add_pipe("scr_tone")`` works without an import of this
module. Sentences that the pipeline has marked before (by a parser, a senter, a sentencizer, "scr_tone_sentences") are taken
as they are; where there are none, the component marks those of `scr_tone.split`.
"""
# No "from __future__ import annotations": spaCy checks a component's config by the types of its factory's arguments.

import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import srsly
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc

from scr_tone.analyser import ToneAnalyser
from scr_tone.carried import Carried
from scr_tone.component import SentenceMarker
from scr_tone.doc_tone import check_attributes, document_of, has_tone, keep
from scr_tone.project import SURE, Flags, Project, checked_skips
from scr_tone.records import LABELS

__all__ = ["ToneComponent", "make_tone_component"]

#: Characters that are read together at most. The model works in smaller pieces anyway, and the Docs must be kept meanwhile.
_BATCH_CHARACTERS = 400_000


class ToneComponent(Pipe):  # type: ignore[misc]
    """Label the sentences of a Doc.

    It sets ``span._.tone`` (a `scr_tone.Prediction`) on sentences, ``doc._.tone_report`` (a `scr_tone.Report`), and two groups of
    spans: ``doc.spans["scr_tone"]``, the sentences that count with their label as ``label_``, the finding's id as ``id_`` and the
    label's scores in ``attrs["scores"]``; and ``doc.spans["scr_tone_cues"]``, the words that weighed, with the sentence's label as
    ``label_``, the cue family as ``kb_id_`` (empty where only the model points there) and ``attrs["weights"]`` in logits.

    Parameters
    ----------
    name : str
        In the pipeline.
    model, trusted, prior, prior_strength
        See `scr_tone.load`. A model from a folder goes along when the pipeline is saved, and is loaded from there only if
        `trusted` is set, which stands in the pipeline's own config: so load only pipelines whose origin you trust.
    cues, explain
        See `scr_tone.ToneAnalyser.label`.
    skip, terms
        See `scr_tone.ToneAnalyser.analyse` and `scr_tone.Project`.
    flagged, threshold, sure
        Labels that are flagged in the report, and from which score on; see `scr_tone.Project`.
    spans_key : str
        Key of the sentences in ``doc.spans``; that of the words has "_cues" behind it.
    overwrite : bool
        Whether a Doc that carries labels already is labelled anew; if not, it passes unchanged, whatever model labelled it.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("scr_tone")
    >>> doc = nlp("The nurse failed to call back. It rained.")
    >>> [(span.text, span.label_) for span in doc.spans["scr_tone"]]
    [('The nurse failed to call back.', 'blame'), ('It rained.', 'neutral')]
    >>> doc._.tone_report.summary["flagged"], next(doc.sents)._.tone.target
    (1, 'practitioner')
    """

    def __init__(
        self,
        name: str = "scr_tone",
        *,
        model: str | None = None,
        trusted: bool = False,
        prior: Mapping[str, float] | str | None = None,
        prior_strength: float = 0.5,
        cues: bool = True,
        explain: bool = False,
        skip: Iterable[str] = (),
        terms: Iterable[str] = (),
        flagged: Iterable[str] = ("blame",),
        threshold: Mapping[str, float] | None = None,
        sure: float = SURE,
        spans_key: str = "scr_tone",
        overwrite: bool = True,
    ) -> None:
        check_attributes()
        self.name = name
        self.spans_key = spans_key
        self.overwrite = overwrite
        self._words = {"cues": cues, "explain": explain, "skip": sorted(checked_skips(skip))}
        self._project = Project(Flags(list(flagged), dict(threshold or {}), sure=sure), terms=tuple(terms))
        self._carried = Carried(model, trusted=trusted, prior=prior, prior_strength=prior_strength)
        self._marker = SentenceMarker()
        if self._carried.is_there:  # so that what is wrong with it is said where the component is added
            self._carried.tone  # noqa: B018

    @property
    def tone(self) -> ToneAnalyser:
        """The model."""
        return self._carried.tone

    @property
    def labels(self) -> tuple[str, ...]:
        """What ``label_`` may be."""
        return LABELS

    def __call__(self, doc: Doc) -> Doc:
        """Label one Doc, in place. Where it has no sentences yet, and a token spans two of them, it is a new Doc.

        Raises
        ------
        ModelError
            If the model is not there.
        """
        return self._labelled([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Label a stream; the sentences of a batch of Docs are read together.

        Parameters
        ----------
        stream : iterable of spacy.tokens.Doc
        batch_size : int
            Docs that are read together at most; fewer, where they are long.

        Yields
        ------
        spacy.tokens.Doc
            In order. What fails goes to the error handler, Doc by Doc.
        """
        handle = self.get_error_handler()
        for docs in _batches(stream, batch_size):
            try:
                done = self._labelled(docs)
            except Exception:  # noqa: BLE001, what one Doc brings down must not take the others along
                for doc in docs:
                    try:
                        yield self(doc)
                    except Exception as error:  # noqa: BLE001
                        handle(self.name, self, [doc], error)
                continue
            yield from done

    def _labelled(self, docs: list[Doc]) -> list[Doc]:
        marked = [doc if doc.has_annotation("SENT_START") and len(doc) > 1 else self._marker(doc) for doc in docs]
        wanted = [doc for doc in marked if self.overwrite or not has_tone(doc)]
        reports = self.tone.analyse_all(
            [document_of(doc) for doc in wanted],
            spans=[[(sent.start_char, sent.end_char) for sent in doc.sents] for doc in wanted],
            project=self._project,
            libraries=("spacy",),
            **self._words,  # type: ignore[arg-type]
        )
        for doc, report in zip(wanted, reports, strict=True):
            keep(doc, report, self.spans_key)
        return marked

    def __reduce__(self) -> tuple[Any, ...]:
        """For another process, which loads the model for itself."""
        return _restored, (type(self), {**self.__dict__, "name": self.name})

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write which model it is, and the model itself if it does not ship with scr-tone."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / "cfg.json", self._carried.named)
        self._carried.write(folder / "model")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read it again.

        Warns
        -----
        UserWarning
            If the model of this name has changed since.

        Raises
        ------
        ModelError
            If there is a model that is damaged, or not said to be trusted.
        """
        folder = Path(path)
        if (folder / "model").is_dir():
            self._carried.take_folder(folder / "model")
        return self._compared(srsly.read_json(folder / "cfg.json"))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """As `to_disk`, as one string of bytes."""
        return bytes(srsly.msgpack_dumps({"cfg": self._carried.named, "model": dict(self._carried.files())}))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """As `from_disk`, from what `to_bytes` made."""
        state = srsly.msgpack_loads(data)
        if state["model"]:
            self._carried.take_files(state["model"])
        return self._compared(state["cfg"])

    def _compared(self, saved: Mapping[str, str]) -> Self:
        now = self._carried.named
        if now["sha256"] != saved["sha256"]:
            warnings.warn(
                f"{self.name}: the pipeline was saved with the model {saved['name']} {saved['version']}, and runs with "
                f"{now['name']} {now['version']}; labels may differ",
                UserWarning,
                stacklevel=3,
            )
        return self


def _restored(kind: type[ToneComponent], state: dict[str, Any]) -> ToneComponent:
    component = kind.__new__(kind)
    for name, value in state.items():
        setattr(component, name, value)
    return component


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    batch: list[Doc] = []
    characters = 0
    for doc in stream:
        batch.append(doc)
        characters += len(doc.text)
        if len(batch) >= size or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


@Language.factory(
    "scr_tone",
    assigns=["doc._.tone_report", "span._.tone", "doc.spans", "token.is_sent_start", "doc.sents"],
    retokenizes=True,
    default_config={
        "model": None,
        "trusted": False,
        "prior": None,
        "prior_strength": 0.5,
        "cues": True,
        "explain": False,
        "skip": [],
        "terms": [],
        "flagged": ["blame"],
        "threshold": {},
        "sure": SURE,
        "spans_key": "scr_tone",
        "overwrite": True,
    },
)
def make_tone_component(
    nlp: Language,
    name: str,
    model: str | None,
    trusted: bool,
    prior: dict[str, float] | str | None,
    prior_strength: float,
    cues: bool,
    explain: bool,
    skip: list[str],
    terms: list[str],
    flagged: list[str],
    threshold: dict[str, float],
    sure: float,
    spans_key: str,
    overwrite: bool,
) -> ToneComponent:
    """Factory for ``nlp.add_pipe("scr_tone", config={...})``; see `ToneComponent`."""
    return ToneComponent(
        name,
        model=model,
        trusted=trusted,
        prior=prior,
        prior_strength=prior_strength,
        cues=cues,
        explain=explain,
        skip=skip,
        terms=terms,
        flagged=flagged,
        threshold=threshold,
        sure=sure,
        spans_key=spans_key,
        overwrite=overwrite,
    )
