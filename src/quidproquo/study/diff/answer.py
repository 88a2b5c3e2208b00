"""Comparing two runs: every movement, split between what changed, and a remainder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from quidproquo.cases import load_case
from quidproquo.evidence.weights.reweight import Reweighted
from quidproquo.sensitivity.movement import LEAST_SHIFT, SHIFT_ERRORS
from quidproquo.sensitivity.shapley import Measured, shapley_shares, subsets
from quidproquo.study.diff.changes import Changes, changes_of
from quidproquo.study.diff.sides import Side, check_sides, check_text, read_side
from quidproquo.study.diff.worlds import DiffWorlds, measure, option_rows
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import BriefRequest
from quidproquo.study.schema.diff import DiffAnswer, DiffGroup, DiffSide, PartRecord, SplitRecord
from quidproquo.study.what_if.basis import Basis, answer_row, estimate_row, metric_row
from quidproquo.terms.errors import EvidenceError, InputError, sentence

if TYPE_CHECKING:
    from quidproquo.study.what_if.rerun import Conditioner

__all__ = ["compare_runs"]

_WEIGHTS, _AGAIN, _UNRELIABLE = "weights", "conditioned again", "not reliable"


def compare_runs(
    old: str,
    new: str,
    request: BriefRequest,
    progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> DiffAnswer:
    """What changed from an old run to a new one, and what it is due to.

    Both are folders of runs, cases, or CASE@DATE; `request` has the options of the runs of cases, and the case of
    runs in folders where its `case` isn't empty.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """
    shown, note = progress or Silent(), on_note or (lambda _: None)
    for text in (old, new):
        check_text(text)
    sides = [read_side(text, request, shown, note) for text in (old, new)]
    before, after = (_with_case(side, request.case) for side in sides)
    check_sides(before, after)
    changes = changes_of(
        (before.basis.brief, before.evidence.table), (after.basis.brief, after.evidence.table)
    )
    worlds = DiffWorlds(after.basis, changes, before.basis.brief, _earlier(after, changes))
    worth, sets = _measured(worlds, after, shown, note)
    return _record(before, after, changes, worth, sets)


def _with_case(side: Side, name: str) -> Side:
    """A run in a folder with its case, where one is named."""
    return replace(side, case=load_case(name)) if name and side.request is None else side


def _earlier(side: Side, changes: Changes) -> Mapping[str, Float[np.ndarray, " world"]]:
    items = changes.predicted_elsewhere()
    if not items:
        return {}
    if side.case is None:
        allowed = "known, to say what its worlds predict for claims of the old run alone"
        remedy = "name it with --case"
        raise InputError(sentence(f"diff, run '{side.name}'", "case", side.basis.brief.case, allowed, remedy))
    from quidproquo.study.diff.rerun import predicted_of

    return predicted_of(side.case, side.basis, changes.old, items)


def _measured(
    worlds: DiffWorlds, side: Side, progress: Progress, note: Callable[[str], None]
) -> tuple[dict[frozenset[str], Measured], dict[frozenset[str], str]]:
    """Every number for every set of changes that has happened, and how it was got."""
    basis, groups = worlds.basis, worlds.changes.groups
    conditioner: Conditioner | None = None
    worth: dict[frozenset[str], Measured] = {}
    sets: dict[frozenset[str], str] = {}
    for happened in reversed(subsets(groups)):
        weights = _reweighted(worlds, happened)
        if weights is not None and (
            weights.reliable or side.request is None or happened == frozenset(groups)
        ):
            worth[happened] = measure(basis.evaluator.prepared, basis.ensemble, weights.log_weight, "new run")
            sets[happened] = _WEIGHTS if weights.reliable or happened == frozenset(groups) else _UNRELIABLE
            continue
        if side.request is None:
            allowed = "one whose worlds weights can bring to the old claims"
            remedy = "name the case, as CASE or CASE@DATE, instead of a folder"
            raise InputError(
                sentence("diff", f"run '{side.name}'", "too far from the old one", allowed, remedy)
            )
        from quidproquo.study.diff.rerun import measure_again
        from quidproquo.study.what_if.rerun import ready

        if conditioner is None:
            note("Weights can't judge all of this, so worlds are conditioned again.")
            conditioner = ready(side.request, progress)
        worth[happened] = measure_again(conditioner, basis, worlds.changes, worlds.old, happened)
        sets[happened] = _AGAIN
    return worth, sets


def _reweighted(worlds: DiffWorlds, happened: frozenset[str]) -> Reweighted | None:
    try:
        return worlds.weights(happened)
    except EvidenceError:
        return None


def _record(
    old: Side,
    new: Side,
    changes: Changes,
    worth: Mapping[frozenset[str], Measured],
    sets: Mapping[frozenset[str], str],
) -> DiffAnswer:
    split = _Split(old.basis, new.basis, changes, worth)
    brief = new.basis.brief
    options = new.basis.ensemble.options
    decisions = [basis.evaluator.base for basis in (old.basis, new.basis)]
    names = [basis.ensemble.options for basis in (old.basis, new.basis)]
    tied = [[own[place] for place in d.tied] for own, d in zip(names, decisions, strict=True)]
    return DiffAnswer(
        old=_side(old),
        new=_side(new),
        groups=[DiffGroup(id=name, members=list(getattr(changes, name))) for name in changes.groups],  # type: ignore[arg-type]
        sets={"+".join(g for g in changes.groups if g in some): how for some, how in sets.items()},
        preferred=(tied[0], tied[1]),
        ranked=brief.preferred.ranked,
        estimates=split.of({n: (estimate_row(n), e.title, e.unit) for n, e in brief.estimates.items()}),
        answers=split.of(
            {
                f"{name}={state}": (
                    answer_row(name, state),
                    f"{hypothesis.title} “{record.title}”",
                    "probability",
                )
                for name, hypothesis in brief.hypotheses.items()
                for state, record in hypothesis.states.items()
            }
        ),
        metrics={
            option: split.of(
                {m: (metric_row(option, m), record.title, record.unit) for m, record in brief.metrics.items()}
            )
            for option in options
        },
        regrets=split.of({o: (f"regret:{o}", brief.options[o].title, "value") for o in options}),
        ranks=split.of({o: (f"rank:{o}", brief.options[o].title, "rank") for o in options}),
        titles={name: option.title for name, option in brief.options.items()}
        | {name: option.title for name, option in old.basis.brief.options.items()},
    )


def _side(side: Side) -> DiffSide:
    brief = side.basis.brief
    return DiffSide(
        name=side.name,
        case=brief.case,
        as_of=brief.as_of,
        seed=brief.seed,
        worlds=brief.worlds,
        version=brief.versions.quidproquo,
    )


class _Split:
    """Every number of both runs, and the shares of the groups in their differences."""

    def __init__(
        self, old: Basis, new: Basis, changes: Changes, worth: Mapping[frozenset[str], Measured]
    ) -> None:
        self.new = new
        self.groups = changes.groups
        self.before, self.before_error = _numbers(old)
        self.after, self.after_error = _numbers(new)
        self.shares = shapley_shares(self.groups, worth)
        self.errors = {group: share.error() for group, share in self.shares.items()}
        self.names = list(self.after)

    def of(self, wanted: Mapping[str, tuple[str, str, str]]) -> dict[str, SplitRecord]:
        """Records by id of numbers that both runs have, those that move most first; id → row, title, unit."""
        found = {
            id_: self._one(*about)
            for id_, about in wanted.items()
            if about[0] in self.before and about[0] in self.after
        }
        return dict(sorted(found.items(), key=lambda e: (not e[1].moves, -abs(e[1].deviations))))

    def _one(self, row: str, title: str, unit: str) -> SplitRecord:
        place = self.names.index(row)
        before, after = self.before[row], self.after[row]
        parts = {
            group: PartRecord(value=float(share.value[place]), mcse=float(self.errors[group][place]))
            for group, share in self.shares.items()
        }
        shift = after - before
        error = float(np.hypot(self.before_error[row], self.after_error[row]))
        sd = self._deviation(row)
        moves = abs(shift) >= max(SHIFT_ERRORS * error, LEAST_SHIFT * sd, 1e-12)
        return SplitRecord(
            title=title,
            unit=unit,
            before=before,
            after=after,
            mcse=error,
            deviations=shift / sd if sd > 0.0 else 0.0,
            moves=bool(moves),
            parts=parts,
            remainder=shift - sum(part.value for part in parts.values()),
        )

    def _deviation(self, row: str) -> float:
        names = self.new.evaluator.names
        return float(self.new.evaluator.own_sd[names.index(row)]) if row in names else 0.0


def _numbers(basis: Basis) -> tuple[dict[str, float], dict[str, float]]:
    """Every number of a run, and its Monte Carlo error."""
    evaluator = basis.evaluator
    found = measure(evaluator.prepared, basis.ensemble, evaluator.reweighter.base, "run")
    names = [*evaluator.names, *option_rows(basis.ensemble.options)]
    return tuple(dict(zip(names, map(float, some), strict=True)) for some in (found.value, found.error()))  # type: ignore[return-value]
