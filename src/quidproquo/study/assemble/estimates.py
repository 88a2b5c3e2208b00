"""What is known of each quantity: estimates, the ledger, topics and checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from jaxtyping import Float

from quidproquo import claims as claims_room
from quidproquo.cases.record import Case, Check, LedgerLine, Quantity, Topic
from quidproquo.claims import claims_for_quantity, conflicts, independent_origins
from quidproquo.claims.record import Claim
from quidproquo.evidence.estimates import reported
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.assemble.scales import on_scale
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.estimates import CheckRecord, Estimate, Figure, LedgerRecord, TopicRecord
from quidproquo.worlds.runtime import parallel_map

__all__ = ["checks", "estimates", "ledger", "month_of", "topics"]

_LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
_ENDS = np.array([0.05, 0.5, 0.95])


def estimates(case: Case, claims: Sequence[Claim], run: RunResult, as_of: date) -> dict[str, Estimate]:
    """Quantiles of every reported quantity over months, under policy as it stands."""
    month = month_of(run.weighted, as_of)
    dates = [date.fromordinal(int(day)).isoformat() for day in run.weighted.series_days]
    baseline = next(option.id for option in case.options.values() if option.baseline)
    topic_of = {name: t.id for t in reversed(tuple(case.topics.values())) for name in t.quantities}
    used = set(run.table.ids)
    compared = _compared(run)

    def one(quantity: Quantity) -> Estimate:
        others = [item for name in quantity.observes.values() for item in compared.get(name, ())]
        about = list(dict.fromkeys([*_ids(_standing(claims, quantity.id)), *others]))
        fan = _fan(run.weighted, quantity)
        before = _fan(run.prior, quantity, slice(month, month + 1))[0]
        return Estimate.of(
            quantity,
            option=baseline,
            topic=topic_of.get(quantity.id, ""),
            dates=dates,
            **{
                level: fan[:, place].tolist()
                for place, level in enumerate(("q05", "q25", "q50", "q75", "q95"))
            },
            as_of_index=month,
            prior_q05=float(before[0]),
            prior_q50=float(before[2]),
            prior_q95=float(before[4]),
            run_ess=_exactness(run.weighted, quantity, month),
            claims=about,
            part=quantity.observes[""].partition(".")[0],
            basis="judgement" if used.isdisjoint(about) else "claims",
        )

    quantities = reported(case)
    return {q.id: estimate for q, estimate in zip(quantities, parallel_map(one, quantities), strict=True)}


def _compared(run: RunResult) -> dict[str, list[str]]:
    """Observable of the model → claims that weigh and are compared with it, whatever they are said to be about."""
    found: dict[str, list[str]] = {}
    for item, observable in zip(run.table.ids, run.table.observable, strict=True):
        found.setdefault(observable, []).append(item)
    return found


def month_of(ensemble: Ensemble, day: date) -> int:
    """Place of the last month that ends on or before a day; the first month if none does."""
    return max(int(np.searchsorted(ensemble.series_days, day.toordinal(), side="right")) - 1, 0)


def _ids(claims: Sequence[Claim]) -> list[str]:
    return [claim.id for claim in claims]


def _standing(claims: Sequence[Claim], quantity: str) -> list[Claim]:
    """Claims on a quantity that nobody has rejected."""
    return [claim for claim in claims_for_quantity(claims, quantity) if claim.state != "rejected"]


def _series(
    ensemble: Ensemble, quantity: Quantity, months: slice = slice(None)
) -> Float[np.ndarray, "alive month"]:
    """A quantity over months, in the worlds that ran."""
    series = ensemble.series[quantity.observes[""]][:, months]
    alive = ensemble.status == 0
    return series if alive.all() else series[alive]


def _fan(
    ensemble: Ensemble, quantity: Quantity, months: slice = slice(None)
) -> Float[np.ndarray, "month level"]:
    """Quantiles in each month, in the worlds' own single precision; all worlds count alike."""
    # months first: each is then sorted where it lies, which is quicker than to look for some quantiles
    rows = np.ascontiguousarray(_series(ensemble, quantity, months).T, np.float32)
    rows.sort(axis=1)
    return _between(rows, _LEVELS).astype(np.float32)


def _between(
    ascending: Float[np.ndarray, "month world"], levels: Float[np.ndarray, " level"]
) -> Float[np.ndarray, "month level"]:
    """Quantiles of sorted rows, linear between neighbours (Hyndman & Fan 1996, definition 7)."""
    place = levels * (ascending.shape[1] - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, ascending.shape[1] - 1)
    low, high = ascending[:, below].astype(np.float64), ascending[:, above].astype(np.float64)
    return np.asarray(low + (high - low) * (place - below))


def _exactness(ensemble: Ensemble, quantity: Quantity, month: int) -> float:
    """Run ESS of the value in a month on the quantity's scale, or in the last one; 0 where nothing varies."""
    series = _series(ensemble, quantity)
    values = series[:, month].astype(np.float64)
    if np.ptp(values) == 0.0:
        values = series[:, -1].astype(np.float64)
    alive = ensemble.status == 0
    scaled = on_scale(values, quantity.scale, float(np.median(np.abs(values))))
    exact = float(run_ess(scaled, ensemble.log_weight[alive], ensemble.island[alive]))
    return exact if np.isfinite(exact) else 0.0


def ledger(
    case: Case, gathered: Gathered, run: RunResult, as_of: date, known: Mapping[str, Estimate]
) -> list[LedgerRecord]:
    """What each side gives and gets, at the as-of date; each line has the claims of its estimate among `known`."""
    month = month_of(run.weighted, as_of)
    disputed = {c.quantity for c in conflicts(gathered.claims, gathered.links, case)}
    return [
        _line(line, case.quantities[line.quantity], gathered, run, month, disputed, known.get(line.quantity))
        for line in case.ledger
        if case.quantities[line.quantity].observes.get("") in run.weighted.series
    ]


def _line(
    line: LedgerLine,
    quantity: Quantity,
    gathered: Gathered,
    run: RunResult,
    month: int,
    disputed: set[str],
    estimate: Estimate | None,
) -> LedgerRecord:
    low, middle, high = np.quantile(_series(run.weighted, quantity)[:, month], _ENDS).astype(np.float32)
    about = _ids(_standing(gathered.claims, quantity.id)) if estimate is None else estimate.claims
    used = set(run.table.ids).intersection(about)
    weighing = [claim for claim in gathered.claims if claim.id in used]
    return LedgerRecord.of(
        line,
        unit=quantity.unit,
        q05=float(low),
        q50=float(middle),
        q95=float(high),
        claims=list(about),
        origins=len(independent_origins(weighing, gathered.links)),
        families=len({claim.family for claim in weighing}),
        contested=quantity.id in disputed,
    )


def topics(case: Case, known: Mapping[str, Estimate], claims: Sequence[Claim]) -> dict[str, TopicRecord]:
    """Every row of the case with its estimates, metrics, figures and claims."""
    return {topic.id: _topic(case, topic, known, claims) for topic in case.topics.values()}


def _topic(case: Case, topic: Topic, known: Mapping[str, Estimate], claims: Sequence[Claim]) -> TopicRecord:
    shown = [name for name in topic.quantities if name in known]
    figures = [
        Figure(id=f"{topic.id}-{name}", title=known[name].title, chart="estimate", subject=name)
        for name in shown
    ]
    figures += [
        Figure(id=f"{topic.id}-{name}", title=case.metrics[name].title, chart="metric", subject=name)
        for name in topic.metrics
    ]
    about = set(topic.quantities)
    return TopicRecord.of(
        topic,
        estimates=shown,
        figures=figures,
        claims=[c.id for c in claims if c.quantity in about and c.state != "rejected"],
    )


def checks(case: Case, claims: Sequence[Claim]) -> dict[str, CheckRecord]:
    """The documents' arithmetic, redone."""
    by_id = {claim.id: claim for claim in claims}
    return {check.id: _check(check, by_id) for check in case.checks.values()}


def _check(check: Check, by_id: Mapping[str, Claim]) -> CheckRecord:
    return CheckRecord.of(
        claims_room.evaluate(check, by_id),
        title=check.title,
        topic=check.topic,
        formula=check.formula,
        unit=check.unit,
        expected_low=check.low,
        expected_high=check.high,
        note=check.note,
    )
