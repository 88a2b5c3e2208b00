"""What benchmarks compare samplers by."""

from __future__ import annotations

from collections.abc import Collection

import jax
import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case
from quidproquo.evidence.estimates import reported
from quidproquo.evidence.smc.sample import PosteriorDraws
from quidproquo.worlds.influence import influences
from quidproquo.worlds.model import Model


class Quantities:
    """The reported quantities of a case at its decision date, on their scales.

    With `among`, only those that hang on nothing but these coordinates.
    """

    def __init__(self, model: Model, case: Case, among: Collection[str] | None = None) -> None:
        wanted = [q for q in reported(case) if q.observes.get("")]
        if among is not None:
            bearing = influences(model, [q.observes[""] for q in wanted])
            wanted = [q for q in wanted if bearing[q.observes[""]] <= set(among)]
        self.names = [q.id for q in wanted]
        self.logs = np.array([q.scale == "log" for q in wanted], dtype=bool)
        day = np.array([[case.decision_date.toordinal() - case.start.toordinal()]], dtype=np.float32)
        observed = [q.observes[""] for q in wanted]
        days = {name: jax.numpy.asarray(day) for name in observed}

        def read(z: jax.Array) -> jax.Array:
            known = model.past(list(z), days)
            return jax.numpy.stack([known[name][0] for name in observed])

        self._read = jax.jit(read)

    def of(self, drawn: PosteriorDraws) -> Float[np.ndarray, "world quantity"]:
        """Of each world; amounts as logs, so that a mean isn't a matter of a few worlds."""
        return self.at(drawn.z)

    def at(self, z: Float[np.ndarray, "world coordinate"]) -> Float[np.ndarray, "world quantity"]:
        """The same for worlds given by their coordinates."""
        values = np.asarray(self._read(jax.numpy.asarray(z.T)), dtype=np.float64).T
        found: Float[np.ndarray, "world quantity"] = np.where(
            self.logs, np.log(np.maximum(values, 1e-9)), values
        )
        return found
