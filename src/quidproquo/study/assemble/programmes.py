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
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.money import CountRecord, ProgrammeRecord, Range

__all__ = ["programme_records"]

_COUNTS = ("attempts", "successes")


def programme_records(
    case: Case, claims: Sequence[Claim], weighed: RunResult, as_of: date
) -> dict[str, ProgrammeRecord]:
    """Every programme that the case declares, under policy as it stands."""
    return {p.id: _record(case, p, claims, weighed, as_of) for p in case.programmes.values()}


def _record(
    case: Case, programme: Programme, claims: Sequence[Claim], weighed: RunResult, as_of: date
) -> ProgrammeRecord:
    ensemble, name = weighed.weighted, programme.id
    now = max(int(np.searchsorted(ensemble.series_days, as_of.toordinal(), side="right")) - 1, 0)

    def spread(output: str, place: int) -> Range:
        return _range(ensemble, ensemble.series[f"{name}.{output}"][:, place])

    def so_far(output: str, of: Ensemble = ensemble, which: int = 0) -> Range:
        return _range(of, weighed.programmes[which][f"{name}.{output}"])

    settings = next(use.settings for use in case.mechanisms if use.name == name)
    about = _observed(case, name)
    used = set(weighed.table.ids)
    counts = {output: [c.id for c in claims if c.quantity in about.get(output, ())] for output in _COUNTS}
    helped = [c.id for c in claims if c.id in used and c.proposition in about.get("helped", ())]
    return ProgrammeRecord(
        title=programme.title,
        milestone=programme.milestone,
        topic=programme.topic,
        open=bool(settings.get("open")),
        from_record=bool(settings.get("attempts")),
        record={
            output: _count(case, about[output], so_far(output), found)
            for output, found in counts.items()
            if output in about
        },
        rate_before=so_far("rate", weighed.prior, 1),
        rate=so_far("rate"),
        helped=so_far("helped"),
        now=spread("reached", now),
        now_unaided=spread("unaided", now),
        unaided=spread("unaided", -1),
        reached=spread("reached", -1),
        gained=spread("gained", -1),
        claims=helped,
    )


def _observed(case: Case, name: str) -> dict[str, list[str]]:
    """Output of a programme → quantities and propositions that are compared with it."""
    found: dict[str, list[str]] = {}
    for thing in case.quantities.values():
        for observable in thing.observes.values():
            part, _, output = observable.partition(".")
            if part == name:
                found.setdefault(output, []).append(thing.id)
    for proposition in case.propositions.values():
        part, _, output = proposition.observes.partition(".")
        if part == name:
            found.setdefault(output, []).append(proposition.id)
    return found


def _count(case: Case, quantities: Sequence[str], spread: Range, claims: list[str]) -> CountRecord:
    title = case.quantities[quantities[0]].title
    return CountRecord(title=title, q05=spread.q05, q50=spread.q50, q95=spread.q95, claims=claims)


def _range(ensemble: Ensemble, values: Float[np.ndarray, " world"]) -> Range:
    alive = ensemble.status == 0
    found = summary(values[alive].astype(np.float64), ensemble.log_weight[alive], ensemble.island[alive])
    numbers = {key: float(getattr(found, key)) for key in ("mean", "mcse", "q05", "q50", "q95")}
    return Range(**numbers)
