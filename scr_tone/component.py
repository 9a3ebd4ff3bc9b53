"""The spaCy component `scr_tone_sentences`; the labels are those of `scr_tone.tone_component`.

spaCy finds the factory through the package's entry points, so ``nlp.add_pipe("scr_tone_sentences")`` works without
an import of this module.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from scr_tone.sentences import sentence_spans

__all__ = ["SentenceMarker", "blank_pipeline"]


class SentenceMarker:
    """Mark the sentence starts of report prose on the tokens of a Doc.

    Where a boundary falls inside a token ("home.The" as one token), the token is split there, so that the sentences of
    the Doc are those of `scr_tone.sentences.sentence_spans`, offset for offset. White space before a sentence belongs
    to the one before it, as in spaCy's own sentencizer. In a Doc that is tagged or parsed already, or has spans,
    no token is split: the start then goes to the next token, so put this component first.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("scr_tone_sentences")
    >>> [sent.text for sent in nlp("Dr. Smith left at 10.30 a.m. on Friday. Nobody rang.").sents]
    ['Dr. Smith left at 10.30 a.m. on Friday.', 'Nobody rang.']
    """

    def __call__(self, doc: Doc) -> Doc:
        """Set ``token.is_sent_start`` on every token.

        Parameters
        ----------
        doc : spacy.tokens.Doc
            Changed in place.

        Returns
        -------
        spacy.tokens.Doc
            The same one.
        """
        starts = np.array([start for start, _ in sentence_spans(doc.text)][1:], dtype=np.int64)
        if not len(doc):
            return doc
        offsets = doc.to_array([IDX]).reshape(-1).astype(np.int64)
        inside = starts[~np.isin(starts, offsets)]
        if len(inside) and not (doc.has_annotation("TAG") or doc.has_annotation("DEP") or doc.ents or doc.spans):
            doc = _with_token_starts(doc, offsets, inside)
            offsets = doc.to_array([IDX]).reshape(-1).astype(np.int64)
        # from_array, because setting token.is_sent_start looks through the whole Doc each time.
        marks = np.full(len(doc), -1, dtype=np.int64)
        marks[0] = 1
        marks[np.minimum(np.searchsorted(offsets, starts), len(doc) - 1)] = 1
        return doc.from_array([SENT_START], marks.reshape(-1, 1).astype(np.uint64))

    def to_bytes(self, **kwargs: object) -> bytes:
        """Nothing to save: the rules are code and packaged data."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> SentenceMarker:
        """Nothing to load."""
        return self

    def to_disk(self, path: object, **kwargs: object) -> None:
        """Nothing to save."""

    def from_disk(self, path: object, **kwargs: object) -> SentenceMarker:
        """Nothing to load."""
        return self


def _with_token_starts(doc: Doc, offsets: np.ndarray, inside: np.ndarray) -> Doc:
    """The same text in a new Doc, whose tokens also begin at the offsets `inside`."""
    words: list[str] = []
    spaces: list[bool] = []
    cuts: dict[int, list[int]] = {}
    for start in inside.tolist():
        index = int(np.searchsorted(offsets, start, side="right")) - 1
        cuts.setdefault(index, []).append(start - int(offsets[index]))
    for token in doc:
        edges = [0, *cuts.get(token.i, ()), len(token.text)]
        for left, right in pairwise(edges):
            words.append(token.text[left:right])
            spaces.append(right == edges[-1] and bool(token.whitespace_))
    made = Doc(doc.vocab, words=words, spaces=spaces, user_data=doc.user_data)
    made.cats, made._context = (
        doc.cats,
        doc._context,
    )  # without the latter nlp.pipe(as_tuples=True) loses what came along
    return made


@Language.factory("scr_tone_sentences", assigns=["token.is_sent_start", "doc.sents"], retokenizes=True)
def make_sentence_marker(nlp: Language, name: str) -> SentenceMarker:
    """Factory for ``nlp.add_pipe("scr_tone_sentences")``."""
    return SentenceMarker()


@cache
def blank_pipeline() -> Language:
    """A blank English pipeline with the sentence component, made once."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("scr_tone_sentences")
    return nlp
