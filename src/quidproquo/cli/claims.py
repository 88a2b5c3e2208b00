"""Commands on the claims of a case."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from quidproquo.cli.app import app, print_text
from quidproquo.cli.options import CaseName, PrintJson, Quiet
from quidproquo.cli.rows import indented, write_rows

claims_app = typer.Typer(help="List the claims of a case, or show one.", rich_markup_mode=None)
app.add_typer(claims_app, name="claims")


class TableFormat(StrEnum):
    """How a list is written: aligned for the eye, or one of the formats for programs."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


@claims_app.callback(invoke_without_command=True)
def claims_of(context: typer.Context, case: CaseName, quiet: Quiet = False) -> None:  # noqa: ARG001
    """List the claims of a case (the default), or show one."""
    context.obj = case
    if context.invoked_subcommand is None:
        _list_claims(case, {}, None)


@claims_app.command("list")
def claims_list(
    context: typer.Context,
    role: Annotated[str | None, typer.Option(help="Show only claims with this role.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Show only claims about this quantity.")] = None,
    state: Annotated[str | None, typer.Option(help="Show only claims in this state.")] = None,
    form: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: table on a terminal, csv elsewhere."),
    ] = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List the claims."""
    _list_claims(context.obj, {"role": role, "quantity": quantity, "state": state}, form)


@claims_app.command("show")
def claims_show(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim.")],
    as_json: PrintJson = False,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Show everything known about one claim, and where it appears."""
    from quidproquo import study

    record = study.show_claim(context.obj, claim)
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        print_text("\n".join(indented(record)))


def _list_claims(case: str, filters: Mapping[str, str | None], form: TableFormat | None) -> None:
    from quidproquo import study

    rows = study.list_claims(case, **filters)
    default = "table" if sys.stdout.isatty() else "csv"
    chosen = default if form is None else form.value
    write_rows([_table_row(row) for row in rows] if chosen == "table" else rows, chosen)


def _table_row(claim: Mapping[str, str]) -> dict[str, str]:
    """What fits on a line of a terminal; the other formats have all columns."""
    numbers = claim["value"] or " and ".join(part for part in (claim["low"], claim["high"]) if part)
    comparison = claim["comparison"].removeprefix("proposition_").replace("_", " ")
    figure = (comparison, numbers, claim["unit"] if numbers else "")
    return {
        "id": claim["id"],
        "role": claim["role"],
        "about": claim["proposition"] or claim["quantity"],
        "claim": " ".join(part for part in figure if part),
        "event": claim["event"],
        "speaker": claim["speaker"],
        "state": claim["state"],
    }
