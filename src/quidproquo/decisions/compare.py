"""Comparing the options: from ensembles to findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quidproquo.cases.record import Case
from quidproquo.decisions.cells import Driver, Worst, drivers, worst_cells
from quidproquo.decisions.choose import preferred, unranked
from quidproquo.decisions.components import bundle_findings
from quidproquo.decisions.dominance import dominance, pareto_front, rank_acceptability
from quidproquo.decisions.panel import Figures, Panel
from quidproquo.decisions.record import Findings, MetricFinding, OptionFinding, RegretFinding
from quidproquo.decisions.rule import decide
from quidproquo.decisions.unchanged import unchanged
from quidproquo.decisions.value import HIGHEST, LOWEST, ValuedWorlds
from quidproquo.decisions.worth import leads, worth_of_value
from quidproquo.evidence.weights.estimators import normalised
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["compare", "option_findings"]

_ALWAYS = 0.999
_CLIPPED = 0.05


def _metric(figures: Figures, option: int, metric: int) -> MetricFinding:
    q05, q50, q95 = map(float, figures.quantiles[:, option, metric])
    mean, error = float(figures.mean[option, metric]), float(figures.mcse[option, metric])
    return MetricFinding(mean=mean, mcse=error, q05=q05, q50=q50, q95=q95)


def _regret(figures: Figures, option: int, metric: int) -> RegretFinding:
    return RegretFinding(
        mean=float(figures.regret[option, metric]),
        mcse=float(figures.regret_mcse[option, metric]),
        q95=float(figures.regret_q95[option, metric]),
        cvar95=float(figures.regret_cvar95[option, metric]),
    )


def option_findings(
    worlds: ValuedWorlds, figures: Figures, worst: Sequence[Worst], firsts: np.ndarray
) -> dict[str, OptionFinding]:
    """Figures of one ensemble by option and metric; `firsts` is each option's share of first ranks.

    Without weights there is no value function, and what is read from it is NaN.
    """
    found = {}
    blank = 0.0 if worlds.scale.weighed else np.nan
    for place, option in enumerate(worlds.ensemble.options):
        metrics = range(len(worlds.scale.metrics))
        q05, q50, q95 = (float(value) + blank for value in figures.value_quantiles[:, place])
        found[option] = OptionFinding(
            metrics={worlds.scale.metrics[m]: _metric(figures, place, m) for m in metrics},
            regret={worlds.scale.metrics[m]: _regret(figures, place, m) for m in metrics},
            value=MetricFinding(
                mean=float(figures.value[place]) + blank,
                mcse=float(figures.value_mcse[place]) + blank,
                q05=q05,
                q50=q50,
                q95=q95,
            ),
            value_regret=RegretFinding(
                mean=float(figures.value_regret[place]) + blank,
                mcse=float(figures.value_regret_mcse[place]) + blank,
                q95=float(figures.value_regret_q95[place]) + blank,
                cvar95=float(figures.value_regret_cvar95[place]) + blank,
            ),
            max_regret=worst[place].regret + blank,
            max_regret_cell=worst[place].cell,
            robustness=float(figures.robustness[place]),
            best_share=float(firsts[place]),
        )
    return found


def _same_options(*ensembles: Ensemble) -> None:
    first = ensembles[0]
    for other in ensembles[1:]:
        for name, mine, its in (
            ("options", first.options, other.options),
            ("metrics", first.metrics, other.metrics),
            ("parameters", first.parameters, other.parameters),
        ):
            if mine != its:
                remedy = "simulate them with the same case"
                allowed = f"those of the {first.kind} ensemble, {', '.join(mine)}"
                thing = f"{other.kind} ensemble"
                raise EvidenceError(sentence(thing, name, ", ".join(its), allowed, remedy))


def _warnings(worlds: ValuedWorlds, case: Case, firsts: np.ndarray) -> list[str]:
    """What is odd about one ensemble, in sentences."""
    ensemble = worlds.ensemble
    where = f"the {ensemble.kind} ensemble"
    found = []
    if worlds.failed:
        total = worlds.failed + ensemble.log_weight.size
        found.append(f"{worlds.failed} of {total} worlds of {where} failed and weigh nothing.")
    if len(ensemble.options) > 1:
        for option, share, best in zip(ensemble.options, firsts, worlds.best.T, strict=True):
            title = case.options[option].title
            if share >= _ALWAYS:
                found.append(f"“{title}” is never beaten in {where}: look at the model and its costs.")
            elif (worlds.scale.weighed and not best.any()) or share == 0.0:
                found.append(f"“{title}” is never best in any world of {where}.")
    return found


def _clipped(case: Case, *ensembles: ValuedWorlds) -> list[str]:
    """Metrics that lie far beyond their anchors, each once however many ensembles they do so in."""
    found = []
    for place, metric in enumerate(case.metrics):
        shares = {worlds.ensemble.kind: _far_beyond(worlds, place) for worlds in ensembles}
        often = [
            f"{100.0 * share:.0f}% of the {kind} ensemble"
            for kind, share in shares.items()
            if share > _CLIPPED
        ]
        if often and ensembles[0].scale.weight[place] > 0.0:
            found.append(
                f"“{case.metrics[metric].title}” lies far beyond the ends of its scale of value in "
                f"{' and '.join(often)}, and is valued there as if it went no farther."
            )
    return found


def _far_beyond(worlds: ValuedWorlds, place: int) -> float:
    """In which share of the weight, over all options, a metric lies far beyond its anchors."""
    worst, best = worlds.scale.worst[place], worlds.scale.best[place]
    level = (worlds.ensemble.outcomes[:, :, place] - worst) / (best - worst)
    beyond = ((level < LOWEST) | (level > HIGHEST)).mean(axis=1)
    return float(np.einsum("w,w->", beyond, normalised(worlds.ensemble.log_weight)))


@dataclass(frozen=True)
class _Side:
    """One ensemble, read."""

    worlds: ValuedWorlds
    figures: Figures
    ranks: np.ndarray


def _read(worlds: ValuedWorlds) -> _Side:
    own = worlds.ensemble.log_weight
    return _Side(worlds, Panel(worlds).figures(own), rank_acceptability(worlds, own))


def _firsts(side: _Side) -> np.ndarray:
    return side.figures.best_share if side.worlds.scale.weighed else side.ranks[:, 0]


def _findings(
    side: _Side, case: Case, chosen: Sequence[Driver], titles: Mapping[str, str]
) -> dict[str, OptionFinding]:
    worst = worst_cells(side.worlds, side.worlds.ensemble.log_weight, case, chosen, titles)
    return option_findings(side.worlds, side.figures, worst, _firsts(side))


def compare(
    weighted: ValuedWorlds,
    exploratory: ValuedWorlds,
    case: Case,
    titles: Mapping[str, str] | None = None,
) -> Findings:
    """Every finding about the options in both ensembles.

    Parameters
    ----------
    weighted : worlds distributed by prior and claims: what is likely, and the choice.
    exploratory : worlds spread evenly: where an option fails.
    case : metrics with anchors, weights and thresholds, options, hypotheses, δ.
    titles : words for parameters, used in sentences; else their names.

    Raises EvidenceError for fewer than eight islands or ensembles of different options, and
    CaseError where the case lacks something that they hold.
    """
    _same_options(weighted.ensemble, exploratory.ensemble)
    titles = titles or {}
    side, wide = _read(weighted), _read(exploratory)
    options, own = weighted.ensemble.options, weighted.ensemble.log_weight
    dominates = dominance(weighted, own)
    front = [options[place] for place in np.flatnonzero(pareto_front(dominates))]
    estimate = weighted.option_values.estimate(normalised(own))
    decision = decide(estimate, case.delta)
    chosen = drivers(weighted, own, (decision.first, decision.second))
    ranked = weighted.scale.weighed
    return Findings(
        weighted=_findings(side, case, chosen, titles),
        exploratory=_findings(wide, case, chosen, titles),
        preferred=preferred(decision, options) if ranked else unranked(front),
        pareto_front=tuple(front),
        dominated={
            option: tuple(options[other] for other in np.flatnonzero(dominates[:, place]))
            for place, option in enumerate(options)
            if dominates[:, place].any()
        },
        warnings=(
            *_warnings(weighted, case, _firsts(side)),
            *_warnings(exploratory, case, _firsts(wide)),
            *_clipped(case, weighted, exploratory),
        ),
        drivers=tuple(chosen),
        rank_acceptability={
            option: tuple(map(float, row)) for option, row in zip(options, side.ranks, strict=True)
        },
        unchanged=unchanged(weighted, case),
        leads=leads(weighted, options[decision.first]) if ranked else {},
        worth=worth_of_value(weighted.scale),
        components=bundle_findings(weighted, case),
    )
