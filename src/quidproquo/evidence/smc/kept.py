"""A posterior that is kept between runs, so that it is conditioned once.

What is kept is found again by all that it depends on; what comes out is the same whether it was kept or not.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np
from jaxtyping import Array, Key

from quidproquo.evidence.smc.islands import PosteriorDraws
from quidproquo.evidence.smc.proposals import no_proposals
from quidproquo.evidence.smc.sample import Settings
from quidproquo.evidence.smc.target import Target
from quidproquo.worlds.programs import remembered_arrays

__all__ = ["kept_posterior"]

_ARRAYS = ("z", "biases", "island", "acceptance", "temperatures")


def kept_posterior(
    key: Key[Array, ""],
    target: Target,
    worlds: int,
    settings: Settings,
    work_out: Callable[[], PosteriorDraws],
) -> PosteriorDraws:
    """Worlds of the posterior of a target: kept by an earlier run, or worked out."""
    leaves, structure = jax.tree.flatten(no_proposals(target.blocks))
    names = [f"proposals{i}" for i in range(len(leaves))]

    def arrays() -> dict[str, np.ndarray]:
        found = work_out()
        kept = {name: np.asarray(getattr(found, name)) for name in _ARRAYS}
        kept["particles"] = np.array(found.particles)
        kept["max_rank_correlation"] = np.array(found.max_rank_correlation)
        return kept | dict(zip(names, map(np.asarray, jax.tree.leaves(found.proposals)), strict=True))

    inputs = jax.tree.leaves(target.inputs)
    depends_on = (np.asarray(jax.random.key_data(key)), target.structure, inputs, worlds, settings)
    found = remembered_arrays("posterior", depends_on, arrays)
    z, biases, island, acceptance, temperatures = (found[name] for name in _ARRAYS)
    return PosteriorDraws(
        z=z,
        biases=biases,
        island=island,
        acceptance=acceptance,
        temperatures=temperatures,
        proposals=jax.tree.unflatten(structure, [found[name] for name in names]),
        particles=int(found["particles"]),
        max_rank_correlation=float(found["max_rank_correlation"]),
    )
