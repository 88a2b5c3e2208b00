"""How far a run has come: bars on a terminal, a plain line every ten seconds in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TextIO, runtime_checkable

if TYPE_CHECKING:
    from rich.progress import Task
    from rich.table import Table

__all__ = ["Advance", "Bars", "Lines", "Progress", "Silent", "progress_on"]

Advance = Callable[[float], None]
"""Called with how many further units of a stage are done."""

_PATIENCE = 1.0
"""Seconds that a stage may take before a bar shows it."""

_INTERVAL = 10.0
"""Seconds between two lines in a log."""


@runtime_checkable
class Progress(Protocol):
    """What a run reports to; rooms further left take only the plain function that `stage` gives."""

    def stage(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        """Open a stage of `total` units (None: not known) and give the function that counts them."""


class Silent:
    """Reports nothing."""

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:  # noqa: ARG002
        """A stage that nobody sees."""
        yield lambda _units: None


class Bars:
    """Bars on a terminal, one for each open stage that takes over a second; gone when all are done."""

    def __init__(self, stream: TextIO) -> None:
        self._bars = _delayed_bars(stream)
        self._open = 0

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """A stage with its own bar; stages may be nested, and may advance from any thread."""
        if self._open == 0:
            self._bars.start()
        self._open += 1
        task = self._bars.add_task(name, total=total)
        try:
            yield lambda units: self._bars.advance(task, units)
        finally:
            self._bars.remove_task(task)
            self._open -= 1
            if self._open == 0:
                self._bars.stop()


@dataclass
class _Stage:
    """An open stage, and how much of it is done."""

    name: str
    total: float | None
    done: float = 0.0
    begun: float = field(default_factory=time.monotonic)

    def line(self) -> str:
        """Such as "simulating: 1,024 of 4,096 (25%), about 2 min left"."""
        elapsed = time.monotonic() - self.begun
        if not self.total:
            count = f"{self.done:,.0f} done, " if self.done else ""
            return f"{self.name}: {count}{_duration(elapsed)} so far"
        text = f"{self.name}: {self.done:,.0f} of {self.total:,.0f} ({self.done / self.total:.0%})"
        if not 0.0 < self.done < self.total:
            return f"{text}, {_duration(elapsed)} so far"
        return f"{text}, about {_duration(elapsed * (self.total - self.done) / self.done)} left"


def _duration(seconds: float) -> str:
    """A time in words.

    >>> _duration(34.6), _duration(150), _duration(4000)
    ('35 s', '2 min 30 s', '1 h 7 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Lines:
    """A plain line every ten seconds, on the stage that was opened last; for logs."""

    def __init__(self, stream: TextIO, interval: float = _INTERVAL) -> None:
        self._stream = stream
        self._interval = interval
        self._lock = threading.Lock()
        self._stages: list[_Stage] = []
        self._finished = threading.Event()

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """A stage that is written of; stages may be nested, and may advance from any thread."""
        stage = _Stage(name, total)

        def advance(units: float) -> None:
            with self._lock:
                stage.done += units

        with self._lock:
            self._stages.append(stage)
            if len(self._stages) == 1:
                self._finished = threading.Event()
                threading.Thread(target=self._write, args=(self._finished,), daemon=True).start()
        try:
            yield advance
        finally:
            with self._lock:
                self._stages.remove(stage)
                if not self._stages:
                    self._finished.set()

    def _write(self, finished: threading.Event) -> None:
        while not finished.wait(self._interval):
            with self._lock:
                line = self._stages[-1].line() if self._stages else ""
            if line:
                self._stream.write(f"qpq: {line}\n")
                self._stream.flush()


def progress_on(stream: TextIO | None = None, *, quiet: bool = False) -> Progress:
    """Bars if `stream` (default: standard error) is a terminal that can show them, else lines; none if quiet."""
    target = sys.stderr if stream is None else stream
    if quiet:
        return Silent()
    if not target.isatty():
        return Lines(target)
    from rich.console import Console

    return Lines(target) if Console(file=target).is_dumb_terminal else Bars(target)


def _delayed_bars(stream: TextIO) -> _Bars:
    from rich import progress
    from rich.console import Console

    class Delayed(progress.Progress):
        """Draws a task only when it has run for a while, so that short stages don't flicker."""

        def make_tasks_table(self, tasks: Iterable[Task]) -> Table:
            return super().make_tasks_table(task for task in tasks if (task.elapsed or 0.0) >= _PATIENCE)

    return Delayed(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("left"),
        progress.TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
    )


if TYPE_CHECKING:
    from rich.progress import Progress as _Bars
