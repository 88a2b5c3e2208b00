"""Boxes, signposts and the adaptive option, with titles and units of the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from quidproquo.cases.record import Case
from quidproquo.decisions.adaptive import AdaptiveFinding
from quidproquo.decisions.discovery.record import Box, Discovery, TreeNode
from quidproquo.decisions.scenarios import BestInside, WatchFinding, column_of
from quidproquo.decisions.signposts import LEAST_SEPARATION, LEVEL, Signpost
from quidproquo.sensitivity.what_ifs import meanings
from quidproquo.study.infer import RunResult
from quidproquo.study.schema.decisions import Mean
from quidproquo.study.schema.scenarios import (
    AdaptiveRecord,
    BoxRecord,
    DiscoveriesRecord,
    DiscoveryRecord,
    LeafRecord,
    RangeRecord,
    RestrictionRecord,
    SignpostRecord,
    SignpostsRecord,
    TrajectoryRecord,
    WatchedRecord,
)

__all__ = ["discoveries", "signposts"]

_DIGITS = 4
_Limits = dict[str, object]


def discoveries(case: Case, run: RunResult) -> DiscoveriesRecord | None:
    """Where the leading option loses and where no option is acceptable; None for a run that hasn't looked."""
    found = run.scenarios
    if found is None:
        return None
    words = _Words(case, _titles(run), found.whole)
    return DiscoveriesRecord(
        option=found.first,
        delta=found.delta,
        columns=found.columns,
        level=found.level,
        loses=None if found.loses is None else words.discovery(found.loses, "loses", found.best),
        acceptance=None if found.acceptance is None else words.discovery(found.acceptance, found.rare),
    )


def _titles(run: RunResult) -> dict[str, str]:
    """What each parameter means, with its mechanism where several mean the same."""
    known = meanings(run.model)
    count = Counter(meaning for _, meaning in known.values())
    return {
        name: meaning if count[meaning] == 1 else f"{meaning} ({part.replace('_', ' ')})"
        for name, (part, meaning) in known.items()
    }


@dataclass(frozen=True)
class _Words:
    """Titles and units of columns: of a case, and of the model's parameters."""

    case: Case
    titles: dict[str, str]
    whole: frozenset[str]

    def discovery(self, found: Discovery, event: str, best: Sequence[BestInside] = ()) -> DiscoveryRecord:
        """A discovery as a record."""
        leaves = [] if found.tree.column is None else list(self.leaves(found.tree, {}))
        boxes = [self.box(box) for box in found.boxes]
        if best:
            boxes = [
                box.model_copy(update={"best": one.option, "lead": Mean.of(one.lead)})
                for box, one in zip(boxes, best, strict=True)
            ]
        return DiscoveryRecord.of(found, event=event, share=Mean.of(found.share), boxes=boxes, leaves=leaves)

    def box(self, box: Box) -> BoxRecord:
        """A box, each restriction with its title."""
        path = box.trajectory
        return BoxRecord.of(
            box,
            restrictions=[
                RestrictionRecord.of(
                    one,
                    **self.named(one.column),
                    answers=self.answers(one.column, one.categories),
                )
                for one in box.restrictions
            ],
            coverage=Mean.of(box.coverage),
            density=Mean.of(box.density),
            trajectory=TrajectoryRecord(
                **{name: _short(getattr(path, name)) for name in ("coverage", "density", "mass", "kappa")},
                restricted=[int(count) for count in path.restricted],
                chosen=path.chosen,
            ),
        )

    def named(self, column: str) -> dict[str, object]:
        """Kind, id, title and unit of a column, and whether it holds whole numbers only."""
        kind, ident = column_of(column)
        if kind == "hypothesis":
            title, unit = self.case.hypotheses[ident].title, ""
        elif kind == "quantity":
            title, unit = self.case.quantities[ident].title, self.case.quantities[ident].unit
        else:
            title, unit = self.titles[ident], self.case.priors[ident].unit
        whole = column in self.whole and kind != "hypothesis"
        return {"kind": kind, "id": ident, "title": title, "unit": unit, "whole": whole}

    def answers(self, column: str, codes: tuple[int, ...] | None) -> list[str]:
        """Ids of the answers with the given places."""
        kind, ident = column_of(column)
        states = self.case.hypotheses[ident].states if kind == "hypothesis" else ()
        return [states[code].id for code in codes or ()]

    def leaves(self, node: TreeNode, limits: dict[str, _Limits]) -> Iterator[LeafRecord]:
        """The leaves below a node, with all that leads to them."""
        if node.column is None:
            ranges = [RangeRecord.model_validate({**self.named(name), **x}) for name, x in limits.items()]
            yield LeafRecord(ranges=ranges, mass=node.mass, density=node.density)
            return
        assert node.low is not None
        assert node.high is not None
        name, before = node.column, limits.get(node.column, {})
        if node.categories is None:
            low: _Limits = {**before, "high": node.threshold}
            assert node.threshold is not None
            high: _Limits = {**before, "low": node.threshold + (1.0 if name in self.whole else 0.0)}
        else:
            hypothesis = self.case.hypotheses[column_of(name)[1]]
            allowed = before.get("answers", [state.id for state in hypothesis.states])
            assert isinstance(allowed, list)
            own = self.answers(name, node.categories)
            low = {"answers": [state for state in allowed if state in own]}
            high = {"answers": [state for state in allowed if state not in own]}
        yield from self.leaves(node.low, {**limits, name: low})
        yield from self.leaves(node.high, {**limits, name: high})


def _short(values: np.ndarray) -> list[float]:
    return [round(float(value), _DIGITS) for value in values]


def signposts(case: Case, run: RunResult) -> SignpostsRecord | None:
    """What would warn that the leading option loses; None where nothing can be watched."""
    if run.scenarios is None or run.scenarios.watch is None:
        return None
    watch = run.scenarios.watch
    return SignpostsRecord(
        option=run.scenarios.first,
        horizon=_day(watch.horizon),
        level=LEVEL,
        least_separation=LEAST_SEPARATION,
        losing=Mean.of(watch.found.losing),
        watched=_watched(case, watch),
        signposts=[_signpost(case, one) for one in watch.found.signposts],
        why_none=watch.found.why_none,
        adaptive=None if watch.adaptive is None else _adaptive(watch.adaptive, watch.found.signposts[0]),
    )


def _day(ordinal: float) -> str:
    return date.fromordinal(round(ordinal)).isoformat()


def _watched(case: Case, watch: WatchFinding) -> list[WatchedRecord]:
    """Each quantity on its best date, those that separate best first."""
    table, errors = watch.found.separations, watch.found.separation_errors
    rows = []
    for place, name in enumerate(watch.quantities):
        best = int(np.argmax(table[place]))
        separation = Mean(mean=float(table[place, best]), mcse=float(errors[place, best]))
        title = case.quantities[name].title
        rows.append(
            WatchedRecord(id=name, title=title, date=_day(float(watch.days[best])), separation=separation)
        )
    return sorted(rows, key=lambda row: (-row.separation.mean, row.id))


def _signpost(case: Case, one: Signpost) -> SignpostRecord:
    quantity = case.quantities[one.observable]
    return SignpostRecord.of(
        one,
        id=quantity.id,
        title=quantity.title,
        unit=quantity.unit,
        date=_day(one.day),
        detection=Mean.of(one.detection),
        false_alarms=Mean.of(one.false_alarms),
        separation=Mean.of(one.separation),
        lead_days=one.lead,
    )


def _adaptive(found: AdaptiveFinding, sign: Signpost) -> AdaptiveRecord:
    return AdaptiveRecord.of(
        found,
        first=found.switch.first,
        then=found.switch.then,
        quantity=sign.observable,
        threshold=sign.threshold,
        side=sign.side,
        date=_day(sign.day),
        delay=found.switch.delay,
        value=Mean.of(found.value),
        switches=Mean.of(found.switches),
        leads={name: Mean.of(lead) for name, lead in found.leads.items()},
        metrics={name: Mean.of(move) for name, move in found.metrics.items()},
    )
