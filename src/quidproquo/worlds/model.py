"""A case's model: its mechanisms in order, its parameters, and one world's past and months ahead."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias

import jax.numpy as jnp
import jax.scipy.stats as jstats
import numpy as np
from jaxtyping import Array, Float, Int
from scipy import special

from quidproquo.cases.record import BEARS, Case, Hypothesis, MechanismUse
from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.bearings import bearings
from quidproquo.worlds.content import Contents
from quidproquo.worlds.mechanism import Ahead, Calendar, Mechanism, Output, Past
from quidproquo.worlds.mechanisms import MECHANISMS
from quidproquo.worlds.priors import Numbers, PriorTable, prior_table

__all__ = ["Coordinates", "Model", "ModelNumbers", "Part", "build_model"]

# one row a coordinate, worlds along it: an array, or the rows apart (cheaper to differentiate)
Coordinates: TypeAlias = Float[Array, "coordinate world"] | Sequence[Float[Array, " world"]]


@dataclass(frozen=True)
class Part:
    """A mechanism under its name in the case, with its settings completed."""

    mechanism: Mechanism
    name: str
    settings: Mapping[str, object]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Full names of its parameters."""
        return tuple(f"{self.name}.{p.name}" for p in self.mechanism.parameters(self.settings))

    @property
    def reads(self) -> tuple[str, ...]:
        """What it reads in this case: always, where the case has it, and what its settings name."""
        known = self.settings["mechanisms"]
        assert isinstance(known, tuple)
        chosen = tuple(name for name in self.mechanism.reads_if if name.partition(".")[0] in known)
        scale = self.settings.get("scaled_by")
        return self.mechanism.reads + chosen + ((str(scale),) if scale else ())


class ModelNumbers(NamedTuple):
    """The numbers of a model's priors, which its programs take as arguments.

    `centre` and `width` as in `PriorTable`; `cuts` are a hypothesis's cumulative prior probabilities of its
    states, but for the last.
    """

    centre: Numbers
    width: Numbers
    cuts: tuple[Numbers, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """What a world is, and how it runs.

    A world is a point z of R^d, standard normal under the prior: one coordinate a parameter, then
    one a hypothesis; in a batch worlds are the last axis. `nodes` are the decision day and the month
    ends after it, as days from start.
    """

    start: date
    parts: tuple[Part, ...]
    priors: PriorTable
    hypotheses: tuple[Hypothesis, ...]
    nodes: np.ndarray
    history: np.ndarray
    cuts: tuple[Numbers, ...] = ()

    @property
    def numbers(self) -> ModelNumbers:
        """The numbers of its priors, in the precision of the programs."""
        cuts = tuple(np.asarray(cut, np.float32) for cut in self.cuts)
        centre, width = (np.asarray(column, np.float32) for column in (self.priors.centre, self.priors.width))
        return ModelNumbers(centre, width, cuts)

    def with_numbers(self, numbers: ModelNumbers) -> Model:
        """The model with other priors of the same kinds."""
        priors = replace(self.priors, centre=numbers.centre, width=numbers.width)
        return replace(self, priors=priors, cuts=numbers.cuts)

    @cached_property
    def structure(self) -> Contents:
        """All that its programs depend on besides its numbers (see `programs`)."""
        priors, states = self.priors, [(h.id, tuple(s.id for s in h.states)) for h in self.hypotheses]
        parts = [(part.mechanism, part.name, part.settings) for part in self.parts]
        names = priors.names, priors.link, priors.uniform, states
        return Contents((parts, names, self.nodes, self.history))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the coordinates."""
        return self.priors.names

    @property
    def coordinates(self) -> tuple[str, ...]:
        """Names of all coordinates of z: parameters, then hypotheses."""
        return self.parameters + tuple(f"hypothesis.{h.id}" for h in self.hypotheses)

    @property
    def chances(self) -> tuple[str, ...]:
        """Names of the uniform numbers that one future needs."""
        return tuple(c for part in self.parts for c in part.mechanism.chances)

    @property
    def levers(self) -> tuple[str, ...]:
        """Names of all levers, sorted."""
        return tuple(sorted({lever for part in self.parts for lever in part.mechanism.levers}))

    def output(self, name: str) -> Output:
        """The declaration of an observable.

        Raises:
            CaseError: if no mechanism of the case writes it.
        """
        owner, _, local = name.partition(".")
        for part in self.parts:
            if part.name == owner:
                for output in part.mechanism.outputs:
                    if output.name == local:
                        return output
        known = ", ".join(sorted(f"{p.name}.{o.name}" for p in self.parts for o in p.mechanism.outputs))
        raise CaseError(
            sentence("case.toml", "observes", name, f"an output of its mechanisms ({known})", "correct it")
        )

    def states(self, z: Float[Array, "coordinate world"]) -> Int[Array, "hypothesis world"]:
        """Index of the state that holds, one a hypothesis."""
        if not self.hypotheses:
            return jnp.zeros((0, len(z[0])), dtype=jnp.int32)
        rows = range(len(self.hypotheses))
        return jnp.stack([_state(self.cuts[i], z[len(self.parameters) + i]) for i in rows])

    def states_of(self, z: Float[np.ndarray, "world coordinate"]) -> Int[np.ndarray, "world hypothesis"]:
        """The same of drawn worlds, worlds first."""
        probability = special.ndtr(np.asarray(z[:, len(self.parameters) :], dtype=np.float64))
        columns = [
            np.searchsorted(cut, probability[:, i], side="right") for i, cut in enumerate(self.numbers.cuts)
        ]
        return np.array(columns, dtype=np.int64).reshape(len(columns), len(z)).T

    def values(self, z: Coordinates) -> dict[str, Array]:
        """Every parameter in its unit, `[world]`, and every hypothesis one-hot, `[state, world]`."""
        values = {name: self.priors.value(i, z[i]) for i, name in enumerate(self.parameters)}
        for i, hypothesis in enumerate(self.hypotheses):
            index = _state(self.cuts[i], z[len(self.parameters) + i])
            one_hot = jnp.arange(len(hypothesis.states))[:, None] == index
            values[f"hypothesis.{hypothesis.id}"] = one_hot.astype(z[0].dtype)
        return values

    def past(
        self, z: Coordinates, wanted: Mapping[str, Float[Array, "_ 1"]]
    ) -> dict[str, Float[Array, "_ #world"]]:
        """Observables of worlds on the days wanted of each.

        Observables of one mechanism that ask for the very same array of days are worked out once.
        """
        return self.past_of(self.values(z), wanted, len(z[0]))

    def past_of(
        self, values: Mapping[str, Array], wanted: Mapping[str, Float[Array, "_ 1"]], worlds: int
    ) -> dict[str, Float[Array, "_ world"]]:
        """The same of so many worlds whose parameters and hypotheses are known already, as `values` gives them."""
        looked_at = _Worlds(self, values)
        known = {name: looked_at.observe(name, days) for name, days in wanted.items()}
        return {name: jnp.broadcast_to(x, (x.shape[0], worlds)) for name, x in known.items()}

    def ahead(
        self,
        z: Coordinates,
        levers: Float[Array, "lever month"],
        money: Float[Array, ""],
        chance: Float[Array, "chance world"],
    ) -> dict[str, Array]:
        """Everything that worlds write for the months ahead, along one future under one option.

        Observables are `[month, world]`; one that is the same in all worlds may be `[month, 1]`.
        """
        return self.ahead_of(self.values(z), levers, money, chance)

    def ahead_of(
        self,
        values: Mapping[str, Array],
        levers: Float[Array, "lever month *each"],
        money: Float[Array, "*each"],
        chance: Float[Array, "chance world"],
    ) -> dict[str, Array]:
        """The same of worlds whose parameters and hypotheses are known already, as `values` gives them.

        Levers and money may differ from world to world, on a last axis of their own.
        """
        worlds = _Worlds(self, values)
        done: dict[str, Array] = {}
        each = levers if levers.ndim == 3 else levers[:, :, None]
        intensities = {name: each[i] for i, name in enumerate(self.levers)}
        chances = {name: chance[i] for i, name in enumerate(self.chances)}
        calendar = Calendar(self.nodes, chance.dtype)
        for part in self.parts:
            ahead = Ahead(worlds.past_of(part), calendar, intensities, chances, done, money)
            for name, written in part.mechanism.ahead(ahead).items():
                done[f"{part.name}.{name}"] = written
        return done


class _Worlds:
    """Worlds while they are being looked at: parameters, and what was worked out already."""

    def __init__(self, model: Model, values: Mapping[str, Array]) -> None:
        self._parts = {part.name: part for part in model.parts}
        self._values = values
        self._known: dict[tuple[str, int], tuple[Array, dict[str, Array]]] = {}

    def past_of(self, part: Part) -> Past:
        return Past(part.name, part.settings, self._values, self.observe)

    def observe(self, name: str, days: Array) -> Array:
        owner, _, local = name.partition(".")
        key = (owner, id(days))
        if key not in self._known:
            part = self._parts[owner]
            # the days are kept beside the outputs so that their id stays theirs
            self._known[key] = (days, part.mechanism.past(self.past_of(part), days))
        outputs = self._known[key][1]
        if local not in outputs:
            raise CaseError(
                sentence(
                    f"mechanism '{owner}'",
                    "output",
                    local,
                    f"one that it writes with its settings ({', '.join(outputs)})",
                    "change the settings or the name",
                )
            )
        return outputs[local]


def _cuts(hypothesis: Hypothesis) -> Float[np.ndarray, " _"]:
    return np.cumsum([state.prior for state in hypothesis.states])[:-1]


def _state(cuts: Numbers, z: Array) -> Array:
    return jnp.sum(jstats.norm.cdf(z) >= jnp.asarray(cuts, z.dtype)[:, None], axis=0)


def build_model(case: Case, as_of: date | None = None) -> Model:
    """Put a case's mechanisms together.

    Raises:
        CaseError: if a mechanism is unknown, or reads what no earlier one writes.
        PriorError: if a parameter has no prior or an impossible one.
    """
    shared: dict[str, object] = {
        f"states.{h.id}": tuple(s.id for s in h.states) for h in case.hypotheses.values()
    }
    shared["mechanisms"] = tuple(use.name for use in case.mechanisms)
    shared["start"] = case.start
    parts = tuple(_part(use, shared) for use in case.mechanisms)
    said = bearings(case)
    if said is not None:
        parts += (Part(said, BEARS, shared),)
    _check_order(parts, case)
    names = tuple(name for part in parts for name in part.parameters)
    _check_all_used(names, case)
    priors = prior_table(names, dict(case.priors), as_of or case.decision_date, case.start)
    return Model(
        start=case.start,
        parts=parts,
        priors=priors,
        hypotheses=tuple(case.hypotheses.values()),
        nodes=_days(case.start, [case.decision_date, *_month_ends(case.decision_date, case.horizon)]),
        history=_days(case.start, _month_ends(case.start - timedelta(days=1), case.decision_date)),
        cuts=tuple(_cuts(hypothesis) for hypothesis in case.hypotheses.values()),
    )


def _part(use: MechanismUse, shared: Mapping[str, object]) -> Part:
    mechanism = MECHANISMS.get(use.mechanism)
    if mechanism is None:
        known = ", ".join(sorted(MECHANISMS))
        raise CaseError(
            sentence("case.toml [model]", "mechanism", use.mechanism, f"one of {known}", "correct it")
        )
    missing = [h for h in mechanism.hypotheses if f"states.{h}" not in shared]
    if missing:
        raise CaseError(
            sentence(f"mechanism '{use.name}'", "hypothesis", missing[0], "declared in case.toml", "add it")
        )
    return Part(mechanism, use.name, {**shared, **use.settings})


def _check_order(parts: tuple[Part, ...], case: Case) -> None:
    written: set[str] = set()
    for part in parts:
        for name in part.reads:
            if name not in written:
                raise CaseError(
                    sentence(
                        f"mechanism '{part.name}' of case '{case.name}'",
                        "reads",
                        name,
                        "written by a mechanism that stands before it",
                        "add that mechanism or change the order in [model]",
                    )
                )
        written |= {f"{part.name}.{output.name}" for output in part.mechanism.outputs}


def _check_all_used(names: tuple[str, ...], case: Case) -> None:
    for name in case.priors:
        if name not in names:
            raise CaseError(
                sentence(
                    f"priors.toml of case '{case.name}'",
                    "prior",
                    name,
                    "a parameter of its mechanisms",
                    "remove it or correct its name",
                )
            )


def _month_ends(after: date, until: date) -> list[date]:
    """Last days of the months that end after one date and no later than another."""
    ends: list[date] = []
    year, month = after.year, after.month
    while True:
        day = date(year, month, calendar.monthrange(year, month)[1])
        if day > until:
            return ends
        if day > after:
            ends.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _days(start: date, dates: list[date]) -> np.ndarray:
    return np.array([(day - start).days for day in dates], dtype=np.float64)
