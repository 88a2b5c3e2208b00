"""Bringing another person's judgements on the same case into one's own journal."""

from __future__ import annotations

from pathlib import Path

from quidproquo.claims.journal.present import read_present
from quidproquo.claims.journal.record import JOURNAL, Judgement
from quidproquo.claims.journal.replay import Replay
from quidproquo.terms.errors import ClaimError, sentence

__all__ = ["lines_to_merge"]


def lines_to_merge(folder: Path, mine: Replay) -> tuple[Judgement, ...]:
    """The judgements of the case in `folder`, those made by editing its tables left aside.

    Raises:
        ClaimError: if it has no journal, or judged rows that were other ones before the first judgement.
    """
    if not (folder / JOURNAL).is_file():
        thing = f"case folder '{folder}'"
        raise ClaimError(
            sentence(thing, JOURNAL, "missing", "the journal of another copy of this case", "name it")
        )
    other = read_present(folder)
    by_hand = {one.id for one in other.by_hand}
    found = [one for one in other.replay.judgements.values() if one.id not in by_hand]
    for one in found:
        theirs, ours = other.replay.beginning.get(one.subject), mine.beginning.get(one.subject)
        if theirs != ours:
            kind, name = one.subject
            allowed = "the same in both cases before the first judgement"
            remedy = "make both tables agree on that row, or judge it anew"
            state = (
                "missing here" if ours is None else "missing there" if theirs is None else "another one there"
            )
            raise ClaimError(sentence(f"{kind} '{name}'", "row", state, allowed, remedy))
    return tuple(found)
