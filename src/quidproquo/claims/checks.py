"""Redoing the arithmetic of the documents, with the interval that the wording of each input leaves."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quidproquo.cases.record import Check, CheckInput
from quidproquo.claims.arithmetic import states_arithmetic
from quidproquo.claims.record import Claim
from quidproquo.claims.tables import NEAR
from quidproquo.terms.errors import CaseError, sentence

__all__ = ["FROM_DOCUMENT", "INDEPENDENT", "WORKED_OUT", "CheckResult", "CheckedInput", "evaluate"]

FROM_DOCUMENT = "derived from the document"
WORKED_OUT = "worked out from other figures"
INDEPENDENT = "independent"


@dataclass(frozen=True)
class CheckedInput:
    """One input of a check: the value as stated (None for a range), and the interval it stands for."""

    name: str
    basis: str
    value: float | None
    low: float
    high: float
    unit: str
    claim: str
    source: str


@dataclass(frozen=True)
class CheckResult:
    """The result of a check. `value` follows from the stated values, and is None if an input has none.

    `holds` tells whether the value (without one: the whole interval) lies where the case expects
    it, or is None if the case expects nothing. `basis` is "derived from the document" as soon as
    one input is, else "worked out from other figures" as soon as one input is arithmetic on others.
    """

    id: str
    inputs: tuple[CheckedInput, ...]
    value: float | None
    low: float
    high: float
    holds: bool | None
    basis: str


@dataclass(frozen=True)
class _Number:
    """A number with its interval, on the way through a formula."""

    value: float | None
    low: float
    high: float


def evaluate(check: Check, claims_by_id: Mapping[str, Claim]) -> CheckResult:
    """Work out a check's formula: names of its inputs, numbers, + - * / and parentheses.

    Raises:
        CaseError: for an unknown name, a claim that isn't there or has no number, anything in the
            formula beyond arithmetic, or a division by an interval that holds zero.
    """
    inputs = tuple(_input(item, check, claims_by_id) for item in check.inputs)
    names = {item.name: _Number(item.value, item.low, item.high) for item in inputs}
    try:
        tree = ast.parse(check.formula.strip(), mode="eval")
        result = _Arithmetic(check, names).work_out(tree.body)
    except CaseError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _wrong(check, check.formula, "an arithmetic expression", "correct the formula") from error
    if not (math.isfinite(result.low) and math.isfinite(result.high)):
        raise _wrong(
            check, check.formula, "a formula with a finite result", "correct the formula or its inputs"
        )
    bases = [item.basis for item in inputs]
    return CheckResult(
        id=check.id,
        inputs=inputs,
        value=result.value,
        low=result.low,
        high=result.high,
        holds=_holds(check, result),
        basis=next((basis for basis in (FROM_DOCUMENT, WORKED_OUT) if basis in bases), INDEPENDENT),
    )


def _holds(check: Check, result: _Number) -> bool | None:
    if check.low is None and check.high is None:
        return None
    low, high = (result.low, result.high) if result.value is None else (result.value, result.value)
    return (check.low is None or low >= check.low) and (check.high is None or high <= check.high)


def _wrong(check: Check, found: object, allowed: str, remedy: str, field: str = "formula") -> CaseError:
    return CaseError(sentence(f"check '{check.id}'", field, found, allowed, remedy))


def _input(item: CheckInput, check: Check, claims: Mapping[str, Claim]) -> CheckedInput:
    field = f"input '{item.name}'"
    if not item.claim:
        if item.value is None or not math.isfinite(item.value):
            raise _wrong(check, "without a value", "a claim or a finite value", "give one of the two", field)
        basis = FROM_DOCUMENT if item.basis == "document" else INDEPENDENT
        return CheckedInput(item.name, basis, item.value, item.value, item.value, item.unit, "", item.source)
    claim = claims.get(item.claim)
    if claim is None:
        raise _wrong(
            check, item.claim, "the id of a claim of the case", "correct the id or add the claim", field
        )
    number = _stated(claim)
    if number is None:
        raise _wrong(check, item.claim, "a claim with a number", "choose another claim", field)
    basis = WORKED_OUT if states_arithmetic(claim) else INDEPENDENT
    basis = FROM_DOCUMENT if item.basis == "document" else basis
    source = item.source or claim.origin
    return CheckedInput(item.name, basis, number.value, number.low, number.high, claim.unit, claim.id, source)


def _stated(claim: Claim) -> _Number | None:
    """A claim's number: `near` opens the interval up to the number, a range has no single value."""
    if claim.value is None:
        return None if claim.low is None or claim.high is None else _Number(None, claim.low, claim.high)
    value = claim.value
    if not claim.near:
        return _Number(value, value, value)
    ends = (value, value / NEAR) if claim.comparison in ("at_least", "more_than") else (NEAR * value, value)
    return _Number(value, min(ends), max(ends))


@dataclass(frozen=True)
class _Arithmetic:
    """Walks a parsed formula; everything that isn't arithmetic on the inputs is refused."""

    check: Check
    names: Mapping[str, _Number]

    def work_out(self, node: ast.expr) -> _Number:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self._constant(number)
            case ast.Name(id=name):
                return self._named(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.work_out(operand)
                return _Number(None if inner.value is None else -inner.value, -inner.high, -inner.low)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.work_out(operand)
            case ast.BinOp(left=first, op=ast.Div(), right=second):
                return self._divide(self.work_out(first), self.work_out(second), ast.unparse(second))
            case ast.BinOp(left=first, op=ast.Add() | ast.Sub() | ast.Mult() as operator, right=second):
                return _combine(self.work_out(first), self.work_out(second), _OPERATIONS[type(operator)])
        found = ast.unparse(node)
        raise _wrong(
            self.check, found, "made of input names, numbers, + - * / and parentheses", "rewrite the formula"
        )

    def _constant(self, number: int | float) -> _Number:
        try:
            value = float(number)
        except OverflowError:
            value = math.inf
        return _Number(value, value, value)

    def _named(self, name: str) -> _Number:
        if name not in self.names:
            allowed = f"made of the inputs {', '.join(sorted(self.names)) or '(there are none)'}"
            raise _wrong(self.check, name, allowed, "declare the input or correct its name")
        return self.names[name]

    def _divide(self, dividend: _Number, divisor: _Number, printed: str) -> _Number:
        if divisor.low <= 0.0 <= divisor.high:
            found = f"a division by {printed}, which can be 0"
            raise _wrong(self.check, found, "without division by zero", "change the divisor")
        return _combine(dividend, divisor, lambda a, b: a / b)


_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
}


def _combine(a: _Number, b: _Number, operation: Callable[[float, float], float]) -> _Number:
    """Apply a monotone operation: its extremes lie at the ends of the two intervals."""
    corners = [operation(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    value = None if a.value is None or b.value is None else operation(a.value, b.value)
    # a NaN must not be lost in min and max: inf − inf and 0 · inf are no results
    if any(math.isnan(corner) for corner in corners):
        return _Number(value, math.nan, math.nan)
    return _Number(value, min(corners), max(corners))
