"""Reports of a world, drawn from the very distributions that the likelihood states.

The claims' form is given: what they are about, their dates, comparison words, grades and who says
them, the width of an interval and its offset, and the number in a bound on a
count. What is reported is drawn, as each form's `draw` says; a claim that is wrong altogether is drawn
from its contamination, with those that share its chance. An amount can be nothing, which has no log: of
one beyond the range no more is reported than that it is, and the likelihood is the probability of that.
So every outcome has a probability, and they add up to one.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from quidproquo.evidence.observation.inputs import ObservedInputs
from quidproquo.evidence.observation.likelihood import Likelihood

__all__ = ["draw_reports"]


def draw_reports(
    rng: np.random.Generator,
    likelihood: Likelihood,
    predicted: Float[np.ndarray, " item"],
    biases: Float[np.ndarray, " bias"],
) -> ObservedInputs:
    """Draw what is reported in one world.

    `predicted` is what the world says, in each claim's unit, and `biases` its biases.
    """
    wrong = _draw_wrong(rng, likelihood)
    columns = {name: np.zeros(len(likelihood)) for name in ObservedInputs._fields}
    columns["agrees"] += 1.0
    for part in likelihood.by_group(predicted[:, None].astype(np.float64), biases[:, None]):
        items, form = part.group.items, part.form
        drawn = form.draw(rng, part.predicted, part.bias)
        if form.contamination is not None:
            drawn = np.where(wrong[items][:, None], form.contamination.draw(rng, part.predicted), drawn)
        for name, values in form.observe(drawn)._asdict().items():
            if values is not None:
                columns[name][items] = values[:, 0]
    return ObservedInputs(**{name: column.astype(np.float32) for name, column in columns.items()})


def _draw_wrong(rng: np.random.Generator, likelihood: Likelihood) -> Bool[np.ndarray, " item"]:
    """Which claims are wrong altogether: all of a group, or none."""
    _, group = np.unique(likelihood.group, return_inverse=True)
    uniform = rng.uniform(size=len(likelihood))[group]
    return np.asarray(uniform < likelihood.wrong_probability)
