"""Commands on cases: list and copy the shipped ones, check one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from quidproquo.cli.app import app, exit_with, print_text
from quidproquo.cli.options import CaseName, Quiet
from quidproquo.cli.rows import write_rows

cases_app = typer.Typer(help="List the shipped cases, or copy one.", rich_markup_mode=None)
app.add_typer(cases_app, name="cases")


@app.command()
def check(case: CaseName, quiet: Quiet = False) -> None:
    """Check the files and the model of a case.

    Then tell how many days lie between the newest claim on each quantity and the decision date, and which way
    each prior leans that may have either sign.
    """
    from quidproquo import study

    problems = study.check_case(case)
    exit_with(problems)
    typer.echo(f"Case {case}: no problems found.")
    if not quiet:
        _section("Days from the newest claim on each quantity to the decision date:", study.claim_ages(case))
        _section("Priors that may have either sign:", study.effects(case))


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        print_text("\n".join(["", title, *(f"  {line}" for line in lines)]))


@cases_app.callback(invoke_without_command=True)
def cases_all(context: typer.Context, quiet: Quiet = False) -> None:  # noqa: ARG001
    """List the shipped cases (the default), or copy one."""
    if context.invoked_subcommand is None:
        cases_list()


@cases_app.command("list")
def cases_list(quiet: Quiet = False) -> None:  # noqa: ARG001
    """List the shipped cases."""
    from quidproquo import study

    write_rows(study.list_cases(), "table" if sys.stdout.isatty() else "csv")


@cases_app.command("copy")
def cases_copy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a shipped case.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Copy a shipped case to a folder of your own."""
    from quidproquo import study

    folder = study.copy_case(name, directory)
    typer.echo(f"The case is in {folder}.\nNext: 'qpq add {folder} DOCUMENT', or 'qpq brief {folder}'.")
