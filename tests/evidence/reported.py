"""Reports handed to a compiled program in place of the claims' own."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.likelihood import Likelihood


def handed_in(likelihood: Likelihood) -> ObservedInputs:
    """A likelihood's own numbers, as reports: one compiled program then serves all of them."""
    columns = (likelihood.x, likelihood.low, likelihood.high, likelihood.offset, likelihood.level)
    own = [*columns, np.ones(len(likelihood.x)), np.zeros(len(likelihood.x))]
    return ObservedInputs(*(jnp.asarray(column, jnp.float32) for column in own))
