"""The worlds as labelled arrays: opened by what the field opens such files with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import arviz_stats
import numpy as np
import pytest
import xarray as xr

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.output import write_run

ISLANDS, DRAWS, MONTHS = 8, 128, 5


def made(kind: str, seed: int, islands: int = ISLANDS, items: tuple[str, ...] = ("A1", "A2")) -> Ensemble:
    rng, worlds = np.random.default_rng(seed), ISLANDS * DRAWS
    status = np.zeros(worlds, dtype=np.int64)
    status[3] = 1
    draws = rng.normal(size=(worlds, 2))
    return Ensemble(
        kind=kind,
        parameters=("troops.rate", "pay.share"),
        draws=draws,
        log_weight=np.where(status > 0, -np.inf, 0.0),
        island=np.arange(worlds) * islands // worlds,
        status=status,
        hypotheses=("pay",),
        states=rng.integers(0, 3, (worlds, 1)),
        items=items,
        log_likelihood=-0.02 * (draws[:, [0] * len(items)] - 0.3) ** 2,
        predicted=draws[:, [0] * len(items)],
        options=("none", "all"),
        metrics=("cost",),
        outcomes=rng.normal(size=(worlds, 2, 1)),
        series={"troops.sent": rng.normal(size=(worlds, MONTHS)), "pay.paid": np.zeros((worlds, MONTHS))},
        series_days=np.array([738000.0, 738031.0, 738061.0, 738092.0, 738122.0]),
    )


def write(path: Path, **of_posterior) -> Ensemble:
    posterior = made("weighted", 1, **of_posterior)
    write_run((posterior, made("prior", 2), replace(made("exploratory", 3), series={})), path)
    return posterior


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "run.nc"
    ensemble = write(path)
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        yield ensemble, tree.load()


def test_every_array_comes_back_under_its_labels(written):
    ensemble, tree = written
    group = tree["posterior"]
    assert dict(group.sizes) == {
        "chain": ISLANDS, "draw": DRAWS, "parameter": 2, "hypothesis": 1, "option": 2, "metric": 1
    }  # fmt: skip
    stats = tree["sample_stats"]
    for name in ("draws", "states", "outcomes", "log_weight", "island", "status"):
        want = getattr(ensemble, name)
        found = (group if name in group else stats)[name].values.reshape(want.shape)
        np.testing.assert_array_equal(found, want.astype(found.dtype))
    for name, want in ensemble.series.items():
        found = tree["predictions"]["series"].sel(observable=name).values.reshape(want.shape)
        np.testing.assert_array_equal(found, want.astype(np.float32))
    for group_name, field in (("log_likelihood", "log_likelihood"), ("posterior_predictive", "predicted")):
        found = tree[group_name]["claims"].sel(item="A2").values.ravel()
        np.testing.assert_array_equal(found, getattr(ensemble, field)[:, 1].astype(np.float32))


def test_months_are_dates(written):
    days = written[1]["predictions"]["month"].values.astype("datetime64[D]").astype(object)
    assert [day.toordinal() for day in days] == written[0].series_days.tolist()


def test_the_usual_diagnostics_read_it(written):
    ensemble, tree = written
    table = arviz_stats.summary(tree, var_names=["draws"], round_to="none")
    assert list(table.index) == ["draws[troops.rate]", "draws[pay.share]"]
    assert table["mean"].iloc[0] == pytest.approx(ensemble.draws[:, 0].mean(), abs=1e-6)
    assert (table["r_hat"] < 1.05).all()
    assert np.isfinite(arviz_stats.loo(tree, var_name="claims").elpd)


def test_islands_that_are_not_equally_long_are_one_chain(tmp_path):
    ensemble = write(tmp_path / "run.nc", islands=7)
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert tree["posterior"].sizes["chain"] == 1
        assert tree["prior"].sizes["chain"] == ISLANDS
        found = tree["predictions"]["series"].sel(observable="troops.sent").values
    np.testing.assert_array_equal(found[0], ensemble.series["troops.sent"].astype(np.float32))


def test_without_claims_there_is_nothing_of_claims(tmp_path):
    write(tmp_path / "run.nc", items=())
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert not {"log_likelihood", "posterior_predictive"} & set(tree.children)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("one.nc", "two.nc"):
        write(tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
