"""Commands that judge claims: accept, reject, edit, grade, add, link, undo, merge."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quidproquo.cli.app import print_error, print_text
from quidproquo.cli.claims import claims_app
from quidproquo.cli.options import Quiet
from quidproquo.terms.errors import InputError, sentence
from quidproquo.terms.grades import CREDIBILITIES, RELIABILITIES
from quidproquo.terms.printable import printable

if TYPE_CHECKING:
    from quidproquo.study import CaseReview
    from quidproquo.study.judging import Act

_FORMATS = ".csv, .jsonl, .xlsx, .parquet or .ftm.csv (FollowTheMoney statements)"
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who judges. Default: $QPQ_ANALYST, or you.")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept with the judgement.")]
Claims = Annotated[
    list[str],
    typer.Argument(
        metavar="CLAIM", help="Ids of claims; - reads what 'list --json' printed from standard input."
    ),
]
Changes = Annotated[
    list[str], typer.Argument(metavar="FIELD=VALUE", help="Cells to set, such as value=3000.")
]
Credibility = Annotated[
    int | None,
    typer.Option(metavar="1-6", help="Credibility of each claim: 1 confirmed … 6 can't be judged."),
]


def opened(case: str, by: str | None) -> CaseReview:
    """Open a case for judging, and tell what was found on the way."""
    from quidproquo.study import CaseReview

    review = CaseReview(case, by)
    tell(review)
    return review


def tell(review: CaseReview) -> None:
    """Print what was found and mended, and what is in dispute."""
    for note in (*review.notes, *review.disputes()):
        print_error(note)
    review.notes.clear()


@claims_app.command("accept")
def claims_accept(
    context: typer.Context,
    claims: Claims,
    credibility: Credibility = None,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Accept claims, exactly as they are listed: they weigh as reviewed ones."""
    cells = {"state": "accepted"} | _credibility(credibility)
    _judge_all(opened(context.obj, by), "accept", claims, cells, why)


@claims_app.command("reject")
def claims_reject(
    context: typer.Context,
    claims: Claims,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Reject claims: they are kept and shown, and never weigh."""
    _judge_all(opened(context.obj, by), "reject", claims, {"state": "rejected"}, why)


@claims_app.command("edit")
def claims_edit(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim.")],
    changes: Changes,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Correct a claim: set some of its cells."""
    _judge_all(opened(context.obj, by), "edit", [claim], pairs(changes), why)


@claims_app.command("grade")
def claims_grade(
    context: typer.Context,
    claims: Claims,
    credibility: Credibility = None,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Grade the credibility of claims. It is asked for before the reliability of the source is shown."""
    from quidproquo.study import Verdict

    review = opened(context.obj, by)
    for name, listed in listed_claims(claims):
        show_ungraded(review, name)
        given = _credibility(credibility) or {"credibility": ask_credibility()}
        review.judge([Verdict("grade", name, given, why, listed)])
        typer.echo(reliability_line(review, name))
    typer.echo(f"Next: 'qpq claims {context.obj} review', or '{review.brief_command}'.")


@claims_app.command("add")
def claims_add(
    context: typer.Context,
    changes: Changes,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Add a claim of your own, in any language, with quote= and url= to say where it stands.

    It is accepted at once. Needed are speaker, a quantity with value (or low and high, with
    comparison=between) or a proposition with comparison=proposition_true, and the dates event and published.
    """
    review = opened(context.obj, by)
    name, new = review.add(pairs(changes), why)
    typer.echo(f"Added as {name}." if new else f"{name} is on file already; nothing was added.")
    typer.echo(f"Next: 'qpq claims {context.obj} show {name}', or '{review.brief_command}'.")


@claims_app.command("link")
def claims_link(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim.")],
    relation: Annotated[
        str,
        typer.Argument(
            help="derived_from, relays, contradicts, supersedes, refines, retracts or corroborates."
        ),
    ],
    b: Annotated[str, typer.Argument(metavar="OTHER", help="Id of the claim that it is linked to.")],
    no: Annotated[bool, typer.Option("--not", help="Say that they are not linked so.")] = False,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Link two claims, or say that they are not linked."""
    review = opened(context.obj, by)
    made = review.link(a, relation, b, same=not no, why=why)
    words = f"{a} {relation} {b}"
    typer.echo(
        printable(f"{words}: {'not so' if no else 'linked'}." if made else f"{words}: it was so already.")
    )
    typer.echo(f"Next: 'qpq claims {context.obj} show {a}', or '{review.brief_command}'.")


@claims_app.command("undo")
def claims_undo(
    context: typer.Context,
    judgement: Annotated[
        str | None, typer.Argument(metavar="[JUDGEMENT]", help="Id of a judgement. Default: your last one.")
    ] = None,
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Take back a judgement; both stay in the journal."""
    from quidproquo.study.source_list import merged_sources

    review = opened(context.obj, by)
    one = review.undo(judgement)
    merged_sources(review, (one,))
    print_text(f"Undone: judgement {one.undoes} on {one.subject[0]} {one.subject[1]}.")
    typer.echo(f"Next: 'qpq claims {context.obj} history'.")


@claims_app.command("merge")
def claims_merge(
    context: typer.Context,
    other: Annotated[str, typer.Argument(metavar="FOLDER", help="Another person's copy of the same case.")],
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Take in the judgements that somebody made in another copy of the case. Conflicts are shown."""
    from quidproquo.study.source_list import merged_sources

    review = opened(context.obj, by)
    fresh = review.merge(other)
    merged_sources(review, fresh)
    who = ", ".join(sorted({one.who for one in fresh}))
    count = "1 judgement" if len(fresh) == 1 else f"{len(fresh)} judgements"
    print_text(f"{count} of {who} taken in." if fresh else "Nothing new there.")
    tell(review)
    typer.echo(f"Next: 'qpq claims {context.obj} history', or 'qpq brief {context.obj}'.")


@claims_app.command("import")
def claims_import(
    context: typer.Context,
    table: Annotated[Path, typer.Argument(metavar="FILE", help=f"A table: {_FORMATS}.")],
    update: Annotated[bool, typer.Option("--update", help="Edit claims on file that differ.")] = False,
    why: Why = "",
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Take in the claims of a table: new ones are added, those on file stay unless --update is given."""
    review = opened(context.obj, by)
    taken = review.take_in(table, update=update, why=why or f"imported from {table.name}")
    added = sum(one.act == "add" for one in taken.made)
    typer.echo(f"{added} added, {len(taken.made) - added} edited, {len(taken.same)} the same on file.")
    for line in taken.differing:
        print_error(f"Not taken in, for it differs from what is on file: {line}.")
    then = "with --update to take the other ones in, " if taken.differing else ""
    typer.echo(f"Next: {then}'qpq claims {context.obj} list', or 'qpq brief {context.obj}'.")


@claims_app.command("export")
def claims_export(
    context: typer.Context,
    table: Annotated[Path, typer.Argument(metavar="FILE", help=f"A new table: {_FORMATS}.")],
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Write the claims on file as a table for other programs; the ending of its name says in which format."""
    from quidproquo import study

    count = study.export_claims(context.obj, table)
    typer.echo(f"{count} claims are in {table}.")
    typer.echo(f"Next: edit it, then 'qpq claims {context.obj} import {table}'.")


def _judge_all(
    review: CaseReview, act: Act, claims: Sequence[str], cells: Mapping[str, str], why: str
) -> None:
    from quidproquo.study import Verdict
    from quidproquo.study.claim_queries import changes_in_words

    verdicts = [Verdict(act, name, cells, why, listed) for name, listed in listed_claims(claims)]
    made = review.judge(verdicts)
    for one in made:
        print_text(f"{one.subject[1]}: {changes_in_words(one)}")
    if len(made) < len(verdicts):
        count = len(verdicts) - len(made)
        typer.echo(f"{count} {'was' if count == 1 else 'were'} so already.")
    typer.echo(f"Next: 'qpq claims {review.name} review' for the next one, or '{review.brief_command}'.")


def listed_claims(names: Sequence[str]) -> list[tuple[str, dict[str, str] | None]]:
    """Ids of claims, each with the row that was listed where it came from a list.

    Raises:
        InputError: if a line of standard input is neither an id nor a row.
    """
    found: list[tuple[str, dict[str, str] | None]] = []
    for name in names:
        if name != "-":
            found.append((name, None))
            continue
        for number, line in enumerate(sys.stdin.read().splitlines(), start=1):
            if line.strip():
                found.append(_listed(line.strip(), number))
    return found


def _listed(line: str, number: int) -> tuple[str, dict[str, str] | None]:
    if not line.startswith("{"):
        return line, None
    try:
        row = json.loads(line)
        return row["id"], {name: cell for name, cell in row.items() if isinstance(cell, str)}
    except (ValueError, KeyError) as error:
        allowed = "a row with an id, as 'qpq claims CASE list --json' prints it, or an id"
        thing = f"standard input: line {number}"
        raise InputError(sentence(thing, "text", line[:40], allowed, "pass on what was listed")) from error


def pairs(changes: Sequence[str]) -> dict[str, str]:
    """Cells from FIELD=VALUE.

    Raises:
        InputError: for a text without a field, or a field that is named twice.
    """
    found: dict[str, str] = {}
    for change in changes:
        name, sign, value = change.partition("=")
        name = name.strip()
        if not sign or not name or name in found:
            allowed = "FIELD=VALUE with each field once, such as value=3000"
            raise InputError(sentence("argument", "change", change, allowed, "write it in that form"))
        found[name] = value.strip()
    return found


def _credibility(grade: int | None) -> dict[str, str]:
    if grade is None:
        return {}
    if grade not in CREDIBILITIES:
        allowed = "a whole number from 1 (confirmed) to 6 (can't be judged)"
        raise InputError(sentence("option --credibility", "grade", grade, allowed, "choose one"))
    return {"credibility": str(grade)}


def ask_credibility(empty: str | None = None) -> str:
    """Ask for a credibility grade until one is given; `empty` is what an empty answer means, if anything.

    Raises:
        InputError: if standard input ends.
    """
    for grade, meaning in CREDIBILITIES.items():
        typer.echo(f"  {grade}  {meaning}")
    while True:
        answer = ask("Credibility of the claim, whoever says it (1-6): ")
        if answer in {str(grade) for grade in CREDIBILITIES}:
            return answer
        if not answer and empty is not None:
            return empty
        allowed = "a whole number from 1 to 6"
        print_error(
            sentence("answer", "credibility", answer, allowed, "give one, without looking at the source")
        )


def ask(question: str) -> str:
    """One line of standard input.

    Raises:
        InputError: if there is none any more.
    """
    typer.echo(question, nl=False)
    line = sys.stdin.readline()
    if not line:
        typer.echo("")
        raise InputError(
            sentence(
                "standard input", "answer", "missing", "a line", "answer, or use the options of the command"
            )
        )
    return line.strip()


def show_ungraded(review: CaseReview, name: str) -> None:
    """Print what a claim says and in which words, without any grade."""
    from quidproquo.study.claim_queries import summary

    claim = review.claim(name)
    print_text(f"{name}  {summary(claim, review.case)}")
    words = claim.extra.get("quote") or (
        claim.appearances[0].sentence.quote if claim.appearances else claim.paraphrase
    )
    print_text(f"  {' '.join(words.split())}")


def reliability_line(review: CaseReview, name: str) -> str:
    """The grades of a claim, with the reliability of its origin in words."""
    claim = review.claim(name)
    meaning = RELIABILITIES[claim.reliability]
    return printable(
        f"{name}: graded {claim.reliability}{claim.credibility}. {claim.origin} is {claim.reliability}, {meaning}."
    )
