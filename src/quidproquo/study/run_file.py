"""`run.nc`: the worlds of a run as labelled arrays, with the groups and dimensions of ArviZ.

Worlds are `[chain, draw]`, a chain being an island: so R-hat, effective draws and plots by chain come out as
they should. What each group holds:

    posterior              draws, states and outcomes of the weighted worlds, and estimates on the decision date
    sample_stats           their log-weights, islands and status
    log_likelihood         how likely each world makes each claim that weighs
    posterior_predictive   what each world says of what that claim reports
    prior, exploratory     the other ensembles, with sample_stats_prior and sample_stats_exploratory
    evidence               the claims that weigh as numbers, and the biases of who reports (see `evidence_file`)
    predictions, prior_predictive   every month, where that was asked for

Titles and units are coordinates beside the names. No library but the one that writes is needed to read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from quidproquo.evidence.weights.record import Ensemble
from quidproquo.study.evidence_file import StoredEvidence, read_evidence, write_evidence
from quidproquo.study.schema.brief import FORMAT, Brief

if TYPE_CHECKING:
    from h5netcdf import File, Group

__all__ = ["StoredWorlds", "Worlds", "read_worlds", "write_worlds"]

_RUN = ("chain", "draw")
_EPOCH = date(1970, 1, 1)
_DAYS = {"units": f"days since {_EPOCH.isoformat()}", "calendar": "proleptic_gregorian"}
_COMPRESSION = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


@dataclass(frozen=True)
class _Groups:
    """Where the parts of an ensemble of one kind lie."""

    worlds: str
    stats: str
    months: str


_GROUPS = {
    "weighted": _Groups("posterior", "sample_stats", "predictions"),
    "prior": _Groups("prior", "sample_stats_prior", "prior_predictive"),
    "exploratory": _Groups("exploratory", "sample_stats_exploratory", "predictions_exploratory"),
}
_LIKELIHOOD, _PREDICTIVE, _CLAIMS = "log_likelihood", "posterior_predictive", "claims"


@dataclass(frozen=True)
class _Array:
    """A variable over worlds: the dimensions that follow `[chain, draw]`, and what it holds."""

    name: str
    dimensions: tuple[str, ...]
    long_name: str
    units: str = "1"


_ARRAYS = (
    _Array("draws", ("parameter",), "parameters of the world", "as parameter_unit says"),
    _Array("states", ("hypothesis",), "place of the state that holds, in hypothesis_states"),
    _Array(
        "outcomes",
        ("option", "metric"),
        "metrics under each option, means over futures",
        "as metric_unit says",
    ),
)
_STATS = (
    _Array("log_weight", (), "log of the weight, up to a constant; minus infinity if the world failed"),
    _Array("island", (), "number of the independent run that the world comes from"),
    _Array("status", (), "0 if the world ran"),
)
_ESTIMATES = _Array("estimates", ("quantity",), "quantity on the decision date", "as quantity_unit says")
_OF_CLAIMS = {
    _LIKELIHOOD: _Array(_CLAIMS, ("item",), "log-likelihood of each claim"),
    _PREDICTIVE: _Array(
        _CLAIMS, ("item",), "what the world says of what the claim reports", "as item_unit says"
    ),
}


@dataclass(frozen=True)
class Worlds:
    """An ensemble, and quantities on the decision date in each of its worlds."""

    ensemble: Ensemble
    estimates: Mapping[str, Float[np.ndarray, " world"]] = field(default_factory=dict)


def write_worlds(
    path: Path,
    sets: Sequence[Worlds],
    brief: Brief,
    evidence: StoredEvidence | None = None,
    *,
    months: bool = False,
) -> None:
    """Write ensembles of different kinds; with `months`, every month of every observable too.

    `evidence` is what conditioned the weighted worlds, if anything did.

    Raises:
        OSError: if the file can't be written.
    """
    import h5netcdf

    titles = _titles(brief)
    with h5netcdf.File(path, "w") as file:
        file.attrs.update(
            title=brief.about.title,
            case=brief.case,
            as_of=brief.as_of,
            seed=brief.seed,
            source=f"quidproquo {brief.versions.quidproquo}",
            format=FORMAT,
        )
        for worlds in sets:
            _write(file, worlds, titles)
            if worlds.ensemble.kind == "weighted" and worlds.ensemble.items:
                _write_claims(file, worlds.ensemble, titles)
            if months and worlds.ensemble.series:
                _write_months(file, worlds.ensemble)
        if evidence is not None:
            write_evidence(file, evidence)


@dataclass(frozen=True)
class _Title:
    """A text for each name along a dimension, as a further coordinate."""

    name: str
    dimension: str
    texts: Mapping[str, str]


def _titles(brief: Brief) -> list[_Title]:
    def title(name: str, dimension: str, texts: Mapping[str, str]) -> _Title:
        return _Title(f"{dimension}_{name}", dimension, texts)

    return [
        title("title", "parameter", {k: a.title for k, a in brief.assumptions.items()}),
        title("unit", "parameter", {k: a.unit for k, a in brief.assumptions.items()}),
        title("title", "hypothesis", {k: h.title for k, h in brief.hypotheses.items()}),
        title("states", "hypothesis", {k: " | ".join(h.states) for k, h in brief.hypotheses.items()}),
        title("title", "option", {k: o.title for k, o in brief.options.items()}),
        title("title", "metric", {k: m.title for k, m in brief.metrics.items()}),
        title("unit", "metric", {k: m.unit for k, m in brief.metrics.items()}),
        title("title", "quantity", {k: e.title for k, e in brief.estimates.items()}),
        title("unit", "quantity", {k: e.unit for k, e in brief.estimates.items()}),
        title("title", "item", {c.id: c.paraphrase for c in brief.claims}),
        title("unit", "item", {c.id: c.unit or "1" for c in brief.claims}),
    ]


def _chains(island: Int[np.ndarray, " world"]) -> tuple[int, int]:
    """How worlds fall into chains: by islands if these are equally long and follow one another."""
    count = len(np.unique(island))
    draws = len(island) // max(count, 1)
    regular = count * draws == len(island) and bool((island == np.repeat(island[::draws], draws)).all())
    return (count, draws) if regular else (1, len(island))


def _write(file: File, worlds: Worlds, titles: Sequence[_Title]) -> None:
    """One ensemble without its months."""
    ensemble, names = worlds.ensemble, _GROUPS[worlds.ensemble.kind]
    shape = _chains(ensemble.island)
    labels = {
        "parameter": ensemble.parameters,
        "hypothesis": ensemble.hypotheses,
        "option": ensemble.options,
        "metric": ensemble.metrics,
        "quantity": tuple(worlds.estimates),
    }
    group = _group(file, names.worlds, shape, {name: of for name, of in labels.items() if of}, titles)
    for array in _ARRAYS:
        values = getattr(ensemble, array.name)
        if values.size:
            _add(group, array, shape, values)
    if worlds.estimates:
        _add(group, _ESTIMATES, shape, np.stack(list(worlds.estimates.values()), axis=1))
    group = _group(file, names.stats, shape, {}, titles)
    for array in _STATS:
        _add(group, array, shape, getattr(ensemble, array.name))


def _write_claims(file: File, ensemble: Ensemble, titles: Sequence[_Title]) -> None:
    """How likely the worlds make each claim, and what they say of it, in groups of their own."""
    shape = _chains(ensemble.island)
    for name, values in ((_LIKELIHOOD, ensemble.log_likelihood), (_PREDICTIVE, ensemble.predicted)):
        group = _group(file, name, shape, {"item": ensemble.items}, titles)
        _add(group, _OF_CLAIMS[name], shape, values)


def _write_months(file: File, ensemble: Ensemble) -> None:
    """Every month of every observable, compressed."""
    shape, months = _chains(ensemble.island), len(ensemble.series_days)
    group = _group(file, _GROUPS[ensemble.kind].months, shape, {"observable": tuple(ensemble.series)}, ())
    group.dimensions["month"] = months
    days = ensemble.series_days.astype(np.int64) - _EPOCH.toordinal()
    group.create_variable("month", ("month",), data=days).attrs.update(long_name="end of the month", **_DAYS)
    series = group.create_variable(
        "series",
        ("observable", *_RUN, "month"),
        dtype=np.float32,
        chunks=(1, 1, shape[1], months),
        **_COMPRESSION,
    )
    series.attrs["long_name"] = "observables of the model, with policy as it stands"
    for place, values in enumerate(ensemble.series.values()):
        series[place] = values.astype(np.float32, copy=False).reshape(*shape, months)


def _group(
    file: File,
    name: str,
    shape: tuple[int, int],
    labels: Mapping[str, Sequence[str]],
    titles: Sequence[_Title],
) -> Group:
    """A group with its dimensions, their names, and titles and units beside these."""
    group = file.create_group(name)
    group.dimensions = dict(zip(_RUN, shape, strict=True)) | {name: len(of) for name, of in labels.items()}
    for dimension, size in zip(_RUN, shape, strict=True):
        group.create_variable(dimension, (dimension,), data=np.arange(size))
    for dimension, names in labels.items():
        _add_texts(group, dimension, dimension, names)
        for title in titles:
            if title.dimension == dimension:
                _add_texts(group, title.name, dimension, [title.texts.get(one, "") for one in names])
    return group


def _add_texts(group: Group, name: str, dimension: str, texts: Sequence[str]) -> None:
    import h5py

    group.create_variable(name, (dimension,), dtype=h5py.string_dtype(), data=np.array(texts, dtype=object))


def _add(
    group: Group, array: _Array, shape: tuple[int, int], values: Shaped[np.ndarray, "world ..."]
) -> None:
    exact = np.float64 if array.name == "log_weight" else np.float32
    kept = values.astype(exact, copy=False) if values.dtype.kind == "f" else values
    data = kept.reshape(*shape, *kept.shape[1:])
    variable = group.create_variable(array.name, (*_RUN, *array.dimensions), data=data)
    variable.attrs.update(long_name=array.long_name, units=array.units)
    titles = [
        name for name in group.variables if name.rpartition("_")[0] in array.dimensions and name != array.name
    ]
    if titles:
        variable.attrs["coordinates"] = " ".join(sorted(titles))


@dataclass(frozen=True)
class StoredWorlds:
    """What a `run.nc` holds: ensembles by kind, the version of its format, and what conditioned the worlds.

    Earlier versions did not keep `evidence`; neither has a run in which no claim weighs.
    """

    format: str
    sets: Mapping[str, Worlds]
    evidence: StoredEvidence | None = None


def read_worlds(path: Path | BytesIO, kinds: Sequence[str] = tuple(_GROUPS)) -> StoredWorlds:
    """Read the worlds of a run, of all kinds unless some are named; months are there only if they were saved.

    Raises:
        OSError: if there is no such file, or it isn't HDF5.
    """
    import h5netcdf

    with h5netcdf.File(path, "r") as file:
        found = {kind: _read(file, kind) for kind in kinds if _GROUPS[kind].worlds in file.groups}
        # the first format named no version
        return StoredWorlds(str(file.attrs.get("format", "1")), found, read_evidence(file))


def _read(file: File, kind: str) -> Worlds:
    names = _GROUPS[kind]
    group, stats = file.groups[names.worlds], file.groups[names.stats]
    worlds = int(np.prod(stats.variables["island"].shape))
    days, series = _read_months(file, names.months, worlds)
    quantities = _texts(group, "quantity")
    estimates = _values(group, "estimates", worlds, (len(quantities),))
    found: dict[str, Any] = {array.name: _values(stats, array.name, worlds) for array in _STATS}
    options, metrics = _texts(group, "option"), _texts(group, "metric")
    parameters, hypotheses = _texts(group, "parameter"), _texts(group, "hypothesis")
    weighted = kind == "weighted" and _LIKELIHOOD in file.groups
    items = _texts(file.groups[_LIKELIHOOD], "item") if weighted else ()
    ensemble = Ensemble(
        kind=kind,
        parameters=parameters,
        draws=_values(group, "draws", worlds, (len(parameters),)),
        hypotheses=hypotheses,
        states=_values(group, "states", worlds, (len(hypotheses),)).astype(np.int64),
        items=items,
        log_likelihood=_of_claims(file, _LIKELIHOOD, worlds, len(items)),
        predicted=_of_claims(file, _PREDICTIVE, worlds, len(items)),
        options=options,
        metrics=metrics,
        outcomes=_values(group, "outcomes", worlds, (len(options), len(metrics))),
        series=series,
        series_days=days,
        **found,
    )
    return Worlds(ensemble, dict(zip(quantities, estimates.T, strict=True)))


def _read_months(
    file: File, name: str, worlds: int
) -> tuple[Float[np.ndarray, " month"], dict[str, Float[np.ndarray, "world month"]]]:
    if name not in file.groups:
        return np.zeros(0), {}
    group = file.groups[name]
    days = np.asarray(group.variables["month"][...]) + float(_EPOCH.toordinal())
    series = np.asarray(group.variables["series"][...])
    return days, {
        observable: values.reshape(worlds, -1)
        for observable, values in zip(_texts(group, "observable"), series, strict=True)
    }


def _texts(group: Group, name: str) -> tuple[str, ...]:
    if name not in group.variables:
        return ()
    return tuple(x.decode() if isinstance(x, bytes) else str(x) for x in group.variables[name][...])


def _values(
    group: Group, name: str, worlds: int, rest: tuple[int, ...] = ()
) -> Shaped[np.ndarray, "world ..."]:
    """A variable with chains and draws laid end to end; empty where nothing was written."""
    if name not in group.variables:
        return np.zeros((worlds, *rest), np.float32)
    return np.asarray(group.variables[name][...]).reshape(worlds, *rest)


def _of_claims(file: File, name: str, worlds: int, items: int) -> Float[np.ndarray, "world item"]:
    if not items:
        return np.zeros((worlds, 0), np.float32)
    return _values(file.groups[name], _CLAIMS, worlds, (items,))
