"""The command `qpq`: thin, so that everything it does can be had from `study` and `brief` as well.

Exit status: 0 done, 1 wrong input (one sentence on standard error), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quidproquo import __version__
from quidproquo.terms.errors import QuidProQuoError

if TYPE_CHECKING:
    from quidproquo.study.answer import Answer
    from quidproquo.study.progress import Progress

__all__ = ["app", "main"]

_WRONG_INPUT = 1
_INTERRUPTED = 130


class _Reported(TyperGroup):
    """Turns what can go wrong into an exit status and one sentence, for every command at once."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - a class of click that Typer keeps to itself
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except QuidProQuoError as error:
            _complain([str(error)])
            raise typer.Exit(_WRONG_INPUT) from None
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever reads our output has seen enough; what Python still holds must go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from None
        return result


app = typer.Typer(
    name="qpq",
    cls=_Reported,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: to load what draws boxes takes as long as all the rest
    help="From reading to robust options: what documents say about a military partnership, "
    "how sure one can be, which option holds up, and what that hangs on.",
)
claims_app = typer.Typer(help="The claims of a case.", rich_markup_mode=None)
cases_app = typer.Typer(help="The cases that come with the package.", rich_markup_mode=None)
app.add_typer(claims_app, name="claims")
app.add_typer(cases_app, name="cases")

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A shipped case (see 'qpq cases') or a folder.")
]
Documents = Annotated[
    list[str], typer.Argument(metavar="DOCUMENT", help="Files, folders, globs, or - for standard input.")
]
MoreDocuments = Annotated[
    list[str] | None,
    typer.Argument(metavar="DOCUMENT", help="Files, folders, globs, or - for standard input."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


class Reader(StrEnum):
    """Who reads: the package's own rules, or a language model behind an endpoint."""

    rules = "rules"
    llm = "llm"


class Clock(StrEnum):
    """By which date a claim is known: that of its publication, or that of its event."""

    published = "published"
    event = "event"


class RowFormat(StrEnum):
    """How rows are written: one JSON object a line, or comma-separated values."""

    jsonl = "jsonl"
    csv = "csv"


class TableFormat(StrEnum):
    """How a list is written: aligned for the eye, or one of the formats for programs."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Options of the command as a whole."""
    if version:
        typer.echo(f"qpq {__version__}")
        raise typer.Exit


@app.command()
def brief(
    case: CaseName,
    documents: MoreDocuments = None,
    *,
    claims: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A table of further claims, as in claims.csv."),
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many worlds to simulate.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Seed of all random streams.")] = 0,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Use only claims published by this day.")
    ] = None,
    reviewed_only: Annotated[bool, typer.Option("--reviewed-only", help="Use only accepted claims.")] = False,
    rerun_all: Annotated[
        bool,
        typer.Option(
            "--rerun-all",
            help="Run again for all that weights can't judge, pairs of origins too; slower.",
        ),
    ] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough",
            help="Condition at length, forgetting each temperature's start, to check the sampler; far slower.",
        ),
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = Path("out"),
    save_worlds: Annotated[
        bool, typer.Option("--save-worlds", help="Keep every month of all worlds in run.nc; a large file.")
    ] = False,
    no_shipped_documents: Annotated[
        bool, typer.Option("--no-shipped-documents", help="Leave the case's own documents unread.")
    ] = False,
    no_page: Annotated[
        bool, typer.Option("--no-page", help="Write the data only, not the page brief.html.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run again even if nothing changed since the same run was made.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read, weigh, compare: write the brief of a case to DIR."""
    from quidproquo import study

    folder = study.check_folder(out)
    request = study.BriefRequest(
        case=case,
        documents=tuple(documents or ()),
        claims=claims,
        worlds=worlds,
        seed=seed,
        as_of=as_of,
        reviewed_only=reviewed_only,
        rerun_all=rerun_all,
        thorough=thorough,
        shipped_documents=not no_shipped_documents,
    )
    progress = _progress(quiet)
    result = study.answer(request, progress, months=save_worlds, fresh=fresh)
    _write(result, folder, progress, page=not no_page)
    _end_with(result.problems)


@app.command()
def backtest(
    case: CaseName,
    *,
    as_of: Annotated[
        list[str],
        typer.Option(
            metavar="DATE", help="Condition on what was known by this day; may be given repeatedly."
        ),
    ],
    outcomes: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A table of later facts. Default: the case's own, or its later claims."
        ),
    ] = None,
    clock: Annotated[
        Clock | None,
        typer.Option(
            help="What makes a claim known: its publication, or its event having happened. "
            "Default: the case's own."
        ),
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many worlds to simulate.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Seed of all random streams.")] = 0,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the record that 'qpq brief' shows; backtest.json in the case."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Test a case against what was reported after a day, beside two naive forecasts."""
    from quidproquo import study

    request = study.BacktestRequest(
        case=case,
        as_of=tuple(as_of),
        outcomes=outcomes,
        clock=None if clock is None else clock.value,
        worlds=worlds,
        seed=seed,
    )
    result = study.back_test(request, _progress(quiet))
    if record is not None:
        study.write_record(result, record)
    if as_json:
        typer.echo(result.model_dump_json(indent=1))
        return
    from quidproquo.brief import backtest_after, backtest_before, backtest_rows

    for line in backtest_before(result):
        typer.echo(line)
    rows = backtest_rows(result)
    if rows:
        typer.echo()
        _draw_table(rows, list(rows[0]), figures=True)
        typer.echo()
    for line in backtest_after(result):
        typer.echo(line)


@app.command()
def read(
    documents: Documents,
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="Name what is found in the terms of this case.")
    ] = None,
    reader: Annotated[
        Reader, typer.Option(help="Who reads; llm asks the model at QPQ_LLM_URL.")
    ] = Reader.rules,
    form: Annotated[RowFormat, typer.Option("--format", help="How rows are written.")] = RowFormat.jsonl,
    quiet: Quiet = False,  # noqa: ARG001 - reading is fast; the option is the same everywhere
) -> None:
    """Print what documents say, one appearance a row, with its span and its speakers."""
    from quidproquo import study

    found = study.read_documents(documents, case, reader.value)
    _write_rows(found.rows, form.value)
    _complain(found.refused)
    if found.refused:
        offered = len(found.rows) + len(found.refused)
        _complain([f"{len(found.refused)} of {offered} appearances that the model offered were refused."])
    _end_with(found.problems)


@claims_app.callback(invoke_without_command=True)
def claims_of(context: typer.Context, case: CaseName, quiet: Quiet = False) -> None:  # noqa: ARG001
    """The claims of a case: list them (the default), or show one."""
    context.obj = case
    if context.invoked_subcommand is None:
        _list_claims(case, {}, None)


@claims_app.command("list")
def claims_list(
    context: typer.Context,
    role: Annotated[str | None, typer.Option(help="Only claims with this role.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Only claims on this quantity.")] = None,
    state: Annotated[str | None, typer.Option(help="Only claims in this state.")] = None,
    form: Annotated[
        TableFormat | None, typer.Option("--format", help="Default: table on a terminal, else csv.")
    ] = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """List the claims."""
    _list_claims(context.obj, {"role": role, "quantity": quantity, "state": state}, form)


@claims_app.command("show")
def claims_show(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The id of a claim.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Show one claim with everything that is known of it, and where it stands."""
    from quidproquo import study

    record = study.show_claim(context.obj, claim)
    typer.echo(json.dumps(record, ensure_ascii=False, indent=1) if as_json else "\n".join(_indented(record)))


@cases_app.callback(invoke_without_command=True)
def cases_all(context: typer.Context, quiet: Quiet = False) -> None:  # noqa: ARG001
    """The cases that come with the package: list them (the default), or copy one."""
    if context.invoked_subcommand is None:
        cases_list()


@cases_app.command("list")
def cases_list(quiet: Quiet = False) -> None:  # noqa: ARG001
    """List the shipped cases."""
    from quidproquo import study

    _write_rows(study.list_cases(), "table" if sys.stdout.isatty() else "csv")


@cases_app.command("copy")
def cases_copy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped case.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Copy a shipped case into a folder of one's own, to change it there."""
    from quidproquo import study

    typer.echo(f"The case is in {study.copy_case(name, directory)}.")


@app.command()
def check(case: CaseName, quiet: Quiet = False) -> None:  # noqa: ARG001
    """Check the files of a case and its model, and say what is wrong."""
    from quidproquo import study

    problems = study.check_case(case)
    _end_with(problems)
    typer.echo(f"Case {case}: nothing wrong.")


def main() -> None:
    """Run the command; the entry point of `qpq`."""
    app(prog_name="qpq")


def _progress(quiet: bool) -> Progress:
    from quidproquo.study.progress import progress_on

    return progress_on(quiet=quiet)


def _write(result: Answer, folder: Path, progress: Progress, *, page: bool) -> None:
    """Write an answer's files and, unless only the data are wanted, its page; say what came out and where."""
    from concurrent.futures import ThreadPoolExecutor

    from quidproquo import study
    from quidproquo.brief.summary import summary_lines

    with (
        progress.stage("drawing", None),
        study.staged(folder) as made,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        files = pool.submit(result.write, made)
        if page:
            from quidproquo.brief import write_html

            write_html(result.brief, made / "brief.html")
        others = ", ".join(sorted(path.name for path in files.result()))
    for line in summary_lines(result.brief):
        typer.echo(line)
    if result.kept:
        typer.echo("Nothing changed since this run was made, so its results were used again.")
    where = f"The brief is {folder / 'brief.html'} (beside it: " if page else f"The results are in {folder} ("
    typer.echo(f"\n{where}{others}).")


def _complain(sentences: Iterable[str]) -> None:
    for text in sentences:
        typer.echo(f"qpq: {text}", err=True)


def _end_with(problems: Sequence[str]) -> None:
    _complain(problems)
    if problems:
        raise typer.Exit(_WRONG_INPUT)


def _list_claims(case: str, filters: Mapping[str, str | None], form: TableFormat | None) -> None:
    from quidproquo import study

    rows = study.list_claims(case, **filters)
    default = "table" if sys.stdout.isatty() else "csv"
    chosen = default if form is None else form.value
    _write_rows([_table_row(row) for row in rows] if chosen == "table" else rows, chosen)


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


def _write_rows(rows: Sequence[Mapping[str, object]], form: str) -> None:
    if form == "jsonl":
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
        return
    _draw_table(rows, columns)


def _draw_table(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, figures: bool = False
) -> None:
    """Draw a table; with `figures`, all columns but the first hold numbers, which aren't broken."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        right = figures and number > 0
        table.add_column(
            column, no_wrap=right or column == "id", overflow="fold", justify="right" if right else "left"
        )
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    Console().print(table, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _indented(value: object, depth: int = 0) -> list[str]:
    """A record as indented lines; empty fields are left out."""
    pad = "  " * depth
    if isinstance(value, Mapping):
        lines = []
        for key, item in value.items():
            if item in (None, "", [], (), {}):
                continue
            if isinstance(item, (Mapping, list, tuple)):
                lines += [f"{pad}{key}:", *_indented(item, depth + 1)]
            else:
                lines.append(f"{pad}{key}: {item}")
        return lines
    if isinstance(value, (list, tuple)):
        return [line for item in value for line in _item(item, depth)]
    return [f"{pad}{value}"]


def _item(item: object, depth: int) -> list[str]:
    first, *rest = _indented(item, depth + 1) or ["  " * (depth + 1)]
    pad = "  " * depth
    return [f"{pad}- {first.lstrip()}", *rest]
