"""The commands that read documents: without a trace, or into a case of one's own."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from quidproquo.cli.app import app, exit_with, print_error, print_text, progress_for
from quidproquo.cli.options import CaseName, Documents, Quiet
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
    for line in (*found.refused, *found.disagreements):
        print_error(line)
    if found.refused:
        print_error(
            f"Refused, because the text doesn't bear out what the model offered: {len(found.refused)}."
        )
    if found.disagreements:
        print_error(f"Disagreements of the rules and the model: {len(found.disagreements)}.")
    exit_with(found.problems)


@app.command()
def add(
    case: CaseName,
    documents: Documents,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When it was published, if the file doesn't say: 2024-10-24."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(metavar="NAME", help="Who published it.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="Its title.")] = None,
    url: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Its address on the web.")] = None,
    reader: Annotated[
        Reader, typer.Option(help="Built-in rules, or also the language model at QPQ_LLM_URL.")
    ] = Reader.rules,
    quiet: Quiet = False,
) -> None:
    """Add documents to a case of your own, and tell what they bring.

    Files and texts are kept in the folder of the case. Adding a document twice adds nothing; add it again with
    --published, --publisher, --title or --url to say what its file doesn't.
    """
    from quidproquo import study

    given = {"published": published, "publisher": publisher, "title": title, "url": url}
    details = {field: value for field, value in given.items() if value}
    added = study.add_documents(case, documents, details, progress_for(quiet), reader.value)
    for heading, lines in (
        ("Added", added.documents),
        ("There already", added.known),
        ("New", added.new),
        ("Confirmed: on file before, and said here too", added.confirmed),
        ("In conflict", added.conflicts),
        ("Read and not used", added.unused),
        ("Refused: the text doesn't bear out what the model offered", added.refused),
        ("Disagreements of the rules and the model", added.disagreements),
    ):
        if lines:
            print_text("\n".join([f"{heading} ({len(lines)}):", *(f"  {line}" for line in lines)]))
    if added.new:
        typer.echo(
            f"Next: 'qpq claims {case} review' to accept, correct or reject what is new, then '{added.brief}'."
        )
    elif added.documents or added.known:
        typer.echo(f"Next: '{added.brief}', or 'qpq claims {case} add' for what was not found in them.")
    for note in added.notes:
        print_error(note)
    exit_with(added.problems)
