"""A judged what-if as a record: titles and units beside every number, and the verdict in words."""

from __future__ import annotations

from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.movement import Judgement, Movement, judge
from quidproquo.study.schema.what_if import Method, MovementRecord, WhatIfAnswer, WhatIfOption
from quidproquo.study.what_if.basis import Basis, answer_row, estimate_row, metric_row
from quidproquo.study.what_if.question import Question

__all__ = ["answer_record"]

_MOST_REMAINING = 0.5  # share of the run's independent draws, from which a re-weighting loses little


def answer_record(
    question: Question, basis: Basis, judged: Judgement | None, *, rerun: bool = False, advice: str = ""
) -> WhatIfAnswer:
    """The record of a what-if; `rerun` says that worlds were conditioned again for it.

    `advice` says what to do where the weights can't be trusted. Without a judgement, because no world is left,
    every number stays and the record says so.
    """
    method, reliable, words = _verdict(basis, judged, rerun)
    found = judged or _unchanged(basis)
    brief = basis.brief
    return WhatIfAnswer(
        case=brief.case,
        as_of=brief.as_of,
        seed=brief.seed,
        worlds=brief.worlds,
        run=basis.run,
        title=question.title,
        question=question.ids,
        method=method,
        reliable=reliable,
        reliability=words if reliable else words + advice,
        pareto_k=found.leverage.pareto_k,
        ess=found.leverage.ess if judged is not None else 0.0,
        claims=question.claims(brief),
        estimates=_largest_first(
            {
                name: _record(found.movements[estimate_row(name)], estimate.title, estimate.unit)
                for name, estimate in brief.estimates.items()
                if estimate_row(name) in found.movements
            }
        ),
        options=_options(basis, found),
        hypotheses={
            name: {
                state: _record(
                    found.movements[answer_row(name, state)],
                    f"{hypothesis.title} “{record.title}”",
                    "probability",
                )
                for state, record in hypothesis.states.items()
            }
            for name, hypothesis in brief.hypotheses.items()
            if name in basis.ensemble.hypotheses
        },
        ranked=brief.preferred.ranked,
        preferred=(_tied(basis, found.before[1].tied), _tied(basis, found.after[1].tied)),
        margin=(basis.evaluator.margin, basis.evaluator.margin + found.leverage.margin_shift),
        margin_mcse=found.leverage.margin_mcse,
    )


def _unchanged(basis: Basis) -> Judgement:
    return judge(basis.evaluator, Change())


def _tied(basis: Basis, places: tuple[int, ...]) -> list[str]:
    return [basis.ensemble.options[place] for place in places]


def _record(found: Movement, title: str, unit: str) -> MovementRecord:
    return MovementRecord.of(
        found, title=title, unit=unit, before=vars(found.before), after=vars(found.after)
    )


def _largest_first(records: dict[str, MovementRecord]) -> dict[str, MovementRecord]:
    return dict(sorted(records.items(), key=lambda entry: (not entry[1].moves, -abs(entry[1].deviations))))


def _options(basis: Basis, found: Judgement) -> dict[str, WhatIfOption]:
    brief, options, metrics = basis.brief, basis.ensemble.options, basis.ensemble.metrics
    ranks = [
        {place: rank for rank, place in enumerate(decision.order, start=1)}
        for _, decision in (found.before, found.after)
    ]
    regrets = [regret for regret, _ in (found.before, found.after)]
    records = {}
    for place, option in enumerate(options):
        moved = {
            metric: _record(
                found.movements[metric_row(option, metric)],
                brief.metrics[metric].title,
                brief.metrics[metric].unit,
            )
            for metric in metrics
        }
        records[option] = WhatIfOption(
            title=brief.options[option].title,
            value=(float(regrets[0].value[place]), float(regrets[1].value[place])),
            regret=(float(regrets[0].q95[place]), float(regrets[1].q95[place])),
            rank=(ranks[0][place], ranks[1][place]),
            metrics=_largest_first(moved),
        )
    return dict(sorted(records.items(), key=lambda entry: entry[1].rank[1]))


def _verdict(basis: Basis, judged: Judgement | None, rerun: bool) -> tuple[Method, bool, str]:
    """How it was judged, whether that can be trusted, and the same in a sentence."""
    own = basis.evaluator.reweighter.run_ess
    if judged is None:
        words = "None of the run's worlds is as you suppose, so weights can't judge it."
        return "not judged", False, words
    remaining = judged.leverage.ess
    if rerun:
        words = f"Judged by worlds that were conditioned again with it (worth {remaining:,.0f} independent draws)."
        return "conditioned again", True, words
    if judged.leverage.largest == 0.0 and judged.leverage.margin_shift == 0.0:
        return "no change", True, "Nothing in the run depends on this: every world weighs what it did."
    counts = f"worth {remaining:,.0f} independent draws, of {own:,.0f} before"
    if not judged.leverage.reliable:
        words = f"The run's worlds are too far from this to judge it by weights ({counts}): don't rely on it."
        return "weights", False, words
    if remaining >= _MOST_REMAINING * own:
        return "weights", True, f"Judged by re-weighting the run's worlds, which is reliable here ({counts})."
    return "weights", True, f"Judged by re-weighting the run's worlds: good enough, but rougher ({counts})."
