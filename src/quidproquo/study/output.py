"""The files of a run: the brief as JSON, the claims as a table, and the worlds as labelled arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quidproquo.claims import write_claims
from quidproquo.claims.record import Claim
from quidproquo.evidence.record import Ensemble
from quidproquo.study.model import Brief
from quidproquo.study.weigh import Weighed

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["brief_json", "write_study"]


def brief_json(brief: Brief) -> str:
    """The brief as JSON text: fields in the model's order, one space of indent, no NaN."""
    return brief.model_dump_json(indent=1) + "\n"


def write_study(brief: Brief, claims: Sequence[Claim], weighed: Weighed, directory: Path) -> list[Path]:
    """Write brief.json, claims.csv and run.nc."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = [directory / name for name in ("brief.json", "claims.csv", "run.nc")]
    paths[0].write_text(brief_json(brief), encoding="utf-8")
    write_claims(claims, paths[1])
    write_run(weighed, paths[2])
    return paths


def write_run(weighed: Weighed, path: Path) -> None:
    """Write the ensembles as groups of one netCDF file, with named dimensions and coordinates."""
    import xarray as xr

    groups = {e.kind: _dataset(e) for e in (weighed.weighted, weighed.prior, weighed.exploratory)}
    tree = xr.DataTree.from_dict({f"/{name}": dataset for name, dataset in groups.items()})
    packed = {"zlib": True, "complevel": 1}
    encoding = {
        f"/{name}": {key: packed for key in dataset.data_vars if str(key).startswith("series_")}
        for name, dataset in groups.items()
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _dataset(ensemble: Ensemble) -> Dataset:
    import xarray as xr

    days = ensemble.series_days.astype(np.int64)
    months = np.array([np.datetime64("0001-01-01") + int(day) - 1 for day in days], dtype="datetime64[ns]")
    series = {
        f"series_{name}": (("world", "month"), values.astype(np.float32, copy=False))
        for name, values in ensemble.series.items()
    }
    return xr.Dataset(
        {
            "draws": (("world", "parameter"), ensemble.draws.astype(np.float32, copy=False)),
            "log_weight": ("world", ensemble.log_weight),
            "island": ("world", ensemble.island),
            "status": ("world", ensemble.status),
            "states": (("world", "hypothesis"), ensemble.states),
            "log_likelihood": (("world", "item"), ensemble.log_likelihood.astype(np.float32, copy=False)),
            "predicted": (("world", "item"), ensemble.predicted.astype(np.float32, copy=False)),
            "outcomes": (("world", "option", "metric"), ensemble.outcomes.astype(np.float32, copy=False)),
            **series,
        },
        coords={
            "parameter": list(ensemble.parameters),
            "hypothesis": list(ensemble.hypotheses),
            "item": list(ensemble.items) or np.zeros(0, dtype="U1"),
            "option": list(ensemble.options),
            "metric": list(ensemble.metrics),
            "month": months,
        },
        attrs={"kind": ensemble.kind},
    )
