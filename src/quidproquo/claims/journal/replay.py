"""From judgements to the present state of every claim and link, whoever judged in which order.

The judgements on one thing form a graph: each names the ones before it. Where two people judged the same state
of a thing without knowing of each other, what both leave alone or change alike is taken from either; a cell
that they change differently is in dispute. It keeps the value that it had before both, until somebody judges it
knowing both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quidproquo.claims.journal.record import JOURNAL, Cells, Judgement, Subject
from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["ROW", "Dispute", "Replay", "changes", "dispute_sentence"]

ROW = "row"
"""What is in dispute where one side takes a row away and the other changes it."""


@dataclass(frozen=True)
class Dispute:
    """A cell that judgements set differently without knowing of each other; `kept` is the value in force."""

    subject: Subject
    column: str
    kept: str
    sides: tuple[tuple[str, str], ...]
    """Who, and the value that they set ("" where they leave it empty or take the row away)."""


def changes(old: Cells | None, new: Cells | None) -> tuple[Cells | None, Cells | None]:
    """The cells in which two states of a row differ, as they were and as they are; None for no row."""
    if old is None or new is None:
        return (None if old is None else dict(old)), (None if new is None else dict(new))
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name, "") != new.get(name, "")]
    return {name: old.get(name, "") for name in names}, {name: new.get(name, "") for name in names}


def dispute_sentence(dispute: Dispute) -> str:
    """What to say of a cell that two people set differently."""
    kind, name = dispute.subject
    found = ", ".join(f"{value!r} ({who})" for who, value in dispute.sides)
    allowed = f"one value (until then it stays {dispute.kept!r})"
    return sentence(f"{kind} '{name}'", dispute.column, f"in dispute: {found}", allowed, "judge it once more")


class Replay:
    """The state that judgements make of the rows that were there before the first of them."""

    def __init__(self, start: Mapping[Subject, Cells]) -> None:
        self._start = start
        self._states: dict[str, Cells | None] = {}
        self._merged: dict[Subject, tuple[Cells | None, tuple[Dispute, ...]]] = {}
        self.judgements: dict[str, Judgement] = {}
        self.heads: dict[Subject, tuple[str, ...]] = {}

    def apply(self, judgements: Iterable[Judgement]) -> None:
        """Take further judgements into account; those that are known already change nothing.

        Raises:
            ClaimError: if one follows a judgement that the journal doesn't have.
        """
        for one in judgements:
            if one.id in self.judgements:
                continue
            missing = [name for name in one.parents if name not in self.judgements]
            if missing:
                remedy = "restore the line from a copy of the journal"
                thing = f"{JOURNAL}: judgement {one.id}"
                raise ClaimError(sentence(thing, "parents", missing[0], "ids of lines before it", remedy))
            base = self._together(one.subject, one.parents)[0] if one.parents else self._first(one)
            self._states[one.id] = None if one.after is None else _changed(base, one.after)
            self.judgements[one.id] = one
            others = tuple(name for name in self.heads.get(one.subject, ()) if name not in one.parents)
            self.heads[one.subject] = (*others, one.id)
            self._merged.pop(one.subject, None)

    @property
    def beginning(self) -> Mapping[Subject, Cells]:
        """The rows as they were before the first judgement."""
        return self._start

    def present(self, subject: Subject) -> Cells | None:
        """The row as it is; None if there is none."""
        return self._present(subject)[0]

    def before(self, judgement: Judgement) -> Cells | None:
        """The row as it was before a judgement."""
        if judgement.parents:
            return self._together(judgement.subject, judgement.parents)[0]
        return self._start.get(judgement.subject)

    def rows(self, kind: str) -> dict[str, Cells]:
        """All present rows of a kind by name: first those of the start in their order, then those added."""
        subjects = [subject for subject in self._start if subject[0] == kind]
        subjects += [subject for subject in self.heads if subject[0] == kind and subject not in self._start]
        found = {subject[1]: self.present(subject) for subject in subjects}
        return {name: cells for name, cells in found.items() if cells is not None}

    def disputes(self) -> tuple[Dispute, ...]:
        """Everything that is in dispute."""
        several = [subject for subject, heads in self.heads.items() if len(heads) > 1]
        return tuple(dispute for subject in several for dispute in self._present(subject)[1])

    def _present(self, subject: Subject) -> tuple[Cells | None, tuple[Dispute, ...]]:
        heads = self.heads.get(subject, ())
        if not heads:
            return self._start.get(subject), ()
        if len(heads) == 1:
            return self._states[heads[0]], ()
        if subject not in self._merged:
            self._merged[subject] = self._together(subject, heads)
        return self._merged[subject]

    def _first(self, judgement: Judgement) -> Cells | None:
        """What a judgement without forerunners was made on: a row of the start, or one read by machine."""
        known = self._start.get(judgement.subject)
        return judgement.before if known is None else known

    def _together(self, subject: Subject, heads: Sequence[str]) -> tuple[Cells | None, tuple[Dispute, ...]]:
        if len(heads) == 1:
            return self._states[heads[0]], ()
        base = self._common(heads)
        states = [self._states[name] for name in heads]
        who = [self.judgements[name].who for name in heads]
        if None in states or base is None:
            if all(state == states[0] for state in states):
                return states[0], ()
            if base is not None:
                return base, (Dispute(subject, ROW, "kept", _sides(who, states)),)
        return _joined(subject, base or {}, states, who)

    def _common(self, heads: Sequence[str]) -> Cells | None:
        """The state before the sides part: that after the last judgement which all of them follow."""
        behind = [self._behind(name) for name in heads]
        shared = set.intersection(*behind)
        if shared:
            order = {name: place for place, name in enumerate(self.judgements)}
            return self._states[max(shared, key=order.__getitem__)]
        first = min(set.union(*behind), key=list(self.judgements).index)
        return self._first(self.judgements[first])

    def _behind(self, name: str) -> set[str]:
        todo, found = [name], set()
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo.extend(self.judgements[one].parents)
        return found


def _changed(base: Cells | None, after: Cells) -> Cells:
    return {name: cell for name, cell in {**(base or {}), **after}.items() if cell}


def _sides(who: Sequence[str], states: Sequence[Cells | None]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, "removed" if state is None else "kept") for name, state in zip(who, states, strict=True)
    )


def _joined(
    subject: Subject, base: Cells, states: Sequence[Cells | None], who: Sequence[str]
) -> tuple[Cells, tuple[Dispute, ...]]:
    """Cells that one side alone changed, or all alike, are taken; the others keep the value before."""
    rows = [state or {} for state in states]
    cells, disputes = dict(base), []
    for column in dict.fromkeys((*base, *(name for row in rows for name in row))):
        old = base.get(column, "")
        new = {row.get(column, "") for row in rows} - {old}
        if len(new) == 1:
            cells[column] = new.pop()
        elif new:
            sides = tuple((name, row.get(column, "")) for name, row in zip(who, rows, strict=True))
            disputes.append(Dispute(subject, column, old, sides))
    return {name: cell for name, cell in cells.items() if cell}, tuple(disputes)
