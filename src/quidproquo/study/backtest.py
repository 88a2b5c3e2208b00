"""Back-tests: condition on what was known by a day, foretell the reports that came later, and score them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import jax
import numpy as np

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.claims import load_claims, load_links
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.checks import pooling
from quidproquo.evidence.checks.backtest import MODEL, Judged, foresee_reports, judge
from quidproquo.evidence.checks.baselines import BASELINES
from quidproquo.evidence.checks.pooling import ScoreRow
from quidproquo.evidence.checks.scores import covered
from quidproquo.study.assemble.diagnostics import versions
from quidproquo.study.backtest_targets import Split, split
from quidproquo.study.gather import claims_on_file
from quidproquo.study.infer import DEFAULT_WORLDS
from quidproquo.study.progress import Progress, Silent
from quidproquo.study.request import cache
from quidproquo.study.run import as_of_date
from quidproquo.study.schema import backtest as record
from quidproquo.terms.errors import ClaimError, InputError, sentence
from quidproquo.terms.vocabulary import CLOCKS, word_of
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.runtime import prepare
from quidproquo.worlds.simulate import plan

__all__ = ["BacktestRequest", "back_test", "verdict"]

FORMAT = "1"
_OWN = "outcomes.csv"


@dataclass(frozen=True)
class BacktestRequest:
    """What to test: a case at one or several as-of dates.

    `outcomes` is a table of later facts; without one, the case folder's `outcomes.csv` where it has
    one, else the case's own later claims. `clock` None: the case's own.
    """

    case: str
    as_of: tuple[str, ...]
    outcomes: str | None = None
    clock: str | None = None
    worlds: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class _Date:
    """One as-of date, done."""

    as_of: date
    split: Split
    tested: list[Judged]
    record: record.Exposure

    def marks(self, *, bound: bool) -> list[ScoreRow]:
        later = self.split.later
        return [
            ScoreRow(
                later.quantity[one.item],
                self.as_of.isoformat(),
                later.origin[one.item],
                _of_bound(one) if bound else _two_sided(one),
            )
            for one in self.tested
            if one.bound is bound
        ]


def back_test(request: BacktestRequest, progress: Progress | None = None) -> record.Backtest:
    """Test a case at its dates, pooled.

    Raises:
        InputError: if anything that was handed in is wrong.
        EvidenceError: if conditioning can't give a usable result.
    """
    shown = progress or Silent()
    _check(request)
    case = load_case(request.case)
    case = replace(case, clock=word_of(request.clock or "", CLOCKS) or case.clock)
    days = sorted({as_of_date(text, case.start, case.decision_date) for text in request.as_of})
    claims = claims_on_file(case)
    path = case.folder / "links.csv"
    links = tuple(load_links(path, claims)) if path.is_file() else ()
    outcomes, source = _outcomes(request, case, claims)
    prepare(cache())
    done = []
    for day in days:
        with shown.stage(f"as of {day.isoformat()}", None):
            parts = split(case, claims, links, outcomes, as_of=day)
            done.append(_one(request, case, day, parts))
    return _assembled(request, case, source, done)


def _check(request: BacktestRequest) -> None:
    if request.clock is not None and request.clock not in CLOCKS:
        allowed = f"one of {', '.join(CLOCKS)}"
        raise InputError(sentence("option --clock", "clock", request.clock, allowed, "choose one"))
    if not request.as_of:
        raise InputError(
            sentence("option --as-of", "dates", "missing", "one or more days", "name the day to test from")
        )


def _outcomes(
    request: BacktestRequest, case: Case, claims: Sequence[Claim]
) -> tuple[list[Claim] | None, str]:
    """Later facts, and where they come from in a word."""
    own = case.folder / _OWN
    if request.outcomes is None and not own.is_file():
        return None, "claims"
    path = own if request.outcomes is None else Path(request.outcomes)
    found = load_claims(path, case)
    known = {claim.id for claim in claims}
    for claim in found:
        if claim.id in known:
            raise ClaimError(
                sentence(
                    f"table '{path.name}'", "id", claim.id, "new to the case", "give the fact another id"
                )
            )
    return found, "file" if request.outcomes is not None else _OWN


def _one(request: BacktestRequest, case: Case, day: date, parts: Split) -> _Date:
    model = build_model(case, day)
    layout = plan(model, case, ())
    tested: list[Judged] = []
    least, failed = None, 0
    if len(parts.later):
        foreseen = foresee_reports(
            jax.random.key(request.seed),
            model,
            layout,
            parts.evidence,
            parts.later,
            request.worlds or DEFAULT_WORLDS,
        )
        tested = judge(foreseen, parts.evidence, parts.later, _rising(model, parts.evidence))
        failed = foreseen.failed
        least = float(np.min(np.minimum(foreseen.run_ess, len(foreseen.predicted))))
    reports = {(parts.later.quantity[one.item], parts.later.origin[one.item]) for one in tested}
    hindsight = list(model.priors.hindsight)
    standing: record.Standing = "hindsight-exposed" if hindsight else "prospective"
    exposure = record.Exposure(
        as_of=day.isoformat(),
        standing="retrospective" if case.clock == "event" else standing,
        hindsight=hindsight,
        priors=len(model.parameters),
        undated_priors=sum(case.priors[name].known_by is None for name in model.parameters),
        given_until=case.decision_date.isoformat(),
        conditioned=len(parts.evidence),
        undated_claims=parts.undated,
        reports=len(tested),
        targets=len(reports),
        run_ess_min=least,
        failed_worlds=failed,
    )
    return _Date(day, parts, tested, exposure)


def _rising(model: Model, table: EvidenceTable) -> frozenset[str]:
    """Observables that are running totals."""
    return frozenset(name for name in table.observable if model.output(name).kind == "cumulative")


def _two_sided(one: Judged) -> dict[str, float]:
    ours = one.scores[MODEL]
    figures = {
        "coverage50": covered(ours, 0.5),
        "coverage90": covered(ours, 0.9),
        "pit": 0.5 * (ours.pit_low + ours.pit_high),
    }
    for name, score in one.scores.items():
        suffix = "" if name == MODEL else f"_{name}"
        figures |= {f"crps{suffix}": score.crps, f"log_score{suffix}": score.log_score}
    return figures


def _of_bound(one: Judged) -> dict[str, float]:
    figures = {}
    for name, chance in one.chances.items():
        suffix = "" if name == MODEL else f"_{name}"
        figures[f"log_score{suffix}"] = float(np.log(max(chance, 1e-300)))
        figures[f"brier{suffix}"] = (1.0 - chance) ** 2
    return figures


_RIVALS_NEEDED = tuple(f"log_score_{rival}" for rival in BASELINES)


def _figures(marks: Sequence[ScoreRow]) -> dict[str, float | int | None]:
    every = pooling.by_target(marks, ())
    coverage = {name: pooling.mean_of(every, name) for name in ("coverage50", "coverage90")}
    return _scores(marks, ("crps", "log_score")) | coverage


def _bound_figures(marks: Sequence[ScoreRow]) -> dict[str, float | int | None]:
    return _scores(marks, ("log_score", "brier"))


def _scores(marks: Sequence[ScoreRow], kinds: Sequence[str]) -> dict[str, float | int | None]:
    """Means over targets: of every forecast where all have one, and of the model's over all."""
    every, same = pooling.by_target(marks, ()), pooling.by_target(marks, _RIVALS_NEEDED)
    names = [f"{kind}{end}" for kind in kinds for end in ("", *(f"_{rival}" for rival in BASELINES))]
    return {
        "targets": len(every),
        "compared": len(same),
        **{name: pooling.mean_of(same, name) for name in names},
        **{f"{kind}_all": pooling.mean_of(every, kind) for kind in kinds},
    }


def _overall(seed: int, marks: Sequence[ScoreRow]) -> record.OverallFigures:
    figures = _figures(marks)
    every, same = pooling.by_target(marks, ()), pooling.by_target(marks, _RIVALS_NEEDED)
    rivalry = {}
    for rival in BASELINES:
        found = pooling.against(seed, same, rival)
        if found is not None:
            rivalry[rival] = record.Rivalry(**vars(found))
    bands = [pooling.coverage_band(len(every), share) if every else None for share in (0.5, 0.9)]
    place = pooling.lean(seed, every)
    return record.OverallFigures.model_validate(
        figures
        | {
            "quantities": len({target.quantity for target in every}),
            "band50": bands[0],
            "band90": bands[1],
            "mean_pit": None if place is None else place.mean,
            "lean": None if place is None or place.low is None else (place.low, place.high),
            "against": rivalry,
            "verdict": verdict(figures, bands, rivalry, place),
        }
    )


def verdict(
    figures: dict[str, float | int | None],
    bands: Sequence[tuple[float, float] | None],
    rivalry: dict[str, record.Rivalry],
    place: pooling.MeanPit | None,
) -> str:
    """In words: whether the intervals hold as often as they say, which side they miss, and what is beaten."""
    parts = []
    for level, band in zip((50, 90), bands, strict=True):
        found = figures[f"coverage{level}"]
        if band is None or found is None:
            return "No later report could be scored."
        if found > band[1]:
            parts.append(f"intervals of {level} % are too wide")
        elif found < band[0]:
            parts.append(f"intervals of {level} % are too narrow")
    calibrated = "Not calibrated: " + " and ".join(parts) if parts else "Calibrated at 50 and 90 %"
    if place is not None and place.low is not None and place.high is not None:
        side = "higher" if place.low > 0.5 else "lower" if place.high < 0.5 else ""
        if side:
            share = f"{place.mean:.0%} of the forecast lay below them ({place.low:.0%} to {place.high:.0%})"
            calibrated += f", but reports came {side} than foretold: on average {share.replace('%', ' %')}"
    if not rivalry:
        return f"{calibrated}. There was no naive forecast to compare with."
    beaten = [rival for rival, found in rivalry.items() if _beats(found)]
    if len(beaten) == len(rivalry):
        return f"{calibrated}. Better than both naive forecasts, with 90 % confidence in each."
    if beaten:
        return f"{calibrated}. Better than {beaten[0]} with 90 % confidence, but not than the other forecast."
    return f"{calibrated}. Not better than the naive forecasts with 90 % confidence."


def _beats(found: record.Rivalry) -> bool:
    bounds = found.skill_bound, found.log_score_difference_bound
    return all(bound is not None and bound > 0.0 for bound in bounds)


def _assembled(request: BacktestRequest, case: Case, source: str, done: Sequence[_Date]) -> record.Backtest:
    marks = [mark for one in done for mark in one.marks(bound=False)]
    bounds = [mark for one in done for mark in one.marks(bound=True)]
    unscorable = sorted({pair for one in done for pair in one.split.unscorable.items()})
    return record.Backtest(
        format=FORMAT,
        case=case.name,
        clock=case.clock,
        outcomes=source,
        as_of=[one.as_of.isoformat() for one in done],
        seed=request.seed,
        worlds=request.worlds or DEFAULT_WORLDS,
        versions=versions(case),
        overall=_overall(request.seed, marks),
        quantities={name: _quantity(case, name, marks) for name in _names(marks)},
        bounds=record.AllBounds.model_validate(
            _bound_figures(bounds)
            | {
                "quantities": {
                    name: _bound_figures([mark for mark in bounds if mark.quantity == name])
                    for name in _names(bounds)
                }
            }
        ),
        unscorable=[record.Unscorable(id=name, reason=reason) for name, reason in unscorable],
        exposure=[one.record for one in done],
        # by day and by id, however the table of reports is laid out
        reports=[row for one in done for row in sorted((_report(one, t) for t in one.tested), key=_by_id)],
    )


def _by_id(report: record.JudgedReport) -> str:
    return report.id


def _names(marks: Sequence[ScoreRow]) -> list[str]:
    return sorted({mark.quantity for mark in marks})


def _quantity(case: Case, name: str, marks: Sequence[ScoreRow]) -> record.QuantityFigures:
    own = [mark for mark in marks if mark.quantity == name]
    quantity = case.quantities[name]
    return record.QuantityFigures.model_validate(
        _figures(own)
        | {
            "title": quantity.title,
            "unit": quantity.unit,
            "scale": quantity.scale,
            "mean_pit": pooling.mean_of(pooling.by_target(own, ()), "pit"),
        }
    )


def _report(one: _Date, tested: Judged) -> record.JudgedReport:
    later, item = one.split.later, tested.item
    between = later.comparison[item] == "between"
    ends = [date.fromordinal(int(day[item])) for day in (later.event_start, later.event_end)]
    ours = tested.scores.get(MODEL)
    return record.JudgedReport(
        id=later.ids[item],
        as_of=one.as_of.isoformat(),
        quantity=later.quantity[item],
        qualifier=later.qualifier[item],
        origin=later.origin[item],
        comparison=later.comparison[item],
        bound=tested.bound,
        low=float(later.low[item] if between else later.value[item]),
        high=float(later.high[item] if between else later.value[item]),
        event="/".join(day.isoformat() for day in dict.fromkeys(ends)),
        days_ahead=(ends[1] - one.as_of).days,
        quantiles={name: list(values) for name, values in tested.quantiles.items()},
        pit=None if ours is None else (ours.pit_low, ours.pit_high),
        crps={name: score.crps for name, score in tested.scores.items()},
        log_score={name: score.log_score for name, score in tested.scores.items()},
        chance=tested.chances,
    )
