"""Mechanisms, hypotheses and interventions of case.toml: the model of the case, and what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from quidproquo.cases.fields import Table
from quidproquo.cases.record import ExpectedSign, Hypothesis, HypothesisState, Intervention, MechanismUse
from quidproquo.terms.vocabulary import SIGNS

__all__ = ["hypothesis", "intervention", "mechanisms"]

_TOLERANCE = 1e-9
_FEWEST_STATES = 2


def mechanisms(model: Mapping[str, Any], case: Table) -> tuple[MechanismUse, ...]:
    """Read [model]: each mechanism is a name, or a table with `mechanism`, `name` and settings."""
    table = Table(model, "[model]", case.file, case.problems)
    listed = table.raw("mechanisms")
    table.reject_unknown_keys()
    if not isinstance(listed, list) or not listed:
        table.wrong("mechanisms", listed, "a list of mechanisms that isn't empty", "name at least one")
        return ()
    uses: list[MechanismUse] = []
    for number, item in enumerate(listed, start=1):
        use = _use(item, number, table)
        if any(use.name == other.name for other in uses):
            table.wrong("mechanisms", use.name, "named once each", "give the second another name")
        uses.append(use)
    return tuple(uses)


def _use(item: object, number: int, table: Table) -> MechanismUse:
    if isinstance(item, str) and item:
        return MechanismUse(item, item)
    if not isinstance(item, dict):
        allowed = "a name, or a table with 'mechanism' and 'name'"
        table.wrong(f"mechanism number {number}", item, allowed, "correct it")
        return MechanismUse("", f"number {number}")
    row = Table(item, f"mechanism number {number}", table.file, table.problems)
    mechanism = row.identifier("mechanism")
    name = row.text("name", default=mechanism)
    settings = {key: value for key, value in item.items() if key not in {"mechanism", "name"}}
    return MechanismUse(mechanism, name, settings)


def hypothesis(row: Table) -> Hypothesis:
    """Read one [[hypothesis]]; the probabilities of its states must add up to 1."""
    states = tuple(_state(state) for state in row.rows("state", f"{row.thing}, state"))
    made = Hypothesis(row.identifier(), row.text("title"), states)
    row.reject_unknown_keys()
    if len(states) < _FEWEST_STATES:
        row.wrong("state", f"{len(states)} states", "2 states or more", "add the rival states")
        return made
    ids = [state.id for state in states]
    if len(set(ids)) < len(ids):
        row.wrong("state", ", ".join(ids), "named once each", "rename one")
    total = math.fsum(state.prior for state in states)
    if abs(total - 1.0) > _TOLERANCE:
        row.wrong("prior", f"{total:g} in all", "1 in all over its states", "change the probabilities")
    return made


def _state(row: Table) -> HypothesisState:
    made = HypothesisState(row.identifier(), row.text("title"), row.number("prior"))
    row.reject_unknown_keys()
    if not 0.0 < made.prior < 1.0:
        row.wrong("prior", made.prior, "a probability between 0 and 1", "correct it")
    return made


def intervention(row: Table) -> Intervention:
    """Read one [[intervention]] with its table of expected signs."""
    expected = tuple(_sign(sign) for sign in row.rows("expect", f"{row.thing}, sign"))
    made = Intervention(row.identifier(), row.text("title"), row.numbers("hold"), expected)
    row.reject_unknown_keys()
    if not made.hold and row.problems.is_valid(row.thing):
        row.wrong("hold", "nothing", "a table of parameters and values", "name what is held")
    return made


def _sign(row: Table) -> ExpectedSign:
    made = ExpectedSign(row.text("metric"), row.choice("sign", SIGNS), row.text("reason"))
    row.reject_unknown_keys()
    return made
