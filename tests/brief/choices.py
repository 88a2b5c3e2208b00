"""Options, metrics and weightings for tests, made by formula."""

from __future__ import annotations

from quidproquo.study.schema.options import OptionRecord, OptionResult, Regret, WeightingRecord
from quidproquo.study.schema.record import Distribution

OPTIONS = [
    ("do_nothing", "Do nothing new", True),
    ("weaken", "Weaken the commitment", False),
    ("signal", "Signal an unchanged commitment", False),
    ("reassure", "Reassure the public at home", False),
    ("intelligence", "Use and publish what is learnt", False),
    ("coalition", "Act with a regional coalition", False),
    ("assembly", "Go through the assembly of states", False),
    ("all_together", "All measures together", False),
]
METRICS = [
    ("spill_over", "Chance that the war spreads", "probability", "lower", 0.2, 0.02),
    ("provocations", "Limited provocations", "incidents/year", "lower", 12.0, 1.0),
    ("earnings", "Earnings of the sender", "USD/year", "lower", 2.0e9, 1.0e8),
    ("progress", "Milestones reached with help", "milestones", "lower", 6.0, 0.0),
    ("threat", "Public that feels threatened", "fraction", "lower", 0.9, 0.3),
    ("trust", "Trust in the commitment", "fraction", "higher", 0.2, 0.8),
    ("knowledge", "Knowledge gained", "index", "higher", 0.0, 1.0),
    ("crates", "Crates sent a year", "crates/year", "lower", 4.0e6, 2.0e5),
    ("pressure", "Pressure kept up", "index", "higher", 0.0, 1.0),
    ("cost", "Cost of the option", "index", "lower", 1.0, 0.0),
]


def _spread(mean: float, width: float, error: float) -> Distribution:
    return Distribution(mean=mean, mcse=error, q05=mean - width, q50=mean * 0.99, q95=mean + 1.2 * width)


def _result(order: int, shift: float) -> OptionResult:
    metrics, regret = {}, {}
    for k, (name, _, _, direction, worst, best) in enumerate(METRICS):
        step = (best - worst) * (0.3 + 0.05 * ((order * 3 + k) % 8) + shift)
        span = abs(best - worst)
        metrics[name] = _spread(worst + step, 0.12 * span, 0.002 * span)
        regret[name] = Regret(mean=0.05 * span, mcse=0.001 * span, q95=0.14 * span, cvar95=0.2 * span)
        del direction
    value = 0.42 + 0.025 * order + shift
    return OptionResult(
        metrics=metrics,
        regret=regret,
        value=_spread(value, 0.14, 0.0021),
        value_regret=Regret(
            mean=0.2 - 0.02 * order, mcse=0.002, q95=0.31 - 0.025 * order, cvar95=0.4 - 0.03 * order
        ),
        max_regret=0.33 - 0.02 * order,
        max_regret_cell="what is mostly paid = technology",
        robustness=0.18 + 0.07 * order,
        best_share=[0.04, 0.01, 0.1, 0.06, 0.08, 0.15, 0.05, 0.51][order],
    )


def make_options() -> dict[str, OptionRecord]:
    return {
        name: OptionRecord(
            title=title,
            summary=f"{title}, from the decision date on.",
            baseline=baseline,
            levers={} if baseline else {"signal": 0.5},
            cost={} if baseline else {"budget": 0.2, "escalation": 0.05},
            start="2025-03-01",
            months=24,
            recommended_by=[] if baseline else [f"S{order * 9 + 8:03d}"],
            weighted=_result(order, 0.0),
            exploratory=_result(order, -0.05),
        )
        for order, (name, title, baseline) in enumerate(OPTIONS)
    }


def make_weightings() -> list[WeightingRecord]:
    return [
        WeightingRecord(
            id=f"weighting {n}",
            kind=["evidence", "origin", "hypothesis"][n % 3],
            value={name: 0.42 + 0.025 * k for k, (name, _, _) in enumerate(OPTIONS)},
            q95_regret={
                name: 0.31 - 0.025 * k - (0.06 if name == "coalition" and n % 10 == 0 else 0.0)
                for k, (name, _, _) in enumerate(OPTIONS)
            },
            preferred="all_together" if n % 10 else "coalition",
            pareto_k=0.2,
            title=f"weighting {n}",
            margin=0.025 if n % 10 else -0.035,
            mcse=0.004,
            reliable=True,
            rerun=n % 7 == 0,
        )
        for n in range(30)
    ]
