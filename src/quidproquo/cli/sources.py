"""Commands on the sources of a case: list them, and change aliases, families and reliability grades."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from quidproquo.cli.app import app, print_text
from quidproquo.cli.claims import TableFormat
from quidproquo.cli.judge import By
from quidproquo.cli.options import CaseName, Quiet
from quidproquo.cli.rows import write_rows
from quidproquo.terms.grades import RELIABILITIES

if TYPE_CHECKING:
    from quidproquo.study.source_list import SourceChange

sources_app = typer.Typer(
    help="List the sources of a case; change aliases, families and grades.", rich_markup_mode=None
)
app.add_typer(sources_app, name="sources")

Name = Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the source, as in sources.toml.")]
Reason = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; a grade needs one.")]
_GRADES = ", ".join(f"{grade} {words}" for grade, words in RELIABILITIES.items())
Grade = Annotated[str, typer.Argument(metavar="GRADE", help=f"{_GRADES}.")]
Graded = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day on which it was judged so. Default: today.")
]


@sources_app.callback(invoke_without_command=True)
def sources_of(context: typer.Context, case: CaseName, quiet: Quiet = False) -> None:  # noqa: ARG001
    """List the sources of a case; change aliases, families and grades. Without a command: list them."""
    context.obj = case
    if context.invoked_subcommand is None:
        sources_list(context)


@sources_app.command("list")
def sources_list(
    context: typer.Context,
    form: Annotated[
        TableFormat | None, typer.Option("--format", help="Default: table on a terminal, csv elsewhere.")
    ] = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List the sources with family, reliability and aliases."""
    from quidproquo.study.source_list import list_sources

    default = "table" if sys.stdout.isatty() else "csv"
    write_rows(list_sources(context.obj), default if form is None else form.value)


@sources_app.command("alias")
def sources_alias(
    context: typer.Context,
    name: Name,
    alias: Annotated[str, typer.Argument(help="Another name of it.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take the alias away.")] = False,
    why: Reason = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Give a source another name, so that both count as one origin."""
    from quidproquo.study.source_list import SourceChange

    change = SourceChange(
        name, alias=None if remove else alias, remove_alias=alias if remove else None, why=why
    )
    _do(context.obj, change, by)


@sources_app.command("family")
def sources_family(
    context: typer.Context,
    name: Name,
    family: Annotated[str, typer.Argument(help="The state or alliance behind it.")],
    why: Reason = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Say to which family a source belongs."""
    from quidproquo.study.source_list import SourceChange

    _do(context.obj, SourceChange(name, family=family, why=why), by)


@sources_app.command("grade")
def sources_grade(
    context: typer.Context,
    name: Name,
    grade: Grade,
    on: Graded = None,
    why: Reason = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Grade the reliability of a source, with a reason."""
    from quidproquo.study.source_list import SourceChange

    _do(context.obj, SourceChange(name, reliability=grade, graded=on, why=why), by)


@sources_app.command("add")
def sources_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="Name of the new source.")],
    family: Annotated[
        str | None, typer.Option(help="The state or alliance behind it. Default: itself.")
    ] = None,
    affiliation: Annotated[str | None, typer.Option(help="What it belongs to.")] = None,
    grade: Annotated[str | None, typer.Option(metavar="GRADE", help=f"{_GRADES}. Default: F.")] = None,
    on: Graded = None,
    why: Reason = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Add a source."""
    from quidproquo.study.source_list import SourceChange

    change = SourceChange(
        name, family=family, affiliation=affiliation, reliability=grade, graded=on, new=True, why=why
    )
    _do(context.obj, change, by)


def _do(case: str, change: SourceChange, by: str | None) -> None:
    from quidproquo.study.claim_queries import changes_in_words
    from quidproquo.study.source_list import change_source

    made = change_source(case, change, by)
    print_text(f"{change.name}: {changes_in_words(made) if made else 'it is so already'}.")
    typer.echo(f"Next: 'qpq sources {case}', or 'qpq brief {case}'.")
