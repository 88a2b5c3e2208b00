"""What is conditioned on: the posterior over the coordinates of a world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.inputs import ItemInputs, ObservedInputs
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import Likelihood
from quidproquo.evidence.observation.operators import OperatorInputs, Operators, build_operators
from quidproquo.evidence.smc.blocks import Blocks, build_blocks
from quidproquo.worlds.content import Contents
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Coordinates, Model, ModelNumbers

__all__ = ["LOG_ZERO", "Target", "TargetInputs", "build_target"]

LOG_ZERO = -1e9


class TargetInputs(NamedTuple):
    """All numbers of a posterior, which its programs take as arguments.

    So a changed prior, report, grade or date needs no other program: only another number of claims, or
    claims of other forms or on other observables, do.
    """

    model: ModelNumbers
    operators: OperatorInputs
    items: ItemInputs


@dataclass(frozen=True, eq=False)
class Target:
    """The posterior over coordinates (parameters, hypotheses, biases), all standard normal before.

    Only those that some claim bears on are moved: `active` holds their places among the model's
    coordinates, and a sampler's position holds these, then the biases. The claims leave all others
    at their prior.
    """

    model: Model
    operators: Operators
    likelihood: Likelihood
    active: Int[np.ndarray, " active"]
    ids: tuple[str, ...]
    blocks: Blocks

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates that are moved."""
        return tuple(self.model.coordinates[i] for i in self.active) + self.likelihood.bias.names

    @property
    def inputs(self) -> TargetInputs:
        """All numbers of the posterior."""
        return TargetInputs(self.model.numbers, self.operators.inputs, self.likelihood.inputs)

    def with_inputs(self, inputs: TargetInputs) -> Target:
        """The posterior with other numbers: priors, dates, reports and grades."""
        return replace(
            self,
            model=self.model.with_numbers(inputs.model),
            operators=self.operators.with_inputs(inputs.operators),
            likelihood=self.likelihood.with_inputs(inputs.items),
        )

    @cached_property
    def structure(self) -> Contents:
        """All that its programs depend on besides its `inputs` (see `worlds.programs`)."""
        blocks = (self.blocks.owner, self.blocks.touches, self.blocks.steps)
        parts = self.model.structure, self.operators.structure, self.likelihood.structure
        return Contents((parts, self.active, blocks))

    def with_observed(self, observed: ObservedInputs) -> Target:
        """The posterior given other reports of the same forms."""
        return replace(self, likelihood=self.likelihood.with_observed(observed))

    def evaluate_items(
        self, z: Coordinates, biases: Float[Array, "bias world"]
    ) -> tuple[Array, Array, Array]:
        """Log-likelihood, chance of being wrong and prediction, each `[item, world]`."""
        predicted = self.operators.predict(self.model, z)
        item_log_lik, wrong = self.likelihood.evaluate_items(predicted, biases)
        return item_log_lik, wrong, predicted

    def item_log_lik(self, position: Float[Array, "moved world"]) -> Float[Array, "item world"]:
        """Log-likelihood of every item; very low where it is not a number."""
        z = [jnp.zeros_like(position[0])] * len(self.model.coordinates)
        for row, index in enumerate(self.active):
            z[index] = position[row]
        item_log_lik = self.evaluate_items(z, position[len(self.active) :])[0]
        return jnp.where(jnp.isfinite(item_log_lik), item_log_lik, LOG_ZERO)


def build_target(model: Model, table: EvidenceTable, likelihood: Likelihood | None = None) -> Target:
    """Put the posterior of a model and an evidence table together.

    `likelihood` is that of the table unless one with further biases as coordinates is given.
    """
    operators = build_operators(model, table)
    likelihood = build_likelihood(table) if likelihood is None else likelihood
    bearing = influences(model, table.observable)
    looked_at = frozenset[str]().union(*bearing.values())
    active = [i for i, name in enumerate(model.coordinates) if name in looked_at]
    names = [model.coordinates[i] for i in active]
    design = likelihood.bias.design
    touches = np.zeros((len(active) + len(design), len(table)), dtype=bool)
    for item, observable in enumerate(table.observable):
        touches[: len(active), item] = [name in bearing[observable] for name in names]
    touches[len(active) :] = design != 0
    # items of a group share their chance of being wrong, so what touches one touches all
    touches = _of_whole_groups(touches, np.asarray(table.group))
    owners = [_owner(name) for name in names]
    labels = owners + _owners_of_biases(owners, touches, _families(table, likelihood))
    blocks = build_blocks(labels, touches)
    return Target(model, operators, likelihood, np.array(active, dtype=np.int64), table.ids, blocks)


def _of_whole_groups(
    touches: Bool[np.ndarray, "coordinate item"], group: Int[np.ndarray, " item"]
) -> Bool[np.ndarray, "coordinate item"]:
    """What touches any item of a group, for all items of the group."""
    known, seat = np.unique(group, return_inverse=True)
    found = np.zeros((len(known), len(touches)), dtype=bool)
    np.logical_or.at(found, seat, touches.T)
    return found[seat].T


def _owner(name: str) -> str:
    return name if name.startswith("hypothesis.") else name.partition(".")[0]


def _owners_of_biases(
    owners: list[str], touches: Bool[np.ndarray, "coordinate item"], families: list[str]
) -> list[str]:
    """The block of each bias: of all mechanisms that its items depend on, that with the fewest items.

    There it is moved together with the parameters that it can stand for. Where its items depend on no
    mechanism in common, its family is its block.
    """
    parameters = touches[: len(owners)]
    mechanisms: dict[str, Bool[np.ndarray, " item"]] = {
        name: np.logical_or.reduce(parameters[[own == name for own in owners]])
        for name in owners
        if not name.startswith("hypothesis.")
    }
    found = []
    for row, family in zip(touches[len(owners) :], families, strict=True):
        whole = {name: int(items.sum()) for name, items in mechanisms.items() if items[row].all()}
        found.append(min(whole, key=lambda name: whole[name]) if whole else family)
    return found


def _families(table: EvidenceTable, likelihood: Likelihood) -> list[str]:
    """The family that each bias belongs to: an origin has one, so no item has biases of two."""
    items = [int(np.flatnonzero(row)[0]) for row in likelihood.bias.design]
    return [f"bias.{table.family[item]}" for item in items]
