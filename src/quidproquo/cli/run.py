"""Commands that simulate: the brief of a case, and its back-test."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quidproquo.cli.app import WRONG_INPUT, app, print_error, print_text, progress_for
from quidproquo.cli.options import CaseName, MoreDocuments, PrintJson, Quiet, Seed, Worlds
from quidproquo.cli.rows import draw_table
from quidproquo.cli.usage import a_day, days
from quidproquo.study.limits import DEFAULT_WORLDS

if TYPE_CHECKING:
    from quidproquo.study.answer import Answer
    from quidproquo.study.first import FirstFigures
    from quidproquo.study.progress import Progress


class Clock(StrEnum):
    """When a claim counts as known: once it was published, or once its event happened."""

    published = "published"
    event = "event"


RerunAll = Annotated[
    bool,
    typer.Option(
        "--rerun-all",
        help="Sample again for every what-if that re-weighting can't judge, and for pairs of origins; slower.",
    ),
]

Thorough = Annotated[
    bool,
    typer.Option(
        "--thorough",
        help="Check the sampler: run it until it mixes at every tempering step; several times slower.",
    ),
]


@app.command()
def brief(
    case: CaseName,
    documents: MoreDocuments = None,
    *,
    claims: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Add the claims of this table (columns as in claims.csv; ids new to the case).",
        ),
    ] = None,
    worlds: Worlds = DEFAULT_WORLDS,
    seed: Seed = 0,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            callback=a_day,
            help="Use only claims published by this day (default: the case's decision date). "
            "After it, the case carries on: decision date, horizon and options move.",
        ),
    ] = None,
    reviewed_only: Annotated[bool, typer.Option("--reviewed-only", help="Use only accepted claims.")] = False,
    rerun_all: RerunAll = False,
    thorough: Thorough = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write the results to this folder.")] = Path("out"),
    save_worlds: Annotated[
        bool, typer.Option("--save-worlds", help="Store every month of every world in run.nc (a large file).")
    ] = False,
    no_shipped_documents: Annotated[
        bool, typer.Option("--no-shipped-documents", help="Don't read the documents that come with the case.")
    ] = False,
    no_page: Annotated[
        bool, typer.Option("--no-page", help="Write the data only, without the page brief.html.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run even if nothing has changed since the last run.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write the brief of a case.

    Read its documents, weigh simulated worlds by the claims in them, compare the options, and write the
    results to a folder.
    """
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
    progress = progress_for(quiet)
    show = None if quiet else _print_first
    result = study.answer(request, progress, print_error, show, months=save_worlds, fresh=fresh)
    _write(result, folder, progress, page=not no_page)
    if result.problems:  # they were printed before the run
        raise typer.Exit(WRONG_INPUT)


def _print_first(figures: FirstFigures) -> None:
    """Print what is known before what-ifs are tested, where progress is shown."""
    from quidproquo.brief.summary import first_lines

    for line in first_lines(figures):
        print_text(line, err=True)


def _write(result: Answer, folder: Path, progress: Progress, *, page: bool) -> None:
    """Write an answer's files, and its page if wanted; print a summary and where they are."""
    from concurrent.futures import ThreadPoolExecutor

    from quidproquo import study
    from quidproquo.brief.summary import summary_lines

    with (
        progress.stage("writing the brief", None),
        study.staged(folder) as made,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        files = pool.submit(result.write, made)
        drawn = made / "brief.html"
        if page and not (result.kept and drawn in files.result()):
            from quidproquo.brief import write_html

            write_html(result.brief, drawn)
        data = [path for path in files.result() if path != drawn]
        if not page:
            drawn.unlink(missing_ok=True)
        result.keep([*data, drawn] if page else data)
        others = ", ".join(sorted(path.name for path in data))
    for line in summary_lines(result.brief):
        print_text(line)
    if result.kept:
        typer.echo("Nothing has changed since the last run, so its results were used again.")
    if page:
        typer.echo(f"\nThe brief is {folder / 'brief.html'}; the same folder holds {others}.")
    else:
        typer.echo(f"\nThe results are in {folder}: {others}.")
        if (folder / "brief.html").is_file():
            typer.echo("The page brief.html in it is of an earlier run.")


@app.command()
def backtest(
    case: CaseName,
    *,
    as_of: Annotated[
        list[str],
        typer.Option(
            metavar="DATE", callback=days, help="Use what was known by this day; may be given several times."
        ),
    ],
    outcomes: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Score the later facts in this table (default: outcomes.csv, or later claims).",
        ),
    ] = None,
    clock: Annotated[
        Clock | None,
        typer.Option(
            help="When a claim counts as known: once published, or once its event happened "
            "(default: as the case says)."
        ),
    ] = None,
    worlds: Worlds = DEFAULT_WORLDS,
    seed: Seed = 0,
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Also write the record that 'qpq brief' shows (backtest.json of the case)."
        ),
    ] = None,
    as_json: PrintJson = False,
    quiet: Quiet = False,
) -> None:
    """Score a case against later reports.

    Use what was known by a day, predict what was reported after it, and compare the predictions with
    two naive baselines.
    """
    from quidproquo import study

    request = study.BacktestRequest(
        case=case,
        as_of=tuple(as_of),
        outcomes=outcomes,
        clock=None if clock is None else clock.value,
        worlds=worlds,
        seed=seed,
    )
    result = study.back_test(request, progress_for(quiet))
    if record is not None:
        study.write_record(result, record)
    if as_json:
        typer.echo(result.model_dump_json(indent=1))
        return
    from quidproquo.brief import backtest_after, backtest_before, backtest_rows

    for line in backtest_before(result):
        print_text(line)
    rows = backtest_rows(result)
    if rows:
        typer.echo()
        draw_table(rows, list(rows[0]), figures=True)
        typer.echo()
    for line in backtest_after(result):
        print_text(line)
