"""What a mechanism is: one relationship of the model, with what it reads, writes and depends on.

A mechanism has two halves. Its *past* gives observables as closed functions of dates, so that a
claim is compared on its own days; its *ahead* carries the state at the decision date forward,
month by month, along one future and under one option. Options and futures are batched from
outside; worlds are the last axis of every array, so that the work runs along contiguous memory:
parameters are `[world]`, days `[day, 1]`, observables `[day, world]` or `[month, world]`.

Days are counted from the case's start as floats; months ahead are the calendar months after the
decision date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal, TypeAlias

import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float

from quidproquo.worlds.functions import earlier, earlier_at

__all__ = [
    "DAYS_A_MONTH",
    "DAYS_A_YEAR",
    "Ahead",
    "Calendar",
    "Kind",
    "Mechanism",
    "Output",
    "Parameter",
    "Past",
]

DAYS_A_MONTH = 365.25 / 12
DAYS_A_YEAR = 365.25

Scalar: TypeAlias = Float[Array, "#world"]
Days: TypeAlias = Float[Array, "day #world"]
Months: TypeAlias = Float[Array, "month #world"]
Outputs: TypeAlias = dict[str, Array]
Kind: TypeAlias = Literal["cumulative", "stock", "rate", "share", "ratio", "level", "change", "event"]


@dataclass(frozen=True)
class Parameter:
    """An uncertain number of a mechanism, by its local name; the case gives its prior."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Output:
    """An observable that a mechanism writes.

    `kind` is `cumulative` (a claim with `since` is compared with the difference of two dates; it
    never falls), `stock`, `rate`, `share` (of a whole), `ratio` (of two things apart, so that it may
    exceed 1), `level`, `change` (which may have either sign) or `event` (the probability that
    something is so).
    """

    name: str
    unit: str
    kind: Kind
    meaning: str

    @property
    def bounds(self) -> tuple[float, float]:
        """What it can't go below or above in any world."""
        whole = self.kind in {"share", "event"} or (self.unit == "fraction" and self.kind != "ratio")
        top = 1.0 if whole else inf
        return (-top if self.kind == "change" else 0.0), top


class Past:
    """Worlds up to the decision date: their parameters, and any observable on any days."""

    def __init__(
        self,
        name: str,
        settings: Mapping[str, object],
        values: Mapping[str, Array],
        observe: Callable[[str, Days], Array],
    ) -> None:
        self.name = name
        self.settings = settings
        self._values = values
        self._observe = observe

    def __getitem__(self, parameter: str) -> Scalar:
        """This mechanism's own parameter, by its local name."""
        return self._values[f"{self.name}.{parameter}"]

    def of(self, parameter: str) -> Scalar:
        """Any parameter of the world, by its full name."""
        return self._values[parameter]

    def has_parameter(self, parameter: str) -> bool:
        """Whether worlds of this case have a parameter of this full name."""
        return parameter in self._values

    def has(self, mechanism: str) -> bool:
        """Whether the case has a mechanism of this name."""
        names = self.settings.get("mechanisms", ())
        return isinstance(names, tuple) and mechanism in names

    def state(self, hypothesis: str, branch: str) -> Scalar:
        """This mechanism's parameter `branch.STATE` for the state that holds in this world."""
        weights = self._values[f"hypothesis.{hypothesis}"]
        states = self.settings[f"states.{hypothesis}"]
        assert isinstance(states, tuple)
        rows = jnp.stack([self[f"{branch}.{state}"] for state in states])
        return jnp.sum(weights * rows, axis=0)

    def holds(self, hypothesis: str, states: Sequence[str]) -> Scalar:
        """1 in worlds in which one of these states of a hypothesis holds, else 0."""
        every = self.settings[f"states.{hypothesis}"]
        assert isinstance(every, tuple)
        mask = jnp.asarray([float(state in states) for state in every])
        return jnp.sum(mask[:, None] * self._values[f"hypothesis.{hypothesis}"], axis=0)

    def observe(self, output: str, days: Days) -> Array:
        """Any observable of the world on the given days."""
        return self._observe(output, days)


class Calendar:
    """The decision day and the ends of the months after it, shared by all mechanisms of a world.

    What was already worked out is known by the very array of days that it was asked for, so whoever asks
    for the same days gets the same array. `nodes` is `[month + 1, 1]`: `today`, then the month `ends`.
    """

    def __init__(self, nodes: Float[np.ndarray, " node"], dtype: DTypeLike) -> None:
        self.days = nodes
        self.nodes = jnp.asarray(nodes, dtype)[:, None]
        self.today, self.ends = self.nodes[:1], self.nodes[1:]
        self._before: dict[float, Days] = {}

    def known_before(self, lag: Scalar | float) -> Days:
        """The days `lag` days before each month's end, none later than today."""
        if not isinstance(lag, float):
            return jnp.minimum(self.ends - lag, self.today)
        if lag not in self._before:
            days = np.minimum(self.days[1:] - lag, self.days[0])
            self._before[lag] = jnp.asarray(days, self.nodes.dtype)[:, None]
        return self._before[lag]


@dataclass(frozen=True)
class Ahead:
    """Worlds along one future under one option, after the decision date.

    `calendar` holds the decision day and the ends of the months after it.
    `levers` holds the option's intensity per month; `chance` this future's uniform numbers.
    """

    past: Past
    calendar: Calendar
    levers: Mapping[str, Months]
    chance: Mapping[str, Scalar]
    done: Mapping[str, Array]
    money: Float[Array, "*each"]

    def __getitem__(self, parameter: str) -> Scalar:
        """This mechanism's own parameter, by its local name."""
        return self.past[parameter]

    @property
    def nodes(self) -> Float[Array, "node 1"]:
        """The decision day and the ends of the months after it."""
        return self.calendar.nodes

    @property
    def today(self) -> Float[Array, "1 1"]:
        """The decision day."""
        return self.calendar.today

    @property
    def ends(self) -> Float[Array, "month 1"]:
        """The ends of the months after the decision day."""
        return self.calendar.ends

    @property
    def months(self) -> Months:
        """Length of each month, in months of average length."""
        return jnp.diff(self.nodes, axis=0) / DAYS_A_MONTH

    def lever(self, name: str) -> Months:
        """A lever's intensity per month, after what a bundle takes from each of its parts."""
        raw = self.levers.get(name)
        if raw is None:
            return jnp.zeros_like(self.ends)
        return raw * self.done.get("attention.scale", jnp.ones_like(raw))

    def read(self, output: str) -> Months:
        """What an earlier mechanism wrote for the months ahead."""
        return self.done[output]

    def kept(self) -> Months | float:
        """Share of what flows that outside pressure leaves; all of it where the case has no pressure."""
        return 1.0 - self.read("pressure.cut") if self.past.has("pressure") else 1.0

    def scale(self) -> Months | float:
        """What the setting `scaled_by` names: a factor on all that comes after the decision date."""
        name = self.past.settings.get("scaled_by")
        return self.read(str(name)) if name else 1.0

    def now(self, output: str) -> Scalar:
        """An observable at the decision date."""
        return self.past.observe(output, self.today)[0]

    def steps(self, output: str, known: Months) -> Months:
        """What a running total gains in each month; `known` is what it is at the months' ends."""
        return jnp.diff(jnp.concatenate([self.now(output)[None], known]), axis=0)

    def earlier(self, output: str, known: Months, lag: Scalar | float) -> Months:
        """An observable `lag` days before each month's end.

        `known` is what it is at the months' ends. Between them it is read off a straight line, and
        before the decision date it is the past's own.
        """
        before = self.past.observe(output, self.calendar.known_before(lag))
        nodes = jnp.concatenate([self.now(output)[None] + jnp.zeros_like(known[:1]), known])
        if isinstance(lag, float):
            fixed = self.calendar.days[1:] - lag
            # the first months are the past's, and the others are read at places that are known beforehand
            past = int((fixed <= self.calendar.days[0]).sum())
            before, read = jnp.broadcast_arrays(before, earlier_at(self.calendar.days, nodes, fixed))
            return jnp.concatenate([before[:past], read[past:]])
        days = self.ends - lag
        return jnp.where(days <= self.today, before, earlier(self.nodes[:, 0], nodes, days))


def _nothing_past(_past: Past, _days: Days) -> Outputs:
    return {}


def _nothing_ahead(_ahead: Ahead) -> Outputs:
    return {}


@dataclass(frozen=True)
class Mechanism:
    """One relationship of the model, as it is declared.

    `parameters`, `outputs` and `reads` may depend on the settings that a case gives; they are
    functions of the settings. `reads_if` are read only where the case has their mechanism.
    `source` is what a reader can check the equation against.
    """

    id: str
    title: str
    parameters: Callable[[Mapping[str, object]], tuple[Parameter, ...]]
    outputs: tuple[Output, ...]
    reads: tuple[str, ...] = ()
    reads_if: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    chances: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()
    past: Callable[[Past, Days], Outputs] = field(default=_nothing_past)
    ahead: Callable[[Ahead], Outputs] = field(default=_nothing_ahead)
    source: str = ""


def fixed(*parameters: Parameter) -> Callable[[Mapping[str, object]], tuple[Parameter, ...]]:
    """Parameters that don't depend on the settings."""
    return lambda _settings: parameters
