"""What can be handed to a likelihood in place of its own constants, so that one program serves many."""

from __future__ import annotations

from typing import NamedTuple

from quidproquo.evidence.observation.special import Values

__all__ = ["ColumnInputs", "GradeInputs", "ItemInputs", "ObservedInputs"]


class ObservedInputs(NamedTuple):
    """What is reported of every item: `[item]` each, or `[item, 1]` where worlds are the last axis.

    `level` is the report on the item's scale: its figure, or the middle of its interval. `x` is the
    figure with `offset` added before a logarithm, and a count itself. `low` and `high` are the ends of
    an interval, with its form's offset. None of the rest: as the claim states it. `agrees` is 1 where a
    proposition or a bound on a count is stated as the claim states it, and 0 where the opposite is. A
    world without any of an amount has nothing for a logarithm to report: `beyond` is −1 where a report
    on the log scale is of less than the declared range and 1 where it is of more, and the rest is then
    that of the range's end.
    """

    x: Values
    low: Values
    high: Values
    offset: Values
    level: Values
    agrees: Values | None = None
    beyond: Values | None = None


class GradeInputs(NamedTuple):
    """All that reliability grades bear on, as in `Likelihood`; `design` is that of its biases."""

    sd: Values
    contaminated_sd: Values
    trust: Values
    design: Values


class ColumnInputs(NamedTuple):
    """What else of the items is numbers, as in `Likelihood`; `[item]` each."""

    sign: Values
    half_width: Values
    wrong_probability: Values
    range_low: Values
    range_high: Values
    asserted: Values


class ItemInputs(NamedTuple):
    """All numbers of the items: with these as arguments, one program serves all claims of the same forms."""

    observed: ObservedInputs
    grades: GradeInputs
    columns: ColumnInputs
