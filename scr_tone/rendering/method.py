"""Method and limits, at the end of every page: what made it, with which settings, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from scr_tone.provenance import model_in_words

__all__ = ["caution", "method"]


def caution() -> str:
    """One sentence on how to read the page."""
    return (
        "This page reads <strong>wording, not people</strong>: a flag asks how a sentence will sound, not whether it is true or "
        "who was at fault, and it is sometimes wrong."
    )


def method(made: Mapping[str, Any], *, anchor: str = "") -> Iterator[str]:
    """Method and limits.

    Parameters
    ----------
    made : mapping
        With ``software``, ``model``, ``settings`` and ``libraries``, as in the JSON of a report.
    anchor : str
        Where the part stands on the page.
    """
    model, settings, software = made["model"], made["settings"], made["software"]
    prior = settings.get("prior")
    shares = (
        f"these label shares: {', '.join(f'{label} {share:.0%}' for label, share in prior.items())}, "
        f"at strength {settings.get('prior_strength')}"
        if prior
        else "the label shares of its training data"
    )
    yield f'<h2 id="{anchor}">Method and limits</h2>'
    yield (
        f"<p>Made by {escape(software['name'])} {escape(software['version'])} with the model {escape(model_in_words(model))}"
        f"{escape(_data(model))}, expecting {escape(shares)}. "
        f"Each sentence is read by itself. Scores are calibrated probabilities.{escape(_settled(settings))}</p>"
        f'<p class="note">To have the same again: SHA-256 of the model\u2019s manifest {escape(str(model.get("sha256") or "unknown"))}'
        f"{escape(_libraries(made.get('libraries', {})))}.</p>"
        "<p>It was trained on sentences written for the purpose, not on real reviews, and makes mistakes in both directions. "
        "It is meant to help authors of reviews to write so that people can learn. It is no evidence for or against "
        "anybody, and must not be used in a disciplinary, regulatory or legal process.</p>"
    )


def _data(model: Mapping[str, Any]) -> str:
    data = model.get("data")
    return (
        f", trained from {data['sentences']:,} labelled sentences (fingerprint {data['sha256'][:16]})" if data else ""
    )


def _libraries(found: Mapping[str, str]) -> str:
    return f"; {', '.join(f'{name} {version}' for name, version in found.items())}" if found else ""


def _settled(settings: Mapping[str, Any]) -> str:
    """What the project has settled, in sentences; nothing where it has settled nothing."""
    flags = settings.get("flags", {"labels": ["blame"], "threshold": {}})
    least = ", ".join(f"{label} {score:.2f}" for label, score in flags["threshold"].items())
    sure = f"; without words of a known kind, blame {flags['sure']:.2f}" if "sure" in flags else ""
    parts = [
        f"Settings: {settings['project']}" if settings.get("project") else "",
        f"Flagged: {', '.join(flags['labels']) or 'nothing'}" if flags["labels"] != ["blame"] else "",
        f"Least score for a flag: {least}{sure}" if least else "",
        f"Left out: {', '.join(settings.get('skip', ()))}" if settings.get("skip") else "",
        f"Decisions known: {settings['decisions']:,}" if settings.get("decisions") else "",
    ]
    return "".join(f" {part}." for part in parts if part)
