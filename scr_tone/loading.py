"""`load`: from a model's name or folder to what users call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scr_tone.analyser import ToneAnalyser
from scr_tone.artefact import load as load_artefact

__all__ = ["load"]


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
        artefact.model,
        name=artefact.name,
        digest=artefact.digest,
        prior=prior,
        prior_strength=prior_strength,
        manifest=artefact.manifest,
    )
