"""Leave-one-outs against the closed form of a Gaussian case, and the marks they carry."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.evidence.test_reweight import gaussian, posterior
from tests.sensitivity.builders import evaluator

from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.rule import OptionValues, best_shares
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import SensitivityEvaluator, WhatIf, products
from quidproquo.sensitivity.leverage import leverage, twins
from quidproquo.sensitivity.prepared import PreparedEnsemble
from quidproquo.terms.errors import EvidenceError

CLAIMS = [WhatIf("claim", item, item.title(), (item,)) for item in ("one", "two", "three")]


def option_values(ensemble: Ensemble) -> np.ndarray:
    """Option a gains by a high level, option b is always worth 0.25."""
    level = np.where(np.isfinite(ensemble.log_weight), ensemble.draws[:, 0], 0.0)
    return np.stack([level, np.full(level.size, 0.25)], axis=1)


def judge(ensemble: Ensemble, estimates: dict[str, np.ndarray]) -> SensitivityEvaluator:
    return evaluator(ensemble, option_values(ensemble), estimates)


def table(ensemble: Ensemble, quantity: tuple[str, ...], start: tuple[float, ...]) -> EvidenceTable:
    count = len(ensemble.items)
    numbers, words = np.zeros(count), ("",) * count
    return EvidenceTable(
        ids=ensemble.items,
        quantity=quantity,
        observable=quantity,
        scale=("identity",) * count,
        comparison=("eq",) * count,
        qualifier=words,
        origin=words,
        family=words,
        near=np.zeros(count, dtype=bool),
        value=numbers,
        low=numbers,
        high=numbers,
        since_start=numbers,
        since_end=numbers,
        event_start=np.array(start),
        event_end=np.array(start) + 10.0,
        range_low=numbers,
        range_high=numbers,
        likelihood_low=numbers,
        likelihood_high=numbers,
        reliability=np.zeros(count, dtype=int),
        loads=np.ones(count),
        credibility=np.zeros(count, dtype=int),
        group=np.arange(count),
    )


def with_twin() -> Ensemble:
    """Two sharp reports of the same thing, and one of something else."""
    rng = np.random.default_rng(11)
    worlds = 40_000
    spread = np.array([0.6, 0.6, 1.0])
    precision = np.array([1.0 + 2 / 0.36, 2.0])
    mean = np.array([2 * 1.5 / 0.36, 0.0]) / precision
    draws = mean + rng.normal(size=(worlds, 2)) / np.sqrt(precision)
    seen = draws[:, [0, 0, 1]]
    likelihood = -0.5 * ((seen - np.array([1.5, 1.5, 0.0])) / spread) ** 2
    return dataclasses.replace(
        gaussian(worlds),
        parameters=("level", "other"),
        draws=draws,
        log_likelihood=likelihood,
        predicted=seen,
    )


def test_shifts_agree_with_the_closed_form():
    ensemble = gaussian(200_000)
    level = ensemble.draws[:, 0]
    found = leverage(judge(ensemble, {"level": level}), CLAIMS)
    mean, sd = posterior([0, 1, 2])
    for place, entry in enumerate(found):
        without, _ = posterior([other for other in range(3) if other != place])
        assert entry.shift["level"] == pytest.approx((without - mean) / sd, abs=0.02)
        assert entry.reliable
        assert entry.id == CLAIMS[place].id


def test_the_margin_and_the_choice_follow_the_weights():
    ensemble = gaussian(200_000)
    values = option_values(ensemble)
    found = leverage(judge(ensemble, {"level": ensemble.draws[:, 0]}), CLAIMS)[2]
    before = _q95(np.full(200_000, 1.0), values)
    left = np.exp(Reweighter(ensemble).reweight(Change(drop=("three",))).log_weight)
    after = _q95(left, values)
    assert found.margin_shift == pytest.approx((after[0] - after[1]) - (before[0] - before[1]), abs=1e-9)
    assert found.preferred == "b"
    assert sum(found.best_share.values()) == pytest.approx(1.0)
    want = left[values[:, 0] > 0.25].sum()
    assert found.best_share["a"] == pytest.approx(want)


def _q95(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    regrets = values.max(axis=1, keepdims=True) - values
    return np.array([np.quantile(r, 0.95, weights=weights, method="inverted_cdf") for r in regrets.T])


def test_the_largest_shift_comes_first_and_an_empty_set_moves_nothing():
    ensemble = gaussian()
    level = ensemble.draws[:, 0]
    estimates = {"noise": np.sin(1e4 * level), "fixed": np.full(level.size, 0.1), "level": level}
    found = leverage(judge(ensemble, estimates), [CLAIMS[2], WhatIf("document", "d", "D")])
    assert next(iter(found[0].shift)) == "level"
    assert found[0].shift["fixed"] == 0.0
    assert found[0].largest == abs(found[0].shift["level"])
    assert set(found[1].shift.values()) == {0.0}
    assert found[1].margin_shift == 0.0
    assert found[1].reliable


def test_sets_add_up_whatever_stands_beside_them():
    ensemble = gaussian()
    level = {"level": ensemble.draws[:, 0]}
    origin = WhatIf("origin", "radio", "Radio", ("one", "three"))
    alone = leverage(judge(ensemble, level), [origin])[0]
    many = leverage(judge(ensemble, level), [*CLAIMS * 6, origin])[-1]
    assert alone == many


def test_another_change_can_stand_for_a_set():
    ensemble = gaussian()
    structure = WhatIf("structure", "motive", "Motive", change=Change(log_factor=0.5 * ensemble.draws[:, 0]))
    found = leverage(judge(ensemble, {"level": ensemble.draws[:, 0]}), [structure])[0]
    assert found.shift["level"] == pytest.approx(0.5 * posterior([0, 1, 2])[1], abs=0.02)


def test_a_twin_backs_a_claim_up():
    ensemble = with_twin()
    papers = table(ensemble, ("crates", "crates", "crates"), (0.0, 5.0, 5.0))
    estimates = {"level": ensemble.draws[:, 0], "other": ensemble.draws[:, 1]}
    found = leverage(judge(ensemble, estimates), CLAIMS, papers)
    assert [entry.backed_up_by for entry in found] == [("two",), ("one",), ()]


def test_of_many_twins_the_likest_are_asked():
    """Five reports of one thing: the nearer two lie in what they report, the more they go together."""
    rng = np.random.default_rng(12)
    reports = np.array([0.0, 0.1, 0.3, 0.6, 1.0])
    draws = rng.normal(1.5, 0.4, size=(8_000, 1))
    likelihood = -0.5 * ((draws - reports) / 0.6) ** 2
    items = tuple("abcde")
    ensemble = dataclasses.replace(
        gaussian(8_000),
        draws=draws,
        items=items,
        log_likelihood=likelihood,
        predicted=draws.repeat(5, axis=1),
    )
    found = twins(Reweighter(ensemble), table(ensemble, ("crates",) * 5, (0.0,) * 5))
    assert found["a"] == ("b", "c", "d")
    assert found["e"] == ("d", "c", "b")
    correlation = np.corrcoef(likelihood.T)
    for place, item in enumerate(items):
        row = np.where(np.arange(5) == place, -1.0, correlation[place])
        assert found[item] == tuple(items[other] for other in np.argsort(-row)[:3])


@pytest.mark.parametrize(
    ("quantity", "start"),
    [(("crates", "barrels", "crates"), (0.0, 0.0, 0.0)), (("crates",) * 3, (0.0, 11.0, 0.0))],
)
def test_another_quantity_or_date_backs_nothing_up(quantity, start):
    ensemble = with_twin()
    assert twins(Reweighter(ensemble), table(ensemble, quantity, start)) == {}


def test_failed_worlds_do_not_matter():
    ensemble = gaussian()
    failing = np.arange(40_000) % 8 == 3
    log_weight = np.where(failing, -np.inf, ensemble.log_weight)
    level = np.where(failing, np.nan, ensemble.draws[:, 0])
    failed = dataclasses.replace(ensemble, log_weight=log_weight, draws=level[:, None])
    found = leverage(judge(failed, {"level": level}), CLAIMS)
    rest = dataclasses.replace(
        ensemble,
        **{
            name: getattr(ensemble, name)[~failing]
            for name in ("draws", "log_weight", "island", "status", "states", "log_likelihood", "predicted")
        },
        outcomes=ensemble.outcomes[~failing],
    )
    want = leverage(judge(rest, {"level": level[~failing]}), CLAIMS)
    for one, other in zip(found, want, strict=True):
        assert one.shift["level"] == pytest.approx(other.shift["level"], abs=1e-9)


def test_the_best_of_a_world_is_shared_by_level_options():
    values = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 1.0], [3.0, 3.0, 3.0]])
    assert best_shares(values) == pytest.approx(np.array([[0.5, 0.5, 0], [0, 1, 0], [1 / 3, 1 / 3, 1 / 3]]))


def test_products_are_sums_over_worlds():
    rng = np.random.default_rng(1)
    left, right = rng.normal(size=(3, 9000)), rng.normal(size=(5, 9000))
    assert products(left, right) == pytest.approx(left @ right.T)


def test_values_of_other_worlds_are_refused():
    ensemble = gaussian(800)
    with pytest.raises(EvidenceError, match="shape of values is \\(10, 2\\)"):
        PreparedEnsemble(Reweighter(ensemble), OptionValues(("a", "b"), np.zeros((10, 2)), np.arange(10)), {})


def test_a_table_of_other_claims_is_refused():
    ensemble = gaussian(800)
    other = dataclasses.replace(table(ensemble, ("x",) * 3, (0.0,) * 3), ids=("one", "two", "nine"))
    with pytest.raises(EvidenceError, match="claim is 'nine'"):
        twins(Reweighter(ensemble), other)


def test_an_estimate_must_be_a_number():
    ensemble = gaussian(800)
    with pytest.raises(EvidenceError, match="mark such worlds as failed"):
        judge(ensemble, {"level": np.full(800, np.nan)})


def test_the_error_of_a_shift_is_its_spread_between_runs():
    def one(seed: int) -> tuple[float, float]:
        ensemble = gaussian(2_000, seed=seed)
        level = ensemble.draws[:, 0]
        tilt = WhatIf("prior", "level", "", change=Change(log_factor=level))
        found = leverage(judge(ensemble, {"level": level}), [tilt])[0]
        # in units of the level: the deviation that shifts are told in is that of the run itself
        return found.shift["level"] * level.std(), found.shift_mcse["level"] * level.std()

    shifts, errors = np.array([one(seed) for seed in range(80)]).T
    # eighty runs give their spread within 8 %, and so do eight islands in each of them within 4 %
    assert np.sqrt((errors**2).mean()) == pytest.approx(shifts.std(ddof=1), rel=0.27)


def test_a_shift_that_is_none_has_no_error():
    ensemble = gaussian()
    estimates = {"level": ensemble.draws[:, 0], "fixed": np.full(ensemble.draws.shape[0], 0.1)}
    nothing, dropped = leverage(judge(ensemble, estimates), [WhatIf("document", "d", "D"), CLAIMS[2]])
    assert nothing.shift_mcse == {"level": pytest.approx(0.0, abs=1e-12), "fixed": 0.0}
    assert dropped.shift_mcse["fixed"] == 0.0
    assert dropped.shift_mcse["level"] > 0.0
