"""A case on a later day than its own."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidproquo.cases import load_case
from quidproquo.claims import evidence_table
from quidproquo.study import BriefRequest
from quidproquo.study.carry_on import carried_on, carried_on_note, later
from quidproquo.study.gather import on_file_of
from quidproquo.study.run import make_brief, settings_of
from quidproquo.terms.edtf import Interval
from quidproquo.terms.errors import InputError

FIXTURE = Path(__file__).parents[1] / "fixtures" / "case_697595c"


@pytest.fixture(scope="module")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case with a report of the month after its decision date, 30 June 2023."""
    folder = tmp_path_factory.mktemp("later") / "mine"
    shutil.copytree(FIXTURE, folder)
    path = folder / "claims.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append(rows[-1] | {"id": "F8", "value": "6100", "event": "2023-07-20", "published": "2023-07-25"})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 6, 30), 1, date(2023, 7, 31)),
        (date(2023, 6, 15), 7, date(2024, 1, 15)),
        (date(2023, 12, 30), 2, date(2024, 2, 29)),
    ],
)
def test_months_later(day: date, months: int, found: date) -> None:
    assert later(day, months) == found


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 200))
def test_months_later_are_so_many_months_later(day: date, months: int) -> None:
    found = later(day, months)
    assert 12 * (found.year - day.year) + found.month - day.month == months


def test_on_its_own_day_or_before_a_case_stays_as_it_is() -> None:
    case = load_case(str(FIXTURE))
    assert carried_on(case, case.decision_date) is case
    assert carried_on(case, date(2023, 1, 31)) is case
    assert carried_on_note(case, case) == ""


def test_decision_date_horizon_and_options_move_and_priors_do_not() -> None:
    case = load_case(str(FIXTURE))
    moved = carried_on(case, date(2023, 8, 31))
    assert moved.decision_date == date(2023, 8, 31)
    assert moved.horizon == later(case.horizon, 2)
    passed = date(2023, 8, 31) - case.decision_date
    for name, option in case.options.items():
        assert moved.options[name].start == option.start + passed
        assert moved.options[name].months == option.months
    assert moved.priors == case.priors
    assert carried_on_note(case, moved).startswith("The case carries on from 2023-06-30 to 2023-08-31")


def test_what_is_reported_meanwhile_counts(case_folder: Path) -> None:
    case = load_case(str(case_folder))
    claims, _ = on_file_of(case)
    for day, weighs in ((date(2023, 6, 30), False), (date(2023, 7, 31), True)):
        moved = carried_on(case, day)
        assert (
            "F8" in evidence_table(claims, moved, as_of=Interval(day, day), reviewed_only=False).ids
        ) is weighs


def test_a_day_beyond_the_horizon_is_refused() -> None:
    case = load_case(str(FIXTURE))
    assert settings_of(BriefRequest("", as_of=case.horizon.isoformat()), case).as_of == case.horizon
    for text in (later(case.horizon, 1).isoformat(), "1990-01-01"):
        with pytest.raises(InputError) as caught:
            settings_of(BriefRequest("", as_of=text), case)
        assert f"option --as-of: date is '{text}'" in str(caught.value)
        assert f"to the case's horizon, {case.horizon}; name another day" in str(caught.value)


@pytest.mark.slow
def test_a_brief_of_next_month_uses_the_report_and_says_that_the_case_carries_on(
    case_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    notes: list[str] = []
    request = BriefRequest(str(case_folder), worlds=256, as_of="2023-07-31")
    study = make_brief(request, on_problem=notes.append)
    assert len(notes) == 1
    assert notes[0].startswith("The case carries on from 2023-06-30 to 2023-07-31")
    assert study.problems == ()
    brief = study.brief
    assert (brief.as_of, brief.about.decision_date) == ("2023-07-31", "2023-07-31")
    assert next(claim for claim in brief.claims if claim.id == "F8").used
    estimate = brief.estimates["crates_sent"]
    assert estimate.dates[estimate.as_of_index] == "2023-07-31"
    own = load_case(str(case_folder))
    for name, option in brief.options.items():
        assert option.start == (own.options[name].start + (date(2023, 7, 31) - own.decision_date)).isoformat()
