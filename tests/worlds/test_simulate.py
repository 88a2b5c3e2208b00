"""Running worlds: failures are marked, options reach only what their levers touch, bytes don't depend on cores."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from tests.worlds.small import DECISION, ECONOMY, made_case

from quidproquo.cases import load_case
from quidproquo.cases.record import Metric, Option
from quidproquo.terms.errors import CaseError
from quidproquo.worlds.model import build_model
from quidproquo.worlds.simulate import FUTURES, Simulation, futures, plan, simulate, simulation_program
from quidproquo.worlds.streams import BLOCK, normals

KEY = jax.random.key(0)


def run_shipped(worlds: int, **priors: object) -> tuple[tuple[str, ...], tuple[str, ...], Simulation]:
    case = load_case("dprk-russia")
    case = dataclasses.replace(case, priors={**case.priors, **priors})
    model = build_model(case)
    layout = plan(model, case, ("attrition.total",))
    draws = normals(KEY, model.coordinates, worlds)
    return layout.options, tuple(case.metrics), simulate(model, layout, draws, futures(KEY, model, worlds))


@pytest.fixture(scope="module")
def shipped() -> tuple[tuple[str, ...], tuple[str, ...], Simulation]:
    return run_shipped(200)


def test_every_world_runs_and_options_differ_only_where_they_reach(shipped):
    options, metrics, run = shipped
    case = load_case("dprk-russia")
    assert run.metrics.shape == (200, len(options), len(metrics))
    assert not run.status.any()
    base = run.metrics[:, [option.baseline for option in case.options.values()].index(True)]
    moved = {o: np.any(run.metrics[:, i] != base, axis=0) for i, o in enumerate(options)}
    assert not moved[next(o.id for o in case.options.values() if o.baseline)].any()
    reassured = next(o.id for o in case.options.values() if dict(o.levers) == {"reassurance": 1.0})
    reached = {
        m.observable.partition("@")[0]
        for m, hit in zip(case.metrics.values(), moved[reassured], strict=True)
        if hit
    }
    assert {"reassurance.confidence", "reassurance.threat"} <= reached
    assert not {name.partition(".")[0] for name in reached} & {
        "munitions",
        "pressure",
        "deterrence",
        "earnings",
    }


def made_plan(levers: dict[str, float], observable: str):
    case = made_case(
        mechanisms=("war", "economy"),
        priors={**ECONOMY, "war.end_rate": ("lognormal", 0.1, 1.2)},
        options=(
            Option("none", "Nothing", "", {}, DECISION, 12, {}, baseline=True),
            Option("more", "More", "", levers, DECISION, 12, {}),
        ),
        metrics=(Metric("m", "M", "USD", observable, "higher", 0.0, 1.0, 1.0, 0.0),),
    )
    model = build_model(case)
    return model, plan(model, case, ("economy.exports",))


def test_metrics_are_read_off_as_asked():
    for how in ("end", "mean", "gain"):
        model, layout = made_plan({}, f"economy.exports@{how}")
        draws = normals(KEY, model.coordinates, 20)
        run = simulate(model, layout, draws, futures(KEY, model, 20))
        months = len(model.nodes) - 1
        ahead = run.series[0][:, -months:]
        start = run.series[0][:, -months - 1]  # the decision day is the history's last month end
        want = {"end": ahead[:, -1], "mean": ahead.mean(axis=1), "gain": ahead[:, -1] - start}[how]
        scale = np.abs(ahead[:, -1]).max()
        np.testing.assert_allclose(run.metrics[:, 0, 0], want, rtol=1e-4, atol=1e-5 * scale)
        np.testing.assert_array_equal(run.metrics[:, 0], run.metrics[:, 1])


def test_a_world_that_fails_is_marked_and_the_others_are_whole():
    model, layout = made_plan({}, "economy.exports@end")
    draws = np.array(normals(KEY, model.coordinates, 50))
    draws[7, model.coordinates.index("economy.peak")] = np.inf
    run = simulate(model, layout, draws, futures(KEY, model, 50))
    assert run.status.tolist() == [int(world == 7) for world in range(50)]
    assert np.isfinite(run.metrics).all()
    assert (run.metrics[np.arange(50) != 7] > 0).all()


def test_a_plan_without_series_gives_the_same_metrics():
    model, layout = made_plan({}, "economy.exports@end")
    draws, luck = normals(KEY, model.coordinates, 30), futures(KEY, model, 30)
    bare = simulate(model, dataclasses.replace(layout, series=()), draws, luck)
    np.testing.assert_allclose(bare.metrics, simulate(model, layout, draws, luck).metrics, rtol=1e-5)
    assert bare.series.shape[0] == 0


def test_the_place_of_the_baseline_changes_nothing():
    case = load_case("dprk-russia")
    turned = dataclasses.replace(case, options=dict(reversed(case.options.items())))
    model = build_model(case)
    draws = normals(KEY, model.coordinates, 60)
    chances = futures(KEY, model, 60)
    layouts = [plan(model, one, ("coalition.breadth", "war.on")) for one in (case, turned)]
    first, second = (simulate(model, layout, draws, chances) for layout in layouts)
    assert layouts[0].baseline != layouts[1].baseline
    np.testing.assert_array_equal(first.metrics, second.metrics[:, ::-1])
    np.testing.assert_array_equal(first.series, second.series)


def test_further_worlds_leave_the_first_alone():
    model, layout = made_plan({}, "economy.exports@end")
    draws, luck = normals(KEY, model.coordinates, BLOCK + 5), futures(KEY, model, BLOCK + 5)
    whole = simulate(model, layout, draws, luck)
    few = simulate(model, layout, draws[:30], luck[:30])
    assert whole.metrics[:30].tobytes() == few.metrics.tobytes()
    assert whole.metrics.shape[0] == BLOCK + 5


def test_futures_fill_the_strata_of_every_world():
    model = build_model(load_case("dprk-russia"))
    luck = futures(KEY, model, 100)
    assert luck.shape == (100, FUTURES, len(model.chances))
    np.testing.assert_array_equal(np.floor(luck * FUTURES)[:, :, 0], np.tile(np.arange(FUTURES), (100, 1)))


def test_unknown_levers_observables_and_readings_are_named():
    with pytest.raises(CaseError, match=r"option 'more'.*levers.*shouting"):
        made_plan({"shouting": 1.0}, "economy.exports@end")
    with pytest.raises(CaseError, match=r"observes.*economy\.wealth"):
        made_plan({}, "economy.wealth@end")
    with pytest.raises(CaseError, match=r"metric 'm'.*economy\.exports@most.*end, mean, gain"):
        made_plan({}, "economy.exports@most")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores can't be chosen here")
def test_the_bytes_do_not_depend_on_the_number_of_cores():
    script = (
        "import os, sys; n = int(sys.argv[1])\n"
        "os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:n])\n"
        "from quidproquo.worlds.runtime import prepare; prepare()\n"
        "from tests.worlds.test_simulate import digest; print(digest())\n"
    )
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is only one core")
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    found = [
        subprocess.run(
            [sys.executable, "-c", script, count], env={**os.environ, "PYTHONPATH": path},
            capture_output=True, text=True, check=True,
        ).stdout
        for count in ("1", "2")
    ]  # fmt: skip
    assert len(found[0].strip()) == 64
    assert found[0] == found[1]


def digest() -> str:
    """A digest of two blocks of worlds of the made-up case."""
    model, layout = made_plan({}, "economy.exports@end")
    draws, luck = normals(KEY, model.coordinates, 2 * BLOCK), futures(KEY, model, 2 * BLOCK)
    run = simulate(model, layout, draws, luck)
    return hashlib.sha256(run.metrics.tobytes() + run.series.tobytes()).hexdigest()


def test_options_beside_those_of_the_case_change_no_byte_and_need_no_program_of_their_own():
    model, _ = made_plan({}, "economy.exports@end")
    case = made_case(
        mechanisms=("war", "economy"),
        priors={**ECONOMY, "war.end_rate": ("lognormal", 0.1, 1.2)},
        options=(
            Option("more", "More", "", {}, DECISION, 12, {"money": 3.0}),
            Option("none", "Nothing", "", {}, DECISION, 12, {}, baseline=True),
        ),
        metrics=(Metric("m", "M", "USD", "economy.exports@end", "higher", 0.0, 1.0, 1.0, 0.0),),
    )
    beside = [Option(f"variant{n}", "", "", {}, DECISION, 12, {"money": float(n)}) for n in range(7)]
    layout = plan(model, case, ("economy.exports",), beside)
    own = layout.without_variants()
    assert (layout.own, own.options, own.variants) == (2, ("more", "none"), 0)
    assert simulation_program(model, layout) is simulation_program(model, own)
    draws, chances = normals(KEY, model.coordinates, 40), futures(KEY, model, 40)
    whole, bare = simulate(model, layout, draws, chances), simulate(model, own, draws, chances)
    assert whole.metrics.shape[1] == 9
    assert whole.metrics[:, :2].tobytes() == bare.metrics.tobytes()
    assert whole.series.tobytes() == bare.series.tobytes()
    alone = simulate(model, plan(model, case, ("economy.exports",)), draws, chances)
    np.testing.assert_array_equal(alone.metrics, bare.metrics)
