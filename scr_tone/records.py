"""The nouns of the package: Document, Stretch, Block, Cue, Prediction, Sentence.

Plain frozen dataclasses, no behaviour that needs another module. Offsets are Unicode code points into
``Document.text`` throughout, half open, as in Python slices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = [
    "KINDS",
    "LABELS",
    "REASONS",
    "SKIPS",
    "Block",
    "Cue",
    "Document",
    "Kind",
    "Label",
    "Prediction",
    "Reason",
    "Sentence",
    "Stretch",
]

Label = Literal["blame", "learning", "accountability", "neutral"]
LABELS: tuple[Label, ...] = get_args(Label)

Kind = Literal["body", "heading", "list_item", "table_cell", "quote", "footnote", "contents"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: What may be left out of counts and flags where it is asked for.
SKIPS = ("quotes", "tables", "appendices", "glossary", "footnotes")

Reason = Literal[
    "heading",
    "fragment",
    "footnote",
    "table",
    "appendix",
    "glossary",
    "section",
    "quote",
    "phrase",
    "accepted",
    "wrong",
]
#: Why a sentence may be left out of counts and flags.
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, cell or note, as a reader found it.

    Attributes
    ----------
    text : str
        The words, white space tidied, with the printed number or bullet in front ("4.12 The nurse ...").
        A line feed inside means a line break that the author typed.
    kind : Kind
        What it is on the page.
    page : int or None
        Page on which it starts, from 1; None where the format does not know.
    number : str or None
        Its printed paragraph number or list mark ("4.12", "(b)"), also part of `text`.
    level : int or None
        For a heading its level, from 1.
    """

    text: str
    kind: Kind = "body"
    page: int | None = None
    number: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A contiguous part of ``Document.text`` that is one block on the page.

    Attributes
    ----------
    start, end : int
        Code point offsets into the document's text.
    kind : Kind
    page : int or None
    section : str or None
        Text of the nearest heading above (for a heading, its own).
    number : str or None
        Printed paragraph number or list mark.
    level : int or None
        For a heading its level, from 1.
    """

    start: int
    end: int
    kind: Kind = "body"
    page: int | None = None
    section: str | None = None
    number: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text that will not change any more, with what is known of each stretch of it.

    Attributes
    ----------
    text : str
        All of it; stretches are separated by white space.
    stretches : tuple of Stretch
        In order, not overlapping.
    name : str or None
        File name without folder, or None for a bare string.
    format : str
        "text", "markdown", "docx", "pdf" or "html".
    warnings : tuple of str
        What the reader should tell the user (an encoding guessed, pages without text).
    path : str or None
        The file that it was read from, so that a report can be put into that as comments. It is in no report, and not
        shown with the document.

    Examples
    --------
    >>> document = Document.from_blocks([Block("Findings", "heading"), Block("No visit took place.")])
    >>> document.text
    'Findings\\nNo visit took place.'
    >>> document.stretches[1].section
    'Findings'
    """

    text: str
    stretches: tuple[Stretch, ...]
    name: str | None = None
    format: str = "text"
    warnings: tuple[str, ...] = ()
    path: str | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_blocks(
        cls, blocks: Iterable[Block], *, name: str | None = None, format: str = "text", warnings: Iterable[str] = ()
    ) -> Document:
        """Join blocks, one to a line; blocks without a printing character are dropped."""
        parts: list[str] = []
        stretches: list[Stretch] = []
        section: str | None = None
        at = 0
        for block in blocks:
            text = block.text.strip()
            if not text:
                continue
            if block.kind == "heading":
                section = " ".join(text.split())
            stretches.append(Stretch(at, at + len(text), block.kind, block.page, section, block.number, block.level))
            parts.append(text)
            at += len(text) + 1
        return cls("\n".join(parts), tuple(stretches), name, format, tuple(warnings))


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a sentence that carry its label.

    Attributes
    ----------
    start, end : int
        Code point offsets into the document's text (into the sentence for a lone `Prediction`).
    text : str
        The words themselves.
    family : str or None
        Cue family of the word list ("failure", "hindsight", ...), None when only the model points here.
    weight : float
        How much the words pull towards the label, in logits; above 0.
    """

    start: int
    end: int
    text: str
    family: str | None
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model makes of one sentence.

    Attributes
    ----------
    label : Label
        The likeliest label.
    scores : mapping of Label to float
        Calibrated probabilities; they sum to 1.
    cues : tuple of Cue
        Offsets relative to the sentence; empty for `neutral`.
    target : str or None
        Whom or what responsibility is put on ("practitioner", "agency", "family", "child", "perpetrator", "system",
        "none"); None for `neutral`, and where the model does not say.
    voice : str or None
        "review" (the author's own words) or "reported"; None as for `target`.
    culpability : str or None
        What the sentence claims of how an act was meant, a level of the codebook's ladder: "none", "error", "at_risk",
        "reckless" or "deliberate"; of any label. None where the model does not say.
    factors : tuple of str
        Contributory factors that a `learning` sentence names, the codebook's keys ("workload", "supervision", ...), the
        likeliest first; empty for the other labels, and where the model does not say.
    telling : Cue or None
        The one stretch that an author should look at (`scr_tone.pointer`), with the family of the cue in it that weighs most, and
        what its cues weigh together (0 where it holds none). None for `neutral`, and where the model does not say.
    """

    label: Label
    scores: Mapping[str, float]
    cues: tuple[Cue, ...] = ()
    target: str | None = None
    voice: str | None = None
    culpability: str | None = None
    factors: tuple[str, ...] = ()
    telling: Cue | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a report: where it stands and what it does with responsibility.

    Attributes
    ----------
    index : int
        Its place among the sentences, from 0.
    start, end : int
        Code point offsets into ``Document.text``; ``document.text[start:end] == text``.
    text : str
    label, scores, cues, target, voice, culpability, factors, telling
        As in `Prediction`; the offsets of words are into ``Document.text``.
    kind, page, section, number
        As in `Stretch`.
    skipped : Reason or None
        Why it is left out of counts and flags, or None: "heading" and "fragment" (a word or two in a cell) always; "footnote",
        "table", "appendix", "glossary", "section", "quote" and "phrase" where that was asked for; "accepted" where the author
        has marked or decided that it is intended, "wrong" where the flag was decided to be wrong.
    id : str
        Made from its words alone, so that it stays the same when the text around it changes (`scr_tone.finding_ids`).
    """

    index: int
    start: int
    end: int
    text: str
    label: Label
    scores: Mapping[str, float]
    cues: tuple[Cue, ...]
    target: str | None
    voice: str | None
    kind: Kind
    page: int | None
    section: str | None
    number: str | None
    skipped: Reason | None = None
    culpability: str | None = None
    factors: tuple[str, ...] = ()
    id: str = ""
    telling: Cue | None = None
