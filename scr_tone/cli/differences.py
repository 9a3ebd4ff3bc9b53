"""Two models side by side, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scr_tone.paired import MEASURES

__all__ = ["difference_text"]

_NAMES = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "blame_f1": "F1 of blame",
    "log_loss": "log loss (less is better)",
}


def difference_text(found: Mapping[str, Any], one: str, other: str) -> str:
    """A table of what `scr_tone.paired.paired_difference` found, and the verdict in words.

    Parameters
    ----------
    found : mapping
    one, other : str
        Names of the models.
    """
    lines = [f"{'':28}{one[-16:]:>17}{other[-16:]:>17}{'difference (95% interval)':>32}"]
    for name in MEASURES:
        row = found[name]
        low, high = row["ci"]
        gap = f"{row['difference']:+.3f} ({low:+.3f} to {high:+.3f})"
        lines.append(f"{_NAMES[name]:28}{row['one']:>17.3f}{row['other']:>17.3f}{gap:>32}  {row['verdict']}")
    labels, scores = found["macro_f1"]["verdict"], found["log_loss"]["verdict"]
    said = {"better": "better", "worse": "worse", "cannot be told": "not told apart from chance"}
    lines.append(f"{one} against {other}: its labels are {said[labels]}, its scores are {said[scores]}.")
    if "cannot be told" in (labels, scores):
        lines.append(
            "An interval that holds 0 is no proof that nothing changed; more labelled documents make it narrower."
        )
    return "\n".join(lines) + "\n"
