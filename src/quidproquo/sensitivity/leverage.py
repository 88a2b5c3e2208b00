"""What moves when a claim, an origin, a family, a source or a document is taken away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from quidproquo.claims.table import EvidenceTable
from quidproquo.evidence.weights.record import Ensemble
from quidproquo.evidence.weights.rerun import Answer, Reruns
from quidproquo.evidence.weights.reweight import Change, Reweighter
from quidproquo.sensitivity.evaluator import Choice, Leverage, SensitivityEvaluator, WhatIf, products
from quidproquo.sensitivity.rerun_evaluators import Boards
from quidproquo.terms.errors import EvidenceError, sentence

__all__ = ["leverage", "twins"]

_TWIN_CORRELATION = 0.5
_TWIN_FACTOR = 2.0
_TWIN_SHIFT = 0.1


def twins(reweighter: Reweighter, table: EvidenceTable) -> dict[str, tuple[str, ...]]:
    """Claims that could stand in for one another.

    Two are twins if they speak of the same quantity through the same observable, of dates that
    overlap, and if their log-likelihoods go up and down together over the worlds (weighted
    correlation of at least 0.5): so they pull the same way.
    """
    missing = [item for item in table.ids if item not in reweighter.ensemble.items]
    if missing:
        remedy = "build both from the same table"
        allowed = "an item of the ensemble"
        raise EvidenceError(sentence("evidence table", "claim", missing[0], allowed, remedy))
    rows = reweighter.columns[reweighter.places(table.ids)]
    weights = np.exp(reweighter.base)
    rows = rows - np.einsum("cn,n->c", rows, weights)[:, None]
    covariance = products(rows * weights, rows)
    sd = np.sqrt(np.diag(covariance))
    scale = np.outer(sd, sd)
    correlation = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0.0)
    about = np.array([f"{a}\0{b}" for a, b in zip(table.quantity, table.observable, strict=True)])
    alike = about[:, None] == about[None, :]
    start, end = table.event_start, table.event_end
    overlap = (start[:, None] <= end[None, :]) & (start[None, :] <= end[:, None])
    pairs = alike & overlap & (correlation >= _TWIN_CORRELATION)
    np.fill_diagonal(pairs, val=False)
    return {
        item: tuple(table.ids[other] for other in np.flatnonzero(row))
        for item, row in zip(table.ids, pairs, strict=True)
        if row.any()
    }


def _back_up(
    board: SensitivityEvaluator, found: list[Leverage], sets: Sequence[WhatIf], table: EvidenceTable
) -> list[Leverage]:
    """Mark the claims whose removal is made good by a twin.

    That is so if taking both away moves some estimate by at least 0.1 posterior standard
    deviations and at least twice as far as taking the claim alone moves any.
    """
    candidates = twins(board.reweighter, table)
    pairs: list[tuple[int, str]] = []
    seen: dict[frozenset[str], WhatIf] = {}
    for place, item_set in enumerate(sets):
        if item_set.kind != "claim" or len(item_set.items) != 1:
            continue
        item = item_set.items[0]
        for other in candidates.get(item, ()):
            pairs.append((place, other))
            both = frozenset((item, other))
            seen.setdefault(both, WhatIf("pair", "", "", tuple(sorted(both))))
    moved = dict(zip(seen, board.judge(list(seen.values())), strict=True))
    backing: dict[int, list[tuple[float, str]]] = {}
    for place, other in pairs:
        joint = moved[frozenset((sets[place].items[0], other))].largest
        if joint >= max(_TWIN_SHIFT, _TWIN_FACTOR * found[place].largest):
            backing.setdefault(place, []).append((-joint, other))
    return [
        replace(entry, backed_up_by=tuple(other for _, other in sorted(backing[place])))
        if place in backing
        else entry
        for place, entry in enumerate(found)
    ]


def _again(
    board: SensitivityEvaluator, reruns: Reruns, most: float, sets: Sequence[WhatIf]
) -> list[Leverage]:
    """All sets by weights, and from worlds conditioned anew where weights alone won't do."""
    first, boards, end = board.options[board.first], Boards(board, reruns), reruns.count + most
    judged = []
    for item_set, entry in zip(sets, board.judge(sets), strict=True):
        change = item_set.change or Change(drop=item_set.items)
        found = entry
        if not entry.reliable:
            answer = reruns.nearest(change) if reruns.count < end else reruns.known(change)
            found = entry if answer is None else _read(boards, answer, item_set)
        if found.preferred != first and (entry.reliable or found.rerun):
            # a change of the choice is confirmed by worlds of its own, not by other weights
            answer = reruns.own(change)
            found = entry if answer is None else _read(boards, answer, item_set)
        judged.append(found)
    return judged


def _read(boards: Boards, answer: Answer, item_set: WhatIf) -> Leverage:
    return replace(boards.of(answer.run).judge([item_set])[0], rerun=True)


def leverage(
    reweighter: Reweighter | Ensemble,
    sets: Sequence[WhatIf],
    estimates: Mapping[str, Float[np.ndarray, " world"]],
    choice: Choice,
    table: EvidenceTable | None = None,
    reruns: Reruns | None = None,
    most: float = math.inf,
) -> list[Leverage]:
    """Re-weight by each set and compare every estimate and the choice, in the order of `sets`.

    `estimates` maps a name to its value in each world. With a `table`, claims whose removal a
    twin makes good are marked `backed_up_by`; see `twins`. With `reruns`, worlds are conditioned
    anew where weights say that the choice changes, and where they can't be trusted: there no more than
    `most` times, after which only ensembles that were run before are asked.
    """
    if isinstance(reweighter, Ensemble):
        reweighter = Reweighter(reweighter)
    if choice.values.shape != (reweighter.base.size, len(choice.options)):
        allowed = f"{(reweighter.base.size, len(choice.options))}, worlds by options"
        remedy = "pass the value of each option in each world"
        found_shape = choice.values.shape
        raise EvidenceError(sentence("leverage", "shape of values", found_shape, allowed, remedy))
    board = SensitivityEvaluator(reweighter, estimates, choice)
    found = board.judge(sets) if reruns is None else _again(board, reruns, most, sets)
    return found if table is None else _back_up(board, found, sets, table)
