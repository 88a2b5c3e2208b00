"""A model of one number, with a hypothesis, whose every posterior is known by quadrature.

log level = log 100 + ½·z − shift, where the shift is 0, 1 or 2 by the state of the hypothesis `depth`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import jax.numpy as jnp
import numpy as np
from scipy import stats
from tests.worlds.small import Row, evidence_table, made_case

from quidproquo.cases.record import Hypothesis, HypothesisState
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.observation.layout import build_likelihood
from quidproquo.evidence.observation.likelihood import BiasLayout, Likelihood
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


def _merged(likelihood: Likelihood) -> Likelihood:
    """Biases that touch the same items in the same proportions, as one."""
    rows: list[np.ndarray] = []
    for row in likelihood.bias.design:
        for place, known in enumerate(rows):
            if np.allclose(row * np.linalg.norm(known), known * np.linalg.norm(row)):
                rows[place] = known * np.hypot(1.0, np.linalg.norm(row) / np.linalg.norm(known))
                break
        else:
            rows.append(row)
    names = tuple(f"bias {place}" for place in range(len(rows)))
    return replace(likelihood, bias=BiasLayout(names, np.array(rows).reshape(len(rows), len(likelihood))))


def numbered(rows: Mapping[int, Row]) -> EvidenceTable:
    """A table whose ids are the rows' numbers, whichever others there are."""
    table = evidence_table(
        *(replace(row, group=number if row.group is None else row.group) for number, row in rows.items())
    )
    return replace(table, ids=tuple(f"c{number}" for number in rows))


class Quadrature:
    """The posterior of z and the state on a fine grid; biases that reports share are integrated over."""

    def __init__(self, rows: Sequence[Row], powers: Sequence[float] | None = None) -> None:
        table: EvidenceTable = evidence_table(*rows)
        likelihood = _merged(build_likelihood(table))
        shared = len(likelihood.bias.names)
        self.z = np.linspace(-6.0, 6.0, 241 if shared else 16_001)
        nodes, share_of_nodes = np.polynomial.hermite_e.hermegauss(15)
        biases = np.array(list(product(nodes, repeat=shared))).reshape(nodes.size**shared, shared)
        chances = (
            np.prod(list(product(share_of_nodes, repeat=shared)), axis=1) / np.sqrt(2.0 * np.pi) ** shared
        )
        weights = np.ones(len(rows)) if powers is None else np.asarray(powers)
        logs = []
        for state, share in enumerate(each.prior for each in DEPTH.states):
            level = np.tile(np.exp(MIDDLE + WIDTH * self.z - state), len(biases))
            effects = np.repeat(biases.T, self.z.size, axis=1)
            items = likelihood.evaluate_items(np.tile(level, (len(rows), 1)), effects)[0]
            of_biases = chances @ np.exp(weights @ items).reshape(len(biases), -1)
            logs.append(np.log(share) + stats.norm.logpdf(self.z) + np.log(of_biases))
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
