"""Answering a request: from a run that was kept, or by running the whole path."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from quidproquo.cases.shipped import find_case
from quidproquo.reading.documents.paths import STDIN, expand
from quidproquo.study.brief_text import brief_json
from quidproquo.study.kept_runs import BRIEF, WHAT_IFS, KeptRun, KeptRuns, key_of
from quidproquo.study.progress import Progress
from quidproquo.study.request import BriefRequest, cache
from quidproquo.study.schema.brief import Brief

if TYPE_CHECKING:
    from quidproquo.study.first import FirstFigures
    from quidproquo.study.run import Study
    from quidproquo.study.run_file import StoredWorlds

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
    before_run: Callable[[], None] | None = None,
) -> Answer:
    """Answer a request; with `months`, every month of all worlds is written; with `fresh`, run in any case.

    `on_problem` is called with a sentence for each named document that can't be read, before a run,
    `on_first` with the first figures of a run, and `before_run` if there is to be one.

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
            return _from_kept(request, found)

    if before_run is not None:
        before_run()
    from quidproquo.study.run import make_brief

    study = make_brief(request, progress, on_problem, on_first)

    def keep(paths: Sequence[Path]) -> None:
        if key is not None and key == _key(request):  # nothing was edited meanwhile
            runs.keep(key, paths, study.problems)

    brief = _with_what_ifs(study.brief, request, partial(_worlds_of, study))
    write = partial(_write, partial(study.write, months=months), brief, brief != study.brief)
    return Answer(brief, study.problems, kept=False, write=write, keep=keep)


def _from_kept(request: BriefRequest, found: KeptRun) -> Answer:
    """An answer from a run that was kept, with the what-ifs that are kept by now."""
    own = Brief.model_validate_json(found.contents[BRIEF])

    def worlds() -> StoredWorlds:
        from quidproquo.study.run_file import read_worlds

        return read_worlds(BytesIO(found.contents["run.nc"]), ("weighted",))

    brief = _with_what_ifs(own, request, worlds)
    write = partial(_write, found.copy_to, brief, brief != own)
    return Answer(brief, found.problems, kept=True, write=write, keep=lambda _: None)


def _with_what_ifs(brief: Brief, request: BriefRequest, worlds: Callable[[], StoredWorlds]) -> Brief:
    """The brief with the what-ifs that are kept for its case; what asks them is loaded only for that."""
    if not brief.what_ifs and not (find_case(request.case) / WHAT_IFS).is_file():
        return brief
    from quidproquo.study.what_if.shown import with_what_ifs

    return with_what_ifs(brief, request, worlds)


def _write(write: Callable[[Path], list[Path]], brief: Brief, other: bool, folder: Path) -> list[Path]:
    """Write the files of a run; if its brief says `other` things by now, its page must be drawn anew."""
    paths = write(folder)
    if not other:
        return paths
    (folder / BRIEF).write_text(brief_json(brief), encoding="utf-8", newline="\n")
    page = folder / "brief.html"
    if page in paths:
        page.unlink()
    return [path for path in paths if path != page]


def _worlds_of(study: Study) -> StoredWorlds:
    """The worlds of a run just as its file holds them."""
    from quidproquo.study.run_file import read_worlds

    with tempfile.TemporaryDirectory(prefix="qpq-") as folder:
        study.write(Path(folder))
        return read_worlds(Path(folder) / "run.nc", ("weighted",))


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
