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

No gradient is used: worlds differ in which reports they take to be wrong, and differences between
particles follow that where a slope doesn't.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Key

from quidproquo.evidence.target import Target

__all__ = ["Cloud", "sweeps"]

_KINDS = 4  # the last keeps the prior, the others take differences
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

    Luck is drawn for what a step moves only: `slots` and `places` say which row of it falls to each
    block and coordinate in each step.
    """

    owner: np.ndarray
    size: Float[Array, "block 1"]
    member: Float[Array, "block moved"]
    touches: Float[Array, "block item"]
    steps: Array
    mixers: Array
    slots: _Numbered
    places: _Numbered


def sweeps(
    key: Key[Array, ""],
    target: Target,
    count: int | Int[Array, ""],
    powers: Float[Array, " item"],
    cloud: Cloud,
) -> Cloud:
    """Move every block of every particle `count` times by each kind of proposal, or more often.

    `powers` is how much each item counts: β in prior·likelihood^β.
    """
    layout = _layout(target)
    turns = count * _KINDS * len(layout.steps)
    # doubled, so that a shift around the cloud is one slice
    others = jnp.concatenate([cloud.position, cloud.position], axis=1)

    def turn(i: Array, so_far: Cloud) -> Cloud:
        return _step(jax.random.fold_in(key, i), target, layout, others, powers, (i, so_far))

    before = cloud._replace(acceptance=jnp.zeros(()))
    after: Cloud = jax.lax.fori_loop(0, turns, turn, before)
    return after._replace(acceptance=after.acceptance / turns)


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
        mixers=jnp.asarray(mixers.astype(np.uint32))[:, None],
        slots=_numbered(blocks.steps),
        places=_numbered(blocks.steps[:, blocks.owner]),
    )


def _numbered(chosen: Bool[np.ndarray, "step thing"]) -> _Numbered:
    """Number what each step chooses from 0; the others share a number with one of them."""
    most = int(chosen.sum(axis=1).max(initial=1))
    return _Numbered(most, jnp.asarray(np.maximum(np.cumsum(chosen, axis=1) - 1, 0)))


def _step(
    key: Array,
    target: Target,
    layout: _Layout,
    others: Array,
    powers: Array,
    state: tuple[Array, Cloud],
) -> Cloud:
    turn, cloud = state
    particles = cloud.position.shape[1]
    step = turn % len(layout.steps)
    chosen = layout.steps[step][:, None]
    keeps_prior = (turn // len(layout.steps)) % _KINDS == _KINDS - 1
    # all the luck of a step in one draw: two words a block, and one for what they share
    words = jax.random.bits(key, (2 * layout.slots.most + 1, particles), jnp.uint32)
    of_block = layout.slots.of[step]
    shifts = 1 + (words[-1, :2] % (particles - 1)).astype(jnp.int32)
    how = _How(chosen, keeps_prior, words[of_block], shifts, layout.places.of[step])
    proposal = _proposal(jax.random.fold_in(key, 1), layout, others, how, cloud.position)
    terms = target.terms(proposal)
    prior = 0.5 * layout.member @ (cloud.position**2 - proposal**2)
    gain = layout.touches @ (powers[:, None] * (terms - cloud.terms)) + jnp.where(keeps_prior, 0.0, prior)
    luck = (words[layout.slots.most + of_block] >> 8).astype(gain.dtype) + 0.5
    accepted = ((jnp.log(luck) - 24 * math.log(2.0) < gain) & chosen).astype(gain.dtype)
    share = jnp.sum(accepted) / (jnp.sum(chosen) * particles)
    return Cloud(
        jnp.where(accepted[layout.owner] > 0, proposal, cloud.position),
        jnp.where(layout.touches.T @ accepted > 0, terms, cloud.terms),
        cloud.acceptance + share,
    )


class _How(NamedTuple):
    """What a step proposes: which blocks, of which kind, with what luck and which two others.

    `places` is the row of fresh luck that falls to each coordinate.
    """

    chosen: Array
    keeps_prior: Array
    word: Array
    shifts: Array
    places: Array


def _proposal(key: Array, layout: _Layout, others: Array, how: _How, position: Array) -> Array:
    word = how.word
    part, length, whole = (((word >> (8 * n)) & 255).astype(position.dtype) / 256.0 for n in range(3))
    part = jnp.where(whole < _WHOLE, 1.0, _LEAST_PART + (1.0 - _LEAST_PART) * part)
    # whether a coordinate takes part: eight bits of its block's word, mixed, against that chance
    bits = ((word[layout.owner] * layout.mixers) >> 24).astype(jnp.int32)
    moved = bits < jnp.where(how.chosen, 256.0 * part, -1.0).astype(jnp.int32)[layout.owner]

    def difference() -> Array:
        scale = 2.38 / jnp.sqrt(2.0 * jnp.maximum(layout.size * part, 1.0)) * (_LEAST_SCALE + length)
        scale = jnp.where(whole < _WHOLE, 1.0, scale)
        one, other = (jax.lax.dynamic_slice(others, (0, s), position.shape) for s in how.shifts)
        return position + scale[layout.owner] * (one - other)

    def walk() -> Array:
        s = _LEAST_STEP ** (1.0 - length)
        fresh = jax.random.normal(key, (layout.places.most, position.shape[1]), position.dtype)
        fresh = fresh[how.places]
        return jnp.sqrt(1.0 - s * s)[layout.owner] * position + s[layout.owner] * fresh

    return jnp.where(moved, jax.lax.cond(how.keeps_prior, walk, difference), position)
