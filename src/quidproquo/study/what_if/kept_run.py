"""The run that a what-if is asked of: the one that was kept of a case, or a new one that is kept from now on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from quidproquo.study.answer import answer
from quidproquo.study.progress import Progress
from quidproquo.study.request import BriefRequest
from quidproquo.study.run_file import StoredWorlds, read_worlds
from quidproquo.study.schema.brief import Brief

__all__ = ["FoundRun", "kept_or_new"]


class FoundRun(NamedTuple):
    """The brief of a run, and its weighted worlds."""

    brief: Brief
    worlds: StoredWorlds


def kept_or_new(request: BriefRequest, progress: Progress, note: Callable[[str], None]) -> FoundRun:
    """The kept run of a request; made, and kept, where there is none.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """

    def on_problem(problem: str) -> None:
        note(problem)

    found = answer(request, progress, on_problem, before_run=lambda: note(_FIRST))
    with tempfile.TemporaryDirectory(prefix="qpq-") as folder:
        files = found.write(Path(folder))
        if not found.kept:
            found.keep(files)
        return FoundRun(found.brief, read_worlds(Path(folder) / "run.nc", ("weighted",)))


_FIRST = (
    "No run of this case with these options is kept, so it is run once, which takes minutes; "
    "further what-ifs take seconds."
)
