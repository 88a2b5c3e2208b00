"""What is conditioned on: the posterior over the coordinates of a world, whole and by blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.likelihood import Likelihood, build_likelihood
from quidproquo.evidence.operators import Operators, build_operators
from quidproquo.worlds.model import Coordinates, Model

__all__ = ["Block", "Target", "build_target"]

_HOPELESS = -1e9
_MANY = 10  # claims on a mechanism that make it worth a block of its own


@dataclass(frozen=True, eq=False)
class Block:
    """Coordinates that are moved together, and the items that depend on them.

    `groups` numbers the mechanism of each coordinate: a jump stays within one. With `doubts`,
    hypotheses belong to the block as well.
    """

    coordinates: Int[np.ndarray, " coordinate"]
    groups: Int[np.ndarray, " coordinate"]
    operators: Operators
    likelihood: Likelihood
    doubts: bool = False


@dataclass(frozen=True, eq=False)
class Target:
    """The posterior over coordinates (parameters, hypotheses, biases), all standard normal before.

    Only parameters that some claim can bear on (`active`, indices) are moved; the claims leave
    the others at their prior, from which they are drawn. The sampler's position holds the active
    parameters, then the biases.
    """

    model: Model
    operators: Operators
    likelihood: Likelihood
    active: Int[np.ndarray, " active"]
    ids: tuple[str, ...]
    blocks: tuple[Block, ...] = ()

    @property
    def size(self) -> int:
        """Number of coordinates that are moved."""
        return len(self.active) + len(self.likelihood.bias.names)

    def items(self, z: Coordinates, biases: Float[Array, "bias world"]) -> tuple[Array, Array, Array]:
        """Log-likelihood, chance of being wrong and prediction, each `[item, world]`."""
        predicted = self.operators.predict(self.model, z)
        terms, wrong = self.likelihood.items(predicted, biases)
        return terms, wrong, predicted

    def log_likelihood(
        self, position: Float[Array, "moved world"], hypotheses: Float[Array, "hypothesis world"]
    ) -> Float[Array, " world"]:
        """Joint log-likelihood of worlds; very low where it is not a number."""
        return self.of_rows(list(position), hypotheses)

    def of_rows(self, rows: list[Array], hypotheses: Array) -> Float[Array, " world"]:
        """The same with the coordinates as separate rows, which is cheaper to differentiate."""
        return self.part(self.operators, self.likelihood, rows, hypotheses)

    def part(
        self, operators: Operators, likelihood: Likelihood, rows: list[Array], hypotheses: Array
    ) -> Float[Array, " world"]:
        """Joint log-likelihood of some of the items."""
        nothing = jnp.zeros_like(rows[0])
        z = [nothing] * len(self.model.parameters)
        for row, index in zip(rows, self.active, strict=False):
            z[index] = row
        biases = rows[len(self.active) :]
        stacked = jnp.stack(biases) if biases else jnp.zeros((0, *nothing.shape), nothing.dtype)
        predicted = operators.predict(self.model, [*z, *hypotheses])
        total = jnp.sum(likelihood.items(predicted, stacked)[0], axis=0)
        return jnp.where(jnp.isfinite(total), total, _HOPELESS)


def build_target(model: Model, table: EvidenceTable) -> Target:
    """Put the posterior of a model and an evidence table together."""
    operators, likelihood = build_operators(model, table), build_likelihood(table)
    bearing = {name: model.bears_on(name) for name in sorted(set(table.observable))}
    looked_at = frozenset().union(*bearing.values())
    active = [i for i, name in enumerate(model.parameters) if name in looked_at]
    whole = Target(model, operators, likelihood, np.array(active, dtype=np.int64), table.ids)
    return replace(whole, blocks=_blocks(whole, table, bearing))


def _blocks(target: Target, table: EvidenceTable, bearing: Mapping[str, frozenset[str]]) -> tuple[Block, ...]:
    """One block for every mechanism that many claims speak of, and one for the rest.

    The block of the rest also holds the hypotheses, and every item that depends on them.
    """
    names = [target.model.parameters[i] for i in target.active]
    owner = [name.partition(".")[0] for name in names]
    spoken = Counter(name.partition(".")[0] for name in table.observable)
    large = [part for part in dict.fromkeys(owner) if spoken[part] >= _MANY]
    groups = [(part,) for part in large]
    rest = tuple(part for part in dict.fromkeys(owner) if part not in large)
    groups += [rest] if rest else []
    doubts = {f"hypothesis.{h.id}" for h in target.model.hypotheses}
    return tuple(
        _block(target, table, bearing, parts, doubts if parts == groups[-1] else set()) for parts in groups
    )


def _block(
    target: Target,
    table: EvidenceTable,
    bearing: Mapping[str, frozenset[str]],
    parts: tuple[str, ...],
    doubts: set[str],
) -> Block:
    names = [target.model.parameters[i] for i in target.active]
    own = {name for name in names if name.partition(".")[0] in parts} | doubts
    touched = [i for i, name in enumerate(table.observable) if own & bearing[name]]
    # claims of a group share their chance of being wrong, so a group is never cut
    items = np.flatnonzero(np.isin(table.group, table.group[touched]))
    about = {q: name.partition(".")[0] for q, name in zip(table.quantity, table.observable, strict=True)}
    coordinates = [place for place, name in enumerate(names) if name in own]
    coordinates += [
        len(names) + place
        for place, bias in enumerate(target.likelihood.bias.names)
        if "|" in bias and about.get(bias.rpartition("|")[2]) in parts
    ]
    inside = {int(item) for item in items}
    coordinates = [c for c in coordinates if _inside(target, c - len(names), inside)]
    owners = [name.partition(".")[0] for name in names]
    owners += [about.get(bias.rpartition("|")[2], "") for bias in target.likelihood.bias.names]
    return Block(
        np.array(coordinates, dtype=np.int64),
        np.array([parts.index(owners[c]) for c in coordinates], dtype=np.int64),
        build_operators(target.model, table.select(items)),
        target.likelihood.select(items),
        bool(doubts),
    )


def _inside(target: Target, bias: int, items: set[int]) -> bool:
    """Whether a bias touches only these items (parameters, with a negative number, always do)."""
    return bias < 0 or set(np.flatnonzero(target.likelihood.bias.design[bias])) <= items
