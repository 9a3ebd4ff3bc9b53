"""List numbers as Word prints them, worked out from the numbering part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from scr_tone.reading.block_kind import Mark
from scr_tone.reading.docx_styles import Style
from scr_tone.reading.docx_xml import MC, W, child, is_on, val
from scr_tone.reading.number_words import format_number
from scr_tone.reading.tidy import tidy

__all__ = ["Numbering"]

_LEVELS = 9
_MARK_CHARS = 100  # of a level's pattern; a longer one is no list mark but an attempt to multiply text
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    """One level of a list definition."""

    start: int = 0
    fmt: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    hidden: bool = False
    picture: bool = False
    style: str | None = None


@dataclass(slots=True)
class _Definition:
    """An abstract list: its levels, and how far each has counted."""

    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(slots=True)
class _Instance:
    """A list in use: a definition, with levels and starts of its own."""

    definition: _Definition
    levels: dict[int, _Level]
    starts: dict[int, int]
    fresh: bool = True


class Numbering:
    """Counts the lists of a document, paragraph by paragraph in order.

    Parameters
    ----------
    root : element or None
        Root of the numbering part.
    styles_root : element or None
        Root of the styles part, for list styles that stand for a definition.
    """

    def __init__(self, root: Any, styles_root: Any) -> None:
        self._instances: dict[str, _Instance] = {}
        if root is None:
            return
        elements = {e.get(W + "abstractNumId"): e for e in root.iterfind(W + "abstractNum")}
        definitions: dict[str, _Definition] = {}
        nums = {num.get(W + "numId"): num for num in root.iterfind(W + "num")}
        for num_id, num in nums.items():
            abstract_id = _abstract_id(val(child(num, "abstractNumId")), elements, nums, styles_root)
            if abstract_id is None or num_id is None:
                continue
            if abstract_id not in definitions:
                definitions[abstract_id] = _Definition(_levels(elements[abstract_id].iterfind(W + "lvl")))
            definition = definitions[abstract_id]
            overrides = [o for o in num.iterfind(W + "lvlOverride") if _index(o.get(W + "ilvl")) is not None]
            levels = {**definition.levels, **_levels(level for o in overrides for level in o.iterfind(W + "lvl"))}
            starts = {
                _index(o.get(W + "ilvl")) or 0: _integer(val(child(o, "startOverride")), 0)
                for o in overrides
                if child(o, "startOverride") is not None
            }
            self._instances[num_id] = _Instance(definition, levels, starts)

    def mark(self, num_id: str | None, ilvl: str | None, style: Style) -> Mark | None:
        """Count one paragraph and give its mark.

        Parameters
        ----------
        num_id, ilvl : str or None
            The paragraph's own list and level.
        style : Style
            Its style, for what it does not say itself.

        Returns
        -------
        Mark or None
            None if it is in no list.
        """
        instance = self._instances.get((num_id if num_id is not None else style.num_id) or "0")
        if instance is None:
            return None
        at = _index(ilvl)
        if at is None:
            at = self._level_by_style(instance, style) if num_id is None else 0
        level = instance.levels.get(at)
        if level is None:
            return None
        self._count(instance, at)
        if level.hidden or (level.fmt == "none" and not _PLACEHOLDER.sub("", level.text).strip()):
            return Mark("", False)
        if level.fmt == "bullet":
            return Mark("\u2022" if level.text.strip() or level.picture else "", True)
        shown = _PLACEHOLDER.sub(lambda match: self._shown(instance, at, int(match[1]) - 1), level.text)
        return Mark(tidy(shown), False)

    @staticmethod
    def _level_by_style(instance: _Instance, style: Style) -> int:
        for identity in style.lineage:
            for at, level in instance.levels.items():
                if level.style == identity:
                    return at
        return _index(style.num_level) or 0

    @staticmethod
    def _count(instance: _Instance, at: int) -> None:
        counts = instance.definition.counts
        if instance.fresh:
            # A start of its own takes effect where the list is first used; otherwise it goes on with the count of
            # the definition that it shares.
            instance.fresh = False
            for index in instance.starts:
                counts[index] = None
        for index in range(at + 1):
            start = instance.starts.get(index, instance.levels[index].start if index in instance.levels else 1)
            count = counts[index]
            if count is None:
                counts[index] = start
            elif index == at:
                counts[index] = count + 1
        for index in range(at + 1, _LEVELS):
            restart = instance.levels[index].restart if index in instance.levels else None
            if restart is None or at < restart:
                counts[index] = None

    @staticmethod
    def _shown(instance: _Instance, at: int, index: int) -> str:
        """Print the number of one level within the mark of the level `at`."""
        level = instance.levels.get(index)
        if index > at or level is None:
            return ""
        count = instance.definition.counts[index]
        # "Legal" numbering shows the other levels, and its own, in plain digits.
        fmt = "decimal" if instance.levels[at].legal and level.fmt != "none" else level.fmt
        return format_number(count if count is not None else level.start, fmt)


def _abstract_id(identity: str | None, elements: dict[str, Any], nums: dict[str, Any], styles_root: Any) -> str | None:
    """Follow links through list styles to the definition that has the levels."""
    for _ in range(16):
        element = elements.get(identity or "")
        if element is None:
            return None
        link = val(child(element, "numStyleLink"))
        if link is None:
            return identity
        target = next((k for k, e in elements.items() if val(child(e, "styleLink")) == link), None)
        if target is None and styles_root is not None:
            style = next((s for s in styles_root.iterfind(W + "style") if s.get(W + "styleId") == link), None)
            num = nums.get(val(child(child(child(style, "pPr"), "numPr"), "numId")) or "")
            target = val(child(num, "abstractNumId"))
        if target is None or target == identity:
            return identity
        identity = target
    return None


def _levels(elements: Any) -> dict[int, _Level]:
    found = {}
    for element in elements:
        at = _index(element.get(W + "ilvl"))
        if at is None:
            continue
        restart = val(child(element, "lvlRestart"))
        found[at] = _Level(
            start=_integer(val(child(element, "start")), 0),
            fmt=_format(element),
            text=(val(child(element, "lvlText")) or "")[:_MARK_CHARS],
            restart=None if restart is None else _integer(restart, at),
            legal=is_on(child(element, "isLgl")) or False,
            hidden=is_on(child(child(element, "rPr"), "vanish")) or False,
            picture=child(element, "lvlPicBulletId") is not None,
            style=val(child(element, "pStyle")),
        )
    return found


def _format(level: Any) -> str:
    """Find the level's number format; a custom one ("001, 002, ...") stands beside a simpler one for old versions."""
    fmt = child(level, "numFmt")
    if fmt is None:
        fmt = level.find(f"{MC}AlternateContent/*/{W}numFmt")
    name = val(fmt) or "decimal"
    return (fmt.get(W + "format") or "decimal") if name == "custom" else name


def _index(text: str | None) -> int | None:
    return int(text) if text is not None and len(text) == 1 and text in "012345678" else None


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,9}", text) else default
