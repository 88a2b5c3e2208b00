from __future__ import annotations

from pathlib import Path

import pytest
from tests.reading.small import small_case

from quidproquo.reading import Appearance, load, read
from quidproquo.terms.edtf import parse

TEXT = """---
title: Crates
publisher: Gazette
published: 2024-10-24
---
On Wednesday, the harbour office said that at least 3,000 wooden crates were sent to the island since June.

Freedonia is losing 10,000 workers about every 10 days, so this plan of 500 crates will not help much.

“We earn a little less than $10 million a month from it,” Ana Lima, an analyst at
the Harbour Institute, told the Gazette.

She said that dozens of crates had been shipped since the flood.
Sylvania makes up as much as 95% of trade, according to the harbour office.

The mayor denied that the bridge had opened. A crowd of 70 people watched.
"""


@pytest.fixture
def found(tmp_path: Path) -> list[Appearance]:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    return list(read([tmp_path / "a.md"], small_case(tmp_path)).appearances)


def of(found: list[Appearance], name: str) -> list[Appearance]:
    return [item for item in found if name in {item.quantity, item.proposition}]


def test_numbers_come_in_the_units_of_the_case(found: list[Appearance]) -> None:
    first, last = of(found, "crates_sent")
    assert (first.value, first.unit, first.comparison, first.stage) == (3000.0, "crates", "at_least", "sent")
    assert (last.comparison, last.value) == ("more_than", 24.0)
    [loss] = of(found, "workers_lost")
    assert (loss.value, loss.unit, loss.comparison) == (1000.0, "persons/day", "about")
    [income] = of(found, "income")
    assert (income.value, income.unit, income.comparison, income.near) == (
        1e7,
        "USD/month",
        "less_than",
        True,
    )
    [share] = of(found, "trade_share")
    assert (share.value, share.comparison) == (0.95, "at_most")
    assert [item.value for item in of(found, "crates_planned")] == [500.0]


def test_speakers_are_a_chain(found: list[Appearance]) -> None:
    first, last = of(found, "crates_sent")
    assert [(s.name, s.role) for s in first.speakers] == [
        ("Gazette", "relay"),
        ("harbour office", "originator"),
    ]
    assert first.speakers[-1].source == "Harbour Office"
    assert last.speakers[-1].name == "Ana Lima"
    [income] = of(found, "income")
    assert (income.speakers[-1].name, income.speakers[-1].affiliation) == ("Ana Lima", "Harbour Institute")
    [loss] = of(found, "workers_lost")
    assert [(s.name, s.role) for s in loss.speakers] == [("Gazette", "author")]


def test_dates_of_speaking_and_of_the_event_are_kept_apart(found: list[Appearance]) -> None:
    first, last = of(found, "crates_sent")
    assert first.published == parse("2024-10-23")
    assert first.since is not None
    assert (first.since.edtf, first.event) == ("2024-06", parse("2024-10-23"))
    assert last.since == parse("2021-05-03")


def test_a_denial_turns_the_proposition_round(found: list[Appearance]) -> None:
    [denied] = of(found, "bridge_open")
    assert (denied.comparison, denied.polarity) == ("proposition_false", "denied")
    assert denied.speakers[-1].name == "mayor"


def test_what_fits_nothing_stays_unclassified(found: list[Appearance]) -> None:
    [crowd] = [item for item in found if item.number is not None and not item.quantity]
    assert (crowd.value, crowd.unit, crowd.proposition) == (70.0, "people", "")


def test_quotes_are_what_stands_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    reading = read([tmp_path / "a.md"], small_case(tmp_path))
    for item in reading.appearances:
        text = reading.snapshots[item.sentence.snapshot].text
        assert text[item.sentence.start : item.sentence.end] == item.sentence.quote
        assert text.startswith(item.sentence.suffix, item.sentence.end)
        if item.number is not None:
            assert item.sentence.start <= item.number.start < item.number.end <= item.sentence.end
            assert text[item.number.start : item.number.end] == item.number.surface


def test_order_and_repetition_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        "The harbour office said that 40 crates were sent in 2023.", encoding="utf-8"
    )
    case = small_case(tmp_path)
    paths = [tmp_path / "a.md", tmp_path / "b.txt"]
    forth, back = read(paths, case), read(paths[::-1], case)
    assert set(forth.appearances) == set(back.appearances)
    assert forth.appearances == read(load(paths), case).appearances
    assert read([*paths, *paths], case).appearances == forth.appearances


def test_documents_that_cannot_be_read_give_no_appearance(tmp_path: Path) -> None:
    reading = read([tmp_path / "none.txt"], small_case(tmp_path))
    assert [document.status for document in reading.documents] == ["missing"]
    assert reading.appearances == ()


@pytest.mark.parametrize("gap", ["\n\n", " "])
def test_a_very_long_document_is_read_in_parts_as_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gap: str
) -> None:
    sentences = [
        f"The harbour office said on {1 + n % 28} May 2024 that its stock rose from {n} to {2 * n + 1} crates."
        for n in range(2, 60)
    ]
    (tmp_path / "a.txt").write_text(gap.join(sentences), "utf-8")
    whole = read([tmp_path / "a.txt"], small_case(tmp_path))
    monkeypatch.setattr("quidproquo.reading.reader._LONGEST_PART", 700)
    parts = read([tmp_path / "a.txt"], small_case(tmp_path))
    assert parts.appearances == whole.appearances
    [snapshot] = parts.snapshots.values()
    for seen in parts.appearances:
        assert snapshot.text[seen.sentence.start : seen.sentence.end] == seen.sentence.quote
        assert (
            seen.number is None or snapshot.text[seen.number.start : seen.number.end] == seen.number.surface
        )


def test_progress_grows_to_the_number_of_characters(tmp_path: Path) -> None:
    sizes = {"a.txt": 400_000, "b.txt": 60, "c.txt": 30}
    for name, size in sizes.items():
        (tmp_path / name).write_text(("Nobody counted the 40 crates of the port. " * 10_000)[:size], "utf-8")
    seen: list[tuple[int, int]] = []
    reading = read(
        [tmp_path / name for name in sizes],
        small_case(tmp_path),
        progress=lambda done, all_: seen.append((done, all_)),
    )
    assert len(reading.documents) == 3
    done = [now for now, _ in seen]
    assert done == sorted(set(done))
    assert len(done) > 4  # within the first document too
    assert {total for _, total in seen} == {sum(sizes.values())}
    assert done[-1] == sum(sizes.values())


def test_a_digest_tells_the_time_it_speaks_of(tmp_path: Path) -> None:
    text = (
        "Ana Lima of the Harbour Institute said on 5 May 2024, of the time from March 2023 to 31 December 2023: "
        "About forty crates were sent. The harbour office said on 5 May 2024, of 2 April 2024: "
        "Some 70 crates were sent."
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    first, last = read([tmp_path / "a.txt"], small_case(tmp_path)).appearances
    assert (first.speakers[-1].name, first.speakers[-1].affiliation) == ("Ana Lima", "Harbour Institute")
    assert (first.value, first.comparison) == (40.0, "about")
    assert first.event == parse("2023-12-31")
    assert first.since == parse("2023-03")
    assert (last.event, last.since) == (parse("2024-04-02"), None)
    assert last.published == parse("2024-05-05")


def test_a_share_of_the_public_speaks_for_itself(tmp_path: Path) -> None:
    text = "In Sylvania, over 70% of the public described the trade as useful."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    [found] = read([tmp_path / "a.txt"], small_case(tmp_path)).appearances
    assert (found.quantity, found.comparison, found.value) == ("trade_share", "more_than", 0.7)
    assert found.speakers[-1].name == "Sylvania public (poll)"


def test_a_change_gives_two_appearances_and_one_of_a_group_none(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(
        "The harbour office said that shipments rose from 3,000 to 10,000 crates. "
        "One of the crates was sent back to the office on the same day.\n",
        encoding="utf-8",
    )
    found = read([tmp_path / "b.md"], small_case(tmp_path)).appearances
    assert [(item.comparison, item.value) for item in found if item.comparison] == [
        ("eq", 3000.0),
        ("eq", 10000.0),
    ]
