"""How far a proposition speaks to the answers of a hypothesis: judged chances, with a reason.

[[proposition]]
id = "some_crates_were_paid"
bears = { payment = { money = [0.8, 0.97], goods = [0.6, 0.95] } }
reason = "some of a delivery is paid in money whatever is mostly paid"
"""

from __future__ import annotations

from quidproquo.cases.fields import Problems, Table, suggestion
from quidproquo.cases.record import Bearing, Case

__all__ = ["bearings", "check_bearings"]

_ENDS = 2


def bearings(row: Table) -> tuple[Bearing, ...]:
    """Read `bears` and `reason` of one [[proposition]]: hypothesis → state → [low, high]."""
    value, reason = row.raw("bears"), row.text("reason", default="")
    if value is None:
        if reason:
            row.wrong("reason", reason, "given beside bears only", "remove it or add bears")
        return ()
    if not isinstance(value, dict) or not all(isinstance(states, dict) for states in value.values()):
        row.wrong("bears", value, "a table { hypothesis = { state = [low, high] } }", "write it in that form")
        return ()
    if not value or not reason.strip():
        field, found = ("bears", "empty") if not value else ("reason", "missing")
        row.wrong(field, found, "given where a proposition bears on a hypothesis", "add it")
        return ()
    if len(value) > 1:
        row.wrong("bears", ", ".join(value), "a table of one hypothesis", "split the proposition")
        return ()
    return tuple(
        Bearing(
            hypothesis, {state: _ends(row, hypothesis, state, ends) for state, ends in states.items()}, reason
        )
        for hypothesis, states in value.items()
    )


def _ends(row: Table, hypothesis: str, state: str, ends: object) -> tuple[float, float]:
    field = f"bears.{hypothesis}.{state}"
    numbers = [end for end in ends if _is_number(end)] if isinstance(ends, list) else []
    if len(numbers) != _ENDS or numbers != ends:
        row.wrong(field, ends, "two chances [low, high]", "write it in that form")
        return 0.5, 0.5
    low, high = (float(end) for end in numbers)
    if low > high:
        row.wrong(field, low, f"no greater than high, {high:g}", "swap the two")
    elif not (low > 0.0 and high < 1.0):
        end = low if low <= 0.0 else high
        row.wrong(field, end, "strictly between 0 and 1, for no remark rules an answer out", "widen it")
    return low, high


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_bearings(case: Case, problems: Problems) -> None:
    """Keep a problem for every bearing that doesn't fit the hypotheses of the case."""
    for proposition in case.propositions.values():
        thing, file = f"proposition '{proposition.id}'", "case.toml"
        if not problems.is_valid(thing):
            continue
        if proposition.bears and proposition.observes:
            allowed = "left out where bears is given, for a claim weighs by one of the two"
            problems.add(file, thing, "observes", proposition.observes, allowed, "remove one")
            continue
        for bearing in proposition.bears:
            hypothesis = case.hypotheses.get(bearing.hypothesis)
            if hypothesis is None:
                remedy = suggestion(bearing.hypothesis, list(case.hypotheses))
                problems.add(file, thing, "bears", bearing.hypothesis, "a declared hypothesis", remedy)
                continue
            states = [state.id for state in hypothesis.states]
            for state in bearing.chances:
                if state not in states:
                    allowed = f"a state of hypothesis '{hypothesis.id}'"
                    problems.add(file, thing, "bears", state, allowed, suggestion(state, states))
            missing = [state for state in states if state not in bearing.chances]
            if missing:
                allowed = f"a chance for every state of hypothesis '{hypothesis.id}'"
                problems.add(file, thing, "bears", f"no chance for {missing[0]!r}", allowed, "add it")
