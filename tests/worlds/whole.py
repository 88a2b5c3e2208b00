"""All that the worlds of a shipped case write, before and after the decision date, by one program a case."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from quidproquo.cases import load_case
from quidproquo.cases.record import Case
from quidproquo.worlds.mechanism import Past
from quidproquo.worlds.model import Model, build_model

CASES = ("dprk-russia", "rok-vietnam")
WORLDS = 256
WEEK, YEAR = 7.0, 365.25
# these programs run a few times: they needn't be the fastest
QUICKLY = {"xla_backend_optimization_level": 0}
ALWAYS = float(np.nextafter(np.float32(1.0), np.float32(0.0)))  # a chance by which the war goes on for ages

Rows: TypeAlias = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Found:
    """What some worlds wrote: observables by day before and by month after, and their parameters.

    `now` is the place of the decision date among the days.
    """

    model: Model
    days: np.ndarray
    past: Rows
    ahead: Rows
    values: Rows
    now: int
    levers: np.ndarray

    def on(self, name: str, days: np.ndarray) -> np.ndarray:
        """An observable on days that were asked for."""
        places = np.searchsorted(self.days, days)
        np.testing.assert_allclose(self.days[places], days)
        return self.past[name][places]

    def path(self, name: str) -> np.ndarray:
        """Up to the decision date, then month by month; only the part that there is."""
        before = self.past[name][: self.now + 1] if name in self.past else np.zeros((0, WORLDS))
        after = self.ahead[name] if name in self.ahead else np.zeros((0, WORLDS))
        return np.concatenate([before, after])

    def steps(self, name: str) -> np.ndarray:
        """What a running total gains in each month ahead."""
        return np.diff(np.concatenate([self.past[name][self.now][None], self.ahead[name]]), axis=0)

    def halves(self) -> Iterator[tuple[str, np.ndarray, Rows]]:
        """The worlds before and after the decision date: days `[day, 1]` and observables."""
        yield "before", self.days[:, None], self.past
        yield "after", self.model.nodes[1:, None], self.ahead

    @property
    def names(self) -> list[str]:
        return sorted({*self.past, *self.ahead})


@dataclasses.dataclass(frozen=True)
class Whole:
    """A case whose decision date lies one day before a month's end: the first month ahead is a day long."""

    case: Case
    model: Model
    days: np.ndarray
    program: Callable[..., tuple[dict, dict, dict]]

    def run(self, z: np.ndarray, levers: np.ndarray, chance: np.ndarray) -> Found:
        past, ahead, parameters = self.program(*(np.asarray(a, np.float32) for a in (z, levers, chance)))
        known = {name: np.asarray(rows, np.float64) for name, rows in past.items()}
        months = (len(self.model.nodes) - 1, WORLDS)
        later = {name: np.broadcast_to(np.asarray(rows, np.float64), months) for name, rows in ahead.items()}
        values = {name: np.asarray(x, np.float64) for name, x in parameters.items()}
        now = int(np.searchsorted(self.days, self.model.nodes[0]))
        return Found(self.model, self.days, known, later, values, now, levers)

    def random(self, seed: int, spread: float = 1.0) -> Found:
        """Worlds up to `spread` times as far out as the priors say, under random levers and futures."""
        rng = np.random.default_rng(seed)
        model = self.model
        z = spread * rng.normal(size=(len(model.coordinates), WORLDS))
        table = np.zeros((len(model.levers), len(model.nodes) - 1))
        used = rng.random(len(table)) < 0.6
        table[used] = rng.uniform(-1.0, 1.5, (int(used.sum()), 1))
        first, last = np.sort(rng.integers(0, table.shape[1] + 1, 2))
        table[:, :first] = table[:, last:] = 0.0
        return self.run(z, table, rng.random((len(model.chances), WORLDS), np.float32))


@cache
def unchanged(name: str, seed: int) -> Found:
    """Worlds as the priors have them, in which nobody does anything and the war goes on."""
    made = whole(name)
    z = np.random.default_rng(seed).normal(size=(len(made.model.coordinates), WORLDS))
    table = np.zeros((len(made.model.levers), len(made.model.nodes) - 1))
    return made.run(z, table, np.full((len(made.model.chances), WORLDS), ALWAYS))


@cache
def whole(name: str) -> Whole:
    case = load_case(name)
    case = dataclasses.replace(case, decision_date=case.decision_date - timedelta(days=1))
    model = build_model(case)
    ends = model.history
    days = np.unique([-4000.0, -30.0, *ends, *(ends - WEEK), *(ends - YEAR), *(model.nodes[0] + [-1, 0, 1])])
    names = with_past(model)

    def both(z: jax.Array, levers: jax.Array, chance: jax.Array) -> tuple[dict, dict, dict]:
        wanted = dict.fromkeys(names, jnp.asarray(days, jnp.float32)[:, None])
        values = model.values(z)
        ahead = model.ahead_of(values, levers, jnp.float32(100.0), chance)
        return model.past_of(values, wanted, WORLDS), ahead, values

    shapes = (
        (len(model.coordinates), WORLDS),
        (len(model.levers), len(model.nodes) - 1),
        (len(model.chances), WORLDS),
    )
    lowered = jax.jit(both).lower(*(jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes))
    return Whole(case, model, days, lowered.compile(QUICKLY))


def with_past(model: Model) -> list[str]:
    """The observables that are defined up to the decision date."""
    parts = {part.name: part for part in model.parts}
    known: dict[str, dict] = {}

    def look(z: jax.Array) -> jax.Array:
        values, day = model.values(z), jnp.zeros((1, 1))

        def observe(name: str, _days: jax.Array) -> jax.Array:
            owner, _, local = name.partition(".")
            if owner not in known:
                past = Past(owner, parts[owner].settings, values, observe)
                known[owner] = parts[owner].mechanism.past(past, day)
            return known[owner].get(local, day)

        for owner in parts:
            observe(f"{owner}.", day)
        return z

    jax.eval_shape(look, jax.ShapeDtypeStruct((len(model.coordinates), 1), jnp.float32))
    return [f"{owner}.{local}" for owner in parts for local in known[owner]]
