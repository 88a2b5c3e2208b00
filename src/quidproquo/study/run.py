"""The whole path: documents → claims → worlds weighed by them → options compared → brief."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.study.assemble.brief import assemble
from quidproquo.study.carry_on import carried_on, carried_on_note
from quidproquo.study.first import FirstFigures
from quidproquo.study.gather import gather
from quidproquo.study.infer import DEFAULT_WORLDS, RunResult, RunSettings, weigh
from quidproquo.study.limits import check_day, check_seed, check_worlds
from quidproquo.study.output import write_study
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import BriefRequest, cache
from quidproquo.study.schema.brief import Brief
from quidproquo.terms.errors import InputError, sentence
from quidproquo.worlds.runtime import prepare, trim

__all__ = ["Study", "as_of_date", "make_brief", "settings_of"]


@dataclass(frozen=True)
class Study:
    """The brief, the case, claims and ensembles behind it, and what couldn't be read on the way."""

    brief: Brief
    case: Case
    claims: tuple[Claim, ...]
    run: RunResult
    problems: tuple[str, ...]

    def write(self, folder: Path, *, months: bool = False) -> list[Path]:
        """Write brief.json, claims.csv and run.nc; with `months`, every month of all worlds too."""
        return write_study(self.brief, self.case, self.claims, self.run, folder, months=months)


def make_brief(
    request: BriefRequest,
    progress: Progress | None = None,
    on_problem: Callable[[str], None] | None = None,
    on_first: Callable[[FirstFigures], None] | None = None,
) -> Study:
    """Run the whole path for one case.

    `on_problem` is called with a sentence for each named document that can't be read, and with one on those
    in folders, before anything is simulated; `Study.problems` holds those that are problems. `on_first` is
    called with key estimates, options and choice as soon as they are known, before what-ifs are tested.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """
    check_worlds(request.worlds)
    check_seed(request.seed)
    if request.as_of is not None:
        check_day(request.as_of)
    shown = progress or Silent()
    prepare(cache())
    gathered = gather(
        request.case, request.documents, request.claims, shipped=request.shipped_documents, progress=shown
    )
    if on_problem is not None:
        for problem in dict.fromkeys((*gathered.problems, *gathered.notes)):
            on_problem(problem)
    settings = settings_of(request, gathered.case)
    own, gathered = gathered.case, replace(gathered, case=carried_on(gathered.case, settings.as_of))
    note = carried_on_note(own, gathered.case)
    if note and on_problem is not None:
        on_problem(note)
    run = weigh(gathered.case, gathered.claims, gathered.links, settings, shown, gathered.base, on_first)
    trim()
    with shown.stage("assembling the brief", None):
        brief = assemble(
            gathered, run, seed=request.seed, as_of=settings.as_of, reviewed_only=request.reviewed_only
        )
    trim()  # once more: pages are drawn by a library that takes much memory of its own
    return Study(brief, gathered.case, gathered.claims, run, gathered.problems)


def settings_of(request: BriefRequest, case: Case) -> RunSettings:
    """How a request wants its case weighed.

    Raises:
        InputError: if the as-of date isn't one of the case.
    """
    as_of = case.decision_date
    if request.as_of is not None:
        as_of = as_of_date(request.as_of, case.start, case.horizon, "the case's horizon")
    return RunSettings(
        as_of=as_of,
        seed=request.seed,
        worlds=request.worlds or DEFAULT_WORLDS,
        reviewed_only=request.reviewed_only,
        rerun_all=request.rerun_all,
        thorough=request.thorough,
    )


def as_of_date(text: str, start: date, last: date, named: str = "the case's decision date") -> date:
    """The day that `--as-of` names, at most `last`, which is `named` so.

    Raises:
        InputError: if it isn't a day, or lies outside the case's own dates.
    """
    day = check_day(text)
    if not start <= day <= last:
        allowed = f"from {start.isoformat()} to {named}, {last.isoformat()}"
        raise InputError(sentence("option --as-of", "date", text, allowed, "name another day"))
    return day
