"""Which options the stated weightings leave standing: a lead that counts for nothing under one of them ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quidproquo.sensitivity.record import Weighting

__all__ = ["Standing", "standing"]


@dataclass(frozen=True)
class Standing:
    """The options that are tied over the set of weightings.

    `options` are those with the least regret by the rule under all the evidence, then every other one that is
    among the tied under some weighting; `rivals` maps the latter to these weightings.
    """

    options: tuple[str, ...]
    rivals: Mapping[str, tuple[str, ...]]


def standing(leading: Sequence[str], rows: Sequence[Weighting]) -> Standing:
    """What is left of a choice over a set of weightings.

    `leading` are the options that can't be told from the first under all the evidence. An option that ties with
    the best under any weighting that can be trusted, or leads there, is tied with them: a choice is one that
    every stated weighting makes.
    """
    rivals: dict[str, list[str]] = {}
    for row in rows:
        for option in row.tied if row.reliable else ():
            if option not in leading:
                rivals.setdefault(option, []).append(row.id)
    ordered = sorted(rivals, key=lambda option: -len(rivals[option]))
    return Standing((*leading, *ordered), {option: tuple(rivals[option]) for option in ordered})
