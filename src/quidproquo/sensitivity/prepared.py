"""One ensemble made ready for any number of what-ifs: sorted, summed and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from quidproquo.decisions.rule import OptionValues
from quidproquo.evidence.weights.reweight import Reweighter
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["PreparedEnsemble"]


@dataclass(frozen=True)
class PreparedEnsemble:
    """Weights, the options' values and estimates in the same worlds.

    `estimates` maps a name to its value in each world; what worlds without weight hold there is never read.

    Raises EvidenceError where values are of other worlds, or an estimate isn't a number in a world with weight.
    """

    reweighter: Reweighter
    option_values: OptionValues
    estimates: Mapping[str, Float[np.ndarray, " world"]]

    def __post_init__(self) -> None:
        worlds, values = self.reweighter.base.size, self.option_values.values
        if values.shape != (worlds, len(self.option_values.options)):
            allowed = f"{(worlds, len(self.option_values.options))}, worlds by options"
            remedy = "pass the value of each option in each world"
            raise EvidenceError(sentence("what-if", "shape of values", values.shape, allowed, remedy))
        alive = self.reweighter.alive
        rows = self.estimates.values()
        if not all(np.isfinite(row if alive.all() else row[alive]).all() for row in rows):
            remedy = "mark such worlds as failed"
            found = "not finite in a world that has weight"
            raise EvidenceError(sentence("what-if", "estimate", found, "a number", remedy))

    @property
    def weights(self) -> Float[np.ndarray, " world"]:
        """The ensemble's own weights; they sum to one."""
        weights: Float[np.ndarray, " world"] = np.exp(self.reweighter.base)
        return weights
