"""The purpose profile (Quality Marker 5): was the purpose communicated, is it put positively, what complicates it.

The table "Purpose profile" of the codebook and its notes decide what `met` and `partly` mean. Nothing here needs the label
model: the sentences are read by word patterns and a small table of weights (`scr_tone.training.purpose`).
"""

from __future__ import annotations

from scr_tone.purpose.answers import Answer, answers, contradiction_in
from scr_tone.purpose.claims import contradiction
from scr_tone.purpose.questions import Finding, profile
from scr_tone.purpose.statuses import QUESTIONS

__all__ = ["QUESTIONS", "Answer", "Finding", "answers", "contradiction", "contradiction_in", "profile"]
