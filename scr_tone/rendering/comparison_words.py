"""What a comparison comes to, in sentences and in the order in which a reviewer of a draft asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scr_tone.rendering.names import FACTORS, PURPOSE, PURPOSE_STATUS, counted
from scr_tone.rendering.skipped import reason_in_words

__all__ = ["becomes", "by_tone", "factor_counts", "is_counted", "places", "purpose_statuses", "rates", "verdict"]

#: What a mended sentence is sorted by: the best that it became.
_BEST_FIRST = ("learning", "accountability", "neutral")


def verdict(comparison: Mapping[str, Any]) -> list[str]:
    """First what became worse, then what was mended, then what is left, then the flags in 1,000 words."""
    tone, status = comparison["summary"]["tone"], comparison["summary"]["status"]
    if sum(status.values()) == status["unchanged"] and not any(
        pair["tone"] for pair in comparison["pairs"] if _off(pair)
    ):
        moved = comparison["summary"]["moved"]
        same = "The two drafts have the same wording" + (f"; {counted(moved, 'sentence')} moved." if moved else ".")
        return [same, *_left(tone), rates(comparison)]
    return [*_worse(tone), *_mended(comparison, tone), *_left(tone), rates(comparison)]


def _off(pair: Mapping[str, Any]) -> bool:
    return pair["tone"] not in (None, "still_blame")


def _worse(tone: Mapping[str, int]) -> Iterator[str]:
    reworded, new = tone["became_blame"], tone["new_blame"]
    if reworded:
        yield f"{counted(reworded, 'sentence was', 'sentences were')} reworded and now {_read(reworded)} as blame."
    if new:
        yield f"{counted(new, 'new sentence')} {_read(new)} as blame."
    if not reworded + new:
        yield "Nothing became worse: no sentence reads as blame that did not before."


def _mended(comparison: Mapping[str, Any], tone: Mapping[str, int]) -> Iterator[str]:
    if tone["mended"]:
        learning = sum(becomes(pair) == "learning" for pair in by_tone(comparison, "mended"))
        whole = "it is" if tone["mended"] == 1 else "all are"
        more = (
            ""
            if not learning
            else f"; {whole if learning == tone['mended'] else f'{learning:,} of them {_are(learning)}'} now learning"
        )
        yield (
            f"{counted(tone['mended'], 'flagged sentence was', 'flagged sentences were')} reworded and no longer "
            f"{_read(tone['mended'])} as blame{more}."
        )
    if tone["removed_blame"]:
        yield f"{counted(tone['removed_blame'], 'flagged sentence was', 'flagged sentences were')} cut."


def _left(tone: Mapping[str, int]) -> Iterator[str]:
    if tone["set_aside"]:
        one = tone["set_aside"] == 1
        yield f"{tone['set_aside']:,} {'is' if one else 'are'} no longer counted, though {'it was' if one else 'they were'} not mended."
    if tone["still_blame"]:
        yield f"{counted(tone['still_blame'], 'sentence reads', 'sentences read')} as blame as before."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _read(number: int) -> str:
    return "reads" if number == 1 else "read"


def rates(comparison: Mapping[str, Any]) -> str:
    """Flags in 1,000 words, before and after."""
    before, after = (comparison[side]["summary"]["flagged_per_1000_words"] for side in ("old", "new"))
    return f"Flags in 1,000 words: {before:.1f} before, {after:.1f} now."


def by_tone(comparison: Mapping[str, Any], *tones: str) -> list[Mapping[str, Any]]:
    """The pairs with one of these tones; mended ones by what they became, the others as they stand."""
    found = [pair for pair in comparison["pairs"] if pair["tone"] in tones]
    return sorted(found, key=lambda pair: _BEST_FIRST.index(becomes(pair))) if tones == ("mended",) else found


def becomes(pair: Mapping[str, Any]) -> str:
    """The label that counts in what a mended sentence became."""
    labels = {sentence["label"] for sentence in pair["new"] if not sentence["skipped"]}
    return next((label for label in _BEST_FIRST if label in labels), "neutral")


def is_counted(pair: Mapping[str, Any]) -> bool:
    """Whether one of its sentences counts; headings and the like do not."""
    return any(not sentence["skipped"] for sentence in (*pair["old"], *pair["new"]))


def places(pair: Mapping[str, Any]) -> Iterator[str]:
    """Where it stands, where it stood, and why it did or does not count."""
    old, new = pair["old"], pair["new"]
    here = (new or old)[0]
    if here["page"]:
        yield f"page {here['page']}"
    if here["number"]:
        yield f"paragraph {here['number']}"
    if old and new:
        before = old[0]
        if before["number"] and before["number"] != here["number"]:
            yield f"was {before['number']}"
        if pair["moved"]:
            yield (
                "moved"
                if before["section"] == here["section"]
                else f"moved from {before['section'] or 'the beginning'}"
            )
        if len(new) > 1:
            yield f"cut into {len(new)}"
        if len(old) > 1:
            yield f"made of {len(old)}"
    for word, side in (("before", old), ("now", new)):
        for reason in _reasons(side):
            yield f"left out {word}: {reason_in_words(reason)}"


def _reasons(side: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    return dict.fromkeys(sentence["skipped"] for sentence in side if sentence["skipped"])


def factor_counts(comparison: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Contributory factors that the learning sentences name, with their numbers before and now, the commonest first."""
    before, after = (comparison[side]["summary"]["factors"] or {} for side in ("old", "new"))
    names = sorted({*before, *after}, key=lambda name: (-after.get(name, 0), -before.get(name, 0), name))
    return [(FACTORS.get(name, (name, ""))[0], before.get(name, 0), after.get(name, 0)) for name in names]


def purpose_statuses(comparison: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The questions of the purpose profile, with the status before and now in words."""
    found = comparison["purpose"] or {}
    return [
        (question, _status(found[name]["old"]), _status(found[name]["new"]))
        for name, question in PURPOSE.items()
        if name in found
    ]


def _status(status: str | None) -> str:
    return "unknown" if status is None else PURPOSE_STATUS[status]
