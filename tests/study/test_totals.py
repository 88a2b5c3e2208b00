"""Published totals against worlds: arithmetic, bounds and intervals, what is left out, and verdicts."""

from __future__ import annotations

import dataclasses
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.claims import load_claims, load_links, rests_on
from quidproquo.claims.record import Claim, Link
from quidproquo.evidence.ensemble import Points
from quidproquo.study.schema.totals import TotalRecord
from quidproquo.study.totals import TotalsHoldout, behind_totals, total_records
from quidproquo.terms.edtf import Interval
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.streams import Stream, normals

WORLDS = 2048
TODAY = Interval(date(2025, 2, 28), date(2025, 2, 28))


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("dprk-russia")


@pytest.fixture(scope="module")
def claims(case: Case) -> list[Claim]:
    return load_claims(case.folder / "claims.csv", case)


@pytest.fixture(scope="module")
def links(case: Case, claims: list[Claim]) -> list[Link]:
    return load_links(case.folder / "links.csv", claims)


@pytest.fixture(scope="module")
def model(case: Case) -> Model:
    return build_model(case)


@pytest.fixture(scope="module")
def apart(model: Model) -> TotalsHoldout:
    """Worlds by the prior alone stand in for worlds that no total has touched."""
    z = normals(jax.random.key(11), model.coordinates, WORLDS)
    return TotalsHoldout(
        Points("prior", Stream.PRIOR, z, np.zeros((WORLDS, 0)), np.zeros(WORLDS, dtype=np.int64)), ("A090",)
    )


@pytest.fixture(scope="module")
def found(case: Case, claims: list[Claim], model: Model, apart: TotalsHoldout) -> dict[str, TotalRecord]:
    return total_records(case, claims, model, apart, TODAY, {"A090"})


def by_pay(record: TotalRecord, reading: str) -> dict[tuple[str, str], tuple[str, float]]:
    cells = record.interpretations[reading].cells
    return {(c.states["payback"], c.states["pay"]): (c.verdict, c.tail or 0.0) for c in cells}


def test_every_total_of_the_case_is_judged_under_each_reading(
    case: Case, found: dict[str, TotalRecord]
) -> None:
    assert list(found) == list(case.totals)
    for name, record in found.items():
        assert list(record.interpretations) == [r.id for r in case.totals[name].interpretations]
        assert all(len(r.cells) == 9 for r in record.interpretations.values())


def test_a_reading_is_the_formula_in_each_world(
    model: Model, apart: TotalsHoldout, found: dict[str, TotalRecord]
) -> None:
    values = model.values(jnp.asarray(apart.points.z.T))
    states = np.asarray(model.states(jnp.asarray(apart.points.z.T)))
    pay = 3000.0 * np.asarray(values["earnings.pay.recruit_pay"], np.float64)
    kept = pay * np.asarray(values["earnings.kept"], np.float64)
    chosen = (states[0] == 1) & (states[1] == 1)  # know-how, recruits' pay
    for reading, expected in (("paid", pay), ("kept", kept)):
        cell = found["pay_3000"].interpretations[reading].cells[4]
        assert cell.states == {"payback": "technology", "pay": "recruit_pay"}
        assert cell.worlds == chosen.sum()
        np.testing.assert_allclose(
            [cell.q05, cell.q50, cell.q95], np.quantile(expected[chosen], (0.05, 0.5, 0.95)), rtol=1e-4
        )


def test_chances_of_the_states_follow_bayes(found: dict[str, TotalRecord]) -> None:
    for record in found.values():
        for reading in record.interpretations.values():
            if all(c.after is not None for c in reading.cells):
                assert sum(c.before for c in reading.cells) == pytest.approx(1.0)
                assert sum(c.after for c in reading.cells if c.after) == pytest.approx(1.0)


def test_pay_that_was_never_promised_does_not_make_ten_million_a_month(found: dict[str, TotalRecord]) -> None:
    verdicts = by_pay(found["pay_3000"], "paid")
    for (_, pay), (verdict, _) in verdicts.items():
        assert verdict == ("not consistent" if pay == "none_promised" else "consistent")


def test_the_literal_reading_of_two_fifths_fits_no_answer(found: dict[str, TotalRecord]) -> None:
    assert {verdict for verdict, _ in by_pay(found["share_of_exports"], "month").values()} == {
        "not consistent"
    }
    assert by_pay(found["share_of_exports"], "year")["cash", "recruit_pay"][0] == "consistent"


def test_a_valuation_read_as_cash_fits_best_where_arms_are_paid_in_cash(
    found: dict[str, TotalRecord],
) -> None:
    cells = found["arms_value"].interpretations["cash"].cells
    factor = {(c.states["payback"], c.states["pay"]): c.factor for c in cells}
    assert factor["cash", "recruit_pay"] > factor["technology", "recruit_pay"]
    assert factor["cash", "recruit_pay"] > factor["cover", "recruit_pay"]


def test_a_bound_is_kept_by_much_more(
    case: Case, claims: list[Claim], model: Model, apart: TotalsHoldout
) -> None:
    """More than 200 million a year: three times the pay keeps the bound better, not worse."""
    total = case.totals["pay_10000_year"]
    more = dataclasses.replace(total.interpretations[0], formula="3 * 12 * 10000 * pay")
    bound = dataclasses.replace(
        case, totals={total.id: dataclasses.replace(total, interpretations=(total.interpretations[0],))}
    )
    tripled = dataclasses.replace(
        case, totals={total.id: dataclasses.replace(total, interpretations=(more,))}
    )
    one, three = (
        by_pay(total_records(c, claims, model, apart, TODAY, set())[total.id], "paid")
        for c in (bound, tripled)
    )
    for states, (_, tail) in one.items():
        assert three[states][1] > tail


def test_what_a_total_rests_on_is_left_out(case: Case, links: list[Link]) -> None:
    assert rests_on("A092", links) == {"A092", "A006"}
    assert rests_on("A054", links) == {"A054", "A049"}
    used = ("A001", "A006", "A013", "A049", "A054", "A090")
    assert behind_totals(case, links, used) == ("A006", "A049", "A054", "A090")


def test_a_total_of_later_is_not_judged(
    case: Case, claims: list[Claim], model: Model, apart: TotalsHoldout
) -> None:
    early = Interval(date(2024, 6, 30), date(2024, 6, 30))
    assert list(total_records(case, claims, model, apart, early, set())) == ["shell_sales"]


def test_a_formula_that_is_no_number_is_refused(
    case: Case, claims: list[Claim], model: Model, apart: TotalsHoldout
) -> None:
    total = case.totals["share_of_exports"]
    broken = dataclasses.replace(total.interpretations[0], formula="pay / (exports - exports)")
    wrong = dataclasses.replace(case, totals={"x": dataclasses.replace(total, interpretations=(broken,))})
    allowed = r"total 'share_of_exports': formula is 'pay / \(exports - exports\).*a number in every world"
    with pytest.raises(CaseError, match=allowed):
        total_records(wrong, claims, model, apart, TODAY, set())
