"""Assembling the brief: every number beside what it rests on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version

import numpy as np

from quidproquo import __version__
from quidproquo import claims as claims_room
from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.evidence.observation import tables
from quidproquo.reading.quantities import vague
from quidproquo.sensitivity.evaluator import SUPPOSED
from quidproquo.study.assemble import numbers, recorded, steps
from quidproquo.study.assemble import records as registers
from quidproquo.study.assemble import topics as figures
from quidproquo.study.assemble.diagram import influence_diagram
from quidproquo.study.assemble.programmes import programme_records
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.brief import Brief, CaseCard, Diagnostics, Versions
from quidproquo.study.schema.money import TotalRecord
from quidproquo.study.totals import total_records
from quidproquo.terms.edtf import Interval

__all__ = ["FORMAT", "assemble", "versions"]

FORMAT = "1"
_GOOD, _FAIR = 1000.0, 400.0
_LIBRARIES = ("jax", "numpy", "scipy")


def assemble(gathered: Gathered, weighed: RunResult, *, seed: int, as_of: date, reviewed_only: bool) -> Brief:
    """Put the brief together from what was gathered and weighed."""
    case = gathered.case
    estimates = numbers.estimates(case, gathered.claims, weighed, as_of)
    documents = registers.documents(gathered)
    used = set(weighed.table.ids)
    made_with = versions(case)
    return Brief(
        format=FORMAT,
        case=case.name,
        as_of=as_of.isoformat(),
        seed=seed,
        worlds=len(weighed.weighted.log_weight),
        versions=made_with,
        about=_about(case),
        estimates=estimates,
        topics=figures.topics(case, estimates, gathered.claims),
        checks=registers.checks(case, gathered.claims),
        ledger=numbers.ledger(case, gathered, weighed, as_of),
        metrics=numbers.metrics(case),
        options=numbers.options(case, gathered.claims, weighed.findings),
        preferred=numbers.preferred(case, weighed.findings, weighed.leverage),
        pareto_front=list(weighed.findings.pareto_front),
        dominated={k: list(v) for k, v in weighed.findings.dominated.items()},
        weightings=numbers.weightings(weighed.findings),
        leverage=registers.leverage(weighed, documents),
        hypotheses=numbers.hypotheses(case, weighed),
        conflicts=registers.conflicts(gathered),
        circular=registers.circular(gathered),
        priorities=registers.priorities(case, weighed),
        assumptions=numbers.assumptions(case, weighed, as_of, steps.parameter_scalings(weighed)),
        misfit=registers.misfit(case, weighed),
        forecasts=registers.forecasts(gathered.claims, as_of),
        totals=_totals(gathered, weighed, as_of, used),
        programmes=programme_records(case, gathered.claims, weighed, as_of),
        claims=registers.claims(case, gathered.claims, weighed.table, used),
        documents=documents,
        diagnostics=_diagnostics(gathered, weighed, estimates_ess(estimates), reviewed_only),
        influence=influence_diagram(case, weighed.model, weighed.table.observable),
        backtest=recorded.on_file(case.folder, made_with),
        ranks=recorded.ranks_on_file(case.folder, weighed.model.coordinates, weighed.table.ids),
        steps=steps.evidence_steps(case, weighed),
        smallest_set=registers.smallest_set(weighed),
    )


def _totals(gathered: Gathered, weighed: RunResult, as_of: date, used: set[str]) -> dict[str, TotalRecord]:
    if weighed.apart is None:
        return {}
    known = Interval(as_of, as_of)
    return total_records(gathered.case, gathered.claims, weighed.model, weighed.apart, known, used)


def estimates_ess(estimates: Mapping[str, object]) -> dict[str, float]:
    """Run ESS of every estimate that has one."""
    return {name: e.run_ess for name, e in estimates.items() if e.run_ess > 0}  # type: ignore[attr-defined]


def versions(case: Case) -> Versions:
    """Of the package, the files of a case, the tables and the libraries that numbers come from."""
    digest = hashlib.sha256()
    for path in sorted(case.folder.rglob("*")):
        if path.is_file() and path.name not in recorded.RECORDS:
            digest.update(path.relative_to(case.folder).as_posix().encode())
            digest.update(path.read_bytes())
    return Versions(
        quidproquo=__version__,
        case=f"sha256:{digest.hexdigest()[:16]}",
        tables={
            "evidence": tables.TABLE_VERSION,
            "claims": claims_room.TABLE_VERSION,
            "vague numbers": vague.VAGUE_VERSION,
        },
        libraries={name: version(name) for name in _LIBRARIES},
    )


def _about(case: Case) -> CaseCard:
    return CaseCard(
        id=case.name,
        title=case.title,
        question=case.question,
        start=case.start.isoformat(),
        decision_date=case.decision_date.isoformat(),
        horizon=case.horizon.isoformat(),
        actors={actor.id: actor.name for actor in case.actors.values()},
    )


def _diagnostics(
    gathered: Gathered, weighed: RunResult, ess: Mapping[str, float], reviewed_only: bool
) -> Diagnostics:
    least = min(ess, key=lambda name: ess[name]) if ess else ""
    smallest = ess.get(least, 0.0)
    conditioned = weighed.conditioned
    failed = sum(int((e.status > 0).sum()) for e in (weighed.weighted, weighed.prior, weighed.exploratory))
    return Diagnostics(
        run_ess_min=smallest,
        run_ess_median=float(np.median(list(ess.values()))) if ess else 0.0,
        run_ess_min_of=least,
        pareto_k=_worst_k(weighed),
        reruns=weighed.reruns,
        islands=len(np.unique(weighed.weighted.island)),
        failed_worlds=failed,
        hindsight=list(weighed.model.priors.hindsight),
        claims_total=len(gathered.claims),
        claims_used=len(weighed.table),
        claims_unused=dict(sorted(claims_room.unused_counts(weighed.table).items())),
        claims_by_state=_by_state(gathered.claims),
        unclassified_appearances=len(gathered.unclassified),
        documents_by_status=dict(sorted(Counter(d.status for d in gathered.reading.documents).items())),
        reviewed_only=reviewed_only,
        accepted_only_margin=_accepted_only(gathered.case, gathered.claims, weighed),
        temperatures=int(conditioned.temperatures.max()) if conditioned is not None else 0,
        acceptance=float(conditioned.acceptance.mean()) if conditioned is not None else 1.0,
        rank_correlation=conditioned.max_rank_correlation if conditioned is not None else 0.0,
        thorough=conditioned is not None and conditioned.thorough,
        verdict=_verdict(smallest),
        warnings=[*_retrospective(gathered.case), *weighed.findings.warnings, *_model_warnings(weighed)],
    )


_LOOKS_BACK = (
    "This brief looks back: what a claim speaks of decides whether it weighs, not when it was "
    "published, so sources weigh that nobody could read at the as-of date."
)


def _retrospective(case: Case) -> list[str]:
    return [_LOOKS_BACK] if case.clock == "event" else []


def _by_state(claims: Sequence[Claim]) -> dict[str, int]:
    return dict(sorted(Counter(claim.state for claim in claims).items()))


def _worst_k(weighed: RunResult) -> float:
    """The largest k of what was taken away; supposing another letter, prior or structure is judged apart."""
    taken = [entry for entry in weighed.leverage if entry.kind not in SUPPOSED]
    known = [entry.pareto_k for entry in taken if np.isfinite(entry.pareto_k)]
    return max(known, default=0.0)


def _accepted_only(case: Case, claims: Sequence[Claim], weighed: RunResult) -> float | None:
    """The margin with accepted claims only, by re-weighting; None where nothing is proposed."""
    return numbers.margin_without(case, weighed, [c.id for c in claims if c.state == "proposed"])


def _verdict(smallest: float) -> str:
    if smallest >= _GOOD:
        return "The run is exact enough for the digits that are printed."
    if smallest >= _FAIR:
        return "The run is coarse: ask for more worlds with --worlds before quoting small differences."
    return "The run is too coarse to quote: ask for more worlds with --worlds."


def _model_warnings(weighed: RunResult) -> list[str]:
    if weighed.misfit is not None and not weighed.misfit.carries:
        return [weighed.misfit.verdict]
    return []
