"""`load`: from a model's name or folder to what users call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
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
    artefact = load_artefact(model, trusted=trusted, digest=digest, threads=threads)
    return ToneAnalyser(
        artefact.model,
        name=artefact.name,
        digest=artefact.digest,
        prior=prior,
        prior_strength=prior_strength,
        manifest=artefact.manifest,
        again=partial(_again, artefact.place, artefact.digest),
    )


@lru_cache(maxsize=2)  # a worker gets the same analyser with every task
def _again(place: str, digest: str, prior: tuple[tuple[str, float], ...] | None, prior_strength: float) -> ToneAnalyser:
    """Load what was pickled. A folder was trusted where that was done, and only that very model has this digest."""
    shares = None if prior is None else dict(prior)
    return load(place, trusted=True, prior=shares, prior_strength=prior_strength, digest=digest)
