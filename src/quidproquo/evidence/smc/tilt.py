"""A hypothesis with other odds for one of its states: as other numbers of the same programs.

A hypothesis is a standard normal coordinate of a world, cut at the cumulative prior probabilities of its
states. Where one state gets other odds, the cuts lie elsewhere, and a world stays the same if its coordinate
keeps its place between the cuts of its state.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import special

from quidproquo.evidence.smc.target import Target, TargetInputs
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["Tilt", "tilt_of"]

_INSIDE = 1e-6  # of a state's share of the probability, in which a coordinate stays away from the cuts


@dataclass(frozen=True)
class Tilt:
    """One state of one hypothesis, whose odds against the other states are multiplied.

    `row` is the hypothesis's coordinate in a sampler's position, and `number` its place among the hypotheses of
    the model. `cuts` are the cumulative prior probabilities of its states but for the last.
    """

    row: int
    number: int
    state: int
    cuts: Float[np.ndarray, " cut"]

    def cuts_at(self, log_odds: float) -> Float[np.ndarray, " cut"]:
        """The cuts where the log odds are greater by so much."""
        shares = np.diff(_ends(self.cuts))
        shares[self.state] *= np.exp(log_odds)
        return np.cumsum(shares / shares.sum())[:-1]

    def inputs_at(self, inputs: TargetInputs, log_odds: float) -> TargetInputs:
        """The numbers of a posterior with these odds."""
        cuts = list(inputs.model.cuts)
        cuts[self.number] = self.cuts_at(log_odds).astype(np.float32)
        return inputs._replace(model=inputs.model._replace(cuts=tuple(cuts)))

    def holds(self, z: Float[np.ndarray, "*shape"]) -> np.ndarray:
        """Whether the state holds, by the coordinate before any change of the odds."""
        return np.asarray(_states(self.cuts, special.ndtr(z.astype(np.float64))) == self.state)

    def into(self, z: Float[np.ndarray, "*shape"], log_odds: float) -> Float[np.ndarray, "*shape"]:
        """The coordinate of the same worlds where the odds are others."""
        return _moved(z, self.cuts, self.cuts_at(log_odds))

    def out_of(self, z: Float[np.ndarray, "*shape"], log_odds: float) -> Float[np.ndarray, "*shape"]:
        """The coordinate of the same worlds as it was before."""
        return _moved(z, self.cuts_at(log_odds), self.cuts)


def tilt_of(target: Target, hypothesis: str, state: int) -> Tilt:
    """The tilt of a hypothesis that claims bear on.

    Raises:
        EvidenceError: if no claim bears on it.
    """
    name = f"hypothesis.{hypothesis}"
    if name not in target.names:
        remedy = "read the answer off the prior"
        raise EvidenceError(
            sentence(f"hypothesis '{hypothesis}'", "claims that bear on it", 0, "at least one", remedy)
        )
    number = [known.id for known in target.model.hypotheses].index(hypothesis)
    cuts = np.asarray(target.inputs.model.cuts[number], dtype=np.float64)
    return Tilt(target.names.index(name), number, state, cuts)


def _ends(cuts: Float[np.ndarray, " cut"]) -> Float[np.ndarray, " end"]:
    return np.concatenate([[0.0], cuts, [1.0]])


def _states(cuts: Float[np.ndarray, " cut"], probability: np.ndarray) -> Int[np.ndarray, "*shape"]:
    return np.searchsorted(cuts, probability, side="right")


def _moved(
    z: Float[np.ndarray, "*shape"], before: Float[np.ndarray, " cut"], after: Float[np.ndarray, " cut"]
) -> Float[np.ndarray, "*shape"]:
    probability = special.ndtr(z.astype(np.float64))
    state, old, new = _states(before, probability), _ends(before), _ends(after)
    inside = (probability - old[state]) / (old[state + 1] - old[state])
    inside = np.clip(inside, _INSIDE, 1.0 - _INSIDE)
    found = special.ndtri(new[state] + inside * (new[state + 1] - new[state]))
    return np.asarray(found, dtype=z.dtype)
