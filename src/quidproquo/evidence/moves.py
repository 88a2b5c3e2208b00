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

Where accounts of the claims lie apart, a few leaps from one to the other follow each sweep (see
`leaps`); they move all blocks or none.

No gradient is used: worlds differ in which reports they take to be wrong, and differences between
particles follow that where a slope doesn't.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from quidproquo.evidence import luck
from quidproquo.evidence.blocks import Blocks
from quidproquo.evidence.leaps import Leaps
from quidproquo.evidence.target import Target

__all__ = ["Cloud", "sweeps"]

_KEEPING, _LEAPING = 3, 4  # kinds of proposal: those before keep nothing, and take differences
_LEAPS = 8  # after a sweep, where there are any
_WHOLE = 0.15  # share of whole differences
_LEAST_PART = 0.1  # chance that a coordinate of a block is moved, from this up to 1
_LEAST_SCALE = 0.1
_LEAST_STEP = 0.03


class Cloud(NamedTuple):
    """Particles, what each item says of them, and the share of proposals accepted lately."""

    position: Float[Array, "moved particle"]
    terms: Float[Array, "item particle"]
    acceptance: Float[Array, ""]


class _Numbered(NamedTuple):
    """Numbers of things in each step, `[step, thing]`, and the most that a step has."""

    most: int
    of: Array


class _Layout(NamedTuple):
    """The blocks as arrays of the program. `mixers` derive one number a coordinate from a block's.

    `items[step, item]` is the block of the step that an item depends on, and one past the last if none.
    Luck is drawn for what a step moves only: `slots` and `places` say which row of it falls to each
    block and coordinate in each step.
    """

    owner: np.ndarray
    size: Float[Array, "block 1"]
    member: Float[Array, "block moved"]
    touches: Float[Array, "block item"]
    steps: Array
    items: Array
    mixers: Array
    slots: _Numbered
    places: _Numbered


def sweeps(
    key: Key[Array, ""],
    target: Target,
    count: int | Int[Array, ""],
    powers: Float[Array, " item"],
    cloud: Cloud,
    leaps: Leaps,
) -> Cloud:
    """Move every block of every particle `count` times by each kind of proposal, or more often.

    `powers` is how much each item counts: β in prior·likelihood^β. Where there are `leaps`, a few of
    them follow each sweep.
    """
    layout = _layout(target)
    crowd = _Crowd(jnp.concatenate([cloud.position, cloud.position], axis=1), leaps)

    def turn(i: Array, so_far: Cloud) -> Cloud:
        return _step(jax.random.fold_in(key, i), target, layout, crowd, powers, (i, so_far))

    before = cloud._replace(acceptance=jnp.zeros(()))
    after: Cloud = jax.lax.fori_loop(0, count * _turns(layout, leaps), turn, before)
    return after._replace(acceptance=after.acceptance / (count * _LEAPING * len(layout.steps)))


def _layout(target: Target) -> _Layout:
    blocks = target.blocks
    member = np.arange(len(blocks.names))[:, None] == blocks.owner[None, :]
    # any odd numbers do: a proposal may depend on its random word in whatever way
    mixers = np.random.default_rng(1).integers(0, 2**31, len(blocks.owner)) * 2 + 1
    return _Layout(
        owner=blocks.owner,
        size=jnp.asarray(member.sum(axis=1)[:, None], jnp.float32),
        member=jnp.asarray(member, jnp.float32),
        touches=jnp.asarray(blocks.touches, jnp.float32),
        steps=jnp.asarray(blocks.steps),
        items=jnp.asarray(_looked_at(blocks)),
        mixers=jnp.asarray(mixers.astype(np.uint32))[:, None],
        slots=_numbered(blocks.steps),
        places=_numbered(blocks.steps[:, blocks.owner]),
    )


def _looked_at(blocks: Blocks) -> Int[np.ndarray, "step item"]:
    """The block of each step that each item depends on: one at most, for no two blocks of a step share any."""
    by_step = blocks.steps[:, :, None] & blocks.touches[None]
    return np.where(by_step.any(axis=1), by_step.argmax(axis=1), len(blocks.names))


def _numbered(chosen: Bool[np.ndarray, "step thing"]) -> _Numbered:
    """Number what each step chooses from 0; the others share a number with one of them."""
    most = int(chosen.sum(axis=1).max(initial=1))
    return _Numbered(most, jnp.asarray(np.maximum(np.cumsum(chosen, axis=1) - 1, 0)))


def _step(
    key: Array,
    target: Target,
    layout: _Layout,
    crowd: _Crowd,
    powers: Array,
    state: tuple[Array, Cloud],
) -> Cloud:
    turn, cloud = state
    particles, steps = cloud.position.shape[1], len(layout.steps)
    within = turn % _turns(layout, crowd.leaps)
    step, kind = within % steps, jnp.minimum(within // steps, _LEAPING)
    chosen = layout.steps[step][:, None]
    # all the luck of a step in one draw: two words a block, and one for what they share
    words = luck.words(key, 2 * layout.slots.most + 1, particles)
    of_block = layout.slots.of[step]
    how = _How(chosen, kind, words[of_block], words[-1], layout.places.of[step])
    proposal = _proposal(jax.random.fold_in(key, 1), layout, crowd, how, cloud.position)
    terms = target.terms(proposal)
    evidence = powers[:, None] * (terms - cloud.terms)
    prior = 0.5 * layout.member @ (cloud.position**2 - proposal**2)
    gain = layout.touches @ evidence + jnp.where(kind == _KEEPING, 0.0, prior)
    level = jnp.log(luck.uniforms(words[layout.slots.most :]))
    accepted = ((level[of_block] < gain) & chosen).astype(gain.dtype)
    # a leap moves all blocks or none
    leapt = level[0] < jnp.sum(evidence, axis=0) + jnp.sum(prior, axis=0)
    leaps, of_items = kind == _LEAPING, jnp.pad(accepted, ((0, 1), (0, 0)))[layout.items[step]]
    share = jnp.where(leaps, 0.0, jnp.sum(accepted) / (jnp.sum(chosen) * particles))
    return Cloud(
        jnp.where(jnp.where(leaps, leapt, accepted[layout.owner] > 0), proposal, cloud.position),
        jnp.where(jnp.where(leaps, leapt, of_items > 0), terms, cloud.terms),
        cloud.acceptance + share,
    )


def _turns(layout: _Layout, leaps: Leaps) -> Int[Array, ""]:
    """Steps in a sweep, with the leaps that follow it."""
    return _LEAPING * len(layout.steps) + jnp.where(leaps.used > 0, _LEAPS, 0)


class _Crowd(NamedTuple):
    """What proposals are made from: the cloud before the sweeps, written twice, and the leaps.

    Written twice, a shift around the cloud is one slice.
    """

    others: Array
    leaps: Leaps


class _How(NamedTuple):
    """What a step proposes: which blocks, of which kind, with a word for each block and one for all.

    `places` is the row of fresh luck that falls to each coordinate.
    """

    chosen: Array
    kind: Array
    word: Array
    shared: Array
    places: Array


def _proposal(key: Array, layout: _Layout, crowd: _Crowd, how: _How, position: Array) -> Array:
    word, particles = how.word, position.shape[1]
    part, length, whole = (((word >> (8 * n)) & 255).astype(position.dtype) / 256.0 for n in range(3))
    part = jnp.where(whole < _WHOLE, 1.0, _LEAST_PART + (1.0 - _LEAST_PART) * part)
    # whether a coordinate takes part: eight bits of its block's word, mixed, against that chance
    bits = ((word[layout.owner] * layout.mixers) >> 24).astype(jnp.int32)
    moved = bits < jnp.where(how.chosen, 256.0 * part, -1.0).astype(jnp.int32)[layout.owner]

    def difference() -> Array:
        scale = 2.38 / jnp.sqrt(2.0 * jnp.maximum(layout.size * part, 1.0)) * (_LEAST_SCALE + length)
        scale = jnp.where(whole < _WHOLE, 1.0, scale)
        shifts = 1 + (how.shared[:2] % (particles - 1)).astype(jnp.int32)
        one, other = (jax.lax.dynamic_slice(crowd.others, (0, s), position.shape) for s in shifts)
        return jnp.where(moved, position + scale[layout.owner] * (one - other), position)

    def walk() -> Array:
        s = _LEAST_STEP ** (1.0 - length)
        fresh = luck.normals(key, layout.places.most, position.shape[1])[how.places]
        walked = jnp.sqrt(1.0 - s * s)[layout.owner] * position + s[layout.owner] * fresh
        return jnp.where(moved, walked, position)

    def leap() -> Array:
        which = (how.shared >> 8) % jnp.maximum(crowd.leaps.used, 1).astype(jnp.uint32)
        forth = jnp.where(how.shared >> 31 > 0, 1.0, -1.0)
        return position + forth * crowd.leaps.vectors[:, which]

    proposed: Array = jax.lax.switch(jnp.maximum(how.kind - _KEEPING + 1, 0), [difference, walk, leap])
    return proposed
