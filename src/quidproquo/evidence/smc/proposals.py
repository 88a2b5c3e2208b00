"""What proposals are made from, fitted to the particles themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from quidproquo.evidence.smc.block_normals import BlockNormals, fit_block_normals, prior_block_normals
from quidproquo.evidence.smc.blocks import Blocks
from quidproquo.evidence.smc.mode_jumps import Density, ModeJumps, fit_jumps, no_mode_jumps
from quidproquo.evidence.smc.slow_directions import SlowDirections, fit_slow_directions, no_slow_directions

__all__ = ["LearnedProposals", "fit_proposals", "fit_to_blocks", "no_proposals"]


class LearnedProposals(NamedTuple):
    """Normal distributions of the blocks, slow directions, and jumps between modes."""

    block_normals: BlockNormals
    slow_directions: SlowDirections
    mode_jumps: ModeJumps


def no_proposals(blocks: Blocks) -> LearnedProposals:
    """Before anything has been fitted: blocks are proposed from their prior."""
    moved = len(blocks.owner)
    return LearnedProposals(prior_block_normals(blocks), no_slow_directions(moved), no_mode_jumps(moved))


def fit_to_blocks(position: Float[np.ndarray, "island particle moved"], blocks: Blocks) -> LearnedProposals:
    """Normal distributions of the blocks alone."""
    fitted = fit_block_normals(position.reshape(-1, position.shape[2]), blocks)
    return no_proposals(blocks)._replace(block_normals=fitted)


def fit_proposals(
    before: Float[np.ndarray, "island particle moved"],
    after: Float[np.ndarray, "island particle moved"],
    blocks: Blocks,
    log_density: Density,
) -> LearnedProposals:
    """Proposals of every kind, from where particles were before some sweeps and where they are."""
    moved = before.shape[2]
    slow_directions = fit_slow_directions(before.reshape(-1, moved), after.reshape(-1, moved))
    jumps = fit_jumps(after, blocks.owner, log_density)
    return fit_to_blocks(after, blocks)._replace(slow_directions=slow_directions, mode_jumps=jumps)
