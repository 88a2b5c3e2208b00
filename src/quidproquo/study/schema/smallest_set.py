"""The smallest set of origins found whose removal changes the choice, as data."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["SearchedRecord", "SmallestSetRecord"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchedRecord(_Record):
    """Sets of one size: how many there are, were judged, and could not be judged.

    The others were not tried: of one origin and of two all are, unless there are too many pairs; beyond,
    only those with one origin more than the set that brings the choice nearest to turning.
    """

    size: int
    possible: int
    judged: int
    unjudged: int


class SmallestSetRecord(_Record):
    """The smallest set of origins found without whose claims the choice is another.

    `origins` is empty where none was found; `preferred` is the choice without them, `confirmed` says that
    worlds conditioned anew say so too. `nearest` is the set that brings the choice nearest to turning (the
    one found, if there is one), `claims` are its claims; `margin`, with its Monte Carlo error `mcse`, is
    the lead that the preferred option has without it, below 0 where another leads. `unconfirmed` counts
    sets that turn the choice by weights alone, where worlds conditioned anew did not confirm it.
    """

    origins: list[str]
    preferred: str
    confirmed: bool
    nearest: list[str]
    claims: list[str]
    margin: float
    mcse: float
    searched: list[SearchedRecord]
    unconfirmed: int
