"""Adaptive options: what never or always switches is a static option, and futures switch each by itself."""

from __future__ import annotations

import dataclasses
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds.small import DECISION, made_case

from quidproquo.cases import load_case
from quidproquo.cases.record import Case, Metric, Option
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.adaptive import Switch, SwitchRun, simulate_switch
from quidproquo.worlds.counting import counting
from quidproquo.worlds.model import Model, build_model
from quidproquo.worlds.simulate import FUTURES, Plan, futures, plan, simulate
from quidproquo.worlds.streams import normals

KEY = jax.random.key(0)
WORLDS = 60
PRIORS = {
    "war.end_rate": ("lognormal", 0.5, 3.0),
    "coalition.base": ("normal", -1.0, 1.0),
    "coalition.effect": ("normal", 0.5, 1.5),
    "attention.crowding": ("logitnormal", 0.05, 0.5),
    "attention.overrun": ("lognormal", 0.6, 2.5),
}
END = Switch("wait", "none", "work", "war.on", threshold=0.5, above=False, month=0)
ALWAYS = dataclasses.replace(END, threshold=2.0)


def metric(ident: str, observable: str) -> Metric:
    return Metric(ident, ident, "1", observable, "higher", 0.0, 1.0, 1.0, 0.0)


def small(start: date = DECISION) -> tuple[Case, Model, Plan]:
    """Nothing, or work on the coalition for 6 million; a war that ends on another day in every future."""
    case = made_case(
        mechanisms=("attention", "war", "coalition"),
        priors=PRIORS,
        options=(
            Option("none", "Nothing", "", {}, DECISION, 12, {}, baseline=True),
            Option("work", "Work", "", {"coalition": 1.0}, start, 12, {"money": 6.0}),
            Option("hard", "Hard work", "", {"coalition": 2.0}, DECISION, 12, {"money": 12.0}),
        ),
        metrics=(
            metric("mean", "coalition.breadth@mean"),
            metric("end", "coalition.breadth@end"),
            metric("gain", "coalition.breadth@gain"),
            metric("money", "attention.money@end"),
        ),
    )
    model = build_model(case)
    return case, model, plan(model, case, ("war.on",))


def run(switch: Switch, model: Model, layout: Plan) -> SwitchRun:
    draws, chances = normals(KEY, model.coordinates, WORLDS), futures(KEY, model, WORLDS)
    return simulate_switch(model, layout, switch, draws, chances)


def static(model: Model, layout: Plan) -> dict[str, np.ndarray]:
    draws, chances = normals(KEY, model.coordinates, WORLDS), futures(KEY, model, WORLDS)
    found = simulate(model, layout, draws, chances).metrics
    return {name: found[:, place] for place, name in enumerate(layout.options)}


@pytest.mark.parametrize("first", ["none", "work"])
def test_what_never_switches_is_its_first_option_bit_for_bit(first: str):
    _, model, layout = small()
    never = dataclasses.replace(END, first=first, then="hard", threshold=-1.0)
    found = run(never, model, layout)
    np.testing.assert_array_equal(found.metrics, static(model, layout)[first])
    assert not found.switched.any()
    assert not found.status.any()


def test_worlds_that_switch_in_no_future_are_their_first_option_bit_for_bit():
    _, model, layout = small()
    found = run(END, model, layout)
    stay, move = found.switched == 0.0, found.switched > 0.0
    assert stay.any()
    assert move.any()
    none = static(model, layout)["none"]
    np.testing.assert_array_equal(found.metrics[stay], none[stay])
    assert (found.metrics[move] != none[move]).any(axis=1).all()


def test_a_second_option_that_would_set_in_after_the_horizon_never_does():
    _, model, layout = small()
    found = run(dataclasses.replace(ALWAYS, month=6, delay=5), model, layout)
    np.testing.assert_array_equal(found.metrics, static(model, layout)["none"])
    assert not found.switched.any()


def test_what_switches_at_once_is_the_other_option_begun_a_month_later():
    _, model, layout = small()
    found = run(ALWAYS, model, layout)
    _, later_model, later = small(start=date(2023, 2, 1))
    want = static(later_model, later)["work"]
    np.testing.assert_allclose(found.metrics[:, :3], want[:, :3], rtol=1e-6, atol=1e-7)
    # eleven of its twelve months are to come, and so much is spent; begun later by plan, it would all be spent
    np.testing.assert_allclose(found.metrics[:, 3], want[:, 3] * 11 / 12, rtol=1e-5)
    np.testing.assert_array_equal(found.switched, np.ones(WORLDS))


def test_a_delay_and_the_start_of_the_second_option_are_waited_for():
    _, model, layout = small()
    late = run(dataclasses.replace(ALWAYS, delay=3), model, layout)
    _, later_model, later = small(start=date(2023, 5, 1))
    want = static(later_model, later)["work"]
    np.testing.assert_allclose(late.metrics[:, :3], want[:, :3], rtol=1e-6, atol=1e-7)
    _, own_model, own = small(start=date(2023, 8, 1))
    found = run(ALWAYS, own_model, own)
    np.testing.assert_allclose(found.metrics, static(own_model, own)["work"], rtol=1e-5, atol=1e-7)


def ended(model: Model, month: int) -> np.ndarray:
    """In which futures the war has ended in a month, `[future, world]`."""
    draws, chances = normals(KEY, model.coordinates, WORLDS), futures(KEY, model, WORLDS)
    none = jnp.zeros((len(model.levers), 12))
    z = jnp.asarray(draws.T, jnp.float32)
    shown = [
        np.asarray(model.ahead(z, none, jnp.float32(0.0), jnp.asarray(chances[:, place].T))["war.on"])
        for place in range(FUTURES)
    ]
    return np.stack([np.broadcast_to(one, (12, WORLDS))[month] <= 0.5 for one in shown])


def test_every_future_switches_by_itself():
    _, model, layout = small()
    found = run(dataclasses.replace(END, month=3), model, layout)
    want = ended(model, 3).mean(axis=0)
    np.testing.assert_allclose(found.switched, want, atol=1e-6)
    assert 0.1 < want.mean() < 0.9
    # breadth is linear in the futures that switch: each does as one that always switches would
    always = run(dataclasses.replace(ALWAYS, month=3), model, layout).metrics[:, 0]
    none = static(model, layout)["none"][:, 0]
    np.testing.assert_allclose(found.metrics[:, 0], none + want * (always - none), rtol=1e-3, atol=1e-4)


def test_the_other_side_of_the_threshold_switches_in_the_other_futures():
    _, model, layout = small()
    below, above = (
        run(dataclasses.replace(END, month=3, above=side), model, layout) for side in (False, True)
    )
    np.testing.assert_array_equal(below.switched + above.switched, np.ones(WORLDS))


def test_money_of_both_is_paid_by_their_months():
    _, model, layout = small()
    switch = dataclasses.replace(ALWAYS, first="work", then="hard", month=5)
    found = run(switch, model, layout)
    outcomes = static(model, layout)
    want = outcomes["work"][:, 3] * 6 / 12 + outcomes["hard"][:, 3] * 6 / 12
    np.testing.assert_allclose(found.metrics[:, 3], want, rtol=1e-5)


def test_a_switch_needs_no_program_of_its_own():
    _, model, layout = small()
    static(model, layout)
    with counting() as counts:
        run(END, model, layout)
        run(dataclasses.replace(ALWAYS, first="work", then="hard", month=7, delay=2), model, layout)
    assert counts.compiled == 0


def test_static_options_are_the_same_whichever_run_beside_them():
    _, model, layout = small()
    draws, chances = normals(KEY, model.coordinates, WORLDS), futures(KEY, model, WORLDS)
    whole = simulate(model, layout, draws, chances)
    fewer = dataclasses.replace(
        layout, options=layout.options[:2], levers=layout.levers[:2], money=layout.money[:2]
    )
    np.testing.assert_array_equal(simulate(model, fewer, draws, chances).metrics, whole.metrics[:, :2])


def test_what_is_wrong_is_named():
    _, model, layout = small()
    with pytest.raises(
        CaseError, match="adaptive option 'wait': then is 'shout', but it must be one of none, work"
    ):
        run(dataclasses.replace(END, then="shout"), model, layout)
    with pytest.raises(CaseError, match=r"observable is 'war\.mood', but it must be one of war\.on"):
        run(dataclasses.replace(END, observable="war.mood"), model, layout)
    for wrong in ({"month": 12}, {"month": -1}, {"delay": -1}):
        with pytest.raises(CaseError, match="watch is 'month"):
            run(dataclasses.replace(END, **wrong), model, layout)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_levers_of_later_months_change_nothing_before(name: str):
    """A switch is sound only if no month looks ahead; money alone is known to, as it is spread over all months."""
    case = load_case(name)
    model = build_model(case)
    layout = plan(model, case, ())
    months, turn = len(model.nodes) - 1, 6
    draws, chances = normals(KEY, model.coordinates, 40), futures(KEY, model, 40)
    z, chance = jnp.asarray(draws.T, jnp.float32), jnp.asarray(chances[:, 3].T)
    strong = np.abs(layout.levers).sum(axis=(1, 2))
    table = layout.levers[int(np.argmax(strong))]
    cut = np.where(np.arange(months) < turn, table, 0.0).astype(np.float32)
    program = jax.jit(lambda levers: model.ahead(z, levers, jnp.float32(1.0), chance))
    whole, part = program(jnp.asarray(table)), program(jnp.asarray(cut))
    differ = [n for n in whole if not np.array_equal(np.asarray(whole[n]), np.asarray(part[n]))]
    assert len(differ) > 3  # the levers do reach what comes later
    looks_ahead = [
        n
        for n in whole
        if not np.allclose(np.asarray(whole[n])[:turn], np.asarray(part[n])[:turn], rtol=1e-5)
    ]
    assert set(looks_ahead) <= {"attention.money"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dprk-russia", "rok-vietnam"])
def test_in_shipped_cases_what_never_switches_is_its_first_option_bit_for_bit(name: str):
    case = load_case(name)
    model = build_model(case)
    quantity = next(iter(case.quantities.values()))
    layout = plan(model, case, (quantity.observes[""],))
    draws, chances = normals(KEY, model.coordinates, 600), futures(KEY, model, 600)
    outcomes = simulate(model, layout, draws, chances).metrics
    baseline = layout.options[layout.baseline]
    for place, other in enumerate(layout.options):
        never = Switch("x", other, baseline, layout.series[0], -1e30, above=False, month=5)
        found = simulate_switch(model, layout, never, draws, chances)
        np.testing.assert_array_equal(found.metrics, outcomes[:, place])
