"""Which sentence of an old draft became which of a new one.

Sentences that stay as they are go first: a longest common run in order, then those that moved. Between these anchors
edited sentences are paired by likeness, best first, where a pair gains from neighbours that are paired alike, as in the
alignment of translations (Gale and Church 1993). Last, a sentence that was cut in two, or made of two, takes its parts.
Nothing is random, and ties go to the pair that stands nearest to the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scr_tone.drafts.pairing import Pairing, Unit, joined

__all__ = ["Group", "Unit", "align"]


class Group(NamedTuple):
    """Sentences that belong together: one of each side, one and several, or one alone.

    Attributes
    ----------
    old, new : tuple of int
        Places in the two drafts, in order; one of them may be empty.
    likeness : float
        1 where the wording is the same, 0 where one side is empty.
    moved : bool
        Whether it stands in another order than what surrounds it.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    likeness: float
    moved: bool = False


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[Group]:
    """Pair the sentences of two drafts.

    Parameters
    ----------
    old, new : sequence of Unit

    Returns
    -------
    list of Group
        Every sentence of both is in one group. In the order of the new draft; what went stands behind what it followed.

    Examples
    --------
    >>> draft = [Unit("a", ("the", "nurse", "rang")), Unit("b", ("nobody", "answered"))]
    >>> align(draft, [draft[1], Unit("c", ("the", "nurse", "then", "rang"))])
    [Group(old=(1,), new=(0,), likeness=1.0, moved=True), Group(old=(0,), new=(1,), likeness=0.8..., moved=False)]
    """
    work = Pairing(old, new)
    work.same_in_order()
    gaps = work.gaps()
    work.same_elsewhere()
    work.edited(gaps)
    work.parts()
    work.left_over()
    work.crossed()
    work.parts()
    return _ordered(work)


def _ordered(work: Pairing) -> list[Group]:
    """All groups, in the order of the new draft; what went stands behind what it followed."""
    groups: list[tuple[tuple[int, int, int], Group]] = []
    place_of: dict[int, int] = {}
    for olds, news, moved in work.placed():
        score = work.likeness.of(joined(work.likeness.old, olds), joined(work.likeness.new, news))
        groups.append(((news[0], 0, 0), Group(olds, news, round(score, 4), moved)))
        if not moved:
            place_of[olds[-1]] = news[-1]
    groups += [((j, 0, 0), Group((), (j,), 0.0)) for j in work.free_new()]
    place = -1
    for i in range(len(work.old)):
        place = place_of.get(i, place)
        if i not in work.to_new:
            groups.append(((place, 1, i), Group((i,), (), 0.0)))
    return [group for _, group in sorted(groups)]
