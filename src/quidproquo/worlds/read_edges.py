"""What each mechanism of a case reads, noted while it runs on stand-ins.

Declarations say what a mechanism may read; this says what it does read with the settings that the case
gives: outputs of other mechanisms, parameters, hypotheses, levers and chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from quidproquo.worlds.mechanism import Ahead, Calendar, Past
from quidproquo.worlds.model import Model, Part
from quidproquo.worlds.programs import remembered

__all__ = ["ReadEdge", "read_edges"]

_HYPOTHESIS = "hypothesis"


@dataclass(frozen=True, order=True)
class ReadEdge:
    """One thing that one mechanism reads.

    `reader` is the mechanism's name in the case. `kind` is output, parameter, hypothesis, lever or
    chance, and `name` the full name of what is read (a hypothesis by its id). `ahead` says whether it
    is read for the months after the decision date, or for the days up to it.
    """

    reader: str
    kind: str
    name: str
    ahead: bool


class _Noted(Mapping[str, Array]):
    """A mapping that says which of its values were asked for."""

    def __init__(self, values: Mapping[str, Array], note: Callable[[str], None]) -> None:
        self._values = values
        self._note = note

    def __getitem__(self, name: str) -> Array:
        value = self._values[name]
        self._note(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values


@dataclass(frozen=True)
class _StandIns:
    """One value for everything of a kind: only the shapes are right."""

    values: Mapping[str, Array]
    calendar: Calendar
    line: Float[Array, "month world"]

    def day(self, days: Array) -> Float[Array, "day world"]:
        """A series of one value on so many days."""
        return jnp.broadcast_to(self.line[:1], (days.shape[0], self.line.shape[1]))


def read_edges(model: Model) -> tuple[ReadEdge, ...]:
    """What every mechanism reads, sorted; nothing is computed, every mechanism runs once on shapes."""
    rows = remembered("read_edges", model.structure, lambda: [asdict(edge) for edge in _read_edges(model)])
    return tuple(ReadEdge(**row) for row in rows)


def _read_edges(model: Model) -> tuple[ReadEdge, ...]:
    found: set[ReadEdge] = set()

    def watch(z: Float[Array, " world"], states: list[Float[Array, "_ world"]]) -> Array:
        values = dict.fromkeys(model.parameters, z)
        values |= {f"{_HYPOTHESIS}.{h.id}": x for h, x in zip(model.hypotheses, states, strict=True)}
        calendar = Calendar(model.nodes, z.dtype)
        line = jnp.broadcast_to(z, (len(model.nodes) - 1, len(z)))
        for part in model.parts:
            _run(model, part, _StandIns(values, calendar, line), found)
        return z

    shape = jax.ShapeDtypeStruct
    states = [shape((len(h.states), 1), np.float32) for h in model.hypotheses]  # type: ignore[no-untyped-call]
    jax.eval_shape(watch, shape((1,), np.float32), states)  # type: ignore[no-untyped-call]
    return tuple(sorted(found))


def _run(model: Model, part: Part, given: _StandIns, found: set[ReadEdge]) -> None:
    """Run both halves of a mechanism, and note what they ask for."""
    notes: set[ReadEdge] = set()

    def noting(kind: str) -> Callable[[str], None]:
        return lambda name: notes.add(ReadEdge(part.name, kind, name, ahead=True))

    outputs = [f"{one.name}.{output.name}" for one in model.parts for output in one.mechanism.outputs]
    past = _past(part, given, notes, ahead=False)
    ahead = Ahead(
        past=_past(part, given, notes, ahead=True),
        calendar=given.calendar,
        levers=_Noted(dict.fromkeys(model.levers, given.line), noting("lever")),
        chance=_Noted(dict.fromkeys(model.chances, given.line[0]), noting("chance")),
        done=_Noted(dict.fromkeys(outputs, given.line), noting("output")),
        money=given.line[0, 0],
    )
    # where annotations are checked at run time, the check has looked into the mappings
    notes.clear()
    part.mechanism.past(past, given.calendar.today)
    part.mechanism.ahead(ahead)
    found |= notes


def _past(part: Part, given: _StandIns, found: set[ReadEdge], *, ahead: bool) -> Past:
    def value(name: str) -> None:
        start, _, rest = name.partition(".")
        known = (_HYPOTHESIS, rest) if start == _HYPOTHESIS else ("parameter", name)
        found.add(ReadEdge(part.name, *known, ahead=ahead))

    def observe(name: str, days: Array) -> Array:
        found.add(ReadEdge(part.name, "output", name, ahead=ahead))
        return given.day(days)

    return Past(part.name, part.settings, _Noted(given.values, value), observe)
