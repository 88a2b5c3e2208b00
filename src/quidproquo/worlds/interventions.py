"""Interventions: a parameter is held at a value in every world, and all else stays as it was.

This is do(parameter = value) on worlds that are drawn already: nothing is drawn or conditioned anew, so
that a metric which can't be reached keeps its last byte. Source: Pearl (2009), *Causality*, ch. 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Array, Float, Key

from quidproquo.cases.record import Case, ExpectedSign, Intervention
from quidproquo.terms.errors import CaseError, sentence
from quidproquo.worlds.influence import influences, influences_ahead
from quidproquo.worlds.model import Model
from quidproquo.worlds.simulate import Plan, futures, plan, simulate
from quidproquo.worlds.streams import BLOCK, normals

__all__ = ["Response", "disagreements", "hold", "responses"]

_ERRORS = 4.0  # a sign is seen where the mean lies this many of its Monte Carlo errors from zero


@dataclass(frozen=True)
class Response:
    """What an intervention did to a metric.

    `mean` is the mean change over worlds under policy as it stands, in the metric's unit, and `mcse` its
    Monte Carlo error; `rose` and `fell` are the shares of worlds in which it did so; `moved` says
    whether anything changed in any world under any option; `reached` are the parameters among those
    held that the metric depends on, by the model's own equations.
    """

    intervention: str
    expected: ExpectedSign
    unit: str
    mean: float
    mcse: float
    rose: float
    fell: float
    moved: bool
    reached: frozenset[str]

    @property
    def found(self) -> str:
        """The sign that was found: + or - where it is beyond doubt, ? where not, 0 where nothing moved."""
        if not self.moved:
            return "0"
        if abs(self.mean) <= _ERRORS * self.mcse:
            return "?"
        return "+" if self.mean > 0 else "-"

    @property
    def agrees(self) -> bool:
        """Whether the model does what was expected, and its equations say the same."""
        if self.expected.sign == "0":
            return not self.moved and not self.reached
        return self.moved and self.expected.sign in {self.found, "?"}


def hold(
    model: Model, draws: Float[np.ndarray, "world coordinate"], values: Mapping[str, float]
) -> Float[np.ndarray, "world coordinate"]:
    """The same worlds with parameters held at values, each in its own unit.

    Raises:
        CaseError: if the model has no such parameter.
        PriorError: if a parameter can't have its value.
    """
    changed = np.array(draws)
    for name, value in values.items():
        if name not in model.parameters:
            allowed = "a parameter of the case's mechanisms"
            raise CaseError(sentence("intervention", "hold", name, allowed, "correct it"))
        changed[:, model.coordinates.index(name)] = model.priors.coordinate(name, value)
    return changed


def responses(
    case: Case,
    model: Model,
    layout: Plan,
    draws: Float[np.ndarray, "world coordinate"],
    chances: Float[np.ndarray, "world future chance"],
) -> list[Response]:
    """What every intervention of a case does to every metric, in given worlds along given futures.

    Raises:
        CaseError: if a world that is intervened in fails, or an intervention holds what isn't there.
        PriorError: if a parameter can't have the value at which it is held.
    """
    before = simulate(model, layout, draws, chances).metrics
    dependencies = _dependencies(model, layout)
    found: list[Response] = []
    for made in case.interventions.values():
        run = simulate(model, layout, hold(model, draws, made.hold), chances)
        if run.status.any():
            failed = f"{int(run.status.sum())} worlds that fail"
            message = sentence(f"intervention '{made.id}'", "hold", failed, "none", "hold other values")
            raise CaseError(message)
        found += _compare(case, made, before, run.metrics, (layout.baseline, dependencies))
    return found


def _dependencies(model: Model, layout: Plan) -> list[frozenset[str]]:
    """What each metric depends on; a gain also on where it starts."""
    ahead = influences_ahead(model, [name for name, _ in layout.metrics])
    start = influences(model, [name for name, how in layout.metrics if how == "gain"])
    return [ahead[name] | start.get(name, frozenset()) for name, _ in layout.metrics]


def _compare(
    case: Case,
    made: Intervention,
    before: Float[np.ndarray, "world option metric"],
    after: Float[np.ndarray, "world option metric"],
    read_off: tuple[int, list[frozenset[str]]],
) -> Iterator[Response]:
    baseline, dependencies = read_off
    signs = {sign.metric: sign for sign in made.expected}
    for place, metric in enumerate(case.metrics.values()):
        change = after[:, baseline, place] - before[:, baseline, place]
        yield Response(
            intervention=made.id,
            expected=signs[metric.id],
            unit=metric.unit,
            mean=float(change.mean()),
            mcse=float(change.std(ddof=1) / np.sqrt(len(change))),
            rose=float((change > 0).mean()),
            fell=float((change < 0).mean()),
            moved=not np.array_equal(before[:, :, place], after[:, :, place]),
            reached=dependencies[place].intersection(made.hold),
        )


def disagreements(case: Case, model: Model, key: Key[Array, ""]) -> list[str]:
    """A sentence for every metric that an intervention doesn't move as the case expects.

    The worlds are a block of draws from the priors.

    Raises:
        CaseError, PriorError: as `responses`.
    """
    if not case.interventions:
        return []
    draws, chances = normals(key, model.coordinates, BLOCK), futures(key, model, BLOCK)
    found = responses(case, model, plan(model, case, ()), draws, chances)
    return [_disagreement(response) for response in found if not response.agrees]


def _disagreement(response: Response) -> str:
    sign, metric = response.expected.sign, response.expected.metric
    found = f"{response.mean:+.3g} {response.unit} (error {response.mcse:.1g})"
    if sign == "0" and response.reached:
        found += f", and it depends on {', '.join(sorted(response.reached))}"
    allowed = {
        "+": "above 0 by four errors",
        "-": "below 0 by four errors",
        "0": "out of reach and the same to the last byte",
        "?": "a change in some world",
    }[sign]
    thing = f"intervention '{response.intervention}'"
    return sentence(thing, f"change of metric '{metric}'", found, allowed, "mend the model or the sign")
