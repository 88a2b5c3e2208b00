"""The command that asks what-ifs of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from quidproquo.cli.app import app, print_error, print_text, progress_for
from quidproquo.cli.options import MoreDocuments, PrintJson, Quiet, Seed, Worlds
from quidproquo.study.limits import DEFAULT_WORLDS

CaseOrRun = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Name of a shipped case, a case folder, or the folder of a run ('qpq brief --out').",
    ),
]


Without = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND:NAME",
        help="Leave out an origin:, source:, family:, document: or claim:. May be repeated.",
    ),
]
Reliability = Annotated[
    list[str] | None,
    typer.Option(metavar="SOURCE=GRADE", help="Grade an origin otherwise, A to F. May be repeated."),
]
Priors = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=q05",
        help="Move a prior, as wide as before, to its own 5% point (q05), 95% point (q95), or to a number. "
        "May be repeated.",
    ),
]
Hypotheses = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=ANSWER", help="Take an answer as certain. May be repeated."),
]
Keep = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Keep the what-if under this name; the case's next brief shows it."),
]


@app.command("what-if")
def what_if(
    case: CaseOrRun,
    documents: MoreDocuments = None,
    *,
    without: Without = None,
    reliability: Reliability = None,
    prior: Priors = None,
    hypothesis: Hypotheses = None,
    keep: Keep = None,
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Condition worlds again, even where weights would do; slower.")
    ] = False,
    weights_only: Annotated[
        bool,
        typer.Option("--weights-only", help="Never condition worlds again, even where weights won't do."),
    ] = False,
    claims: Annotated[
        str | None, typer.Option(metavar="FILE", help="As in 'qpq brief': add the claims of this table.")
    ] = None,
    worlds: Worlds = DEFAULT_WORLDS,
    seed: Seed = 0,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="As in 'qpq brief': use only claims published by this day."),
    ] = None,
    reviewed_only: Annotated[bool, typer.Option("--reviewed-only", help="Use only accepted claims.")] = False,
    no_shipped_documents: Annotated[
        bool, typer.Option("--no-shipped-documents", help="Don't read the documents that come with the case.")
    ] = False,
    as_json: PrintJson = False,
    quiet: Quiet = False,
) -> None:
    """Ask what moves if something is left out or assumed.

    The question is asked of the run that is kept of the case, or of the run in a folder. Where other weights on
    its worlds can't judge it, worlds are conditioned again.
    """
    from quidproquo import study

    request = study.WhatIfRequest(
        brief=study.BriefRequest(
            case=case,
            documents=tuple(documents or ()),
            claims=claims,
            worlds=worlds,
            seed=seed,
            as_of=as_of,
            reviewed_only=reviewed_only,
            shipped_documents=not no_shipped_documents,
        ),
        without=tuple(without or ()),
        reliability=tuple(reliability or ()),
        priors=tuple(prior or ()),
        hypotheses=tuple(hypothesis or ()),
        rerun=rerun,
        weights_only=weights_only,
    )
    target = None if keep is None else study.check_keep(case, keep)
    note = None if quiet else print_error
    answer = study.answer_what_if(request, progress_for(quiet), note)
    if target is not None:
        answer = study.keep_what_if(target, answer)
    if as_json:
        typer.echo(answer.model_dump_json(indent=1))
        return
    from quidproquo.brief import what_if_lines

    for line in what_if_lines(answer):
        print_text(line)
    if target is not None:
        print_text(f"\nKept as “{answer.name}” in {target.path}; {target.shown}.")
