"""How far a run has come: bars with the time left on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO, runtime_checkable

if TYPE_CHECKING:
    from rich.progress import Task
    from rich.table import Table

__all__ = ["Advance", "Bars", "Progress", "Silent", "progress_on"]

Advance = Callable[[float], None]
"""Called with how many further units of a stage are done."""

_PATIENCE = 1.0
"""Seconds that a stage may take before it is shown."""


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


def progress_on(stream: TextIO | None = None, *, quiet: bool = False) -> Progress:
    """Bars if `stream` (default: standard error) is a terminal that can show them, else silence."""
    target = sys.stderr if stream is None else stream
    if quiet or not target.isatty():
        return Silent()
    from rich.console import Console

    return Silent() if Console(file=target).is_dumb_terminal else Bars(target)


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
