"""Review in the terminal: what was read by machine, one claim after the other.

Every answer is in the journal before the next claim is shown, so whoever stops, or is stopped, goes on from there.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from quidproquo.cli.app import print_error, print_text
from quidproquo.cli.claims import claims_app
from quidproquo.cli.judge import By, ask, ask_credibility, opened, pairs, reliability_line
from quidproquo.cli.options import Quiet
from quidproquo.terms.errors import QuidProQuoError
from quidproquo.terms.printable import printable

if TYPE_CHECKING:
    from quidproquo.study import CaseReview
    from quidproquo.study.judging import Act

_KEYS = "[a]ccept [e]dit [r]eject [g]rade [l]ink [s]kip [u]ndo [q]uit > "
_HELP = """\
  a  accept: asks for the credibility (empty: as it is); the claim then weighs as a reviewed one
  e  edit: cells to set, such as value=3000 comparison=at_least; asks again what to do with the claim
  r  reject: asks why; the claim is kept and never weighs
  g  grade: asks for the credibility, before the source's reliability is shown
  l  link: such as 'relays F12'; asks again what to do with the claim
  s  skip: the claim comes back at the end
  u  undo your last judgement
  q  quit: everything so far is kept"""


@dataclass
class _Session:
    """One sitting: the claims to come, and what was done."""

    review: CaseReview
    waiting: deque[str]
    counts: dict[str, int] = field(default_factory=dict)

    def judge(self, act: Act, name: str, cells: dict[str, str], why: str = "") -> None:
        """Record a verdict."""
        from quidproquo.study import Verdict

        self.review.judge([Verdict(act, name, cells, why)], write=False)
        self.counts[act] = self.counts.get(act, 0) + 1


@claims_app.command("review")
def claims_review(
    context: typer.Context,
    by: By = None,
    quiet: Quiet = False,  # noqa: ARG001
) -> None:
    """Review what was read by machine, one claim after the other; stop and go on whenever you like."""
    review = opened(context.obj, by)
    session = _Session(review, deque(claim.id for claim in review.unreviewed()))
    total = len(session.waiting)
    if not total:
        typer.echo(
            f"Nothing to review.\nNext: 'qpq add {context.obj} DOCUMENT', or '{review.brief_command}'."
        )
        return
    typer.echo(f"{total} to review. ? explains the keys.")
    try:
        while session.waiting and _one(session, total):
            pass
    finally:
        review.journal.write_tables()
        _end(session, context.obj)


def _end(session: _Session, case: str) -> None:
    made = ", ".join(f"{count} {act}" for act, count in session.counts.items()) or "no judgement"
    typer.echo(f"This time: {made}. {len(session.waiting)} to review.")
    then = f"'qpq claims {case} review' goes on, " if session.waiting else ""
    typer.echo(f"Next: {then}'{session.review.brief_command}' weighs what is accepted.")


def _one(session: _Session, total: int) -> bool:
    """Show the next claim and do what is asked; False to stop."""
    name = session.waiting[0]
    typer.echo(f"\n{total - len(session.waiting) + 1} of {total}")
    _show(session.review, name)
    while True:
        key = _key()
        if key == "q":
            return False
        if key == "?":
            typer.echo(_HELP)
            continue
        try:
            if _did(session, name, key):
                return True
        except QuidProQuoError as error:
            # the next key is asked for; at the end of the input it is q
            print_error(str(error))


def _key() -> str:
    """One key on a terminal; the first character of a line elsewhere; q at the end of the input."""
    typer.echo(_KEYS, nl=False)
    if sys.stdin.isatty():
        key = typer.getchar()
        print_text(key)
        return key.lower()
    line = sys.stdin.readline()
    typer.echo("")
    return line.strip().lower()[:1] if line else "q"


def _did(session: _Session, name: str, key: str) -> bool:
    """Do what a key asks for; whether the claim is dealt with."""
    review, waiting = session.review, session.waiting
    if key == "a":
        grade = ask_credibility(empty="")
        session.judge("accept", name, {"state": "accepted"} | ({"credibility": grade} if grade else {}))
        typer.echo(reliability_line(review, name))
    elif key == "r":
        session.judge("reject", name, {"state": "rejected"}, ask("Why? "))
    elif key == "s":
        waiting.rotate(-1)
        return True
    elif key == "e":
        session.judge("edit", name, pairs(ask("Cells to set (FIELD=VALUE; FIELD=VALUE): ").split(";")))
        _show(review, name)
        return False
    elif key == "g":
        session.judge("grade", name, {"credibility": ask_credibility()})
        typer.echo(reliability_line(review, name))
        return False
    elif key == "l":
        _link(session, name)
        return False
    elif key == "u":
        one = review.undo()
        kind, subject = one.subject
        print_text(f"Undone: judgement {one.undoes} on {kind} {subject}.")
        if kind == "claim" and subject not in waiting:
            waiting.appendleft(subject)
        return True
    else:
        typer.echo(_HELP)
        return False
    waiting.popleft()
    return True


def _link(session: _Session, name: str) -> None:
    words = ask("Relation and id, such as 'relays F12': ").split()
    if len(words) != 2:
        typer.echo("Nothing was linked: write a relation and an id.")
        return
    session.review.link(name, words[0], words[1], same=True, why="")
    session.counts["link"] = session.counts.get("link", 0) + 1


def _show(review: CaseReview, name: str) -> None:
    """The sentence in its context, its speakers, what was read in it, and what others say. No grade."""
    from quidproquo.study.claim_queries import passage, same_and_other, summary

    claim = review.claim(name)
    places = claim.appearances or next(
        (one.appearances for one in review.gathered.claims if one.id == name), ()
    )
    for seen in places[:1]:
        place = passage(review.gathered, seen)
        bold = typer.style(printable(place.sentence), bold=True)
        chain = " \u2190 ".join(place.speakers)
        print_text(f"{place.document}  ({chain})")
        typer.echo(
            "  " + " ".join(filter(None, (printable(place.before), f">> {bold} <<", printable(place.after))))
        )
    if len(places) > 1:
        typer.echo(f"  and in {len(places) - 1} more place{'s' if len(places) > 2 else ''}")
    print_text(f"{name}  {summary(claim, review.case)}")
    same, other = same_and_other(claim, review.gathered)
    for title, lines in (("agrees", same), ("differs", other)):
        for line in lines[:5]:
            print_text(f"  {title}: {line}")
        if len(lines) > 5:
            typer.echo(f"  {title}: {len(lines) - 5} more")
