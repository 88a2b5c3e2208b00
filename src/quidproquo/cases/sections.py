"""Topics, ledger and checks of case.toml: what the brief goes through, line by line."""

from __future__ import annotations

import ast

from quidproquo.cases.fields import Table
from quidproquo.cases.record import Check, CheckInput, LedgerLine, Topic
from quidproquo.terms.vocabulary import BASES, SIDES, STAGES

__all__ = ["check", "formula_names", "ledger_line", "topic"]

_ALLOWED = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.USub,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Name,
    ast.Load,
)


def topic(row: Table) -> Topic:
    """Read one [[topic]]."""
    made = Topic(
        id=row.identifier(),
        title=row.text("title"),
        question=row.text("question"),
        quantities=row.texts("quantities"),
        metrics=row.texts("metrics"),
    )
    row.reject_unknown_keys()
    return made


def ledger_line(row: Table) -> LedgerLine:
    """Read one [[ledger]] line."""
    made = LedgerLine(
        id=row.identifier(),
        side=row.choice("side", SIDES),
        title=row.text("title"),
        quantity=row.text("quantity"),
        stage=row.choice("stage", STAGES),
        topic=row.text("topic"),
    )
    row.reject_unknown_keys()
    return made


def check(row: Table) -> Check:
    """Read one [[check]] with its inputs, and see that the formula uses them and nothing else."""
    inputs = tuple(_input(item) for item in row.rows("input", f"{row.thing}, input"))
    made = Check(
        id=row.identifier(),
        title=row.text("title"),
        topic=row.text("topic"),
        formula=row.text("formula"),
        unit=row.text("unit"),
        inputs=inputs,
        low=row.optional_number("low"),
        high=row.optional_number("high"),
        note=row.text("note", default=""),
    )
    row.reject_unknown_keys()
    if row.problems.is_valid(row.thing):
        _check_formula(row, made)
        if made.low is not None and made.high is not None and made.low > made.high:
            row.wrong("low", made.low, f"no greater than high, {made.high:g}", "swap the two")
    return made


def formula_names(formula: str) -> frozenset[str] | None:
    """The names in an arithmetic of + - * / and (); None if it is anything else.

    >>> sorted(formula_names("12 * income / exports"))
    ['exports', 'income']
    """
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError:
        return None
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool) or not isinstance(node.value, int | float):
                return None
        elif not isinstance(node, _ALLOWED):
            return None
        elif isinstance(node, ast.Name):
            names.add(node.id)
    return frozenset(names)


def _input(row: Table) -> CheckInput:
    made = CheckInput(
        name=row.identifier("name"),
        basis=row.choice("basis", BASES),
        claim=row.text("claim", default=""),
        value=row.optional_number("value"),
        unit=row.text("unit", default=""),
        source=row.text("source", default=""),
    )
    row.reject_unknown_keys()
    if bool(made.claim) == (made.value is not None):
        found = "both given" if made.claim else "missing"
        row.wrong("value", found, "given if there is no claim, and only then", "keep one of the two")
    elif made.value is not None and not made.source:
        row.wrong("source", "missing", "given beside a value", "say where the number comes from")
    return made


def _check_formula(row: Table, made: Check) -> None:
    used = formula_names(made.formula)
    names = [item.name for item in made.inputs]
    if used is None:
        row.wrong("formula", made.formula, "numbers and names of inputs with + - * / ( )", "correct it")
    elif used - set(names):
        row.wrong("formula", made.formula, f"made of the inputs {', '.join(names)}", "add the input")
    elif set(names) - used:
        unused = sorted(set(names) - used)[0]
        row.wrong("input", unused, "used in the formula", "use or remove it")
    if len(set(names)) < len(names):
        row.wrong("input", ", ".join(names), "named once each", "rename one")
