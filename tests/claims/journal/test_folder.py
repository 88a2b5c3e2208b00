"""Judging in a folder: nothing that was confirmed is lost, whatever fails and whoever writes."""

from __future__ import annotations

import csv
import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.claims.factory import ROW, make_case, write_table

from quidproquo.claims.journal import CaseJournal, Draft, lines_to_merge, read_present
from quidproquo.claims.load import claims_of_rows
from quidproquo.terms.errors import ClaimError, InputError

ROOT = Path(__file__).parents[3]
CASE = make_case()


def check(rows: object) -> object:
    return claims_of_rows(rows, CASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "case")


def make_folder(path: Path, rows: int = 3) -> Path:
    path.mkdir()
    write_table(path / "claims.csv", *(ROW | {"id": f"C{n}"} for n in range(1, rows + 1)))
    return path


def opened(folder: Path, who: str = "ana") -> CaseJournal:
    return CaseJournal(folder, who, check)


def states(folder: Path) -> dict[str, str]:
    return {row.cells["id"]: row.cells.get("state", "") for row in read_present(folder).rows("claim")}


def accept(name: str) -> Draft:
    return Draft("accept", ("claim", name), {"state": "accepted"}, "seen")


def in_table(folder: Path) -> list[dict[str, str]]:
    with (folder / "claims.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def edit_table(folder: Path, name: str, **cells: str) -> None:
    rows = [row | cells if row["id"] == name else row for row in in_table(folder)]
    write_table(folder / "claims.csv", *rows, header=tuple(rows[0]))


def test_a_folder_without_judgements_is_as_its_table_says(folder: Path) -> None:
    assert states(folder) == {"C1": "", "C2": "", "C3": ""}
    assert not (folder / "journal.jsonl").exists()


def test_what_is_judged_counts_at_once_and_is_in_the_table_afterwards(folder: Path) -> None:
    journal = opened(folder)
    (made,) = journal.judge([accept("C2")])
    assert (made.who, made.act, made.before, made.after) == (
        "ana", "accept", {"state": ""}, {"state": "accepted"},
    )  # fmt: skip
    assert states(folder) == {"C1": "", "C2": "accepted", "C3": ""}
    journal.write_tables()
    assert [row["state"] for row in in_table(folder)] == ["", "accepted", ""]
    assert states(folder) == {"C1": "", "C2": "accepted", "C3": ""}


def test_all_judgements_of_a_call_or_none(folder: Path) -> None:
    journal = opened(folder)
    wrong = Draft("edit", ("claim", "C3"), {"value": "many"})
    with pytest.raises(ClaimError, match="claim 'C3': value is 'many', but it must be a number"):
        journal.judge([accept("C1"), wrong])
    assert states(folder) == {"C1": "", "C2": "", "C3": ""}
    assert journal.judge([accept("C1")])


def test_a_claim_that_was_judged_since_it_was_listed(folder: Path) -> None:
    journal = opened(folder)
    listed = journal.present.replay.present(("claim", "C1"))
    opened(folder, "ben").judge([Draft("edit", ("claim", "C1"), {"value": "20000"})])
    with pytest.raises(
        ClaimError, match="state is 'judged by ben in the meantime', but it must be as it was"
    ):
        journal.judge([Draft("accept", ("claim", "C1"), {"state": "accepted"}, seen=listed)])
    assert states(folder)["C1"] == ""


def test_a_cell_edited_by_hand_is_a_judgement(folder: Path) -> None:
    journal = opened(folder)
    journal.judge([accept("C2")])
    journal.write_tables()
    edit_table(folder, "C1", value="19000")
    assert read_present(folder).replay.present(("claim", "C1"))["value"] == "19000"
    again = opened(folder, "ben")
    assert again.notes == ["Taken up as judgements of ben: 1 row edited by hand."]
    made = list(again.present.replay.judgements.values())[-1]
    assert (made.who, made.before, made.after) == ("ben", {"value": "18000"}, {"value": "19000"})
    assert made.why == "claims.csv was edited by hand"
    assert opened(folder).notes == []


def test_a_row_added_or_taken_away_by_hand(folder: Path) -> None:
    opened(folder).judge([accept("C2")])
    opened(folder)
    rows = in_table(folder)
    write_table(folder / "claims.csv", *rows[1:], rows[0] | {"id": "C9"}, header=tuple(rows[0]))
    assert list(states(folder)) == ["C2", "C3", "C9"]
    last = list(opened(folder).present.replay.judgements.values())[-2:]
    assert {(one.act, one.subject[1]) for one in last} == {("add", "C9"), ("remove", "C1")}
    assert list(states(folder)) == ["C2", "C3", "C9"]


def test_an_edit_by_hand_that_breaks_a_rule_is_refused_and_stays_in_the_table(folder: Path) -> None:
    opened(folder).judge([accept("C2")])
    opened(folder)
    edit_table(folder, "C1", value="many")
    with pytest.raises(ClaimError, match=r"claims.csv: claim 'C1': value is 'many'"):
        opened(folder)
    assert in_table(folder)[0]["value"] == "many"


def test_a_table_that_lags_behind_is_no_edit(folder: Path) -> None:
    """As after a kill between the judgement and the table: old cells in it revert nothing."""
    opened(folder).judge([accept("C1"), accept("C2")])
    edit_table(folder, "C3", value="19000")  # somebody edits the table that lags behind
    journal = opened(folder)
    assert journal.notes == ["Taken up as judgements of ana: 1 row edited by hand."]
    assert states(folder) == {"C1": "accepted", "C2": "accepted", "C3": ""}
    assert [(row["state"], row["value"]) for row in in_table(folder)] == [
        ("accepted", "18000"), ("accepted", "18000"), ("", "19000"),
    ]  # fmt: skip


def test_an_edit_of_a_cell_that_was_judged_since_is_in_dispute(folder: Path) -> None:
    journal = opened(folder)
    journal.judge([accept("C1")])
    journal.write_tables()
    journal.judge([Draft("edit", ("claim", "C1"), {"value": "20000"})])
    edit_table(folder, "C1", value="21000")  # the table still had 18000
    (dispute,) = opened(folder, "ben").present.disputes
    assert (dispute.column, dispute.kept) == ("value", "18000")
    assert set(dispute.sides) == {("ana", "20000"), ("ben", "21000")}


def test_a_torn_last_line_is_reported_and_put_aside(folder: Path) -> None:
    opened(folder).judge([accept("C1")])
    path = folder / "journal.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "0123", "when": "20')
    (note,) = read_present(folder).notes
    assert note.startswith('journal.jsonl: last line is \'{"id": "0123", "when": "20…\', but it must be')
    assert opened(folder).notes == [note]
    assert path.read_bytes().startswith(whole)
    assert (folder / "journal.torn").read_bytes() == b'{"id": "0123", "when": "20\n'
    assert opened(folder).notes == []
    assert states(folder)["C1"] == "accepted"


def test_a_last_line_that_lacks_only_its_end_is_kept(folder: Path) -> None:
    opened(folder).judge([accept("C1")])
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert states(folder)["C1"] == "accepted"
    opened(folder).judge([accept("C2")])
    assert states(folder) == {"C1": "accepted", "C2": "accepted", "C3": ""}
    assert all(json.loads(line) for line in path.read_text("utf-8").splitlines())


def test_a_damaged_line_is_named(folder: Path) -> None:
    opened(folder).judge([accept("C1"), accept("C2")])
    path = folder / "journal.jsonl"
    path.write_text(path.read_text("utf-8").replace('"C1"', '"C7"'), "utf-8")
    with pytest.raises(
        ClaimError, match=r"journal.jsonl: line 2: id is '\w+', but it must be '\w+', the check"
    ):
        read_present(folder)


def test_the_copies_from_before_the_first_judgement_are_needed(folder: Path) -> None:
    opened(folder).judge([accept("C1")])
    (copy,) = (folder / "snapshots").iterdir()
    copy.write_text("id\nC1\n", "utf-8")
    with pytest.raises(ClaimError, match="is 'another text than the journal names', but it must be the copy"):
        read_present(folder)


# What fails at a write


class Fault:
    """Fails at the nth call of a function of `os`, having done part of what it was to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, nth: int, number: int) -> None:
        self.calls, self.nth, self.number = 0, nth, number
        real_write = os.write
        for name in ("write", "fsync", "open", "replace", "ftruncate"):
            real: Callable[..., object] = getattr(os, name)

            def faulty(*args: object, _real: object = real, _name: str = name, **more: object) -> object:
                self.calls += 1
                if self.calls == self.nth:
                    if _name == "write":
                        handle, data = args
                        real_write(handle, data[: len(data) // 2])
                    raise OSError(self.number, os.strerror(self.number))
                return _real(*args, **more)

            monkeypatch.setattr(os, name, faulty)


def tries(folder: Path) -> Iterator[tuple[str, Draft]]:
    for n in range(1, 4):
        yield f"C{n}", accept(f"C{n}")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("nth", range(1, 30))
def test_a_fault_at_any_write_loses_nothing_that_was_confirmed(folder: Path, nth: int, number: int) -> None:
    confirmed, opened_at_all = set(), False
    with pytest.MonkeyPatch.context() as patch:
        fault = Fault(patch, nth, number)
        try:
            journal = opened(folder)
            opened_at_all = True
            for name, draft in tries(folder):
                try:
                    journal.judge([draft])
                    confirmed.add(name)
                except InputError as error:
                    assert os.strerror(number) in str(error)  # noqa: PT017 - it says what failed
            journal.write_tables()
        except InputError as error:
            assert os.strerror(number) in str(error)  # noqa: PT017
    found = states(folder)
    assert {name for name in found if found[name] == "accepted"} == confirmed
    assert fault.calls > 0
    # one fault costs one judgement at most, once the folder is open
    assert len(confirmed) >= (2 if opened_at_all else 0)
    opened(folder).judge([accept("C1"), accept("C2"), accept("C3")])
    opened(folder).write_tables()
    assert [row["state"] for row in in_table(folder)] == ["accepted"] * 3


def test_a_cut_at_every_byte_keeps_what_came_before(folder: Path) -> None:
    journal = opened(folder)
    journal.judge([accept("C1")])
    path = folder / "journal.jsonl"
    before = path.stat().st_size
    journal.judge([accept("C2")])
    whole = path.read_bytes()
    for size in range(before, len(whole)):
        path.write_bytes(whole[:size])
        # but for its end the line is whole
        assert states(folder) == {
            "C1": "accepted",
            "C2": "accepted" if size == len(whole) - 1 else "",
            "C3": "",
        }


def test_a_read_only_folder_is_reported_before_anything_is_judged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, flags: int, *more: object) -> int:
        assert flags & os.O_RDWR
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match=r"case file 'journal.jsonl': file is 'Read-only file system'"):
        opened(folder)
    assert states(folder) == {"C1": "", "C2": "", "C3": ""}


def test_a_full_disk_is_reported_before_anything_is_judged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstatvfs(os.open(folder, os.O_RDONLY))
    full = os.statvfs_result((real.f_bsize, real.f_frsize, real.f_blocks, 0, 0, *tuple(real)[5:]))
    monkeypatch.setattr(os, "fstatvfs", lambda _handle: full)
    with pytest.raises(
        InputError, match="room on the disk is '0 KiB', but it must be 1 MiB or more; make room"
    ):
        opened(folder)


# Several writers, and kills

WRITER = """
import sys
from pathlib import Path
from tests.claims.journal.test_folder import opened
from quidproquo.claims.journal import Draft
folder, who, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
journal = opened(folder, who)
first = len(journal.present.replay.judgements)
print("ready", flush=True)
for n in range(count):
    note = f"{who} {first + n}"
    journal.judge([Draft("edit", ("claim", f"C{1 + n % 3}"), {"note": note}, note)])
    print(note, flush=True)
    if n % 7 == 6:
        journal.write_tables()
"""


def writer(folder: Path, who: str, count: int) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", WRITER, str(folder), who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT)


def reasons(folder: Path) -> list[str]:
    return [one.why for one in read_present(folder).replay.judgements.values()]


def test_two_writers_at_once_lose_nothing(folder: Path) -> None:
    both = [writer(folder, who, 60) for who in ("ana", "ben")]
    confirmed = [line for run in both for line in run.communicate(timeout=120)[0].splitlines() if " " in line]
    assert [run.returncode for run in both] == [0, 0]
    assert len(confirmed) == 120
    found = reasons(folder)
    assert sorted(found) == sorted(confirmed)
    # each knew of the other's judgements, so nothing is in dispute
    assert read_present(folder).disputes == ()


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_confirmed(folder: Path) -> None:
    confirmed: list[str] = []
    for kill in range(50):
        run = writer(folder, "ana", 10_000)
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
        time.sleep(0.002 * (kill % 17))
        run.send_signal(signal.SIGKILL)
        confirmed += [line for line in run.stdout.read().split("\n")[:-1] if line]
        run.wait()
        run.stdout.close()
        assert set(confirmed) <= set(reasons(folder))
    assert len(confirmed) > 100
    present = {row.cells["id"]: row.cells.get("note", "") for row in read_present(folder).rows("claim")}
    opened(folder).write_tables()
    assert {row["id"]: row.get("note", "") for row in in_table(folder)} == present


# Two people's journals


def test_journals_of_two_copies_merge_and_conflicts_are_shown(folder: Path, tmp_path: Path) -> None:
    other = make_folder(tmp_path / "other")
    opened(folder, "ana").judge([accept("C1"), Draft("edit", ("claim", "C2"), {"value": "19000"})])
    opened(other, "ben").judge(
        [
            Draft("reject", ("claim", "C1"), {"state": "rejected"}),
            Draft("grade", ("claim", "C2"), {"credibility": "2"}),
        ]
    )
    mine = opened(folder, "ana")
    fresh = mine.merge(lines_to_merge(other, mine.present.replay))
    assert [one.who for one in fresh] == ["ben", "ben"]
    assert mine.merge(lines_to_merge(other, mine.present.replay)) == ()
    present = read_present(folder)
    assert present.replay.present(("claim", "C2"))["credibility"] == "2"
    assert present.replay.present(("claim", "C2"))["value"] == "19000"
    (dispute,) = present.disputes
    assert (dispute.subject[1], dispute.column, dispute.kept) == ("C1", "state", "")
    theirs = opened(other, "ben")
    theirs.merge(lines_to_merge(folder, theirs.present.replay))
    assert states(other) == states(folder)


def test_cases_that_were_others_before_the_first_judgement_are_not_merged(
    folder: Path, tmp_path: Path
) -> None:
    other = make_folder(tmp_path / "other")
    edit_table(other, "C1", value="5")
    opened(other, "ben").judge([accept("C1")])
    mine = opened(folder)
    with pytest.raises(
        ClaimError, match="claim 'C1': row is 'another one there', but it must be the same in"
    ):
        lines_to_merge(other, mine.present.replay)
    with pytest.raises(
        ClaimError, match=r"journal.jsonl is 'missing', but it must be the journal of another copy"
    ):
        lines_to_merge(tmp_path, mine.present.replay)
