"""The claims that conditioned a run, as numbers, in its `run.nc`: so that their grades can be asked about later.

The group `evidence` holds a column for each field of the evidence table, and `sample_stats` the biases of who
reports, which belong to a world as its parameters do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from quidproquo.claims.table import EvidenceTable

if TYPE_CHECKING:
    from h5netcdf import File, Group

__all__ = ["StoredEvidence", "read_evidence", "write_evidence"]

_GROUP, _ITEM, _BIAS = "evidence", "item", "bias"
_TEXTS = ("quantity", "observable", "scale", "comparison", "qualifier", "origin", "family")


@dataclass(frozen=True)
class StoredEvidence:
    """The claims that weigh, and the biases of who reports in every world (failed ones too)."""

    table: EvidenceTable
    bias_names: tuple[str, ...]
    biases: Float[np.ndarray, "world bias"]


def write_evidence(file: File, evidence: StoredEvidence) -> None:
    """Write the table and the biases into a group of their own."""
    import h5py

    table, text = evidence.table, h5py.string_dtype()
    group = file.create_group(_GROUP)
    group.dimensions = {_ITEM: len(table), _BIAS: len(evidence.bias_names), "world": len(evidence.biases)}

    def add_texts(name: str, dimension: str, values: tuple[str, ...]) -> None:
        column = group.create_variable(name, (dimension,), dtype=text, data=np.array(values, dtype=object))
        column.attrs["long_name"] = f"{name} of the claim, as the evidence table has it"

    add_texts(_ITEM, _ITEM, table.ids)
    for name in _TEXTS:
        add_texts(name, _ITEM, getattr(table, name))
    for name in _numbers():
        column = np.asarray(getattr(table, name))
        data = column.astype(np.int8) if column.dtype == bool else column
        variable = group.create_variable(name, (_ITEM,), data=data)
        variable.attrs["long_name"] = f"{name.replace('_', ' ')} of the claim, as the evidence table has it"
    if evidence.bias_names:
        add_texts(_BIAS, _BIAS, evidence.bias_names)
        biases = group.create_variable("biases", ("world", _BIAS), data=evidence.biases.astype(np.float32))
        biases.attrs["long_name"] = "biases of who reports, standard normal before the claims"


def read_evidence(file: File) -> StoredEvidence | None:
    """What `write_evidence` wrote; None in a run without claims that weigh, or of an earlier version."""
    if _GROUP not in file.groups:
        return None
    group = file.groups[_GROUP]
    columns: dict[str, Any] = {name: _texts(group, name) for name in _TEXTS}
    columns |= {name: np.asarray(group.variables[name][...]) for name in _numbers()}
    columns["near"] = columns["near"].astype(bool)
    table = EvidenceTable(ids=_texts(group, _ITEM), **columns)
    if _BIAS not in group.variables:
        return StoredEvidence(table, (), np.zeros((group.dimensions["world"].size, 0), np.float32))
    return StoredEvidence(table, _texts(group, _BIAS), np.asarray(group.variables["biases"][...]))


def _numbers() -> tuple[str, ...]:
    others = {"ids", "unused", *_TEXTS}
    return tuple(field.name for field in fields(EvidenceTable) if field.name not in others)


def _texts(group: Group, name: str) -> tuple[str, ...]:
    return tuple(x.decode() if isinstance(x, bytes) else str(x) for x in group.variables[name][...])
