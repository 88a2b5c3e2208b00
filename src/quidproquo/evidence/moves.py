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
each sweep where there are any (see `glides` and `leaps`); they move all blocks or none.

No gradient is used: worlds differ in which reports they take to be wrong, and differences between
particles follow that where a slope doesn't.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from quidproquo.evidence import luck
from quidproquo.evidence.routes import Routes
from quidproquo.evidence.target import Target

__all__ = ["Cloud", "sweeps"]

_KEEPING, _GLIDING, _LEAPING = 3, 4, 5  # kinds of proposal: those before take differences
_ROUNDS = 4  # of each kind that moves block by block, in a sweep
_GLIDES, _LEAPS = 16, 8  # after a sweep, where there are any
_FAR = 2.4  # standard deviations of a glide, at most: the best for one coordinate
_WHOLE = 0.15  # share of whole differences
_LEAST_PART = 0.1  # chance that a coordinate of a block is moved, from this up to 1
_LEAST_SCALE = 0.1
_LEAST_STEP = 0.03


class Cloud(NamedTuple):
    """Particles, what each item says of them, and the share of proposals accepted lately."""

    position: Float[Array, "moved particle"]
    terms: Float[Array, "item particle"]
    acceptance: Float[Array, ""]


class _Layout(NamedTuple):
    """The blocks as arrays of the program."""

    owner: np.ndarray
    size: Float[Array, "block 1"]
    member: Float[Array, "block moved"]
    touches: Float[Array, "block item"]
    steps: Array


def sweeps(
    key: Key[Array, ""],
    target: Target,
    count: int | Int[Array, ""],
    powers: Float[Array, " item"],
    cloud: Cloud,
    routes: Routes,
) -> Cloud:
    """Move every block of every particle `count` times by each kind of proposal, or more often.

    `powers` is how much each item counts: β in prior·likelihood^β. Where there are `routes`, a few glides
    and leaps follow each sweep.
    """
    layout = _layout(target)
    crowd = _Crowd(jnp.concatenate([cloud.position, cloud.position], axis=1), routes)

    def turn(i: Array, so_far: Cloud) -> Cloud:
        return _step(jax.random.fold_in(key, i), target, layout, crowd, powers, (i, so_far))

    before = cloud._replace(acceptance=jnp.zeros(()))
    after: Cloud = jax.lax.fori_loop(0, count * _turns(layout, routes), turn, before)
    return after._replace(acceptance=after.acceptance / (count * _ROUNDS * len(layout.steps)))


def _layout(target: Target) -> _Layout:
    blocks = target.blocks
    member = np.arange(len(blocks.names))[:, None] == blocks.owner[None, :]
    return _Layout(
        owner=blocks.owner,
        size=jnp.asarray(member.sum(axis=1)[:, None], jnp.float32),
        member=jnp.asarray(member, jnp.float32),
        touches=jnp.asarray(blocks.touches, jnp.float32),
        steps=jnp.asarray(blocks.steps),
    )


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
    within = turn % _turns(layout, crowd.routes)
    step, kind = within % steps, _kind(layout, crowd.routes, within)
    chosen = layout.steps[step][:, None]
    # all the luck of a step in one draw: two words a block, one a coordinate, and one for what they share
    count = len(layout.size)
    words = luck.words(key, 2 * count + len(layout.owner) + 1, particles)
    how = _How(chosen, kind, words[:count], words[2 * count : -1], words[-1])
    proposal, stretch = _proposal(jax.random.fold_in(key, 1), layout, crowd, how, cloud.position)
    terms = target.terms(proposal)
    evidence = powers[:, None] * (terms - cloud.terms)
    prior = 0.5 * layout.member @ (cloud.position**2 - proposal**2)
    gain = layout.touches @ evidence + jnp.where(kind == _KEEPING, 0.0, prior)
    level = jnp.log(luck.uniforms(words[count : 2 * count]))
    accepted = ((level < gain) & chosen).astype(gain.dtype)
    all_gain = jnp.sum(evidence, axis=0) + jnp.sum(prior, axis=0) + stretch
    together, went = kind > _KEEPING, level[0] < all_gain
    # no two blocks of a step share an item, so these are 0 or 1
    of_coordinates, of_items = layout.member.T @ accepted, layout.touches.T @ accepted
    share = jnp.where(together, 0.0, jnp.sum(accepted) / (jnp.sum(chosen) * particles))
    return Cloud(
        jnp.where(jnp.where(together, went, of_coordinates > 0), proposal, cloud.position),
        jnp.where(jnp.where(together, went, of_items > 0), terms, cloud.terms),
        cloud.acceptance + share,
    )


def _turns(layout: _Layout, routes: Routes) -> Int[Array, ""]:
    """Steps in a sweep, with the glides and leaps that follow it."""
    return _ROUNDS * len(layout.steps) + _glides(routes) + jnp.where(routes.leaps.used > 0, _LEAPS, 0)


def _glides(routes: Routes) -> Int[Array, ""]:
    return jnp.where(routes.glides.used > 0, _GLIDES, 0)


def _kind(layout: _Layout, routes: Routes, within: Array) -> Array:
    """The kind of a step of a sweep: block by block first, then glides, then leaps."""
    after = within - _ROUNDS * len(layout.steps)
    by_block = within // len(layout.steps)
    return jnp.where(after < 0, by_block, jnp.where(after < _glides(routes), _GLIDING, _LEAPING))


class _Crowd(NamedTuple):
    """What proposals are made from: the cloud before the sweeps, written twice, and the routes.

    Written twice, a shift around the cloud is one slice.
    """

    others: Array
    routes: Routes


class _How(NamedTuple):
    """What a step proposes: which blocks, of which kind, and random words.

    There is one word for each block, one for each coordinate, and one that all share.
    """

    chosen: Array
    kind: Array
    word: Array
    each: Array
    shared: Array


def _proposal(key: Array, layout: _Layout, crowd: _Crowd, how: _How, position: Array) -> tuple[Array, Array]:
    """Where particles would go, and the log of how much the way there stretches."""
    word, particles = how.word, position.shape[1]
    part, length, whole = (((word >> (8 * n)) & 255).astype(position.dtype) / 256.0 for n in range(3))
    part = jnp.where(whole < _WHOLE, 1.0, _LEAST_PART + (1.0 - _LEAST_PART) * part)
    # whether a coordinate takes part: its own word against that chance
    moved = luck.uniforms(how.each) < jnp.where(how.chosen, part, -1.0)[layout.owner]

    level = jnp.zeros(())
    glides, leaps = crowd.routes

    def difference() -> tuple[Array, Array]:
        scale = 2.38 / jnp.sqrt(2.0 * jnp.maximum(layout.size * part, 1.0)) * (_LEAST_SCALE + length)
        scale = jnp.where(whole < _WHOLE, 1.0, scale)
        shifts = 1 + (how.shared[:2] % (particles - 1)).astype(jnp.int32)
        one, other = (jax.lax.dynamic_slice(crowd.others, (0, s), position.shape) for s in shifts)
        return jnp.where(moved, position + scale[layout.owner] * (one - other), position), level

    def walk() -> tuple[Array, Array]:
        s = _LEAST_STEP ** (1.0 - length)
        fresh = luck.normals(key, *position.shape)
        walked = jnp.sqrt(1.0 - s * s)[layout.owner] * position + s[layout.owner] * fresh
        return jnp.where(moved, walked, position), level

    def glide() -> tuple[Array, Array]:
        which = (how.shared >> 8) % jnp.maximum(glides.used, 1).astype(jnp.uint32)
        far = _FAR * (_LEAST_SCALE + (how.shared & 255).astype(position.dtype) / 256.0)
        length = far * luck.normals(key, 1, particles)[0]
        return position + length * glides.directions[:, which], level

    def leap() -> tuple[Array, Array]:
        # one leap for all particles, so that it is one product of matrices
        which = (how.shared[0] >> 8) % jnp.maximum(leaps.used, 1).astype(jnp.uint32)
        way = how.shared[0] >> 31
        stretch = jnp.where(way > 0, -1.0, 1.0) * leaps.stretch[which]
        return leaps.maps[which, way] @ position + leaps.shifts[which, way][:, None], stretch

    kinds = [difference, walk, glide, leap]
    proposed: tuple[Array, Array] = jax.lax.switch(jnp.maximum(how.kind - _KEEPING + 1, 0), kinds)
    return proposed
