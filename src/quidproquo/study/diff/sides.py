"""The two runs that are compared: folders of runs, or a case on some day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.study.evidence_file import StoredEvidence
from quidproquo.study.limits import check_day
from quidproquo.study.progress import Progress
from quidproquo.study.request import BriefRequest
from quidproquo.study.stored import read_run
from quidproquo.study.what_if.answer import run_folder
from quidproquo.study.what_if.basis import Basis, basis_of, read_basis
from quidproquo.study.what_if.kept_run import kept_or_new
from quidproquo.terms.errors import CaseError, InputError, sentence

__all__ = ["Side", "check_sides", "check_text", "read_side"]


@dataclass(frozen=True)
class Side:
    """A run: what it is called, its worlds, and the request that made it, where it is known.

    `case` is the case as it is now, if it is known; None for the run of a case of one's own in a folder.
    """

    name: str
    basis: Basis
    case: Case | None
    request: BriefRequest | None

    @property
    def evidence(self) -> StoredEvidence:
        """What conditioned its worlds."""
        assert self.basis.evidence is not None
        return self.basis.evidence


def read_side(text: str, request: BriefRequest, progress: Progress, note: Callable[[str], None]) -> Side:
    """The run that a text means: a folder, a case, or case@day; `request` has all options but these.

    Raises:
        InputError: if there is no such run or case, or the run is of a version that kept no claims as numbers.
    """
    folder = run_folder(text)
    if folder is not None:
        run = read_run(folder)
        side = Side(text, read_basis(run.brief, folder / "run.nc"), _shipped(run.brief.case), None)
    else:
        name, _, day = text.partition("@")
        case = load_case(name)
        asked = replace(request, case=name, as_of=day or request.as_of)
        found = kept_or_new(asked, progress, note)
        side = Side(text, basis_of(found.brief, found.worlds), case, asked)
    if side.basis.evidence is None:
        if not Path(text).is_dir() or side.basis.ensemble.items:
            found_words, remedy = "made by an earlier version", "make the brief anew"
        else:
            found_words, remedy = "one in which no claim weighs", "name another run"
        allowed = "one that keeps the claims that weigh as numbers"
        raise InputError(sentence("diff", f"run '{text}'", found_words, allowed, remedy))
    return side


def check_text(text: str) -> None:
    """Refuse what is no run, case or day, before any work is done.

    Raises:
        InputError: if there is no such folder or case, or no such day.
    """
    if run_folder(text) is not None:
        return
    name, at, day = text.partition("@")
    if not name or (at and not day):
        allowed = "a folder of a run, a case, or CASE@DATE"
        raise InputError(sentence("diff", "run", text, allowed, "write, say, mycase@2024-10-25"))
    if day:
        check_day(day, f"run '{text}'")
    load_case(name)


def check_sides(old: Side, new: Side) -> None:
    """Refuse runs of different cases.

    Raises:
        InputError: if the two aren't of one case.
    """
    first, second = old.basis.brief, new.basis.brief
    if first.about.title != second.about.title and first.case != second.case:
        allowed = f"of the same case as the new run, '{second.case}'"
        raise InputError(
            sentence(f"diff, run '{old.name}'", "case", first.case, allowed, "name two runs of one case")
        )


def _shipped(name: str) -> Case | None:
    try:
        return load_case(name)
    except CaseError:
        return None
