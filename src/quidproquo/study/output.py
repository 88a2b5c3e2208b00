"""The files of a run: the brief as JSON, the claims as a table, and the worlds as labelled arrays."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int, Shaped

from quidproquo.claims import write_claims
from quidproquo.claims.record import Claim
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.brief import Brief
from quidproquo.worlds.runtime import parallel_map

if TYPE_CHECKING:
    from h5netcdf import File, Group
    from h5py import Dataset

__all__ = ["brief_json", "write_study"]

_RUN = ("chain", "draw")
_LEVEL = 1  # of compression: higher ones take several times as long and save little
_EPOCH = date(1970, 1, 1)
_GROUPS = {
    "weighted": ("posterior", "sample_stats", "predictions"),
    "prior": ("prior", "sample_stats_prior", "prior_predictive"),
    "exploratory": ("exploratory", "sample_stats_exploratory", "predictions_exploratory"),
}
"""Kind of ensemble → where its draws and outcomes lie, its weights, and its months."""


def brief_json(brief: Brief) -> str:
    """The brief as JSON text: fields in the model's order, one space of indent, no NaN."""
    return brief.model_dump_json(indent=1) + "\n"


def write_study(brief: Brief, claims: Sequence[Claim], weighed: RunResult, directory: Path) -> list[Path]:
    """Write brief.json, claims.csv and run.nc."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = [directory / name for name in ("brief.json", "claims.csv", "run.nc")]
    paths[0].write_text(brief_json(brief), encoding="utf-8")
    write_claims(claims, paths[1])
    write_run((weighed.weighted, weighed.prior, weighed.exploratory), paths[2])
    return paths


def write_run(ensembles: Sequence[Ensemble], path: Path) -> None:
    """Write ensembles of different kinds as one netCDF file, with the groups and dimensions of ArviZ.

    Worlds are `[chain, draw]`, a chain being an island: so R-hat, effective draws and plots by chain come
    out as they should. Draws and outcomes lie in `posterior`, weights in `sample_stats`, months in
    `predictions`, and what the claims say in `log_likelihood` and `posterior_predictive`; the other
    ensembles have groups of their own.
    """
    import h5netcdf
    import h5py

    with h5netcdf.File(path, "w") as file:
        for ensemble in ensembles:
            _write(file, ensemble)
            if ensemble.kind == "weighted" and ensemble.items:
                _write_claims(file, ensemble)
    # the compressed months: by the threads that there are, which the netCDF library can't use
    with h5py.File(path, "r+") as file:
        for ensemble in ensembles:
            if ensemble.series:
                _fill(file[_GROUPS[ensemble.kind][2]]["series"], list(ensemble.series.values()))


def _chains(island: Int[np.ndarray, " world"]) -> tuple[int, int]:
    """How worlds fall into chains: by islands if these are equally long and follow one another."""
    count = len(np.unique(island))
    draws = len(island) // max(count, 1)
    apart = count * draws == len(island) and bool((island == np.repeat(island[::draws], draws)).all())
    return (count, draws) if apart else (1, len(island))


def _write_claims(file: File, ensemble: Ensemble) -> None:
    """How likely the worlds make each claim, and what they predict for it, in groups of their own."""
    shape, about = _chains(ensemble.island), {"item": ensemble.items}
    of_claims = {"log_likelihood": ensemble.log_likelihood, "posterior_predictive": ensemble.predicted}
    for name, values in of_claims.items():
        group = file.create_group(name)
        _label(group, shape, about)
        _add(group, "claims", (*_RUN, "item"), values.reshape(*shape, -1))


def _write(file: File, ensemble: Ensemble) -> None:
    """One ensemble; its months are laid out, and filled later."""
    worlds, stats, months = _GROUPS[ensemble.kind]
    shape = _chains(ensemble.island)
    group = file.create_group(worlds)
    about = {
        "parameter": ensemble.parameters,
        "hypothesis": ensemble.hypotheses,
        "option": ensemble.options,
        "metric": ensemble.metrics,
    }
    _label(group, shape, {name: labels for name, labels in about.items() if labels})
    for name, *rest in (("draws", "parameter"), ("states", "hypothesis"), ("outcomes", "option", "metric")):
        values = getattr(ensemble, name)
        if values.size:
            _add(group, name, (*_RUN, *rest), values.reshape(*shape, *values.shape[1:]))
    group = file.create_group(stats)
    _label(group, shape, {})
    for name in ("log_weight", "island", "status"):
        _add(group, name, _RUN, getattr(ensemble, name).reshape(shape))
    if ensemble.series:
        _lay_out(file.create_group(months), shape, ensemble)


def _lay_out(group: Group, shape: tuple[int, int], ensemble: Ensemble) -> None:
    """Months of every observable, without their values."""
    _label(group, shape, {"observable": tuple(ensemble.series)})
    months = len(ensemble.series_days)
    group.dimensions["month"] = months
    days = ensemble.series_days.astype(np.int64) - _EPOCH.toordinal()
    ends = group.create_variable("month", ("month",), data=days)
    ends.attrs.update(units=f"days since {_EPOCH.isoformat()}", calendar="proleptic_gregorian")
    group.create_variable(
        "series",
        ("observable", *_RUN, "month"),
        dtype=np.float32,
        chunks=(1, 1, shape[1], months),
        shuffle=True,
        compression="gzip",
        compression_opts=_LEVEL,
    )


def _label(group: Group, shape: tuple[int, int], about: Mapping[str, Sequence[str]]) -> None:
    """Dimensions and their labels."""
    import h5py

    group.dimensions = dict(zip(_RUN, shape, strict=True)) | {name: len(on) for name, on in about.items()}
    for name, size in zip(_RUN, shape, strict=True):
        group.create_variable(name, (name,), data=np.arange(size))
    for name, labels in about.items():
        text = h5py.string_dtype()
        group.create_variable(name, (name,), dtype=text, data=np.array(labels, dtype=object))


def _add(
    group: Group, name: str, dimensions: tuple[str, ...], values: Shaped[np.ndarray, "chain draw ..."]
) -> None:
    exact = np.float64 if name == "log_weight" else np.float32
    kept = values.astype(exact, copy=False) if values.dtype.kind == "f" else values
    group.create_variable(name, dimensions, data=kept)


def _fill(series: Dataset, values: Sequence[Float[np.ndarray, "world month"]]) -> None:
    """Write `[observable, chain, draw, month]`, a chain of an observable at a time."""
    chains = series.shape[1]
    for place, observable in enumerate(values):
        parts = observable.astype(series.dtype, copy=False).reshape(chains, -1)
        for chain, packed in enumerate(parallel_map(_packed, list(parts))):
            series.id.write_direct_chunk((place, chain, 0, 0), packed)


def _packed(values: Float[np.ndarray, " value"]) -> bytes:
    """As HDF5's filters do it: bytes of equal place together, then deflated."""
    size = values.dtype.itemsize
    apart = np.ascontiguousarray(values.view(np.uint8).reshape(-1, size).T).tobytes()
    # repeats of a byte are all there is to find: half as long as the search for more, for a few per cent
    packer = zlib.compressobj(_LEVEL, strategy=zlib.Z_RLE)
    return packer.compress(apart) + packer.flush()
