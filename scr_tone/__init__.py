"""scr_tone: what each sentence of a case review does with responsibility.

>>> import scr_tone
>>> tone = scr_tone.load()
>>> tone.analyse("The nurse failed to call back.").sentences[0].label
'blame'

Everything here is loaded on first use, so importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scr_tone.version import __version__

if TYPE_CHECKING:
    from scr_tone.analyser import ToneAnalyser
    from scr_tone.annotate import annotate_file
    from scr_tone.annotation.agreement import agreement_of
    from scr_tone.annotation.incoming import read_annotations
    from scr_tone.annotation.sampling import draw_sample
    from scr_tone.classifier import ToneClassifier
    from scr_tone.comparison import Comparison, compare
    from scr_tone.decisions import Decisions, read_decisions
    from scr_tone.errors import ConfigError, InputError, ModelError, ScrToneError
    from scr_tone.estimation.prevalence import Prevalence, prevalence
    from scr_tone.labelled import LabelledSentence, read_labelled
    from scr_tone.loading import load
    from scr_tone.project import Project
    from scr_tone.project_file import find_project, read_project
    from scr_tone.qda import save_codebook, save_qdpx
    from scr_tone.reading import Limits, from_text, read, read_bytes
    from scr_tone.records import KINDS, LABELS, Cue, Document, Prediction, Sentence, Stretch
    from scr_tone.report import Report
    from scr_tone.sentences import split

__all__ = [
    "KINDS",
    "LABELS",
    "Comparison",
    "ConfigError",
    "Cue",
    "Decisions",
    "Document",
    "InputError",
    "LabelledSentence",
    "Limits",
    "ModelError",
    "Prediction",
    "Prevalence",
    "Project",
    "Report",
    "ScrToneError",
    "Sentence",
    "Stretch",
    "ToneAnalyser",
    "ToneClassifier",
    "__version__",
    "agreement_of",
    "annotate_file",
    "compare",
    "draw_sample",
    "find_project",
    "from_text",
    "load",
    "prevalence",
    "read",
    "read_annotations",
    "read_bytes",
    "read_decisions",
    "read_labelled",
    "read_project",
    "save_codebook",
    "save_qdpx",
    "split",
]

_HOME = {
    "KINDS": "records",
    "LABELS": "records",
    "Comparison": "comparison",
    "ConfigError": "errors",
    "Cue": "records",
    "Decisions": "decisions",
    "Document": "records",
    "InputError": "errors",
    "LabelledSentence": "labelled",
    "Limits": "reading",
    "ModelError": "errors",
    "Prediction": "records",
    "Prevalence": "estimation.prevalence",
    "Project": "project",
    "Report": "report",
    "ScrToneError": "errors",
    "Sentence": "records",
    "Stretch": "records",
    "ToneAnalyser": "analyser",
    "ToneClassifier": "classifier",
    "agreement_of": "annotation.agreement",
    "annotate_file": "annotate",
    "compare": "comparison",
    "draw_sample": "annotation.sampling",
    "find_project": "project_file",
    "from_text": "reading",
    "load": "loading",
    "prevalence": "estimation.prevalence",
    "read": "reading",
    "read_annotations": "annotation.incoming",
    "read_bytes": "reading",
    "read_decisions": "decisions",
    "read_labelled": "labelled",
    "read_project": "project_file",
    "save_codebook": "qda",
    "save_qdpx": "qda",
    "split": "sentences",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
