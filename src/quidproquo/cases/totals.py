"""Published totals and technology programmes of case.toml."""

from __future__ import annotations

import re

from quidproquo.cases.fields import Table
from quidproquo.cases.record import Interpretation, Programme, Total
from quidproquo.cases.sections import formula_names

__all__ = ["programme", "total"]

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,2}")


def total(row: Table) -> Total:
    """Read one [[total]]: a claim, and what its figure may count, the first as it says itself."""
    interpretations = tuple(_interpretation(item) for item in row.rows("reading", f"{row.thing}, reading"))
    made = Total(
        id=row.identifier(),
        title=row.text("title"),
        topic=row.text("topic"),
        claim=row.text("claim"),
        by=row.texts("by"),
        interpretations=interpretations,
        note=row.text("note", default=""),
    )
    row.reject_unknown_keys()
    ids = [reading.id for reading in interpretations]
    if not ids:
        row.wrong("reading", "missing", "one or more", "say what the figure counts")
    elif len(set(ids)) < len(ids):
        row.wrong("reading", ", ".join(ids), "named once each", "rename one")
    return made


def programme(row: Table) -> Programme:
    """Read one [[programme]]."""
    made = Programme(row.identifier(), row.text("title"), row.text("milestone"), row.text("topic"))
    row.reject_unknown_keys()
    return made


def _interpretation(row: Table) -> Interpretation:
    made = Interpretation(row.identifier(), row.text("title"), row.text("formula"), _inputs(row))
    row.reject_unknown_keys()
    used = formula_names(made.formula)
    if not row.problems.is_valid(row.thing):
        return made
    if used is None:
        row.wrong("formula", made.formula, "numbers and names of inputs with + - * / ( )", "correct it")
    elif used != set(made.inputs):
        odd = sorted(used ^ set(made.inputs))[0]
        row.wrong("inputs", odd, "the names that the formula uses, and no others", "add or remove it")
    return made


def _inputs(row: Table) -> dict[str, str]:
    """Name in the formula → output or parameter of the model."""
    value = row.raw("inputs")
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        found = "missing" if value is None else value
        row.wrong("inputs", found, "a table from names in the formula to outputs of the model", "correct it")
        return {}
    for name in value.values():
        if not _NAME.fullmatch(name):
            row.wrong("inputs", name, "of the form 'mechanism.output'", "name an output of the model")
    return dict(value)
