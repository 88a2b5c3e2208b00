"""Rows of the tables on weightings, on what moves the conclusion, and on what is due to the claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.leverage import LeverageTable, beyond_error, prior_moved
from quidproquo.brief.markup import anchor, join, link
from quidproquo.brief.numerals import amount, date_words, plain, range_words, share, shifted, signed
from quidproquo.brief.rows import Cell
from quidproquo.brief.wording import option_link
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.leverage import ROUNDING, LeverageRecord
from quidproquo.study.schema.options import WeightingRecord
from quidproquo.study.schema.record import Quantiles

__all__ = ["LeverageRow", "leverage_rows", "step_row", "weighting_rows"]

_LEAST_WORTH = 0.01
_MOST_SHIFTS = 3


@dataclass(frozen=True)
class WeightingRow:
    """The choice under one weighting."""

    title: str
    kind: str
    choice: Markup
    value: str
    regret: str
    lead: str
    judged_by: Markup


def weighting_rows(brief: Brief) -> list[WeightingRow]:
    """The choice under every weighting."""
    return [
        WeightingRow(
            row.title or row.id,
            row.kind,
            _choice_then(brief, row),
            _of_choice(row, row.value),
            _of_choice(row, row.q95_regret),
            shifted(row.margin, row.mcse),
            _judged_by(row, _doubtful(brief, row)),
        )
        for row in brief.weightings
    ]


def _of_choice(row: WeightingRecord, each: Mapping[str, float]) -> str:
    return plain(each[row.preferred], digits=3) if row.judged and row.preferred in each else ""


def _choice(brief: Brief, name: str) -> Markup:
    return option_link(brief, name) if name in brief.options else Markup("{}").format(name)


def _choice_then(brief: Brief, record: WeightingRecord | LeverageRecord) -> Markup:
    if not record.reliable:
        return Markup("not judged")
    return _choice(brief, record.preferred) if record.decided else Markup("not decided")


def _doubtful(brief: Brief, row: WeightingRecord) -> str:
    """Whose error is too large where a weighting isn't decided: of other options, or of those that lead."""
    others = {*row.tied, *row.within_error} - {*(brief.preferred.leading or brief.preferred.options)}
    return "error of other options too large" if others else "error of the lead too large"


def _judged_by(record: WeightingRecord | LeverageRecord, doubt: str = "error too large") -> Markup:
    """Whether a what-if was judged by weights, by worlds conditioned again, or provisionally."""
    k = "without bound" if record.pareto_k is None else plain(record.pareto_k)
    if not record.judged:
        why = f", {doubt}" if record.reliable else ""
        return Markup('<span class="tag warn" title="Pareto k {}">provisional{}</span>').format(k, why)
    return (
        Markup("run again") if record.rerun else Markup('<span title="Pareto k {}">weights</span>').format(k)
    )


@dataclass(frozen=True)
class LeverageRow:
    """What one change moves; `id` is empty where an earlier row has it."""

    id: str
    cause: Markup
    moved: str
    supported: Markup
    shifts: Markup
    narrows: Markup
    margin: str
    choice: Markup
    judged_by: Markup


def leverage_rows(
    brief: Brief, tables: list[LeverageTable], claims: Mapping[str, ClaimRecord]
) -> list[tuple[LeverageTable, list[LeverageRow]]]:
    """The rows of each kind of change; no two have the same id."""
    seen: set[str] = set()

    def row(record: LeverageRecord) -> LeverageRow:
        name = anchor("leverage", f"{record.kind}-{record.id}")
        own = "" if name in seen else name
        seen.add(name)
        shifts = [(key, value) for key, value in record.shift.items() if abs(value) > ROUNDING][:_MOST_SHIFTS]
        worth = [(key, value) for key, value in record.worth.items() if value >= _LEAST_WORTH][:1]
        return LeverageRow(
            own,
            _cause(brief, record, claims),
            prior_moved(record, brief),
            join([link("claim", name, name) if name in claims else name for name in record.backed_up_by]),
            Markup("; ").join(_estimate(brief, key) + f" {signed(value)} sd" for key, value in shifts),
            Markup("; ").join(_estimate(brief, key) + f" by {share(value)}" for key, value in worth),
            _margin_words(record),
            _choice_then(brief, record),
            _judged_by(record),
        )

    return [(table, [row(record) for record in table.shown]) for table in tables]


def _margin_words(record: LeverageRecord) -> str:
    """The shift of the margin with its error; nothing is printed of what is no more than chance."""
    if beyond_error(record) or not record.reliable:
        return shifted(record.margin_shift, record.margin_mcse)
    return "within error"


def _cause(brief: Brief, record: LeverageRecord, claims: Mapping[str, ClaimRecord]) -> Markup:
    """What is changed, with a link to the claim, prior or hypothesis if the page has it."""
    name = record.id.partition("=")[0]
    places: dict[str, tuple[str, str, bool]] = {
        "claim": ("claim", record.id, record.id in claims),
        "prior": ("prior", name, name in brief.assumptions),
        "structure": ("hypothesis", name, name in brief.hypotheses),
    }
    if record.kind == "document":
        return _document(brief, record)
    kind, target, known = places.get(record.kind, ("", "", False))
    return link(kind, target, record.title) if known else Markup("{}").format(record.title)


def _document(brief: Brief, record: LeverageRecord) -> Markup:
    """A document by number, publisher and day: several have the same title."""
    found = next((document for document in brief.documents if document.id == record.id), None)
    if found is None:
        return Markup("{}").format(record.title)
    more = [part for part in (found.publisher, date_words(found.published)) if part]
    title = link("source", found.id, f"{found.number}. {record.title}")
    return title + (Markup(" ({})").format(", ".join(more)) if more else Markup(""))


def _estimate(brief: Brief, name: str) -> Markup:
    if name in brief.estimates:
        return link("estimate", name, brief.estimates[name].title)
    return Markup("{}").format(name)


@dataclass(frozen=True)
class StepRow:
    """An estimate without the claims, with half their weight and with all; None where it can't be trusted."""

    title: Markup
    cells: tuple[Cell | None, ...]
    due: str


def step_row(brief: Brief, name: str) -> StepRow:
    """One estimate, step by step."""
    steps, estimate = brief.steps.estimates[name], brief.estimates[name]
    i = estimate.as_of_index
    # without claims and with all of them, the figures of the estimate itself: no number stands in two versions
    none = Quantiles(q05=estimate.prior_q05, q50=estimate.prior_q50, q95=estimate.prior_q95)
    every = Quantiles(q05=estimate.q05[i], q50=estimate.q50[i], q95=estimate.q95[i])
    cells = tuple(
        _middle(step, estimate.unit) for step in (steps.none and none, steps.half, steps.all and every)
    )
    title = link("basis", f"estimate.{name}", brief.estimates[name].title)
    return StepRow(title, cells, share(steps.share))


def _middle(step: Quantiles | None, unit: str) -> Cell | None:
    return None if step is None else Cell(amount(step.q50, unit), range_words(step.q05, step.q95, unit))
