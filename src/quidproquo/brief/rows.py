"""Rows of the page's tables: everything that is said in one, worked out before the template prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.appendix import prior_bars
from quidproquo.brief.markup import anchor
from quidproquo.brief.numerals import (
    RowScale,
    amount,
    date_words,
    range_words,
    row_scale,
    share,
    with_error,
)
from quidproquo.brief.provenance import no_reason
from quidproquo.brief.sentences.fit import verdict_words, wrong_words
from quidproquo.brief.sentences.forecasts import chance_words, outcome_words, stated_words
from quidproquo.decisions.cells import in_words
from quidproquo.study.schema.assumptions import AssumptionRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord, ForecastRecord
from quidproquo.study.schema.options import OptionRecord, OptionResult

__all__ = [
    "Cell",
    "forecast_rows",
    "metric_rows",
    "misfit_rows",
    "option_rows",
    "prior_row",
]

FEW = 400.0  # of independent worlds, below which a parameter is marked
_NARROWED, _WIDENED = 0.05, -0.1
_DECIDES = {
    "the claims decide": "the claims",
    "the prior decides": "the prior",
    "both decide": "both",
    "prior and claims disagree": "they disagree",
    "neither moves it": "neither",
}


@dataclass(frozen=True)
class Cell:
    """A number, and its interval or error below it."""

    value: str
    below: str = ""


@dataclass(frozen=True)
class Tag:
    """A word in a box; `style` is good, warn or plain."""

    text: str
    style: str = ""


# ---------------------------------------------------------------- options


@dataclass(frozen=True)
class EnsembleRow:
    """One option in one ensemble; cells on value are empty where metrics have no weights."""

    label: str
    value: str
    regret: str
    regret_q95: str
    max_regret: Cell
    robustness: str
    best_share: str


@dataclass(frozen=True)
class OptionRows:
    """One option: its title with tags, and a line for each ensemble."""

    id: str
    name: str
    title: str
    tags: tuple[Tag, ...]
    ensembles: tuple[EnsembleRow, ...]


def option_rows(brief: Brief, chosen: list[str]) -> list[OptionRows]:
    """The options with their results in both ensembles."""
    return [
        OptionRows(
            anchor("option", name),
            name,
            option.title,
            tuple(_option_tags(brief, name, option, chosen)),
            tuple(
                _ensemble(brief, label, result)
                for label, result in (("weighted", option.weighted), ("exploratory", option.exploratory))
            ),
        )
        for name, option in brief.options.items()
    ]


def _option_tags(brief: Brief, name: str, option: OptionRecord, chosen: list[str]) -> Iterator[Tag]:
    if option.baseline:
        yield Tag("baseline")
    if name in chosen:
        yield Tag("tied" if len(chosen) > 1 else "preferred", "good")
    if name in brief.dominated:
        yield Tag("dominated")


def _by_title(brief: Brief, cell: str) -> str:
    """Where regret is largest, its answer and its parameter by title instead of by name."""
    titles = {in_words(name, {}): record.title for name, record in brief.assumptions.items()}
    parts = []
    for part in filter(None, cell.split("; ")):
        name, within, third = part.partition(" in its ")
        parts.append(f"“{titles.get(name, name)}”{within}{third}")
    return "; ".join(parts)


def _ensemble(brief: Brief, label: str, result: OptionResult) -> EnsembleRow:
    value, regret = result.value, result.value_regret
    return EnsembleRow(
        label,
        with_error(value.mean, value.mcse) if value else "",
        with_error(regret.mean, regret.mcse) if regret else "",
        f"{regret.q95:.2f}" if regret else "",
        Cell(
            "" if result.max_regret is None else f"{result.max_regret:.2f}",
            _by_title(brief, result.max_regret_cell),
        ),
        share(result.robustness),
        share(result.best_share),
    )


@dataclass(frozen=True)
class MetricCell:
    """A metric under one option: mean and error over weighted worlds, mean over exploratory ones."""

    mean: str
    error: str
    exploratory: str


@dataclass(frozen=True)
class MetricRow:
    """A metric: its title, what its numbers are and what is acceptable, and a cell for each option."""

    id: str
    name: str
    title: str
    note: str
    cells: tuple[MetricCell, ...]


def metric_rows(brief: Brief) -> list[MetricRow]:
    """Each metric under each option."""
    return [_metric(brief, name) for name in brief.metrics]


def _metric(brief: Brief, name: str) -> MetricRow:
    record = brief.metrics[name]
    results = [option.weighted.metrics[name] for option in brief.options.values()]
    scale = row_scale(record.unit, max((abs(result.mean) for result in results), default=1.0))
    least = "most" if record.direction == "lower" else "least"
    threshold = scale.mean(record.threshold, 0.0)
    return MetricRow(
        anchor("metric", name),
        name,
        record.title,
        f"{scale.label}; {record.direction} is better; at {least} {threshold} is acceptable",
        tuple(_metric_cell(option, name, scale) for option in brief.options.values()),
    )


def _metric_cell(option: OptionRecord, name: str, scale: RowScale) -> MetricCell:
    weighted, wide = option.weighted.metrics[name], option.exploratory.metrics[name]
    return MetricCell(
        scale.mean(weighted.mean, weighted.mcse),
        scale.error(weighted.mcse) if weighted.mcse > 0.0 else "",
        scale.mean(wide.mean, wide.mcse),
    )


# ---------------------------------------------------------------- appendix


@dataclass(frozen=True)
class PriorRow:
    """A prior before the claims and after."""

    id: str
    title: str
    distribution: str
    bars: Markup
    before: Cell
    after: Cell
    contraction: str
    decides: Tag
    tags: tuple[Tag, ...]
    grounds: str
    known_by: str


def prior_row(name: str, record: AssumptionRecord) -> PriorRow:
    """The row of one prior."""
    scaling = record.scaling
    disagree = scaling is not None and scaling.decides == "prior and claims disagree"
    return PriorRow(
        anchor("prior", name),
        record.title,
        record.distribution,
        prior_bars(record.place),
        Cell(
            amount(record.prior_q50, record.unit),
            range_words(record.prior_q05, record.prior_q95, record.unit),
        ),
        Cell(
            amount(record.posterior_q50, record.unit),
            range_words(record.posterior_q05, record.posterior_q95, record.unit),
        ),
        _contraction(record.contraction),
        Tag(_DECIDES[scaling.decides] if scaling else "", "warn" if disagree else ""),
        tuple(_prior_tags(record)),
        no_reason(record),
        date_words(record.known_by),
    )


def _contraction(value: float) -> str:
    if value >= _NARROWED:
        return share(value)
    return "none" if value >= _WIDENED else "wider"


def _prior_tags(record: AssumptionRecord) -> Iterator[Tag]:
    if record.judgement:
        yield Tag("judgement", "warn")
    if record.hindsight:
        yield Tag("hindsight", "warn")
    if 0.0 < record.run_ess < FEW:
        yield Tag(f"run ESS {record.run_ess:,.0f}", "warn")


@dataclass(frozen=True)
class ForecastRow:
    """A forecast that somebody made; `basis` is empty where the model has no probability of its own."""

    claim: Markup
    text: str
    speaker: str
    due: str
    stated: str
    chance: str
    outcome: str
    basis: str


def forecast_rows(
    brief: Brief, claims: Mapping[str, ClaimRecord], linked: Callable[[list[str]], Markup]
) -> list[ForecastRow]:
    """Forecasts with the day on which they fall due; `linked` makes links to claims."""
    return [_forecast_row(brief, record, claims.get(record.claim), linked) for record in brief.forecasts]


def _forecast_row(
    brief: Brief,
    record: ForecastRecord,
    claim: ClaimRecord | None,
    linked: Callable[[list[str]], Markup],
) -> ForecastRow:
    known = claim is not None and claim.quantity in brief.estimates
    return ForecastRow(
        linked([record.claim]),
        claim.paraphrase if claim else "",
        claim.speaker if claim else "",
        date_words(record.due) or "no day named",
        stated_words(record),
        chance_words(record, claim),
        outcome_words(record),
        anchor("basis", f"estimate.{claim.quantity}") if claim and known else anchor("claim", record.claim),
    )


@dataclass(frozen=True)
class MisfitRow:
    """How one claim sits among the others; `judged` is false where that can't be said."""

    id: str
    claim: Markup
    text: str
    expected: Cell
    tail: str
    wrong: str
    verdict: str
    judged: bool


def misfit_rows(
    brief: Brief, claims: Mapping[str, ClaimRecord], linked: Callable[[list[str]], Markup]
) -> list[MisfitRow]:
    """Every claim that weighs, the worst fit first, those that can't be judged last."""
    rows = []
    for record in [*brief.misfit.claims, *brief.misfit.unjudged]:
        claim = claims.get(record.claim)
        expected = Cell("–")
        if record.expected is not None:
            low, middle, high = record.expected
            expected = Cell(amount(middle, record.unit), range_words(low, high, record.unit))
        elif record.chance is not None:
            expected = Cell(f"{share(record.chance)} that it is so")
        rows.append(
            MisfitRow(
                anchor("claim", record.claim),
                linked([record.claim]),
                claim.paraphrase if claim else "",
                expected,
                "–" if record.tail is None else share(record.tail),
                wrong_words(record, claim),
                verdict_words(record, claim),
                record.tail is not None,
            )
        )
    return rows
