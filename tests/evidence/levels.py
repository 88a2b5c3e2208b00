"""A model of one number, with a hypothesis, whose every posterior is known by quadrature.

log level = log 100 + ½·z − shift, where the shift is 0, 1 or 2 by the state of the hypothesis `depth`.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.worlds import model as models
from quidproquo.worlds.mechanism import Days, Mechanism, Output, Outputs, Parameter, Past, fixed
from quidproquo.worlds.model import Model, Part
from quidproquo.worlds.priors import Z90, prior_table

MIDDLE, WIDTH = np.log(100.0), 0.5
DEPTH = Hypothesis(
    "depth",
    "How deep?",
    (HypothesisState("flat", "", 0.5), HypothesisState("low", "", 0.3), HypothesisState("deep", "", 0.2)),
)


def _past(past: Past, days: Days) -> Outputs:
    shift = past.holds("depth", ("low",)) + 2.0 * past.holds("depth", ("deep",))
    return {"level": past["base"] * jnp.exp(-shift) * jnp.ones_like(days)}


MECHANISM = Mechanism(
    id="levels",
    title="A level",
    parameters=fixed(Parameter("base", "1", "level without a shift"), Parameter("other", "1", "of nothing")),
    outputs=(Output("level", "1", "stock", "the level"),),
    hypotheses=("depth",),
    past=_past,
)


def level_model() -> Model:
    """The model, put together as a case's is."""
    case = made_case(("economy",), hypotheses=(DEPTH,))
    whole = models.build_model(case)
    states = {"states.depth": tuple(state.id for state in DEPTH.states)}
    part = Part(MECHANISM, "levels", {"mechanisms": ("levels",), **states})
    reach = Z90 * WIDTH
    ranges = {
        "levels.base": ("lognormal", float(np.exp(MIDDLE - reach)), float(np.exp(MIDDLE + reach))),
        "levels.other": ("normal", -1.0, 1.0),
    }
    priors = made_case(("economy",), ranges).priors
    table = prior_table(tuple(ranges), dict(priors), case.decision_date, case.start)
    return Model(case.start, (part,), table, (DEPTH,), whole.nodes, whole.history, whole.cuts)


def reported(value: float, **more: object) -> Row:
    """A report of the level."""
    return Row("levels.level", value=value, range=(1.0, 1e4), **more)


class Quadrature:
    """The posterior of z and the state on a fine grid, given reports whose biases are all their own."""

    def __init__(self, rows: Sequence[Row], powers: Sequence[float] | None = None) -> None:
        self.z = np.linspace(-8.0, 8.0, 16_001)
        table: EvidenceTable = evidence_table(*rows)
        likelihood = build_likelihood(table)
        assert not likelihood.bias.names, "give each report an origin and a family of its own"
        weights = np.ones(len(rows)) if powers is None else np.asarray(powers)
        logs = []
        for state, share in enumerate(each.prior for each in DEPTH.states):
            level = np.exp(MIDDLE + WIDTH * self.z - state)
            items = likelihood.evaluate_items(np.tile(level, (len(rows), 1)), np.zeros((0, level.size)))[0]
            logs.append(np.log(share) + stats.norm.logpdf(self.z) + weights @ items)
        stacked = np.array(logs)
        density = np.exp(stacked - stacked.max())
        self.density = density / density.sum()

    @property
    def shares(self) -> np.ndarray:
        """Probability of each state."""
        return self.density.sum(axis=1)

    def moments(self, state: int | None = None) -> tuple[float, float]:
        """Mean and standard deviation of z, given a state if one is named."""
        rows = self.density if state is None else self.density[[state]]
        weight = rows.sum(axis=0) / rows.sum()
        mean = float(weight @ self.z)
        return mean, float(np.sqrt(weight @ self.z**2 - mean**2))
