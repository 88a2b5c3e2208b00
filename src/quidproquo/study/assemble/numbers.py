"""The brief's numbers: estimates, ledger, options, hypotheses, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, LedgerLine, Quantity
from quidproquo.claims import claims_for_quantity, conflicts, independent_origins
from quidproquo.claims.record import Claim
from quidproquo.decisions.compare import choice_of
from quidproquo.decisions.record import Findings, MetricFinding, OptionFinding, RegretFinding
from quidproquo.evidence.weights.estimators import run_ess
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.evaluator import SUPPOSED, Leverage, WhatIf
from quidproquo.sensitivity.leverage import leverage
from quidproquo.study.assemble.steps import on_scale
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult, reported
from quidproquo.study.schema.brief import (
    AssumptionRecord,
    Estimate,
    HypothesisRecord,
    HypothesisStateRecord,
    LedgerRecord,
    MetricRecord,
    OptionRecord,
    OptionResult,
    PreferredRecord,
    Regret,
    Spread,
    WeightingRecord,
)
from quidproquo.study.schema.steps import PowerRecord
from quidproquo.study.what_ifs import meanings
from quidproquo.worlds.priors import Z90, PriorTable, active_interval
from quidproquo.worlds.runtime import parallel_map

__all__ = [
    "assumptions",
    "estimates",
    "hypotheses",
    "ledger",
    "margin_without",
    "metrics",
    "options",
    "preferred",
    "weightings",
]

_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_ENDS = (0.05, 0.5, 0.95)
_CONTESTED = 2
_TURNING = 3
_FARTHEST = 6.0  # where single precision ends on a coordinate


def estimates(case: Case, claims: Sequence[Claim], weighed: RunResult, as_of: date) -> dict[str, Estimate]:
    """Quantiles of every reported quantity over months, under policy as it stands."""
    days = weighed.weighted.series_days
    dates = [date.fromordinal(int(day)).isoformat() for day in days]
    place = int(np.searchsorted(days, as_of.toordinal(), side="right")) - 1
    place = max(place, 0)
    baseline = next(o.id for o in case.options.values() if o.baseline)
    topic_of = {q: t.id for t in reversed(tuple(case.topics.values())) for q in t.quantities}

    def one(quantity: Quantity) -> Estimate:
        fan = _fan(weighed.weighted, quantity)
        before = [level[0] for level in _fan(weighed.prior, quantity, slice(place, place + 1))]
        on_file = [c.id for c in claims_for_quantity(claims, quantity.id) if c.state != "rejected"]
        return Estimate(
            title=quantity.title,
            unit=quantity.unit,
            scale=quantity.scale,
            kind=quantity.kind,
            option=baseline,
            topic=topic_of.get(quantity.id, ""),
            dates=dates,
            q05=fan[0],
            q25=fan[1],
            q50=fan[2],
            q75=fan[3],
            q95=fan[4],
            as_of_index=place,
            prior_q05=before[0],
            prior_q50=before[2],
            prior_q95=before[4],
            run_ess=_exactness(weighed.weighted, quantity, place),
            claims=on_file,
            basis="claims" if set(on_file) & set(weighed.table.ids) else "judgement",
        )

    quantities = reported(case)
    return {q.id: estimate for q, estimate in zip(quantities, parallel_map(one, quantities), strict=True)}


def _alive(ensemble: Ensemble) -> np.ndarray:
    return np.flatnonzero(ensemble.status == 0)


def _fan(ensemble: Ensemble, quantity: Quantity, months: slice = slice(None)) -> list[list[float]]:
    """Quantiles `[level][month]`; worlds of an ensemble before re-weighting count alike."""
    series = ensemble.series[quantity.observes[""]][:, months]
    # months first: each is then sorted where it lies, which is quicker than to look for some quantiles
    rows = np.ascontiguousarray(series[_alive(ensemble)].T, np.float32)
    rows.sort(axis=1)
    return [[float(np.float32(x)) for x in level] for level in _between(rows, np.asarray(_LEVELS)).T]


def _between(
    ascending: Float[np.ndarray, "month world"], levels: Float[np.ndarray, " level"]
) -> Float[np.ndarray, "month level"]:
    """Quantiles of sorted rows, linear between neighbours (Hyndman & Fan 1996, definition 7)."""
    place = levels * (ascending.shape[1] - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, ascending.shape[1] - 1)
    low, high = ascending[:, below].astype(np.float64), ascending[:, above].astype(np.float64)
    return np.asarray(low + (high - low) * (place - below))


def _exactness(ensemble: Ensemble, quantity: Quantity, place: int) -> float:
    """Run ESS of the median month's value on the quantity's scale; 0 where nothing varies."""
    alive = _alive(ensemble)
    rows = ensemble.series[quantity.observes[""]][alive].astype(np.float64)
    values = rows[:, place]
    if np.ptp(values) == 0.0:
        values = rows[:, -1]
    values = on_scale(values, quantity.scale, float(np.median(np.abs(values))))
    exact = float(run_ess(values, ensemble.log_weight[alive], ensemble.island[alive]))
    return exact if np.isfinite(exact) else 0.0


def ledger(case: Case, gathered: Gathered, weighed: RunResult, as_of: date) -> list[LedgerRecord]:
    """What each side gives and gets, at the as-of date."""
    days = weighed.weighted.series_days
    place = max(int(np.searchsorted(days, as_of.toordinal(), side="right")) - 1, 0)
    disputes = {c.quantity for c in conflicts(gathered.claims, gathered.links, case)}
    return [
        _line(line, case.quantities[line.quantity], gathered, weighed, place, disputes)
        for line in case.ledger
        if case.quantities[line.quantity].observes.get("") in weighed.weighted.series
    ]


def _line(
    line: LedgerLine,
    quantity: Quantity,
    gathered: Gathered,
    weighed: RunResult,
    place: int,
    disputes: set[str],
) -> LedgerRecord:
    ensemble = weighed.weighted
    values = ensemble.series[quantity.observes[""]][_alive(ensemble), place]
    low, middle, high = (float(np.float32(x)) for x in np.quantile(values, (0.05, 0.5, 0.95)))
    about = [c for c in claims_for_quantity(gathered.claims, quantity.id) if c.state != "rejected"]
    return LedgerRecord(
        id=line.id,
        side=line.side,
        title=line.title,
        stage=line.stage,
        topic=line.topic,
        quantity=quantity.id,
        unit=quantity.unit,
        q05=low,
        q50=middle,
        q95=high,
        claims=[c.id for c in about],
        origins=len(independent_origins(about, gathered.links)),
        contested=quantity.id in disputes,
    )


def metrics(case: Case) -> dict[str, MetricRecord]:
    """The case's metrics."""
    return {
        m.id: MetricRecord(
            title=m.title,
            unit=m.unit,
            direction=m.direction,
            worst=m.worst,
            best=m.best,
            weight=m.weight,
            threshold=m.threshold,
            meaning=m.meaning,
        )
        for m in case.metrics.values()
    }


def options(case: Case, claims: Sequence[Claim], findings: Findings) -> dict[str, OptionRecord]:
    """The options with both ensembles' results, and the claims that recommend each."""
    return {
        o.id: OptionRecord(
            title=o.title,
            summary=o.summary,
            baseline=o.baseline,
            levers=dict(o.levers),
            cost=dict(o.cost),
            start=o.start.isoformat(),
            months=o.months,
            recommended_by=_recommending(case, claims, o.id),
            weighted=_result(findings.weighted[o.id]),
            exploratory=_result(findings.exploratory[o.id]),
        )
        for o in case.options.values()
    }


def _recommending(case: Case, claims: Sequence[Claim], option: str) -> list[str]:
    return [
        c.id
        for c in claims
        if c.role == "recommendation"
        and c.state != "rejected"
        and c.proposition in case.propositions
        and case.propositions[c.proposition].about == f"option:{option}"
    ]


def _result(finding: OptionFinding) -> OptionResult:
    return OptionResult(
        metrics={name: _spread(m) for name, m in finding.metrics.items()},
        regret={name: _regret(r) for name, r in finding.regret.items()},
        value=_spread(finding.value),
        value_regret=_regret(finding.value_regret),
        max_regret=finding.max_regret,
        max_regret_cell=finding.max_regret_cell,
        robustness=finding.robustness,
        best_share=finding.best_share,
    )


def _spread(m: MetricFinding) -> Spread:
    return Spread(mean=m.mean, mcse=m.mcse, q05=m.q05, q50=m.q50, q95=m.q95)


def _regret(r: RegretFinding) -> Regret:
    return Regret(mean=r.mean, mcse=r.mcse, q95=r.q95, cvar95=r.cvar95)


def preferred(case: Case, findings: Findings, moved: Sequence[Leverage] = ()) -> PreferredRecord:
    """The choice, or the tied set, with what of all that was supposed turns it."""
    chosen = findings.preferred
    return PreferredRecord(
        rule=chosen.rule,
        option=chosen.options[0] if len(chosen.options) == 1 else "",
        options=list(chosen.options),
        margin=chosen.margin,
        mcse=chosen.mcse,
        range=chosen.range,
        conditions=[*chosen.conditions, *_turned_by(case, findings, moved)],
        reason=chosen.reason,
    )


def _turned_by(case: Case, findings: Findings, moved: Sequence[Leverage]) -> list[str]:
    """A sentence for each prior or answer that alone turns the choice, the farthest first."""
    kept = findings.preferred.options
    rows = [e for e in moved if e.kind in SUPPOSED and e.reliable and e.preferred not in kept]
    if not rows or not kept:
        return []
    rows.sort(key=lambda entry: -abs(entry.margin_shift))
    named = [
        f"One supposition turns it to {case.options[entry.preferred].title}: {entry.title}." for entry in rows
    ]
    more = len(rows) - _TURNING
    if more == 1:
        named[_TURNING:] = ["One more supposition turns it alone."]
    elif more > 1:
        named[_TURNING:] = [f"{more} more suppositions turn it, each alone."]
    return named


def weightings(findings: Findings) -> list[WeightingRecord]:
    """The set of weightings."""
    return [
        WeightingRecord(
            id=w.id,
            kind=w.kind,
            value=dict(w.value),
            q95_regret=dict(w.q95_regret),
            preferred=w.preferred,
            pareto_k=_finite(w.pareto_k),
            title=w.title,
            margin=w.margin,
            mcse=w.mcse,
            reliable=w.reliable,
            rerun=w.rerun,
        )
        for w in findings.weightings
    ]


def _finite(k: float) -> float:
    """Pareto's k for a file without infinities: 9 stands for weights that a few worlds carry."""
    return float(k) if np.isfinite(k) else 9.0


def margin_without(case: Case, weighed: RunResult, ids: Sequence[str]) -> float | None:
    """The margin of the choice without some claims, by re-weighting; None if none of them is used."""
    gone = tuple(item for item in ids if item in weighed.table.ids)
    if not gone or weighed.conditioned is None:
        return None
    taken = WhatIf("state", "proposed", "claims that nobody has reviewed", gone)
    judged = leverage(weighed.weighted, [taken], {}, choice_of(weighed.weighted, case))[0]
    return weighed.findings.preferred.margin + judged.margin_shift if judged.reliable else None


def hypotheses(case: Case, weighed: RunResult) -> dict[str, HypothesisRecord]:
    """Chances of every state before and after the claims."""
    ensemble = weighed.weighted
    result = {}
    for place, hypothesis in enumerate(case.hypotheses.values()):
        states = {}
        for index, state in enumerate(hypothesis.states):
            holds = (ensemble.states[:, place] == index).astype(np.float64)
            means = _island_means(holds, ensemble)
            error = float(np.std(means, ddof=1) / np.sqrt(len(means)))
            states[state.id] = HypothesisStateRecord(
                title=state.title, prior=state.prior, posterior=float(np.mean(means)), mcse=error
            )
        result[hypothesis.id] = HypothesisRecord(title=hypothesis.title, states=states)
    return result


def _island_means(values: Float[np.ndarray, " world"], ensemble: Ensemble) -> np.ndarray:
    return np.array([values[ensemble.island == i].mean() for i in np.unique(ensemble.island)])


def assumptions(
    case: Case, weighed: RunResult, as_of: date, scalings: Mapping[str, PowerRecord] | None = None
) -> dict[str, AssumptionRecord]:
    """Every prior beside what the claims made of it, and which of the two decides by `scalings`."""
    titles, ends = meanings(weighed.model), jnp.array([-Z90, 0.0, Z90])
    ensemble, table = weighed.weighted, weighed.model.priors
    alive = _alive(ensemble)
    draws = ensemble.draws[alive].astype(np.float64)
    after = np.quantile(draws, _ENDS, axis=0)
    places = np.stack([_places(table, i, draws[:, i]) for i in range(len(table.names))], axis=1)
    reached = np.quantile(places, _ENDS, axis=0)
    exact = run_ess(places, ensemble.log_weight[alive], ensemble.island[alive])
    result = {}
    for place, name in enumerate(weighed.model.parameters):
        prior = case.priors[name]
        low, high, exposed = active_interval(prior, as_of)
        mechanism, title = titles[name]
        before = [float(x) for x in table.value(place, ends)]
        result[name] = AssumptionRecord(
            title=title,
            mechanism=mechanism,
            unit=prior.unit,
            low=low,
            high=high,
            distribution=prior.distribution,
            source=prior.source,
            judgement=prior.source.startswith("judgement"),
            known_by=prior.known_by.isoformat() if prior.known_by else "",
            hindsight=exposed,
            prior_q05=before[0],
            prior_q50=before[1],
            prior_q95=before[2],
            posterior_q05=float(after[0, place]),
            posterior_q50=float(after[1, place]),
            posterior_q95=float(after[2, place]),
            place=(_short(reached[0, place]), _short(reached[1, place]), _short(reached[2, place])),
            contraction=_short(1.0 - np.var(places[:, place])) if table.width[place] else 0.0,
            run_ess=_short(exact[place]) if np.isfinite(exact[place]) else 0.0,
            scaling=(scalings or {}).get(name),
        )
    return result


def _places(
    table: PriorTable, index: int, values: Float[np.ndarray, " world"]
) -> Float[np.ndarray, " world"]:
    """Coordinates of one parameter; 0 if it is fixed, and finite at the ends of a flat range."""
    if table.width[index] == 0.0:
        return np.zeros(len(values))
    return np.asarray(np.clip(table.coordinates(index, values), -_FARTHEST, _FARTHEST))


def _short(x: float) -> float:
    """A number on a coordinate without digits that no one can use."""
    return float(f"{x:.4g}")
