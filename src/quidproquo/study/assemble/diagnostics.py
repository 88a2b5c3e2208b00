"""How far a run can be trusted: exactness, counts, warnings, misfit, and what it was made with."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

import numpy as np

from quidproquo import __version__
from quidproquo import claims as claims_room
from quidproquo.cases.record import Case, Quantity
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks.misfit import Misfit
from quidproquo.evidence.observation import tables
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.reading.quantities import vague
from quidproquo.sensitivity.evaluator import ASSUMED
from quidproquo.study import base
from quidproquo.study.assemble import recorded
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.kept_runs import WHAT_IFS
from quidproquo.study.schema.diagnostics import CaseCard, Diagnostics, MisfitRecord, MisfitSummary, Versions
from quidproquo.study.schema.estimates import Estimate

__all__ = ["broken_bounds", "case_card", "diagnostics", "misfit", "outside", "versions"]

_GOOD, _FAIR = 1000.0, 400.0
_FAR = 0.01
_KEPT = 0.5  # a bound that is less probably broken counts as kept
_FROM_BELOW, _FROM_ABOVE = ("at_least", "more_than"), ("at_most", "less_than")
_LIBRARIES = ("jax", "numpy", "scipy")
_LOOKS_BACK = (
    "This case looks back: a claim weighs by the date of what it speaks of, not by the date of its "
    "publication. Some sources weigh that nobody could read at the as-of date."
)


def versions(case: Case) -> Versions:
    """Of the package, the files of a case, the tables and the libraries that numbers come from."""
    digest = hashlib.sha256()
    for path in sorted(case.folder.rglob("*")):
        # what a case started from, and what is asked of it, isn't what it says
        started = base.FOLDER in path.relative_to(case.folder).parts[:-1]
        if path.is_file() and path.name not in (*recorded.RECORDS, WHAT_IFS) and not started:
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


def case_card(case: Case) -> CaseCard:
    """What the case is about."""
    return CaseCard.of(case, id=case.name, actors={a.id: a.name for a in case.actors.values()})


def diagnostics(
    gathered: Gathered, run: RunResult, known: Mapping[str, Estimate], reviewed_only: bool
) -> Diagnostics:
    """What was counted on the way, and how exact the run is; `known` are the estimates."""
    ess = {name: estimate.run_ess for name, estimate in known.items() if estimate.run_ess > 0}
    least = min(ess, key=lambda name: ess[name]) if ess else ""
    smallest = ess.get(least, 0.0)
    drawn = run.conditioned
    return Diagnostics(
        run_ess_min=smallest,
        run_ess_median=float(np.median(list(ess.values()))) if ess else 0.0,
        run_ess_min_of=least,
        pareto_k=_worst_k(run),
        reruns=run.sensitivity.reruns,
        islands=len(np.unique(run.weighted.island)),
        failed_worlds=sum(int((e.status > 0).sum()) for e in (run.weighted, run.prior, run.exploratory)),
        hindsight=list(run.model.priors.hindsight),
        claims_total=len(gathered.claims),
        claims_used=len(run.table),
        claims_unused=dict(sorted(claims_room.unused_counts(run.table).items())),
        claims_by_state=_counted(claim.state for claim in gathered.claims),
        unclassified_appearances=len(gathered.unclassified),
        documents_by_status=_counted(document.status for document in gathered.reading.documents),
        reviewed_only=reviewed_only,
        accepted_only_margin=run.sensitivity.reviewed_margin,
        temperatures=int(drawn.temperatures.max()) if drawn is not None else 0,
        acceptance=float(drawn.acceptance.mean()) if drawn is not None else 1.0,
        rank_correlation=drawn.max_rank_correlation if drawn is not None else 0.0,
        thorough=drawn is not None and drawn.thorough,
        base_changes=drawn.changes or None if drawn is not None else None,
        verdict=_verdict(smallest),
        warnings=_warnings(gathered.case, run),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _worst_k(run: RunResult) -> float:
    """The largest k of what was left out; other grades, priors and structures are judged by themselves."""
    ks = [entry.pareto_k for entry in run.sensitivity.leverage if entry.kind not in ASSUMED]
    return max((k for k in ks if np.isfinite(k)), default=0.0)


def _verdict(smallest: float) -> str:
    if smallest >= _GOOD:
        return "The run is exact enough for the digits that are printed."
    if smallest >= _FAIR:
        return "The run is coarse: ask for more worlds with --worlds before you quote small differences."
    return "The run is too coarse to quote: ask for more worlds with --worlds."


def _warnings(case: Case, run: RunResult) -> list[str]:
    return [
        *([_LOOKS_BACK] if case.clock == "event" else []),
        *run.findings.warnings,
        *run.sensitivity.weightings.untried,
    ]


def misfit(case: Case, run: RunResult) -> MisfitSummary:
    """How each claim sits in what the claims of other origins lead one to expect."""
    if run.sensitivity.misfit is None:
        return MisfitSummary(claims=[], outside=0.0, verdict="")
    about = dict(zip(run.table.ids, run.table.quantity, strict=True))
    broken = broken_bounds(run.weighted, run.table)
    rows = [
        _fit(m, case.quantities.get(about[m.claim]), broken.get(m.claim))
        for m in run.sensitivity.misfit.claims
    ]
    judged = [row for row in rows if row.tail is not None]
    return MisfitSummary(
        claims=sorted(judged, key=lambda row: (row.tail, -row.probability_wrong, row.claim)),
        outside=outside(judged),
        verdict="",
        unjudged=[row for row in rows if row.tail is None],
    )


def outside(rows: Sequence[MisfitRecord]) -> float:
    """Share of the claims judged that lie beyond the 1 and 99% points, bounds that are kept not among them."""
    far = [row for row in rows if row.below is not None and min(row.below, 1.0 - row.below) < _FAR]
    return sum(row.broken is None or row.broken > _KEPT for row in far) / len(rows) if rows else 0.0


def broken_bounds(ensemble: Ensemble, table: EvidenceTable) -> dict[str, float]:
    """Claim that only bounds → the probability, by all claims, that the figure lies on the bound's other side."""
    found = {}
    weights = ensemble.weights
    for place, (item, comparison) in enumerate(zip(table.ids, table.comparison, strict=True)):
        if comparison not in (*_FROM_BELOW, *_FROM_ABOVE) or table.near[place]:
            continue
        figures, bound = ensemble.predicted[:, place], table.value[place]
        beyond = figures < bound if comparison in _FROM_BELOW else figures > bound
        found[item] = float(weights[beyond & np.isfinite(figures)].sum())
    return found


def _fit(found: Misfit, quantity: Quantity | None, broken: float | None) -> MisfitRecord:
    """One claim; of a proposition the worlds have no quantiles, only a chance."""
    judged = found.reliable and bool(np.isfinite(found.tail))
    return MisfitRecord.of(
        found,
        unit=quantity.unit if quantity else "",
        expected=found.expected if quantity else None,
        chance=None if quantity else found.mean,
        below=found.below if judged else None,
        tail=found.tail if judged else None,
        probability_wrong=found.probability_wrong if broken is None else broken,
        broken=broken,
    )
