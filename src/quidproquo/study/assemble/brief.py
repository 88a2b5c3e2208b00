"""Assembling the brief: every number beside what it rests on."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationError

from quidproquo.cases.record import Case
from quidproquo.study.assemble import (
    assumptions,
    claims,
    decisions,
    diagnostics,
    estimates,
    information,
    leverage,
    options,
    recorded,
    scenarios,
)
from quidproquo.study.assemble.forecasts import forecasts
from quidproquo.study.assemble.hypotheses import hypotheses
from quidproquo.study.assemble.influence import influence_diagram
from quidproquo.study.assemble.programmes import programme_records
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.brief import FORMAT, Brief
from quidproquo.study.schema.options import PreferredRecord
from quidproquo.study.schema.totals import TotalRecord
from quidproquo.study.totals import total_records
from quidproquo.terms.edtf import Interval
from quidproquo.terms.errors import QuidProQuoError, sentence

__all__ = ["assemble"]


def assemble(gathered: Gathered, run: RunResult, *, seed: int, as_of: date, reviewed_only: bool) -> Brief:
    """Put the brief together from what was gathered and what a run found.

    Raises:
        QuidProQuoError: if a number isn't finite, or anything else has a form that the brief doesn't allow.
    """
    try:
        return _assembled(gathered, run, seed, as_of, reviewed_only)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([error.title, *map(str, first["loc"])])
        allowed = first["msg"].removeprefix("Input should be ")
        remedy = "report it: this is a fault of the program"
        raise QuidProQuoError(sentence("brief.json", where, first["input"], allowed, remedy)) from error


def _assembled(gathered: Gathered, run: RunResult, seed: int, as_of: date, reviewed_only: bool) -> Brief:
    case, found = gathered.case, gathered.claims
    known = estimates.estimates(case, found, run, as_of)
    documents = claims.documents(gathered)
    made_with = diagnostics.versions(case)
    known_value = information.information(case, run)
    return Brief(
        format=FORMAT,
        case=case.name,
        as_of=as_of.isoformat(),
        seed=seed,
        worlds=len(run.weighted.log_weight),
        versions=made_with,
        about=diagnostics.case_card(case),
        estimates=known,
        topics=estimates.topics(case, known, found),
        checks=estimates.checks(case, found),
        ledger=estimates.ledger(case, gathered, run, as_of, known),
        metrics=options.metrics(case),
        options=options.options(case, found, run.findings),
        preferred=_preferred(case, run),
        pareto_front=list(run.findings.pareto_front),
        dominated={name: list(by) for name, by in run.findings.dominated.items()},
        weightings=options.weightings(run.sensitivity.weightings),
        leverage=leverage.leverage(run, documents),
        hypotheses=hypotheses(case, run),
        conflicts=claims.conflicts(gathered),
        circular=claims.circular(gathered),
        priorities=information.priorities(known_value),
        assumptions=assumptions.assumptions(case, run, as_of, assumptions.parameter_scalings(run)),
        misfit=diagnostics.misfit(case, run),
        forecasts=forecasts(case, found, run.weighted, as_of),
        totals=_totals(gathered, run, as_of),
        programmes=programme_records(case, found, run, as_of),
        claims=claims.claims(case, found, run.table),
        documents=documents,
        diagnostics=diagnostics.diagnostics(gathered, run, known, reviewed_only),
        influence=influence_diagram(case, run.model, run.table.observable, run.table.ids),
        backtest=recorded.on_file(case.folder, made_with),
        ranks=recorded.ranks_on_file(case.folder, run.model, run.table),
        steps=leverage.evidence_steps(case, run),
        smallest_set=leverage.smallest_set(run),
        unchanged=decisions.unchanged(run.findings),
        leads=decisions.leads(run.findings),
        worth=dict(run.findings.worth),
        components=decisions.components(run.findings),
        metric_weights=decisions.metric_weights(run.sensitivity.metric_weights),
        information=known_value,
        discovery=scenarios.discoveries(case, run),
        signposts=scenarios.signposts(case, run),
    )


def _preferred(case: Case, run: RunResult) -> PreferredRecord:
    found = run.sensitivity
    return options.preferred(case, run.findings, found.weightings, found.metric_weights)


def _totals(gathered: Gathered, run: RunResult, as_of: date) -> dict[str, TotalRecord]:
    if run.totals is None:
        return {}
    known = Interval(as_of, as_of)
    return total_records(gathered.case, gathered.claims, run.model, run.totals, known, set(run.table.ids))
