"""Rows of the tables on what no option changes, on weights of the metrics, on bundles and on what to collect."""

from __future__ import annotations

from dataclasses import dataclass

from quidproquo.brief.natural import difference_words, mean_words, percent
from quidproquo.brief.numerals import plain, share
from quidproquo.brief.rows import Tag
from quidproquo.brief.sentences.decisions import level_words
from quidproquo.decisions.rule import is_tie
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.decisions import ComponentRecord, Mean, MetricMoveRecord, TurningPointRecord

__all__ = ["component_rows", "draw_rows", "move_rows", "report_rows", "turning_rows"]

_MOVES = 3
_NEXT_TO_NOTHING = 0.0001
_UNCHANGED, _BARELY = Tag("no option changes it"), Tag("worth too little to count")
_WORTH = Tag("worth more than nothing", "good")
_NOTHING, _LITTLE, _TAKES = (
    Tag("adds nothing"),
    Tag("adds too little to count"),
    Tag("takes too little to count"),
)


@dataclass(frozen=True)
class MoveRow:
    """How far options move a metric, and in how many worlds its threshold is out of reach."""

    basis: str
    title: str
    changed: bool
    tag: Tag | None
    levels: str
    move: str
    option: str
    limit: str
    value: str
    elsewhere: str
    missed: str
    alone: str


def move_rows(brief: Brief) -> list[MoveRow]:
    """A row a metric, those that no option changes first."""
    found = brief.unchanged
    if found is None:
        return []
    rows = []
    for name, move in sorted(found.moves.items(), key=lambda item: item[1].changed):
        metric = brief.metrics[name]
        rows.append(
            MoveRow(
                basis=f"metric.{name}",
                title=metric.title,
                changed=move.changed,
                tag=_move_tag(move, found.delta),
                levels=f"{level_words(move.lowest, metric.unit)} to {level_words(move.highest, metric.unit)}",
                move=difference_words(move.move.mean, metric.unit, move.move.mcse),
                option=brief.options[move.option].title,
                limit=difference_words(move.limit, metric.unit, signed=False),
                value=plain(move.value),
                elsewhere=share(move.elsewhere),
                missed=share(found.thresholds[name].share.mean),
                alone=share(found.thresholds[name].alone),
            )
        )
    return rows


def _move_tag(move: MetricMoveRecord, delta: float) -> Tag | None:
    """One rule for every metric: a move counts where it is worth δ of value, and more than its error."""
    if is_tie(abs(move.move.mean), move.move.mcse, 0.0):
        return _UNCHANGED
    return _BARELY if move.value < delta or not move.changed else None


@dataclass(frozen=True)
class DrawRow:
    """An option over weights drawn at random."""

    title: str
    cells: tuple[str, ...]


def draw_rows(brief: Brief) -> list[DrawRow]:
    """A row an option, the one most often best first."""
    found = brief.metric_weights
    if found is None:
        return []
    both = (found.simplex, found.within)
    names = sorted(found.simplex.ranks, key=lambda name: -found.simplex.ranks[name][0])
    return [
        DrawRow(
            brief.options[name].title,
            tuple(
                share(value)
                for draws in both
                for value in (draws.ranks[name][0], draws.least[name], draws.among[name])
            ),
        )
        for name in names
    ]


@dataclass(frozen=True)
class TurningRow:
    """A number, what it rests on, and what it must be for the choice to be a tie or another."""

    basis: str
    title: str
    before: str
    tie: str
    turn: str
    option: str


def turning_rows(brief: Brief) -> list[TurningRow]:
    """A row a number that ties the choice or turns it, the smallest change of each kind first."""
    found = brief.metric_weights
    if found is None:
        return []
    return [
        TurningRow(
            basis=_basis(one),
            title=_number(brief, one),
            before=_size(brief, one, one.before),
            tie="" if one.tie is None else _size(brief, one, one.tie),
            turn="" if one.turn is None else _size(brief, one, one.turn),
            option=brief.options[one.option].title if one.option else "",
        )
        for kind in ("weight", "cost", "anchor")
        for one in found.turning
        if one.kind == kind
    ]


def _basis(one: TurningPointRecord) -> str:
    if one.kind == "cost":
        return "choice" if one.id == "all" else f"cost.{one.id}"
    return f"metric.{one.id}"


def _number(brief: Brief, one: TurningPointRecord) -> str:
    if one.kind == "weight":
        return f"Weight: {brief.metrics[one.id].title}"
    if one.kind == "cost":
        return "All stated costs" if one.id == "all" else f"Stated cost: {brief.options[one.id].title}"
    return f"{one.anchor.capitalize()} end: {brief.metrics[one.id].title}"


def _size(brief: Brief, one: TurningPointRecord, value: float) -> str:
    if one.kind == "weight":
        return percent(value)
    if one.kind == "cost":
        if one.id == "all":
            return f"times {plain(value)}"
        return difference_words(value, "million USD", signed=False, digits=3)
    return level_words(value, brief.metrics[one.id].unit)


@dataclass(frozen=True)
class ComponentRow:
    """A part of a bundle and what it adds."""

    title: str
    tag: Tag | None
    value: str
    better: str
    moves: str
    money: str


def component_rows(brief: Brief, option: str) -> list[ComponentRow]:
    """A row a part, the one that adds least first."""
    parts = sorted(brief.components[option].components, key=lambda one: one.value.mean)
    return [
        ComponentRow(
            title=one.title,
            tag=_component_tag(one),
            value=mean_words(one.value),
            better=share(one.better),
            moves=_moves(brief, one.metrics),
            money=difference_words(one.money, "million USD", signed=False),
        )
        for one in parts
    ]


def _component_tag(one: ComponentRecord) -> Tag | None:
    """What a part does, where it adds nothing that counts: nothing within error, or less than counts."""
    if one.adds == "adds":
        return None
    if one.adds == "harms":
        return Tag("harms", "warn")
    if is_tie(abs(one.value.mean), one.value.mcse, 0.0):
        return _NOTHING
    return _LITTLE if one.value.mean > 0.0 else _TAKES


def _moves(brief: Brief, metrics: dict[str, Mean]) -> str:
    """The metrics whose moves are worth most, beyond their error."""
    moved = {
        name: abs(mean.mean) / brief.worth[name]
        for name, mean in metrics.items()
        if name in brief.worth and not is_tie(abs(mean.mean), mean.mcse, 0.0)
    }
    names = sorted(moved, key=lambda name: -moved[name])[:_MOVES]
    if not names:
        return "nothing beyond its error"
    return "; ".join(
        f"{brief.metrics[name].title} "
        f"{difference_words(metrics[name].mean, brief.metrics[name].unit, metrics[name].mcse)}"
        for name in names
    )


@dataclass(frozen=True)
class ReportRow:
    """A kind of report: what a new one would be worth, and exact knowledge of what it is about."""

    id: str
    title: str
    like: str
    grade: str
    report: str
    known: str
    changes: str
    tag: Tag | None


def _gain_words(gain: Mean) -> str:
    """What knowing something is worth; what is less than a hundredth of what counts, with its error, is 0."""
    return "0" if abs(gain.mean) + gain.mcse < _NEXT_TO_NOTHING else mean_words(gain)


def report_rows(brief: Brief) -> list[ReportRow]:
    """A row a kind of report, the one worth most first."""
    found = brief.information
    return [
        ReportRow(
            id=one.id,
            title=one.title,
            like=one.like,
            grade=f"{one.reliability}{one.credibility}",
            report=_gain_words(one.report.gain),
            known=_gain_words(one.known.gain),
            changes=share(one.report.changes.mean),
            tag=_WORTH if one.differs else None,
        )
        for one in (found.evsi if found is not None else ())
    ]
