"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from quidproquo.study.limits import FEWEST_WORLDS, LARGEST_SEED, MOST_WORLDS

__all__ = ["CaseName", "Documents", "MoreDocuments", "PrintJson", "Quiet", "Seed", "Worlds"]

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="Name of a shipped case (see 'qpq cases'), or a case folder.")
]
Documents = Annotated[
    list[str],
    typer.Argument(metavar="DOCUMENT", help="Files, folders or patterns to read; - is standard input."),
]
MoreDocuments = Annotated[
    list[str] | None,
    typer.Argument(metavar="DOCUMENT", help="Files, folders or patterns to read; - is standard input."),
]
Worlds = Annotated[
    int,
    typer.Option(metavar="N", min=FEWEST_WORLDS, max=MOST_WORLDS, help="Number of worlds to simulate."),
]
Seed = Annotated[int, typer.Option(metavar="S", min=0, max=LARGEST_SEED, help="Seed of all random numbers.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
PrintJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
