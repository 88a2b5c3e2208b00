"""The worlds as labelled arrays: opened by what the field opens such files with, and by the package itself."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import arviz_stats
import numpy as np
import pytest
import xarray as xr
from tests.brief.factory import make_brief
from tests.worlds.small import Row, evidence_table

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.evidence_file import StoredEvidence
from quidproquo.study.run_file import Worlds, read_worlds, write_worlds
from quidproquo.study.schema.assumptions import HypothesisRecord, HypothesisStateRecord
from quidproquo.study.schema.brief import FORMAT, Brief

ISLANDS, DRAWS, MONTHS = 8, 128, 5
PARAMETERS = ("trade.parameter_1", "trade.parameter_2")


def made(kind: str, seed: int, islands: int = ISLANDS, items: tuple[str, ...] = ("S001", "S002")) -> Ensemble:
    rng, worlds = np.random.default_rng(seed), ISLANDS * DRAWS
    status = np.zeros(worlds, dtype=np.int64)
    status[3] = 1
    draws = rng.normal(size=(worlds, 2))
    return Ensemble(
        kind=kind,
        parameters=PARAMETERS,
        draws=draws,
        log_weight=np.where(status > 0, -np.inf, 0.0),
        island=np.arange(worlds) * islands // worlds,
        status=status,
        hypotheses=("pay",),
        states=rng.integers(0, 2, (worlds, 1)),
        items=items,
        log_likelihood=-0.02 * (draws[:, [0] * len(items)] - 0.3) ** 2,
        predicted=draws[:, [0] * len(items)],
        options=("do_nothing", "coalition"),
        metrics=("cost",),
        outcomes=rng.normal(size=(worlds, 2, 1)),
        series={"troops.sent": rng.normal(size=(worlds, MONTHS)), "pay.paid": np.zeros((worlds, MONTHS))},
        series_days=np.array([738000.0, 738031.0, 738061.0, 738092.0, 738122.0]),
    )


def brief_of_worlds() -> Brief:
    """A brief that knows the titles and units of what `made` holds."""
    state = HypothesisStateRecord(title="Money", prior=0.5, posterior=0.5, mcse=0.0)
    pay = HypothesisRecord(title="What is paid?", states={"cash": state, "cover": state})
    return make_brief(claims=9, documents=1, estimates=2, hypotheses={"pay": pay})


def write(path: Path, months: bool = True, **of_posterior) -> Worlds:
    ensemble = made("weighted", 1, **of_posterior)
    estimates = {"crates_sent": ensemble.series["troops.sent"][:, 2]}
    weighted = Worlds(ensemble, estimates)
    others = [Worlds(made("prior", 2)), Worlds(replace(made("exploratory", 3), series={}))]
    write_worlds(path, [weighted, *others], brief_of_worlds(), months=months)
    return weighted


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "run.nc"
    worlds = write(path)
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        yield worlds.ensemble, tree.load(), path


def test_every_array_comes_back_under_its_labels(written):
    ensemble, tree, _ = written
    group = tree["posterior"]
    assert dict(group.sizes) == {
        "chain": ISLANDS, "draw": DRAWS, "parameter": 2, "hypothesis": 1, "option": 2, "metric": 1, "quantity": 1
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
        found = tree[group_name]["claims"].sel(item="S002").values.ravel()
        np.testing.assert_array_equal(found, getattr(ensemble, field)[:, 1].astype(np.float32))
    found = group["estimates"].sel(quantity="crates_sent").values.ravel()
    np.testing.assert_array_equal(found, ensemble.series["troops.sent"][:, 2].astype(np.float32))


def test_titles_and_units_stand_beside_the_names(written):
    _, tree, _ = written
    posterior = tree["posterior"]
    prior = posterior["draws"].sel(parameter="trade.parameter_1")
    assert prior.coords["parameter_title"].item() == "Rate number 1 of the trade"
    assert prior.coords["parameter_unit"].item() == "crates/month"
    assert posterior["outcomes"].coords["option_title"].values.tolist() == [
        "Do nothing new",
        "Act with a regional coalition",
    ]
    assert posterior["estimates"].coords["quantity_unit"].item() == "crates"
    assert posterior["states"].coords["hypothesis_states"].item() == "cash | cover"
    claims = tree["posterior_predictive"]["claims"].coords
    assert claims["item_title"].values[0].startswith("Claim 1: ")
    for group in tree.subtree:
        assert all(variable.attrs["long_name"] for variable in group.data_vars.values())
    assert tree.attrs["format"] == FORMAT
    assert tree.attrs["case"] == "freedonia-sylvania"


def test_months_are_dates(written):
    days = written[1]["predictions"]["month"].values.astype("datetime64[D]").astype(object)
    assert [day.toordinal() for day in days] == written[0].series_days.tolist()


def test_the_usual_diagnostics_read_it(written):
    ensemble, tree, _ = written
    table = arviz_stats.summary(tree, var_names=["draws"], round_to="none")
    assert list(table.index) == [f"draws[{name}]" for name in PARAMETERS]
    assert table["mean"].iloc[0] == pytest.approx(ensemble.draws[:, 0].mean(), abs=1e-6)
    assert (table["r_hat"] < 1.05).all()
    assert np.isfinite(arviz_stats.loo(tree, var_name="claims").elpd)


@pytest.mark.parametrize("months", [True, False])
def test_what_is_read_back_is_what_was_written(months, tmp_path):
    worlds = write(tmp_path / "run.nc", months=months)
    found = read_worlds(tmp_path / "run.nc")
    assert found.format == FORMAT
    assert set(found.sets) == {"weighted", "prior", "exploratory"}
    ensemble = found.sets["weighted"].ensemble
    for field in dataclasses.fields(Ensemble):
        want, got = getattr(worlds.ensemble, field.name), getattr(ensemble, field.name)
        if field.name in {"series", "series_days"} and not months:
            assert len(got) == 0
        elif field.name == "series":
            assert list(got) == list(want)
            for name in want:
                np.testing.assert_array_equal(got[name], want[name].astype(np.float32))
        elif isinstance(want, np.ndarray):
            np.testing.assert_array_equal(got, want.astype(got.dtype))
        else:
            assert got == want
    estimates = found.sets["weighted"].estimates
    np.testing.assert_array_equal(
        estimates["crates_sent"], worlds.estimates["crates_sent"].astype(np.float32)
    )
    assert found.sets["prior"].ensemble.items == ()
    assert found.sets["exploratory"].ensemble.series == {}


def test_islands_that_are_not_equally_long_are_one_chain(tmp_path):
    ensemble = write(tmp_path / "run.nc", islands=7).ensemble
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert tree["posterior"].sizes["chain"] == 1
        assert tree["prior"].sizes["chain"] == ISLANDS
        found = tree["predictions"]["series"].sel(observable="troops.sent").values
    np.testing.assert_array_equal(found[0], ensemble.series["troops.sent"].astype(np.float32))
    np.testing.assert_array_equal(
        read_worlds(tmp_path / "run.nc").sets["weighted"].ensemble.island, ensemble.island
    )


def test_without_claims_there_is_nothing_of_claims(tmp_path):
    write(tmp_path / "run.nc", items=())
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert not {"log_likelihood", "posterior_predictive"} & set(tree.children)
    assert read_worlds(tmp_path / "run.nc").sets["weighted"].ensemble.log_likelihood.shape == (
        ISLANDS * DRAWS,
        0,
    )


def test_the_claims_as_numbers_come_back(tmp_path):
    rng = np.random.default_rng(4)
    rows = [
        Row("trade.sent", value=4e3, origin=origin, group=group)
        for origin, group in (("Port", 0), ("Mill", 1))
    ]
    table = evidence_table(*rows, Row("trade.sent", "between", low=1.0, high=2.0, near=True))
    evidence = StoredEvidence(table, ("bias.origin.Port",), rng.normal(size=(ISLANDS * DRAWS, 1)))
    write_worlds(tmp_path / "run.nc", [Worlds(made("weighted", 1))], brief_of_worlds(), evidence)
    found = read_worlds(tmp_path / "run.nc", ("weighted",)).evidence
    for field in dataclasses.fields(table):
        want, got = getattr(table, field.name), getattr(found.table, field.name)
        if isinstance(want, np.ndarray):
            np.testing.assert_array_equal(got, want)
            assert got.dtype == want.dtype
        else:
            assert got == want
    assert found.bias_names == evidence.bias_names
    np.testing.assert_array_equal(found.biases, evidence.biases.astype(np.float32))
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert all(variable.attrs["long_name"] for variable in tree["evidence"].data_vars.values())


def test_a_run_of_an_earlier_version_has_no_claims_as_numbers(written):
    assert read_worlds(written[2]).evidence is None


def test_months_are_left_out_unless_they_are_asked_for(tmp_path):
    write(tmp_path / "run.nc", months=False)
    with xr.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as tree:
        assert not {name for name in tree.children if name.startswith(("predictions", "prior_predictive"))}


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("one.nc", "two.nc"):
        write(tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
