"""Moves that leave a tempered posterior as it is, of many particles and many blocks at once.

A step proposes in every block of one set of blocks (see `blocks`), looks once at all items, and
accepts or rejects block by block. Two kinds of proposal take turns:

- three times, a multiple of the difference between two other particles, in a random part of the
  block; now and then the whole difference in the whole block, which carries a particle from one
  account of the claims to another (ter Braak 2006, *Statistics and Computing* 16, 239–249). The
  others are taken from the cloud as it stood before the sweeps (ter Braak & Vrugt 2008, *Statistics
  and Computing* 18, 435–446);
- once, a step that keeps the prior, √(1 − s²)·z + s·ξ with s from 0.03 to 1, accepted by the
  likelihood alone (Neal 1999; Cotter et al. 2013, *Statistical Science* 28, 424–446). It is what
  moves coordinates that the claims hardly tell about.

Glides along what these change slowest, and leaps between accounts of the claims that lie apart, follow
each sweep where there are any (see `slow_directions` and `mode_jumps`); they move all blocks or none.

No gradient is used: worlds differ in which reports they take to be wrong, and differences between
particles follow that where a slope doesn't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key, UInt32

from quidproquo.evidence.smc import fast_random
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target

__all__ = ["Cloud", "split_islands", "stack_islands", "sweeps"]

_KEEPING, _SLOW, _JUMPING = 3, 4, 5  # kinds of proposal: those before take differences
_ROUNDS = 4  # of each kind that moves block by block, in a sweep
_SLOW_MOVES, _MODE_JUMPS = 16, 8  # after a sweep, where there are any
_FAR = 2.4  # standard deviations of a glide, at most: the best for one coordinate
_WHOLE = 0.15  # share of whole differences
_LEAST_PART = 0.1  # chance that a coordinate of a block is moved, from this up to 1
_LEAST_SCALE = 0.1
_LEAST_STEP = 0.03


class Cloud(NamedTuple):
    """Particles, what each item says of them, and the share of each one's proposals accepted lately.

    Several islands lie side by side, particle by particle: with k of them, particle p of island i is in
    column p·k + i, so that a shift by a multiple of k stays within an island.
    """

    position: Float[Array, "moved particle"]
    item_log_lik: Float[Array, "item particle"]
    acceptance: Float[Array, " particle"]


class _Layout(NamedTuple):
    """The blocks as arrays of the program.

    `chosen` tells which coordinates a step moves, and `size` how many of them belong to the same block
    as a coordinate. `decides` names the block of a step that an item depends on; the number of blocks
    where there is none.
    """

    owner: Int[np.ndarray, " moved"]
    member: Float[Array, "block moved"]
    touches: Float[Array, "block item"]
    steps: Bool[Array, "step block"]
    chosen: Bool[Array, "step moved"]
    size: Float[Array, "moved 1"]
    decides: Int[Array, "step item"]


def stack_islands(islands: Sequence[Array | np.ndarray]) -> Float[Array, "*row particle"]:
    """Arrays of single islands, particles last, as one of all of them."""
    stacked = np.stack(islands, axis=-1)
    return jnp.asarray(stacked.reshape(*stacked.shape[:-2], -1), jnp.float32)


def split_islands(
    rows: Float[np.ndarray, "row particle"], islands: int
) -> Float[np.ndarray, "island own row"]:
    """Rows of islands that lie side by side, island by island."""
    return rows.reshape(len(rows), -1, islands).transpose(2, 1, 0)


def sweeps(
    key: Key[Array, ""],
    target: Target,
    count: int | Int[Array, ""],
    powers: Float[Array, "item island"],
    cloud: Cloud,
    proposals: LearnedProposals,
) -> Cloud:
    """Move every block of every particle `count` times by each kind of proposal, or more often.

    `powers` is how much each item counts: β in prior·likelihood^β. Where there are `proposals`, a few glides
    and leaps follow each sweep.
    """
    layout = _layout(target)
    islands, particles = powers.shape[1], cloud.position.shape[1]
    crowd = _Others(jnp.concatenate([cloud.position, cloud.position], axis=1), islands, proposals)
    each = jnp.tile(powers, (1, particles // islands))

    def turn(i: Array, so_far: Cloud) -> Cloud:
        return _step(jax.random.fold_in(key, i), target, layout, crowd, each, (i, so_far))

    before = cloud._replace(acceptance=jnp.zeros(particles))
    after: Cloud = jax.lax.fori_loop(0, count * _turns(layout, proposals), turn, before)
    return after._replace(acceptance=after.acceptance / (count * _ROUNDS * len(layout.steps)))


def _layout(target: Target) -> _Layout:
    blocks = target.blocks
    count = len(blocks.names)
    member = np.arange(count)[:, None] == blocks.owner[None, :]
    # no two blocks of a step share an item
    moved = blocks.steps[:, :, None] & blocks.touches[None]
    decides = np.where(moved.any(axis=1), moved.argmax(axis=1), count)
    return _Layout(
        owner=blocks.owner,
        member=jnp.asarray(member, jnp.float32),
        touches=jnp.asarray(blocks.touches, jnp.float32),
        steps=jnp.asarray(blocks.steps),
        chosen=jnp.asarray(blocks.steps[:, blocks.owner]),
        size=jnp.asarray(member.sum(axis=1)[blocks.owner][:, None], jnp.float32),
        decides=jnp.asarray(decides),
    )


def _step(
    key: Array,
    target: Target,
    layout: _Layout,
    crowd: _Others,
    powers: Float[Array, "item particle"],
    state: tuple[Array, Cloud],
) -> Cloud:
    turn, cloud = state
    within = turn % _turns(layout, crowd.proposals)
    step, kind = within % len(layout.steps), _kind(layout, crowd.proposals, within)
    moved, particles = cloud.position.shape
    draws = _drawn(key, moved, particles, len(layout.member))
    how = _How(layout.chosen[step][:, None], kind, draws)
    proposal, log_det = _proposal(jax.random.fold_in(key, 1), layout, crowd, how, cloud.position)
    item_log_lik = target.item_log_lik(proposal)
    evidence = powers * (item_log_lik - cloud.item_log_lik)
    prior = 0.5 * layout.member @ (cloud.position**2 - proposal**2)
    gain = layout.touches @ evidence + jnp.where(kind == _KEEPING, 0.0, prior)
    all_gain = jnp.sum(evidence, axis=0) + jnp.sum(prior, axis=0) + log_det
    together, went = kind > _KEEPING, draws.level[0] < all_gain
    accepted = (draws.level < gain) & layout.steps[step][:, None]
    share = jnp.where(together, 0.0, jnp.sum(accepted, axis=0) / jnp.sum(layout.steps[step]))
    # the same for all blocks where they are moved together, and nowhere for none
    accepted = jnp.where(together, went, jnp.pad(accepted, ((0, 1), (0, 0))))
    of_items = accepted[jnp.where(together, 0, layout.decides[step])]
    return Cloud(
        jnp.where(accepted[layout.owner], proposal, cloud.position),
        jnp.where(of_items, item_log_lik, cloud.item_log_lik),
        cloud.acceptance + share,
    )


def _turns(layout: _Layout, proposals: LearnedProposals) -> Int[Array, ""]:
    """Steps in a sweep, with the glides and leaps that follow it."""
    return (
        _ROUNDS * len(layout.steps)
        + _slow_moves(proposals)
        + jnp.where(proposals.mode_jumps.used > 0, _MODE_JUMPS, 0)
    )


def _slow_moves(proposals: LearnedProposals) -> Int[Array, ""]:
    return jnp.where(proposals.slow_directions.used > 0, _SLOW_MOVES, 0)


def _kind(layout: _Layout, proposals: LearnedProposals, within: Array) -> Array:
    """The kind of a step of a sweep: block by block first, then glides, then leaps."""
    after = within - _ROUNDS * len(layout.steps)
    by_block = within // len(layout.steps)
    return jnp.where(after < 0, by_block, jnp.where(after < _slow_moves(proposals), _SLOW, _JUMPING))


class _Others(NamedTuple):
    """What proposals are made from: the cloud before the sweeps, written twice, and the routes.

    Written twice, a shift around the cloud is one slice.
    """

    others: Float[Array, "moved twice"]
    islands: int
    proposals: LearnedProposals


class _StepDraws(NamedTuple):
    """What a step draws.

    For each block `level`, the log of what acceptance must exceed; for each coordinate a number from 0
    to 1; and two words.
    """

    level: Float[Array, "block particle"]
    each: Float[Array, "moved particle"]
    own: UInt32[Array, " particle"]
    other: UInt32[Array, " particle"]


class _How(NamedTuple):
    """What a step proposes: in which coordinates, of which kind, and with what luck."""

    chosen: Bool[Array, "moved 1"]
    kind: Int[Array, ""]
    fast_random: _StepDraws


def _drawn(key: Array, moved: int, particles: int, blocks: int) -> _StepDraws:
    """All the luck of a step in one draw; a coordinate needs no more than a byte."""
    quarter = -(-moved // 4)
    random_bits = fast_random.materialize(fast_random.random_bits(key, blocks + quarter + 2, particles))
    bytes_ = [(random_bits[blocks : blocks + quarter] >> (8 * n)) & 255 for n in range(4)]
    each = (jnp.concatenate(bytes_)[:moved].astype(jnp.float32) + 0.5) / 256.0
    return _StepDraws(
        jnp.log(fast_random.uniforms(random_bits[:blocks])), each, random_bits[-2], random_bits[-1]
    )


def _proposal(key: Array, layout: _Layout, crowd: _Others, how: _How, position: Array) -> tuple[Array, Array]:
    """Where particles would go, and the log of how much the way there stretches."""
    own, particles = how.fast_random.own, position.shape[1]
    part, length, whole = (((own >> (8 * n)) & 255).astype(position.dtype) / 256.0 for n in range(3))
    part = jnp.where(whole < _WHOLE, 1.0, _LEAST_PART + (1.0 - _LEAST_PART) * part)
    moved = (how.fast_random.each < part) & how.chosen

    level = jnp.zeros(particles)
    slow_directions, mode_jumps = crowd.proposals
    shared = how.fast_random.other

    def difference() -> tuple[Array, Array]:
        scale = 2.38 / jnp.sqrt(2.0 * jnp.maximum(layout.size * part, 1.0)) * (_LEAST_SCALE + length)
        scale = jnp.where(whole < _WHOLE, 1.0, scale)
        # to two others of the same island
        split_islands = crowd.islands * (1 + shared[:2] % (particles // crowd.islands - 1)).astype(jnp.int32)
        one, other = (jax.lax.dynamic_slice(crowd.others, (0, s), position.shape) for s in split_islands)
        return jnp.where(moved, position + scale * (one - other), position), level

    def walk() -> tuple[Array, Array]:
        s = _LEAST_STEP ** (1.0 - length)
        fresh = fast_random.normals(key, *position.shape)
        return jnp.where(moved, jnp.sqrt(1.0 - s * s) * position + s * fresh, position), level

    def slow_move() -> tuple[Array, Array]:
        which = (shared >> 8) % jnp.maximum(slow_directions.used, 1).astype(jnp.uint32)
        far = _FAR * (_LEAST_SCALE + (shared & 255).astype(position.dtype) / 256.0)
        length = far * fast_random.normals(key, 1, particles)[0]
        return position + length * slow_directions.directions[:, which], level

    def mode_jump() -> tuple[Array, Array]:
        # one leap for all particles, so that it is a product of matrices; but each goes its own way: if all
        # went one way, a group would be emptied at once and filled at once
        which = (shared[0] >> 8) % jnp.maximum(mode_jumps.used, 1).astype(jnp.uint32)
        forth, back = (
            mode_jumps.maps[which, n] @ position + mode_jumps.shifts[which, n][:, None] for n in range(2)
        )
        returns = (own >> 31) > 0
        return jnp.where(returns, back, forth), jnp.where(returns, -1.0, 1.0) * mode_jumps.log_det[which]

    kinds = [difference, walk, slow_move, mode_jump]
    proposed: tuple[Array, Array] = jax.lax.switch(jnp.maximum(how.kind - _KEEPING + 1, 0), kinds)
    return proposed
