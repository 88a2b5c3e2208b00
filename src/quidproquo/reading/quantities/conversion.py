"""Numbers as printed → numbers in the unit of a case's quantity."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.quantities.units import DAYS, MEASURES
from quidproquo.reading.record import Quantified

__all__ = ["Values", "converted"]

_MONEY = re.compile(r"[A-Z]{3}")
_WEIGHTS = {"tonnes": 1.0, "kg": 1e-3, "kt": 1e3, "Mt": 1e6}
_PEOPLE = frozenset("person soldier troop head recruit worker man employee".split())


@dataclass(frozen=True)
class Values:
    """Value, or low and high, in the wanted unit; `changed` where a time base had to be converted."""

    value: float | None
    low: float | None
    high: float | None
    changed: bool = False


def converted(number: Quantified, unit: str) -> Values | None:
    """A number in a unit of the case, or None where it can't be expressed in it.

    Percent and fractions become fractions; money per 10 days becomes money per month; a plain count
    fits every unit that is no share, money, ratio or measure.
    """
    base, _, per = unit.partition("/")
    if base == "fraction":
        factor = {"share": 0.01, "part": 1.0}.get(number.kind)
    elif base == "ratio":
        factor = 1.0 if number.kind == "ratio" else None
    elif _MONEY.fullmatch(base):
        factor = 1.0 if number.kind == "money" and number.unit.split("/")[0] == base else None
    elif base in _WEIGHTS or base in MEASURES.values():
        factor = _weight(number, base)
    else:
        factor = 1.0 if number.kind == "count" else None
    if factor is None:
        return None
    timed = _per(number, per, shared=base == "fraction")
    if timed is None:
        return None
    return _scaled(number, factor * timed[0], timed[1])


def _weight(number: Quantified, base: str) -> float | None:
    printed = number.unit.split("/")[0]
    if number.kind == "measure" and printed == base:
        return 1.0
    if number.kind == "measure" and printed in _WEIGHTS and base in _WEIGHTS:
        return _WEIGHTS[printed] / _WEIGHTS[base]
    return None


def _per(number: Quantified, per: str, *, shared: bool) -> tuple[float, bool] | None:
    """The factor that turns the number's rate into the wanted one."""
    if not per:
        return (1.0, False) if not number.per or shared or number.per not in DAYS else None
    if per in DAYS:
        if number.per not in DAYS:
            return None
        factor = DAYS[per] / (DAYS[number.per] * number.per_count)
        same = number.per == per
        return (1.0 / number.per_count if same else factor), not same
    if number.per == per or (per in _PEOPLE and number.per in _PEOPLE):
        return 1.0 / number.per_count, False
    return None


def _scaled(number: Quantified, factor: float, changed: bool) -> Values:
    def times(value: float | None) -> float | None:
        if value is None:
            return None
        return float(f"{value * factor:.12g}")

    return Values(times(number.value), times(number.low), times(number.high), changed)
