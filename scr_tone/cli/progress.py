"""How far a long job is."""

from __future__ import annotations

import sys
import time
from typing import Any

from scr_tone.cli.exits import complain

__all__ = ["Progress"]

_SLOW_SENTENCES = 150
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
            minutes = (time.monotonic() - self._began) / done * (total - done) / 60
            if minutes >= _LONG_MINUTES:
                self._warned = True
                complain(
                    f"note: {total:,} sentences, about {minutes:.0f} minutes; --model small is much faster and less accurate"
                )

    def file(self) -> None:
        """The file at hand is done."""
        self._done += 1

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            SpinnerColumn,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import (
            Progress as RichProgress,
        )

        columns = (
            SpinnerColumn(),
            TextColumn("checking {task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._task = bar.add_task("", total=self._files)
        bar.start()
        self._bar = bar
