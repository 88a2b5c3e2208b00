"""Judging the claims of a case of one's own: what there is to judge, and recording what is judged.

A claim that was read by machine isn't in claims.csv until somebody judges it; then its row holds the words that
it was read in (`document`, `quote`) and how it was read (`read_as`), so that it takes the place of what is read
again.
"""

from __future__ import annotations

import difflib
import getpass
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quidproquo import cases
from quidproquo.cases import is_shipped
from quidproquo.cases.csv_rows import Row
from quidproquo.cases.fields import suggestion
from quidproquo.claims.exchange import read_table, write_table
from quidproquo.claims.journal import (
    Act,
    CaseJournal,
    Cells,
    Draft,
    Judgement,
    Subject,
    dispute_sentence,
    lines_to_merge,
    read_present,
)
from quidproquo.claims.load import CLAIM_COLUMNS, claims_of_rows, links_of_rows
from quidproquo.claims.matching import READ_AS, UNCHECKED, read_as
from quidproquo.claims.merge import NOT_REVIEWED, QUOTE, in_words
from quidproquo.claims.record import Claim
from quidproquo.claims.write import claim_cells
from quidproquo.study.gather import Gathered, brief_command, gather
from quidproquo.study.progress import Silent
from quidproquo.terms.errors import CaseError, ClaimError, InputError, sentence
from quidproquo.terms.vocabulary import RELATIONS

__all__ = [
    "ANALYST",
    "Act",
    "CaseReview",
    "TakenIn",
    "Verdict",
    "analyst",
    "export_claims",
    "listed_cells",
    "place_of",
]

ANALYST = "QPQ_ANALYST"
"""Environment variable with the name under which one judges; else it is that of the account."""

_DOCUMENT = "document"
_EDITABLE = (*(name for name in CLAIM_COLUMNS if name != "id"), "state", "credibility", _DOCUMENT, QUOTE)
_TYPED = {"role": "observation", "comparison": "eq", "verification": "unverified", "state": "accepted"}


@dataclass(frozen=True)
class Verdict:
    """What somebody decides on a claim: the cells to set, and why. `listed` is the claim as it was listed."""

    act: Act
    claim: str
    cells: Cells
    why: str = ""
    listed: Cells | None = None


@dataclass(frozen=True)
class TakenIn:
    """What came of a table: judgements, ids of claims that are on file so, a line for each that differs."""

    made: tuple[Judgement, ...]
    same: tuple[str, ...]
    differing: tuple[str, ...]


def export_claims(case: str, path: Path) -> int:
    """Write the claims on file, as they were judged, in the format of the file's name; how many there are.

    Raises:
        InputError: if the case is wrong, the format unknown, or the file can't be written.
    """
    loaded = cases.load_case(case)
    present = read_present(loaded.folder)
    rows = [row.cells for row in present.rows("claim")]
    columns = {name for cells in rows for name in cells} - set(present.headers["claim"])
    write_table(path, (*present.headers["claim"], *sorted(columns)), rows, loaded.name)
    return len(rows)


def analyst(named: str | None) -> str:
    """The name under which somebody judges: the one given, that of the environment, or of the account.

    Raises:
        InputError: if there is none.
    """
    name = (named or os.environ.get(ANALYST, "")).strip()
    if name:
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        remedy = f"give your name with --by, or in {ANALYST}"
        raise InputError(
            sentence("option --by", "name", "missing", "the name of who judges", remedy)
        ) from error


def listed_cells(claim: Claim) -> dict[str, str]:
    """A claim as it is listed: all cells of its row, and what it was read in."""
    cells = claim_cells(claim)
    cells |= {name: cell for name, cell in claim.extra.items() if name in (_DOCUMENT, QUOTE)}
    if claim.appearances and QUOTE not in cells:
        first = claim.appearances[0]
        cells |= {_DOCUMENT: cells.get(_DOCUMENT) or first.document, QUOTE: first.sentence.quote}
    return cells


class CaseReview:
    """A case of one's own whose claims somebody judges; `notes` are sentences on what was found on the way."""

    def __init__(self, case: str, who: str | None = None) -> None:
        """Open a case for judging.

        Raises:
            CaseError: if it comes with the package, where nothing can be changed.
            InputError: if its files are wrong or can't be written.
        """
        self.name = case
        self.case = cases.load_case(case)
        if is_shipped(self.case.folder):
            raise CaseError(
                sentence(
                    f"case '{self.case.name}'", "folder", "that of the package", "a copy of your own",
                    f"copy it with 'qpq cases copy {self.case.name} DIR', and judge in DIR",
                )
            )  # fmt: skip
        self.journal = CaseJournal(self.case.folder, analyst(who), self._check)

    @property
    def notes(self) -> list[str]:
        """What was found and mended in the journal."""
        return self.journal.notes

    def disputes(self) -> list[str]:
        """One sentence for each cell that two people set differently."""
        return [dispute_sentence(dispute) for dispute in self.journal.present.disputes]

    def _check(self, rows: list[Row]) -> object:
        return claims_of_rows(rows, self.case)

    @cached_property
    def gathered(self) -> Gathered:
        """The claims with what is read in the case's documents, as they were when this was first asked for."""
        return gather(self.name, (), None, shipped=True, progress=Silent())

    @property
    def brief_command(self) -> str:
        """The command for a brief by which all claims count."""
        return brief_command(self.name, self.case, self.gathered.claims)

    def unreviewed(self) -> list[Claim]:
        """Claims that nobody accepted or rejected, in the order of their documents, then by id."""
        proposed = [claim for claim in self.gathered.claims if claim.state == "proposed"]
        return sorted(proposed, key=place_of)

    def claim(self, name: str) -> Claim:
        """A claim by its id, on file or read in a document.

        Raises:
            ClaimError: if there is none.
        """
        row = self.journal.present.replay.present(("claim", name))
        if row is not None:
            return claims_of_rows([Row(1, row)], self.case)[0]
        read = next((claim for claim in self.gathered.claims if claim.id == name), None)
        if read is None:
            names = [claim.id for claim in self.gathered.claims]
            raise ClaimError(_no_claim(self.name, name, names))
        return read

    def judge(self, verdicts: Sequence[Verdict], *, write: bool = True) -> tuple[Judgement, ...]:
        """Record verdicts, all or none; those that change nothing are left out.

        Raises:
            ClaimError: if there is no such claim, a cell breaks a rule, or a claim isn't as it was listed.
            InputError: if the disk doesn't take it.
        """
        drafts = [draft for verdict in verdicts if (draft := self._draft(verdict)) is not None]
        made = self.journal.judge(drafts)
        if write:
            self.journal.write_tables()
        return made

    def _draft(self, verdict: Verdict) -> Draft | None:
        _check_fields(verdict.cells)
        claim = self.claim(verdict.claim)
        if verdict.listed is not None:
            _check_listed(claim, verdict.listed)
        subject: Subject = ("claim", claim.id)
        row = self.journal.present.replay.present(subject)
        base = None if row is not None else _row_of(claim)
        old = row if row is not None else base or {}
        explicit = {"state": claim.state, "credibility": str(claim.credibility)}
        if all({**explicit, **old}.get(name, "") == cell for name, cell in verdict.cells.items()):
            return None
        cells = self._reworded(claim, old, verdict.cells)
        return Draft(verdict.act, subject, cells, verdict.why, base, seen=old)

    def _reworded(self, claim: Claim, old: Cells, cells: Cells) -> Cells:
        """The cells to set, with the words that the program wrote of what was read, kept in step with it."""
        more = {}
        note = old.get("note", "")
        if note.startswith("read by ") and note.endswith(NOT_REVIEWED):
            more["note"] = note.removesuffix(NOT_REVIEWED)
        if old.get("paraphrase") == in_words(claim, self.case):
            (changed,) = claims_of_rows([Row(1, {**old, **cells})], self.case)
            more["paraphrase"] = in_words(changed, self.case)
        return {**cells, **{name: cell for name, cell in more.items() if name not in cells}}

    def add(self, cells: Cells, why: str) -> tuple[str, bool]:
        """Add a claim typed by hand; its id, and whether it is new.

        Raises:
            ClaimError: if a cell breaks a rule.
        """
        _check_fields(cells)
        row = {**_TYPED, **{name: cell for name, cell in cells.items() if cell}}
        quantity = self.case.quantities.get(row.get("quantity", ""))
        if "proposition" not in row and quantity is not None:
            row.setdefault("unit", quantity.unit)
        row = {"id": _id_of(row), **row}
        self._check([Row(1, row)])
        if self.journal.present.replay.present(("claim", row["id"])) is not None:
            return row["id"], False
        self.journal.judge([Draft("add", ("claim", row["id"]), row, why)])
        self.journal.write_tables()
        return row["id"], True

    def propose(self, claims: Iterable[Claim], why: str) -> tuple[tuple[Judgement, ...], list[str]]:
        """Record claims as proposals that nobody reviewed, and a sentence for each that breaks a rule.

        A reader that isn't asked again on later runs leaves them so. Those that are on file stay as they are.
        """
        drafts, problems = list[Draft](), list[str]()
        for claim in claims:
            if self.journal.present.replay.present(("claim", claim.id)) is not None:
                continue
            row = _row_of(claim)
            try:
                self._check([Row(1, row)])
            except ClaimError as error:
                problems.append(str(error))
                continue
            drafts.append(Draft("add", ("claim", claim.id), row, why))
        made = self.journal.judge(drafts)
        self.journal.write_tables()
        return made, problems

    def link(self, a: str, relation: str, b: str, *, same: bool, why: str) -> Judgement | None:
        """Record that two claims are linked, or that they aren't; None if that is on file.

        Raises:
            ClaimError: if one of them isn't there, or the relation is none.
        """
        for name in (a, b):
            self.claim(name)
        cells = {"a": a, "relation": relation, "b": b}
        if relation not in RELATIONS:
            thing, allowed = f"link from '{a}' to '{b}'", f"one of {', '.join(RELATIONS)}"
            remedy = suggestion(relation, RELATIONS)
            raise ClaimError(sentence(thing, "relation", relation, allowed, remedy))
        links_of_rows([Row(1, cells)], [])
        subject: Subject = ("link", f"{a} {relation} {b}")
        replay = self.journal.present.replay
        there = replay.present(subject) is not None
        if there == same and (same or replay.heads.get(subject)):
            return None
        draft = Draft("link" if same else "unlink", subject, cells if same else None, why)
        (made,) = self.journal.judge([draft])
        self.journal.write_tables()
        return made

    def undo(self, name: str | None = None) -> Judgement:
        """Take back a judgement: the one named, or one's own last one.

        Raises:
            ClaimError: if there is none, or somebody judged the same thing since.
        """
        replay = self.journal.present.replay
        done = {one.undoes for one in replay.judgements.values() if one.undoes}
        mine = [
            one.id
            for one in replay.judgements.values()
            if one.who == self.journal.who and one.act != "undo" and one.id not in done
        ]
        wanted = name or (mine[-1] if mine else "")
        one = replay.judgements.get(wanted)
        if one is None:
            allowed = "the id of a judgement in the journal"
            remedy = f"see 'qpq claims {self.name} history'"
            raise ClaimError(
                sentence(f"case '{self.name}'", "judgement", wanted or "none yet", allowed, remedy)
            )
        heads = tuple(_standing(head, replay.judgements) for head in replay.heads[one.subject])
        if heads != (one.id,):
            since = [
                replay.judgements[head] for head in heads if head in replay.judgements and head != one.id
            ]
            found = " and ".join(f"followed by {head.id} of {head.who}" for head in since) or "undone"
            remedy = "undo that one first"
            raise ClaimError(
                sentence(f"judgement {one.id}", "place", found, "the last one on its claim", remedy)
            )
        before = replay.before(one)
        if one.subject[0] == "source" and not one.parents:
            before = one.before  # sources.toml had it before the journal did
        after = None if before is None else _back(replay.present(one.subject) or {}, before)
        (made,) = self.journal.judge([Draft("undo", one.subject, after, f"undoes {one.id}", undoes=one.id)])
        self.journal.write_tables()
        return made

    def take_in(self, path: Path, *, update: bool, why: str) -> TakenIn:
        """Take the claims of a table in: new ones are added; those that differ are edited only with `update`.

        Raises:
            ClaimError: if it isn't such a table, or a row breaks a rule; then nothing is taken in.
        """
        replay = self.journal.present.replay
        drafts, same, differing = list[Draft](), list[str](), list[str]()
        for row in read_table(path):
            name = row.get("id") or _id_of(row)
            cells = {"id": name, **row}
            there = replay.present(("claim", name))
            if there is None:
                drafts.append(Draft("add", ("claim", name), cells, why))
                continue
            changed = {column: cell for column, cell in cells.items() if there.get(column, "") != cell}
            if not changed:
                same.append(name)
            elif update:
                drafts.append(Draft("edit", ("claim", name), changed, why, seen=there))
            else:
                parts = (
                    f"{column} {there.get(column, '')!r} here, {cell!r} there"
                    for column, cell in changed.items()
                )
                differing.append(f"{name}: {'; '.join(parts)}")
        made = self.journal.judge(drafts)
        self.journal.write_tables()
        return TakenIn(made, tuple(same), tuple(differing))

    def merge(self, other: str) -> tuple[Judgement, ...]:
        """Take the judgements of another copy of this case into its journal; those that were new.

        Raises:
            ClaimError: if that is no copy of this case.
        """
        fresh = self.journal.merge(lines_to_merge(Path(other), self.journal.present.replay))
        self.journal.write_tables()
        return fresh


def _standing(name: str, judgements: Mapping[str, Judgement]) -> str:
    """The judgement that stands behind one: itself, or the one before what it undoes; empty if there is none."""
    while name and (undone := judgements[name].undoes):
        parents = judgements[undone].parents
        name = parents[0] if len(parents) == 1 else ""
    return name


def _id_of(row: Cells) -> str:
    """An id for a claim that has none: it hangs on what the row says alone."""
    text = "\x1f".join(f"{name}={row[name]}" for name in sorted(row))
    return "A" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _back(now: Cells, before: Cells) -> dict[str, str]:
    return {
        name: before.get(name, "") for name in (*now, *before) if now.get(name, "") != before.get(name, "")
    }


def place_of(claim: Claim) -> tuple[object, ...]:
    """Documents by date and name, sentences in their order, and claims without a place at the end."""
    if not claim.appearances:
        return (1, "", "", 0, claim.id)
    first = claim.appearances[0]
    day = first.published.end.isoformat() if first.published else ""
    return (0, day, first.document, first.sentence.start, claim.id)


def _row_of(claim: Claim) -> dict[str, str]:
    """The row of a claim that was read by machine."""
    cells = listed_cells(claim)
    if claim.appearances:
        cells[READ_AS] = read_as(claim.appearances[0])
    cells[UNCHECKED] = claim.extra.get(UNCHECKED, "")
    return {name: cell for name, cell in cells.items() if cell}


def _check_listed(claim: Claim, listed: Cells) -> None:
    now = listed_cells(claim)
    changed = [name for name, cell in listed.items() if name in now and now[name] != cell]
    if changed:
        column = changed[0]
        allowed = f"{listed[column]!r}, as it was listed"
        remedy = "list it once more, and judge it as it is"
        raise ClaimError(sentence(f"claim '{claim.id}'", column, now[column], allowed, remedy))


def _check_fields(cells: Mapping[str, str]) -> None:
    for name in cells:
        if name not in _EDITABLE:
            allowed = f"one of {', '.join(_EDITABLE)}"
            raise ClaimError(sentence("claim", "field", name, allowed, suggestion(name, _EDITABLE)))


def _no_claim(case: str, name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names)[:5000], n=1)  # of more it would take seconds
    remedy = f"name {close[0]!r} if you mean that one" if close else f"see 'qpq claims {case} list'"
    return sentence(f"case '{case}'", "claim", name, "the id of one of its claims", remedy)
