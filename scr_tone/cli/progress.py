"""How far a long job is."""

from __future__ import annotations

import sys
import time
from typing import Any

from scr_tone.cli.exits import complain

__all__ = ["CorpusProgress", "Progress"]

_SLOW_SENTENCES = 150
#: Sentences a second that no encoder reads on a laptop.
_NGRAM_PACE = 300
_LONG_MINUTES = 2


class Progress:
    """A progress bar on standard error, when somebody is looking and there is something to wait for."""

    def __init__(self, files: int) -> None:
        self._files, self._done = files, 0
        self._began, self._warned = 0.0, False
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def sentences(self, done: int, total: int) -> None:
        """So many sentences of the file at hand are done."""
        if self._bar is None and not sys.stderr.isatty():
            self._warn(done, total)
            return
        if self._bar is None:
            if self._files == 1 and total < _SLOW_SENTENCES:
                return
            self._start()
        at = self._done + done / max(1, total)
        what = f"{total:,} sentences" if self._files == 1 else f"file {self._done + 1:,} of {self._files:,}"
        self._bar.update(self._task, completed=at, description=what)

    def _warn(self, done: int, total: int) -> None:
        """Say once how long a long text will take, where no bar can be shown."""
        if done == 1:
            self._began = time.monotonic()
        elif done == _SLOW_SENTENCES and not self._warned:
            pace = done / max(1e-6, time.monotonic() - self._began)
            minutes = (total - done) / pace / 60
            if minutes >= _LONG_MINUTES:
                self._warned = True
                # Who waits for n-grams has chosen them.
                hint = "; --model small is much faster and less accurate" if pace < _NGRAM_PACE else ""
                complain(f"note: {total:,} sentences, about {minutes:.0f} minutes{hint}")

    def file(self) -> None:
        """The file at hand is done."""
        self._done += 1

    def _start(self) -> None:
        self._bar = _bar("checking {task.description}")
        self._task = self._bar.add_task("", total=self._files)
        self._bar.start()


class CorpusProgress:
    """The same for many documents, of which several are in hand at a time."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> CorpusProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def documents(self, done: float, total: int) -> None:
        """So many documents are done, with what is done of those in hand."""
        if self._bar is None:
            if not sys.stderr.isatty():
                return
            # Documents differ in length, so a long look back gives a steadier time left.
            self._bar = _bar("{task.description}", speed_estimate_period=300)
            self._task = self._bar.add_task("", total=total, completed=done)  # what is done already is no speed
            self._bar.start()
        self._bar.update(self._task, completed=done, description=f"{int(done):,} of {total:,} documents")


def _bar(text: str, **settings: float) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (SpinnerColumn(), TextColumn(text), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return RichProgress(*columns, console=Console(stderr=True), transient=True, **settings)  # type: ignore[arg-type]
