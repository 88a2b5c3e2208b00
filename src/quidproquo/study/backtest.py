"""Back-tests: condition on what was known by a day, predict the reports that came later, and score them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import jax
import numpy as np

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.claims import load_claims
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.backtest import PredictedReports, ScoredReport, predict_reports, score_reports
from quidproquo.evidence.checks.pooling import ScoreRow
from quidproquo.study import backtest_figures as figures
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.backtest_targets import Split, split
from quidproquo.study.gather import on_file_of
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.study.limits import check_seed, check_worlds
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import cache
from quidproquo.study.run import as_of_date
from quidproquo.study.schema import backtest as record
from quidproquo.terms.errors import ClaimError, InputError, sentence
from quidproquo.terms.vocabulary import CLOCKS, word_of
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import plan

__all__ = ["BacktestRequest", "back_test"]

FORMAT = "2"
_OWN = "outcomes.csv"


@dataclass(frozen=True)
class BacktestRequest:
    """What to test: a case at one or several as-of dates.

    `outcomes` is a table of later facts; without one, the case folder's `outcomes.csv` where it has
    one, else the case's own later claims. `clock` None: the case's own.
    """

    case: str
    as_of: tuple[str, ...]
    outcomes: str | None = None
    clock: str | None = None
    worlds: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class _Date:
    """One as-of date, done."""

    as_of: date
    split: Split
    scored: list[ScoredReport]
    exposure: record.Exposure

    def rows(self, *, bound: bool) -> list[ScoreRow]:
        return figures.score_rows(self.as_of, self.split.later, self.scored, bound=bound)


def back_test(request: BacktestRequest, progress: Progress | None = None) -> record.Backtest:
    """Test a case at its dates, pooled.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """
    shown = progress or Silent()
    _check(request)
    check_worlds(request.worlds)
    check_seed(request.seed)
    case = load_case(request.case)
    case = replace(case, clock=word_of(request.clock or "", CLOCKS) or case.clock)
    days = sorted({as_of_date(text, case.start, case.decision_date) for text in request.as_of})
    claims, links = on_file_of(case)
    outcomes, source = _outcomes(request, case, claims)
    prepare(cache())
    done = []
    for day in days:
        with shown.stage(f"as of {day.isoformat()}", None):
            parts = split(case, claims, links, outcomes, as_of=day)
            done.append(_one(request, case, day, parts))
    return _assembled(request, case, source, done)


def _check(request: BacktestRequest) -> None:
    if request.clock is not None and request.clock not in CLOCKS:
        allowed = f"one of {', '.join(CLOCKS)}"
        raise InputError(sentence("option --clock", "clock", request.clock, allowed, "choose one"))
    if not request.as_of:
        raise InputError(
            sentence("option --as-of", "dates", "missing", "one or more days", "name the day to test from")
        )


def _outcomes(
    request: BacktestRequest, case: Case, claims: Sequence[Claim]
) -> tuple[list[Claim] | None, str]:
    """Later facts, and where they come from in a word."""
    own = case.folder / _OWN
    if request.outcomes is None and not own.is_file():
        return None, "claims"
    path = own if request.outcomes is None else Path(request.outcomes)
    found = load_claims(path, case)
    known = {claim.id for claim in claims}
    for claim in found:
        if claim.id in known:
            raise ClaimError(
                sentence(
                    f"table '{path.name}'", "id", claim.id, "new to the case", "give the fact another id"
                )
            )
    return found, "file" if request.outcomes is not None else _OWN


def _one(request: BacktestRequest, case: Case, day: date, parts: Split) -> _Date:
    model = build_model(case, day)
    if not len(parts.later):
        return _Date(day, parts, [], _exposure(case, model, day, parts))
    predicted = predict_reports(
        jax.random.key(request.seed),
        model,
        plan(model, case, _observables(case)),
        parts.evidence,
        parts.later,
        request.worlds or DEFAULT_WORLDS,
    )
    scored = score_reports(predicted, parts.evidence, parts.later, _totals(model, parts.evidence))
    return _Date(day, parts, scored, _exposure(case, model, day, parts, predicted))


def _observables(case: Case) -> tuple[str, ...]:
    """All that quantities and propositions observe: one set for every date, so that dates share programs."""
    names = {name for quantity in case.quantities.values() for name in quantity.observes.values()}
    names |= {proposition.observes for proposition in case.propositions.values() if proposition.observes}
    return tuple(sorted(names))


def _totals(model: Model, table: EvidenceTable) -> frozenset[str]:
    """Observables that are running totals."""
    return frozenset(name for name in table.observable if model.output(name).kind == "cumulative")


def _exposure(
    case: Case, model: Model, day: date, parts: Split, predicted: PredictedReports | None = None
) -> record.Exposure:
    """What an as-of date knew, and what it might have known too much."""
    hindsight = list(model.priors.hindsight)
    standing: record.Standing = "hindsight-exposed" if hindsight else "prospective"
    ess = None if predicted is None else np.minimum(predicted.run_ess, len(predicted.predicted)).min()
    return record.Exposure(
        as_of=day.isoformat(),
        standing="retrospective" if case.clock == "event" else standing,
        hindsight=hindsight,
        priors=len(model.parameters),
        undated_priors=sum(case.priors[name].known_by is None for name in model.parameters),
        given_until=case.decision_date.isoformat(),
        conditioned=len(parts.evidence),
        undated_claims=parts.undated,
        reports=len(parts.later),
        targets=len(set(zip(parts.later.quantity, parts.later.origin, strict=True))),
        run_ess_min=None if ess is None else float(ess),
        failed_worlds=0 if predicted is None else predicted.failed,
    )


def _assembled(request: BacktestRequest, case: Case, source: str, done: Sequence[_Date]) -> record.Backtest:
    numbers, bounds = ([row for one in done for row in one.rows(bound=bound)] for bound in (False, True))
    unscorable = sorted({pair for one in done for pair in one.split.unscorable.items()})
    reports = [figures.report(one.as_of, one.split.later, scored) for one in done for scored in one.scored]
    return record.Backtest(
        format=FORMAT,
        case=case.name,
        clock=case.clock,
        outcomes=source,
        as_of=[one.as_of.isoformat() for one in done],
        seed=request.seed,
        worlds=request.worlds or DEFAULT_WORLDS,
        versions=versions(case),
        overall=figures.overall(request.seed, numbers),
        quantities=figures.by_quantity(case, numbers),
        bounds=figures.all_bounds(bounds),
        unscorable=[record.Unscorable(id=name, reason=reason) for name, reason in unscorable],
        exposure=[one.exposure for one in done],
        # by day and by id, however the table of reports is laid out
        reports=sorted(reports, key=lambda one: (one.as_of, one.id)),
    )
