"""The fan chart: an estimate over dates with the claims drawn on it."""

from __future__ import annotations

import math
from typing import Any

from quidproquo.brief.palette import BAND, BAND_PALE, MUTED, PAPER, family_colours, number_axis
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import Estimate
from quidproquo.terms.edtf import parse
from quidproquo.terms.errors import DateError

__all__ = ["SHAPES", "drawn_claims", "estimate_spec", "off_chart"]

Spec = dict[str, Any]
SHAPES = {
    "eq": "diamond",
    "about": "circle",
    "at_least": "triangle-up",
    "more_than": "triangle-up",
    "at_most": "triangle-down",
    "less_than": "triangle-down",
    "between": "stroke",
}
_WIDTH, _HEIGHT = 460, 230
_LOG_FROM = 40.0
_FAR = 6.0
_SHARES = {"fraction", "probability", "share"}
_HEADROOM = 1.12


def drawn_claims(brief: Brief, name: str) -> list[ClaimRecord]:
    """The claims that speak of this very quantity with a number and a date."""
    estimate = brief.estimates[name]
    return [
        claim
        for claim in brief.claims
        if claim.quantity == name
        and claim.unit == estimate.unit
        and claim.state != "rejected"
        and (claim.value is not None or (claim.low is not None and claim.high is not None))
        and _day(claim) is not None
    ]


def _day(claim: ClaimRecord) -> str | None:
    """The middle of a claim's event date; an event of a year or a month has no better place."""
    try:
        interval = parse(claim.event or claim.published)
    except DateError:
        return None
    middle = (interval.start.toordinal() + interval.end.toordinal()) // 2
    return interval.start.fromordinal(middle).isoformat()


def _values(claim: ClaimRecord) -> tuple[float, float]:
    if claim.low is not None and claim.high is not None:
        return claim.low, claim.high
    value = claim.value or 0.0
    return value, value


def _domain(estimate: Estimate, claims: list[ClaimRecord]) -> tuple[float, float, bool]:
    """Lowest and highest value of the axis, and whether it is logarithmic."""
    i = estimate.as_of_index
    upper = max(estimate.q95[: i + 1] + estimate.q75 + [estimate.q95[i]])
    values = [value for claim in claims if claim.used for value in _values(claim)]
    ceiling = max([upper, *values])
    values += [v for c in claims for v in _values(c) if not c.used and v <= _FAR * ceiling]
    top = max([ceiling, *values]) or 1.0
    positive = [value for value in [estimate.q05[i], estimate.q50[i], *values] if value > 0.0]
    bottom = min([min(estimate.q05), *values, 0.0])
    if estimate.scale == "log" and positive and top > _LOG_FROM * min(positive):
        floor = 10.0 ** math.floor(math.log10(min(positive)))
        return floor, top * _HEADROOM, True
    if estimate.unit in _SHARES:
        return min(bottom, 0.0), max(min(1.0, top * _HEADROOM), top), False
    return bottom, top * _HEADROOM, False


def off_chart(brief: Brief, name: str) -> list[str]:
    """Ids of claims whose number lies outside the axis, so that the caption can say so."""
    estimate = brief.estimates[name]
    claims = drawn_claims(brief, name)
    low, high, _ = _domain(estimate, claims)
    first, last = _day_of(estimate.dates[0]), _day_of(estimate.dates[-1])
    return [
        claim.id
        for claim in claims
        if _values(claim)[0] > high or _values(claim)[1] < low or not first <= (_day(claim) or "") <= last
    ]


def _day_of(text: str) -> str:
    return parse(text).end.isoformat()


def estimate_spec(brief: Brief, subject: str) -> Spec:
    """The fan of 50% and 90% intervals, the median, the as-of date and the claims."""
    estimate = brief.estimates[subject]
    claims = drawn_claims(brief, subject)
    low, high, log = _domain(estimate, claims)
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, **({"type": "log"} if log else {})},
        "axis": {
            "title": None,
            **number_axis(estimate.unit),
            **({"values": _decades(low, high)} if log else {}),
        },
    }
    off = set(off_chart(brief, subject))
    shown = [claim for claim in claims if claim.id not in off]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "data": {"values": _months(estimate, low)},
        "encoding": {"x": _x_axis(estimate)},
        "layer": [*_fan(y), *_as_of(estimate), *_points(brief, shown, y)],
    }


def _decades(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high))
    return [10.0**power for power in range(first, last + 1)]


def _x_axis(estimate: Estimate) -> Spec:
    first, last = _day_of(estimate.dates[0]), _day_of(estimate.dates[-1])
    return {
        "field": "date",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [first, last]},
        "axis": {"title": None, "format": "%Y", "tickCount": {"interval": "year", "step": 1}, "grid": False},
    }


def _months(estimate: Estimate, low: float) -> list[Spec]:
    """The quantiles in each month, none below the axis."""
    return [
        {
            "date": _day_of(day),
            **{key: max(getattr(estimate, key)[index], low) for key in ("q05", "q25", "q50", "q75", "q95")},
        }
        for index, day in enumerate(estimate.dates)
    ]


def _fan(y: Spec) -> list[Spec]:
    def band(low_key: str, high_key: str, opacity: float) -> Spec:
        return {
            "mark": {"type": "area", "color": BAND_PALE, "opacity": opacity, "clip": True},
            "encoding": {"y": {**y, "field": low_key}, "y2": {"field": high_key}},
        }

    line = {
        "mark": {"type": "line", "color": BAND, "strokeWidth": 2, "clip": True},
        "encoding": {"y": {**y, "field": "q50"}},
    }
    return [band("q05", "q95", 0.4), band("q25", "q75", 0.75), line]


def _as_of(estimate: Estimate) -> list[Spec]:
    data = {"values": [{"date": _day_of(estimate.dates[estimate.as_of_index])}]}
    return [
        {"data": data, "mark": {"type": "rule", "color": MUTED, "strokeDash": [3, 3]}},
        {
            "data": data,
            "mark": {
                "type": "text",
                "text": "as of",
                "align": "right",
                "dx": -4,
                "baseline": "top",
                "color": MUTED,
                "fontSize": 11,
            },
            "encoding": {"y": {"value": 2}},
        },
    ]


def _points(brief: Brief, claims: list[ClaimRecord], y: Spec) -> list[Spec]:
    colours = family_colours(brief)
    layers: list[Spec] = []
    for used in (False, True):
        for shape in sorted(set(SHAPES.values())):
            rows = [
                {
                    "date": _day(claim),
                    "low": _values(claim)[0],
                    "high": _values(claim)[1],
                    "colour": colours[claim.family or "unknown"],
                }
                for claim in claims
                if claim.used is used and SHAPES.get(claim.comparison) == shape
            ]
            if rows:
                layers.append(_point_layer(rows, y, shape, used))
    return layers


def _point_layer(rows: list[Spec], y: Spec, shape: str, used: bool) -> Spec:
    colour = {"field": "colour", "type": "nominal", "scale": None}
    encoding: Spec = {"y": {**y, "field": "low"}, "color": colour}
    if shape == "stroke":
        return {
            "data": {"values": rows},
            "mark": {
                "type": "rule",
                "strokeWidth": 3 if used else 1.5,
                **({} if used else {"strokeDash": [2, 2]}),
            },
            "encoding": {**encoding, "y2": {"field": "high"}},
        }
    mark: Spec = {"type": "point", "shape": shape, "size": 62, "opacity": 1}
    if used:
        mark |= {"filled": True, "stroke": PAPER, "strokeWidth": 0.8}
        return {
            "data": {"values": rows},
            "mark": mark,
            "encoding": {"y": encoding["y"], "fill": colour},
        }
    mark |= {"filled": False, "strokeWidth": 1.4, "fill": PAPER}
    return {"data": {"values": rows}, "mark": mark, "encoding": {"y": encoding["y"], "stroke": colour}}
