"""Markov kernels that leave a tempered posterior invariant, for many particles and many blocks at once.

A step proposes in every block of one set of blocks (see `blocks`), evaluates all items once, and
accepts or rejects block by block. Its proposal is of one of two kinds, chosen by chance:

- three times in four, towards a draw from a normal distribution of the block given all others, which was
  fitted to the particles (see `block_normals`) or, before any fit, is the prior: with w the whitened
  distance from its mean, √(1 − s²)·w + s·ξ. Half of the particles take s = 1, a fresh draw; the others a
  smaller s, which is accepted where a fresh draw hardly ever is. This generalises the preconditioned
  Crank–Nicolson kernel (Cotter et al. 2013, *Statistical Science* 28, 424–446) to a reference measure
  other than the prior (Rudolf & Sprungk 2018, *Foundations of Computational Mathematics* 18, 309–343);
- else, a multiple of the difference between two other particles, now and then in a random part of the
  block (ter Braak 2006, *Statistics and Computing* 16, 239–249). The others are taken from the cloud as
  it stood before the sweeps (ter Braak & Vrugt 2008, *Statistics and Computing* 18, 435–446).

Moves along slow directions, and jumps between modes, follow each sweep where there are any (see
`slow_directions` and `mode_jumps`); they move all blocks or none.

No gradient is used: worlds differ in which reports they take to be wrong, and particles follow that where
a slope doesn't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key, UInt32

from quidproquo.evidence.smc import fast_random
from quidproquo.evidence.smc.blocks import Blocks
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target

__all__ = ["Cloud", "split_islands", "stack_islands", "sweeps"]

_NORMAL, _DIFFERENCE, _SLOW, _JUMP = range(4)  # kinds of proposal
_SLOW_MOVES, _MODE_JUMPS = 4, 2  # after a sweep, where there are any
_DIFFERENCES = 0.25  # share of the steps that take differences
_FRESH = 0.5  # share of the particles that take a fresh draw
_LEAST_STEP = 0.05
_PARTIAL = 0.2  # share of the differences that are taken in a part of the block
_LEAST_PART = 0.1  # chance that a coordinate is in that part, from this up to 1
_LEAST_SCALE = 0.3  # of a difference, times the best for a normal distribution; up to 1
_BYTE = 256.0


class Cloud(NamedTuple):
    """Particles, the log-likelihood of their items, and the share of each one's proposals accepted lately.

    Several islands stand side by side, particle by particle: with k of them, particle p of island i is in
    column p·k + i, so that a shift by a multiple of k stays within an island.
    """

    position: Float[Array, "moved particle"]
    item_log_lik: Float[Array, "item particle"]
    acceptance: Float[Array, " particle"]


class _Layout(NamedTuple):
    """The blocks as arrays of the program.

    `chosen` marks the coordinates that a step moves; `size` counts the coordinates of a coordinate's block.
    `decides` names the block of a step that an item depends on; the number of blocks where there is none.
    `place` is the row of each coordinate in `Blocks.rows`, and `inside` marks the rows of each block.
    """

    owner: Int[np.ndarray, " moved"]
    member: Float[Array, "block moved"]
    touches: Float[Array, "block item"]
    steps: Bool[Array, "step block"]
    order: Int[Array, " turn"]
    chosen: Bool[Array, "step moved"]
    size: Float[Array, "moved 1"]
    decides: Int[Array, "step item"]
    place: Int[Array, "step moved"]
    inside: Float[Array, "step block row"]


class _Others(NamedTuple):
    """What proposals are made from: the cloud before the sweeps, written twice, and what was fitted.

    Written twice, a shift around the cloud is one slice.
    """

    cloud: Float[Array, "moved twice"]
    islands: int
    proposals: LearnedProposals


class _StepDraws(NamedTuple):
    """What a step draws.

    For each block `level`, the log of what acceptance must exceed; for each coordinate a number from 0
    to 1; and random bits, some of each particle's own and some for all.
    """

    level: Float[Array, "block particle"]
    each: Float[Array, "moved particle"]
    own: UInt32[Array, " particle"]
    shared: UInt32[Array, " particle"]


class _Proposal(NamedTuple):
    """Where particles would go, and what to add to the log of the acceptance ratio.

    `of_block` is added for each block, `of_all` where all blocks move together.
    """

    position: Float[Array, "moved particle"]
    of_block: Float[Array, "block particle"]
    of_all: Float[Array, " particle"]


def stack_islands(islands: Sequence[Array | np.ndarray]) -> Float[Array, "*row particle"]:
    """Arrays of single islands, particles last, as one of all of them."""
    stacked = np.stack(islands, axis=-1)
    return jnp.asarray(stacked.reshape(*stacked.shape[:-2], -1).astype(np.float32))


def split_islands(
    rows: Float[np.ndarray, "row particle"], islands: int
) -> Float[np.ndarray, "island own row"]:
    """Rows of islands that stand side by side, island by island."""
    return rows.reshape(len(rows), -1, islands).transpose(2, 1, 0)


def sweeps(
    key: Key[Array, ""],
    target: Target,
    count: int | Int[Array, ""],
    powers: Float[Array, "item island"],
    cloud: Cloud,
    proposals: LearnedProposals,
) -> Cloud:
    """Move every block of every particle `count` times, or more often.

    `powers` is how much each item counts: β in prior·likelihood^β. A sweep takes its steps forward or
    backward, by chance. Each step is reversible, so a sweep is too, and can serve as a proposal for a
    posterior with a further factor.
    """
    layout = _layout(target.blocks)
    islands, particles = powers.shape[1], cloud.position.shape[1]
    others = _Others(jnp.concatenate([cloud.position, cloud.position], axis=1), islands, proposals)
    each = jnp.tile(powers, (1, particles // islands))

    turns, order, steps = _turns(layout, proposals), jax.random.fold_in(key, 0), jax.random.fold_in(key, 1)

    def turn(i: Array, so_far: Cloud) -> Cloud:
        backward = jax.random.bernoulli(jax.random.fold_in(order, i // turns))
        within = jnp.where(backward, turns - 1 - i % turns, i % turns)
        return _step(jax.random.fold_in(steps, i), target, layout, others, each, (within, so_far))

    before = cloud._replace(acceptance=jnp.zeros(particles))
    after: Cloud = jax.lax.fori_loop(0, count * turns, turn, before)
    return after._replace(acceptance=after.acceptance / (count * len(layout.order)))


def _layout(blocks: Blocks) -> _Layout:
    count, moved = len(blocks.names), len(blocks.owner)
    member = np.arange(count)[:, None] == blocks.owner[None, :]
    # no two blocks of a step share an item
    touched = blocks.steps[:, :, None] & blocks.touches[None]
    decides = np.where(touched.any(axis=1), touched.argmax(axis=1), count)
    steps, width = blocks.rows.shape
    place = np.full((steps, moved + 1), width)
    np.put_along_axis(place, blocks.rows, np.arange(width)[None, :], axis=1)
    owner = np.append(blocks.owner, count)[blocks.rows]
    return _Layout(
        owner=blocks.owner,
        member=jnp.asarray(member, jnp.float32),
        touches=jnp.asarray(blocks.touches, jnp.float32),
        steps=jnp.asarray(blocks.steps),
        order=jnp.asarray(blocks.order),
        chosen=jnp.asarray(blocks.steps[:, blocks.owner]),
        size=jnp.asarray(member.sum(axis=1)[blocks.owner][:, None], jnp.float32),
        decides=jnp.asarray(decides),
        place=jnp.asarray(place[:, :moved]),
        inside=jnp.asarray(np.arange(count)[:, None] == owner[:, None, :], jnp.float32),
    )


def _step(
    key: Array,
    target: Target,
    layout: _Layout,
    others: _Others,
    powers: Float[Array, "item particle"],
    state: tuple[Array, Cloud],
) -> Cloud:
    within, cloud = state
    moved, particles = cloud.position.shape
    draws = _draws(key, moved, particles, len(layout.member))
    step = layout.order[jnp.minimum(within, len(layout.order) - 1)]
    kind = _kind(layout, others.proposals, within, draws)
    proposal = _proposal(jax.random.fold_in(key, 1), layout, others, (step, kind, draws), cloud.position)
    item_log_lik = target.item_log_lik(proposal.position)
    evidence = powers * (item_log_lik - cloud.item_log_lik)
    prior = 0.5 * layout.member @ (cloud.position**2 - proposal.position**2)
    gain = layout.touches @ evidence + prior + proposal.of_block
    all_gain = jnp.sum(evidence, axis=0) + jnp.sum(prior, axis=0) + proposal.of_all
    together, all_accepted = kind >= _SLOW, draws.level[0] < all_gain
    accepted = (draws.level < gain) & layout.steps[step][:, None]
    share = jnp.where(together, 0.0, jnp.sum(accepted, axis=0) / jnp.sum(layout.steps[step]))
    # the same for all blocks where they are moved together, and nowhere for none
    accepted = jnp.where(together, all_accepted, jnp.pad(accepted, ((0, 1), (0, 0))))
    of_items = accepted[jnp.where(together, 0, layout.decides[step])]
    return Cloud(
        jnp.where(accepted[layout.owner], proposal.position, cloud.position),
        jnp.where(of_items, item_log_lik, cloud.item_log_lik),
        cloud.acceptance + share,
    )


def _turns(layout: _Layout, proposals: LearnedProposals) -> Int[Array, ""]:
    """Steps of a sweep, with the slow moves and mode jumps that follow it."""
    jumps = jnp.where(proposals.mode_jumps.used > 0, _MODE_JUMPS, 0)
    return len(layout.order) + _slow_moves(proposals) + jumps


def _slow_moves(proposals: LearnedProposals) -> Int[Array, ""]:
    return jnp.where(proposals.slow_directions.used > 0, _SLOW_MOVES, 0)


def _kind(layout: _Layout, proposals: LearnedProposals, within: Array, draws: _StepDraws) -> Array:
    """The kind of a step of a sweep: block by block first, then slow moves, then mode jumps."""
    after = within - len(layout.order)
    by_block = jnp.where(_bytes(draws.shared[2]) < _DIFFERENCES, _DIFFERENCE, _NORMAL)
    return jnp.where(after < 0, by_block, jnp.where(after < _slow_moves(proposals), _SLOW, _JUMP))


def _draws(key: Array, moved: int, particles: int, blocks: int) -> _StepDraws:
    """All random numbers of a step in one draw; a coordinate needs no more than a byte."""
    quarter = -(-moved // 4)
    random_bits = fast_random.materialize(fast_random.random_bits(key, blocks + quarter + 2, particles))
    each = jnp.concatenate([_bytes(random_bits[blocks : blocks + quarter], n) for n in range(4)])[:moved]
    level = jnp.log(fast_random.uniforms(random_bits[:blocks]))
    return _StepDraws(level, each + 0.5 / _BYTE, random_bits[-2], random_bits[-1])


def _bytes(random_bits: Array, place: int = 0) -> Float[Array, "*shape"]:
    """A number from 0 up to 1, from one byte of four."""
    return ((random_bits >> (8 * place)) & 255).astype(jnp.float32) / _BYTE


def _proposal(
    key: Array, layout: _Layout, others: _Others, how: tuple[Array, Array, _StepDraws], position: Array
) -> _Proposal:
    step, kind, draws = how
    kinds = [
        lambda: _normal(key, layout, others.proposals, (step, draws), position),
        lambda: _difference(layout, others, (step, draws), position),
        lambda: _slow_move(key, layout, others.proposals, draws, position),
        lambda: _mode_jump(layout, others.proposals, draws, position),
    ]
    proposed: _Proposal = jax.lax.switch(kind, kinds)
    return proposed


def _normal(
    key: Array, layout: _Layout, proposals: LearnedProposals, how: tuple[Array, _StepDraws], position: Array
) -> _Proposal:
    """Towards draws from each block's normal distribution given all others."""
    step, draws = how
    fitted, particles = proposals.block_normals, position.shape[1]
    whitened = fitted.whiten[step] @ position + fitted.offset[step][:, None]
    s = _step_size(draws)
    moved = jnp.sqrt(1.0 - s * s) * whitened + s * fast_random.normals(key, *whitened.shape)
    by = jnp.pad(fitted.factor[step] @ (moved - whitened), ((0, 1), (0, 0)))[layout.place[step]]
    # of its own distribution the step is a reversible walk, so its density cancels the proposal's
    of_block = 0.5 * layout.inside[step] @ (moved**2 - whitened**2)
    return _Proposal(position + by, of_block, jnp.zeros(particles))


def _step_size(draws: _StepDraws) -> Float[Array, " particle"]:
    step = _LEAST_STEP + (1.0 - _LEAST_STEP) * _bytes(draws.own, 1)
    return jnp.where(_bytes(draws.own) < _FRESH, 1.0, step)


def _difference(
    layout: _Layout, others: _Others, how: tuple[Array, _StepDraws], position: Array
) -> _Proposal:
    """By a multiple of the difference between two other particles of the same island."""
    step, draws = how
    particles, islands = position.shape[1], others.islands
    some, scale, part = (_bytes(draws.own, place) for place in range(3))
    part = jnp.where(some < _PARTIAL, _LEAST_PART + (1.0 - _LEAST_PART) * part, 1.0)
    best = 2.38 / jnp.sqrt(2.0 * jnp.maximum(layout.size * part, 1.0))
    scale = best * (_LEAST_SCALE + (1.0 - _LEAST_SCALE) * scale)
    shifts = islands * (1 + draws.shared[:2] % (particles // islands - 1)).astype(jnp.int32)
    one, other = (jax.lax.dynamic_slice(others.cloud, (0, shift), position.shape) for shift in shifts)
    moved = (draws.each < part) & layout.chosen[step][:, None]
    nothing = jnp.zeros((len(layout.member), particles))
    return _Proposal(jnp.where(moved, position + scale * (one - other), position), nothing, nothing[0])


def _slow_move(
    key: Array, layout: _Layout, proposals: LearnedProposals, draws: _StepDraws, position: Array
) -> _Proposal:
    """Along one of the slow directions, towards a draw from its normal distribution."""
    slow, particles = proposals.slow_directions, position.shape[1]
    along = slow.combinations @ (position - slow.mean[:, None])
    which = (draws.shared >> 8) % jnp.maximum(slow.used, 1).astype(jnp.uint32)
    chosen = jnp.arange(len(along))[:, None] == which
    s = _step_size(draws)
    moved = jnp.sqrt(1.0 - s * s) * along + s * fast_random.normals(key, 1, particles)
    moved = jnp.where(chosen, moved, along)
    there = position + slow.directions @ (moved - along)
    nothing = jnp.zeros((len(layout.member), particles))
    return _Proposal(there, nothing, 0.5 * jnp.sum(moved**2 - along**2, axis=0))


def _mode_jump(layout: _Layout, proposals: LearnedProposals, draws: _StepDraws, position: Array) -> _Proposal:
    """By an affine map from one mode to another, or back."""
    jumps, particles = proposals.mode_jumps, position.shape[1]
    # one map for all particles, so that it is a product of matrices; but each goes its own way: if all
    # went one way, a group would be emptied at once and filled at once
    which = (draws.shared[0] >> 8) % jnp.maximum(jumps.used, 1).astype(jnp.uint32)
    forth, back = (jumps.maps[which, n] @ position + jumps.shifts[which, n][:, None] for n in range(2))
    returns = (draws.own >> 31) > 0
    log_det = jnp.where(returns, -1.0, 1.0) * jumps.log_det[which]
    return _Proposal(jnp.where(returns, back, forth), jnp.zeros((len(layout.member), particles)), log_det)
