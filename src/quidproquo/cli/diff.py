"""The command that compares two runs."""

from __future__ import annotations

from typing import Annotated

import typer

from quidproquo.cli.app import app, print_error, print_text, progress_for
from quidproquo.cli.options import PrintJson, Quiet, Seed, Worlds
from quidproquo.study.limits import DEFAULT_WORLDS

_RUN = "Folder of a run ('qpq brief --out'), a case, or CASE@DATE for what was known by that day."


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_RUN)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_RUN)],
    *,
    case: Annotated[
        str | None,
        typer.Option(metavar="CASE", help="The case of runs in folders, where it is one of your own."),
    ] = None,
    worlds: Worlds = DEFAULT_WORLDS,
    seed: Seed = 0,
    as_json: PrintJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what changed between two runs, and why.

    Every movement is split between claims that were removed, graded otherwise and added, and priors. What model,
    versions and seed make of it is the remainder.
    """
    from quidproquo import study

    request = study.BriefRequest(case=case or "", worlds=worlds, seed=seed)
    note = None if quiet else print_error
    found = study.compare_runs(old, new, request, progress_for(quiet), note)
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
        return
    from quidproquo.brief import diff_lines

    for line in diff_lines(found):
        print_text(line)
