"""From an evidence table to a likelihood: each claim's form and numbers, and the biases of who reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation import tables
from quidproquo.evidence.observation.forms import Count, CountBound, Event, Form, Stated, form_of
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
from quidproquo.terms.grades import RELIABILITY_GRADES

__all__ = ["COLUMNS", "build_likelihood", "independent_likelihood"]

COLUMNS = {
    "sign": 0.0,
    "x": 0.0,
    "low": 0.0,
    "high": 1.0,
    "offset": 1.0,
    "level": 0.0,
    "sd": 1.0,
    "half_width": 1.0,
    "trust": 0.0,
    "asserted": 0.5,
}
"""What forms set for a claim, and what stands where its form sets nothing."""
_UNBIASED = (Event, Count, CountBound)


def build_likelihood(table: EvidenceTable, coordinates: Collection[str] = ()) -> Likelihood:
    """The likelihood of all items of an evidence table.

    Biases that several items share are coordinates of a world, and so are those that are named in
    `coordinates` and touch any item; the others are a part of their item's `sd`, which comes to the same.
    """
    stated = [_stated(table, item) for item in range(len(table))]
    forms = tuple(form_of(one) for one in stated)
    rows = [COLUMNS | form.columns(one) for form, one in zip(forms, stated, strict=True)]
    columns = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in COLUMNS}
    bias, lone = _biases(table, stated, forms, coordinates)
    columns["sd"] = np.sqrt(columns["sd"] ** 2 + lone)
    is_event = np.array([form is Event for form in forms], dtype=bool)
    # an assertion shares its chance of being wrong with none: it has none
    group = np.where(is_event, -1 - np.arange(len(table)), np.asarray(table.group))
    wrong = np.array([tables.WRONG_PROBABILITY[one.credibility] for one in stated], dtype=np.float64)
    ranges = np.array(
        [(0.0, 1.0) if form is Event else one.range for form, one in zip(forms, stated, strict=True)]
    )
    return Likelihood(
        scale=table.scale,
        form=forms,
        group=group,
        wrong_probability=np.array([wrong[group == own].max() for own in group], dtype=np.float64),
        range_low=ranges.reshape(-1, 2)[:, 0],
        range_high=ranges.reshape(-1, 2)[:, 1],
        bias=bias,
        observed=None,
        grades=None,
        columns=None,
        **columns,
    )


def independent_likelihood(table: EvidenceTable) -> Likelihood:
    """The same for items that are judged one by one: they share no bias and no chance of being wrong."""
    found = build_likelihood(replace(table, group=np.arange(len(table))))
    return replace(found, sd=found.total_sd, bias=BiasLayout((), np.zeros((0, len(table)))))


def _stated(table: EvidenceTable, item: int) -> Stated:
    return Stated(
        comparison=table.comparison[item],
        near=bool(table.near[item]),
        scale=table.scale[item],
        value=float(table.value[item]),
        low=float(table.low[item]),
        high=float(table.high[item]),
        range=(float(table.range_low[item]), float(table.range_high[item])),
        likelihood=(float(table.likelihood_low[item]), float(table.likelihood_high[item])),
        reliability=RELIABILITY_GRADES[int(table.reliability[item])],
        credibility=int(table.credibility[item]),
    )


def _biases(
    table: EvidenceTable,
    stated: list[Stated],
    forms: tuple[type[Form], ...],
    coordinates: Collection[str],
) -> tuple[BiasLayout, Float[np.ndarray, " item"]]:
    """Biases shared by several items, or named, become coordinates; the others' variances are returned."""
    lone = np.zeros(len(table))
    names, design = [], []
    biased = np.array([form not in _UNBIASED for form in forms], dtype=bool)
    keys = {
        "family": table.family,
        "origin": table.origin,
        "pair": tuple(f"{o}|{q}" for o, q in zip(table.origin, table.quantity, strict=True)),
    }
    for kind, labels in keys.items():
        sds = np.array([_bias_sd(one, kind) for one in stated])
        for label in sorted(set(labels)):
            touched = np.array([own == label for own in labels]) & biased
            effect = sds * touched
            name = f"bias.{kind}.{label}"
            if touched.sum() > 1 or (name in coordinates and touched.any()):
                names.append(name)
                design.append(effect)
            else:
                lone += effect**2
    return BiasLayout(tuple(names), np.array(design).reshape(len(names), len(table))), lone


def _bias_sd(stated: Stated, kind: str) -> float:
    factor = 1.0 if kind == "family" else tables.BIAS_FACTOR[stated.reliability]
    return tables.BIAS_SD[kind] * factor * stated.unit
