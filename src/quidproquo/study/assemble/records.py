"""The brief's registers: claims, documents, checks, conflicts, leverage, misfit, forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy import stats

from quidproquo import claims as claims_room
from quidproquo.cases.record import Case, Quantity
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.compare import choice_of
from quidproquo.evidence.checks.misfit import Misfit
from quidproquo.reading.record import Appearance
from quidproquo.sensitivity.evaluator import SUPPOSED, Leverage
from quidproquo.study.gather import Gathered
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.brief import (
    AppearanceRecord,
    CheckInputRecord,
    CheckRecord,
    CircularRecord,
    ClaimRecord,
    ConflictRecord,
    DocumentRecord,
    ForecastRecord,
    LeverageRecord,
    MisfitRecord,
    MisfitSummary,
    PriorityRecord,
)
from quidproquo.study.schema.smallest_set import SearchedRecord, SmallestSetRecord
from quidproquo.study.what_ifs import meanings

__all__ = [
    "checks",
    "circular",
    "claims",
    "conflicts",
    "documents",
    "forecasts",
    "leverage",
    "misfit",
    "priorities",
    "smallest_set",
]

_MOST_WORTH = 5
_NO_TRUST = 9.0  # stands for an infinite Pareto k in a file
_PRIORITIES = 8
_LEAST_SHIFT = 0.1  # posterior standard deviations
_SHIFT_ERRORS = 4.0  # Monte Carlo errors: of some fifty estimates, one in twenty rows has one by chance
_UNKNOWN = "unknown"  # the family of an origin that the case does not list


def documents(gathered: Gathered) -> list[DocumentRecord]:
    """Every document with its number, its status and its text."""
    reading = gathered.reading
    return [
        DocumentRecord(
            id=d.id,
            number=number,
            name=d.name,
            title=d.title,
            kind=d.kind,
            publisher=d.publisher,
            author=d.author,
            published=d.published.edtf if d.published else "",
            url=d.url,
            snapshot=d.snapshot,
            status=d.status,
            reason=d.reason,
            text=reading.snapshots[d.snapshot].text if d.snapshot in reading.snapshots else "",
        )
        for number, d in enumerate(reading.documents, start=1)
    ]


def claims(case: Case, found: Sequence[Claim], table: EvidenceTable, used: set[str]) -> list[ClaimRecord]:
    """Every claim, with why it isn't used where it isn't."""
    reasons = {entry.claim: entry.reason for entry in table.unused}
    families = {source.family for source in case.sources.values()}
    return [
        _claim(
            claim,
            claim.family if claim.family in families else _UNKNOWN,
            claim.id in used,
            reasons.get(claim.id, ""),
        )
        for claim in found
    ]


def _claim(claim: Claim, family: str, used: bool, reason: str) -> ClaimRecord:
    return ClaimRecord(
        id=claim.id,
        role=claim.role,
        quantity=claim.quantity,
        proposition=claim.proposition,
        comparison=claim.comparison,
        near=claim.near,
        value=claim.value,
        low=claim.low,
        high=claim.high,
        unit=claim.unit,
        qualifier=claim.qualifier,
        since=claim.since.edtf if claim.since else "",
        event=claim.event.edtf if claim.event else "",
        published=claim.published.edtf if claim.published else "",
        speaker=claim.speaker,
        reporting_source=claim.reporting_source,
        origin=claim.origin,
        family=family,
        reliability=claim.reliability,
        credibility=claim.credibility,
        hedge=claim.hedge,
        paraphrase=claim.paraphrase,
        url=claim.url,
        verification=claim.verification,
        note=claim.note,
        state=claim.state,
        derived=claim.derived,
        used=used,
        unused_reason=reason,
        appearances=[_appearance(seen) for seen in claim.appearances],
    )


def _appearance(seen: Appearance) -> AppearanceRecord:
    return AppearanceRecord(
        document=seen.document,
        kind=seen.kind,
        start=seen.sentence.start,
        end=seen.sentence.end,
        quote=seen.sentence.quote,
        speakers=[speaker.name for speaker in seen.speakers],
        cue=seen.speakers[-1].cue if seen.speakers else "",
        hedge=seen.hedge,
        page=seen.sentence.page,
    )


def checks(case: Case, found: Sequence[Claim]) -> dict[str, CheckRecord]:
    """The documents' arithmetic, redone."""
    by_id = {claim.id: claim for claim in found}
    return {check.id: _check(case, check.id, by_id) for check in case.checks.values()}


def _check(case: Case, name: str, by_id: dict[str, Claim]) -> CheckRecord:
    check = case.checks[name]
    result = claims_room.evaluate(check, by_id)
    return CheckRecord(
        title=check.title,
        topic=check.topic,
        formula=check.formula,
        unit=check.unit,
        inputs=[
            CheckInputRecord(
                name=i.name,
                basis=i.basis,
                value=i.value,
                low=i.low,
                high=i.high,
                unit=i.unit,
                claim=i.claim,
                source=i.source,
            )
            for i in result.inputs
        ],
        value=result.value,
        low=result.low,
        high=result.high,
        expected_low=check.low,
        expected_high=check.high,
        holds=result.holds,
        basis=result.basis,
        note=check.note,
    )


def conflicts(gathered: Gathered) -> list[ConflictRecord]:
    """Pairs of claims that can't both be right."""
    found = claims_room.conflicts(gathered.claims, gathered.links, gathered.case)
    return [ConflictRecord(a=c.a, b=c.b, quantity=c.quantity, reason=c.reason) for c in found]


def circular(gathered: Gathered) -> list[CircularRecord]:
    """Claims that go back to one origin."""
    found = claims_room.circular(gathered.claims, gathered.links)
    return [CircularRecord(origin=c.origin, claims=list(c.claims), reason=c.reason) for c in found]


def leverage(weighed: RunResult, known: Sequence[DocumentRecord]) -> list[LeverageRecord]:
    """What moves when one thing is taken away, the farthest first within each kind."""
    names = {d.id: d.title or d.name for d in known}
    rank = {kind: place for place, kind in enumerate(dict.fromkeys(entry.kind for entry in weighed.leverage))}
    ordered = sorted(weighed.leverage, key=lambda e: (rank[e.kind], -e.largest, e.id))
    return [
        LeverageRecord(
            kind=e.kind,
            id=e.id,
            title=names.get(e.id, e.title) if e.kind == "document" else e.title,
            shift=_shifts(e),
            margin_shift=e.margin_shift,
            margin_mcse=e.margin_mcse,
            worth=_worth(e),
            preferred=e.preferred,
            pareto_k=e.pareto_k if np.isfinite(e.pareto_k) else _NO_TRUST,
            reliable=e.reliable,
            rerun=e.rerun,
            backed_up_by=list(e.backed_up_by),
        )
        for e in ordered
    ]


def smallest_set(weighed: RunResult) -> SmallestSetRecord | None:
    """What was found of origins that together turn the choice; None where no claim conditions."""
    found = weighed.smallest
    if found is None:
        return None
    table, gone = weighed.table, set(found.nearest)
    return SmallestSetRecord(
        origins=list(found.origins),
        preferred=found.preferred,
        confirmed=found.confirmed,
        nearest=list(found.nearest),
        claims=[item for item, origin in zip(table.ids, table.origin, strict=True) if origin in gone],
        margin=found.lead,
        mcse=found.mcse,
        searched=[
            SearchedRecord(
                size=size,
                possible=possible,
                judged=found.searched.get(size, 0),
                unjudged=found.unjudged.get(size, 0),
            )
            for size, possible in found.possible.items()
        ],
        unconfirmed=found.unconfirmed,
    )


def _shifts(entry: Leverage) -> dict[str, float]:
    """All shifts; of what is only supposed, which is much, those that are more than noise."""
    if entry.kind not in SUPPOSED:
        return dict(entry.shift)
    least = {name: max(_LEAST_SHIFT, _SHIFT_ERRORS * error) for name, error in entry.shift_mcse.items()}
    return {name: shift for name, shift in entry.shift.items() if abs(shift) >= least[name]}


def _worth(entry: Leverage) -> dict[str, float]:
    """What it narrows most; a supposed prior or structure isn't there to narrow anything."""
    if entry.kind in SUPPOSED:
        return {}
    names = sorted(entry.worth, key=lambda name: (-entry.worth[name], name))
    return {name: entry.worth[name] for name in names[:_MOST_WORTH]}


def misfit(case: Case, weighed: RunResult) -> MisfitSummary:
    """How each claim sits in what the claims of other origins lead one to expect."""
    if weighed.misfit is None:
        return MisfitSummary(
            claims=[], outside=0.0, verdict="No claim conditions, so there is nothing to fit."
        )
    about = dict(zip(weighed.table.ids, weighed.table.quantity, strict=True))
    rows = [_fit(m, case.quantities.get(about[m.claim])) for m in weighed.misfit.claims]
    judged = [row for row in rows if row.tail is not None]
    return MisfitSummary(
        claims=sorted(judged, key=lambda row: (row.tail, -row.probability_wrong, row.claim)),
        outside=float(weighed.misfit.outside),
        verdict=weighed.misfit.verdict,
        unjudged=[row for row in rows if row.tail is None],
    )


def _fit(m: Misfit, quantity: Quantity | None) -> MisfitRecord:
    """One claim; of a proposition the worlds have no quantiles, only a chance."""
    judged = m.reliable and bool(np.isfinite(m.tail))
    return MisfitRecord(
        claim=m.claim,
        unit=quantity.unit if quantity else "",
        expected=m.expected if quantity else None,
        chance=None if quantity else m.mean,
        below=m.below if judged else None,
        tail=m.tail if judged else None,
        probability_wrong=m.probability_wrong,
        verdict=m.verdict,
    )


def forecasts(found: Sequence[Claim], as_of: date) -> list[ForecastRecord]:
    """What was forecast, by when it is due; nothing is scored before that."""
    rows = []
    for claim in found:
        if claim.role != "forecast" or claim.state == "rejected":
            continue
        due = claim.event.end if claim.event else None
        note = "no date" if due is None else "due" if due <= as_of else "open"
        chance = sum(claim.likelihood) / 2 if claim.likelihood else None
        rows.append(
            ForecastRecord(
                claim=claim.id, due=claim.event.edtf if claim.event else "", probability=chance, note=note
            )
        )
    return rows


def priorities(case: Case, weighed: RunResult) -> list[PriorityRecord]:
    """What is most worth knowing: parameters that the lead of the choice hangs on, by rank correlation."""
    ensemble = weighed.weighted
    choice = choice_of(ensemble, case)
    alive = ensemble.status == 0
    order = np.argsort(-choice.values[alive].mean(axis=0), kind="stable")
    lead = choice.values[alive][:, order[0]] - choice.values[alive][:, order[1]]
    if np.ptp(lead) == 0.0:
        return []
    ranks = stats.rankdata(ensemble.draws[alive], axis=0)
    strength = np.corrcoef(ranks.T, stats.rankdata(lead))[-1, :-1]
    titles = meanings(weighed.model)
    top = np.argsort(-np.abs(strength), kind="stable")[:_PRIORITIES]
    first, second = (case.options[choice.options[i]].title for i in order[:2])
    return [
        PriorityRecord(
            id=ensemble.parameters[i],
            kind="prior",
            title=titles[ensemble.parameters[i]][1],
            reason=f"the lead of “{first}” over “{second}” goes {'up' if strength[i] > 0 else 'down'} with it",
            score=float(abs(strength[i])),
        )
        for i in top
    ]
