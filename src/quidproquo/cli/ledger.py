"""The command that shows the ledger of a case."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from quidproquo.cli.app import app, print_error, print_text, progress_for
from quidproquo.cli.options import PrintJson, Quiet, Seed, Worlds
from quidproquo.cli.what_if import CaseOrRun
from quidproquo.study.limits import DEFAULT_WORLDS


class LedgerBy(StrEnum):
    """What the rows of the ledger are listed by."""

    giver = "giver"
    receiver = "receiver"
    object = "object"
    stage = "stage"
    period = "period"


@app.command()
def ledger(
    case: CaseOrRun,
    *,
    by: Annotated[LedgerBy, typer.Option(help="What the rows are listed by.")] = LedgerBy.giver,
    worlds: Worlds = DEFAULT_WORLDS,
    seed: Seed = 0,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="As in 'qpq brief': what was known by this day.")
    ] = None,
    as_json: PrintJson = False,
    quiet: Quiet = False,
) -> None:
    """Show who gives what to whom.

    Each line has its median and 90% range, the origins that weigh, and how many claims contradict each other. By
    period there is a line for the end of each year, too.
    """
    from quidproquo import study

    request = study.BriefRequest(case=case, worlds=worlds, seed=seed, as_of=as_of)
    rows = study.ledger_of(request, by.value, progress_for(quiet), None if quiet else print_error)
    if as_json:
        typer.echo(json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False, indent=1))
        return
    from quidproquo.brief import ledger_lines

    for line in ledger_lines(rows, by.value):
        print_text(line)
