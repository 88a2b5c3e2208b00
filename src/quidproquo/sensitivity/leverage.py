"""What moves when a claim, an origin, a family, a source or a document is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.weights.reweight import Reweighted, Reweighter
from quidproquo.sensitivity.evaluator import Leverage, SensitivityEvaluator, WhatIf, products
from quidproquo.sensitivity.rerun_evaluator import RerunEvaluator
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["PRIORITY", "leverage", "twins"]

# kinds of what-ifs in the order in which worlds are conditioned anew for them
PRIORITY = (("origin",), ("structure",), ("family", "document"), ("source",), ("claim",))

_TWIN_CORRELATION = 0.5
_TWIN_FACTOR = 2.0
_MOST_TWINS = 3
_TWIN_SHIFT = 0.1


def twins(reweighter: Reweighter, table: EvidenceTable) -> dict[str, tuple[str, ...]]:
    """Claims that could stand in for one another, for each claim that has any, the likest first.

    Two are twins if they speak of the same quantity through the same observable, of dates that
    overlap, and if their log-likelihoods go up and down together over the worlds (weighted
    correlation of at least 0.5): so they pull the same way. A claim has three at most, the likest.
    """
    missing = sorted(set(table.ids) - set(reweighter.ensemble.items))
    if missing:
        remedy = "build both from the same table"
        allowed = "an item of the ensemble"
        raise EvidenceError(sentence("evidence table", "claim", missing[0], allowed, remedy))
    rows = reweighter.columns[reweighter.places(table.ids)]
    weights = np.exp(reweighter.base)
    about: dict[tuple[str, str], list[int]] = {}
    for place, topic in enumerate(zip(table.quantity, table.observable, strict=True)):
        about.setdefault(topic, []).append(place)
    found: dict[int, list[int]] = {}
    for places in about.values():
        if len(places) > 1:
            found |= _alike(rows[places], weights, table, np.array(places))
    return {table.ids[place]: tuple(table.ids[other] for other in found[place]) for place in sorted(found)}


def _alike(
    rows: Float[np.ndarray, "claim world"],
    weights: Float[np.ndarray, " world"],
    table: EvidenceTable,
    places: Int[np.ndarray, " claim"],
) -> dict[int, list[int]]:
    """Twins among the claims at these places of the table, which speak of one thing; `rows` are theirs."""
    rows = rows - np.einsum("cn,n->c", rows, weights)[:, None]
    covariance = products(rows * weights, rows)
    sd = np.sqrt(np.diag(covariance))
    scale = np.outer(sd, sd)
    correlation = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0.0)
    start, end = table.event_start[places], table.event_end[places]
    overlap = (start[:, None] <= end[None, :]) & (start[None, :] <= end[:, None])
    correlation[~overlap] = 0.0
    np.fill_diagonal(correlation, 0.0)
    found = {}
    for place, row in zip(places, correlation, strict=True):
        likest = np.argsort(-row, kind="stable")[:_MOST_TWINS]
        chosen = [int(places[other]) for other in likest if row[other] >= _TWIN_CORRELATION]
        if chosen:
            found[int(place)] = chosen
    return found


def _back_up(
    evaluator: SensitivityEvaluator, found: list[Leverage], what_ifs: Sequence[WhatIf], table: EvidenceTable
) -> list[Leverage]:
    """Mark the claims whose removal is made good by a twin, the likest first.

    That is so if leaving both out moves some estimate by at least 0.1 posterior standard
    deviations and at least twice as far as leaving out the claim alone moves any.
    """
    candidates = twins(evaluator.reweighter, table)
    claims = [
        place for place, what_if in enumerate(what_ifs) if what_if.kind == "claim" and len(what_if.items) == 1
    ]
    pairs = [(place, other) for place in claims for other in candidates.get(what_ifs[place].items[0], ())]
    both = {frozenset((what_ifs[place].items[0], other)) for place, other in pairs}
    ordered = sorted(tuple(sorted(pair)) for pair in both)
    moved = evaluator.evaluate([WhatIf("pair", "", "", pair) for pair in ordered])
    largest = {frozenset(pair): entry.largest for pair, entry in zip(ordered, moved, strict=True)}
    backing: dict[int, list[str]] = {}
    for place, other in pairs:
        joint = largest[frozenset((what_ifs[place].items[0], other))]
        if joint >= max(_TWIN_SHIFT, _TWIN_FACTOR * found[place].largest):
            backing.setdefault(place, []).append(other)
    return [
        replace(entry, backed_up_by=tuple(backing[place])) if place in backing else entry
        for place, entry in enumerate(found)
    ]


def _with_reruns(
    evaluator: SensitivityEvaluator, reruns: RerunEvaluator, what_ifs: Sequence[WhatIf], reserve: int
) -> list[Leverage]:
    """All what-ifs by weights, and from worlds conditioned anew where weights alone won't do.

    Of one kind, those that are known least come first: too few may be run to settle all of them.
    """
    kept = {evaluator.options[place] for place in evaluator.base.tied}
    by_weights = evaluator.evaluate(what_ifs)
    changing = [
        what_if.as_change
        for what_if, entry in zip(what_ifs, by_weights, strict=True)
        if entry.reliable and entry.preferred not in kept
    ]
    reruns.prefetch([changing], reserve)
    for kinds in PRIORITY:
        poor = [pair for pair in zip(what_ifs, by_weights, strict=True) if pair[0].kind in kinds]
        poor = [pair for pair in poor if not _settled(_answered(reruns, *pair))]
        poor.sort(key=lambda pair: -pair[1].margin_mcse)
        reruns.run([what_if.as_change for what_if, _ in poor], reserve)
    judged = []
    for what_if, entry in zip(what_ifs, by_weights, strict=True):
        found = _answered(reruns, what_if, entry)
        if found.preferred not in kept and (entry.reliable or found.rerun):
            # a change of the choice is confirmed by worlds of its own, not by other weights
            answer = reruns.exact(what_if.as_change, reserve)
            found = entry if answer is None else _from_rerun(answer, what_if)
        judged.append(found)
    return judged


def _answered(reruns: RerunEvaluator, what_if: WhatIf, by_weights: Leverage) -> Leverage:
    """By weights, or from worlds that were run for some what-if where these say more."""
    answer = None if _settled(by_weights) else reruns.known(what_if.as_change)
    if answer is None:
        return by_weights
    return min(by_weights, _from_rerun(answer, what_if), key=_doubt)


def _settled(entry: Leverage) -> bool:
    """Whether all is known that is asked: of an origin, a weighting by itself, also whether another ties."""
    return entry.judged and (entry.ties_decided or entry.kind != "origin")


def _doubt(entry: Leverage) -> tuple[bool, bool, float]:
    """What tells the better of two answers about one what-if: trusted, settled, then the smaller error."""
    return not entry.reliable, not _settled(entry), entry.margin_mcse


def _from_rerun(answer: tuple[SensitivityEvaluator, Reweighted], what_if: WhatIf) -> Leverage:
    return replace(answer[0].evaluate([what_if])[0], rerun=True)


def leverage(
    evaluator: SensitivityEvaluator,
    what_ifs: Sequence[WhatIf],
    table: EvidenceTable | None = None,
    reruns: RerunEvaluator | None = None,
    reserve: int = 0,
) -> list[Leverage]:
    """Re-weight by each what-if and compare every estimate and the choice, in their order.

    With a `table`, claims whose removal a twin makes good are marked `backed_up_by`; see `twins`. With
    `reruns`, worlds are conditioned anew where weights say that the choice changes, where they can't be
    trusted, and where their error is too large to say what becomes of the choice, in the order of `PRIORITY` while
    more than `reserve` ensembles may still be run; further what-ifs are asked from ensembles that were run before.
    """
    if reruns is None:
        found = evaluator.evaluate(what_ifs)
    else:
        found = _with_reruns(evaluator, reruns, what_ifs, reserve)
    return found if table is None else _back_up(evaluator, found, what_ifs, table)
