"""Chart definitions: each is a Vega-Lite specification drawn from a brief.

`draw(brief, kind, subject)` gives the specification as plain data (Vega-Lite 6), `svg` the picture. In a
notebook, `altair.Chart.from_dict(draw(…))` shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from textwrap import shorten, wrap
from typing import Any

from quidproquo.brief.fan import estimate_spec
from quidproquo.brief.leverage import beyond_error, is_assumption
from quidproquo.brief.numerals import share, unit_words
from quidproquo.brief.palette import BAND, INK, LIGHT, MUTED, PAPER, SIDES, config, number_axis
from quidproquo.study.schema.assumptions import HypothesisRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.estimates import LedgerRecord
from quidproquo.study.schema.leverage import LeverageRecord
from quidproquo.study.schema.options import OptionResult
from quidproquo.study.schema.record import Distribution
from quidproquo.terms.errors import InputError, sentence

__all__ = ["KINDS", "draw", "svg"]

Spec = dict[str, Any]
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_ID = re.compile(r'\sid="([^"]+)"')
_SPOKEN = re.compile(r'\s(?:role|aria-[a-z]+)="[^"]*"')
_URL = re.compile(r"url\(#([^)]+)\)")
_WIDTH = 430
_STEP = 44
_LOG_FROM = 20.0
_LABEL_WIDTH = 420
_LINE = 52  # letters of a name that fit the width, whatever the font


def draw(brief: Brief, kind: str, subject: str = "") -> Spec:
    """The specification of one chart.

    Raises:
        InputError: if there is no such kind of chart.
    """
    if kind not in KINDS:
        raise InputError(
            sentence(f"figure on '{subject}'", "chart", kind, "one of " + ", ".join(KINDS), "use one")
        )
    spec = KINDS[kind](brief, subject)
    return {"$schema": _SCHEMA, "config": config(), "background": PAPER, **spec}


def svg(spec: Spec, name: str = "chart") -> str:
    """The picture of a specification: no script, no font and no address of another place in it.

    Ids inside are numbered afresh and begin with `name`: the renderer counts them over its whole
    life, and several pictures stand on one page. Words for readers who don't see it go around it.
    """
    import vl_convert

    text = str(vl_convert.vegalite_to_svg(json.dumps(spec, ensure_ascii=False)))
    text = _SPOKEN.sub("", text)
    ids = {old: f"{name}-{number}" for number, old in enumerate(dict.fromkeys(_ID.findall(text)))}
    text = _ID.sub(lambda match: f' id="{ids[match[1]]}"', text)
    return _URL.sub(lambda match: f"url(#{ids.get(match[1], match[1])})", text)


def _axis(title: str | None, **more: object) -> Spec:
    return {"title": title, "titleAnchor": "start", **more}


def _interval_rows(brief: Brief, pick: Callable[[OptionResult], Distribution | None]) -> list[Spec]:
    rows = []
    for order, option in enumerate(brief.options.values()):
        for name in ("weighted", "exploratory"):
            found = pick(getattr(option, name))
            if found is None:
                continue
            rows.append(
                {
                    "option": _cut(option.title),
                    "order": order,
                    "ensemble": name,
                    "low": found.q05,
                    "middle": found.q50,
                    "high": found.q95,
                    "mean": found.mean,
                }
            )
    return rows


def _cut(name: str) -> str:
    """A name that fits the width, whatever the font; the whole one stands in the table."""
    return shorten(name, _LINE, placeholder="…").replace(",…", "…")


def _names(field: str, y: Spec, size: int, offset: int, transform: list[Spec] | None = None) -> list[Spec]:
    """Names at the left edge above their bars, on a halo of paper so that lines don't cross them."""
    mark: Spec = {
        "type": "text",
        "align": "left",
        "baseline": "bottom",
        "yOffset": offset,
        "fontSize": size,
        "limit": _LABEL_WIDTH,
        "lineBreak": "\n",
    }
    layer: Spec = {
        "transform": transform or [],
        "encoding": {"x": {"value": 0}, "y": y, "text": {"field": field}},
    }
    halo = {"color": PAPER, "stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [{**layer, "mark": {**mark, **halo}}, {**layer, "mark": {**mark, "color": INK}}]


def _interval_chart(rows: list[Spec], title: str, unit: str, threshold: float | None) -> Spec:
    """Intervals per option, its name above its two bars so that long names fit a narrow page."""
    y = {"field": "order", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.1}}
    x = {
        "field": "low",
        "type": "quantitative",
        "axis": _axis(title, **number_axis(unit)),
        "scale": {"zero": False, "nice": True},
    }
    weighted, exploratory = (
        {"filter": f"datum.ensemble === '{name}'"} for name in ("weighted", "exploratory")
    )
    layers: list[Spec] = [
        *_threshold(threshold),
        {
            "transform": [exploratory],
            "mark": {"type": "rule", "strokeWidth": 3, "color": LIGHT, "yOffset": 15},
            "encoding": {"x": x, "x2": {"field": "high"}, "y": y},
        },
        {
            "transform": [weighted],
            "mark": {"type": "rule", "strokeWidth": 5, "color": BAND, "yOffset": 8},
            "encoding": {"x": x, "x2": {"field": "high"}, "y": y},
        },
        {
            "transform": [weighted],
            "mark": {"type": "point", "filled": True, "size": 70, "color": INK, "yOffset": 8},
            "encoding": {"x": {**x, "field": "mean"}, "y": y},
        },
        *_names("option", y, size=13, offset=1, transform=[weighted]),
    ]
    return {
        "width": _WIDTH,
        "height": {"step": _STEP},
        "data": {"values": rows},
        "layer": layers,
    }


def _threshold(value: float | None) -> list[Spec]:
    if value is None:
        return []
    return [
        {
            "data": {"values": [{"at": value}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": MUTED},
            "encoding": {"x": {"field": "at", "type": "quantitative"}},
        }
    ]


def _metric_spec(brief: Brief, subject: str) -> Spec:
    metric = brief.metrics[subject]
    title = f"{metric.title} ({unit_words(metric.unit)}; {metric.direction} is better)"
    rows = _interval_rows(brief, lambda result: result.metrics[subject])
    return _interval_chart(rows, title, metric.unit, metric.threshold)


def _options_spec(brief: Brief, subject: str) -> Spec:
    del subject
    rows = _interval_rows(brief, lambda result: result.value)
    return _interval_chart(rows, "Value over worlds (0 worst anchor, 1 best anchor)", "value", None)


def _hypotheses_spec(brief: Brief, subject: str) -> Spec:
    chosen = [brief.hypotheses[subject]] if subject in brief.hypotheses else brief.hypotheses.values()
    return {"vconcat": [_hypothesis_panel(hypothesis) for hypothesis in chosen], "spacing": 22}


def _hypothesis_panel(hypothesis: HypothesisRecord) -> Spec:
    """Two bars for each state, before the claims and after, under the question as title."""
    rows = [
        {
            "order": order,
            "state": _cut(state.title),
            "prior": state.prior,
            "posterior": state.posterior,
            "prior_label": share(state.prior),
            "posterior_label": share(state.posterior),
        }
        for order, state in enumerate(hypothesis.states.values())
    ]
    y = {"field": "order", "type": "ordinal", "axis": None}
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": _axis(None, **number_axis("fraction")),
    }
    layers: list[Spec] = []
    for field, offset, colour in (("prior", 5, LIGHT), ("posterior", 14, BAND)):
        bar = {"type": "bar", "height": 7, "yOffset": offset, "color": colour}
        label = {
            "type": "text",
            "align": "left",
            "dx": 4,
            "yOffset": offset,
            "fontSize": 10.5,
            "color": MUTED,
        }
        encoding = {"x": {**x, "field": field}, "y": y}
        layers.append({"mark": bar, "encoding": encoding})
        layers.append({"mark": label, "encoding": {**encoding, "text": {"field": f"{field}_label"}}})
    return {
        "width": _WIDTH,
        "height": {"step": _STEP},
        "title": {"text": hypothesis.title, "anchor": "start", "fontSize": 13, "limit": _LABEL_WIDTH},
        "data": {"values": rows},
        "layer": [*layers, *_names("state", y, size=12, offset=-1)],
    }


_MOST_ROWS = 15


def _kind(item: LeverageRecord) -> str:
    return item.kind if item.reliable else f"{item.kind}, provisional"


def _assumption(item: LeverageRecord) -> str:
    """What is assumed first: a long name may be cut off at its end."""
    name, _, what = item.title.rpartition(", ")
    return f"{what[:1].upper()}{what[1:]}: {name}"


def _lines(name: str) -> str:
    """A name in two lines, the first empty where one is enough; what doesn't fit them is cut."""
    first, *rest = wrap(name, _LINE) if len(name) > _LINE else ["", name]
    return f"{first}\n{shorten(' '.join(rest), _LINE, placeholder='…')}"


def _leverage_spec(brief: Brief, subject: str) -> Spec:
    kept = [item for item in brief.leverage if not subject or item.kind == subject]
    # a shift that can't be trusted is in the tables only, marked
    kept = [item for item in kept if item.reliable] or kept
    kept = [item for item in kept if beyond_error(item)]
    kept = sorted(kept, key=lambda item: (-abs(item.margin_shift), item.kind, item.id))[:_MOST_ROWS]
    rows = [
        {
            "order": order,
            "title": _lines(_assumption(item) if is_assumption(item) else f"{item.title} ({_kind(item)})"),
            "shift": item.margin_shift,
            "low": item.margin_shift - 2.0 * item.margin_mcse,
            "high": item.margin_shift + 2.0 * item.margin_mcse,
        }
        for order, item in enumerate(kept)
    ]
    y = {"field": "order", "type": "ordinal", "axis": None}
    x = {
        "field": "shift",
        "type": "quantitative",
        "axis": _axis("Shift of the margin when it is left out, or changed", **number_axis("")),
    }
    ends = {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}
    return {
        "width": _WIDTH,
        "height": {"step": 54},
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "height": 8, "yOffset": 21, "color": BAND},
                "encoding": {"x": x, "y": y},
            },
            {"mark": {"type": "rule", "yOffset": 21, "color": MUTED}, "encoding": ends},
            *_names("title", y, size=12, offset=2),
        ],
    }


def _ledger_spec(brief: Brief, subject: str) -> Spec:
    """A panel for each unit; `subject` is a side, a topic, a line or empty for all of it."""
    lines = [line for line in brief.ledger if subject in {"", line.side, line.topic, line.id}]
    units = dict.fromkeys(line.unit for line in lines)
    panels = [_ledger_panel([line for line in lines if line.unit == unit], unit) for unit in units]
    if not panels:
        text = {
            "type": "text",
            "text": "Nothing is reported.",
            "align": "left",
            "color": MUTED,
            "fontSize": 13,
        }
        return {"width": _WIDTH, "height": 30, "data": {"values": [{}]}, "mark": {**text, "x": 0}}
    return {"vconcat": panels, "spacing": 18}


def _ledger_rows(lines: list[LedgerRecord], floor: float) -> list[Spec]:
    return [
        {
            "order": order,
            "title": f"{line.title} ({line.stage.replace('_', ' ')})",
            "side": line.side,
            "low": max(line.q05, floor),
            "middle": max(line.q50, floor),
            "high": max(line.q95, floor),
        }
        for order, line in enumerate(lines)
    ]


def _ledger_panel(lines: list[LedgerRecord], unit: str) -> Spec:
    values = [value for line in lines for value in (line.q05, line.q50, line.q95)]
    positive = [value for value in values if value > 0.0]
    log = bool(positive) and unit != "fraction" and max(positive) > _LOG_FROM * min(positive)
    y = {"field": "order", "type": "ordinal", "axis": None}
    x = {
        "field": "low",
        "type": "quantitative",
        "scale": {"type": "log"} if log else {"zero": True},
        "axis": _axis(unit_words(unit), **number_axis(unit)),
    }
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["gives", "gets"], "range": list(SIDES)},
        "legend": None,
    }
    interval: Spec = {
        "mark": {"type": "rule", "strokeWidth": 5, "yOffset": 9},
        "encoding": {"x": x, "x2": {"field": "high"}, "y": y, "color": colour},
    }
    middle: Spec = {
        "mark": {"type": "point", "filled": True, "size": 60, "yOffset": 9, "color": INK},
        "encoding": {"x": {**x, "field": "middle"}, "y": y},
    }
    rows = _ledger_rows(lines, min(positive) if log else min([0.0, *values]))
    return {
        "width": _WIDTH,
        "height": {"step": 34},
        "data": {"values": rows},
        "layer": [interval, middle, *_names("title", y, size=12, offset=2)],
    }


KINDS: dict[str, Callable[[Brief, str], Spec]] = {
    "estimate": estimate_spec,
    "metric": _metric_spec,
    "options": _options_spec,
    "hypotheses": _hypotheses_spec,
    "leverage": _leverage_spec,
    "ledger": _ledger_spec,
}
