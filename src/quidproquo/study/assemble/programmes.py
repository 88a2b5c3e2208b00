"""Technology programmes: the record so far, and milestones with and without help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, Programme
from quidproquo.claims.record import Claim
from quidproquo.evidence.weights.estimators import summary
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.assemble.estimates import month_of
from quidproquo.study.infer import COUNTED, RunResult
from quidproquo.study.schema.programmes import CountRecord, ProgrammeRecord
from quidproquo.study.schema.record import Distribution

__all__ = ["programme_records"]

_COUNTS = ("attempts", "successes")


def programme_records(
    case: Case, claims: Sequence[Claim], run: RunResult, as_of: date
) -> dict[str, ProgrammeRecord]:
    """Every programme that the case declares, under policy as it stands."""
    return {p.id: _record(case, p, claims, run, as_of) for p in case.programmes.values()}


def _record(
    case: Case, programme: Programme, claims: Sequence[Claim], run: RunResult, as_of: date
) -> ProgrammeRecord:
    ensemble, name = run.weighted, programme.id
    as_of_month = month_of(ensemble, as_of)

    def in_month(output: str, month: int) -> Distribution:
        return _distribution(ensemble, ensemble.series[f"{name}.{output}"][:, month])

    def so_far(output: str, of: Ensemble = ensemble, which: int = 0) -> Distribution:
        return _distribution(of, run.programmes[which][f"{name}.{output}"])

    settings = next(use.settings for use in case.mechanisms if use.name == name)
    about = _observed(case, name)
    counted = dict(zip(_COUNTS, COUNTED, strict=True)) if settings.get("record") else {}
    used = set(run.table.ids)
    return ProgrammeRecord.of(
        programme,
        open=bool(settings.get("open")),
        from_record=bool(settings.get("attempts")),
        record={
            output: CountRecord.of(
                # what was counted is known; the rate that it bears on stands beside it
                so_far(counted.get(output, output)),
                title=case.quantities[about[output][0]].title,
                claims=[claim.id for claim in claims if claim.quantity in about[output]],
            )
            for output in _COUNTS
            if output in about
        },
        rate_before=so_far("rate", run.prior, 1),
        rate=so_far("rate"),
        helped=so_far("helped"),
        now=in_month("reached", as_of_month),
        now_unaided=in_month("unaided", as_of_month),
        unaided=in_month("unaided", -1),
        reached=in_month("reached", -1),
        gained=in_month("gained", -1),
        claims=[c.id for c in claims if c.id in used and c.proposition in about.get("helped", ())],
    )


def _observed(case: Case, name: str) -> dict[str, list[str]]:
    """Output of a programme → quantities and propositions that are compared with it."""
    observed = [(q.id, target) for q in case.quantities.values() for target in q.observes.values()]
    observed += [(p.id, p.observes) for p in case.propositions.values()]
    found: dict[str, list[str]] = {}
    for thing, target in observed:
        part, _, output = target.partition(".")
        if part == name:
            found.setdefault(output, []).append(thing)
    return found


def _distribution(ensemble: Ensemble, values: Float[np.ndarray, " world"]) -> Distribution:
    alive = ensemble.status == 0
    return Distribution.of(
        summary(values[alive].astype(np.float64), ensemble.log_weight[alive], ensemble.island[alive])
    )
