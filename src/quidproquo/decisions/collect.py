"""What to collect: kinds of reports that can be had, by what they would be worth to the choice.

Each is a report of a kind that there has been: on a quantity or a proposition that claims speak of, as good as
the best of these claims, by an origin that has not reported before. What is reported, and how it scatters, is as
in the observation model (`evidence.observation`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import stats

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.information import (
    DecisionProblem,
    InformationValue,
    differ_from_zero,
    evpi,
    evppi,
    evsi,
    regress,
)
from quidproquo.decisions.smoothing import MOST_COLUMNS, normal_scores
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.estimates import now, reported
from quidproquo.evidence.observation.forms import Contaminated, Event
from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.layout import independent_likelihood
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.observation.scales import COUNT, LOG
from quidproquo.terms.grades import RELIABILITY_GRADES

__all__ = [
    "InformationFindings",
    "InputValue",
    "ReportValue",
    "Turn",
    "report_outcomes",
    "value_of_information",
]

_CELLS = 96  # of what is reported
_ENDS = (0.001, 0.999)  # of worlds, beyond which reports fall into the last cells but for their own scatter
_SCATTER = 3.0
_INPUTS = 12  # inputs of the model that are looked at more closely
_TOGETHER = 10


@dataclass(frozen=True)
class Turn:
    """What would be chosen after a report between two numbers, in the quantity's unit, and how probable that is.

    None where there is no end. Of a proposition, 0 is a denial and 1 an assertion.
    """

    low: float | None
    high: float | None
    option: str
    probability: float


@dataclass(frozen=True)
class ReportValue:
    """What a report of one kind would be worth, and exact knowledge of what it is about.

    `kind` is "quantity" or "proposition"; the report is as good as the claim `like`, of these grades. `differs`
    says whether it is worth more than nothing, beside the others; `turns` are the choices by what is reported.
    """

    kind: str
    id: str
    like: str
    reliability: str
    credibility: int
    known: InformationValue
    report: InformationValue
    differs: bool
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class InputValue:
    """What it would be worth to know one parameter of the model exactly."""

    parameter: str
    known: InformationValue
    differs: bool


@dataclass(frozen=True)
class InformationFindings:
    """What information is worth to the choice by mean value, between the options of an ensemble.

    `everything` is the worth of perfect information, `reported` that of exact knowledge of all quantities and
    propositions in `reports` together. `reports` and `inputs` are ordered by worth; `inputs_together` is that of
    the first of them together, ten at most, which are `together` many. `first` is the
    option with the best mean.
    """

    first: str
    everything: InformationValue
    reported: InformationValue
    reports: tuple[ReportValue, ...]
    inputs: tuple[InputValue, ...]
    inputs_together: InformationValue
    together: int


@dataclass(frozen=True)
class _Kind:
    """A kind of report: what worlds say, and the row of the evidence table that it is as good as."""

    kind: str
    id: str
    row: int
    truth: Float[np.ndarray, " world"]


def value_of_information(
    case: Case, table: EvidenceTable, worlds: ValuedWorlds
) -> InformationFindings | None:
    """What everything, each kind of report and each input would be worth; None where there is nothing to choose.

    That is so with a single option, and where the case weighs no metric.
    """
    ensemble = worlds.ensemble
    if len(ensemble.options) < 2 or not worlds.scale.weighed:
        return None
    problem = DecisionProblem(worlds.values, ensemble.log_weight, ensemble.island)
    likelihood = independent_likelihood(table) if len(table) else None
    kinds = [] if likelihood is None else _kinds(case, table, likelihood, worlds)
    reports = () if likelihood is None else _reports(problem, kinds, table, likelihood, ensemble.options)
    inputs = _inputs(problem, worlds)
    top = [ensemble.parameters.index(one.parameter) for one in inputs[:_TOGETHER]]
    return InformationFindings(
        first=ensemble.options[problem.reference],
        everything=evpi(problem),
        reported=_together(problem, [kind.truth for kind in kinds]),
        reports=reports,
        inputs=inputs,
        inputs_together=_together(problem, [np.asarray(ensemble.draws[:, place]) for place in top]),
        together=len(top),
    )


def _together(problem: DecisionProblem, columns: list[Float[np.ndarray, " world"]]) -> InformationValue:
    """The worth of knowing several things at once; of too many, those that matter most by their linear part."""
    if not columns or problem.settled:
        return problem.nothing()
    table = np.stack(columns, axis=1).astype(np.float64)
    if table.shape[1] > MOST_COLUMNS:
        table = table[:, np.argsort(-_linear_value(problem, table), kind="stable")[:MOST_COLUMNS]]
    return evppi(problem, regress(problem, table))


def _kinds(case: Case, table: EvidenceTable, likelihood: Likelihood, worlds: ValuedWorlds) -> list[_Kind]:
    """Kinds of reports that there have been, on what differs between worlds."""
    ensemble = worlds.ensemble
    known: dict[str, tuple[str, Float[np.ndarray, " world"]]] = {}
    for quantity in reported(case):
        known[quantity.id] = (quantity.observes[""], now(case, ensemble, quantity).astype(np.float64))
    found = []
    for subject in dict.fromkeys(table.quantity):
        rows = [row for row, other in enumerate(table.quantity) if other == subject]
        if subject in known:
            observable, truth = known[subject]
            rows = [row for row in rows if table.observable[row] == observable and not table.qualifier[row]]
            kind = "quantity"
        elif subject in case.propositions:
            rows = [row for row in rows if table.ids[row] in ensemble.items]
            last = max(rows, key=lambda row: (table.event_end[row], row), default=None)
            if last is None:
                continue
            truth = ensemble.predicted[:, ensemble.items.index(table.ids[last])].astype(np.float64)
            kind = "proposition"
        else:
            continue
        if rows and np.isfinite(truth).all() and np.ptp(truth) > 0.0:
            best = min(rows, key=lambda row: (_scatter(likelihood, row), row))
            found.append(_Kind(kind, subject, best, truth))
    return found


def _scatter(likelihood: Likelihood, row: int) -> float:
    """How far reports like one scatter, wrong ones included; of an assertion, how little it is trusted."""
    if likelihood.form[row] is Event:
        return -float(likelihood.trust[row] * abs(likelihood.asserted[row] - 0.5))
    wrong = float(likelihood.wrong_probability[row])
    right, wide = float(likelihood.total_sd[row]), float(likelihood.contaminated_sd[row])
    return (1.0 - wrong) * right**2 + wrong * wide**2


def report_outcomes(
    likelihood: Likelihood, row: int, truth: Float[np.ndarray, " world"]
) -> tuple[Float[np.ndarray, " end"], Float[np.ndarray, "outcome world"]]:
    """What a report like one of the rows may say, and the probability of it in every world.

    Outcomes are the cells that `ends` divide, in the quantity's unit; of a proposition, that it is denied or
    asserted. A report is the reporter's own figure, even where the row only states a bound.
    """
    group = next(group for group in likelihood.groups if row in group.items)
    form = likelihood.form_of(group._replace(items=np.array([row])), likelihood.wrong_probability)
    if isinstance(form, Event):
        denied = form.cdf(form.observe(np.zeros((1, 1))), truth[None])
        return np.array([0.5]), np.concatenate([denied, 1.0 - denied])
    reports = likelihood.figure_of(row)
    limits = float(likelihood.range_low[row]), float(likelihood.range_high[row])
    ends, observed = _ends(reports, truth, limits)
    below = np.clip(reports.cdf(observed, truth[None]), 0.0, 1.0)
    whole = np.concatenate([np.zeros((1, truth.size)), below, np.ones((1, truth.size))])
    return ends, np.maximum(np.diff(whole, axis=0), 0.0)


def _ends(
    reports: Contaminated, truth: Float[np.ndarray, " world"], limits: tuple[float, float]
) -> tuple[Float[np.ndarray, " end"], ObservedInputs]:
    """Where cells end: evenly apart on the scale, as far as worlds reach and reports of them scatter."""
    form, scale = reports.form, reports.form.scale
    middle = np.clip(truth, *limits)
    if scale is COUNT:
        most = float(np.quantile(middle, _ENDS[1]))
        most += _SCATTER * (most + 1.0) ** 0.5 + 1.0
        counts = np.unique(np.floor(np.linspace(0.0, most, _CELLS - 1)))
        return counts, form.observe_values(counts[:, None])
    low, high = np.quantile(np.asarray(scale.to(middle)), _ENDS)
    reach = _SCATTER * float(np.max(form.sd))  # type: ignore[attr-defined]
    places = np.linspace(low - reach, high + reach, _CELLS - 1)
    values = np.asarray(scale.back(places))
    # an amount brings what counts as nothing with it; all else is observed on the scale, beyond its ends too
    return values, form.observe_values(values[:, None]) if scale is LOG else form.observe(places[:, None])


def _reports(
    problem: DecisionProblem,
    kinds: list[_Kind],
    table: EvidenceTable,
    likelihood: Likelihood,
    options: tuple[str, ...],
) -> tuple[ReportValue, ...]:
    """All kinds by what a report is worth, then by what knowledge is."""
    worths: list[tuple[InformationValue, InformationValue, tuple[Turn, ...]]] = []
    regressed: dict[bytes, Float[np.ndarray, "fold world option"]] = {}
    for kind in kinds:
        key = kind.truth.tobytes()
        # several propositions may be about the same happening of the model
        expected = regressed.get(key)
        if expected is None:
            expected = regressed.setdefault(key, regress(problem, kind.truth))
        known = evppi(problem, expected)
        if known.changes.mean == 0.0 == known.changes.mcse:
            # the first option is best whatever is known of it, and so after any report
            worths.append((known, problem.nothing(), ()))
            continue
        ends, chances = report_outcomes(likelihood, kind.row, kind.truth)
        report = evsi(problem, chances, expected)
        worths.append((known, report, _turns(report, ends, options)))
    differs = differ_from_zero([report for _, report, _ in worths])
    found = [
        ReportValue(
            kind=kind.kind,
            id=kind.id,
            like=table.ids[kind.row],
            reliability=RELIABILITY_GRADES[int(table.reliability[kind.row])],
            credibility=int(table.credibility[kind.row]),
            known=known,
            report=report,
            differs=more,
            turns=turns,
        )
        for kind, (known, report, turns), more in zip(kinds, worths, differs, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.report.gain.mean, -one.known.gain.mean, one.id)))


def _turns(
    report: InformationValue, ends: Float[np.ndarray, " end"], options: tuple[str, ...]
) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            low=None if answer.first == 0 else float(ends[answer.first - 1]),
            high=None if answer.last == len(ends) else float(ends[answer.last]),
            option=options[answer.option],
            probability=answer.probability,
        )
        for answer in report.answers
    )


def _inputs(problem: DecisionProblem, worlds: ValuedWorlds) -> tuple[InputValue, ...]:
    """The parameters whose linear part is worth most, by what it is worth to know them."""
    ensemble = worlds.ensemble
    draws = np.asarray(ensemble.draws, dtype=np.float64)
    if problem.settled or not draws.shape[1]:
        return ()
    worth = _linear_value(problem, draws)
    chosen = [place for place in np.argsort(-worth, kind="stable")[:_INPUTS] if worth[place] > 0.0]
    known = [evppi(problem, regress(problem, draws[:, place])) for place in chosen]
    found = [
        InputValue(ensemble.parameters[place], value, more)
        for place, value, more in zip(chosen, known, differ_from_zero(known), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.known.gain.mean, one.parameter)))


def _linear_value(
    problem: DecisionProblem, columns: Float[np.ndarray, "all column"]
) -> Float[np.ndarray, " column"]:
    """What each column would be worth if gains were linear in its normal scores, and only two options counted.

    With mean m and slope s of an option's gain that is s·L(|m|/s), L the unit normal loss: enough to choose which
    columns to look at more closely.
    """
    weights, gains = problem.weights, problem.gains
    mean = weights @ gains
    rows = columns[problem.alive]
    found = np.zeros(rows.shape[1])
    for place, column in enumerate(rows.T):
        if np.ptp(column) == 0.0:
            continue
        slope = np.abs((weights * normal_scores(column, weights)) @ gains)
        own = slope > 0.0
        u = np.abs(mean[own]) / slope[own]
        found[place] = np.max(slope[own] * (stats.norm.pdf(u) - u * stats.norm.sf(u)), initial=0.0)
    return found
