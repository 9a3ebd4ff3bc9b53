"""What questions rest on, numbered in the order in which they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

__all__ = ["References"]


class References:
    """Sources that were cited on a page so far.

    Parameters
    ----------
    prefix : str
        Beginning of their anchors.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def cite(self, sources: Sequence[Mapping[str, str]]) -> str:
        """Numbers that lead to the sources, as HTML; nothing for none."""
        for source in sources:
            self._names.setdefault(source["key"], source["name"])
        cited = {source["key"] for source in sources}
        links = [
            f'<a href="#{self._prefix}r{number}" title="{escape(name)}">{number}</a>'
            for number, (key, name) in enumerate(self._names.items(), 1)
            if key in cited
        ]
        return f" <cite>[{', '.join(links)}]</cite>" if links else ""

    def lines(self) -> Iterator[str]:
        """The list; nothing where nothing was cited."""
        if not self._names:
            return
        yield '<h3>What the questions rest on</h3><ol class="sources">'
        for number, name in enumerate(self._names.values(), 1):
            yield f'<li id="{self._prefix}r{number}">{escape(name)}</li>'
        yield "</ol>"
