"""Islands of particles: side by side in a program, told apart by errors, worlds in the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from quidproquo.evidence.smc.kernels import Cloud, split_islands, stack_islands
from quidproquo.evidence.smc.proposals import LearnedProposals
from quidproquo.evidence.smc.target import Target
from quidproquo.evidence.smc.tempering import State
from quidproquo.evidence.weights.ranks import average_ranks
from quidproquo.terms.errors import EvidenceError, sentence
from quidproquo.worlds import streams

__all__ = [
    "LEAST_PARTICLES",
    "PosteriorDraws",
    "all_arrived",
    "collect_draws",
    "islands_per_batch",
    "mixing_check",
    "particles_of",
    "places",
    "rank_correlation",
    "stack",
]

LEAST_PARTICLES = 64
_CHANCE = 4.0  # rank correlation of what has nothing in common, at most, times the root of their number
_SIDE_BY_SIDE = 512  # particles of a program, at most: more of them don't fit into the nearest cache


@dataclass(frozen=True)
class PosteriorDraws:
    """Worlds of all islands, equally weighted, one island after another.

    `acceptance` and `temperatures` (steps along the path) are per island. `proposals` are those that were
    fitted, and `particles` an island's own, which came by several times. `max_rank_correlation` is the
    largest of a coordinate with its place where the last moves began, or at any temperature if worlds
    were moved so long at each (`thorough`); NaN where that wasn't asked.
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


def particles_of(worlds: int, islands: int, kept: int) -> int:
    """Particles of each island, if each becomes a world `kept` times.

    Raises:
        EvidenceError: if there would be too few.
    """
    particles = worlds // (islands * kept)
    if particles < LEAST_PARTICLES:
        least = f"at least {LEAST_PARTICLES * islands * kept}"
        raise EvidenceError(sentence("the run", "worlds", worlds, least, "ask for more with --worlds"))
    return particles


def islands_per_batch(islands: int, particles: int) -> int:
    """How many islands of so many particles lie side by side: as many in every program.

    There are two programs at least, whatever the number of cores.
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


def stack(states: list[State]) -> State:
    """Islands that were apart, side by side."""
    clouds = [state.cloud for state in states]
    cloud = Cloud(*(stack_islands([getattr(one, field) for one in clouds]) for field in Cloud._fields))
    power, rounds = (jnp.concatenate([getattr(s, name) for s in states]) for name in ("power", "rounds"))
    return State(cloud, power, rounds, jnp.bool_(False))


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
    key: Array, target: Target, passed: Sequence[Sequence[State]], proposals: LearnedProposals
) -> PosteriorDraws:
    """Worlds from the states that islands passed through, side by side."""
    # an island's own worlds together, those of one time before those of the next
    whole = [np.stack([places([state]) for state in states], axis=1) for states in passed]
    found = np.concatenate(whole).astype(np.float32)
    islands, _, particles, moved = found.shape
    position, cut = found.reshape(-1, moved), len(target.active)
    last = [states[-1] for states in passed]
    # what no claim bears on keeps its prior
    z = np.array(streams.normals(key, target.model.coordinates, len(position)))
    z[:, target.active] = position[:, :cut]
    accepted = [split_islands(np.asarray(s.cloud.acceptance)[None], len(s.power))[:, :, 0] for s in last]
    return PosteriorDraws(
        z=z,
        biases=position[:, cut:],
        island=np.repeat(np.arange(islands), len(position) // islands),
        acceptance=np.concatenate(accepted).mean(axis=1),
        temperatures=np.concatenate([state.rounds for state in last]),
        proposals=proposals,
        particles=particles,
    )
