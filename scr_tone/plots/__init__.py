"""Plots of tone for reports, papers and notebooks; they need matplotlib (``pip install "scr-tone[plots]"``).

Each function takes a report, several, or a frame with a row for each sentence, draws on `ax` or on a figure of its own,
and returns the Axes; ``.figure.savefig("figure.pdf")`` keeps it. pyplot is not touched and no setting is changed, so nothing is
left open and your own style stays; in a notebook the returned Axes shows itself.

Labels differ in lightness, hatch, mark and line as well as in colour, so that a grey copy can be read, and by
colour-blind readers. What is counted is wording, never people, and the labels are a model's.

>>> import scr_tone
>>> from scr_tone import plots
>>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
>>> [tick.get_text() for tick in plots.tone_strip(report).get_yticklabels()]
['blame 1', 'learning 0', 'accountability 0']
"""

from __future__ import annotations

from scr_tone.plots.along import tone_along
from scr_tone.plots.drafts import draft_comparison
from scr_tone.plots.intervals import shares
from scr_tone.plots.reliability import reliability
from scr_tone.plots.sections import section_heatmap
from scr_tone.plots.strip import tone_strip

__all__ = ["draft_comparison", "reliability", "section_heatmap", "shares", "tone_along", "tone_strip"]
