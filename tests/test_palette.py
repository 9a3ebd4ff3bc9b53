"""The labels' colours: one source, far enough apart in grey and for colour-blind readers; all by computation."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from scr_tone import LABELS
from scr_tone.rendering.palette import fills, inks, mixed

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(rgb: np.ndarray) -> float:
    return float(np.clip(rgb, 0, 1) @ [0.2126, 0.7152, 0.0722])


def lightness(rgb: np.ndarray) -> float:
    """CIE L*, from 0 to 100."""
    y = luminance(rgb)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def test_the_labels_stand_in_their_order() -> None:
    assert tuple(inks()) == tuple(fills()) == LABELS


def test_fills_become_lighter_step_by_step_in_grey() -> None:
    found = [lightness(linear(fills()[label])) for label in LABELS]
    assert found == sorted(found)
    assert min(np.diff(found)) > 15


@pytest.mark.parametrize("kind", BLINDNESS)
def test_fills_stay_apart_for_colour_blind_readers(kind: str) -> None:
    seen = {label: np.array(BLINDNESS[kind]) @ linear(colour) for label, colour in fills().items()}
    for one, other in combinations(LABELS, 2):
        assert abs(lightness(seen[one]) - lightness(seen[other])) > 12, (one, other)


def test_inks_stand_out_from_white_paper() -> None:
    for label, colour in inks().items():
        ratio = 1.05 / (luminance(linear(colour)) + 0.05)
        assert ratio >= (3 if label == "neutral" else 4.5), label  # WCAG 2.2: graphics, and words


def test_the_report_and_the_page_have_the_same_colours(root) -> None:
    css = (root / "api" / "static" / "style.css").read_text(encoding="utf-8")
    light = css[: css.index("}")]
    found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", light))
    assert {label: found[label] for label in LABELS} == inks()


def test_white_can_be_mixed_in() -> None:
    assert mixed("#a3261c", 0) == "#a3261c"
    assert mixed("#a3261c", 1) == "#ffffff"
