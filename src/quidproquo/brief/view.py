"""A brief with the look-ups that the templates of the page use."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from quidproquo.brief import charts
from quidproquo.brief.leverage import LeverageTable, decided_words, leverage_tables
from quidproquo.brief.leverage_rows import LeverageRow, leverage_rows
from quidproquo.brief.markup import anchor, join, link, link_numbers
from quidproquo.brief.numerals import date_words
from quidproquo.brief.palette import family_colours
from quidproquo.brief.provenance import Basis, bases
from quidproquo.brief.rows import (
    FEW,
    ForecastRow,
    MisfitRow,
    PriorRow,
    forecast_rows,
    misfit_rows,
    prior_row,
)
from quidproquo.brief.sentences.estimates import estimate_confidence, estimate_numbers
from quidproquo.brief.sentences.notes import note
from quidproquo.brief.sentences.support import (
    Support,
    standing,
    support,
    weighed,
)
from quidproquo.brief.sentences.ties import chosen
from quidproquo.brief.sources import Passage, Source, sources
from quidproquo.brief.wording import Contrast, contrast
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import Figure
from quidproquo.study.schema.leverage import PriorityRecord
from quidproquo.study.schema.programmes import ProgrammeRecord
from quidproquo.study.schema.totals import TotalRecord

__all__ = ["View", "chart_label", "words"]

_NOTES = {
    "metric": "Dark: weighted worlds, 90% interval and mean; pale: exploratory; dashed: just acceptable",
    "options": "Dark: weighted worlds, 90% interval and mean; pale: exploratory worlds",
    "ledger": "Medians with 90% intervals on the as-of date",
}


@dataclass(frozen=True)
class Drawn:
    """A chart as it goes on the page; `repeats` names the place where it stands already."""

    id: str
    title: str
    svg: Markup
    label: str
    repeats: str = ""
    note: str = ""


@dataclass(frozen=True)
class View:
    """A brief with the look-ups that the templates use."""

    brief: Brief

    @cached_property
    def claim(self) -> Mapping[str, ClaimRecord]:
        """Claims by id."""
        return {claim.id: claim for claim in self.brief.claims}

    @cached_property
    def sources(self) -> list[Source]:
        """Documents with the passages that are cited from them."""
        return sources(self.brief)

    @cached_property
    def passages(self) -> Mapping[str, list[tuple[int, Passage]]]:
        """Claim id → document number and passage, in the order of the sources."""
        found: dict[str, list[tuple[int, Passage]]] = {}
        for source in self.sources:
            for passage in source.passages:
                for claim in passage.claims:
                    found.setdefault(claim, []).append((source.record.number, passage))
        return found

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Number of each document in the list of sources."""
        return {document.id: document.number for document in self.brief.documents}

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """Colour of each family of sources."""
        return family_colours(self.brief)

    @cached_property
    def drawn(self) -> dict[str, list[Drawn]]:
        """Figures of each topic that aren't estimates; one drawn before is pointed to."""
        seen: dict[tuple[str, str], str] = {("options", ""): "options-all", ("ledger", ""): "ledger-all"}
        return {
            key: [self._draw(figure, seen) for figure in topic.figures if figure.chart != "estimate"]
            for key, topic in self.brief.topics.items()
        }

    def fans(self, topic: str, quantity: str) -> list[Figure]:
        """The figures of a topic that show the estimate of a quantity."""
        figures = self.brief.topics[topic].figures if topic in self.brief.topics else []
        return [item for item in figures if (item.chart, item.subject) == ("estimate", quantity)]

    def stray_fans(self, topic: str) -> list[Figure]:
        """Figures on estimates that the topic itself doesn't list."""
        record = self.brief.topics[topic]
        return [
            item
            for item in record.figures
            if item.chart == "estimate" and item.subject not in record.estimates
        ]

    def _draw(self, figure: Figure, seen: dict[tuple[str, str], str]) -> Drawn:
        what = (figure.chart, figure.subject)
        name = anchor("figure", figure.id)
        if what in seen:
            return Drawn(name, figure.title, Markup(""), "", seen[what])
        seen[what] = name
        label = chart_label(self.brief, *what)
        note = _NOTES.get(figure.chart, "")
        return Drawn(name, figure.title, self.chart(*what), label, note=note)

    def chart(self, kind: str, subject: str = "") -> Markup:
        """The inline picture of a chart, hidden from readers who get its label instead."""
        picture = charts.svg(charts.draw(self.brief, kind, subject), anchor("drawn", f"{kind}.{subject}"))
        return Markup(picture)

    @cached_property
    def other_estimates(self) -> list[str]:
        """Quantities that stand in no topic."""
        named = {name for topic in self.brief.topics.values() for name in topic.estimates}
        return [name for name in self.brief.estimates if name not in named]

    def confidence(self, quantity: str) -> Markup:
        """The sentence of confidence in an estimate."""
        said = estimate_confidence(self.brief, quantity)
        return link_numbers(said, "basis", f"estimate.{quantity}")

    def note(self, name: str) -> Markup:
        """The note of a table or picture."""
        return note(self.brief, name)

    @cached_property
    def bases(self) -> dict[str, Basis]:
        """What numbers rest on, by the name that a link of kind "basis" takes."""
        return bases(self.brief)

    @property
    def settings(self) -> list[Basis]:
        """Bases of the choice, metrics and costs: those that stand in a section of their own."""
        return [
            basis
            for name, basis in self.bases.items()
            if name.partition(".")[0] in ("choice", "metric", "cost")
        ]

    def support(self, claims: Sequence[str]) -> Support:
        """Claims that weigh among some, with their origins and families."""
        return support(self.brief, claims)

    def behind(self, quantity: str, claims: Sequence[str]) -> list[str]:
        """The reports that an estimate rests on; those of some claims that weigh, where there is no estimate."""
        if quantity in self.brief.estimates:
            return standing(self.brief, quantity)
        return self.weighing(claims)

    def weighing(self, claims: Sequence[str]) -> list[str]:
        """Those of some claims that weigh, in their order."""
        used = {claim.id for claim in weighed(self.brief, claims)}
        return [claim for claim in claims if claim in used]

    def unweighed(self, quantity: str) -> list[str]:
        """Claims on a quantity that don't weigh."""
        claims = self.brief.estimates[quantity].claims
        used = {claim.id for claim in weighed(self.brief, claims)}
        return [claim for claim in claims if claim not in used]

    def claim_links(self, claims: Sequence[str]) -> Markup:
        """Links to claims; an id without a record stays text."""
        return join([link("claim", i, i) if i in self.claim else i for i in claims])

    def prior_links(self, names: Sequence[str]) -> Markup:
        """Links to priors; a name without a record stays text."""
        return join([link("prior", i, i) if i in self.brief.assumptions else i for i in names])

    def about(self, quantity: str, title: str = "") -> Markup:
        """A link to the estimate of a quantity, else its title or name as text."""
        if quantity in self.brief.estimates:
            return link("estimate", quantity, title or self.brief.estimates[quantity].title)
        return Markup("{}").format(title or words(quantity))

    def priority(self, record: PriorityRecord) -> Markup:
        """The title of something worth knowing, linked to the prior or hypothesis that it is about."""
        known: dict[str, Container[str]] = {
            "prior": self.brief.assumptions,
            "hypothesis": self.brief.hypotheses,
            "claim": self.claim,
        }
        if record.id in known[record.kind]:
            return link(record.kind, record.id, record.title)
        return Markup("{}").format(record.title)

    @cached_property
    def against_baseline(self) -> Contrast | None:
        """How the first chosen option differs from the baseline; None if that is what is chosen."""
        base = next((name for name, option in self.brief.options.items() if option.baseline), None)
        best = next(iter(chosen(self.brief)), None)
        if base is None or best is None or base == best:
            return None
        return contrast(self.brief, best, base)

    @cached_property
    def priors(self) -> dict[str, list[PriorRow]]:
        """Mechanism → rows of its priors, in the order of the brief."""
        found: dict[str, list[PriorRow]] = {}
        for name, record in self.brief.assumptions.items():
            found.setdefault(record.mechanism or "other", []).append(prior_row(name, record))
        return found

    @cached_property
    def leverage(self) -> list[tuple[LeverageTable, list[LeverageRow]]]:
        """The tables of what moves the conclusion, each with its rows."""
        return leverage_rows(self.brief, leverage_tables(self.brief), self.claim)

    @cached_property
    def forecasts(self) -> list[ForecastRow]:
        """Forecasts that others made."""
        return forecast_rows(self.brief, self.claim, self.claim_links)

    @cached_property
    def misfit(self) -> list[MisfitRow]:
        """Claims that weigh, the worst fit first."""
        return misfit_rows(self.brief, self.claim, self.claim_links)

    @property
    def versions(self) -> dict[str, str]:
        """What the numbers were made with, by name."""
        made = self.brief.versions
        tables = {f"table {name}": version for name, version in made.tables.items()}
        return {"quidproquo": made.quidproquo, "case": made.case, **tables, **made.libraries}

    @cached_property
    def checks(self) -> dict[str, list[str]]:
        """Topic → ids of its checks."""
        found: dict[str, list[str]] = {}
        for name, record in self.brief.checks.items():
            found.setdefault(record.topic, []).append(name)
        return found

    @cached_property
    def headlines(self) -> list[str]:
        """Estimates that stand in the ledger, and have steps."""
        names = dict.fromkeys(line.quantity for line in self.brief.ledger)
        return [name for name in names if name in self.brief.steps.estimates]

    @property
    def decided_priors(self) -> str:
        """How many parameters prior and claims decide; empty where no claim weighs."""
        return decided_words([record.scaling for record in self.brief.assumptions.values()])

    def totals(self, topic: str) -> list[TotalRecord]:
        """Published totals of a topic."""
        return [total for total in self.brief.totals.values() if total.topic == topic]

    def programmes(self, topic: str) -> dict[str, ProgrammeRecord]:
        """Technology programmes of a topic."""
        return {name: p for name, p in self.brief.programmes.items() if p.topic == topic}

    @property
    def loose(self) -> int:
        """For how many parameters the worlds are worth too few independent ones."""
        return sum(0.0 < record.run_ess < FEW for record in self.brief.assumptions.values())


def chart_label(brief: Brief, kind: str, subject: str) -> str:
    """What a chart shows, in words, for readers who don't see it."""
    if kind == "estimate":
        estimate = brief.estimates[subject]
        numbers = estimate_numbers(estimate)
        return (
            f"Fan chart of {estimate.title} from {date_words(estimate.dates[0])} to "
            f"{date_words(estimate.dates[-1])} with the claims drawn on it; on {numbers.date} median "
            f"{numbers.middle}, 90% interval {numbers.interval}."
        )
    title = brief.metrics[subject].title if kind == "metric" else ""
    labels = {
        "metric": f"Intervals of {title} for each option; the table of options has the numbers.",
        "options": "Intervals of the value of each option; the table of options has the numbers.",
        "hypotheses": "Bars of each answer before and after the claims; the table has the numbers.",
        "leverage": "Bars of how far one thing moves the margin; the tables have the rest.",
        "ledger": "Intervals of the lines of the ledger; its tables have the numbers.",
    }
    return labels[kind]


def words(name: str) -> str:
    """A name of the case or of a list as a reader sees it."""
    return name.replace("_", " ")
