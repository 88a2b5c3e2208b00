"""What the tables of a case folder and its journal say together.

The journal is what counts. The tables show it, and may lag behind it when a command was interrupted; and people
edit them. So three versions of a row are compared: as the journal makes it at the last line that says that the
tables were written, as the journal makes it now, and as the table has it. What the table has differently from
both was edited by hand: a judgement that is not in the journal yet.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quidproquo.cases.csv_rows import Row, read_rows
from quidproquo.claims.journal.lines import Read, read_lines, torn_note
from quidproquo.claims.journal.record import (
    JOURNAL,
    Act,
    Cells,
    Judgement,
    Kind,
    Line,
    Subject,
    TablesWritten,
)
from quidproquo.claims.journal.replay import Dispute, Replay, changes
from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["TABLES", "Present", "Table", "combine", "hash_of", "hashes", "read_present", "rows_of"]

_BY_HAND = "edited by hand"


@dataclass(frozen=True)
class Table:
    """A table of a case folder whose rows are judged: its kind of row, and the columns that name one."""

    file: str
    kind: Kind
    key: tuple[str, ...]
    what: str
    required: bool

    def name(self, cells: Cells) -> str:
        """The name of a row."""
        return " ".join(cells.get(column, "") for column in self.key)


TABLES = (
    Table("claims.csv", "claim", ("id",), "claim table", required=True),
    Table("links.csv", "link", ("a", "relation", "b"), "link table", required=False),
)


@dataclass(frozen=True)
class Present:
    """The rows of both tables by name, as they count now.

    `by_hand` are the judgements that somebody made by editing a table and that the journal doesn't have yet;
    they count in `replay`. `notes` are sentences on what was found.
    """

    replay: Replay
    headers: Mapping[Kind, tuple[str, ...]]
    by_hand: tuple[Judgement, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """Cells that two people set differently."""
        return self.replay.disputes()

    def rows(self, kind: Kind) -> list[Row]:
        """The rows of a table."""
        return [Row(number, cells) for number, cells in enumerate(self.replay.rows(kind).values(), start=1)]


def read_present(folder: Path) -> Present:
    """What counts in a case folder now; nothing is written.

    Raises:
        ClaimError: if a table or the journal can't be read.
    """
    read = read_lines(folder / JOURNAL) if (folder / JOURNAL).is_file() else Read((), 0)
    found = combine(folder, read.lines)
    return replace(found, notes=(torn_note(read.torn),) if read.torn else ())


def combine(folder: Path, lines: Sequence[Line], who: str = _BY_HAND, when: str = "") -> Present:
    """Put the lines of a journal and the tables of its folder together.

    Edits by hand are judgements of `who` at `when`.

    Raises:
        ClaimError: if a table can't be read, or the journal misses a line or the copy of a table.
    """
    headers = {table.kind: header_of(folder / table.file, table) for table in TABLES}
    if not lines:
        rows = {table.kind: rows_of(folder / table.file, table) for table in TABLES}
        return Present(Replay(_subjects(rows)), headers)
    now = Replay(_start(folder, lines))
    now.apply(line for line in lines if isinstance(line, Judgement))
    written = max(place for place, line in enumerate(lines) if isinstance(line, TablesWritten))
    mark = lines[written]
    assert isinstance(mark, TablesWritten)
    by_hand: list[Judgement] = []
    for table in TABLES:
        if mark.sha256.get(table.file, "") != hash_of(folder / table.file):
            then = Replay(now.beginning)
            then.apply(line for line in lines[:written] if isinstance(line, Judgement))
            by_hand += _edits(table, rows_of(folder / table.file, table), then, now, (who, when))
    now.apply(by_hand)
    return Present(now, headers, tuple(by_hand))


def _subjects(rows: Mapping[Kind, Mapping[str, Cells]]) -> dict[Subject, Cells]:
    return {(kind, name): cells for kind, some in rows.items() for name, cells in some.items()}


def _start(folder: Path, lines: Sequence[Line]) -> dict[Subject, Cells]:
    """The rows as they were before the first judgement."""
    first = lines[0]
    if not isinstance(first, TablesWritten):
        remedy = "restore the first line from a copy of the journal"
        raise ClaimError(sentence(JOURNAL, "first line", first.act, "the one that names the tables", remedy))
    rows: dict[Kind, Mapping[str, Cells]] = {}
    for table in TABLES:
        if table.file not in first.copies:
            continue
        path = folder / first.copies[table.file]
        if hash_of(path) != first.sha256[table.file]:
            found = "another text than the journal names" if path.is_file() else "missing"
            allowed = f"the copy of {table.file} from before the first judgement"
            raise ClaimError(sentence(JOURNAL, first.copies[table.file], found, allowed, "restore that file"))
        rows[table.kind] = rows_of(path, table)
    return _subjects(rows)


def rows_of(path: Path, table: Table) -> dict[str, Cells]:
    """Rows of a table by name, without empty cells; none for a missing one that may be missing.

    Raises:
        ClaimError: if it is no such table, or two rows have one name.
    """
    if not table.required and not path.is_file():
        return {}
    rows: dict[str, Cells] = {}
    for row in read_rows(path, table.key, table.what):
        name = table.name(row.cells)
        if table.kind == "claim" and (not name or name in rows):
            thing = f"{path.name}: row {row.number}"
            allowed = "a name that no other row has"
            raise ClaimError(sentence(thing, "id", name, allowed, "give the row one of its own"))
        rows[name] = {column: cell for column, cell in row.cells.items() if cell}
    return rows


def header_of(path: Path, table: Table) -> tuple[str, ...]:
    """The columns of a table."""
    if not path.is_file():
        return table.key
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return tuple(name.strip() for name in next(csv.reader(file), table.key))


def _edits(
    table: Table, file: Mapping[str, Cells], then: Replay, now: Replay, author: tuple[str, str]
) -> Iterator[Judgement]:
    """Judgements that were made by editing a table, each with those that its author knew."""
    who, when = author
    before, after = then.rows(table.kind), now.rows(table.kind)
    for name in dict.fromkeys((*file, *before)):
        mine, old = file.get(name), before.get(name)
        if mine in (old, after.get(name)):
            continue
        subject: Subject = (table.kind, name)
        was, new = changes(old, mine)
        act: Act = "remove" if mine is None else ("add" if old is None else "edit")
        why = f"{table.file} was edited by hand"
        yield Judgement(when, who, act, subject, why, was, new, then.heads.get(subject, ()))


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes; empty if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of the tables of a folder."""
    return {table.file: found for table in TABLES if (found := hash_of(folder / table.file))}
