"""What all documents of a run are analysed with; it travels to the workers, and names their results."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from scr_tone.decisions import Decisions
from scr_tone.project import Project
from scr_tone.reading.limits import Limits
from scr_tone.version import __version__

__all__ = ["Setup"]

#: Version of what a worker gives back; another one makes unfinished runs start anew.
_FORM = 1


@dataclass(frozen=True)
class Setup:
    """Model and settings of a run.

    Attributes
    ----------
    place, digest : str
        Of the model; see `scr_tone.artefact.identify`.
    prior : tuple of (str, float), "natural" or None
    prior_strength : float
    skip : frozenset of str
    project : Project
    decisions : Decisions or None
    cues, explain : bool
        See `ToneAnalyser.analyse`.
    text : bool
        Whether words of the documents come into the tables.
    limits : Limits
    threads : int or None
        Of each worker. It changes nothing in the results.
    version : str
        Of scr-tone. A worker of another one refuses.
    """

    place: str
    digest: str
    prior: tuple[tuple[str, float], ...] | str | None = None
    prior_strength: float = 0.5
    skip: frozenset[str] = frozenset()
    project: Project = field(default_factory=Project)
    decisions: Decisions | None = None
    cues: bool = True
    explain: bool = False
    text: bool = True
    limits: Limits = field(default_factory=Limits)
    threads: int | None = None
    version: str = __version__

    def key(self) -> str:
        """A digest of all that a result depends on beside the document."""
        project = self.project
        told = {
            "form": _FORM,
            "version": self.version,
            "model": self.digest,
            "prior": self.prior,
            "prior_strength": self.prior_strength,
            "skip": sorted(self.skip | project.skip),
            "sections": project.sections,
            "phrases": project.phrases,
            "terms": project.terms,
            "flags": asdict(project.flags),
            "project": project.file,
            "decisions": self.decisions.to_json() if self.decisions else None,
            "cues": self.cues,
            "explain": self.explain,
            "text": self.text,
            "limits": asdict(self.limits),
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
