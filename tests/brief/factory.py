"""A whole brief for tests: every section filled, sizes as in a real run, made by formula."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.brief.choices import METRICS, make_options, make_weightings
from tests.brief.decided import make_components, make_leads, make_metric_weights, make_unchanged
from tests.brief.informed import make_information
from tests.brief.reports import FAMILIES, QUANTITIES, make_claim, make_documents
from tests.brief.warned import make_discovery, make_signposts

from quidproquo.study.schema.assumptions import (
    AssumptionRecord,
    HypothesisClaimRecord,
    HypothesisRecord,
    HypothesisStateRecord,
    HypothesisWeightingRecord,
    PowerRecord,
)
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import (
    CircularRecord,
    ClaimRecord,
    ConflictRecord,
    DocumentRecord,
    ForecastRecord,
)
from quidproquo.study.schema.diagnostics import CaseCard, Diagnostics, MisfitRecord, MisfitSummary, Versions
from quidproquo.study.schema.estimates import (
    CheckInputRecord,
    CheckRecord,
    Estimate,
    Figure,
    LedgerRecord,
    TopicRecord,
)
from quidproquo.study.schema.leverage import (
    EstimateSteps,
    EvidenceSteps,
    LeverageRecord,
    MarginStep,
    PriorityRecord,
)
from quidproquo.study.schema.options import DriverRecord, MetricRecord, PreferredRecord
from quidproquo.study.schema.record import Quantiles

_SCALINGS = [
    PowerRecord(prior=0.08, claims=0.01, prior_pull=0.02, claims_pull=0.01, decides="the prior decides"),
    PowerRecord(prior=0.02, claims=0.11, prior_pull=-0.1, claims_pull=0.2, decides="the claims decide"),
    PowerRecord(
        prior=0.12, claims=0.11, prior_pull=-0.4, claims_pull=0.5, decides="prior and claims disagree"
    ),
    PowerRecord(prior=0.07, claims=0.06, prior_pull=-0.1, claims_pull=0.1, decides="both decide"),
    None,
]

MONTHS = 72
AS_OF = 40


def _dates() -> list[str]:
    return [date(2022 + m // 12, m % 12 + 1, 28).isoformat() for m in range(MONTHS)]


def _level(base: float, scale: str, kind: str, month: int) -> float:
    if scale in {"logit", "identity", "count"} or kind == "rate":
        return base * (0.85 + 0.3 * month / MONTHS)
    return base * max(0.0, (month - 6) / (AS_OF - 6)) ** 1.3


def _fan(base: float, scale: str, kind: str, month: int) -> tuple[float, float, float, float, float]:
    middle = _level(base, scale, kind, month)
    spread = 0.12 + 0.008 * abs(month - AS_OF + 4)
    factors = (1 - 1.6 * spread, 1 - 0.7 * spread, 1.0, 1 + 0.8 * spread, 1 + 2.2 * spread)
    if scale == "logit":
        factors = (1 - 0.3 * spread, 1 - 0.1 * spread, 1.0, 1 + 0.1 * spread, 1 + 0.2 * spread)
    a, b, c, d, e = (max(0.0, middle * factor) for factor in factors)
    return a, b, c, d, e


def _estimate(index: int, claims: dict[str, list[str]]) -> tuple[str, Estimate]:
    name, title, unit, scale, kind, base = QUANTITIES[index % len(QUANTITIES)]
    if index >= len(QUANTITIES):
        name, title = f"{name}_{index}", f"{title}, series {index}"
    rows = [_fan(base, scale, kind, month) for month in range(MONTHS)]
    q05, q25, q50, q75, q95 = (list(column) for column in zip(*rows, strict=True))
    return name, Estimate(
        title=title,
        unit=unit,
        scale=scale,
        kind=kind,
        option="do_nothing",
        topic=f"S{index % 11 + 1}",
        dates=_dates(),
        q05=q05,
        q25=q25,
        q50=q50,
        q75=q75,
        q95=q95,
        as_of_index=AS_OF,
        prior_q05=base * 0.1,
        prior_q50=base * 0.7,
        prior_q95=base * (1.3 if scale == "logit" else 5.0),
        run_ess=1_450.0 + 37.0 * index,
        claims=claims.get(name, []),
        basis="claims" if claims.get(name) else "judgement",
    )


def _topics(estimates: dict[str, Estimate]) -> dict[str, TopicRecord]:
    titles = [
        "What is given",
        "What is got",
        "Pay of the volunteers",
        "Losses and learning",
        "Programmes",
        "Pressure",
        "Deterrence",
        "Reassurance",
        "Intelligence",
        "Coalition",
        "Treaty",
        "Experts",
        "Conflicting reports",
        "Options",
    ]
    topics = {}
    for n, title in enumerate(titles):
        key = f"S{n + 1}"
        names = [name for name, estimate in estimates.items() if estimate.topic == key]
        metrics = [METRICS[n % len(METRICS)][0]] if n % 2 and len(estimates) > 10 else []
        figures = [
            Figure(id=f"{key}-{name}", title=estimates[name].title, chart="estimate", subject=name)
            for name in names
        ]
        figures += [
            Figure(id=f"{key}-{m}", title=m.replace("_", " "), chart="metric", subject=m) for m in metrics
        ]
        if key == "S1":
            figures.append(Figure(id="S1-ledger", title="The ledger", chart="ledger", subject=""))
        if key == "S14":
            figures.append(Figure(id="S14-options", title="Options", chart="options", subject=""))
        topics[key] = TopicRecord(
            title=title,
            question=f"What is known of: {title.lower()}?",
            estimates=names,
            metrics=metrics,
            figures=figures,
            claims=[f"S{n * 9 + 8:03d}"],
        )
    return topics


def _ledger(estimates: dict[str, Estimate]) -> list[LedgerRecord]:
    stages = ["sent", "in_place", "lost", "promised", "used", "sought"]
    lines = []
    for n, (name, estimate) in enumerate(list(estimates.items())[:12]):
        i = estimate.as_of_index
        lines.append(
            LedgerRecord(
                id=f"line-{n}",
                side="gives" if n % 2 == 0 else "gets",
                title=estimate.title,
                stage=stages[n % 6],
                topic=estimate.topic,
                quantity=name,
                unit=estimate.unit,
                q05=estimate.q05[i],
                q50=estimate.q50[i],
                q95=estimate.q95[i],
                claims=estimate.claims[:8],
                origins=n % 6,
                contested=n % 4 == 1,
            )
        )
    return lines


def _checks() -> dict[str, CheckRecord]:
    def item(name: str, basis: str, value: float, unit: str, claim: str, source: str) -> CheckInputRecord:
        return CheckInputRecord(
            name=name,
            basis=basis,
            value=value,
            low=value * 0.95,
            high=value * 1.05,
            unit=unit,
            claim=claim,
            source=source,
        )

    return {
        "pay_document": CheckRecord(
            title="Monthly pay of 3,000 volunteers, as the document has it",
            topic="S3",
            formula="pay * volunteers",
            unit="USD/month",
            inputs=[
                item("pay", "derived from the document", 3_200.0, "USD/month", "S012", ""),
                item("volunteers", "derived from the document", 3_000.0, "persons", "S013", ""),
            ],
            value=9.6e6,
            low=9.1e6,
            high=9.9e6,
            expected_low=9.0e6,
            expected_high=10.0e6,
            holds=True,
            basis="derived from the document",
            note="The document says a little less than ten million dollars.",
        ),
        "pay_independent": CheckRecord(
            title="Monthly pay of 3,000 volunteers, from independent figures",
            topic="S3",
            formula="pay * volunteers",
            unit="USD/month",
            inputs=[
                item("pay", "independent", 2_000.0, "USD/month", "", "Finance office of Osterlich, 2024"),
                item("volunteers", "derived from the document", 3_000.0, "persons", "S013", ""),
            ],
            value=6.0e6,
            low=5.4e6,
            high=6.6e6,
            expected_low=None,
            expected_high=None,
            holds=None,
            basis="independent",
            note="",
        ),
    }


def _assumptions() -> dict[str, AssumptionRecord]:
    return {
        f"trade.parameter_{n}": AssumptionRecord(
            title=f"Rate number {n} of the trade",
            mechanism=["trade", "game", "opinion"][n // 15],
            unit="crates/month" if n % 2 else "fraction",
            low=0.1 * (n % 7 + 1),
            high=0.4 * (n % 7 + 2),
            distribution="lognormal",
            source="judgement" if n % 3 else "Osterlich Institute (2023), table 4",
            judgement=n % 3 != 0,
            grounds="" if n % 3 else "Osterlich Institute (2023), table 4",
            known_by="2024-06-30",
            hindsight=n % 14 == 0,
            prior_q05=0.1 * (n % 7 + 1),
            prior_q50=0.2 * (n % 7 + 1),
            prior_q95=0.4 * (n % 7 + 2),
            posterior_q05=0.15 * (n % 7 + 1),
            posterior_q50=0.2 * (n % 7 + 1),
            posterior_q95=0.33 * (n % 7 + 2),
            place=(-1.6 + 0.02 * n, 0.1 * (n % 5), 1.7 - 0.02 * n),
            contraction=0.02 * n % 1.0,
            run_ess=350.0 + 20.0 * n,
            scaling=_SCALINGS[n % 5],
        )
        for n in range(45)
    }


def _steps(estimates: dict[str, Estimate]) -> EvidenceSteps:
    def quantiles(middle: float, factor: float) -> Quantiles:
        return Quantiles(q05=middle / factor, q50=middle, q95=middle * factor)

    return EvidenceSteps(
        margin=[
            MarginStep(margin=-0.004, mcse=0.002, preferred="coalition", reliable=True),
            MarginStep(margin=0.011, mcse=0.002, preferred="all_together", reliable=True),
            MarginStep(margin=0.025, mcse=0.003, preferred="all_together", reliable=True),
        ],
        share=1.0,
        share_mcse=0.08,
        half_reliable=True,
        half_rerun=True,
        estimates={
            name: EstimateSteps(
                none=quantiles(e.prior_q50, 3.0),
                half=quantiles(e.q50[AS_OF], 1.6) if n % 5 else None,
                all=quantiles(e.q50[AS_OF], 1.2),
                share=0.9 / (1 + n),
            )
            for n, (name, e) in enumerate(estimates.items())
        },
    )


def _leverage(estimates: dict[str, Estimate]) -> list[LeverageRecord]:
    names = list(estimates)
    kinds = ["claim", "origin", "family", "prior", "structure"]
    records = []
    for n in range(60):
        kind = kinds[n % 5]
        ids = {
            "claim": f"S{n:03d}",
            "origin": f"service {n} of {FAMILIES[n % 7]}",
            "family": f"{FAMILIES[n % 7]}{n}",
            "prior": f"trade.parameter_{n // 10}={'q95' if n % 2 else 'q05'}",
            "structure": f"paid=cash, at {n}",
        }
        records.append(
            LeverageRecord(
                kind=kind,
                id=ids[kind],
                title=f"{ids[kind]} left out",
                shift={
                    names[(n + k) % len(names)]: round((2.0 - k * 0.4) / (1 + n % 9), 3) for k in range(3)
                },
                margin_shift=(-1) ** n * 0.03 / (1 + n % 13),
                margin_mcse=0.002,
                worth={},
                preferred="all_together" if n % 20 else "coalition",
                pareto_k=0.3 + 0.01 * n,
                reliable=n % 12 != 11,
                rerun=n % 5 == 4,
                backed_up_by=[f"S{n + 1:03d}"] if n % 4 == 0 else [],
            )
        )
    return records


def _hypotheses() -> dict[str, HypothesisRecord]:
    def state(title: str, prior: float, posterior: float) -> HypothesisStateRecord:
        return HypothesisStateRecord(title=title, prior=prior, posterior=posterior, mcse=0.008)

    def claim(number: int, cash: float, reliable: bool = True) -> HypothesisClaimRecord:
        ratio = {"cash": cash, "know_how": -cash, "cover": -0.3 * cash}
        told = reliable and abs(cash) > 0.25
        return HypothesisClaimRecord(
            id=f"S{number:03d}",
            log_ratio=ratio,
            mcse=dict.fromkeys(ratio, 0.02),
            diagnostic=told,
            reliable=reliable,
        )

    def weighting(name: str, cash: float, reliable: bool = True) -> HypothesisWeightingRecord:
        probability = {"cash": cash, "know_how": 0.7 * (1 - cash), "cover": 0.3 * (1 - cash)}
        return HypothesisWeightingRecord(
            id=name,
            kind="origin" if name.startswith("origin:") else "evidence",
            title=name.partition(":")[2] if name.startswith("origin:") else name,
            probability=probability,
            mcse=dict.fromkeys(probability, 0.01),
            reliable=reliable,
        )

    return {
        "paid": HypothesisRecord(
            title="What is mostly paid?",
            states={
                "cash": state("Money", 0.5, 0.64),
                "know_how": state("Know-how", 0.3, 0.24),
                "cover": state("Diplomatic cover", 0.2, 0.12),
            },
            claims=[claim(0, 0.7), claim(1, -0.3), claim(2, 0.05), claim(3, 0.6, reliable=False)],
            weightings=[
                weighting("evidence:1", 0.64),
                weighting("evidence:0.5", 0.58),
                weighting("evidence:0", 0.5),
                weighting("origin:service of Sylvania", 0.47),
                weighting("origin:bureau of Osterlich", 0.9, reliable=False),
            ],
        ),
        "wanted": HypothesisRecord(
            title="What is mostly wanted?",
            states={"money": state("Cash", 0.4, 0.38), "alliance": state("An alliance", 0.6, 0.62)},
        ),
    }


def _diagnostics(claims: list[ClaimRecord], documents: list[DocumentRecord]) -> Diagnostics:
    unused: dict[str, int] = {}
    for claim in claims:
        if not claim.used:
            unused[claim.unused_reason] = unused.get(claim.unused_reason, 0) + 1
    states: dict[str, int] = {}
    for claim in claims:
        states[claim.state] = states.get(claim.state, 0) + 1
    status: dict[str, int] = {}
    for document in documents:
        status[document.status] = status.get(document.status, 0) + 1
    return Diagnostics(
        run_ess_min=1_312.0,
        run_ess_median=2_950.0,
        run_ess_min_of="machines_pledged",
        pareto_k=0.41,
        reruns=14,
        islands=8,
        failed_worlds=3,
        hindsight=["trade.parameter_0", "trade.parameter_14"],
        claims_total=len(claims),
        claims_used=sum(claim.used for claim in claims),
        claims_unused=unused,
        claims_by_state=states,
        unclassified_appearances=17,
        documents_by_status=status,
        reviewed_only=False,
        accepted_only_margin=0.021,
        temperatures=11,
        acceptance=0.27,
        rank_correlation=0.05,
        thorough=False,
        verdict="The run can be trusted for what is printed.",
        warnings=["Option 'Weaken the commitment' is never best in any world."],
    )


def make_brief(claims: int = 150, documents: int = 80, estimates: int = 30, **changes: Any) -> Brief:
    """A brief of the given size; `changes` replace whole fields."""
    sources = make_documents(documents)
    records = [make_claim(n, sources) for n in range(claims)]
    by_quantity: dict[str, list[str]] = {}
    for claim in records:
        by_quantity.setdefault(claim.quantity, []).append(claim.id)
    series = dict(_estimate(n, by_quantity) for n in range(estimates))
    ids = {claim.id for claim in records}
    fields: dict[str, Any] = {
        "format": "1",
        "case": "freedonia-sylvania",
        "as_of": "2025-05-28",
        "seed": 0,
        "worlds": 65_536,
        "versions": Versions(
            quidproquo="0.1.0",
            case="sha256:0011223344556677",
            tables={"grades": "1"},
            libraries={"jax": "0.10.2"},
        ),
        "about": CaseCard(
            id="freedonia-sylvania",
            title="Freedonia and Sylvania since 2022",
            question="What does each side give and get, and which response holds up?",
            start="2022-01-01",
            decision_date="2025-05-28",
            horizon="2027-12-31",
            actors={"sender": "Sylvania", "receiver": "Freedonia"},
        ),
        "estimates": series,
        "topics": _topics(series),
        "checks": _checks(),
        "ledger": _ledger(series),
        "metrics": {
            name: MetricRecord(
                title=title,
                unit=unit,
                direction=direction,
                worst=worst,
                best=best,
                weight=0.1,
                threshold=(worst + best) / 2,
                meaning=f"{title}, expected over the horizon.",
                side={"earnings": "gets", "crates": "gives"}.get(name, ""),
            )
            for name, title, unit, direction, worst, best in METRICS
        },
        "options": make_options(),
        "preferred": PreferredRecord(
            rule="least q95 regret on the value function",
            option="all_together",
            options=["all_together"],
            margin=0.025,
            mcse=0.003,
            range=(-0.004, 0.041),
            drivers=[
                DriverRecord(name="trade.parameter_1", correlation=0.6),
                DriverRecord(name="trade.parameter_3", correlation=-0.3),
            ],
            delta=0.01,
            limit=0.01,
            leading=["all_together"],
        ),
        "pareto_front": ["all_together", "coalition", "do_nothing"],
        "dominated": {"weaken": ["do_nothing", "signal"]},
        "weightings": make_weightings(),
        "leverage": _leverage(series) if series else [],
        "steps": _steps(series),
        "hypotheses": _hypotheses(),
        "unchanged": make_unchanged(),
        "leads": make_leads(),
        "worth": {name: abs(best - worst) / 0.1 for name, _, _, _, worst, best in METRICS},
        "components": make_components(),
        "metric_weights": make_metric_weights(),
        "information": make_information(),
        "discovery": make_discovery(),
        "signposts": make_signposts(),
        "conflicts": [
            ConflictRecord(
                a=f"S{n:03d}",
                b=f"S{n + 8:03d}",
                quantity=QUANTITIES[n][0],
                reason="Intervals do not meet on the same date.",
            )
            for n in range(6)
            if claims
        ],
        "circular": [
            CircularRecord(
                origin="service of Sylvania",
                claims=["S001", "S015", "S029"],
                reason="Three reports, one origin.",
            )
        ]
        if claims
        else [],
        "priorities": [
            PriorityRecord(
                id=f"priority {n}",
                kind="claim",
                title=f"How many crates left by sea in 202{n}",
                reason="It could turn the choice.",
                score=0.4 / (n + 1),
            )
            for n in range(4)
        ],
        "assumptions": _assumptions(),
        "misfit": MisfitSummary(
            claims=[
                MisfitRecord(
                    claim=f"S{n:03d}",
                    unit="crates",
                    expected=(900.0, 1_400.0, 2_100.0 + n),
                    chance=None,
                    below=0.98 - 0.002 * (n + 1),
                    tail=0.04 + 0.004 * (n + 1),
                    probability_wrong=0.3,
                    verdict="Lies far above what the others lead one to expect.",
                )
                for n in range(5)
                if claims
            ],
            outside=0.04,
            verdict="The model fits the claims well enough to carry option results.",
        ),
        "forecasts": [
            ForecastRecord(
                claim=i,
                due="2025-12",
                stated=(0.55, 0.8) if n else None,
                chance=0.31 if n else None,
                mcse=0.01 if n else None,
                note="open",
            )
            for n, i in enumerate(["S016", "S033", "S050"])
            if i in ids
        ],
        "totals": {},
        "programmes": {},
        "claims": records,
        "documents": sources,
        "diagnostics": _diagnostics(records, sources),
    }
    return Brief(**{**fields, **changes})
