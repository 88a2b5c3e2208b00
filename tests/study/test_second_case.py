"""The second case, conditioned on events up to the end of 1967, against what came after."""

from __future__ import annotations

import dataclasses
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.claims import Claim, EvidenceTable, evidence_table, load_claims, load_links, unused_counts
from quidproquo.evidence.observation.operators import build_operators
from quidproquo.evidence.smc.sample import condition
from quidproquo.evidence.smc.target import build_target
from quidproquo.terms.edtf import Interval
from quidproquo.worlds.model import build_model

END = date(1967, 12, 31)
STRENGTHS = ("K005", "K006", "K007", "K078", "K087", "K088", "K089")
# at least one claim of each definition
DEATHS = (("K030", "K070"), ("K074",))
EARNINGS = (
    ("K040", "K058", "K079", "K094"), ("K046",), ("K045", "K048"), ("K055", "K073", "K080"), ("K056",),
    ("K057",), ("K059",),
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("rok-vietnam")


@pytest.fixture(scope="module")
def found(case: Case) -> list[Claim]:
    return load_claims(case.folder / "claims.csv", case)


def table(case: Case, claims: list[Claim], last: date) -> EvidenceTable:
    links = load_links(case.folder / "links.csv", claims)
    return evidence_table(claims, case, as_of=Interval(last, last), reviewed_only=False, links=links)


def test_every_claim_weighs_or_has_its_reason(case: Case, found: list[Claim]) -> None:
    known = table(case, found, END)
    assert len(known) + len(known.unused) == len(found) == 94
    assert unused_counts(known) == {
        "assessment without a world event": 3,
        "no operator": 19,
        "event later than the as-of date": 40,
    }
    later = {claim.id for claim in found if claim.event and claim.event.end > END}
    assert not later & set(known.ids)
    # a year is compared with the mean over its days
    place = known.ids.index("K002")
    assert (known.event_start[place], known.event_end[place]) == (
        date(1965, 1, 1).toordinal(),
        date(1965, 12, 31).toordinal(),
    )
    operators = build_operators(build_model(case), known.select([place]))
    days = operators.days["deployment.standing"]
    assert len(days) >= 5
    assert days.min() >= 366
    assert days.max() <= 730
    np.testing.assert_allclose(operators.weights["deployment.standing"].sum(), 1.0)


@pytest.mark.slow
def test_later_strengths_deaths_and_earnings_lie_where_1967_allows(case: Case, found: list[Claim]) -> None:
    """90 % intervals of the worlds, no error of the report added: the narrower of the two."""
    model = build_model(case, END)
    target = build_target(model, table(case, found, END))
    points = condition(jax.random.key(0), target, 2048)
    # claims that repeat others are looked at too, and so is the one that a prior was set from
    free = {name: dataclasses.replace(prior, set_from=()) for name, prior in case.priors.items()}
    every = evidence_table(
        found,
        dataclasses.replace(case, priors=free),
        as_of=Interval(date(1999, 1, 1), date(1999, 1, 1)),
        reviewed_only=False,
    )
    wanted = {*STRENGTHS, *(i for group in (*DEATHS, *EARNINGS) for i in group)}
    later = every.select([i for i, name in enumerate(every.ids) if name in wanted])
    operators = build_operators(model, later)
    worlds = jnp.asarray(points.z.T, jnp.float32)
    predicted = np.asarray(jax.jit(lambda z: operators.predict(model, z))(worlds))
    low, high = np.quantile(predicted, (0.05, 0.95), axis=1)
    held = {name for name, a, b, x in zip(later.ids, low, high, later.value, strict=True) if a <= x <= b}
    assert len(held & set(STRENGTHS)) >= 5
    for group in (*DEATHS, *EARNINGS):
        assert held & set(group), group
    # and the intervals say something: the strength of 1968 is known within a factor of seven
    first = later.ids.index("K005")
    assert high[first] < 7.0 * low[first]
