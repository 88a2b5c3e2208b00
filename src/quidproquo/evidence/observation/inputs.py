"""What can be handed to a likelihood in place of its own constants, so that one program serves many."""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Array, Float

__all__ = ["GradeInputs", "ObservedInputs"]


class ObservedInputs(NamedTuple):
    """What is reported of every item, in place of what the claims report; `[item]` each.

    `x`, `low`, `high`, `offset` and `told` as in `Likelihood`. `agrees` is 1 where a proposition or a
    bound on a count is stated as the claim states it, and 0 where the opposite is. A world without
    any of an amount has nothing for a log to report: `beyond` is −1 where a report on the log scale
    is of less than the declared range and 1 where it is of more, and the rest is then that of the
    range's end.
    """

    x: Float[Array, " item"]
    low: Float[Array, " item"]
    high: Float[Array, " item"]
    offset: Float[Array, " item"]
    told: Float[Array, " item"]
    agrees: Float[Array, " item"]
    beyond: Float[Array, " item"]


class GradeInputs(NamedTuple):
    """All that sources' letters bear on, as in `Likelihood`; `design` is that of its biases."""

    spread: Float[Array, " item"]
    wrong_spread: Float[Array, " item"]
    trust: Float[Array, " item"]
    design: Float[Array, "coordinate item"]
