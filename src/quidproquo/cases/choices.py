"""Options and metrics of case.toml: what can be done, and what is cared about."""

from __future__ import annotations

import re

from quidproquo.cases.fields import Table
from quidproquo.cases.record import Metric, Option
from quidproquo.terms.vocabulary import DIRECTIONS, SIDES

__all__ = ["metric", "option"]

_READING = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(@[a-z]+)?")


def option(row: Table) -> Option:
    """Read one [[option]]."""
    cost = row.numbers("cost")
    for name, amount in cost.items():
        if amount < 0.0:
            row.wrong(f"cost.{name}", amount, "0 or more", "correct it")
    levers, parts = row.numbers("levers"), row.titles("parts")
    for name in parts:
        if name not in levers:
            row.wrong("parts", name, f"one of its levers, {', '.join(levers) or 'none'}", "correct it")
    made = Option(
        id=row.identifier(),
        title=row.text("title"),
        summary=row.text("summary"),
        levers=levers,
        start=row.day("start"),
        months=row.positive_integer("months"),
        cost=cost,
        baseline=row.flag("baseline", default=False),
        cost_source=row.text("cost_source", default="judgement"),
        parts=parts,
    )
    row.reject_unknown_keys()
    return made


def metric(row: Table) -> Metric:
    """Read one [[metric]] and hold its anchors, weight and threshold against each other."""
    made = Metric(
        id=row.identifier(),
        title=row.text("title"),
        unit=row.text("unit"),
        observable=row.text("observable"),
        direction=row.choice("direction", DIRECTIONS),
        worst=row.number("worst"),
        best=row.number("best"),
        weight=row.number("weight"),
        threshold=row.number("threshold"),
        meaning=row.text("meaning", default=""),
        weight_low=row.optional_number("weight_low"),
        weight_high=row.optional_number("weight_high"),
        side=row.optional_choice("side", SIDES, ""),
    )
    row.reject_unknown_keys()
    if row.problems.is_valid(row.thing):
        _check(row, made)
    return made


def _check(row: Table, made: Metric) -> None:
    if not _READING.fullmatch(made.observable):
        allowed = "of the form 'mechanism.output@how'"
        row.wrong("observable", made.observable, allowed, "name an output of the model")
    if made.worst == made.best:
        row.wrong("worst", made.worst, f"different from best, {made.best:g}", "set the two anchors apart")
    elif (made.best > made.worst) != (made.direction == "higher"):
        row.wrong("direction", made.direction, "towards best, away from worst", "turn it or the anchors")
    if made.weight < 0.0:
        row.wrong("weight", made.weight, "0 or more", "correct it")
    if (made.weight_low is None) != (made.weight_high is None):
        row.wrong("weight_low", made.weight_low, "given where weight_high is", "give both or neither")
    bounds = (made.weight_low or 0.0, made.weight if made.weight_high is None else made.weight_high)
    if not 0.0 <= bounds[0] <= made.weight <= bounds[1]:
        allowed = f"a range around the weight, {made.weight:g}, from 0 up"
        row.wrong("weight_low", f"{bounds[0]:g} to {bounds[1]:g}", allowed, "correct it")
    low, high = sorted((made.worst, made.best))
    if low < high and not low <= made.threshold <= high:
        row.wrong("threshold", made.threshold, f"from {low:g} to {high:g}, the anchors", "correct it")
