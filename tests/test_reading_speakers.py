"""When two names of a speaker count as the same in the benchmark of coded pages."""

from __future__ import annotations

import pytest
from benchmarks.reading_speakers import same_name, summary

SAME = [
    ("the Ministry of Defence", "ministry of defence"),
    ("officials", "Western officials"),
    ("Seoul's defence ministry", "the defence ministry"),
    ("Jake Sullivan", "National Security Adviser Jake Sullivan"),
    ("Secretary of State Ana Maria Lima", "Lima"),
    ("Ana Lima, who leads the council", "Dr. Ana Lima"),
    ("Agency for Lost Ships (ALS)", "ALS"),
    ("Bloomberg estimates", "Bloomberg"),
    ("estimates from the harbour office", "the harbour office"),
    ("Delta news agency", "Delta"),
    ("a draft of the budget seen by Delta", "draft of the budget"),
    ("an official speaking to the paper on condition of anonymity", "official"),
    ("Ministry of Health there", "Freedonia Health Ministry"),
    ("Washington and Seoul", "Washington and Seoul"),
]
OTHER = [
    ("International Security", "Institute for Science and International Security"),
    ("Western intelligence", "South Korean and Western intelligence"),
    ("Seoul", "Washington and Seoul"),
    ("Ukrainian", "Ukrainian estimates"),
    ("Omar Lima had earlier", "Omar Lima"),
    ("she", "Ana Lima"),
    ("Okhun Lima", "relative of Okhun Lima"),
    ("Lima", "Brandt"),
    ("the ministry of health", "the ministry of defence"),
    ("customers", "the bank"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_fairly_the_same_name(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_name(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


def test_interval_covers_the_share_and_widens_with_clustering() -> None:
    mixed = {str(page): [{"part": figure < 5} for figure in range(10)] for page in range(20)}
    lumped = {str(page): [{"part": page < 10} for _ in range(10)] for page in range(20)}
    assert summary(mixed)["part"] == [100.0, 200.0, 0.5, 0.5]
    right, total, low, high = summary(lumped)["part"]
    assert (right, total) == (100.0, 200.0)
    assert low < 0.35
    assert high > 0.65
