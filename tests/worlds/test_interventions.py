"""Taking things away in given worlds: what moves, what can't, and that options' futures needn't be coupled."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.worlds.small import ECONOMY, FLOW, made_case

from quidproquo.cases import load_case
from quidproquo.cases.record import Case, ExpectedSign, Intervention, Metric
from quidproquo.terms.errors import CaseError, PriorError
from quidproquo.worlds.influence import influences_ahead
from quidproquo.worlds.interventions import Response, disagreements, hold, responses
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import Plan, futures, plan, simulate
from quidproquo.worlds.streams import BLOCK, normals

CASES = ("dprk-russia", "rok-vietnam")


@dataclasses.dataclass(frozen=True)
class Bench:
    """A shipped case with its worlds, drawn from the priors, and one compiled program."""

    case: Case
    model: Model
    layout: Plan
    draws: np.ndarray
    luck: np.ndarray

    def metrics(self, draws: np.ndarray | None = None, luck: np.ndarray | None = None) -> np.ndarray:
        draws, luck = self.draws if draws is None else draws, self.luck if luck is None else luck
        return simulate(self.model, self.layout, draws, luck).metrics


@pytest.fixture(scope="module", params=CASES)
def bench(request: pytest.FixtureRequest) -> Bench:
    case = load_case(request.param)
    model = build_model(case)
    key = jax.random.key(1)
    draws, luck = normals(key, model.coordinates, BLOCK), futures(key, model, BLOCK)
    return Bench(case, model, plan(model, case, ()), draws, luck)


# ---------------------------------------------------------------- what is held


@settings(max_examples=40)
@given(value=st.floats(1e-3, 1e6), seed=st.integers(0, 100))
def test_a_held_parameter_has_its_value_in_every_world_and_no_other_changes(value: float, seed: int) -> None:
    model = build_model(made_case())
    draws = normals(jax.random.key(seed), model.coordinates, 20)
    held = hold(model, draws, {"economy.workers": value})
    values = {name: np.asarray(x) for name, x in model.values(jnp.asarray(held.T)).items()}
    np.testing.assert_allclose(values["economy.workers"], value, rtol=1e-5)
    place = model.coordinates.index("economy.workers")
    assert np.delete(held, place, axis=1).tobytes() == np.delete(draws, place, axis=1).tobytes()


@pytest.mark.parametrize(
    ("distribution", "value"),
    [("lognormal", 0.0), ("logitnormal", 0.0), ("logitnormal", 1.0), ("normal", -7.0), ("uniform", 0.3)],
)
def test_values_that_a_prior_only_comes_near_can_be_held_too(distribution: str, value: float) -> None:
    model = build_model(made_case(priors={**ECONOMY, "economy.dip": (distribution, 0.2, 0.9)}))
    held = hold(model, normals(jax.random.key(0), model.coordinates, 5), {"economy.dip": value})
    np.testing.assert_allclose(model.values(jnp.asarray(held.T))["economy.dip"], value, rtol=1e-5, atol=0.0)


def test_what_cannot_be_held_is_named() -> None:
    model = build_model(made_case())
    draws = normals(jax.random.key(0), model.coordinates, 5)
    with pytest.raises(CaseError, match=r"intervention: hold is 'economy\.luck'.*a parameter.*correct it"):
        hold(model, draws, {"economy.luck": 1.0})
    with pytest.raises(PriorError, match=r"parameter 'economy\.peak': value is -1\.0.*distribution can have"):
        hold(model, draws, {"economy.peak": -1.0})


# ---------------------------------------------------------------- what moves


def test_what_is_taken_away_moves_what_it_should_and_nothing_else(bench: Bench) -> None:
    """The case's own tables of expected signs, every metric of every intervention."""
    assert {"no_deployment", "no_assistance"} < bench.case.interventions.keys()
    found = responses(bench.case, bench.model, bench.layout, bench.draws, bench.luck)
    assert len(found) == len(bench.case.interventions) * len(bench.case.metrics)
    for response in found:
        assert response.agrees, response
    zeros = [response for response in found if response.expected.sign == "0"]
    assert 10 < len(zeros) < len(found)


def test_a_metric_moves_only_with_what_it_depends_on(bench: Bench) -> None:
    """The traced dependence against shifting parameters one at a time, under every option."""
    names = [name for name, _ in bench.layout.metrics]
    bearing = influences_ahead(bench.model, names)
    before = bench.metrics()
    rng = np.random.default_rng(2)
    for place in rng.choice(len(bench.model.parameters), 12, replace=False):
        shifted = bench.draws.copy()
        shifted[:, place] += 1.0
        after = bench.metrics(shifted)
        for metric, name in enumerate(names):
            reached = bench.model.coordinates[place] in bearing[name]
            moved = not np.array_equal(before[:, :, metric], after[:, :, metric])
            assert reached or not moved, (name, bench.model.coordinates[place])


def response(sign: str, **changes: object) -> Response:
    made = Response(
        intervention="none",
        expected=ExpectedSign("m", sign, "why"),
        unit="USD",
        mean=1.0,
        mcse=0.1,
        rose=1.0,
        fell=0.0,
        moved=True,
        reached=frozenset({"a.b"}),
    )
    return dataclasses.replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "agreeing"),
    [
        ({}, "+?"),
        ({"mean": -1.0}, "-?"),
        ({"mcse": 0.3}, "?"),
        ({"moved": False, "mean": 0.0, "mcse": 0.0}, ""),  # in reach, but still
        ({"moved": False, "mean": 0.0, "mcse": 0.0, "reached": frozenset()}, "0"),
        ({"reached": frozenset()}, "+?"),
    ],
)
def test_a_sign_agrees_only_with_what_was_found(changes: dict[str, object], agreeing: str) -> None:
    assert "".join(sign for sign in "+-0?" if response(sign, **changes).agrees) == agreeing


def traded(signs: dict[str, str], hold_at: dict[str, float]) -> Case:
    """Freedonia's economy and a flow that has nothing to do with it."""
    metrics = (
        Metric("sold", "Sold", "crates", "flow.delivered@gain", "higher", 0.0, 1.0, 1.0, 0.0),
        Metric("exports", "Exports", "USD", "economy.exports@end", "higher", 0.0, 1.0, 1.0, 0.0),
    )
    case = made_case(("war", "flow", "economy"), {**FLOW, **ECONOMY}, metrics=metrics)
    expected = tuple(ExpectedSign(metric, sign, "so it is") for metric, sign in signs.items())
    return dataclasses.replace(
        case, interventions={"stop": Intervention("stop", "Nothing flows", hold_at, expected)}
    )


def test_a_disagreement_is_told_in_a_sentence() -> None:
    nothing = {"flow.trickle": 0.0, "flow.rate": 0.0}
    key = jax.random.key(0)
    right = traded({"sold": "-", "exports": "0"}, nothing)
    model = build_model(right)
    assert disagreements(right, model, key) == []
    wrong, other = disagreements(traded({"sold": "0", "exports": "+"}, nothing), model, key)
    assert wrong.startswith("intervention 'stop': change of metric 'sold' is '-")
    assert "it depends on flow.rate, flow.trickle" in wrong
    assert wrong.endswith("out of reach and the same to the last byte; mend the model or the sign.")
    assert "change of metric 'exports' is '+0 USD (error 0)', but it must be above 0 by four errors" in other
    assert disagreements(dataclasses.replace(right, interventions={}), model, key) == []


# ---------------------------------------------------------------- how futures are coupled


def scores(bench: Bench, coupled: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """How many errors apart two runs of the same worlds are: every mean, then every margin over the baseline."""
    base = bench.layout.baseline
    change = apart - coupled
    rows = [change[:, option] for option in range(change.shape[1])]
    rows += [change[:, option] - change[:, base] for option in range(change.shape[1]) if option != base]
    table = np.concatenate(rows, axis=1)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table))
    mean = table.mean(axis=0)
    assert np.all(mean[error == 0.0] == 0.0)
    return np.abs(mean) / np.where(error > 0.0, error, np.inf)


def uncoupled(bench: Bench, seed: int, bend: float = 1.0) -> np.ndarray:
    """Metrics with futures of its own for every option; with `bend`, chance itself is not what it should be."""
    columns = []
    for option in range(len(bench.layout.options)):
        key = jax.random.fold_in(jax.random.key(seed), option)
        luck = futures(key, bench.model, len(bench.draws)) ** np.float32(bend)
        columns.append(bench.metrics(luck=luck)[:, option])
    return np.stack(columns, axis=1)


def test_no_result_depends_on_how_futures_are_coupled_across_options(bench: Bench) -> None:
    coupled = bench.metrics()
    found = scores(bench, coupled, uncoupled(bench, 11))
    limit = stats.norm.isf(0.5e-3 / found.size)
    assert found.max() < limit
    assert (found > 0.0).sum() > found.size / 3  # the futures do differ
    bent = scores(bench, coupled, uncoupled(bench, 11, bend=0.9))
    assert bent.max() > 2 * limit


def regrets(bench: Bench, metrics: np.ndarray) -> np.ndarray:
    """What is given up in each world against its best option: by metric, then on the value function, last."""
    every = list(bench.case.metrics.values())
    signs = np.array([1.0 if metric.direction == "higher" else -1.0 for metric in every])
    worst, best, weight = (np.array([getattr(m, n) for m in every]) for n in ("worst", "best", "weight"))
    value = np.clip((metrics - worst) / (best - worst), 0.0, 1.0) @ weight
    better = np.concatenate([signs * metrics, value[:, :, None]], axis=2)
    return better.max(axis=1, keepdims=True) - better


def test_regret_of_the_value_is_within_its_error_however_futures_are_coupled(bench: Bench) -> None:
    coupled = regrets(bench, bench.metrics())[:, :, -1]
    shift = regrets(bench, uncoupled(bench, 12))[:, :, -1] - coupled
    error = coupled.std(axis=0, ddof=1) / np.sqrt(len(coupled))
    assert np.all(np.abs(shift.mean(axis=0)) < error)


@pytest.mark.slow
def test_regret_by_metric_is_that_of_many_futures_and_futures_apart_come_to_the_same(bench: Bench) -> None:
    """Common futures are there for this: the best of options that each have their own luck looks too good.

    A world's regret on a metric takes the best of means over few futures. With common futures their noise
    cancels; without, regret is too high, by less the more futures there are.
    """
    count = 8
    keys = [jax.random.key(100 + k) for k in range(count)]
    common = [bench.metrics(luck=futures(key, bench.model, BLOCK)) for key in keys]
    apart = [uncoupled(bench, 1000 + k) for k in range(count)]
    many = regrets(bench, np.mean(common, axis=0))
    error = many.std(axis=0, ddof=1) / np.sqrt(len(many))
    few = (regrets(bench, common[0]) - many).mean(axis=0)
    assert np.all(np.abs(few) <= 0.2 * error)
    off, less = (
        np.abs((regrets(bench, metrics) - many).mean(axis=0)).max(axis=0)
        for metrics in (apart[0], np.mean(apart, axis=0))
    )
    far = off > 0.3 * error.max(axis=0)
    assert far.sum() >= 2
    assert np.all(less[far] < 0.6 * off[far])
