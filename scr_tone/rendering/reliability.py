"""The reliability diagram as a small SVG: how often a label was right, by how sure the model was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["reliability_svg"]

_SIZE, _EDGE = 320, 48


def reliability_svg(table: Sequence[dict[str, Any]], title: str) -> str:
    """Draw what `scr_tone.evaluation.reliability` found.

    Parameters
    ----------
    table : sequence of dict
    title : str

    Returns
    -------
    str
        An SVG that stands by itself, with the figures in its description for those who do not see it. A dot's area
        says how many sentences it stands for; dots below the diagonal are overconfident.
    """
    from xml.sax.saxutils import escape

    whole = sum(row["n"] for row in table) or 1

    def x(value: float) -> float:
        return _EDGE + value * _SIZE

    def y(value: float) -> float:
        return _EDGE + (1 - value) * _SIZE

    words = "; ".join(f"sure by {r['confidence']:.2f}, right {r['accuracy']:.2f}, {r['n']} sentences" for r in table)
    side = _SIZE + 2 * _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc>",
        f'<rect width="{side}" height="{side}" fill="#fff"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#767676" stroke-dasharray="4 4"/>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" fill="none" stroke="#222"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{x(tick):.0f}" y="{y(0) + 18:.0f}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{x(0) - 8:.0f}" y="{y(tick) + 4:.0f}" text-anchor="end">{tick:g}</text>')
    path = "L".join(f"{x(row['confidence']):.1f} {y(row['accuracy']):.1f}" for row in table)
    parts.append(f'<path d="M{path}" fill="none" stroke="#1f4e79"/>')
    for row in table:
        radius = 3 + 14 * (row["n"] / whole) ** 0.5
        parts.append(
            f'<circle cx="{x(row["confidence"]):.1f}" cy="{y(row["accuracy"]):.1f}" r="{radius:.1f}" fill="#1f4e79" '
            'fill-opacity="0.75"/>'
        )
    parts += [
        f'<text x="{side / 2}" y="20" text-anchor="middle" font-size="13">{escape(title)}</text>',
        f'<text x="{side / 2}" y="{side - 8}" text-anchor="middle">how sure the model was</text>',
        f'<text transform="translate(14 {side / 2}) rotate(-90)" text-anchor="middle">how often it was right</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
