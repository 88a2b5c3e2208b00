"""Normal distributions of a block given all others, fitted to particles, from which it is proposed.

With mean μ and covariance Σ of the particles, a block b given all coordinates r that its step leaves alone
has mean μ_b + Σ_br Σ_rr⁻¹ (x_r − μ_r) and covariance Σ_bb − Σ_br Σ_rr⁻¹ Σ_rb. Where the posterior is
near normal, a draw from this distribution is all but independent of where the block was and is accepted
often; elsewhere the kernel corrects it (see `kernels`). Blocks of one step share no item, so given all
others they are independent, and each has a covariance of its own.

Fitting proposals to the particles that they move is adaptive sequential Monte Carlo (Fearnhead & Taylor
2013, *Bayesian Analysis* 8, 411–438). All islands share a fit; it says nothing of which particle is where.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.evidence.smc.blocks import Blocks

__all__ = ["BlockNormals", "fit_block_normals", "prior_block_normals"]

_REACH = 3.0  # standard deviations, by the quartiles, at which far values are cut before a fit
_TO_SD = 1.349  # quartile range of a normal distribution
_LEAST_SD = 1e-4
_SHRINK = 0.1  # towards no correlation, times coordinates over particles
_FEW_ROWS = 16


class BlockNormals(NamedTuple):
    """For each step, the distribution of its coordinates given all others.

    Rows are a step's coordinates as in `Blocks.rows`. `whiten`·x + `offset` are independent standard normal
    numbers; `factor`, the lower Cholesky factor of the covariance, turns a change in them into one of x.
    """

    whiten: Float[Array, "step row moved"]
    offset: Float[Array, "step row"]
    factor: Float[Array, "step row row"]


def prior_block_normals(blocks: Blocks) -> BlockNormals:
    """The prior of every block: independent standard normal coordinates."""
    (steps, rows), moved = blocks.rows.shape, len(blocks.owner)
    own = blocks.rows[:, :, None] == np.arange(moved)
    factor, offset = np.tile(np.eye(rows), (steps, 1, 1)), np.zeros((steps, rows))
    return BlockNormals(*(jnp.asarray(each.astype(np.float32)) for each in (own, offset, factor)))


def fit_block_normals(position: Float[np.ndarray, "particle moved"], blocks: Blocks) -> BlockNormals:
    """Fit every block's distribution given all others to some particles."""
    (steps, rows), moved = blocks.rows.shape, len(blocks.owner)
    whiten, offset = np.zeros((steps, rows, moved)), np.zeros((steps, rows))
    factor = np.tile(np.eye(rows), (steps, 1, 1))
    mean, covariance = _moments(position)
    for step, every in enumerate(blocks.rows):
        own = every[every < moved]
        count, others = len(own), np.setdiff1d(np.arange(moved), own)
        across = covariance[np.ix_(others, own)]
        slope = np.linalg.solve(covariance[np.ix_(others, others)], across).T
        within = covariance[np.ix_(own, own)] - slope @ across
        lower = np.linalg.cholesky(within * (blocks.owner[own][:, None] == blocks.owner[own]))
        inverse = np.linalg.inv(lower)
        factor[step, :count, :count] = lower
        whiten[step, :count, own] = inverse.T
        whiten[step, :count, others] = -(inverse @ slope).T
        offset[step, :count] = -whiten[step, :count] @ mean
    return BlockNormals(*(jnp.asarray(each.astype(np.float32)) for each in (whiten, offset, factor)))


def _moments(
    position: Float[np.ndarray, "particle moved"],
) -> tuple[Float[np.ndarray, " moved"], Float[np.ndarray, "moved moved"]]:
    """Mean and covariance of where most particles are: values far from the rest are moved nearer."""
    particles, moved = position.shape
    ordered = np.sort(position.T, axis=1)
    quarter, middle, three = (ordered[:, int(share * (particles - 1))] for share in (0.25, 0.5, 0.75))
    reach = _REACH * np.maximum((three - quarter) / _TO_SD, _LEAST_SD)
    near = np.clip(position, middle - reach, middle + reach).astype(np.float64)
    mean = near.mean(axis=0)
    covariance = _products(near - mean) / particles
    # towards no correlation, so that few particles don't pretend to know the others' effects
    kept = 1.0 - min(_SHRINK * moved / particles, 1.0)
    variance = np.maximum(np.diag(covariance), _LEAST_SD**2)
    covariance = kept * covariance
    covariance[np.diag_indices(moved)] = variance
    return mean, covariance


def _products(rows: Float[np.ndarray, "particle moved"]) -> Float[np.ndarray, "moved moved"]:
    """rowsᵀ·rows, as a sum of small products: a large one may depend on the number of threads."""
    count, moved = rows.shape
    filled = np.zeros((-(-count // _FEW_ROWS) * _FEW_ROWS, moved))
    filled[:count] = rows
    parts = filled.reshape(-1, _FEW_ROWS, moved)
    total: Float[np.ndarray, "moved moved"] = (parts.transpose(0, 2, 1) @ parts).sum(axis=0)
    return total
