"""Commands on the claims of a case: list them, show one, and show who judged what."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quidproquo.cli.app import app, print_error, print_text
from quidproquo.cli.options import CaseName, PrintJson, Quiet
from quidproquo.cli.rows import indented, write_rows

if TYPE_CHECKING:
    from quidproquo.study import Filters

claims_app = typer.Typer(
    help="List, show and review the claims of a case, and correct them.", rich_markup_mode=None
)
app.add_typer(claims_app, name="claims")


class TableFormat(StrEnum):
    """How a list is written: aligned for the eye, or one of the formats for programs."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


@claims_app.callback(invoke_without_command=True)
def claims_of(context: typer.Context, case: CaseName, quiet: Quiet = False) -> None:  # noqa: ARG001
    """List, show and review the claims of a case, and correct them. Without a command: list them."""
    context.obj = case
    if context.invoked_subcommand is None:
        _list_claims(case, None, None)


@claims_app.command("list")
def claims_list(
    context: typer.Context,
    role: Annotated[str | None, typer.Option(help="Show only claims with this role.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Show only claims about this quantity.")] = None,
    proposition: Annotated[str | None, typer.Option(help="Show only claims about this proposition.")] = None,
    state: Annotated[str | None, typer.Option(help="Show only claims in this state.")] = None,
    origin: Annotated[str | None, typer.Option(help="Show only claims that go back to this origin.")] = None,
    family: Annotated[str | None, typer.Option(help="Show only claims of this family.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Show only claims of this speaker.")] = None,
    document: Annotated[str | None, typer.Option(help="Show only claims in this document.")] = None,
    text: Annotated[str | None, typer.Option(help="Show only claims with this text in their words.")] = None,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Show only what nobody has accepted or rejected.")
    ] = False,
    form: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: table on a terminal, csv elsewhere."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List the claims.

    What is read in the documents and not yet reviewed is listed with --unreviewed.
    """
    from quidproquo.study import Filters

    wanted = Filters(role, state, quantity, proposition, origin, family, speaker, document, text, unreviewed)
    _list_claims(context.obj, wanted, TableFormat.jsonl if as_json else form)


@claims_app.command("show")
def claims_show(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim.")],
    as_json: PrintJson = False,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Show one claim: its sentence in context, its speakers and grades, who else says so, and who judged it."""
    from quidproquo import study

    record = study.show_claim(context.obj, claim)
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        print_text("\n".join(indented(record)))


@claims_app.command("history")
def claims_history(
    context: typer.Context,
    claim: Annotated[
        str | None, typer.Argument(metavar="[CLAIM]", help="Only judgements on this one.")
    ] = None,
    form: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: table on a terminal, csv elsewhere."),
    ] = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List the judgements: who, when, what and why. What is in dispute goes to standard error."""
    from quidproquo import study

    rows = [row for row in study.history(context.obj) if claim in (None, row["claim"])]
    default = "table" if sys.stdout.isatty() else "csv"
    write_rows(rows, default if form is None else form.value)
    for problem in study.disputes(context.obj):
        print_error(problem)


@claims_app.command("proposals")
def claims_proposals(
    context: typer.Context,
    form: Annotated[
        TableFormat | None,
        typer.Option("--format", help="Default: table on a terminal, csv elsewhere."),
    ] = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List links that the claims suggest, each with its reason.

    Accept one with 'link', or say no with 'link --not'; then it isn't proposed any more.
    """
    from quidproquo.study.claim_queries import link_proposals

    default = "table" if sys.stdout.isatty() else "csv"
    write_rows(link_proposals(context.obj), default if form is None else form.value)


def _list_claims(case: str, filters: Filters | None, form: TableFormat | None) -> None:
    from quidproquo import study

    rows = study.list_claims(case, filters)
    if not rows:
        print_error("no claim matches.")
        return
    default = "table" if sys.stdout.isatty() else "csv"
    chosen = default if form is None else form.value
    write_rows([_table_row(row) for row in rows] if chosen == "table" else rows, chosen)
    if chosen == "table":
        for problem in study.disputes(case):
            print_error(problem)


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
