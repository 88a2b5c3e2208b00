"""Answering a request: from a run that was kept, or by running the whole path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from quidproquo.cases.shipped import find_case
from quidproquo.reading.documents.paths import STDIN, expand
from quidproquo.study.kept_runs import BRIEF, KeptRuns, key_of
from quidproquo.study.progress import Progress
from quidproquo.study.request import BriefRequest, cache
from quidproquo.study.schema.brief import Brief

if TYPE_CHECKING:
    from quidproquo.study.first import FirstFigures

__all__ = ["Answer", "answer"]


@dataclass(frozen=True)
class Answer:
    """A brief, the sentences about documents that couldn't be read, and how to write its files.

    `kept` says that nothing was run: the same request was answered before. `write` writes the data, or copies
    all that was kept, the page among it if there was one. `keep` keeps files for the next time.
    """

    brief: Brief
    problems: tuple[str, ...]
    kept: bool
    write: Callable[[Path], list[Path]]
    keep: Callable[[Sequence[Path]], None]


def answer(
    request: BriefRequest,
    progress: Progress | None = None,
    on_problem: Callable[[str], None] | None = None,
    on_first: Callable[[FirstFigures], None] | None = None,
    *,
    months: bool = False,
    fresh: bool = False,
) -> Answer:
    """Answer a request; with `months`, every month of all worlds is written; with `fresh`, run in any case.

    `on_problem` is called with a sentence for each named document that can't be read, before a run, and
    `on_first` with the first figures of a run.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """
    runs = KeptRuns(cache() / "runs")
    key = None if months else _key(request)
    if key is not None and not fresh:
        found = runs.find(key)
        if found is not None:
            if on_problem is not None:
                for problem in found.problems:
                    on_problem(problem)
            brief = Brief.model_validate_json(found.contents[BRIEF])
            return Answer(brief, found.problems, kept=True, write=found.copy_to, keep=lambda _: None)

    from quidproquo.study.run import make_brief

    study = make_brief(request, progress, on_problem, on_first)

    def keep(paths: Sequence[Path]) -> None:
        if key is not None and key == _key(request):  # nothing was edited meanwhile
            runs.keep(key, paths, study.problems)

    write = partial(study.write, months=months)
    return Answer(study.brief, study.problems, kept=False, write=write, keep=keep)


def _key(request: BriefRequest) -> str | None:
    """The key of a request; None if it reads standard input, which can't be read twice."""
    if STDIN in request.documents:
        return None
    case = find_case(request.case)
    options = {**asdict(request), "case": case.name, "documents": [], "claims": None}
    return key_of(options, case, _files(request))


def _files(request: BriefRequest) -> Iterator[tuple[str, Path]]:
    if request.claims is not None:
        yield "table of claims", Path(request.claims)
    for item in expand(request.documents):
        yield f"{'named' if item.named else 'found'} document {item.name}", item.path
