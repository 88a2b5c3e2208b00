"""The command that reads documents."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from quidproquo.cli.app import app, exit_with, print_error, progress_for
from quidproquo.cli.options import Documents, Quiet
from quidproquo.cli.rows import write_rows


class Reader(StrEnum):
    """Who reads: the built-in rules, or a language model behind an endpoint."""

    rules = "rules"
    llm = "llm"


class RowFormat(StrEnum):
    """How rows are written: one JSON object a line, or comma-separated values."""

    jsonl = "jsonl"
    csv = "csv"


@app.command()
def read(
    documents: Documents,
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="Use the vocabulary and the sources of this case.")
    ] = None,
    reader: Annotated[
        Reader, typer.Option(help="Built-in rules, or the language model at QPQ_LLM_URL.")
    ] = Reader.rules,
    form: Annotated[RowFormat, typer.Option("--format", help="Format of the rows.")] = RowFormat.jsonl,
    quiet: Quiet = False,
) -> None:
    """Print the claims in documents.

    There is one row for each appearance of a claim, with its place in the text and its speakers.
    """
    from quidproquo import study

    found = study.read_documents(documents, case, reader.value, progress_for(quiet))
    write_rows(found.rows, form.value)
    for note in found.notes:
        print_error(note)
    for reason in found.refused:
        print_error(reason)
    if found.refused:
        offered = len(found.rows) + len(found.refused)
        print_error(
            f"The text doesn't support {len(found.refused)} of the {offered} appearances that the model offered."
        )
    exit_with(found.problems)
