"""Boxes and signposts of a run, and the adaptive option that its best signpost makes possible."""

from __future__ import annotations

from dataclasses import replace

from jaxtyping import Array, Key

from quidproquo.cases.record import Case
from quidproquo.claims.table import EvidenceTable
from quidproquo.decisions.adaptive import AdaptiveFinding, adaptive_finding
from quidproquo.decisions.record import Findings
from quidproquo.decisions.scenarios import ScenarioFindings, scenarios, switch_of
from quidproquo.decisions.value import ValuedWorlds
from quidproquo.evidence.ensemble import Points
from quidproquo.worlds.adaptive import Switch, simulate_switch
from quidproquo.worlds.model import Model
from quidproquo.worlds.simulate import Plan, futures
from quidproquo.worlds.streams import stream_key

__all__ = ["scenario_findings", "switched"]


def scenario_findings(
    key: Key[Array, ""],
    case: Case,
    table: EvidenceTable,
    worlds: ValuedWorlds,
    findings: Findings,
    simulated: tuple[Model, Plan, Points],
) -> ScenarioFindings:
    """Where the leading option loses, what warns of it, and what it would be worth to switch then.

    `simulated` are the model, the options and the points of the weighted worlds; an adaptive option is run along
    the same futures as the static ones, and enters none of their comparisons.
    """
    found = scenarios(case, worlds, findings.preferred.options[0], set(table.quantity))
    if found.watch is None:
        return found
    switch = switch_of(case, worlds, found.first, found.watch)
    if switch is None:
        return found
    return replace(found, watch=replace(found.watch, adaptive=switched(key, worlds, switch, simulated)))


def switched(
    key: Key[Array, ""], worlds: ValuedWorlds, switch: Switch, simulated: tuple[Model, Plan, Points]
) -> AdaptiveFinding:
    """Run an adaptive option along the futures of the weighted worlds, and set it beside the static options."""
    model, layout, points = simulated
    chances = futures(stream_key(key, points.stream), model, len(points.z))
    return adaptive_finding(worlds, switch, simulate_switch(model, layout, switch, points.z, chances))
