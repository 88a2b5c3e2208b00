"""Actors, quantities and propositions of case.toml."""

from __future__ import annotations

import re

from quidproquo.cases.bearings import bearings
from quidproquo.cases.fields import Table
from quidproquo.cases.record import Actor, Proposition, Quantity
from quidproquo.terms.vocabulary import KINDS, SCALES, unit_range

__all__ = ["OBSERVABLE", "actor", "proposition", "quantity"]

OBSERVABLE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_EVENT = "event"


def actor(row: Table) -> Actor:
    """Read one [[actor]]."""
    made = Actor(row.identifier(), row.text("name"), row.text("role"), row.texts("aliases"))
    row.reject_unknown_keys()
    return made


def proposition(row: Table) -> Proposition:
    """Read one [[proposition]]."""
    observes = row.text("observes", default="")
    _check_observable(row, "observes", observes)
    made = Proposition(
        id=row.identifier(),
        sentence=row.text("sentence"),
        about=row.text("about"),
        observes=observes,
        lasting=row.flag("lasting", default=False),
        bears=bearings(row),
    )
    row.reject_unknown_keys()
    return made


def quantity(row: Table) -> Quantity:
    """Read one [[quantity]] and hold unit, kind, scale and range against each other."""
    made = Quantity(
        id=row.identifier(),
        title=row.text("title"),
        unit=row.text("unit", default=""),
        kind=row.choice("kind", KINDS),
        scale=row.choice("scale", SCALES),
        meaning=row.text("meaning"),
        group=row.text("group", default=""),
        observes=_observes(row),
        low=row.optional_number("low"),
        high=row.optional_number("high"),
        report=row.flag("report", default=True),
        per_event=row.flag("per_event", default=False),
    )
    row.reject_unknown_keys()
    if row.problems.is_valid(row.thing):
        _check_unit(row, made)
        _check_range(row, made)
    return made


def _observes(row: Table) -> dict[str, str]:
    """Qualifier → observable; a bare text is the observable of the plain quantity."""
    value = row.raw("observes")
    if value is None:
        return {}
    table = {"": value} if isinstance(value, str) else value
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table.values()):
        row.wrong("observes", value, "an observable, or a table of them by qualifier", "correct it")
        return {}
    for name in table.values():
        _check_observable(row, "observes", name)
    return dict(table)


def _check_observable(row: Table, field: str, name: str) -> None:
    if name and not OBSERVABLE.fullmatch(name):
        row.wrong(field, name, "of the form 'mechanism.output'", "name an output of the model")


def _check_unit(row: Table, made: Quantity) -> None:
    if made.kind == _EVENT:
        if made.unit or made.scale != "identity" or made.observes:
            found = made.unit or made.scale
            row.wrong("kind", _EVENT, f"a numeric kind where unit or scale is {found!r}", "change one")
        return
    per_time = "/" in made.unit
    if not made.unit:
        row.wrong("unit", made.unit, f"filled in for a quantity of kind {made.kind!r}", "add it")
    elif made.scale == "logit" and made.unit != "fraction":
        row.wrong("unit", made.unit, "'fraction' on the logit scale", "change unit or scale")
    elif made.kind == "share" and made.unit not in {"fraction", "ratio"}:
        row.wrong("unit", made.unit, "'fraction' or 'ratio' for a share", "change unit or kind")
    elif made.kind == "rate" and not per_time and made.unit != "fraction":
        row.wrong("unit", made.unit, "per time for a rate, such as 'crates/month'", "change one")
    elif made.kind in {"stock", "cumulative", "count"} and per_time:
        row.wrong("unit", made.unit, f"not per anything for a {made.kind}", "change unit or kind")


def _check_range(row: Table, made: Quantity) -> None:
    if (made.low is None) != (made.high is None):
        missing = "low" if made.low is None else "high"
        row.wrong(missing, "missing", "given where the other end is", "add it")
        return
    if made.low is None or made.high is None:
        if made.observes:
            row.wrong("low", "missing", "given for a quantity that observes something", "add the range")
        return
    if made.low >= made.high:
        row.wrong("low", made.low, f"below high, {made.high:g}", "swap the two")
    allowed = unit_range(made.unit, made.scale)
    for field, end in (("low", made.low), ("high", made.high)):
        if not allowed.holds(end):
            row.wrong(field, end, f"{allowed} in {made.unit!r}", "correct it")
    if made.scale in {"log", "logit"} and made.low <= 0.0:
        row.wrong("low", made.low, f"above 0 on the {made.scale} scale", "raise it")
    if made.scale == "logit" and made.high >= 1.0:
        row.wrong("high", made.high, "below 1 on the logit scale", "lower it")
