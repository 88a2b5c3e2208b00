"""Every what-if that a brief asks: evidence left out, priors moved, and answers taken for certain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from quidproquo.cases.record import Case, Hypothesis
from quidproquo.claims import sources_of
from quidproquo.claims.record import Claim
from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.sensitivity.evaluator import WhatIf
from quidproquo.sensitivity.priors import prior_what_ifs, structure_what_ifs
from quidproquo.worlds.model import Model, Part

__all__ = ["assumption_what_ifs", "leave_outs", "meanings"]


def meanings(model: Model) -> dict[str, tuple[str, str]]:
    """Parameter → its mechanism, and what it means."""
    return {
        f"{part.name}.{p.name}": (part.name, _with_answers(p.meaning, part, model))
        for part in model.parts
        for p in part.mechanism.parameters(part.settings)
    }


def _with_answers(meaning: str, part: Part, model: Model) -> str:
    """A meaning with the answers that it names by id given by title."""
    for hypothesis in model.hypotheses:
        for state in hypothesis.states if f"states.{hypothesis.id}" in part.settings else ():
            meaning = meaning.replace(f"'{state.id}'", f"“{state.title}”")
    return meaning


def assumption_what_ifs(
    case: Case, model: Model, z: Float[np.ndarray, "world coordinate"], ensemble: Ensemble
) -> list[WhatIf]:
    """Every prior moved to both its ends, and every state of a hypothesis taken for certain."""
    titles = {
        name: f"{meaning} ({part.replace('_', ' ')})" for name, (part, meaning) in meanings(model).items()
    }
    states = {name: _answers(case.hypotheses[name]) for name in ensemble.hypotheses}
    alive = np.isfinite(ensemble.log_weight)
    moved = prior_what_ifs(model.parameters, titles, z[:, : len(model.parameters)], model.priors.width)
    return moved + structure_what_ifs(ensemble.states, states, alive)


def _answers(hypothesis: Hypothesis) -> dict[str, str]:
    """State → question and answer."""
    return {state.id: f"{hypothesis.title} {state.title}, for certain" for state in hypothesis.states}


def leave_outs(
    case: Case,
    claims: Sequence[Claim],
    table: EvidenceTable,
    kinds: Sequence[str] = ("claim", "origin", "family", "source", "document"),
) -> list[WhatIf]:
    """What can be left out: every claim, origin, family, source and document that conditions.

    A source that leaves out what the origin of its name does stands there, not twice; sources that leave
    out the same stand together.
    """
    by_id = {claim.id: claim for claim in claims}
    groups: dict[str, dict[str, list[str]]] = {kind: {} for kind in kinds}
    for item, origin, family in zip(table.ids, table.origin, table.family, strict=True):
        labels: dict[str, Sequence[str]] = {"claim": [item], "origin": [origin], "family": [family]}
        labels["source"] = sources_of(by_id[item], case)
        labels["document"] = sorted({a.document for a in by_id[item].appearances})
        for kind in kinds:
            for label in labels[kind]:
                groups[kind].setdefault(label, []).append(item)
    if "source" in groups:
        groups["source"] = _merge_equal_sources(groups["source"], groups.get("origin", {}))
    return [
        WhatIf(kind, label, by_id[label].paraphrase if kind == "claim" else label, tuple(items))
        for kind in kinds
        for label, items in sorted(groups[kind].items())
    ]


def _merge_equal_sources(
    sources: dict[str, list[str]], origins: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Sources by name, those that leave out the same under one; without what origins leave out."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, items in sorted(sources.items()):
        if origins.get(name) != items:
            names.setdefault(tuple(items), []).append(name)
    listed = {items: [", ".join(some[:-1]), some[-1]] for items, some in names.items()}
    return {" and ".join(part for part in parts if part): list(items) for items, parts in listed.items()}
