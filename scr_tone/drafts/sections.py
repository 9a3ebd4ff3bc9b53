"""Which section of an old draft is which of the new one: by their names and the sentences that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from scr_tone.drafts.wording import key, words

__all__ = ["pair_sections"]


def pair_sections(
    old: Sequence[str | None], new: Sequence[str | None], shared: Iterable[tuple[str | None, str | None, int]]
) -> dict[str | None, str | None]:
    """Pair sections one to one.

    Parameters
    ----------
    old, new : sequence of str or None
        Their names, in order; None is what stands before the first heading.
    shared : iterable of (old, new, int)
        Words of sentences that stood in the one and stand in the other.

    Returns
    -------
    dict
        New name for each old one that has a partner.

    Examples
    --------
    >>> pair_sections(["3. Analysis", "4. Aims"], ["3. Aims", "4. Findings"], [("3. Analysis", "4. Findings", 40)])
    {'3. Analysis': '4. Findings', '4. Aims': '3. Aims'}
    """
    votes: Counter[tuple[int, int]] = Counter()
    old_place, new_place = {name: at for at, name in enumerate(old)}, {name: at for at, name in enumerate(new)}
    for before, after, weight in shared:
        if before in old_place and after in new_place:
            votes[old_place[before], new_place[after]] += weight
    names_old, names_new = [_bare(name) for name in old], [_bare(name) for name in new]
    # The same name and sentences in common, then sentences in common, then the same name alone.
    ranked = sorted((names_old[i] != names_new[j], -weight, abs(i - j), i, j) for (i, j), weight in votes.items())
    ranked += sorted(
        (False, 0, abs(i - j), i, j)
        for i, one in enumerate(names_old)
        for j, other in enumerate(names_new)
        if one == other
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, _, i, j in ranked:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return {old[i]: new[j] for i, j in sorted(pairs.items())}


def _bare(name: str | None) -> str | None:
    """A heading without its number and typography."""
    return None if name is None else key(words(name)) or name
