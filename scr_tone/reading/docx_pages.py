"""On which page a Word document's text stands, as far as Word noted it when it last laid the document out."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Pages"]


@dataclass(slots=True)
class _Row:
    start: int
    end: int
    cell: int = 0
    led_by: int = 0  # the cell that told that the row begins on a new page
    printed: bool = False  # in this cell
    printed_any: bool = False  # in this row


class Pages:
    """Counts page breaks.

    The cells of a table row stand side by side: each starts where the row does, and what follows the row stands below
    its longest cell. Word notes the break before a row in one cell only, a break within a row in each cell that
    goes over it.

    Parameters
    ----------
    known : bool
        Whether Word noted any breaks.
    """

    def __init__(self, known: bool) -> None:
        self._known = known
        self._page = 1
        self._rows: list[_Row] = []

    @property
    def current(self) -> int | None:
        """The page, or None where the document does not know."""
        return self._page if self._known else None

    def turn(self) -> None:
        """Pass a page break."""
        row = self._rows[-1] if self._rows else None
        leading = row is not None and not row.printed
        if row is not None and leading and row.led_by not in (0, row.cell):
            return  # this cell repeats that the row begins on a new page
        self._page += 1
        if row is not None and leading and not row.printed_any:
            row.led_by, row.start = row.cell, self._page

    def printed(self) -> None:
        """Note that text has been printed here."""
        if self._rows:
            self._rows[-1].printed = self._rows[-1].printed_any = True

    def enter_row(self) -> None:
        """Begin a table row."""
        self._rows.append(_Row(self._page, self._page))

    def enter_cell(self) -> None:
        """Begin a cell of the row; one outside any row, in a broken table, is as good as a paragraph."""
        if not self._rows:
            return
        row = self._rows[-1]
        row.end = max(row.end, self._page)
        row.cell += 1
        row.printed = False
        self._page = row.start

    def leave_row(self) -> None:
        """End the row."""
        row = self._rows.pop()
        self._page = max(row.end, self._page)
        if row.printed_any:
            self.printed()
