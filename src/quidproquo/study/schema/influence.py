"""The influence diagram as data: what reads what in the model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quidproquo.study.schema.record import Record

__all__ = [
    "InfluenceDiagram",
    "InfluenceEdge",
    "InfluenceNode",
    "spelled_out",
]


class InfluenceNode(Record):
    """Something that the model reads or writes.

    `kind` parameters stands for all of one mechanism; `name` is its name in the case. `like` is the
    relationship that a mechanism is an instance of. `members` are the parameters, the states of a
    hypothesis, or the options that use a lever. `claims` counts those that weigh and are compared with an
    output of the mechanism, and `observed` names them.
    """

    kind: Literal["mechanism", "parameters", "hypothesis", "lever", "chance", "metric"]
    name: str
    title: str
    like: str = ""
    members: list[str] = Field(default_factory=list)
    claims: int = 0
    observed: list[str] = Field(default_factory=list)


class InfluenceEdge(Record):
    """`target` reads `source`: by `via`, in the days up to the decision date, in the months ahead, or both."""

    source: str
    target: str
    via: list[str]
    past: bool
    ahead: bool


class InfluenceDiagram(Record):
    """What reads what, mechanisms in the order in which they run; noted while the model ran."""

    nodes: dict[str, InfluenceNode]
    edges: list[InfluenceEdge]


def spelled_out(name: str) -> str:
    """A name of the model as a reader sees it."""
    return name.replace("_", " ").replace(".", ": ")
