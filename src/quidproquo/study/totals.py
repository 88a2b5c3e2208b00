"""Published totals against the worlds: which answers to the hypotheses each is consistent with.

A total is judged in worlds that were conditioned without any total of the case and without what
these relay or were worked out from: no total judges itself or another. For each joint state S of
the hypotheses that it bears on, and for each interpretation of what it counts,

    tail    two-sided: 2·min(F, 1 − F) with F = mean over worlds of S of P(report ≤ what was reported);
            for a bound the chance that the publisher's own figure keeps it
    factor  density of the report in S over its mean over all states, weighed by their chances
    after   chance of S if the report were believed to count what this interpretation says

Report error, bias and the chance of a wrong report are those of conditioning (see
`evidence.observation.forms`). A total is consistent with S where the tail is at least a tenth (inside
the central 90%), strained down to a fiftieth (inside the central 98%), and not consistent below.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from jaxtyping import Bool, Float, Int

from quidproquo.cases.record import Case, Interpretation, Total
from quidproquo.claims import judged_table, rests_on
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.ensemble import Points
from quidproquo.evidence.observation.forms import Bound
from quidproquo.evidence.observation.layout import independent_likelihood
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.evidence.observation.predictive import report_cdf
from quidproquo.study.schema.totals import TotalCellRecord, TotalInterpretationRecord, TotalRecord, Verdict
from quidproquo.terms.edtf import Interval
from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.model import Model

__all__ = ["TotalsHoldout", "behind_totals", "total_records"]

_LEAST_WORLDS = 30
_TINY = 1e-300
_CONSISTENT, _STRAINED = 0.1, 0.02
_QUANTILES = (0.05, 0.5, 0.95)
_OPERATIONS: dict[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class TotalsHoldout:
    """Worlds conditioned without any total: where they lie, and the claims that were left out."""

    points: Points
    left_out: tuple[str, ...]


def behind_totals(case: Case, links: Sequence[Link], used: Sequence[str]) -> tuple[str, ...]:
    """Claims that condition and that a total of the case is, relays or was worked out from."""
    behind = {name for total in case.totals.values() for name in rests_on(total.claim, links)}
    return tuple(name for name in used if name in behind)


def total_records(
    case: Case, claims: Sequence[Claim], model: Model, holdout: TotalsHoldout, as_of: Interval, used: set[str]
) -> dict[str, TotalRecord]:
    """Every total of the case that was published by the as-of date."""
    by_id = {claim.id: claim for claim in claims}
    known = [total for total in case.totals.values() if _known(by_id.get(total.claim), as_of)]
    if not known:
        return {}
    states = model.states_of(holdout.points.z).T
    inputs = _inputs(case, known, by_id, model, holdout, as_of)
    values = {
        (total.id, one.id): _evaluate(
            total, one, {name: inputs[total.claim, source] for name, source in one.inputs.items()}
        )
        for total in known
        for one in total.interpretations
    }
    judged = [by_id[total.claim] for total in known for _ in total.interpretations]
    worlds = _Worlds(holdout, states, _fits(judged_table(judged, case, as_of), values))
    return {total.id: _total(case, total, by_id[total.claim], worlds, used) for total in known}


def _known(claim: Claim | None, as_of: Interval) -> bool:
    if claim is None or claim.state == "rejected" or claim.event is None:
        return False
    return claim.published is not None and claim.published.end <= as_of.end


@dataclass(frozen=True)
class _Worlds:
    """Worlds without totals; `fits[total, interpretation]` says how each interpretation fits its report."""

    holdout: TotalsHoldout
    states: Int[np.ndarray, "hypothesis world"]
    fits: Mapping[tuple[str, str], _Fit]


def _total(case: Case, total: Total, claim: Claim, worlds: _Worlds, used: set[str]) -> TotalRecord:
    return TotalRecord(
        title=total.title,
        topic=total.topic,
        claim=claim.id,
        unit=claim.unit,
        weighs=claim.id in used,
        left_out=list(worlds.holdout.left_out),
        by={name: case.hypotheses[name].title for name in total.by},
        interpretations={one.id: _interpretation(case, total, one, worlds) for one in total.interpretations},
        note=total.note,
    )


def _interpretation(
    case: Case, total: Total, interpretation: Interpretation, worlds: _Worlds
) -> TotalInterpretationRecord:
    fit = worlds.fits[total.id, interpretation.id]
    low, middle, high = (float(x) for x in np.quantile(fit.values, _QUANTILES))
    return TotalInterpretationRecord(
        title=interpretation.title,
        formula=interpretation.formula,
        inputs=dict(interpretation.inputs),
        q05=low,
        q50=middle,
        q95=high,
        tail=_tail(fit, np.ones(len(fit.values), dtype=bool)),
        cells=_cells(case, total, worlds, fit),
    )


def _inputs(
    case: Case,
    totals: Sequence[Total],
    claims: Mapping[str, Claim],
    model: Model,
    holdout: TotalsHoldout,
    as_of: Interval,
) -> dict[tuple[str, str], Float[np.ndarray, " world"]]:
    """Every input of every interpretation: a parameter, or an output on the dates of the total's claim."""
    z = holdout.points.z
    parameters = model.priors.drawn_values(z[:, : len(model.parameters)])
    wanted = dict.fromkeys(
        (total.claim, source)
        for total in totals
        for one in total.interpretations
        for source in one.inputs.values()
    )
    found = {}
    for claim, source in wanted:
        if source in model.parameters:
            found[claim, source] = parameters[:, model.parameters.index(source)]
    rest = [key for key in wanted if key not in found]
    if rest:
        table = judged_table([claims[claim] for claim, _ in rest], case, as_of)
        operators = build_operators(model, replace(table, observable=tuple(source for _, source in rest)))
        found |= dict(zip(rest, operators.predict_worlds(model, z).T, strict=True))
    return found


def _evaluate(
    total: Total, interpretation: Interpretation, inputs: Mapping[str, Float[np.ndarray, " world"]]
) -> Float[np.ndarray, " world"]:
    """The formula of an interpretation in every world.

    Raises:
        CaseError: if it is not a number in some world.
    """
    worlds = len(next(iter(inputs.values())))

    def work_out(node: ast.expr) -> np.ndarray:
        if isinstance(node, ast.BinOp):
            first, second = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
            return _OPERATIONS[type(node.op)](work_out(first), work_out(second))
        if isinstance(node, ast.UnaryOp):
            return -work_out(node.operand)
        if isinstance(node, ast.Name):
            return inputs[node.id]
        assert isinstance(node, ast.Constant)
        return np.full(worlds, float(node.value))  # type: ignore[arg-type]

    with np.errstate(divide="ignore", invalid="ignore"):
        values = work_out(ast.parse(interpretation.formula, mode="eval").body)
    if not np.isfinite(values).all():
        found = f"{interpretation.formula}, which is no number in some worlds"
        raise CaseError(
            sentence(f"total '{total.id}'", "formula", found, "a number in every world", "change the formula")
        )
    return values


@dataclass(frozen=True)
class _Fit:
    """A report in every world, if it counts what an interpretation says.

    `values` is what the interpretation gives, `below` the chance of a report at most as high as the one made
    (`bound`: that the report is kept), and `density` that of the report.
    """

    values: Float[np.ndarray, " world"]
    below: Float[np.ndarray, " world"]
    density: Float[np.ndarray, " world"]
    bound: bool


def _fits(
    table: EvidenceTable, values: Mapping[tuple[str, str], Float[np.ndarray, " world"]]
) -> dict[tuple[str, str], _Fit]:
    """Every interpretation against its report; `table` has one item for each."""
    likelihood, predicted = independent_likelihood(table), np.stack(list(values.values()))
    biases = np.zeros((0, predicted.shape[1]))
    density = np.exp(likelihood.evaluate_items(predicted, biases)[0])
    below = report_cdf(likelihood, predicted.T, biases.T).T
    for part in likelihood.by_group(predicted):
        if isinstance(part.form, Bound):
            wrong = likelihood.wrong_probability[part.group.items][:, None]
            below[part.group.items] = part.form.figure.kept(part.observed, part.predicted, wrong)
    return {
        name: _Fit(predicted[item], below[item], density[item], likelihood.form[item] is Bound)
        for item, name in enumerate(values)
    }


def _tail(fit: _Fit, chosen: Bool[np.ndarray, " world"]) -> float:
    mean = float(np.clip(fit.below[chosen].mean(), 0.0, 1.0))
    return mean if fit.bound else 2.0 * min(mean, 1.0 - mean)


def _cells(case: Case, total: Total, worlds: _Worlds, fit: _Fit) -> list[TotalCellRecord]:
    """One record a joint state of the hypotheses, in their order."""
    places = [list(case.hypotheses).index(name) for name in total.by]
    choices = [range(len(case.hypotheses[name].states)) for name in total.by]
    records = []
    for states in product(*choices):
        chosen = np.ones(worlds.states.shape[1], dtype=bool)
        for place, state in zip(places, states, strict=True):
            chosen &= worlds.states[place] == state
        names = {n: case.hypotheses[n].states[s].id for n, s in zip(total.by, states, strict=True)}
        records.append(_cell(names, chosen, fit))
    return records


def _cell(states: dict[str, str], chosen: Bool[np.ndarray, " world"], fit: _Fit) -> TotalCellRecord:
    count, share = int(chosen.sum()), float(chosen.mean())
    if count < _LEAST_WORLDS:
        nothing = dict.fromkeys(("after", "q05", "q50", "q95", "tail", "tail_mcse", "factor"))
        return TotalCellRecord(states=states, worlds=count, before=share, verdict="too few worlds", **nothing)
    low, middle, high = (float(x) for x in np.quantile(fit.values[chosen], _QUANTILES))
    tail = _tail(fit, chosen)
    factor = float(fit.density[chosen].mean()) / max(float(fit.density.mean()), _TINY)
    sides = 1.0 if fit.bound else 2.0
    return TotalCellRecord(
        states=states,
        worlds=count,
        before=share,
        after=share * factor,
        q05=low,
        q50=middle,
        q95=high,
        tail=tail,
        tail_mcse=sides * float(np.std(fit.below[chosen], ddof=1) / np.sqrt(count)),
        factor=factor,
        verdict=_verdict(tail),
    )


def _verdict(tail: float) -> Verdict:
    if tail >= _CONSISTENT:
        return "consistent"
    return "strained" if tail >= _STRAINED else "not consistent"
