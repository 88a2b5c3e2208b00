"""Judging in a case folder: the journal first, then the tables that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from quidproquo.cases.csv_rows import Row, rows_as_text
from quidproquo.claims.journal.lines import (
    OpenJournal,
    open_alone,
    read_lines,
    replace_file,
    unwritable,
)
from quidproquo.claims.journal.present import TABLES, Present, Table, combine, hashes
from quidproquo.claims.journal.record import JOURNAL, Draft, Judgement, Line, Subject, TablesWritten
from quidproquo.claims.journal.replay import changes
from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["JOURNAL", "CaseJournal", "now"]

_COPIES = "snapshots"
Check = Callable[[list[Row]], object]


def now() -> str:
    """The present time, in UTC to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class CaseJournal:
    """The judgements on the claims and links of a case folder, for one author.

    What is judged is on the disk when `judge` returns. The tables follow with `write_tables`; until then, and
    if it is never called, whoever reads the folder has the judgements from the journal. Nothing is kept open in
    between, so several people can judge at the same time. `notes` are sentences on what was found and mended.
    """

    def __init__(self, folder: Path, who: str, check: Check) -> None:
        """`check` raises for rows of claims.csv that break a rule; edits by hand are taken up if it doesn't.

        Raises:
            InputError: if the folder can't be written, or a file of it is wrong.
        """
        self.folder, self.who, self.notes = folder, who, list[str]()
        self._check = check
        self._lines: list[Line] = []
        self._end = 0
        self._present = Present(combine(folder, ()).replay, {})
        with self._alone():
            pass

    @property
    def present(self) -> Present:
        """What counts, as it was when the journal was last open."""
        return self._present

    def judge(self, drafts: Sequence[Draft]) -> tuple[Judgement, ...]:
        """Record judgements, all or none, and wait until the disk has them.

        Raises:
            ClaimError: if what somebody judged isn't what is there any more, or breaks a rule.
            InputError: if the disk doesn't take it.
        """
        with self._alone() as journal:
            made = tuple(self._judgement(draft) for draft in drafts)
            self._add(journal, made)
            return made

    def merge(self, judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
        """Add another journal's judgements to this one; those it doesn't have are given back."""
        with self._alone() as journal:
            known = self._present.replay.judgements
            fresh = tuple(one for one in judgements if one.id not in known)
            self._add(journal, fresh)
            return fresh

    def write_tables(self) -> None:
        """Write the tables as the journal makes them, if they differ.

        Raises:
            InputError: if one can't be written; the judgements are kept all the same.
        """
        with self._alone() as journal:
            self._write(journal)

    def _write(self, journal: OpenJournal) -> None:
        if not self._lines:
            return
        for table in TABLES:
            data = self._bytes(table)
            if data is not None:
                replace_file(self.folder / table.file, data)
        found = hashes(self.folder)
        if self._mark != found:
            self._append(journal, [TablesWritten(now(), found)])

    @contextmanager
    def _alone(self) -> Iterator[OpenJournal]:
        """Open the journal alone, with what others and editors of the tables have judged in the meantime."""
        with open_alone(self.folder / JOURNAL) as journal:
            read = read_lines(journal.path, self._end, len(self._lines))
            if note := journal.mend(read):
                self.notes.append(note)
            self._lines += read.lines
            self._end = journal.size
            edited = bool(self._lines) and self._mark != hashes(self.folder)
            if read.lines or edited or not self._present.headers:
                self._present = combine(self.folder, self._lines, self.who, now())
            if by_hand := self._present.by_hand:
                self._check(self._present.rows("claim"))
                self._append(journal, by_hand)
                rows = "1 row" if len(by_hand) == 1 else f"{len(by_hand)} rows"
                self.notes.append(f"Taken up as judgements of {self.who}: {rows} edited by hand.")
            if edited:
                self._write(journal)
                self._present = combine(self.folder, self._lines)
            yield journal

    @property
    def _mark(self) -> Mapping[str, str]:
        """Hashes of the tables as they were last written."""
        marks = (line.sha256 for line in reversed(self._lines) if isinstance(line, TablesWritten))
        return next(marks, {})

    def _add(self, journal: OpenJournal, made: Sequence[Judgement]) -> None:
        if not made:
            return
        replay = self._present.replay
        try:
            replay.apply(made)
            touched = dict.fromkeys(one.subject for one in made if one.subject[0] == "claim")
            rows = [cells for subject in touched if (cells := replay.present(subject)) is not None]
            self._check([Row(number, cells) for number, cells in enumerate(rows, start=1)])
            if not self._lines:
                self._append(journal, [self._beginning()])
            self._append(journal, made)
        except BaseException:
            self._present = combine(self.folder, self._lines)
            raise

    def _append(self, journal: OpenJournal, lines: Sequence[Line]) -> None:
        journal.append(lines)
        self._lines += lines
        self._end = journal.size

    def _beginning(self) -> TablesWritten:
        """Keep the tables as they are, and the line that names their copies."""
        copies = {}
        found = hashes(self.folder)
        for table in TABLES:
            if table.file in found:
                data = (self.folder / table.file).read_bytes()
                stem, _, ending = table.file.partition(".")
                copies[table.file] = f"{_COPIES}/{stem}-{found[table.file][:16]}.{ending}"
                path = self.folder / copies[table.file]
                try:
                    path.parent.mkdir(exist_ok=True)
                except OSError as error:
                    raise unwritable(
                        path.parent, error, "allow writing to the folder, and repeat it"
                    ) from error
                replace_file(path, data)
        return TablesWritten(now(), found, copies)

    def _judgement(self, draft: Draft) -> Judgement:
        replay = self._present.replay
        there = replay.present(draft.subject)
        parents = replay.heads.get(draft.subject, ())
        old = draft.base if there is None else there
        if draft.seen is not None and (old or {}) != draft.seen:
            raise self._judged_since(draft.subject)
        new = None if draft.after is None else {**(old or {}), **draft.after}
        # a row that was taken away and is read again is there as a whole
        before, after = changes(there if parents else old, new)
        if there is None and not parents:
            before = old  # a claim read by machine is on file nowhere else
        return Judgement(
            now(), self.who, draft.act, draft.subject, draft.why, before, after, parents, draft.undoes
        )

    def _judged_since(self, subject: Subject) -> ClaimError:
        heads = self._present.replay.heads.get(subject, ())
        who = " and ".join(self._present.replay.judgements[name].who for name in heads)
        found = f"judged by {who} in the meantime" if who else "changed in the meantime"
        thing = f"{subject[0]} '{subject[1]}'"
        return ClaimError(
            sentence(thing, "state", found, "as it was listed", "list it, and judge it as it is")
        )

    def _bytes(self, table: Table) -> bytes | None:
        """The bytes of a table as it should be; None where none is needed."""
        rows = self._present.replay.rows(table.kind)
        path = self.folder / table.file
        if not rows and not path.is_file():
            return None
        header = list(self._present.headers[table.kind])
        header += sorted({name for cells in rows.values() for name in cells} - set(header))
        text = rows_as_text(header, ([cells.get(name, "") for name in header] for cells in rows.values()))
        data = text.encode("utf-8")
        return None if path.is_file() and path.read_bytes() == data else data
