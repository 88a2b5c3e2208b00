"""Islands of particles: side by side in a program, told apart by errors, worlds in the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.evidence.smc.kernels import split_islands
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import State
from quidproquo.evidence.weights.ranks import average_ranks
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams

__all__ = [
    "LEAST_ISLANDS",
    "PARTICLES",
    "Layout",
    "PosteriorDraws",
    "all_arrived",
    "collect_draws",
    "island_layout",
    "islands_per_batch",
    "mixing_check",
    "places",
    "rank_correlation",
]

PARTICLES = 64  # of an island, whatever the number of worlds: every program is compiled for as many
LEAST_ISLANDS, MOST_ISLANDS = 16, 32
_LEAST_WORLDS = 16  # of an island
_CHANCE = 4.0  # rank correlation of what has nothing in common, at most, times the root of their number
_SIDE_BY_SIDE = 512  # particles of a program, at most: more of them don't fit into the nearest cache


@dataclass(frozen=True)
class PosteriorDraws:
    """Worlds of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps along the path) are per island. `proposals` are those that were
    fitted, and `particles` an island's own, which came by several times. `max_rank_correlation` is the
    largest of a coordinate with its place where the last moves began, or at any temperature if worlds
    were moved so long at each (`thorough`); NaN where that wasn't asked. `changes` counts the items by which
    the claims differ from those of the posterior that these worlds were taken on from (see `bridge`).
    """

    z: Float[np.ndarray, "world coordinate"]
    biases: Float[np.ndarray, "world bias"]
    island: Int[np.ndarray, " world"]
    acceptance: Float[np.ndarray, " island"]
    temperatures: Int[np.ndarray, " island"]
    proposals: LearnedProposals
    particles: int
    max_rank_correlation: float = math.nan
    thorough: bool = False
    changes: int = 0


class Layout(NamedTuple):
    """How many islands there are, of how many particles, and how often a particle becomes a world."""

    islands: int
    particles: int
    kept: int


def island_layout(worlds: int, islands: int | None = None, particles: int = PARTICLES) -> Layout:
    """Islands for so many worlds: more of them for more worlds, and then the same particles more often.

    Raises:
        EvidenceError: if an island would have too few worlds.
    """
    most = MOST_ISLANDS if islands is None else islands
    kept = max(-(-worlds // (most * particles)), 1)
    if islands is None:
        together = _SIDE_BY_SIDE // particles
        islands = max(-(-worlds // (kept * particles * together)) * together, LEAST_ISLANDS)
    if worlds < _LEAST_WORLDS * islands:
        least = f"at least {_LEAST_WORLDS * islands}"
        raise EvidenceError(sentence("the run", "worlds", worlds, least, "ask for more with --worlds"))
    return Layout(islands, particles, kept)


def islands_per_batch(islands: int, particles: int) -> int:
    """How many islands of so many particles lie side by side: as many in every program.

    There are two batches at least, whatever the number of cores.
    """
    most = max(min(_SIDE_BY_SIDE // particles, islands // 2), 1)
    return max(count for count in range(1, most + 1) if islands % count == 0)


def rank_correlation(
    before: Float[np.ndarray, "particle moved"], after: Float[np.ndarray, "particle moved"]
) -> Float[np.ndarray, " moved"]:
    """How much particles' order in each coordinate is still what it was: Spearman's ρ, without its sign."""
    ranks = [average_ranks(each) for each in (before, after)]
    one, other = (rank - rank.mean(axis=0) for rank in ranks)
    return np.asarray(np.abs((one * other).mean(axis=0) / (one.std(axis=0) * other.std(axis=0))))


def mixing_check(
    before: Float[np.ndarray, "island particle moved"],
    after: Float[np.ndarray, "island particle moved"],
    max_rank_correlation: float,
) -> tuple[float, bool]:
    """The largest rank correlation of a coordinate with its place before, and whether that is small enough.

    What few particles show by chance counts as nothing.
    """
    moved = before.shape[2]
    order = float(rank_correlation(before.reshape(-1, moved), after.reshape(-1, moved)).max())
    return order, bool(order < max(max_rank_correlation, _CHANCE / np.sqrt(before[:, :, 0].size)))


def places(states: list[State]) -> Float[np.ndarray, "island particle moved"]:
    """Where the particles of every island are."""
    return np.concatenate([split_islands(np.asarray(s.cloud.position), len(s.power)) for s in states])


def all_arrived(states: list[State]) -> None:
    """See that all islands have reached the path's end."""
    powers = np.concatenate([state.power for state in states])
    if not (powers >= 1.0).all():
        raise EvidenceError(
            sentence(
                "conditioning",
                "islands that reached full evidence",
                int((powers >= 1.0).sum()),
                f"all {len(powers)}",
                "look for claims that no world can fit with 'qpq check'",
            )
        )


def collect_draws(
    key: Array,
    target: Target,
    passed: Sequence[Sequence[State]],
    worlds: int,
    proposals: LearnedProposals,
) -> PosteriorDraws:
    """So many worlds from the states that islands passed through, side by side."""
    # an island's own worlds together, those of one time before those of the next
    whole = [np.stack([places([state]) for state in states], axis=1) for states in passed]
    found = np.concatenate(whole).astype(np.float32)
    islands, kept, particles, moved = found.shape
    own = worlds // islands + (np.arange(islands) < worlds % islands)
    of_island = found.reshape(islands, kept * particles, moved)
    position = np.concatenate(
        [every[_evenly(int(n), len(every))] for n, every in zip(own, of_island, strict=True)]
    )
    cut = len(target.active)
    last = [states[-1] for states in passed]
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, worlds))
    z[:, target.active] = position[:, :cut]
    accepted = [split_islands(np.asarray(s.cloud.acceptance)[None], len(s.power))[:, :, 0] for s in last]
    return PosteriorDraws(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(islands), own),
        acceptance=np.concatenate(accepted).mean(axis=1),
        temperatures=np.concatenate([state.rounds for state in last]),
        proposals=proposals,
        particles=particles,
    )


def _evenly(count: int, among: int) -> Int[np.ndarray, " _"]:
    """So many places, evenly spaced among more."""
    return np.arange(count) * among // count
