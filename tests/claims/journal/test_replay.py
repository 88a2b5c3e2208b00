"""From judgements to the present state: planted histories, and histories drawn at random."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.claims.journal.record import Judgement, TablesWritten, parse_line
from quidproquo.claims.journal.replay import ROW, Dispute, Replay, changes
from quidproquo.terms.errors import ClaimError

C1 = ("claim", "C1")
ROWS = {C1: {"id": "C1", "value": "1500", "state": "proposed"}}
_tick = count()


def judged(replay: Replay, who: str, after: dict[str, str] | None, **more: object) -> Judgement:
    """A judgement on C1 by somebody who knows all that `replay` knows."""
    subject = more.get("subject", C1)
    old = replay.present(subject)
    new = None if after is None else {**(old or {}), **after}
    was, now = changes(old, new)
    parents = replay.heads.get(subject, ())
    return Judgement(f"t{next(_tick):04}", who, "edit", subject, "", was, now, parents)


def test_one_after_the_other() -> None:
    replay = Replay(ROWS)
    replay.apply([judged(replay, "ana", {"state": "accepted"})])
    replay.apply([judged(replay, "ben", {"value": "3000"})])
    assert replay.present(C1) == {"id": "C1", "value": "3000", "state": "accepted"}
    assert replay.disputes() == ()


def test_an_emptied_cell_is_gone_and_a_removed_row_too() -> None:
    replay = Replay(ROWS)
    replay.apply([judged(replay, "ana", {"value": ""})])
    assert replay.present(C1) == {"id": "C1", "state": "proposed"}
    replay.apply([judged(replay, "ana", None)])
    assert replay.present(C1) is None
    assert replay.rows("claim") == {}


def two_sides(a: dict[str, str] | None, b: dict[str, str] | None) -> tuple[Judgement, Judgement]:
    return judged(Replay(ROWS), "ana", a), judged(Replay(ROWS), "ben", b)


def test_different_cells_are_joined() -> None:
    a, b = two_sides({"value": "3000"}, {"state": "accepted"})
    for order in ([a, b], [b, a]):
        replay = Replay(ROWS)
        replay.apply(order)
        assert replay.present(C1) == {"id": "C1", "value": "3000", "state": "accepted"}
        assert replay.disputes() == ()


def test_the_same_verdict_twice_is_no_dispute() -> None:
    replay = Replay(ROWS)
    replay.apply(two_sides({"state": "accepted"}, {"state": "accepted"}))
    assert replay.present(C1)["state"] == "accepted"
    assert replay.disputes() == ()


def test_what_two_set_differently_keeps_its_value_and_is_shown_until_it_is_settled() -> None:
    a, b = two_sides({"state": "accepted", "value": "1600"}, {"state": "rejected", "value": "1600"})
    replay = Replay(ROWS)
    replay.apply([a, b])
    assert replay.present(C1) == {"id": "C1", "value": "1600", "state": "proposed"}
    (dispute,) = replay.disputes()
    assert dispute == Dispute(C1, "state", "proposed", (("ana", "accepted"), ("ben", "rejected")))
    replay.apply([judged(replay, "eva", {"state": "accepted"})])
    assert replay.disputes() == ()
    assert replay.present(C1) == {"id": "C1", "value": "1600", "state": "accepted"}


def test_one_takes_the_row_away_and_the_other_edits_it() -> None:
    replay = Replay(ROWS)
    replay.apply(two_sides(None, {"value": "3000"}))
    assert replay.present(C1) == ROWS[C1]
    assert [(d.column, d.sides) for d in replay.disputes()] == [(ROW, (("ana", "removed"), ("ben", "kept")))]


def test_a_claim_read_by_machine_that_two_people_judge() -> None:
    subject = ("claim", "R1")
    read = {"id": "R1", "value": "7", "state": "proposed"}
    sides = [
        Judgement("t", who, "accept", subject, "", read, {"state": state}, ())
        for who, state in (("ana", "accepted"), ("ben", "rejected"))
    ]
    replay = Replay({})
    replay.apply(sides)
    assert replay.present(subject) == read
    assert [dispute.column for dispute in replay.disputes()] == ["state"]


def test_a_missing_forerunner_is_named() -> None:
    replay = Replay(ROWS)
    first = judged(replay, "ana", {"value": "2"})
    replay.apply([first])
    second = judged(replay, "ana", {"value": "3"})
    with pytest.raises(ClaimError, match=f"parents is '{first.id}', but it must be ids of lines before it"):
        Replay(ROWS).apply([second])


CELLS = st.dictionaries(
    st.sampled_from(["value", "state", "note"]), st.sampled_from(["", "1", "2", "3"]), min_size=1
)
STEPS = st.lists(st.tuples(st.sampled_from("AB"), st.one_of(st.none(), CELLS)), max_size=8)


def histories(steps: list[tuple[str, dict[str, str] | None]]) -> dict[str, list[Judgement]]:
    """What two people judge who don't hear of each other."""
    found: dict[str, list[Judgement]] = {}
    for who in "AB":
        replay, found[who] = Replay(ROWS), []
        for one, after in steps:
            if one == who:
                made = judged(replay, who, after)
                replay.apply([made])
                found[who].append(made)
    return found


@given(STEPS)
def test_merging_is_the_same_from_both_sides_and_twice_changes_nothing(steps) -> None:
    made = histories(steps)
    ab, ba = Replay(ROWS), Replay(ROWS)
    ab.apply([*made["A"], *made["B"]])
    ba.apply([*made["B"], *made["A"], *made["B"], *made["A"]])
    assert ab.present(C1) == ba.present(C1)
    as_set = [{(d.subject, d.column, d.kept, frozenset(d.sides)) for d in r.disputes()} for r in (ab, ba)]
    assert as_set[0] == as_set[1]


@given(STEPS)
def test_a_cell_is_never_what_nobody_set_and_a_dispute_names_both(steps) -> None:
    made = histories(steps)
    both = Replay(ROWS)
    both.apply([*made["A"], *made["B"]])
    ends = []
    for who in "AB":
        alone = Replay(ROWS)
        alone.apply(made[who])
        ends.append(alone.present(C1))
    in_dispute = {dispute.column for dispute in both.disputes()}
    if None in ends:
        return
    for column in ("value", "state", "note"):
        old, mine, theirs = (row.get(column, "") for row in (ROWS[C1], *ends))
        now = (both.present(C1) or {}).get(column, "")
        if mine == theirs:
            assert now == mine
        elif old in (mine, theirs):
            assert now == (theirs if mine == old else mine)
        else:
            assert column in in_dispute
            assert now == old


TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)


@given(TEXTS, TEXTS, st.one_of(st.none(), st.dictionaries(TEXTS, TEXTS, max_size=3)))
def test_a_line_is_read_as_it_was_written(who: str, why: str, after: dict[str, str] | None) -> None:
    one = Judgement("t", who, "edit", ("claim", "C1"), why, {"value": "1"}, after, ("abc",), "xyz")
    line = one.line()
    assert "\n" not in line
    data = line.encode("utf-8", "surrogatepass")
    read = parse_line(data, 1)
    assert read == one
    assert read.id == one.id


def test_lines_that_are_none() -> None:
    one = Judgement("t", "ana", "edit", C1, "", {"value": "1"}, {"value": "2"}).line()
    mark = TablesWritten("t", {"claims.csv": "0" * 64}).line()
    assert parse_line(mark.encode(), 1) == TablesWritten("t", {"claims.csv": "0" * 64})
    for damaged, field in (
        (one[:-1], "text"),
        ("7", "text"),
        ("[]", "text"),
        (one.replace("ana", "eva"), "id"),
    ):
        with pytest.raises(ClaimError, match=f"journal.jsonl: line 4: {field} is .*, but it must be .*; "):
            parse_line(damaged.encode(), 4)
